//! `mapreduce run`: this process is the coordinator.

use std::num::NonZero;
use std::thread;

use mapreduce::Coordinator;

use super::cli::RunArgs;
use super::crew::Crew;
use super::exit::Outcome;
use super::lead;
use super::signals::Interrupt;

pub(crate) fn run(args: RunArgs) -> Outcome {
    let interrupt = Interrupt::listen()?;
    let workplace = args.place.workplace();
    let (job, options) = args.job.job(&args.place);
    let coordinator = Coordinator::with(job, options)?;
    let workers = args.workers.unwrap_or_else(cores);
    let mut crew = Crew::start(workers, args.app, &workplace)?;
    lead::to_the_end(&coordinator, &interrupt, |progress| crew.tend(progress))
}

/// As many workers as there are cores.
fn cores() -> u16 {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    u16::try_from(cores).unwrap_or(u16::MAX)
}
