//! What restarts the election timer, and what does not.
//!
//! It restarts "only when getting an AppendEntries RPC from the current leader, when you start an
//! election, when you grant a vote to another peer" (COMP385; leaders need no timer). Each test lets
//! the timer of a server without threads run out, which has no consequence, makes one call, and
//! looks whether it runs again.

use contracts::raft::{RaftInternals, State};
use labrt::thread;
use labrt::time::Duration;

use super::given::{TERM, append, ask, build, candidate, follower, log, vote};
use super::{expect, test};
use crate::{Context, Failure, Test};

/// A timer that has not run out after this long is taken not to run at all.
const LONGEST: Duration = Duration::from_mins(1);

/// Checks whether `call` restarts the election timer of a server in the state `given`.
fn check(
    ctx: &Context,
    given: State,
    restarts: bool,
    call: impl FnOnce(&dyn RaftInternals) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let server = build(ctx, given)?;
    ctx.step("let the election timer run out");
    let drawn = server.election_timer();
    let running = Duration::ZERO < drawn && drawn <= LONGEST;
    expect::that(running, "a new server's election timer to run, for up to 60 s", drawn)?;
    thread::sleep(drawn + Duration::from_millis(1));
    expect::equal("time left after the time-out", server.election_timer(), Duration::ZERO)?;
    ctx.step("make the call");
    call(&*server)?;
    let left = server.election_timer();
    if restarts {
        expect::that(!left.is_zero(), "the election timer to be restarted", left)
    } else {
        expect::that(left.is_zero(), "the election timer not to be restarted", left)
    }
}

pub(super) const APPEND_ENTRIES: Test = test(
    "reset-timer-append-entries",
    "TestResetTimerAppendEntriesP2Unit",
    "AppendEntries of the current leader restarts the election timer (§5.2)",
    &["Build a follower in term 22", "Send a heartbeat of term 22", "The timer runs again"],
    |ctx| {
        check(ctx, follower(), true, |server| {
            let reply = server.append_entries(append(TERM, (0, 0), &[], 0));
            expect::equal("success", reply.success, true)
        })
    },
);

pub(super) const APPEND_ENTRIES_REFUSED: Test = test(
    "reset-timer-append-entries-refused",
    "TestResetTimerAppendEntriesRefusedP2Unit",
    "AppendEntries of the current leader restarts the timer even when the logs do not match yet",
    &["Build a follower in term 22", "Heartbeat with prev (5, term 1)", "The timer runs again"],
    |ctx| {
        check(ctx, follower(), true, |server| {
            let reply = server.append_entries(append(TERM, (5, 1), &[], 0));
            expect::equal("success", reply.success, false)
        })
    },
);

pub(super) const APPEND_ENTRIES_OLD_TERM: Test = test(
    "reset-timer-append-entries-old-term",
    "TestResetTimerAppendEntriesOldTermP2Unit",
    "AppendEntries of an old leader does not restart the election timer",
    &["Build a follower in term 22", "Send a heartbeat of term 20", "The timer stays run out"],
    |ctx| {
        check(ctx, follower(), false, |server| {
            let reply = server.append_entries(append(20, (0, 0), &[], 0));
            expect::equal("success", reply.success, false)
        })
    },
);

pub(super) const VOTE_GRANTED: Test = test(
    "reset-timer-vote-granted",
    "TestResetTimerVoteGrantedP2Unit",
    "Granting a vote restarts the election timer (§5.2)",
    &["Build a follower in term 22", "Grant a vote", "The timer runs again"],
    |ctx| {
        check(ctx, follower(), true, |server| {
            let reply = server.request_vote(ask(TERM, (0, 0)));
            expect::equal("reply", reply, vote(TERM, true))
        })
    },
);

pub(super) const VOTE_REFUSED: Test = test(
    "reset-timer-vote-refused",
    "TestResetTimerVoteRefusedP2Unit",
    "Refusing a vote, given to another already, does not restart the election timer",
    &["Build a follower that voted for 0", "Server 2 asks", "The timer stays run out"],
    |ctx| {
        let given = State { voted_for: Some(0), ..follower() };
        check(ctx, given, false, |server| {
            let reply = server.request_vote(ask(TERM, (0, 0)));
            expect::equal("reply", reply, vote(TERM, false))
        })
    },
);

pub(super) const VOTE_REFUSED_NEW_TERM: Test = test(
    "reset-timer-vote-refused-new-term",
    "TestResetTimerVoteRefusedNewTermP2Unit",
    "Refusing a candidate of a later term whose log is behind does not restart the timer: it could \
     keep those that can win from trying",
    &["Build a follower with log [0 2 3]", "2 asks in term 25, log empty", "Stays run out"],
    |ctx| {
        let given = State { log: log(&[2, 3]), ..follower() };
        check(ctx, given, false, |server| {
            let reply = server.request_vote(ask(25, (0, 0)));
            expect::equal("reply", reply, vote(25, false))
        })
    },
);

pub(super) const VOTE_OLD_TERM: Test = test(
    "reset-timer-vote-old-term",
    "TestResetTimerVoteOldTermP2Unit",
    "Refusing a candidate of an earlier term does not restart the election timer",
    &["Build a follower in term 22", "Server 2 asks in term 20", "The timer stays run out"],
    |ctx| {
        check(ctx, follower(), false, |server| {
            let reply = server.request_vote(ask(20, (0, 0)));
            expect::equal("reply", reply, vote(TERM, false))
        })
    },
);

pub(super) const ELECTION: Test = test(
    "reset-timer-election",
    "TestResetTimerElectionP2Unit",
    "Starting an election restarts the election timer (§5.2)",
    &["Build a follower", "Start an election", "The timer runs again"],
    |ctx| {
        check(ctx, follower(), true, |server| {
            expect::equal("ballot's term", server.start_election().term, TERM + 1)
        })
    },
);

pub(super) const BALLOT_REPLY: Test = test(
    "reset-timer-ballot-reply",
    "TestResetTimerBallotReplyP2Unit",
    "A reply to a ballot does not restart the election timer, not even one of a later term",
    &["Build a candidate", "Server 2 refuses in term 30", "The timer stays run out"],
    |ctx| {
        check(ctx, candidate(), false, |server| {
            let mut ballot = ask(TERM, (0, 0));
            ballot.candidate_id = super::given::ME;
            server.handle_vote_reply(2, ballot, vote(30, false));
            expect::equal("current term", server.state().current_term, 30)
        })
    },
);
