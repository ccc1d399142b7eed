//! What one run may use of the machine.

use std::time::Duration;

use protocol::Clock;

use crate::shares::cores;

/// What one run may use of the machine, whatever the clock of its world says.
#[derive(Clone, Debug)]
pub struct Allowance {
    /// Wall time from the start of its process to the end.
    pub wall: Duration,
    /// CPU time of each of its processes, in whole seconds; none for no limit. Kept on Linux only.
    pub cpu: Option<Duration>,
    /// Bytes of memory that its processes hold, in sum; none for no limit. Kept on Linux only.
    pub memory_bytes: Option<u64>,
    /// Bytes on the disk in its folder for temporary files; none for no limit.
    pub disk_bytes: Option<u64>,
    /// Whether it may start further processes and talk to them over local sockets, where it is confined.
    pub processes: bool,
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
    /// Many times what the reference needs in any test, and what a student's laptop can spare.
    const MEMORY_BYTES: u64 = 2 << 30;
    /// The same for the disk.
    const DISK_BYTES: u64 = 1 << 30;

    /// A generous allowance for a test with a limit of `time_limit_s` seconds on `clock`, all of it in one
    /// process.
    pub fn for_test(clock: Clock, time_limit_s: f64) -> Self {
        let wall = match clock {
            Clock::Sim => Self::SIM_WALL,
            Clock::Real => Duration::try_from_secs_f64(time_limit_s)
                .unwrap_or(Duration::MAX)
                .saturating_add(Self::REAL_MARGIN),
        };
        Self {
            wall,
            // More than it can use in that time: the wall decides, and this holds if we are gone.
            cpu: Some(wall.saturating_mul(cores() as u32)),
            memory_bytes: Some(Self::MEMORY_BYTES),
            disk_bytes: Some(Self::DISK_BYTES),
            processes: false,
            log_bytes: 1 << 20,
            live_log: false,
        }
    }
}
