//! A follower handles AppendEntries (Figure 2; §5.3).

use contracts::raft::{AppendEntriesArgs, LogIndex, RaftInternals, Role, State, Term};

use super::expect;
use super::given::{TERM, append, append_reply, build, candidate, follower, log};
use super::test;
use crate::{Context, Failure, Test};

/// The log of the conflict tests.
const CONFLICTING: &[Term] = &[2, 2, 2, 3, 3, 4, 4, 4, 4, 4, 4, 4];

/// The warning of a server that follows the published test against the paper.
const COURSE_VALUE: &str = "course value, not the paper's";

/// What a call is to lead to.
struct Outcome<'a> {
    reply: (Term, bool, LogIndex),
    log: &'a [Term],
    commit_index: LogIndex,
}

/// Builds a server in the state `given`, sends it `args`, and checks reply, log and commit index.
fn check(
    ctx: &Context,
    given: State,
    args: AppendEntriesArgs,
    expected: &Outcome<'_>,
) -> Result<Box<dyn RaftInternals>, Failure> {
    let server = build(ctx, given)?;
    ctx.step("handle AppendEntries");
    let reply = server.append_entries(args);
    let (term, success, next) = expected.reply;
    expect::equal("reply", reply, append_reply(term, success, next))?;
    expect::log(&*server, &log(expected.log))?;
    let commit_index = server.state().commit_index;
    expect::equal("commit index", commit_index, expected.commit_index)?;
    Ok(server)
}

/// A follower whose log has these terms.
fn with_log(terms: &[Term]) -> State {
    State { log: log(terms), ..follower() }
}

pub(super) const OLD_TERM: Test = test(
    "append-entries-old-term",
    "TestAppendEntriesOldTermP2Unit",
    "Refuses AppendEntries of an earlier term and changes nothing (§5.1)",
    &["Build a follower in term 22", "Send AppendEntries of term 20", "Reply: term 22, failure"],
    |ctx| {
        let server = build(ctx, follower())?;
        let reply = server.append_entries(append(20, (0, 0), &[20], 1));
        expect::equal("term and success", (reply.term, reply.success), (TERM, false))?;
        expect::log(&*server, &[])?;
        expect::role(&*server, Role::Follower, TERM)
    },
);

pub(super) const NEW_TERM: Test = test(
    "append-entries-new-term",
    "TestAppendEntriesNewTermP2Unit",
    "Enters the later term of an AppendEntries (§5.1)",
    &["Build a follower in term 22", "Send AppendEntries of term 30", "It is in term 30"],
    |ctx| {
        let server = build(ctx, follower())?;
        let reply = server.append_entries(append(30, (0, 0), &[], 0));
        expect::equal("term of the reply", reply.term, 30)?;
        expect::role(&*server, Role::Follower, 30)
    },
);

pub(super) const EMPTY_LOG: Test = test(
    "append-entries-empty-log",
    "TestAppendEntriesEmptyLogP2Unit",
    "Accepts a heartbeat on an empty log; its commit index stays 0. The published test wants the \
     leader's 10, which the paper forbids (rule 5 for the receiver): 10 passes with a warning",
    &["Build a follower", "Send a heartbeat with leader commit 10", "Reply: success, next index 1"],
    |ctx| {
        let server = build(ctx, follower())?;
        let reply = server.append_entries(append(TERM, (0, 0), &[], 10));
        expect::equal("reply", reply, append_reply(TERM, true, 1))?;
        match server.state().commit_index {
            0 => Ok(()),
            10 => {
                ctx.warn(COURSE_VALUE);
                Ok(())
            }
            other => expect::equal("commit index", other, 0),
        }
    },
);

pub(super) const BASIC: Test = test(
    "append-entries-basic",
    "TestAppendEntriesBasicP2Unit",
    "Appends one entry to an empty log and commits no further than it",
    &["Build a follower", "Send one entry, leader commit 2", "It is stored and committed"],
    |ctx| {
        let expected = Outcome { reply: (TERM, true, 2), log: &[1], commit_index: 1 };
        check(ctx, follower(), append(TERM, (0, 0), &[1], 2), &expected).map(drop)
    },
);

