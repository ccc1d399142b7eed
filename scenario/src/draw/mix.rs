//! Which faults there are, how often they come, and what the network does.

use super::Draw;
use crate::network::Network;

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A server crashes and comes back later.
    Crash,
    /// The leader crashes; later the server comes back that has been away the longest.
    CrashLeader,
    /// A server restarts at once.
    Restart,
    /// Several servers restart at once: all, or all but the leader.
    PowerCut,
    /// A server is disconnected for a while.
    Disconnect,
    /// The leader is disconnected for a while.
    DisconnectLeader,
    /// The cluster falls into groups for a while.
    Partition,
    /// The leader is left with too few others for a while.
    LeaderInMinority,
    /// One direction of a link is cut for a while.
    Cut,
}

const FAULTS: [Fault; 9] = [
    Fault::Crash,
    Fault::CrashLeader,
    Fault::Restart,
    Fault::PowerCut,
    Fault::Disconnect,
    Fault::DisconnectLeader,
    Fault::Partition,
    Fault::LeaderInMinority,
    Fault::Cut,
];

/// Who gives commands to the cluster, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Workload {
    /// One after the other.
    Steady,
    /// Many at once, then nothing for a while.
    Bursts,
    /// The leader fails right after it accepted, as in the paper's Figure 8.
    Figure8,
    /// Commands for every server, while servers come and go.
    Churn,
    /// Hardly any.
    Idle,
}

/// By their shares: the situation of Figure 8 is rare by chance.
const WORKLOADS: [Workload; 8] = [
    Workload::Steady,
    Workload::Steady,
    Workload::Bursts,
    Workload::Figure8,
    Workload::Figure8,
    Workload::Churn,
    Workload::Churn,
    Workload::Idle,
];

/// What a scenario is made of.
#[derive(Clone, Debug)]
pub(super) struct Mix {
    pub(super) workload: Workload,
    /// The kinds of faults that occur.
    pub(super) faults: Vec<Fault>,
    /// Mean time between two faults of any kind, in milliseconds.
    pub(super) gap_ms: u32,
    /// Longest time until a fault is repaired, in milliseconds.
    pub(super) repair_ms: u32,
}

/// How likely each kind of fault is to occur at all.
const FAULT_PERCENT: u32 = 30;

impl Mix {
    pub(super) fn draw(draw: &mut Draw, servers: usize) -> Self {
        let workload = draw.one_of(&WORKLOADS);
        let faults = FAULTS.into_iter().filter(|_| draw.percent(FAULT_PERCENT)).collect();
        let gap_ms = draw.log(120, 1000);
        // With longer repairs than this, hardly any server would be up.
        let longest_ms = gap_ms * servers as u32;
        let repair_ms = draw.one_of(&[100, 500, 2000]).min(longest_ms);
        Self { workload, faults, gap_ms, repair_ms }
    }
}

/// Latencies: from none to what nearly lets elections time out.
const LATENCIES_MS: [u32; 6] = [0, 1, 3, 10, 25, 50];

pub(super) fn network(draw: &mut Draw) -> Network {
    let mut some = |percent, least, most| {
        if draw.percent(percent) { draw.log(least, most) } else { 0 }
    };
    Network {
        delay_ms: some(40, 5, 60),
        loss: some(35, 1, 30),
        reply_loss: some(30, 1, 30),
        late: some(20, 5, 66),
        hangs: some(30, 1, 1) > 0,
        latency_ms: draw.one_of(&LATENCIES_MS),
    }
}
