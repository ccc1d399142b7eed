//! A voter handles RequestVote (Figure 2; §5.2, §5.4.1). The course has no such tests and says so.

use contracts::raft::{LogIndex, RaftInternals, RequestVoteArgs, Role, ServerId, State, Term};

use super::given::{TERM, ask, build, follower, leader, log, vote};
use super::{expect, test};
use crate::{Context, Failure, Test};

/// Asks a server in the state `given` for its vote, and checks the reply and whom it voted for.
fn check(
    ctx: &Context,
    given: State,
    args: RequestVoteArgs,
    reply: (Term, bool),
    voted_for: Option<ServerId>,
) -> Result<Box<dyn RaftInternals>, Failure> {
    let server = build(ctx, given)?;
    ctx.step("handle RequestVote");
    let seen = server.request_vote(args);
    expect::equal("reply", seen, vote(reply.0, reply.1))?;
    expect::equal("voted for", server.state().voted_for, voted_for)?;
    Ok(server)
}

/// Asks a follower with log `[0 2 3 3]`, in a new term, for a candidate whose last entry is `last`.
fn check_up_to_date(ctx: &Context, last: (LogIndex, Term), granted: bool) -> Result<(), Failure> {
    let given = State { log: log(&[2, 3, 3]), ..follower() };
    let voted_for = granted.then_some(2);
    let server = check(ctx, given, ask(23, last), (23, granted), voted_for)?;
    expect::role(&*server, Role::Follower, 23)
}

pub(super) const GRANTED: Test = test(
    "request-vote-granted",
    "TestRequestVoteGrantedP2Unit",
    "Votes for the first candidate that asks in its term (§5.2)",
    &["Build a follower that has not voted", "Server 2 asks for its vote", "It gets it"],
    |ctx| check(ctx, follower(), ask(TERM, (0, 0)), (TERM, true), Some(2)).map(drop),
);

pub(super) const OLD_TERM: Test = test(
    "request-vote-old-term",
    "TestRequestVoteOldTermP2Unit",
    "Refuses a candidate of an earlier term (§5.1)",
    &["Build a follower in term 22", "Server 2 asks in term 20", "Reply: term 22, refused"],
    |ctx| check(ctx, follower(), ask(20, (9, 20)), (TERM, false), None).map(drop),
);

pub(super) const NEW_TERM: Test = test(
    "request-vote-new-term",
    "TestRequestVoteNewTermP2Unit",
    "Has a new vote in a later term (§5.1, §5.2)",
    &["Build a follower that voted for 0 in term 22", "2 asks in term 30", "It gets the vote"],
    |ctx| {
        let given = State { voted_for: Some(0), ..follower() };
        let server = check(ctx, given, ask(30, (0, 0)), (30, true), Some(2))?;
        expect::role(&*server, Role::Follower, 30)
    },
);

pub(super) const ALREADY_VOTED: Test = test(
    "request-vote-already-voted",
    "TestRequestVoteAlreadyVotedP2Unit",
    "Votes for one candidate a term (§5.2)",
    &["Build a follower that voted for 0 in term 22", "2 asks in term 22", "Refused"],
    |ctx| {
        let given = State { voted_for: Some(0), ..follower() };
        check(ctx, given, ask(TERM, (5, 22)), (TERM, false), Some(0)).map(drop)
    },
);

pub(super) const SAME_CANDIDATE: Test = test(
    "request-vote-same-candidate",
    "TestRequestVoteSameCandidateP2Unit",
    "Grants its vote again to the candidate that has it: the first reply may have been lost",
    &["Build a follower that voted for 2 in term 22", "2 asks again", "Granted"],
    |ctx| {
        let given = State { voted_for: Some(2), ..follower() };
        check(ctx, given, ask(TERM, (0, 0)), (TERM, true), Some(2)).map(drop)
    },
);

pub(super) const OLDER_LAST_TERM: Test = test(
    "request-vote-older-last-term",
    "TestRequestVoteOlderLastTermP2Unit",
    "Refuses a candidate whose last entry is of an earlier term, however long its log (§5.4.1)",
    &["Build a follower with log [0 2 3 3]", "2 asks with last entry (9, term 2)", "Refused"],
    |ctx| check_up_to_date(ctx, (9, 2), false),
);

pub(super) const NEWER_LAST_TERM: Test = test(
    "request-vote-newer-last-term",
    "TestRequestVoteNewerLastTermP2Unit",
    "Votes for a candidate whose last entry is of a later term, however short its log (§5.4.1)",
    &["Build a follower with log [0 2 3 3]", "2 asks with last entry (1, term 4)", "Granted"],
    |ctx| check_up_to_date(ctx, (1, 4), true),
);

pub(super) const SHORTER_LOG: Test = test(
    "request-vote-shorter-log",
    "TestRequestVoteShorterLogP2Unit",
    "Refuses a candidate with the same last term and a shorter log (§5.4.1)",
    &["Build a follower with log [0 2 3 3]", "2 asks with last entry (2, term 3)", "Refused"],
    |ctx| check_up_to_date(ctx, (2, 3), false),
);

pub(super) const SAME_LOG: Test = test(
    "request-vote-same-log",
    "TestRequestVoteSameLogP2Unit",
    "Votes for a candidate whose log is just as up-to-date (§5.4.1)",
    &["Build a follower with log [0 2 3 3]", "2 asks with last entry (3, term 3)", "Granted"],
    |ctx| check_up_to_date(ctx, (3, 3), true),
);

pub(super) const LEADER_STEPS_DOWN: Test = test(
    "request-vote-leader-steps-down",
    "TestRequestVoteLeaderStepsDownP2Unit",
    "A leader follows in the later term of a candidate, even of one it refuses (§5.1)",
    &[
        "Build a leader in term 22 with log [0 22 22]",
        "Server 2 asks in term 25 with an empty log",
        "It follows in term 25, without a vote",
    ],
    |ctx| {
        let given = State { log: log(&[22, 22]), ..leader() };
        let server = check(ctx, given, ask(25, (0, 0)), (25, false), None)?;
        expect::role(&*server, Role::Follower, 25)
    },
);
