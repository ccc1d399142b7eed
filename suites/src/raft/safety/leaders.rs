//! Who leads, and what leaders do to their logs (§5.2, §5.3, §5.4).

use std::collections::BTreeMap;

use contracts::raft::{LogIndex, ServerId, Started, Term};

use super::State;
use super::history::What;
use super::property::Property::{
    AcknowledgedEntriesStay, ElectionSafety, LeaderAppendOnly, LeaderCompleteness, LogMatching,
};
use super::server::Leader;
use super::violation::{Verdict, Violation};
use crate::events;
use crate::raft::name_servers;
use crate::raft::traffic::{Append, Position};

impl State {
    /// Something shows that `server` leads `term`.
    pub(super) fn leads(&mut self, server: ServerId, term: Term) -> Verdict {
        self.coverage.count(ElectionSafety);
        match self.leaders.get(&term) {
            Some(leader) if leader.server == server => Ok(()),
            Some(leader) => {
                let other = leader.server;
                let message = format!(
                    "expected at most one leader a term; servers {other} and {server} both claim to \
                     lead term {term}"
                );
                Err(Violation::new(ElectionSafety, message).servers([other, server]).terms([term]))
            }
            None => self.new_leader(server, term),
        }
    }

    fn new_leader(&mut self, server: ServerId, term: Term) -> Verdict {
        self.history.add(server, What::Leads { term });
        labrt::trace::emit(
            events::LEADER,
            server as u32,
            term,
            format_args!("server {server} leads term {term}"),
        );
        let elected_with = self.candidates.get(&(term, server)).copied();
        let leader = Leader {
            server,
            elected_with,
            log: elected_with.unwrap_or_default(),
            acknowledged: vec![0; self.servers.len()],
            heard: vec![0; self.servers.len()],
            complete_to: 0,
        };
        self.leaders.insert(term, leader);
        self.has_a_majority(server, term)?;
        self.is_complete(term)
    }

    /// Every vote was seen before the candidate got it.
    fn has_a_majority(&self, server: ServerId, term: Term) -> Verdict {
        if !self.sees_all() {
            return Ok(());
        }
        let voted = |seen: &super::server::Seen| {
            seen.votes.get(&term).is_some_and(|vote| vote.candidate == server)
        };
        let voters: Vec<ServerId> =
            (0..self.servers.len()).filter(|voter| voted(&self.servers[*voter])).collect();
        if voters.len() >= self.majority() {
            return self.has_heard_of_it(server, term);
        }
        let message = format!(
            "server {server} leads term {term} without a majority: of {} servers, only {} voted for it",
            self.servers.len(),
            name_servers(&voters)
        );
        Err(Violation::new(ElectionSafety, message).servers([server]).terms([term]))
    }

    /// A leader sends entries or a heartbeat.
    pub(super) fn leader_sends(&mut self, server: ServerId, append: &Append) -> Verdict {
        let term = append.term;
        self.acts_in_term(server, term)?;
        self.leads(server, term)?;
        let promises = &self.promises;
        self.chain.learn(append.prev, &append.entries, |place, command| {
            keeps_promise(promises, place, command)
        })?;
        if !append.entries.is_empty() {
            self.coverage.count(LogMatching);
        }
        self.shows_log(term, append.last())?;
        self.held_as_leader(server, term, append.last())?;
        self.passes_on(server, append)?;
        self.servers[server].delivered.extend(append);
        self.is_complete(term)?;
        self.claims(server, append)
    }

    /// The leader of `term` has a log that ends in, or goes through, `last`.
    pub(super) fn shows_log(&mut self, term: Term, last: Position) -> Verdict {
        let Some(leader) = self.leaders.get_mut(&term) else { return Ok(()) };
        if leader.log.index > 0 {
            self.coverage.count(LeaderAppendOnly);
        }
        if self.chain.agree(leader.log, last) == Some(false) {
            let (server, log) = (leader.server, leader.log);
            let message = format!(
                "server {server}, leader of term {term}, has {last} in its log; as the same leader it \
                 had {log}, which conflicts with it"
            );
            return Err(Violation::new(LeaderAppendOnly, message)
                .servers([server])
                .terms([term])
                .index(last.index.min(log.index)));
        }
        if last.index > leader.log.index {
            leader.log = last;
        }
        Ok(())
    }

