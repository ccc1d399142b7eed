//! How soon a majority that can talk has a new leader.
//!
//! It is measured while the network is reliable and the same servers, a majority, have been up and
//! connected. The clock starts when that began, or when one of them begins a later term although it had
//! a leader. It stops when a connected follower answers an AppendEntries of the latest term in that term.

use contracts::raft::{ServerId, Term};
use labrt::time::Duration;

use super::Seconds;
use super::up::Up;
use crate::Watched;
use crate::raft::name_servers;
use crate::raft::traffic::{Reply, Request};

/// Measures how long a majority is without a leader.
#[derive(Debug)]
pub(super) struct Succession {
    within: Duration,
    /// Since when those who are up have no leader; none while they have one or cannot elect one.
    leaderless: Option<Duration>,
    /// The latest term that any of those who are up has answered in or was asked in.
    latest: Term,
    /// Whether an AppendEntries was seen at all.
    appends: bool,
    /// A method of the submission's own.
    other: Option<String>,
    checks: u64,
}

impl Succession {
    pub(super) fn new(within: Duration) -> Self {
        Self { within, leaderless: None, latest: 0, appends: false, other: None, checks: 0 }
    }

    pub(super) fn watched(&self) -> Watched {
        let not_observed = match &self.other {
            Some(method) if !self.appends => {
                Some(format!("the servers speak {method} instead of AppendEntries"))
            }
            _ if self.checks == 0 => Some("no majority had a leader to elect".to_owned()),
            _ => None,
        };
        Watched { property: "new leader in time", checks: self.checks, not_observed }
    }

    /// Others are up than before, or the network is another.
    pub(super) fn changed(&mut self, up: &Up) {
        self.leaderless = up.can_elect().then(|| up.since());
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
                self.term_seen(vote.term.max(reply.term), up, now);
            }
            (Request::Append(append), Reply::Append(reply)) => {
                self.appends = true;
                self.term_seen(append.term.max(reply.term), up, now);
                let follows = reply.term == append.term && append.leader != at;
                if follows
                    && append.term == self.latest
                    && up.is_up(append.leader)
                    && up.is_up(at)
                    && self.leaderless.take().is_some()
                {
                    self.checks += 1;
                }
            }
            (Request::Other(method), _) if self.other.is_none() => {
                self.other = Some((*method).to_owned());
            }
            _ => {}
        }
    }

    fn term_seen(&mut self, term: Term, up: &Up, now: Duration) {
        if term > self.latest {
            self.latest = term;
            if self.leaderless.is_none() && up.can_elect() {
                self.leaderless = Some(now);
            }
        }
    }

    /// Says that a leader is overdue.
    pub(super) fn late(&self, up: &Up, now: Duration) -> Option<String> {
        let since = self.leaderless.filter(|since| now > *since + self.within)?;
        if self.other.is_some() && !self.appends {
            return None;
        }
        Some(format!(
            "expected a new leader within {} s: {} have been up and connected on a reliable network \
             since {}, without a leader since {}, and at {} none of them had answered an \
             AppendEntries of the latest term, {}",
            self.within.as_secs_f64(),
            name_servers(&up.servers()),
            Seconds(up.since()),
            Seconds(since),
            Seconds(now),
            self.latest,
        ))
    }
}

#[cfg(test)]
mod tests {
    use contracts::raft::{AppendEntriesReply, RequestVoteArgs, RequestVoteReply};

    use super::*;
    use crate::raft::traffic::{Append, Position};

    const MS: Duration = Duration::from_millis(1);

    struct Bench {
        up: Up,
        succession: Succession,
        now: Duration,
    }

    impl Bench {
        /// Three servers on a reliable network, up since 0 s.
        fn new() -> Self {
            let mut bench = Self {
                up: Up::new(3, true, Duration::ZERO),
                succession: Succession::new(Duration::from_secs(5)),
                now: Duration::ZERO,
            };
            for server in 0..3 {
                bench.change(|up| up.runs(server, true));
                bench.change(|up| up.connects(server, true));
            }
            bench
        }

