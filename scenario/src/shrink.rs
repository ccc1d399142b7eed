//! Smaller scenarios that may fail in the same way.
//!
//! Which of them do is for the caller to find out: it runs them, takes the first that fails in the same
//! way, and asks again. The bold come first: fewer servers, half of all events at once (delta debugging,
//! Zeller and Hildebrandt 2002); then single events, the network's conditions, simpler events and
//! shorter pauses. Each candidate is smaller by [`size`], so asking again comes to an end.

use crate::event::{Action, Event, Millis, Whom};
use crate::{Network, Scenario};

/// A measure that every candidate lowers: events, servers, commands, conditions of the network, named
/// members of groups, time in milliseconds; the first that differs decides.
pub fn size(scenario: &Scenario) -> (usize, usize, u64, usize, usize, u32, u64) {
    let members = |event: &Event| match &event.action {
        Action::Partition(groups) => groups.iter().map(Vec::len).sum(),
        Action::Submit { to: Whom::All | Whom::Others, .. }
        | Action::Crash(Whom::All | Whom::Others)
        | Action::Restart(Whom::All | Whom::Others)
        | Action::Disconnect(Whom::All | Whom::Others) => 1,
        _ => 0,
    };
    (
        scenario.events.len(),
        scenario.servers,
        scenario.commands(),
        scenario.network.conditions(),
        scenario.events.iter().map(members).sum(),
        scenario.until.0,
        scenario.events.iter().map(|event| u64::from(event.at.0)).sum(),
    )
}

/// The scenario up to a failure that was seen at `seen`: what comes later has nothing to do with it,
/// and the same seed fails at the same moment. None when nothing comes later.
pub fn up_to(scenario: &Scenario, seen: Millis) -> Option<Scenario> {
    let until = Millis(seen.0.saturating_add(1));
    if until >= scenario.until {
        return None;
    }
    let events = scenario.events.iter().filter(|event| event.at <= until).cloned().collect();
    Some(Scenario { until, events, ..scenario.clone() })
}

/// Candidates, the bold first. Each is smaller than `scenario` and can be read back from its text. At most
/// `boldness` events go at once, at least one.
pub fn candidates(scenario: &Scenario, boldness: usize) -> impl Iterator<Item = Scenario> + '_ {
    with_fewer_servers(scenario)
        .chain(without_events(scenario, boldness))
        .chain(with_better_network(scenario))
        .chain(with_simpler_events(scenario))
        .chain(sooner(scenario))
}

/// Without a part of the events: halves, quarters, … single ones.
fn without_events(scenario: &Scenario, boldness: usize) -> impl Iterator<Item = Scenario> + '_ {
    let count = scenario.events.len();
    let sizes = std::iter::successors(Some(count.min(boldness.max(1))), |size| Some(size / 2));
    sizes.take_while(|size| *size > 0).flat_map(move |size| {
        // The last events first: they are the least likely to have led there.
        (0..count.div_ceil(size)).rev().map(move |part| {
            let gone = part * size..((part + 1) * size).min(count);
            let kept =
                |(place, event): (usize, &Event)| (!gone.contains(&place)).then(|| event.clone());
            let events = scenario.events.iter().enumerate().filter_map(kept).collect();
            Scenario { events, ..scenario.clone() }
        })
    })
}

/// With fewer servers, without the events of those that are gone.
fn with_fewer_servers(scenario: &Scenario) -> impl Iterator<Item = Scenario> + '_ {
    (1..scenario.servers).filter(|servers| servers % 2 == 1 && *servers > 1).map(move |servers| {
        let events = scenario.events.iter().filter_map(|event| {
            let action = among(&event.action, servers)?;
            Some(Event { action, ..event.clone() })
        });
        Scenario { servers, events: events.collect(), ..scenario.clone() }
    })
}

/// The action as far as it is about servers below `servers`.
fn among(action: &Action, servers: usize) -> Option<Action> {
    if let Action::Partition(groups) = action {
        let there = |whom: &Whom| !matches!(whom, Whom::Server(server) if *server >= servers);
        let groups: Vec<Vec<Whom>> = groups
            .iter()
            .map(|group| group.iter().copied().filter(there).collect())
            .filter(|group: &Vec<Whom>| !group.is_empty())
            .collect();
        return (!groups.is_empty()).then_some(Action::Partition(groups));
    }
    action.servers().iter().all(|server| *server < servers).then(|| action.clone())
}

/// With a network that does less.
fn with_better_network(scenario: &Scenario) -> impl Iterator<Item = Scenario> + '_ {
    let network = scenario.network;
    let candidates = [
        Network::default(),
        Network { latency_ms: network.latency_ms, ..Network::default() },
        Network { latency_ms: 0, ..network },
        Network { delay_ms: 0, ..network },
        Network { loss: 0, ..network },
        Network { reply_loss: 0, ..network },
        Network { late: 0, ..network },
        Network { hangs: false, ..network },
    ];
    candidates
        .into_iter()
        .filter(move |better| better.conditions() < network.conditions())
        .map(move |network| Scenario { network, ..scenario.clone() })
}

/// With one event made simpler.
fn with_simpler_events(scenario: &Scenario) -> impl Iterator<Item = Scenario> + '_ {
    scenario.events.iter().enumerate().flat_map(move |(place, event)| {
        simpler(&event.action).into_iter().map(move |action| {
            let mut simpler = scenario.clone();
            simpler.events[place].action = action;
            simpler
        })
    })
}