pub(super) const LONG_PREV_INDEX: Test = test(
    "append-entries-long-prev-index",
    "TestAppendEntriesLongPrevIndexP2Unit",
    "Refuses entries that would leave a gap, and names the index after its last entry",
    &["Build a follower", "Send an entry with prev (5, term 1)", "Reply: failure, next index 1"],
    |ctx| {
        let expected = Outcome { reply: (TERM, false, 1), log: &[], commit_index: 0 };
        check(ctx, follower(), append(TERM, (5, 1), &[1], 2), &expected).map(drop)
    },
);

pub(super) const LONGER: Test = test(
    "append-entries-longer",
    "TestAppendEntriesLongerP2Unit",
    "Appends two entries after the three it has",
    &["Build a follower with log [0 2 2 2]", "Send entries 3 3", "Reply: success, next index 6"],
    |ctx| {
        let expected = Outcome { reply: (TERM, true, 6), log: &[2, 2, 2, 3, 3], commit_index: 2 };
        let args = append(TERM, (3, 2), &[3, 3], 2);
        check(ctx, with_log(&[2, 2, 2]), args, &expected).map(drop)
    },
);

pub(super) const CONFLICT_ONE: Test = test(
    "append-entries-conflict-one",
    "TestAppendEntriesConflictOneP2Unit",
    "Refuses on a conflict at prev, keeps its log, and names the first index of its term (§5.3)",
    &["Build a follower", "Send prev (9, term 6)", "Reply: failure, next index 6"],
    |ctx| {
        let expected = Outcome { reply: (TERM, false, 6), log: CONFLICTING, commit_index: 0 };
        let args = append(TERM, (9, 6), &[6], 0);
        check(ctx, with_log(CONFLICTING), args, &expected).map(drop)
    },
);

pub(super) const CONFLICT_TWO: Test = test(
    "append-entries-conflict-two",
    "TestAppendEntriesConflictTwoP2Unit",
    "Refuses on a conflict in a term further back, and names that term's first index (§5.3)",
    &["Build a follower", "Send prev (5, term 5)", "Reply: failure, next index 4"],
    |ctx| {
        let expected = Outcome { reply: (TERM, false, 4), log: CONFLICTING, commit_index: 0 };
        let args = append(TERM, (5, 5), &[5, 6, 6, 6, 6], 0);
        check(ctx, with_log(CONFLICTING), args, &expected).map(drop)
    },
);

pub(super) const CONFLICT_THREE: Test = test(
    "append-entries-conflict-three",
    "TestAppendEntriesConflictThreeP2Unit",
    "Replaces what conflicts with the leader's entries, and all that follows it (§5.3)",
    &["Build a follower", "Send 5 5 5 6 6 6 6 after prev (3, term 2)", "They replace its tail"],
    |ctx| {
        let expected = Outcome {
            reply: (TERM, true, 11),
            log: &[2, 2, 2, 5, 5, 5, 6, 6, 6, 6],
            commit_index: 6,
        };
        let args = append(TERM, (3, 2), &[5, 5, 5, 6, 6, 6, 6], 6);
        check(ctx, with_log(CONFLICTING), args, &expected).map(drop)
    },
);

pub(super) const REPEATED: Test = test(
    "append-entries-repeated",
    "TestAppendEntriesRepeatedP2Unit",
    "Takes the same AppendEntries twice and stores its entries once",
    &["Build a follower with log [0 2]", "Send entries 3 3 twice", "Both succeed, log [0 2 3 3]"],
    |ctx| {
        let expected = Outcome { reply: (TERM, true, 4), log: &[2, 3, 3], commit_index: 0 };
        let args = append(TERM, (1, 2), &[3, 3], 0);
        let server = check(ctx, with_log(&[2]), args.clone(), &expected)?;
        ctx.step("handle the same AppendEntries again");
        expect::equal("second reply", server.append_entries(args), append_reply(TERM, true, 4))?;
        expect::log(&*server, &log(&[2, 3, 3]))
    },
);

pub(super) const OVERTAKEN: Test = test(
    "append-entries-overtaken",
    "TestAppendEntriesOvertakenP2Unit",
    "Keeps what follows the entries of an old AppendEntries that later ones overtook (rule 3)",
    &["Build a follower with log [0 2 2 2 3 3]", "Send entries 2 2 after prev 1", "Log unchanged"],
    |ctx| {
        let terms = &[2, 2, 2, 3, 3];
        let expected = Outcome { reply: (TERM, true, 4), log: terms, commit_index: 0 };
        let args = append(TERM, (1, 2), &[2, 2], 0);
        check(ctx, with_log(terms), args, &expected).map(drop)
    },
);

