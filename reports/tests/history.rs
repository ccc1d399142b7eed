//! A trace, read and shown in columns.

mod traces;

use std::collections::BTreeSet;

use insta::assert_snapshot;
use proptest::prelude::*;
use reports::history::model::{Arrival, Fate, Level, Role, What};
use reports::history::select::Topic;
use reports::history::{History, Selection, columns};
use reports::terminal::Options;
use unicode_width::UnicodeWidthStr;

use traces::{Trace, story};

fn shown(history: &History, selection: &Selection, width: usize) -> String {
    let mut text = Vec::new();
    columns::write(history, selection, Options { width, color: false }, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn all_shown(history: &History, width: usize) -> String {
    shown(history, &Selection::default(), width)
}

#[test]
fn three_servers_in_100_columns() {
    assert_snapshot!(all_shown(&story(3), 100));
}

#[test]
fn five_servers_in_120_columns() {
    assert_snapshot!(all_shown(&story(5), 120));
}

#[test]
fn seven_servers_in_80_columns() {
    assert_snapshot!(all_shown(&story(7), 80));
}

#[test]
fn in_colour() {
    let mut text = Vec::new();
    columns::write(&story(3), &Selection::default(), Options { width: 80, color: true }, &mut text)
        .unwrap();
    let text = String::from_utf8(text).unwrap();
    assert_snapshot!(text.replace('\u{1b}', "␛"));
    let plain = anstream::adapter::strip_str(&text).to_string();
    assert_eq!(plain, all_shown(&story(3), 80));
}

#[test]
fn everything_is_shown_when_asked_for() {
    assert_snapshot!(shown(&story(3), &Selection { all: true, ..Selection::default() }, 100));
}

#[test]
fn a_test_without_a_cluster_has_no_columns() {
    let mut trace = Trace::default();
    trace.step("1. Call");
    trace.wait(5).line("main", (100, "send"), 0, 9, "end to Echo.Say, 4 bytes");
    trace.wait(1).line("server 3/x", (1000, "mine"), 0, 9, "something");
    assert_snapshot!(all_shown(&trace.history(), 80), @r"
    0.000000 ── 1. Call
    0.000005 ── send: end to Echo.Say, 4 bytes
    0.000006 ── server 3: mine: something
    ");
}

#[test]
fn filters_leave_what_they_name() {
    let history = story(3);
    let with = |selection: Selection| shown(&history, &selection, 120);

    let one = with(Selection { servers: Some(BTreeSet::from([2])), ..Selection::default() });
    assert!(one.contains("server 2") && !one.contains("server 1"), "{one}");
    assert!(one.contains("no word") && !one.contains("LEADS"), "{one}");

    let severe = with(Selection { level: Level::Warn, ..Selection::default() });
    assert!(severe.contains("[W] no word") && !severe.contains("[I] candidate"), "{severe}");

    let early = with(Selection { to_ns: Some(200_000_000), ..Selection::default() });
    assert!(early.contains("LEADS") && !early.contains("applies"), "{early}");
    assert!(early.contains("FAILED"), "the end is always shown: {early}");
    let late = with(Selection { from_ns: 200_000_000, ..Selection::default() });
    assert!(!late.contains("LEADS") && late.contains("applies"), "{late}");
    let mut row = late.lines().filter(|line| line.contains("accepts 1"));
    assert!(row.any(|line| line.contains('┃')), "who led before leads still: {late}");

    let only =
        |topic| with(Selection { topics: Some(BTreeSet::from([topic])), ..Selection::default() });
    for (topic, some, none) in [
        (Topic::Elections, "CANDIDATE", "entry 1"),
        (Topic::Rpcs, "entry 1", "CANDIDATE"),
        (Topic::Applies, "applies 1: 103", "entry 1"),
        (Topic::Faults, "(answer lost)", "CANDIDATE"),
        (Topic::Log, "[I] candidate", "applies"),
    ] {
        let text = only(topic);
        assert!(text.contains(some) && !text.contains(none), "{topic:?}: {text}");
        assert!(text.contains("2. Part them"), "steps are always shown: {text}");
    }
}

#[test]
fn a_call_is_joined_by_its_number() {
    let history = story(3);
    let fate = |call| {
        let events = history.events.iter();
        let mut found = events.filter_map(|event| match &event.what {
            What::Request(request) if request.call == call => Some((request.fate, request.is_idle)),
            _ => None,
        });
        found.next().expect("a request")
    };
    assert_eq!(fate(100), (Fate::Answered, false), "the first heartbeat of a leader");
    assert_eq!(fate(111), (Fate::Answered, true));
    assert_eq!(fate(300), (Fate::Unreachable, false), "the run ended before its caller knew");
    let arrivals: Vec<Arrival> = history
        .events
        .iter()
        .filter_map(|event| match &event.what {
            What::Answer(answer) if [200, 201].contains(&answer.call) => Some(answer.arrival),
            _ => None,
        })
        .collect();
    assert_eq!(arrivals, [Arrival::Lost, Arrival::After(2000)]);
}

#[test]
fn the_same_request_without_an_answer_is_shown_once() {
    let mut trace = Trace::default();
    trace.up(2);
    trace.driven(204, 1);
    for call in 0..7 {
        let to = if call < 6 { 6 } else { 7 };
        let append = format!("to=1 rpc=append term=4 prev=5@3 entries=1 last={to}@4 commit=5");
        trace.wait(100_000).request(0, call, &append);
    }
    let text = all_shown(&trace.history(), 80);
    assert_eq!(text.matches("entry 6").count(), 2, "the first, and the one that says more: {text}");
    assert!(text.contains("5 repeats by 0, none answered"), "{text}");
}

#[test]
fn some_leave_the_term_out_of_a_success() {
    let mut trace = Trace::default();
    trace.up(2);
    trace.request(0, 1, "to=1 rpc=append term=4 prev=0@0 entries=0 last=0@0 commit=0");
    trace.answer(1, 1, "rpc=append term=0 success=true next=0");
    let follows = What::Role(Role::Follower { term: 4, leader: Some(0) });
    assert!(trace.history().events.iter().any(|event| event.what == follows));
}

#[test]
fn a_trace_that_breaks_off_is_shown_so_far() {
    let mut trace = Trace::default();
    trace.up(2);
    trace.step("1. Go");
    let cut = &trace.text[..trace.text.len() - 9];
    let history = History::from_lines(cut.as_bytes(), "trace").unwrap();
    assert!(history.is_cut);
    let text = all_shown(&history, 80);
    assert!(text.contains("breaks off here") && !text.contains("1. Go"), "{text}");
    assert!(!History::from_lines(trace.text.as_bytes(), "trace").unwrap().is_cut);
}

#[test]
fn what_is_no_trace_is_named_with_its_line() {
    let mut trace = Trace::default();
    trace.up(2);
    let text = format!("{}what\n", trace.text);
    let error = History::from_lines(text.as_bytes(), "my.jsonl").unwrap_err();
    assert_eq!(
        error.to_string(),
        "my.jsonl is not a trace: line 5 is no event (expected value at line 1 column 1)"
    );
    let error = History::read("/no/such/file".as_ref()).unwrap_err();
    assert!(error.to_string().starts_with("cannot read the trace /no/such/file: "), "{error}");
}

#[test]
fn numbers_may_be_as_large_as_they_like() {
    let most = u64::MAX;
    let mut trace = Trace::default();
    trace.up(2);
    let places = format!("prev={most}@{most} entries={most} last={most}@{most} commit={most}");
    trace.request(0, 1, &format!("to=1 rpc=append term={most} {places}"));
    trace.answer(1, 1, &format!("rpc=append term={most} success=false next={most}"));
    for _ in 0..3 {
        let apply = format!("index={most} command=x");
        trace.line("x", (205, "apply"), 1, 1, &apply);
    }
    trace.ns = most;
    trace.step("The end of time");
    assert!(all_shown(&trace.history(), 80).contains("The end of time"));
}

#[test]
fn a_number_that_no_cluster_has_gets_no_column() {
    let mut trace = Trace::default();
    trace.driven(201, u64::from(u32::MAX));
    trace.request(7, 1, "to=99999999999 rpc=vote term=1 last=0@0");
    assert_eq!(trace.history().servers, 0);
}

proptest! {
    #[test]
    fn no_text_breaks_a_column(text in "\\PC*|.*", servers in 1_u64..8, width in 80_usize..160) {
        let mut trace = Trace::default();
        trace.up(servers);
        trace.step(&text);
        for server in 0..servers {
            trace.wait(7).log(server, 1, &format!("x: {text}"));
            let apply = format!("index=1 command={text}");
            trace.line("x", (205, "apply"), server, 1, &apply);
        }
        for line in all_shown(&trace.history(), width).lines() {
            prop_assert!(line.width() <= width, "{} columns: {line:?}", line.width());
            prop_assert!(!line.chars().any(char::is_control), "{line:?}");
        }
    }

    #[test]
    fn any_line_is_read_or_named(line in ".*", fields in "[a-z0-9=@ ]{0,40}", code in 100_u16..320) {
        let _ = History::from_lines(line.as_bytes(), "trace");
        let mut trace = Trace::default();
        trace.up(3);
        trace.line("server 1", (code, "kind"), 1, 1, &fields);
        all_shown(&trace.history(), 80);
    }
}
