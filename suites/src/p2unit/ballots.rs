//! A candidate asks for votes and counts them (§5.2). The course has no such tests and says so.

use contracts::raft::{RaftInternals, RequestVoteArgs, Role, State, Term};

use super::given::{ME, TERM, build, follower, followers, log, vote};
use super::{expect, test};
use crate::{Context, Failure, Test};

/// The term of the election that a server of term 22 starts.
const ELECTION: Term = TERM + 1;

/// Server 1 of five, with log `[0 2 3]`, has just started an election.
fn running(ctx: &Context) -> Result<(Box<dyn RaftInternals>, RequestVoteArgs), Failure> {
    let given =
        State { log: log(&[2, 3]), followers: followers(ME, &[1; 4], &[0; 4]), ..follower() };
    let server = build(ctx, given)?;
    ctx.step("start an election");
    let ballot = server.start_election();
    Ok((server, ballot))
}

pub(super) const START_ELECTION: Test = test(
    "start-election",
    "TestStartElectionP2Unit",
    "A candidate enters a new term, votes for itself, and describes its log in its ballot (§5.2)",
    &["Build a follower in term 22 with log [0 2 3]", "Its timer runs out", "Look at its ballot"],
    |ctx| {
        let (server, ballot) = running(ctx)?;
        let expected = RequestVoteArgs {
            term: ELECTION,
            candidate_id: ME,
            last_log_index: 2,
            last_log_term: 3,
        };
        expect::equal("ballot", ballot, expected)?;
        expect::role(&*server, Role::Candidate, ELECTION)?;
        expect::equal("voted for", server.state().voted_for, Some(ME))
    },
);

pub(super) const FIRST_ELECTION: Test = test(
    "first-election",
    "TestFirstElectionP2Unit",
    "A server that has just been set up stands in term 1, with a ballot that speaks of no entry (§5.1, Figure 2)",
    &["Build a follower in term 0 with an empty log", "Its timer runs out", "Look at its ballot"],
    |ctx| {
        let server = build(ctx, State { current_term: 0, ..follower() })?;
        ctx.step("start an election");
        let ballot = server.start_election();
        let expected =
            RequestVoteArgs { term: 1, candidate_id: ME, last_log_index: 0, last_log_term: 0 };
        expect::equal("ballot", ballot, expected)?;
        expect::role(&*server, Role::Candidate, 1)
    },
);

pub(super) const MAJORITY: Test = test(
    "send-ballot-majority",
    "TestSendBallotMajorityP2Unit",
    "The vote that completes a majority makes a leader, the one before does not (§5.2)",
    &[
        "Build a candidate of five servers",
        "Server 0 votes for it: still a candidate",
        "Server 3 votes for it: leader; next indices are past its log, match indices 0",
    ],
    |ctx| {
        let (server, ballot) = running(ctx)?;
        server.handle_vote_reply(0, ballot.clone(), vote(ELECTION, true));
        expect::role(&*server, Role::Candidate, ELECTION)?;
        server.handle_vote_reply(3, ballot, vote(ELECTION, true));
        expect::role(&*server, Role::Leader, ELECTION)?;
        [0, 2, 3, 4].into_iter().try_for_each(|id| expect::indices(&*server, id, 3, 0))
    },
);

pub(super) const SAME_VOTER: Test = test(
    "send-ballot-same-voter",
    "TestSendBallotSameVoterP2Unit",
    "Counts each voter once, however often its reply comes",
    &["Build a candidate of five servers", "Server 0's vote comes twice", "Still a candidate"],
    |ctx| {
        let (server, ballot) = running(ctx)?;
        server.handle_vote_reply(0, ballot.clone(), vote(ELECTION, true));
        server.handle_vote_reply(0, ballot, vote(ELECTION, true));
        expect::role(&*server, Role::Candidate, ELECTION)
    },
);

pub(super) const REFUSED: Test = test(
    "send-ballot-refused",
    "TestSendBallotRefusedP2Unit",
    "Counts votes, not replies",
    &["Build a candidate of five servers", "All others refuse", "Still a candidate"],
    |ctx| {
        let (server, ballot) = running(ctx)?;
        for id in [0, 2, 3, 4] {
            server.handle_vote_reply(id, ballot.clone(), vote(ELECTION, false));
        }
        expect::role(&*server, Role::Candidate, ELECTION)
    },
);

pub(super) const HIGHER_TERM: Test = test(
    "send-ballot-higher-term",
    "TestSendBallotHigherTermP2Unit",
    "A reply of a later term makes a candidate a follower in that term, free to vote (§5.1)",
    &["Build a candidate in term 23", "Server 0 refuses in term 30", "It follows in term 30"],
    |ctx| {
        let (server, ballot) = running(ctx)?;
        server.handle_vote_reply(0, ballot, vote(30, false));
        expect::role(&*server, Role::Follower, 30)?;
        expect::equal("voted for", server.state().voted_for, None)
    },
);

pub(super) const STALE_TERM: Test = test(
    "send-ballot-stale-term",
    "TestSendBallotStaleTermP2Unit",
    "Ignores votes of an earlier election: they were given for that term only (§5.2)",
    &[
        "Build a candidate of five servers in term 23",
        "Its timer runs out again: a candidate in term 24",
        "Servers 0, 2 and 3 vote for it in term 23: still a candidate",
    ],
    |ctx| {
        let (server, old_ballot) = running(ctx)?;
        server.start_election();
        for id in [0, 2, 3] {
            server.handle_vote_reply(id, old_ballot.clone(), vote(ELECTION, true));
        }
        expect::role(&*server, Role::Candidate, ELECTION + 1)
    },
);

pub(super) const NOT_RUNNING: Test = test(
    "send-ballot-not-running",
    "TestSendBallotNotRunningP2Unit",
    "Ignores votes that come after it has given way to a leader (§5.2)",
    &[
        "Build a candidate of five servers in term 23",
        "Server 4 proves to be the leader of term 23",
        "Servers 0, 2 and 3 vote for it: still a follower",
    ],
    |ctx| {
        let (server, ballot) = running(ctx)?;
        let mut heartbeat = super::given::append(ELECTION, (0, 0), &[], 0);
        heartbeat.leader_id = 4;
        server.append_entries(heartbeat);
        for id in [0, 2, 3] {
            server.handle_vote_reply(id, ballot.clone(), vote(ELECTION, true));
        }
        expect::role(&*server, Role::Follower, ELECTION)
    },
);