    /// A leader that shows a part of its log, up to `last`, has in it what it acknowledged before.
    fn held_as_leader(&mut self, server: ServerId, term: Term, last: Position) -> Verdict {
        match self.servers[server].held_before(term) {
            Some(held) if held.index <= last.index => self.still_holds(server, term, last),
            _ => Ok(()),
        }
    }

    /// A leader has told a client where its command will stand.
    pub(super) fn leader_accepts(
        &mut self,
        server: ServerId,
        started: Started,
        command: u64,
    ) -> Verdict {
        let Started { index, term } = started;
        let place = Position { index, term };
        self.leads(server, term)?;
        self.history.add(server, What::Accepts { term, index });
        self.coverage.count(LeaderAppendOnly);
        self.servers[server].delivered.add(place);
        self.appends(server, place, command)?;
        match self.servers[server].held_before(term) {
            Some(held) if self.sees_all() && index <= held.index => {
                let message = format!(
                    "server {server} has acknowledged {held}; as leader of term {term} it puts a \
                     new command at index {index}"
                );
                Err(Violation::new(AcknowledgedEntriesStay, message)
                    .servers([server])
                    .terms([held.term, term])
                    .index(index))
            }
            _ => Ok(()),
        }
    }

    /// A leader puts a new command at `place`: nothing may stand there.
    ///
    /// Whose messages are not understood may count client commands only, and have other indices on its log than those
    /// that clients are told: what the messages showed of the log says nothing then.
    fn appends(&mut self, server: ServerId, place: Position, command: u64) -> Verdict {
        let Position { index, term } = place;
        let overwrites = |what: String| {
            let message = format!("server {server}, leader of term {term}, {what}");
            Err(Violation::new(LeaderAppendOnly, message)
                .servers([server])
                .terms([term])
                .index(index))
        };
        if self.sees_all()
            && let Some(log) = self.leaders.get(&term).and_then(|leader| leader.elected_with)
            && index <= log.index
        {
            return overwrites(format!(
                "puts a new command at index {index}, although its log ended with {log} when it was \
                 elected"
            ));
        }
        let sent = self.chain.command(place).is_some_and(|sent| sent != command);
        let promised = self.promises.insert((index, term), (server, command));
        if sent || promised.is_some_and(|(_, promised)| promised != command) {
            return overwrites(format!("gives index {index} to two commands"));
        }
        Ok(())
    }

    /// The leader of `term` has everything that was committed in earlier terms.
    pub(super) fn is_complete(&mut self, term: Term) -> Verdict {
        if !self.sees_all() {
            return Ok(());
        }
        let Some(leader) = self.leaders.get_mut(&term) else { return Ok(()) };
        let committed = self.commits.before(term);
        if committed.index <= leader.complete_to {
            return Ok(());
        }
        self.coverage.count(LeaderCompleteness);
        let lacks = leader.elected_with.is_some() && leader.log.index < committed.index;
        match self.chain.agree(leader.log, committed) {
            Some(true) if !lacks => {
                leader.complete_to = committed.index;
                return Ok(());
            }
            None if !lacks => return Ok(()),
            Some(_) | None => {}
        }
        let (server, log) = (leader.server, leader.log);
        let message = format!(
            "server {server} leads term {term} without {committed}, which was committed in an earlier \
             term; its log ends with {log}"
        );
        Err(Violation::new(LeaderCompleteness, message)
            .servers([server])
            .terms([term, committed.term])
            .index(committed.index))
    }
}

/// What a log has at `place` is what the leader of its term told the client.
pub(super) fn keeps_promise(
    promises: &BTreeMap<(LogIndex, Term), (ServerId, u64)>,
    place: Position,
    command: u64,
) -> Verdict {
    let Position { index, term } = place;
    match promises.get(&(index, term)) {
        Some((server, promised)) if *promised != command => {
            let message = format!(
                "server {server}, leader of term {term}, told a client that its command is at index \
                 {index}, and has another one there"
            );
            Err(Violation::new(LeaderAppendOnly, message)
                .servers([*server])
                .terms([term])
                .index(index))
        }
        _ => Ok(()),
    }
}
