//! What followers acknowledge and refuse (§5.3).

use contracts::raft::{AppendEntriesReply, ServerId};

use super::State;
use super::history::What;
use super::property::Property::{AcknowledgedEntriesStay, LogMatching, StaleTermsAreRefused};
use super::server::{Handling, Held};
use super::violation::{Verdict, Violation};
use crate::raft::traffic::{Append, Position};

impl State {
    /// An AppendEntries has come to `server`, which will now handle it. Returns the handling's
    /// number.
    pub(super) fn append_comes(&mut self, server: ServerId, append: &Append) -> u64 {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        let cut = self.may_cut(server, append);
        let seen = &mut self.servers[server];
        seen.delivered.extend(append);
        seen.commit_heard = seen.commit_heard.max(append.commit);
        let held = seen.held.end;
        if let Some(left) = cut {
            seen.disturb(left);
        }
        // Entries of two leaders may conflict, and either may come first.
        let disturbed = seen.handling.iter().any(|other| other.leader_term != append.term);
        if disturbed {
            seen.handling.iter_mut().for_each(|other| other.disturbed = true);
        }
        let term = seen.term;
        seen.handling.push(Handling { ticket, leader_term: append.term, term, held, disturbed });
        ticket
    }

    /// What is left for certain of the server's log when it takes in `append`; `None` when that
    /// cannot cut anything.
    fn may_cut(&self, server: ServerId, append: &Append) -> Option<Position> {
        let held = self.servers[server].held.end;
        if held.index == 0 || append.entries.is_empty() {
            return None;
        }
        if self.chain.agree(held, append.last()) == Some(true) {
            return None;
        }
        let prev_is_held =
            append.prev.index <= held.index && self.chain.agree(held, append.prev) == Some(true);
        Some(if prev_is_held { append.prev } else { Position::default() })
    }

    /// The server has answered.
    pub(super) fn append_ends(
        &mut self,
        server: ServerId,
        ticket: u64,
        append: &Append,
        reply: &AppendEntriesReply,
    ) -> Verdict {
        let seen = &mut self.servers[server];
        let Some(at) = seen.handling.iter().position(|handling| handling.ticket == ticket) else {
            return Ok(());
        };
        let handling = seen.handling.swap_remove(at);
        if reply.success {
            self.is_not_stale(server, handling, append)?;
        }
        // Some leave the term out of a success, where nobody reads it.
        if reply.term != 0 {
            self.says_term(server, handling.term, reply.term)?;
        }
        if reply.success {
            self.accepts(server, handling, append)
        } else {
            self.refuses(server, handling, append, reply)
        }
    }

    fn is_not_stale(&mut self, server: ServerId, handling: Handling, append: &Append) -> Verdict {
        self.coverage.count(StaleTermsAreRefused);
        let Append { term, leader, .. } = *append;
        if term >= handling.term {
            return Ok(());
        }
        let message = format!(
            "server {server} accepts an AppendEntries of server {leader} for term {term}, when it was \
             in term {} already",
            handling.term
        );
        Err(Violation::new(StaleTermsAreRefused, message)
            .servers([server, leader])
            .terms([term, handling.term]))
    }

    fn accepts(&mut self, server: ServerId, handling: Handling, append: &Append) -> Verdict {
        let Append { term, leader, .. } = *append;
        self.servers[server].shows(term);
        self.holds_prev(server, handling, append)?;
        let last = append.last();
        self.acknowledged(server, term, last);
        let seen = &mut self.servers[server];
        if handling.disturbed {
            return Ok(());
        }
        let end = seen.held.end;
        if last.index > end.index {
            seen.held = Held { end: last, acknowledged_in: term, ..seen.held };
            self.history.add(server, What::Acknowledges { term, leader, last });
        } else {
            seen.held.acknowledged_in = seen.held.acknowledged_in.max(term);
        }
        Ok(())
    }

    /// A server that accepts entries after `prev` must hold that.
    fn holds_prev(&mut self, server: ServerId, handling: Handling, append: &Append) -> Verdict {
        if !self.sees_all() {
            return Ok(());
        }
        let Append { term, leader, prev, .. } = *append;
        let held = handling.held;
        if prev.index > 0 {
            self.coverage.count(LogMatching);
        }
        let wrong = if !self.servers[server].delivered.may_hold(prev) {
            "which it was never sent".to_owned()
        } else if !handling.disturbed
            && prev.index <= held.index
            && self.chain.agree(held, prev) == Some(false)
        {
            format!("although its log, which goes to {held}, has another entry there")
        } else {
            return Ok(());
        };
        let message = format!(
            "server {server} accepts an AppendEntries of server {leader} for term {term} that follows \
             {prev}, {wrong}"
        );
        Err(Violation::new(LogMatching, message)
            .servers([server, leader])
            .terms([term, prev.term])
            .index(prev.index))
    }

    /// A server may refuse a request of its own term only when it does not hold what the entries
    /// follow.
    fn refuses(
        &mut self,
        server: ServerId,
        handling: Handling,
        append: &Append,
        reply: &AppendEntriesReply,
    ) -> Verdict {
        let Append { term, leader, prev, .. } = *append;
        self.history.add(server, What::Refuses { term, leader, prev });
        let held = handling.held;
        let same_term = reply.term == term && handling.term <= term;
        if !self.sees_all() || !same_term || handling.disturbed || prev.index > held.index {
            return Ok(());
        }
        self.coverage.count(AcknowledgedEntriesStay);
        if prev.index == 0 || self.chain.agree(held, prev) != Some(true) {
            return Ok(());
        }
        let message = format!(
            "server {server} refuses an AppendEntries of server {leader} for its own term {term} that \
             follows {prev}; it has acknowledged {held}, and nothing came meanwhile that conflicts \
             with it"
        );
        Err(Violation::new(AcknowledgedEntriesStay, message)
            .servers([server, leader])
            .terms([term, prev.term])
            .index(prev.index))
    }
}
