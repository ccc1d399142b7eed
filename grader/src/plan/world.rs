//! The world in which tests run.

use protocol::{Clock, Limits, Policy};

use crate::cli::WorldArgs;
use crate::plan::limits::LimitRules;
use crate::settings::Settings;

/// The world in which tests run.
#[derive(Clone, Debug)]
pub(crate) struct World {
    /// Simulated or wall time.
    pub(crate) clock: Clock,
    /// Who runs next under the simulated clock.
    pub(crate) policy: Policy,
    /// Verbosity of the logs.
    pub(crate) vlevel: u8,
    /// What a run may use.
    pub(crate) limits: LimitRules,
}

impl World {
    /// Resolves the flags: flag or environment, else settings file, else default.
    pub(crate) fn new(args: &WorldArgs, settings: &Settings) -> Self {
        let flags = Limits {
            time_s: args.time_limit.map(|seconds| seconds.0),
            rpcs: args.rpc_limit,
            bytes: args.byte_limit,
        };
        Self {
            clock: args.clock.or(settings.clock).unwrap_or(Clock::Sim),
            policy: args.policy.or(settings.policy).unwrap_or_default(),
            vlevel: args.vlevel.or(settings.vlevel).unwrap_or(0),
            limits: LimitRules::new(flags, settings),
        }
    }
}
