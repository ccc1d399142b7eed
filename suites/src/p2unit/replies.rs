//! A leader handles the replies to its AppendEntries (Figure 2, "Rules for Servers: Leaders").

use contracts::raft::{Role, State};

use super::expect;
use super::given::{TERM, append_reply, build, follower, followers, leader, log, sent};
use super::test;
use crate::Test;

pub(super) const NO_OP: Test = test(
    "send-append-entries-no-op",
    "TestSendAppendEntriesNoOpP2Unit",
    "An accepted heartbeat leaves next and match index as they are",
    &["Build a leader: next [1 1], match [0 0]", "Server 0 accepts a heartbeat", "No change"],
    |ctx| {
        let server = build(ctx, leader())?;
        let args = sent(TERM, (0, 0), &[]);
        server.handle_append_reply(0, args, append_reply(TERM, true, 1));
        expect::role(&*server, Role::Leader, TERM)?;
        expect::indices(&*server, 0, 1, 0)
    },
);

pub(super) const STOPS_LEADING: Test = test(
    "send-append-entries-stops-leading",
    "TestSendAppendEntriesStopsLeadingP2Unit",
    "A reply of a later term makes a leader a follower in that term (§5.1)",
    &["Build a leader in term 22", "Server 0 replies with term 25", "It follows in term 25"],
    |ctx| {
        let server = build(ctx, leader())?;
        let args = sent(TERM, (0, 0), &[]);
        server.handle_append_reply(0, args, append_reply(25, false, 0));
        expect::role(&*server, Role::Follower, 25)?;
        expect::equal("voted for", server.state().voted_for, None)
    },
);

pub(super) const SUCCESS_UPDATE_INDICES: Test = test(
    "send-append-entries-success-update-indices",
    "TestSendAppendEntriesSuccessUpdateIndicesP2Unit",
    "A success moves both indices past what was sent, whatever the reply's next index. The \
     published test leaves the log empty, over which a correct server may trip; here it holds the \
     entries that were sent",
    &[
        "Build a leader with log [0 22 22 22 22]: next [2 5], match [1 0]",
        "Server 0 accepts three entries after index 1",
        "match 4, next 5",
    ],
    |ctx| {
        let given =
            State { log: log(&[22; 4]), followers: followers(1, &[2, 5], &[1, 0]), ..leader() };
        let server = build(ctx, given)?;
        let args = sent(TERM, (1, 22), &[22; 3]);
        server.handle_append_reply(0, args, append_reply(TERM, true, 0));
        expect::role(&*server, Role::Leader, TERM)?;
        expect::indices(&*server, 0, 5, 4)
    },
);

pub(super) const FAILURE_UPDATE_INDICES: Test = test(
    "send-append-entries-failure-update-indices",
    "TestSendAppendEntriesFailureUpdateIndicesP2Unit",
    "A refusal moves the next index to the follower's hint and leaves the match index (§5.3)",
    &[
        "Build a leader with eight entries: next [6 6], match [1 0]",
        "Server 0 refuses entries after index 5, hint 3",
        "match 1, next 3",
    ],
    |ctx| {
        let given =
            State { log: log(&[22; 8]), followers: followers(1, &[6, 6], &[1, 0]), ..leader() };
        let server = build(ctx, given)?;
        let args = sent(TERM, (5, 22), &[22; 3]);
        server.handle_append_reply(0, args, append_reply(TERM, false, 3));
        expect::role(&*server, Role::Leader, TERM)?;
        expect::indices(&*server, 0, 3, 1)
    },
);

/// A leader with eight entries, of which server 0 has the first four.
fn halfway() -> State {
    State { log: log(&[22; 8]), followers: followers(1, &[5, 9], &[4, 0]), ..leader() }
}

pub(super) const OLDER_REQUEST: Test = test(
    "send-append-entries-older-request",
    "TestSendAppendEntriesOlderRequestP2Unit",
    "Uses the reply to an older request of the same term, and computes from what was sent: on a \
     network that reorders there may be no other",
    &[
        "Build a leader with eight entries: match[0] 4, next[0] 5",
        "The reply to an older request arrives: entries up to 6 match",
        "match 6, next 7",
    ],
    |ctx| {
        let server = build(ctx, halfway())?;
        let args = sent(TERM, (2, 22), &[22; 4]);
        server.handle_append_reply(0, args, append_reply(TERM, true, 7));
        expect::indices(&*server, 0, 7, 6)
    },
);

pub(super) const LATE_SUCCESS: Test = test(
    "send-append-entries-late-success",
    "TestSendAppendEntriesLateSuccessP2Unit",
    "A late success never moves the match index back",
    &[
        "Build a leader with eight entries: match[0] 4, next[0] 5",
        "The success of an earlier request arrives: entry 1 matches",
        "match 4, next past it",
    ],
    |ctx| {
        let server = build(ctx, halfway())?;
        let args = sent(TERM, (0, 0), &[22]);
        server.handle_append_reply(0, args, append_reply(TERM, true, 2));
        let (next, matched) = expect::follower(&server.state(), 0)?;
        expect::equal("match index of server 0", matched, 4)?;
        expect::that(next > 4, "a next index past the match index 4", next)
    },
);

pub(super) const LATE_FAILURE: Test = test(
    "send-append-entries-late-failure",
    "TestSendAppendEntriesLateFailureP2Unit",
    "A late refusal moves neither the match index nor the next index back into what matches",
    &[
        "Build a leader with eight entries: match[0] 4, next[0] 5",
        "A refusal of prev 3 arrives, hint 1, from before they matched",
        "match 4, next past it",
    ],
    |ctx| {
        let server = build(ctx, halfway())?;
        let args = sent(TERM, (3, 22), &[22]);
        server.handle_append_reply(0, args, append_reply(TERM, false, 1));
        let (next, matched) = expect::follower(&server.state(), 0)?;
        expect::equal("match index of server 0", matched, 4)?;
        expect::that(next > 4, "a next index past the match index 4", next)
    },
);

pub(super) const STALE_TERM: Test = test(
    "send-append-entries-stale-term",
    "TestSendAppendEntriesStaleTermP2Unit",
    "Ignores the replies to what it sent in an earlier term: the follower may have lost it since",
    &[
        "Build a leader with eight entries: match[0] 4, next[0] 5",
        "Replies to requests of term 20 arrive: a success and a refusal",
        "No change",
    ],
    |ctx| {
        let server = build(ctx, halfway())?;
        let args = sent(20, (5, 22), &[22; 2]);
        server.handle_append_reply(0, args.clone(), append_reply(20, true, 8));
        expect::indices(&*server, 0, 5, 4)?;
        server.handle_append_reply(0, args, append_reply(20, false, 2));
        expect::indices(&*server, 0, 5, 4)?;
        expect::role(&*server, Role::Leader, TERM)
    },
);

pub(super) const NOT_LEADING: Test = test(
    "send-append-entries-not-leading",
    "TestSendAppendEntriesNotLeadingP2Unit",
    "Ignores the replies to what it sent when it led: it no longer does",
    &[
        "Build a follower in term 22 that led in term 20",
        "A success of term 20 arrives",
        "Still a follower, nothing committed",
    ],
    |ctx| {
        let given = State { log: log(&[20; 3]), ..follower() };
        let server = build(ctx, given)?;
        let args = sent(20, (0, 0), &[20; 3]);
        server.handle_append_reply(0, args, append_reply(20, true, 4));
        expect::role(&*server, Role::Follower, TERM)?;
        expect::log(&*server, &log(&[20; 3]))?;
        expect::equal("commit index", server.state().commit_index, 0)
    },
);
