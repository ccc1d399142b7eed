//! What a process prints, as it comes.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;

use labrt::thread;
use labrt::time::{Duration, Instant};

use crate::bookkeeping::Lock;

/// How many lines are kept, and how much of each.
const MOST_LINES: usize = 20;
const MOST_LINE_BYTES: u64 = 1000;

/// How long to wait for the rest of what an ended process has printed. A process that it left behind may
/// hold the pipe.
const REST: Duration = Duration::from_secs(2);
const TICK: Duration = Duration::from_millis(1);

/// The last lines that a process has printed. All of them go to our standard error, each behind the
/// process's name.
#[derive(Clone)]
pub(super) struct Printed(Arc<Lock<Lines>>);

#[derive(Default)]
struct Lines {
    last: VecDeque<String>,
    over: bool,
}

impl Printed {
    /// Reads `pipe` from now on.
    pub(super) fn new(name: &str, pipe: impl Read + Send + 'static) -> Self {
        let lines = Arc::new(Lock::new(Lines::default()));
        let (name, kept) = (name.to_owned(), Arc::clone(&lines));
        thread::spawn(move || {
            let mut pipe = BufReader::new(pipe);
            while let Some(line) = next(&mut pipe) {
                eprintln!("{name}: {line}");
                let last = &mut kept.lock().last;
                last.push_back(line);
                if last.len() > MOST_LINES {
                    last.pop_front();
                }
            }
            kept.lock().over = true;
        });
        Self(lines)
    }

    /// Waits for the rest, after the process has ended, for a short while.
    pub(super) fn wait_for_rest(&self) {
        let start = Instant::now();
        while !self.0.lock().over && start.elapsed() < REST {
            thread::sleep(TICK);
        }
    }

    /// The last line that is not empty; `nothing` when there is none.
    pub(super) fn last_line(&self) -> String {
        let lines = self.0.lock();
        let line = lines.last.iter().rev().find(|line| !line.trim().is_empty());
        line.map_or_else(|| "nothing".into(), Clone::clone)
    }
}

/// The next line, or what fits of it.
fn next(pipe: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    match pipe.take(MOST_LINE_BYTES).read_until(b'\n', &mut line) {
        Ok(1..) => Some(String::from_utf8_lossy(line.trim_ascii_end()).into_owned()),
        Ok(0) | Err(_) => None,
    }
}
