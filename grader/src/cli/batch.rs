//! The flags of commands that make many runs: how many at a time, and from which seed.

use clap::Args;

use super::values::{Count, Seed};

/// How many runs at a time, and from which seed.
#[derive(Debug, Default, Args)]
pub(crate) struct BatchArgs {
    /// How many runs at a time [default: the number of cores; on the real clock four times that, and
    /// eight times that for mapreduce]
    #[arg(long, short, env = "GRADER_JOBS", value_name = "N", hide_env_values = true)]
    #[arg(allow_hyphen_values = true)]
    pub(crate) jobs: Option<Count>,
    /// Base seed, decimal or 0x and hexadecimal; the seed of each run follows from it [default: a
    /// fresh one, printed before the runs start]
    #[arg(long, env = "GRADER_SEED", value_name = "SEED", hide_env_values = true)]
    #[arg(allow_hyphen_values = true)]
    pub(crate) seed: Option<Seed>,
}
