//! The commands. Each file reads as its data flow.

mod audit;
mod bench;
mod class;
mod compare;
mod explore;
mod history;
mod link;
mod list;
mod new;
mod replay;
mod report;
mod run;

use confine::{Protection, Sandbox, children};

use crate::build::Harness;
use crate::cli::{Cli, Command};
use crate::exit::Outcome;
use crate::plan::Base;
use crate::plan::submission::Source;
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
        Command::Class(args) => class::class(args, &base),
        Command::List(args) => list::list(args, &base),
        Command::Explore(args) => explore::explore(args, &base),
        Command::Replay(args) => replay::replay(args, &base),
        Command::Compare(args) => compare::compare(args, &base),
        Command::History(args) => history::history(args, &base),
        Command::Show(args) => history::show(args, &base),
        Command::Report(args) => report::report(args, &base),
        Command::Bench(args) => bench::bench(args, &base),
        Command::Audit(args) => audit::audit(args, &base),
        Command::New(args) => new::new(args, &base),
        Command::Link(args) => link::link(&args, &base),
    }
}

/// This command, as reports name it.
pub(crate) fn tool() -> reports::Tool {
    reports::Tool {
        name: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// How far runs are confined, as reports say it.
pub(crate) fn sandbox(of: &Sandbox) -> reports::Sandbox {
    let of_process = of.protections().into_iter();
    let of_process = of_process.map(|Protection { kind, standing }| (kind.to_string(), standing));
    let orphans = if children::adopts_orphans() {
        Ok("the end of its process group, and adopted orphans".to_owned())
    } else {
        Err("orphans cannot be adopted".to_owned())
    };
    let watched = if cfg!(target_os = "linux") {
        Ok("a look now and then".to_owned())
    } else {
        Err("this system does not tell".to_owned())
    };
    let of_run =
        [("nothing left running".to_owned(), orphans), ("memory and disk".to_owned(), watched)];
    let protections = of_process
        .chain(of_run)
        .map(|(name, standing)| reports::sandbox::Protection::new(name, standing));
    reports::Sandbox { mode: of.mode().to_string(), protections: protections.collect() }
}

/// What was graded, as reports name it.
pub(crate) fn submission(source: &Source, harness: &Harness, base: &Base) -> reports::Submission {
    let reference = base.toolkit().ok().and_then(|toolkit| toolkit.reference());
    let reference = reference.is_some_and(|reference| reference == source.path());
    reports::Submission {
        name: harness.catalogue.submission.clone(),
        path: (!reference).then(|| source.path().to_string_lossy().into_owned()),
    }
}