        fn change(&mut self, change: impl FnOnce(&mut Up)) {
            if self.up.change(self.now, change) {
                self.succession.changed(&self.up);
            }
        }

        /// What is late after so many milliseconds more.
        fn after(&mut self, ms: u32) -> Option<String> {
            self.now += MS * ms;
            self.succession.late(&self.up, self.now)
        }

        fn append(&mut self, leader: ServerId, at: ServerId, term: Term, answer: Term) {
            let prev = Position::default();
            let append = Append { term, leader, prev, entries: Vec::new(), commit: 0 };
            let reply = AppendEntriesReply { term: answer, success: true, next_index: 1 };
            let (request, reply) = (Request::Append(append), Reply::Append(reply));
            self.succession.handled(at, &request, &reply, &self.up, self.now);
        }

        fn vote(&mut self, candidate_id: ServerId, at: ServerId, term: Term) {
            let args = RequestVoteArgs { term, candidate_id, last_log_index: 0, last_log_term: 0 };
            let reply = Reply::Vote(RequestVoteReply { term, vote_granted: true });
            self.succession.handled(at, &Request::Vote(args), &reply, &self.up, self.now);
        }
    }

    #[test]
    fn nobody_ever_leads() {
        let mut bench = Bench::new();
        assert_eq!(bench.after(4_999), None);
        bench.vote(0, 1, 4);
        assert_eq!(
            bench.after(2).unwrap(),
            "expected a new leader within 5 s: servers 0, 1, 2 have been up and connected on a \
             reliable network since 0.000 s, without a leader since 0.000 s, and at 5.001 s none \
             of them had answered an AppendEntries of the latest term, 4"
        );
    }

    #[test]
    fn a_leader_is_one_whose_append_was_answered_in_its_term_and_stays_until_a_later_one() {
        let mut bench = Bench::new();
        bench.append(0, 1, 3, 3);
        assert_eq!(bench.after(20_000), None);
        bench.vote(2, 1, 4);
        bench.append(0, 1, 3, 4);
        assert_eq!(bench.after(5_000), None);
        let late = bench.after(1).expect("nobody leads term 4");
        assert!(late.contains("since 0.000 s, without a leader since 20.000 s"), "{late}");
        bench.append(2, 1, 4, 4);
        assert_eq!(bench.after(20_000), None);
        assert_eq!(bench.succession.watched().checks, 2);
    }

    #[test]
    fn the_clock_starts_anew_when_other_servers_are_up_or_the_network_changes() {
        let mut bench = Bench::new();
        bench.append(0, 1, 1, 1);
        bench.after(1_000);
        bench.change(|up| up.connects(0, false));
        bench.append(0, 1, 1, 1);
        assert_eq!(bench.after(5_000), None, "an old leader that is gone does not count");
        assert!(bench.after(1).is_some());
        bench.change(|up| up.connects(1, false));
        assert_eq!(bench.after(20_000), None, "one of three is no majority");
        bench.change(|up| up.connects(0, true));
        bench.after(4_000);
        bench.change(|up| up.reliable(false));
        assert_eq!(bench.after(20_000), None, "the network may be why");
        bench.change(|up| up.reliable(true));
        assert_eq!(bench.after(5_000), None);
        assert!(bench.after(1).is_some());
        bench.append(2, 0, 1, 1);
        bench.change(|up| up.reliable(true));
        assert_eq!(bench.after(20_000), None, "nothing has changed");
    }

    #[test]
    fn what_does_not_speak_append_entries_is_not_observed() {
        let mut bench = Bench::new();
        let request = Request::Other("Raft.Beat");
        bench.succession.handled(1, &request, &Reply::Other, &bench.up, bench.now);
        assert_eq!(bench.after(20_000), None);
        assert_eq!(
            bench.succession.watched().not_observed.unwrap(),
            "the servers speak Raft.Beat instead of AppendEntries"
        );
    }
}
