//! The state of open servers.
//!
//! A look takes the server's lock and copies its log, so it is taken only now and then: the messages
//! since the last look must be some fraction of the entries to be looked at. What is seen inside may not
//! be in the storage yet, so nothing of it is expected to survive a crash.

use contracts::raft::{LogIndex, Role, ServerId, State as Inner, Term};

use super::State;
use super::leaders::keeps_promise;
use super::property::Property::{
    AcknowledgedEntriesStay, CommitRule, LeaderAppendOnly, LogMatching, OneVoteATerm,
};
use super::server::Held;
use super::violation::{Verdict, Violation};
use crate::events;
use crate::raft::observe::Life;
use crate::raft::traffic::{EntrySeen, Position};

/// Entries that one message pays for.
const ENTRIES_A_MESSAGE: usize = 4;

/// What was known when a look began: what is seen inside must be at least as new.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    term: Term,
    voted_for: Option<ServerId>,
    held: Held,
    /// The end of its log as leader of [`term`](Self::term).
    led: Option<Position>,
}

impl State {
    /// What is known of `server`, if it is time to look into it.
    pub(super) fn look_is_due(&mut self, server: ServerId) -> Option<Before> {
        let seen = &mut self.servers[server];
        let inside = seen.inside.as_mut()?;
        inside.messages += 1;
        if inside.messages * ENTRIES_A_MESSAGE < inside.entries {
            return None;
        }
        inside.messages = 0;
        let term = seen.term;
        let led = self.leaders.get(&term).filter(|leader| leader.server == server);
        Some(Before {
            term,
            voted_for: seen.votes.get(&term).map(|vote| vote.candidate),
            held: seen.held,
            led: led.map(|leader| leader.log),
        })
    }

    /// The life's state is `inner`, at some moment since `before`.
    pub(super) fn looks(&mut self, life: Life, before: Before, inner: &Inner) -> Verdict {
        let server = life.server;
        if let Some(inside) = &mut self.servers[server].inside {
            inside.entries = inner.log.len();
        }
        self.says_term(server, before.term, inner.current_term)?;
        self.vote_inside(server, before, inner)?;
        self.log_inside(server, before, inner)?;
        if inner.role == Role::Leader {
            self.leader_inside(server, before, inner)?;
        }
        self.commits_inside(server, inner)
    }

    fn vote_inside(&mut self, server: ServerId, before: Before, inner: &Inner) -> Verdict {
        self.coverage.count(OneVoteATerm);
        let term = inner.current_term;
        let known = match inner.voted_for {
            Some(_) => self.servers[server].votes.get(&term).map(|vote| vote.candidate),
            // It may have voted since the look began.
            None => before.voted_for.filter(|_| term == before.term),
        };
        let Some(known) = known.filter(|known| inner.voted_for != Some(*known)) else {
            return Ok(());
        };
        let inside = match inner.voted_for {
            Some(other) => format!("that its vote is for server {other}"),
            None => "that it has not voted".to_owned(),
        };
        let message = format!(
            "server {server} has voted for server {known} in term {term}; inside it says {inside}"
        );
        Err(Violation::new(OneVoteATerm, message).servers([server]).terms([term]))
    }

    fn log_inside(&mut self, server: ServerId, before: Before, inner: &Inner) -> Verdict {
        if !inner.log.is_empty() {
            self.coverage.count(LogMatching);
        }
        let seen = |entry: &contracts::raft::Entry| EntrySeen {
            term: entry.term,
            command: events::command_hash(&entry.command),
        };
        let entries: Vec<EntrySeen> = inner.log.iter().map(seen).collect();
        let promises = &self.promises;
        self.chain.learn(Position::default(), &entries, |place, command| {
            keeps_promise(promises, place, command)
        })?;

        let held = before.held.end;
        let undisturbed = self.servers[server].held.disturbances == before.held.disturbances;
        if !undisturbed || held.index == 0 {
            return Ok(());
        }
        self.coverage.count(AcknowledgedEntriesStay);
        if term_inside(inner, held.index) == Some(held.term) {
            return Ok(());
        }
        let message = format!(
            "server {server} has acknowledged {held}; inside, its log ends with {} and does not have \
             it, and nothing came meanwhile that conflicts with it",
            end_inside(inner)
        );
        Err(Violation::new(AcknowledgedEntriesStay, message)
            .servers([server])
            .terms([held.term])
            .index(held.index))
    }

    fn leader_inside(&mut self, server: ServerId, before: Before, inner: &Inner) -> Verdict {
        let (term, end) = (inner.current_term, end_inside(inner));
        self.leads(server, term)?;
        if let Some(led) = before.led.filter(|led| term == before.term && end.index < led.index) {
            let message = format!(
                "the log of server {server}, leader of term {term}, ends with {end}; as the same \
                 leader it had {led}"
            );
            return Err(Violation::new(LeaderAppendOnly, message)
                .servers([server])
                .terms([term])
                .index(led.index));
        }
        self.shows_log(term, end)?;
        self.is_complete(term)
    }

    fn commits_inside(&mut self, server: ServerId, inner: &Inner) -> Verdict {
        let (commit, applied) = (inner.commit_index, inner.last_applied);
        if !self.sees_all() || commit.max(applied) == 0 {
            return Ok(());
        }
        self.coverage.count(CommitRule);
        if commit > self.commits.possible_to() {
            let who = format!("server {server} says inside that index {commit} is committed");
            return Err(self.uncommitted(who, commit).servers([server]));
        }
        let wrong = if commit > inner.log.len() as LogIndex {
            format!("its log ends with {}", end_inside(inner))
        } else if applied > commit {
            format!("it has applied up to index {applied}")
        } else {
            return Ok(());
        };
        let message =
            format!("server {server} says inside that its commit index is {commit}, but {wrong}");
        Err(Violation::new(CommitRule, message).servers([server]).index(commit))
    }
}

fn end_inside(inner: &Inner) -> Position {
    let index = inner.log.len() as LogIndex;
    Position { index, term: term_inside(inner, index).unwrap_or_default() }
}

fn term_inside(inner: &Inner, index: LogIndex) -> Option<Term> {
    let slot = index.checked_sub(1)?;
    inner.log.get(slot as usize).map(|entry| entry.term)
}
