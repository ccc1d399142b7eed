//! What a server knows came to it in messages, or from its own clients.
//!
//! What is *under way* to a server counts from the moment at which its handler begins, or at which an answer is
//! about to be given to the caller: before that, the server cannot know it.

use contracts::raft::{Command, LogIndex, ServerId, Term};

use super::State;
use super::property::Property::{self, CommitRule, ElectionSafety, NothingButMessages};
use super::violation::{Verdict, Violation};
use crate::events;
use crate::raft::name_servers;
use crate::raft::observe::Life;
use crate::raft::traffic::{Append, Position};

impl State {
    /// A vote comes to the candidate that asked for it.
    pub(super) fn vote_comes(&mut self, to: Life, voter: ServerId, term: Term) {
        self.servers[to.server].votes_heard.entry(term).or_default().insert(voter);
    }

    /// The leader of `term` hears that `follower` holds its log up to `index`.
    pub(super) fn acknowledgement_comes(
        &mut self,
        to: Life,
        follower: ServerId,
        term: Term,
        index: LogIndex,
    ) {
        let majority = self.majority();
        let leader = self.leaders.get_mut(&term).filter(|leader| leader.server == to.server);
        let Some(leader) = leader else { return };
        leader.heard[follower] = leader.heard[follower].max(index);
        let mut others = leader.heard.clone();
        others.swap_remove(to.server);
        others.sort_unstable_by_key(|index| std::cmp::Reverse(*index));
        // With its own copy they are a majority.
        if let Some(known) = majority.checked_sub(2).and_then(|last| others.get(last)) {
            let heard = &mut self.servers[to.server].commit_heard;
            *heard = (*heard).max(*known);
        }
    }

    /// The votes by which `server` leads `term` have come to it; that they were given was seen.
    pub(super) fn has_heard_of_it(&self, server: ServerId, term: Term) -> Verdict {
        let heard = self.servers[server].votes_heard.get(&term);
        let voters: Vec<ServerId> = heard.into_iter().flatten().copied().collect();
        if voters.len() + 1 >= self.majority() {
            return Ok(());
        }
        let message = format!(
            "server {server} leads term {term}, and a majority has voted for it; but it has heard that \
             of {} only",
            name_servers(&voters)
        );
        Err(Violation::new(ElectionSafety, message).servers([server]).terms([term]))
    }

    /// What a leader sends of earlier terms was brought to it.
    pub(super) fn passes_on(&mut self, server: ServerId, append: &Append) -> Verdict {
        if !self.sees_all() {
            return Ok(());
        }
        let term = append.term;
        let mut place = append.prev;
        let mut places = vec![place];
        for entry in &append.entries {
            place = Position { index: place.index + 1, term: entry.term };
            places.push(place);
        }
        places.into_iter().filter(|place| place.term < term).try_for_each(|place| {
            self.came_by(server, place, || format!("sends {place} as leader of term {term}"))
        })
    }

    /// `server` has, as what it `does` shows, an entry at `place`: somebody sent it, or it may have made it
    /// itself, as a leader or, before that was seen, a candidate.
    pub(super) fn came_by(
        &mut self,
        server: ServerId,
        place: Position,
        does: impl FnOnce() -> String,
    ) -> Verdict {
        if !self.sees_all() || place.index == 0 {
            return Ok(());
        }
        self.coverage.count(NothingButMessages);
        let own = || {
            let leads = self.leaders.get(&place.term).is_some_and(|leader| leader.server == server);
            leads || self.candidates.contains_key(&(place.term, server))
        };
        if self.servers[server].delivered.may_hold(place) || own() {
            return Ok(());
        }
        let message = format!("server {server} {}, which it was never sent", does());
        Err(Violation::new(NothingButMessages, message)
            .servers([server])
            .terms([place.term])
            .index(place.index))
    }

    /// A state machine applies `command`: it was sent to the server, or started there.
    pub(super) fn was_brought(
        &mut self,
        server: ServerId,
        index: LogIndex,
        command: &Command,
    ) -> Verdict {
        self.coverage.count(NothingButMessages);
        let hash = events::command_hash(command);
        let is_that = |term| self.chain.command(Position { index, term }) == Some(hash);
        if self.servers[server].delivered.terms_at(index).any(is_that) {
            return Ok(());
        }
        let message = format!(
            "server {server} applies {command} at index {index}, and no message has brought that to it"
        );
        Err(Violation::new(NothingButMessages, message).servers([server]).index(index))
    }

    /// A server that applies `index` was told that it is committed, or has found out as leader.
    pub(super) fn has_heard_of_commit(&mut self, server: ServerId, index: LogIndex) -> Verdict {
        if index <= self.servers[server].commit_heard {
            return Ok(());
        }
        let led = self.leaders.values().any(|leader| leader.server == server);
        let property = if led { CommitRule } else { NothingButMessages };
        let who = format!("server {server} applies index {index}");
        Err(self.unheard(who, server, property).index(index))
    }

    /// Somebody takes as committed what has not come to `server`.
    pub(super) fn unheard(&self, who: String, server: ServerId, property: Property) -> Violation {
        let message = format!(
            "{who}; what leaders have told it, and the acknowledgements that it has got as leader, go \
             up to index {} only",
            self.servers[server].commit_heard
        );
        Violation::new(property, message).servers([server])
    }
}
