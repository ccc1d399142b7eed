//! A helper process (cargo, a harness that lists or measures), read line by line.

use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use confine::children::{self, Registered};
use crossbeam_channel::{Sender, after, bounded, never, select};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::signals::Interrupt;

/// A line that the process printed, without the end of the line.
pub(crate) enum Line {
    /// On standard output.
    Out(String),
    /// On standard error.
    Err(String),
}

/// How the process ended.
pub(crate) enum End {
    /// By itself.
    Exited(ExitStatus),
    /// A signal to us ended it.
    Interrupted,
    /// It took too long.
    TimedOut,
}

/// A longer line is cut into several: whoever prints it may never end it.
const MAX_LINE_BYTES: u64 = 16 << 20;

/// Runs `command`, with its standard input empty, hands each line that it prints to `on_line`, and
/// kills its whole process group when we are interrupted or it takes longer than `limit`.
pub(crate) fn run(
    command: &mut Command,
    interrupt: &Interrupt,
    limit: Option<Duration>,
    on_line: impl FnMut(Line),
) -> io::Result<End> {
    run_with(command, Stdio::null(), interrupt, limit, on_line)
}

/// The same with a standard input.
pub(crate) fn run_with(
    command: &mut Command,
    stdin: Stdio,
    interrupt: &Interrupt,
    limit: Option<Duration>,
    mut on_line: impl FnMut(Line),
) -> io::Result<End> {
    let command =
        command.process_group(0).stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = children::spawn(command)?;
    let (sender, lines) = bounded(64);
    read_lines(child.stdout.take(), Line::Out, sender.clone());
    read_lines(child.stderr.take(), Line::Err, sender);
    let late = limit.map_or_else(never, after);
    loop {
        select! {
            recv(lines) -> line => match line {
                Ok(line) => on_line(line),
                // Both pipes are closed, so the end is near.
                Err(_) => return child.wait().map(End::Exited),
            },
            recv(interrupt.rung()) -> _ => return kill(child).map(|()| End::Interrupted),
            recv(late) -> _ => return kill(child).map(|()| End::TimedOut),
        }
    }
}

/// Reads `pipe` on a thread of its own until it ends.
fn read_lines(
    pipe: Option<impl Read + Send + 'static>,
    line: fn(String) -> Line,
    to: Sender<Line>,
) {
    let Some(pipe) = pipe else { return };
    std::thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while matches!(pipe.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut bytes), Ok(1..)) {
            let text = String::from_utf8_lossy(&bytes);
            let text = text.strip_suffix('\n').unwrap_or(&text).to_owned();
            if to.send(line(text)).is_err() {
                break;
            }
            bytes.clear();
        }
    });
}

/// Kills the child's process group.
fn kill(mut child: Registered) -> io::Result<()> {
    let _ = kill_process_group(Pid::from_child(&child), Signal::KILL);
    child.wait().map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_an_end_is_cut() {
        let mut lengths = Vec::new();
        let mut flood = Command::new("head");
        flood.args(["-c", "40000000", "/dev/zero"]);
        let interrupt = Interrupt::listen().expect("signals");
        let end = run(&mut flood, &interrupt, None, |line| match line {
            Line::Out(line) => lengths.push(line.len() as u64),
            Line::Err(line) => panic!("{line}"),
        });
        assert!(matches!(end, Ok(End::Exited(status)) if status.success()));
        assert_eq!(lengths, [MAX_LINE_BYTES, MAX_LINE_BYTES, 40_000_000 - 2 * MAX_LINE_BYTES]);
    }
}