fn simpler(action: &Action) -> Vec<Action> {
    let wide = |whom: &Whom| matches!(whom, Whom::All | Whom::Others);
    match action {
        Action::Submit { to, count } => {
            let fewer = [1, count / 2].into_iter().filter(|fewer| fewer < count && *fewer > 0);
            let mut simpler: Vec<Action> =
                fewer.map(|count| Action::Submit { to: *to, count }).collect();
            simpler.dedup();
            if wide(to) {
                simpler.push(Action::Submit { to: Whom::Leader, count: *count });
            }
            simpler
        }
        Action::Crash(whom) if wide(whom) => vec![Action::Crash(Whom::Leader)],
        Action::Restart(whom) if wide(whom) => vec![Action::Restart(Whom::Leader)],
        Action::Disconnect(whom) if wide(whom) => vec![Action::Disconnect(Whom::Leader)],
        Action::Partition(groups) => smaller_groups(groups),
        _ => Vec::new(),
    }
}

/// Without one of the groups, or without one member.
fn smaller_groups(groups: &[Vec<Whom>]) -> Vec<Action> {
    let mut simpler = Vec::new();
    for (place, group) in groups.iter().enumerate() {
        let mut without = groups.to_vec();
        if groups.len() > 1 {
            without.remove(place);
            simpler.push(Action::Partition(without.clone()));
        }
        for member in 0..group.len() {
            if group.len() > 1 {
                let mut without = groups.to_vec();
                without[place].remove(member);
                simpler.push(Action::Partition(without));
            }
        }
    }
    simpler
}

/// With an earlier end, and with pauses cut by half. Pauses of a few milliseconds stay: they are what
/// a race is made of.
fn sooner(scenario: &Scenario) -> impl Iterator<Item = Scenario> + '_ {
    /// Shorter pauses, in milliseconds, are not worth a try.
    const PAUSE_MS: u32 = 50;
    let last = scenario.events.last().map_or(Millis(0), |event| event.at);
    let spare = scenario.until.0 - last.0;
    let end = [last.0, last.0 + spare / 2]
        .into_iter()
        .filter(move |_| spare > PAUSE_MS)
        .map(move |until| Scenario { until: Millis(until), ..scenario.clone() });
    let before =
        |place: usize| place.checked_sub(1).map_or(0, |before| scenario.events[before].at.0);
    let pauses = (0..scenario.events.len())
        .map(move |place| (place, scenario.events[place].at.0 - before(place)))
        .filter(|(_, pause)| *pause > PAUSE_MS)
        .map(move |(place, pause)| {
            let cut = pause / 2;
            let mut sooner = scenario.clone();
            sooner.until.0 -= cut;
            sooner.events[place..].iter_mut().for_each(|event| event.at.0 -= cut);
            sooner
        });
    end.chain(pauses)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    #[test]
    fn every_candidate_is_smaller_and_can_be_read() {
        for seed in 0..40 {
            let scenario = Scenario::draw(seed, &Options::default());
            for candidate in candidates(&scenario, seed as usize) {
                assert!(size(&candidate) < size(&scenario), "{candidate}\nof\n{scenario}");
                assert_eq!(candidate.to_string().parse(), Ok(candidate));
            }
        }
    }

    /// Takes the first candidate that still fails, until none does.
    fn shrunk(mut scenario: Scenario, fails: impl Fn(&Scenario) -> bool) -> Scenario {
        loop {
            let smaller = candidates(&scenario, usize::MAX).find(|candidate| fails(candidate));
            match smaller {
                Some(smaller) => scenario = smaller,
                None => return scenario,
            }
        }
    }

    #[test]
    fn what_matters_stays_and_the_rest_goes() {
        let text = "servers 7; latency 3ms; loss 10%; hangs; until 8s; 0.5 submit all x9; \
                    1 crash leader; 2 partition 0 1 | 2 3; 3 start; 4 restart 6; 5 submit; 6 heal";
        let scenario: Scenario = text.parse().unwrap();
        let fails = |candidate: &Scenario| {
            let crash = candidate.events.iter().position(|e| matches!(e.action, Action::Crash(_)));
            let start = candidate.events.iter().position(|e| matches!(e.action, Action::Start(_)));
            crash.zip(start).is_some_and(|(crash, start)| crash < start)
                && candidate.network.loss > 0
        };
        let smallest = shrunk(scenario, fails);
        let Scenario { servers, network, events, .. } = &smallest;
        assert_eq!((*servers, network.conditions(), events.len()), (3, 1, 2), "{smallest}");
        assert!(smallest.until < Millis(200), "{smallest}");
    }

    #[test]
    fn partitions_lose_groups_and_members() {
        let scenario: Scenario = "servers 5; until 3s; 2 partition leader 1 | 2 3".parse().unwrap();
        let smallest = shrunk(scenario, |candidate| !candidate.events.is_empty());
        assert!(
            matches!(&smallest.events[0].action, Action::Partition(groups) if groups.len() == 1 && groups[0].len() == 1),
            "{smallest}"
        );
    }

    #[test]
    fn what_comes_after_the_failure_goes_at_once() {
        let scenario: Scenario =
            "servers 3; until 8s; 1 submit; 2 crash 0; 2.5 start 0; 7 heal".parse().unwrap();
        let cut = up_to(&scenario, Millis(2100)).unwrap();
        assert_eq!(cut.to_string(), "servers 3; until 2.101s; 1 submit; 2 crash 0");
        assert_eq!(up_to(&scenario, Millis(8500)), None);
    }
}
