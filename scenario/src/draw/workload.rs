//! The commands, and what belongs to them.

use super::Timeline;
use super::mix::Workload;
use crate::event::{Action, Back, Whom};

/// About when there is a first leader, in milliseconds. What comes before finds nobody.
const FIRST_LEADER_MS: u32 = 400;

pub(super) fn add(timeline: &mut Timeline, workload: Workload) {
    match workload {
        Workload::Steady => steady(timeline),
        Workload::Bursts => bursts(timeline),
        Workload::Figure8 => figure8(timeline),
        Workload::Churn => churn(timeline),
        Workload::Idle => idle(timeline),
    }
}

fn submit(to: Whom, count: u32) -> Action {
    Action::Submit { to, count }
}

fn steady(timeline: &mut Timeline) {
    let gap_ms = timeline.draw.log(60, 400);
    for at in timeline.times(FIRST_LEADER_MS, gap_ms) {
        let to = if timeline.draw.percent(15) { Whom::All } else { Whom::Leader };
        timeline.at(at, submit(to, 1));
    }
}

fn bursts(timeline: &mut Timeline) {
    let most = timeline.draw.log(4, 40);
    for at in timeline.times(FIRST_LEADER_MS, 500) {
        let count = timeline.draw.within(2..=most);
        timeline.at(at, submit(Whom::Leader, count));
    }
}

fn idle(timeline: &mut Timeline) {
    for at in timeline.times(FIRST_LEADER_MS, 2500) {
        timeline.at(at, submit(Whom::Leader, 1));
    }
}

/// Every server is asked, and soon after the leader fails, mostly before the command is committed.
/// Whenever too few are left, the one that has been away the longest comes back, perhaps with
/// entries that were never committed.
fn figure8(timeline: &mut Timeline) {
    let gap_ms = timeline.draw.log(100, 450);
    let by_crash = timeline.draw.percent(60);
    let fails = timeline.draw.within(50..=100);
    let longest_ms = timeline.draw.one_of(&[5, 15, 60]);
    let mut away = 0;
    for at in timeline.times(FIRST_LEADER_MS, gap_ms) {
        timeline.at(at, submit(Whom::All, 1));
        let long = timeline.draw.percent(10);
        let fault = at + timeline.draw.within(0..=if long { 500 } else { longest_ms });
        if timeline.draw.percent(fails) {
            let action = if by_crash { Action::Crash } else { Action::Disconnect };
            timeline.at(fault, action(Whom::Leader));
            away += 1;
        }
        if timeline.servers - away <= timeline.servers / 2 {
            let back = if by_crash { Action::Start } else { Action::Connect };
            timeline.at(fault + 1, back(Back::Longest));
            away -= 1;
        }
    }
}

/// Commands for every server, while servers come and go.
fn churn(timeline: &mut Timeline) {
    let gap_ms = timeline.draw.log(80, 300);
    for at in timeline.times(FIRST_LEADER_MS, gap_ms) {
        let server = timeline.server();
        let action = match timeline.draw.within(0..10) {
            0..5 => submit(Whom::All, 1),
            5 => Action::Crash(Whom::Server(server)),
            6 => Action::Disconnect(Whom::Server(server)),
            7 => Action::Restart(Whom::Server(server)),
            8 => Action::Start(Back::Longest),
            _ => Action::Connect(Back::Longest),
        };
        timeline.at(at, action);
    }
}
