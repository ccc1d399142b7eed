//! Faults, and their repairs.

use super::Timeline;
use super::mix::{Fault, Mix};
use crate::event::{Action, Back, Whom};

/// No fault comes earlier, in milliseconds.
const FIRST_MS: u32 = 100;
/// No repair comes sooner after its fault, in milliseconds.
const LEAST_REPAIR_MS: u32 = 10;

/// Adds the faults of `mix`. The more kinds there are, the rarer is each.
pub(super) fn add(timeline: &mut Timeline, mix: &Mix) {
    let gap_ms = mix.gap_ms * mix.faults.len() as u32;
    for fault in &mix.faults {
        for at in timeline.times(FIRST_MS, gap_ms) {
            let repair = at + timeline.draw.log(LEAST_REPAIR_MS, mix.repair_ms);
            add_one(timeline, *fault, at, repair);
        }
    }
}

fn add_one(timeline: &mut Timeline, fault: Fault, at: u32, repair: u32) {
    let server = timeline.server();
    let whom = Whom::Server(server);
    match fault {
        Fault::Crash => {
            timeline.at(at, Action::Crash(whom));
            timeline.at(repair, Action::Start(Back::Server(server)));
        }
        Fault::CrashLeader => {
            timeline.at(at, Action::Crash(Whom::Leader));
            timeline.at(repair, Action::Start(Back::Longest));
        }
        Fault::Restart => timeline.at(at, Action::Restart(whom)),
        Fault::PowerCut => {
            let whom = if timeline.draw.percent(50) { Whom::All } else { Whom::Others };
            timeline.at(at, Action::Restart(whom));
        }
        Fault::Disconnect => {
            timeline.at(at, Action::Disconnect(whom));
            timeline.at(repair, Action::Connect(Back::Server(server)));
        }
        Fault::DisconnectLeader => {
            timeline.at(at, Action::Disconnect(Whom::Leader));
            timeline.at(repair, Action::Connect(Back::Longest));
        }
        Fault::Partition => {
            let groups = groups(timeline);
            timeline.at(at, Action::Partition(groups));
            timeline.at(repair, Action::Heal);
        }
        Fault::LeaderInMinority => {
            let with = timeline.draw.within(0..timeline.servers.div_ceil(2));
            let others = (0..with).map(|_| Whom::Server(timeline.server()));
            let group = std::iter::once(Whom::Leader).chain(others).collect();
            timeline.at(at, Action::Partition(vec![group]));
            timeline.at(repair, Action::Heal);
        }
        Fault::Cut => {
            let to = timeline.server();
            let (one, other) = if timeline.draw.percent(50) {
                (Whom::Leader, Whom::Server(to))
            } else {
                (whom, Whom::Server(to))
            };
            let (from, to) = if timeline.draw.percent(50) { (one, other) } else { (other, one) };
            timeline.at(at, Action::Cut { from, to });
            timeline.at(repair, Action::Heal);
        }
    }
}

/// One or two groups, and the rest.
fn groups(timeline: &mut Timeline) -> Vec<Vec<Whom>> {
    let parts = timeline.draw.within(2..=3);
    let mut groups = vec![Vec::new(); parts];
    for server in 0..timeline.servers {
        let part = timeline.draw.within(0..parts);
        groups[part].push(Whom::Server(server));
    }
    // Those in no group are a group themselves, so the last one need not be named.
    groups.pop();
    groups.retain(|group| !group.is_empty());
    if groups.is_empty() {
        groups.push(vec![Whom::Server(timeline.server())]);
    }
    groups
}
