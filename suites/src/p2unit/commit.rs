//! A leader advances its commit index (last rule for leaders in Figure 2; §5.3, §5.4.2).

use contracts::raft::{LogIndex, State, Term};

use super::given::{build, followers, leader, log};
use super::{expect, test};
use crate::{Context, Failure, Test};

const TERM: Term = 3;
const LOG: &[Term] = &[1, 1, 1, 2, 2, 3, 3, 3, 3];
const COMMITTED: LogIndex = 2;

/// One line of the table: the match indices of the other servers, and where the commit index is to
/// come to rest.
struct Case {
    name: &'static str,
    matched: &'static [LogIndex],
    expected: LogIndex,
}

const fn case(name: &'static str, matched: &'static [LogIndex], expected: LogIndex) -> Case {
    Case { name, matched, expected }
}

const CASES: &[Case] = &[
    case("a", &[9, 1, 9], 9),
    case("b", &[8, 1, 8], 8),
    case("c", &[6, 8, 1, 9], 8),
    case("d", &[4, 5, 1, 5], 2),
    case("e", &[2, 1, 2, 2], 2),
    case("f", &[1, 1, 7, 2], 2),
    case("g", &[4, 8, 1, 5], 2),
];

pub(super) const UPDATE_COMMIT_INDEX: Test = test(
    "update-commit-index",
    "TestUpdateCommitIndexP2Unit",
    "Commits what a majority stores, counting only entries of its own term (§5.4.2). It is called \
     until the index rests, and may take any path that the paper allows; the published test calls \
     once and wants exactly 6 in case c, where the paper allows 8, too",
    &[
        "Build leader 0 in term 3 with log [0 1 1 1 2 2 3 3 3 3], commit index 2",
        "Give it the match indices of case a to g; advance the commit index until it rests",
        "a 9, b 8, c 8, all others 2",
    ],
    |ctx| CASES.iter().try_for_each(|case| check(ctx, case)),
);

fn check(ctx: &Context, case: &Case) -> Result<(), Failure> {
    let next: Vec<LogIndex> = case.matched.iter().map(|m| m + 1).collect();
    let server = build(
        ctx,
        State {
            me: 0,
            current_term: TERM,
            voted_for: Some(0),
            log: log(LOG),
            commit_index: COMMITTED,
            last_applied: COMMITTED,
            followers: followers(0, &next, case.matched),
            ..leader()
        },
    )?;
    ctx.step(format!("case {}: advance the commit index until it rests", case.name));
    let mut index = COMMITTED;
    // Each step commits at least one entry, so that the log's length bounds the steps.
    for _ in 0..=LOG.len() {
        server.update_commit_index();
        let seen = server.state().commit_index;
        if seen == index {
            break;
        }
        let allowed = seen > index && may_commit(case.matched, seen);
        expect::that(allowed, &allowed_after(case, index), seen)?;
        index = seen;
    }
    let what = format!("commit index in case {}, match {:?}", case.name, case.matched);
    expect::equal(&what, index, case.expected)
}

/// Whether the paper lets a leader with this log commit up to `index`: it is of the leader's term,
/// and a majority, the leader included, stores it.
fn may_commit(matched: &[LogIndex], index: LogIndex) -> bool {
    let own_term = LOG.get(index as usize - 1) == Some(&TERM);
    let stored = 1 + matched.iter().filter(|m| **m >= index).count();
    own_term && 2 * stored > matched.len() + 1
}

fn allowed_after(case: &Case, index: LogIndex) -> String {
    let (name, matched) = (case.name, case.matched);
    let last = LOG.len() as LogIndex;
    let allowed: Vec<_> = (index + 1..=last).filter(|n| may_commit(matched, *n)).collect();
    format!("in case {name}, match {matched:?}, a commit index of {index} or one of {allowed:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_follows_from_the_paper() {
        for case in CASES {
            let last = LOG.len() as LogIndex;
            let highest = (COMMITTED + 1..=last).rfind(|n| may_commit(case.matched, *n));
            assert_eq!(highest.unwrap_or(COMMITTED), case.expected, "case {}", case.name);
        }
    }
}
