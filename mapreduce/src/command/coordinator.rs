//! `mapreduce coordinator`.

use mapreduce::Coordinator;

use super::cli::CoordinatorArgs;
use super::exit::Outcome;
use super::lead;
use super::signals::Interrupt;

pub(crate) fn coordinator(args: CoordinatorArgs) -> Outcome {
    let interrupt = Interrupt::listen()?;
    let (job, options) = args.job.job(&args.place);
    let coordinator = Coordinator::with(job, options)?;
    lead::to_the_end(&coordinator, &interrupt, |_| Ok(()))
}
