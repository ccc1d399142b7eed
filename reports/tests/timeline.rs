//! A run as a picture shows it.

mod traces;

use std::fs;

use proptest::prelude::*;
use reports::Timeline;
use reports::timeline::file::Payload;
use reports::timeline::{EVENT_CAP, Fate, Kind, RoleName, Why};

use traces::{Trace, long, story};

/// The events of a kind: when, server, peer, how long, fate, words.
fn events(timeline: &Timeline, kind: Kind) -> Vec<(u64, i32, i32, u64, Fate, &str)> {
    let events = &timeline.events;
    let mut at_us = timeline.start_us;
    let mut found = Vec::new();
    for i in 0..events.len() {
        at_us += events.after_us[i];
        if events.kind[i] == kind {
            let text = events.texts[events.text[i] as usize].as_str();
            let (server, peer) = (events.server[i], events.peer[i]);
            found.push((at_us, server, peer, events.takes_us[i], events.fate[i], text));
        }
    }
    found
}

#[test]
fn messages_are_arrows_that_arrive_or_do_not() {
    let timeline = Timeline::of(&story(3));
    let votes = events(&timeline, Kind::AskVote);
    let way = |(_, from, to, takes_us, fate, _): &(u64, i32, i32, u64, Fate, &str)| {
        (*from, *to, *takes_us, *fate)
    };
    let ways: Vec<_> = votes.iter().map(way).collect();
    assert_eq!(ways[..2], [(1, 0, 5, Fate::Arrives), (1, 2, 5, Fate::Arrives)]);
    let lost = events(&timeline, Kind::Accept).into_iter().find(|event| event.4 == Fate::Lost);
    assert_eq!(lost.map(|event| (event.1, event.2)), Some((0, 1)), "the answer of call 200");
    let appends = events(&timeline, Kind::Append);
    let last = appends.last().expect("an append");
    assert_eq!((last.2, last.4), (2, Fate::Unreachable));
    assert!(last.5.contains("unreachable: 2"), "{last:?}");
    assert_eq!(events(&timeline, Kind::Idle).len(), 9, "heartbeats without news");
    assert_eq!(events(&timeline, Kind::Apply).len(), 1);
    assert_eq!(events(&timeline, Kind::LogWarn).len(), 1);
}

#[test]
fn what_lasts_is_a_span() {
    let timeline = Timeline::of(&story(3));
    let of_1: Vec<_> = timeline.roles.iter().filter(|span| span.server == 1).collect();
    let roles: Vec<_> = of_1.iter().map(|span| (span.role, span.term)).collect();
    assert_eq!(roles, [(RoleName::Follower, 0), (RoleName::Candidate, 1), (RoleName::Leader, 1)]);
    assert_eq!(of_1[2].to_us, timeline.end_us, "it leads to the end");
    let [absence] = &timeline.absences[..] else { panic!("{:?}", timeline.absences) };
    assert_eq!((absence.server, absence.why), (0, Why::Crashed));
    let parted = timeline.network.last().expect("a partition");
    assert_eq!(parted.text, "parted: 0 2 | 1");
    assert_eq!(parted.groups, Some(vec![vec![0, 2], vec![1]]));
    let failure = timeline.failure.expect("it failed");
    assert_eq!(failure[0], "check failed: servers 0 and 2 disagree");
}

#[test]
fn a_file_reads_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.timeline");
    let timeline = Timeline::of(&story(5));
    fs::write(&file, timeline.to_bytes()).unwrap();
    assert_eq!(Timeline::read(&file).unwrap(), timeline);
    assert_eq!(Payload::read(&file).unwrap(), Payload::of(&timeline));
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.timeline");
    let timeline = Timeline::of(&story(3));
    let error = |bytes: &[u8]| {
        fs::write(&file, bytes).unwrap();
        Timeline::read(&file).unwrap_err().to_string()
    };
    let name = file.display();
    let damaged = &timeline.to_bytes()[..100];
    assert!(error(damaged).starts_with(&format!("{name} is not a timeline: ")));
    assert!(error(b"what").starts_with(&format!("{name} is not a timeline: ")));
    let newer = Timeline { schema: "lab-timeline/2".to_owned(), ..timeline.clone() };
    assert_eq!(
        error(&newer.to_bytes()),
        format!(
            "{name} is a timeline of schema lab-timeline/2, and this version reads up to lab-timeline/1: \
             use a newer version"
        )
    );
    let mut uneven = timeline.clone();
    uneven.events.peer.pop();
    assert_eq!(
        error(&uneven.to_bytes()),
        format!("{name} is not a timeline: its columns differ in length")
    );
    let mut beyond = timeline;
    beyond.events.text[0] = u32::MAX;
    assert_eq!(
        error(&beyond.to_bytes()),
        format!("{name} is not a timeline: it has no text 4294967295")
    );
}

