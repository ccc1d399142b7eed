//! Workload: nothing to do.

use labrt::thread;
use labrt::time::Duration;
use labrt::world::{self, Clock};

use super::{Cluster, Outcome};

/// For so long nobody wants anything.
const IDLE: Duration = Duration::from_secs(10);
/// The most of that time which all threads together may spend on anything but waiting, in percent. The reference takes
/// 0.03; whose threads look for work every millisecond takes less than 4; one that looks without a pause is held
/// up by the policy, which is random with delays, and still takes more than 7.
const BUSY: u32 = 5;

/// The steps of [`idle_servers_wait`].
pub const IDLE_STEPS: &[&str] = &[
    "1. Agree on a command on three servers",
    "2. Leave them alone for 10 s",
    "3. Expect their threads to have waited for 95 % of that time",
    "4. Agree on another",
];

/// Three servers with nothing to do: threads that wait sleep. The simulated clock counts what threads do; the real
/// one does not, and the test says so.
pub fn idle_servers_wait(cluster: &Cluster) -> Outcome {
    cluster.step("1. Agree on a command on three servers");
    cluster.agree(1, 3)?;

    cluster.step("2. Leave them alone for 10 s");
    let before = world::stepping();
    thread::sleep(IDLE);
    let busy = world::stepping().saturating_sub(before);

    cluster.step("3. Expect their threads to have waited for 95 % of that time");
    if world::clock() == Clock::Real {
        cluster.ctx().warn("on the real clock nobody can tell whether the threads have waited");
    } else if busy > IDLE * BUSY / 100 {
        return Err(cluster.ctx().failure(format!(
            "expected the servers' threads to wait while there is nothing to do; they were busy for {:.1} % of \
             the time, as when one of them looks again and again instead of sleeping",
            100.0 * busy.as_secs_f64() / IDLE.as_secs_f64()
        )));
    }

    cluster.step("4. Agree on another");
    cluster.agree(2, 3)?;
    Ok(())
}