pub(super) const HEARTBEAT_KEEPS_LOG: Test = test(
    "append-entries-heartbeat-keeps-log",
    "TestAppendEntriesHeartbeatKeepsLogP2Unit",
    "Keeps what follows prev when a heartbeat brings no entries (rule 3)",
    &["Build a follower with log [0 2 2 2]", "Send a heartbeat with prev 1", "Log unchanged"],
    |ctx| {
        let expected = Outcome { reply: (TERM, true, 2), log: &[2, 2, 2], commit_index: 0 };
        let args = append(TERM, (1, 2), &[], 0);
        check(ctx, with_log(&[2, 2, 2]), args, &expected).map(drop)
    },
);

pub(super) const HEARTBEAT_CONFLICT: Test = test(
    "append-entries-heartbeat-conflict",
    "TestAppendEntriesHeartbeatConflictP2Unit",
    "Refuses a heartbeat whose prev conflicts, as it would an append, and commits nothing",
    &["Build a follower", "Send a heartbeat with prev (9, term 6)", "Failure, next index 6"],
    |ctx| {
        let expected = Outcome { reply: (TERM, false, 6), log: CONFLICTING, commit_index: 0 };
        let args = append(TERM, (9, 6), &[], 9);
        check(ctx, with_log(CONFLICTING), args, &expected).map(drop)
    },
);

pub(super) const HEARTBEAT_LONG_PREV_INDEX: Test = test(
    "append-entries-heartbeat-long-prev-index",
    "TestAppendEntriesHeartbeatLongPrevIndexP2Unit",
    "Refuses a heartbeat whose prev is past the end of its log, and commits nothing",
    &["Build a follower with log [0 2 2]", "Heartbeat with prev (7, term 2)", "Failure, next 3"],
    |ctx| {
        let expected = Outcome { reply: (TERM, false, 3), log: &[2, 2], commit_index: 0 };
        let args = append(TERM, (7, 2), &[], 7);
        check(ctx, with_log(&[2, 2]), args, &expected).map(drop)
    },
);

pub(super) const COMMIT_LAST_NEW: Test = test(
    "append-entries-commit-last-new",
    "TestAppendEntriesCommitLastNewP2Unit",
    "Commits no further than the last entry that the leader vouched for: what follows in its log \
     may not be the leader's (rule 5)",
    &["Build a follower with log [0 2 2 2 3 3]", "Heartbeat: prev 2, commit 5", "Commit index 2"],
    |ctx| {
        let terms = &[2, 2, 2, 3, 3];
        let expected = Outcome { reply: (TERM, true, 3), log: terms, commit_index: 2 };
        let args = append(TERM, (2, 2), &[], 5);
        check(ctx, with_log(terms), args, &expected).map(drop)
    },
);

pub(super) const COMMIT_NEVER_BACK: Test = test(
    "append-entries-commit-never-back",
    "TestAppendEntriesCommitNeverBackP2Unit",
    "Never moves its commit index back, whatever an old AppendEntries says (rule 5)",
    &["Build a follower with commit index 3", "Heartbeat with leader commit 1", "Still 3"],
    |ctx| {
        let given = State { commit_index: 3, ..with_log(&[2, 2, 2]) };
        let expected = Outcome { reply: (TERM, true, 4), log: &[2, 2, 2], commit_index: 3 };
        check(ctx, given, append(TERM, (3, 2), &[], 1), &expected).map(drop)
    },
);

pub(super) const CANDIDATE_STEPS_DOWN: Test = test(
    "append-entries-candidate-steps-down",
    "TestAppendEntriesCandidateStepsDownP2Unit",
    "A candidate gives way to the leader of its own term, and keeps its vote (§5.2)",
    &["Build a candidate in term 22", "Send AppendEntries of term 22", "It is a follower"],
    |ctx| {
        let server = build(ctx, candidate())?;
        let reply = server.append_entries(append(TERM, (0, 0), &[], 0));
        expect::equal("reply", reply, append_reply(TERM, true, 1))?;
        expect::role(&*server, Role::Follower, TERM)?;
        expect::equal("voted for", server.state().voted_for, Some(super::given::ME))
    },
);
