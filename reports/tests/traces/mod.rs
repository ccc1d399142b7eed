//! Traces as the runtime writes them, made by hand.

#![allow(dead_code, reason = "each test takes what it needs")]

use std::fmt::Write;

use reports::History;
use reports::history::model::End;

/// A trace being written, as the runtime writes it.
#[derive(Default)]
pub(crate) struct Trace {
    pub(crate) text: String,
    pub(crate) ns: u64,
}

impl Trace {
    /// Lets virtual microseconds pass.
    pub(crate) fn wait(&mut self, us: u64) -> &mut Self {
        self.ns += us * 1000;
        self
    }

    pub(crate) fn line(
        &mut self,
        label: &str,
        (code, kind): (u16, &str),
        object: u64,
        data: u64,
        text: &str,
    ) {
        let string = |text: &str| serde_json::to_string(text).unwrap();
        let (label, kind, text) = (string(label), string(kind), string(text));
        let _ = writeln!(
            self.text,
            "{{\"ns\":{},\"thread\":1,\"label\":{label},\"code\":{code},\"kind\":{kind},\
             \"object\":{object},\"data\":\"{data:016x}\",\"text\":{text}}}",
            self.ns
        );
    }

    pub(crate) fn step(&mut self, step: &str) {
        self.line("main", (200, "step"), 0, 0, &format!("step {step}"));
    }

    pub(crate) fn driven(&mut self, code: u16, server: u64) {
        self.line("main", (code, "driven"), server, 0, "");
    }

    pub(crate) fn up(&mut self, servers: u64) {
        (0..servers).for_each(|server| self.driven(201, server));
        (0..servers).for_each(|server| self.driven(203, server));
    }

    pub(crate) fn log(&mut self, server: u64, level: u64, text: &str) {
        self.line(&format!("server {server}/ticker"), (300, "log"), level, 0, text);
    }

    pub(crate) fn request(&mut self, from: u64, call: u64, text: &str) {
        self.line("x", (211, "request"), from, call, text);
    }

    pub(crate) fn answer(&mut self, server: u64, call: u64, text: &str) {
        self.line("x", (212, "answer"), server, call, text);
    }

    pub(crate) fn network(&mut self, code: u16, call: u64) {
        self.line("x", (code, "network"), call, 0, "");
    }

    pub(crate) fn history(&self) -> History {
        History::from_lines(self.text.as_bytes(), "trace").expect("a trace")
    }
}

/// An election, an entry, a lost answer, a partition and a failure, in a cluster of `servers`.
pub(crate) fn story(servers: u64) -> History {
    let mut trace = Trace::default();
    trace.up(servers);
    trace.wait(300).step("1. Agree");
    trace.wait(150_000).log(1, 3, "raft::role: candidate server=1 term=1");
    for other in (0..servers).filter(|other| *other != 1) {
        trace.wait(3).request(1, other, &format!("to={other} rpc=vote term=1 last=0@0"));
    }
    for other in (0..servers).filter(|other| *other != 1) {
        trace.wait(2).answer(other, other, "rpc=vote term=1 granted=true");
        trace.network(104, other);
        trace.wait(1).network(107, other);
    }
    let append = |to: u64, rest: &str| format!("to={to} rpc=append term=1 {rest}");
    trace.wait(20).request(1, 100, &append(0, "prev=0@0 entries=0 last=0@0 commit=0"));
    trace.wait(8).answer(0, 100, "rpc=append term=1 success=true next=1");
    trace.wait(1).network(107, 100);
    for beat in 0..9 {
        trace.wait(100_000);
        trace.request(1, 110 + beat, &append(0, "prev=0@0 entries=0 last=0@0 commit=0"));
        trace.wait(5).answer(0, 110 + beat, "rpc=append term=1 success=true next=1");
        trace.wait(1).network(107, 110 + beat);
    }
    trace.wait(50_000).line("server 1/main", (206, "accept"), 1, 7, "index=1 term=1 command=103");
    trace.wait(4).request(1, 200, &append(0, "prev=0@0 entries=1 last=1@1 commit=0"));
    trace.wait(4).request(1, 201, &append(2, "prev=0@0 entries=1 last=1@1 commit=0"));
    trace.wait(9).answer(0, 200, "rpc=append term=1 success=true next=2");
    trace.wait(1).answer(2, 201, "rpc=append term=1 success=true next=2");
    trace.wait(1).network(106, 200);
    trace.wait(1).network(107, 201);
    trace.wait(40).line("x", (205, "apply"), 1, 7, "index=1 command=103");
    trace.wait(5000).line("main", (207, "agree"), 1, 7, "103 at index 1 is on 1 server");
    trace.wait(2).step("2. Part them");
    for (from, to) in [(0, 1), (1, 0), (2, 1), (1, 2)] {
        trace.line("main", (209, "cut link"), from, to, "");
    }
    trace.wait(60_000).request(1, 300, &append(2, "prev=1@1 entries=1 last=2@1 commit=1"));
    trace.wait(200_000).log(2, 2, "raft::election: no word from a leader, for 260 ms");
    trace.wait(4).request(2, 301, "to=0 rpc=vote term=2 last=1@1");
    trace.wait(9).answer(0, 301, "rpc=vote term=2 granted=false");
    trace.wait(1).network(107, 301);
    trace.wait(9).driven(202, 0);
    let mut history = trace.history();
    let failure = ["check failed: servers 0 and 2 disagree", "step: 2. Part them"];
    history.end = Some(End {
        at_ns: trace.ns + 1_500_000_000,
        failure: Some(failure.map(str::to_owned).into()),
    });
    history
}

/// A leader that sends an entry each millisecond, and is answered: some `events` of them.
pub(crate) fn long(events: usize) -> History {
    let mut trace = Trace::default();
    trace.up(5);
    for call in 0..(events as u64 / 4) {
        let (to, index) = (1 + call % 4, call + 1);
        let prev = call;
        let append = format!(
            "to={to} rpc=append term=1 prev={prev}@1 entries=1 last={index}@1 commit={prev}"
        );
        trace.wait(600 + call % 13).request(0, call, &append);
        trace.wait(300 + call % 7).answer(
            to,
            call,
            &format!("rpc=append term=1 success=true next={}", index + 1),
        );
        trace.wait(90).network(107, call);
        trace.line("x", (205, "apply"), to, 7, &format!("index={index} command=command-{index}"));
    }
    let mut history = trace.history();
    history.end = Some(End { at_ns: trace.ns, failure: Some(vec!["it failed".to_owned()]) });
    history
}
