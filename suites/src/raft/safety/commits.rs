//! What is committed (§5.3, §5.4.2).
//!
//! An entry *can be committed* once a majority has acknowledged, to the leader of a term, a log that goes
//! through it up to an entry of that term. This is found from the acknowledgements alone; the leader
//! itself counts with what it has sent. An entry *is committed* once somebody says so, who must be able
//! to: the leader by its commit index, or a server by applying.

use contracts::raft::{Command, LogIndex, ServerId, Term};

use super::State;
use super::history::What;
use super::property::Property::{CommitRule, NoGaps, StateMachineSafety};
use super::violation::{Verdict, Violation};
use crate::events;
use crate::raft::traffic::{Append, Position};

/// An entry that can be committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Possible {
    term: Term,
    command: u64,
}

/// The committed part of the log.
#[derive(Debug, Default)]
pub(super) struct Commits {
    /// What can be committed; the first has index 1.
    possible: Vec<Possible>,
    /// For each entry that is committed, a term in or before which that happened.
    said_in: Vec<Term>,
}

impl Commits {
    /// The last index that can be committed.
    pub(super) fn possible_to(&self) -> LogIndex {
        self.possible.len() as LogIndex
    }

    /// The last entry that was committed before `term`.
    pub(super) fn before(&self, term: Term) -> Position {
        let index = match self.said_in.last() {
            Some(last) if *last < term => self.said_in.len(),
            _ => self.said_in.partition_point(|said| *said < term),
        };
        match index.checked_sub(1).and_then(|slot| self.possible.get(slot)) {
            Some(entry) => Position { index: index as LogIndex, term: entry.term },
            None => Position::default(),
        }
    }

    fn at(&self, index: LogIndex) -> Option<Possible> {
        self.possible.get(index.checked_sub(1)? as usize).copied()
    }

    /// Everything up to `index` is committed, by a leader of `term` or an earlier one.
    fn said(&mut self, index: LogIndex, term: Term) {
        let index = index.min(self.possible_to()) as usize;
        if self.said_in.len() < index {
            self.said_in.resize(index, term);
        }
    }
}

impl State {
    /// Whether votes and entries travel where they are seen, and nowhere else.
    pub(super) fn sees_all(&self) -> bool {
        self.tapped && self.servers.len() > 1 && self.coverage.is_whole()
    }

    /// `follower` has acknowledged to the leader of `term` a log that ends in `last`.
    pub(super) fn acknowledged(&mut self, follower: ServerId, term: Term, last: Position) {
        let majority = self.majority();
        let Some(leader) = self.leaders.get_mut(&term) else { return };
        let known = &mut leader.acknowledged[follower];
        *known = last.index.max(*known);
        if last.index <= self.commits.possible_to() {
            return;
        }
        let mut matched = leader.acknowledged.clone();
        matched[leader.server] = leader.log.index;
        matched.sort_unstable();
        let index = matched[matched.len() - majority];
        let end = Position { index, term };
        // Terms do not decrease along a log, so an older term here means that none of the leader's
        // own entries is on a majority. Only this leader makes entries of its term; what it has sent
        // between this one and its last may not have left yet.
        let is_its_own = self.chain.command(end).is_some();
        if is_its_own && index > self.commits.possible_to() {
            self.can_commit(end);
        }
    }

    /// Everything up to `end` can be committed.
    fn can_commit(&mut self, end: Position) {
        let mut entries = Vec::new();
        let mut place = end;
        while place.index > 0 && self.commits.at(place.index).map(|e| e.term) != Some(place.term) {
            let (Some(command), Some(before)) =
                (self.chain.command(place), self.chain.before(place))
            else {
                return;
            };
            entries.push(Possible { term: place.term, command });
            place = before;
        }
        // What could be committed and was not may be overwritten: its leader may have lost its own
        // copy, which counts here, in a crash.
        let kept = place.index.max(self.commits.said_in.len() as LogIndex);
        if kept == place.index {
            self.commits.possible.truncate(kept as usize);
            self.commits.possible.extend(entries.into_iter().rev());
        }
    }

    /// A leader says in an AppendEntries up to where the log is committed.
    pub(super) fn claims(&mut self, server: ServerId, append: &Append) -> Verdict {
        if !self.sees_all() || append.commit == 0 {
            return Ok(());
        }
        self.coverage.count(CommitRule);
        let (commit, term) = (append.commit, append.term);
        if commit > self.commits.said_in.len() as LogIndex {
            self.history.add(server, What::Claims { term, commit });
        }
        let who = || {
            format!("server {server}, leader of term {term}, says that index {commit} is committed")
        };
        if commit > self.commits.possible_to() {
            return Err(self.uncommitted(who(), commit).servers([server]).terms([term]));
        }
        if commit > self.servers[server].commit_heard {
            return Err(self.unheard(who(), server, CommitRule).index(commit).terms([term]));
        }
        self.commits.said(commit, term);
        let later: Vec<Term> = self.leaders.range(term + 1..).map(|(later, _)| *later).collect();
        later.into_iter().try_for_each(|later| self.is_complete(later))
    }

    /// A state machine applies `command`.
    pub(super) fn applies(
        &mut self,
        server: ServerId,
        index: LogIndex,
        command: &Command,
    ) -> Verdict {
        self.coverage.count(NoGaps);
        self.coverage.count(StateMachineSafety);
        self.history.add(server, What::Applies { index });
        if !self.sees_all() {
            return Ok(());
        }
        self.coverage.count(CommitRule);
        let Some(entry) = self.commits.at(index) else {
            let who = format!("server {server} applies index {index}");
            return Err(self.uncommitted(who, index).servers([server]));
        };
        if entry.command != events::command_hash(command) {
            let message = format!(
                "server {server} applies {command} at index {index}; a majority holds another command \
                 there, in an entry of term {}",
                entry.term
            );
            return Err(Violation::new(StateMachineSafety, message)
                .servers([server])
                .terms([entry.term])
                .index(index));
        }
        self.was_brought(server, index, command)?;
        self.has_heard_of_commit(server, index)?;
        let latest = self.leaders.last_key_value().map_or(entry.term, |(term, _)| *term);
        self.commits.said(index, latest);
        Ok(())
    }

    /// Somebody takes `index` as committed, which it cannot be.
    pub(super) fn uncommitted(&self, who: String, index: LogIndex) -> Violation {
        let holds = self.leaders.iter().next_back().map(|(term, leader)| {
            let acknowledged: Vec<String> = (0..self.servers.len())
                .filter(|server| *server != leader.server)
                .map(|server| format!("{server}: {}", leader.acknowledged[server]))
                .collect();
            format!(
                "; the latest leader is server {} in term {term}, to whom the others have \
                 acknowledged up to index {}",
                leader.server,
                acknowledged.join(", ")
            )
        });
        let message = format!(
            "{who}; by what was acknowledged, only the entries up to index {} can be committed: a \
             majority must hold an entry of its leader's own term{}",
            self.commits.possible_to(),
            holds.unwrap_or_default()
        );
        Violation::new(CommitRule, message).index(index)
    }
}