#[test]
fn a_hundred_thousand_events_fit_in_a_page() {
    let timeline = Timeline::of(&long(100_000));
    assert!(timeline.events.len() >= 100_000, "{}", timeline.events.len());
    assert_eq!(timeline.left_out, 0);
    let bytes = Payload::of(&timeline).as_str().len();
    assert!(bytes < 4 << 20, "{bytes} bytes");
}

#[test]
fn of_too_many_events_the_last_are_kept() {
    let timeline = Timeline::of(&long(EVENT_CAP + 4_000));
    assert_eq!(timeline.events.len(), EVENT_CAP);
    assert!(timeline.left_out >= 4_000 && timeline.start_us > 0);
    let leads = timeline.roles.iter().find(|span| span.role == RoleName::Leader);
    assert_eq!(leads.map(|span| span.from_us), Some(timeline.start_us), "it led before, too");
    assert_eq!(timeline.end_us, timeline.start_us + timeline.events.after_us.iter().sum::<u64>());
}

/// A line of some kind that a trace may hold, about some server.
fn line(trace: &mut Trace, (what, server, other, number): (u8, u64, u64, u64)) {
    trace.wait(number % 9);
    let append =
        format!("to={other} rpc=append term={number} prev=0@0 entries=1 last=1@1 commit=0");
    match what {
        0 => trace.driven(201, server),
        1 => trace.driven(202, server),
        2 => trace.driven(203, server),
        3 => trace.driven(204, server),
        4 => trace.line("main", (209, "cut link"), server, other, ""),
        5 => trace.line("main", (210, "mend"), 0, 0, ""),
        6 => trace.line("main", (116, "reliable"), 0, number % 2, ""),
        7 => trace.request(server, number, &append),
        8 => trace.answer(server, number, "rpc=append term=3 success=true next=1"),
        9 => trace.network(100 + (number % 9) as u16, number),
        10 => trace.request(server, number, &format!("to={other} rpc=vote term={number} last=0@0")),
        11 => trace.answer(server, number, "rpc=vote term=3 granted=true"),
        _ => trace.log(server, 1 + number % 5, "\u{1b}[31m<script>\u{202e}"),
    }
}

proptest! {
    #[test]
    fn spans_of_any_run_are_in_order(lines in prop::collection::vec((0_u8..13, 0_u64..4, 0_u64..4, 0_u64..12), 0..200)) {
        let mut trace = Trace::default();
        trace.up(4);
        for of in lines {
            line(&mut trace, of);
        }
        let timeline = Timeline::of(&trace.history());
        let end = timeline.end_us;
        for pair in timeline.roles.windows(2).filter(|pair| pair[0].server == pair[1].server) {
            prop_assert!(pair[0].to_us <= pair[1].from_us, "{pair:?}");
        }
        for pair in timeline.absences.windows(2).filter(|pair| pair[0].server == pair[1].server) {
            prop_assert!(pair[0].to_us <= pair[1].from_us, "{pair:?}");
        }
        prop_assert!(timeline.roles.iter().all(|span| span.from_us < span.to_us && span.to_us <= end));
        prop_assert!(timeline.absences.iter().all(|span| span.from_us < span.to_us && span.to_us <= end));
        prop_assert!(timeline.network.iter().all(|span| span.from_us < span.to_us && span.to_us <= end));
        let texts = &timeline.events.texts;
        prop_assert!(!texts.iter().flat_map(|text| text.chars()).any(char::is_control), "{texts:?}");
    }
}
