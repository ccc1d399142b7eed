//! Whether the winner of an election says so at once.
//!
//! The votes are counted where they are given. Their replies take no time on a reliable network, so
//! that the candidate could know as soon as the last one that it needs was granted. Its first message of
//! any kind, other than a further ballot, stops the clock.

use std::collections::{BTreeMap, BTreeSet};

use contracts::raft::{ServerId, Term};
use labrt::time::Duration;

use super::Seconds;
use super::up::Up;
use crate::raft::traffic::{Reply, Request};

/// Counts votes and waits for the winner's first message.
#[derive(Debug)]
pub(super) struct Winner {
    within: Duration,
    majority: usize,
    /// The latest term seen anywhere, and who has voted for whom in it.
    term: Term,
    votes: BTreeMap<ServerId, BTreeSet<ServerId>>,
    /// Who has won that term and is still silent, and since when.
    silent: Option<(ServerId, Duration)>,
    /// One finding a run is enough.
    found: bool,
}

impl Winner {
    pub(super) fn new(servers: usize, within: Duration) -> Self {
        Self {
            within,
            majority: servers / 2 + 1,
            term: 0,
            votes: BTreeMap::new(),
            silent: None,
            found: false,
        }
    }

    /// Others are up than before, or the network is another, which may be why a winner is silent.
    pub(super) fn changed(&mut self) {
        self.silent = None;
    }

    /// A server sends something other than a ballot.
    pub(super) fn sent(&mut self, from: ServerId) {
        self.silent = self.silent.filter(|(winner, _)| *winner != from);
    }

    /// `at` has answered a request.
    pub(super) fn handled(
        &mut self,
        at: ServerId,
        request: &Request<'_>,
        reply: &Reply,
        up: &Up,
        now: Duration,
    ) {
        match (request, reply) {
            (Request::Vote(vote), Reply::Vote(reply)) => {
                self.term_seen(vote.term.max(reply.term));
                let counts = reply.vote_granted && reply.term == vote.term;
                if counts && vote.term == self.term && up.is_up(vote.candidate_id) {
                    self.granted(vote.candidate_id, at, up.is_reliable(), now);
                }
            }
            (Request::Append(append), Reply::Append(reply)) => {
                self.term_seen(append.term.max(reply.term));
            }
            _ => {}
        }
    }

    fn granted(&mut self, candidate: ServerId, voter: ServerId, reliable: bool, now: Duration) {
        let votes = self.votes.entry(candidate).or_insert_with(|| BTreeSet::from([candidate]));
        let new = votes.insert(voter);
        if new && votes.len() == self.majority && reliable {
            self.silent = Some((candidate, now));
        }
    }

    fn term_seen(&mut self, term: Term) {
        if term > self.term {
            self.term = term;
            self.votes.clear();
            self.silent = None;
        }
    }

    /// Says that a winner is silent for too long; once a run.
    pub(super) fn late(&mut self, now: Duration) -> Option<String> {
        let late = |(_, since): &(ServerId, Duration)| now > *since + self.within;
        let (winner, since) = self.silent.take_if(|silent| late(silent))?;
        (!std::mem::replace(&mut self.found, true)).then(|| {
            format!(
                "server {winner} won term {} at {} and sent nothing for more than {} ms; a winner's \
                 first AppendEntries must leave at once",
                self.term,
                Seconds(since),
                self.within.as_millis(),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use contracts::raft::{RequestVoteArgs, RequestVoteReply};

    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn up(reliable: bool) -> Up {
        let mut up = Up::new(5, reliable, Duration::ZERO);
        for server in 0..5 {
            up.runs(server, true);
            up.connects(server, true);
        }
        up
    }

    /// `voter` answers the ballot of server 2 for `term` at 1 s.
    fn vote(winner: &mut Winner, voter: ServerId, term: Term, granted: bool, up: &Up) {
        let args = RequestVoteArgs { term, candidate_id: 2, last_log_index: 0, last_log_term: 0 };
        let reply = RequestVoteReply { term, vote_granted: granted };
        let (request, reply) = (Request::Vote(args), Reply::Vote(reply));
        winner.handled(voter, &request, &reply, up, 1_000 * MS);
    }

    fn five() -> Winner {
        Winner::new(5, 50 * MS)
    }

    #[test]
    fn a_winner_that_is_silent_is_found_once() {
        let (mut winner, up) = (five(), up(true));
        vote(&mut winner, 0, 7, true, &up);
        assert_eq!(winner.late(2_000 * MS), None, "two of five");
        vote(&mut winner, 1, 7, true, &up);
        assert_eq!(winner.late(1_050 * MS), None);
        assert_eq!(
            winner.late(1_051 * MS).unwrap(),
            "server 2 won term 7 at 1.000 s and sent nothing for more than 50 ms; a winner's first \
             AppendEntries must leave at once"
        );
        for voter in [0, 1] {
            vote(&mut winner, voter, 8, true, &up);
        }
        assert_eq!(winner.late(9_000 * MS), None);
    }

    #[test]
    fn its_first_message_stops_the_clock_and_another_servers_does_not() {
        let (mut winner, up) = (five(), up(true));
        vote(&mut winner, 0, 7, true, &up);
        vote(&mut winner, 1, 7, true, &up);
        winner.sent(3);
        assert!(winner.silent.is_some());
        winner.sent(2);
        vote(&mut winner, 3, 7, true, &up);
        assert_eq!(winner.late(9_000 * MS), None);
    }

    #[test]
    fn no_majority_no_winner() {
        let (mut winner, up) = (five(), up(true));
        vote(&mut winner, 0, 7, true, &up);
        vote(&mut winner, 0, 7, true, &up);
        vote(&mut winner, 1, 7, false, &up);
        vote(&mut winner, 3, 8, true, &up);
        assert_eq!(winner.late(9_000 * MS), None);
    }

    #[test]
    fn a_later_term_a_fault_or_an_unreliable_network_may_be_why() {
        let later_term: fn(&mut Winner, &Up) = |winner, up| vote(winner, 3, 8, false, up);
        let fault: fn(&mut Winner, &Up) = |winner, _| winner.changed();
        for (reliable, why) in [(true, later_term), (true, fault), (false, |_, _| {})] {
            let (mut winner, up) = (five(), up(reliable));
            vote(&mut winner, 0, 7, true, &up);
            vote(&mut winner, 1, 7, true, &up);
            why(&mut winner, &up);
            assert_eq!(winner.late(9_000 * MS), None);
        }
    }
}
