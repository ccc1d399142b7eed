//! Whom servers vote for (§5.2, §5.4.1).

use contracts::raft::{RequestVoteArgs, RequestVoteReply, ServerId, Term};

use super::State;
use super::history::What;
use super::property::Property::{
    AcknowledgedEntriesStay, ElectionRestriction, OneVoteATerm, StaleTermsAreRefused,
};
use super::server::Vote;
use super::violation::{Verdict, Violation};
use crate::raft::observe::Life;
use crate::raft::traffic::Position;

impl State {
    /// A candidate asks for a vote, and so has voted for itself.
    pub(super) fn asks_for_votes(&mut self, from: Life, args: &RequestVoteArgs) -> Verdict {
        let (server, term) = (from.server, args.term);
        let last = Position { index: args.last_log_index, term: args.last_log_term };
        self.acts_in_term(server, term)?;
        if self.candidates.insert((term, server), last).is_none() {
            self.history.add(server, What::Asks { term, last });
            self.votes(from, term, server)?;
            self.still_holds(server, term, last)?;
            self.came_by(server, last, || {
                format!("asks for votes in term {term} with a log up to {last}")
            })?;
        }
        Ok(())
    }

    /// A voter has answered. It had shown the term `before` when the ballot came.
    pub(super) fn ballot(
        &mut self,
        at: Life,
        before: Term,
        args: &RequestVoteArgs,
        reply: &RequestVoteReply,
    ) -> Verdict {
        let voter = at.server;
        let (term, candidate) = (args.term, args.candidate_id);
        self.coverage.count(StaleTermsAreRefused);
        if reply.vote_granted && term < before {
            let message = format!(
                "server {voter} votes for server {candidate} in term {term}, when it was in term \
                 {before} already"
            );
            return Err(Violation::new(StaleTermsAreRefused, message)
                .servers([voter, candidate])
                .terms([term, before]));
        }
        if reply.term != 0 {
            self.says_term(voter, before, reply.term)?;
        }
        if !reply.vote_granted {
            return Ok(());
        }
        self.servers[voter].shows(term);
        self.votes(at, term, candidate)?;
        let last = Position { index: args.last_log_index, term: args.last_log_term };
        self.is_up_to_date(voter, term, candidate, last)
    }

    /// A vote, also one for itself, and also one that a look inside shows.
    pub(super) fn votes(&mut self, voter: Life, term: Term, candidate: ServerId) -> Verdict {
        self.coverage.count(OneVoteATerm);
        let Life { server, number } = voter;
        let votes = &mut self.servers[server].votes;
        let Some(earlier) = votes.insert(term, Vote { candidate, life: number }) else {
            self.history.add(server, What::Votes { term, candidate });
            return Ok(());
        };
        if earlier.candidate == candidate {
            return Ok(());
        }
        let restarted = if earlier.life == number { "" } else { ", before its restart" };
        let message = format!(
            "server {server} votes for server {candidate} in term {term}, in which it had voted for \
             server {}{restarted}",
            earlier.candidate
        );
        self.history.add(server, What::Votes { term, candidate });
        Err(Violation::new(OneVoteATerm, message).servers([server]).terms([term]))
    }

    /// A voter's log ends at least where the log ends that it holds for certain, so a candidate whose
    /// log is less up to date than that must not get its vote.
    fn is_up_to_date(
        &mut self,
        voter: ServerId,
        term: Term,
        candidate: ServerId,
        last: Position,
    ) -> Verdict {
        let Some(held) = self.servers[voter].held_before(term).filter(|_| self.coverage.is_whole())
        else {
            return Ok(());
        };
        self.coverage.count(ElectionRestriction);
        if (last.term, last.index) >= (held.term, held.index) {
            return Ok(());
        }
        let message = format!(
            "server {voter} votes in term {term} for server {candidate}, whose log ends with {last}: \
             its own has {held}, which is more up to date"
        );
        Err(Violation::new(ElectionRestriction, message)
            .servers([voter, candidate])
            .terms([term])
            .index(held.index))
    }

    /// A server that becomes candidate or leader of `term` with a log that ends in `last` holds what it
    /// acknowledged in earlier terms.
    pub(super) fn still_holds(&mut self, server: ServerId, term: Term, last: Position) -> Verdict {
        let Some(held) =
            self.servers[server].held_before(term).filter(|_| self.coverage.is_whole())
        else {
            return Ok(());
        };
        self.coverage.count(AcknowledgedEntriesStay);
        let holds = last.index >= held.index && self.chain.agree(held, last) != Some(false);
        if holds {
            return Ok(());
        }
        let message = format!(
            "server {server} has acknowledged {held}; in term {term} its log ends with {last} and \
             does not have it, and nothing came meanwhile that conflicts with it"
        );
        Err(Violation::new(AcknowledgedEntriesStay, message)
            .servers([server])
            .terms([held.term, term])
            .index(held.index))
    }
}
