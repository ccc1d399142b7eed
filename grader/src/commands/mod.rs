//! The commands. Each file reads as its data flow.

mod bench;
mod list;
mod replay;
mod run;

use crate::cli::{Cli, Command};
use crate::exit::Outcome;
use crate::plan::Base;
use crate::terminal;

/// Does what was typed; the exit code.
pub(crate) fn carry_out(cli: Cli) -> Outcome {
    terminal::set_colors(cli.global.color.unwrap_or_default());
    let base = Base::new(&cli.global)?;
    if let (None, Some(color)) = (cli.global.color, base.settings.color) {
        terminal::set_colors(color);
    }
    match cli.command {
        Command::Run(args) => run::run(args, &base),
        Command::List(args) => list::list(args, &base),
        Command::Replay(args) => replay::replay(args, &base),
        Command::Bench(args) => bench::bench(args, &base),
    }
}
