//! What one process may use of the machine.

use std::time::Duration;

use protocol::Clock;

/// What one process may use of the machine, whatever the clock of its world says.
#[derive(Clone, Debug)]
pub struct Allowance {
    /// Wall time from its start to its end.
    pub wall: Duration,
    /// CPU time, in whole seconds; none for no limit. Kept on Linux only.
    pub cpu: Option<Duration>,
    /// Bytes kept of the first that it prints, and as many of the last.
    pub log_bytes: usize,
    /// Whether what it prints is also copied to our standard error as it comes.
    pub live_log: bool,
}

impl Allowance {
    /// Wall time for a run on the simulated clock, which needs milliseconds.
    const SIM_WALL: Duration = Duration::from_mins(1);
    /// What a run on the real clock gets beyond the limit of its test, to start and to end.
    const REAL_MARGIN: Duration = Duration::from_secs(10);

    /// A generous allowance for a test with a limit of `time_limit_s` seconds on `clock`.
    pub fn for_test(clock: Clock, time_limit_s: f64) -> Self {
        let wall = match clock {
            Clock::Sim => Self::SIM_WALL,
            Clock::Real => Duration::try_from_secs_f64(time_limit_s)
                .unwrap_or(Duration::MAX)
                .saturating_add(Self::REAL_MARGIN),
        };
        Self { wall, cpu: None, log_bytes: 1 << 20, live_log: false }
    }
}
