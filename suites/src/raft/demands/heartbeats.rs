//! How many requests a leader sends to each peer while nothing happens.
//!
//! It does not matter what they are called or what they carry: a heartbeat by another name counts, too.
//! What matters is that there is nothing to do. Something to do is a command, a fault, an election, an
//! entry that brings a follower further, or a refusal by which the leader finds out where a follower
//! stands; a while after the last of these, an idle stretch begins. An unreliable network is never
//! idle, since what it loses is sent again.

use std::collections::VecDeque;

use contracts::raft::{LogIndex, ServerId, Term};
use labrt::time::Duration;

use super::Seconds;
use crate::Watched;
use crate::raft::traffic::Append;

/// From the last thing to do until the idle stretch begins: several heartbeats, in which the news of
/// a commit has spread.
const SETTLE: Duration = Duration::from_millis(500);
/// Requests are counted in any window of this length.
const WINDOW: Duration = Duration::from_secs(1);
/// Requests more in a window on the real clock, where a thread may wake late and the next one in time.
pub(super) const JITTER: u32 = 2;

/// Counts the requests of the leader.
#[derive(Debug)]
pub(super) struct Heartbeats {
    per_s: u32,
    /// The most requests in a window: one more than `per_s`, since a window that begins and ends with
    /// a request holds that many.
    most: usize,
    leader: Option<(ServerId, Term)>,
    /// When the idle stretch begins or began; none on an unreliable network.
    idle_from: Option<Duration>,
    reliable: bool,
    peers: Vec<Peer>,
    checks: u64,
}

/// What the leader has sent to a server.
#[derive(Clone, Debug, Default)]
struct Peer {
    /// When each request of the idle stretch left, as far as it lies within the last window.
    sent: VecDeque<Duration>,
    /// How far entries have brought it under this leader.
    matched: LogIndex,
    /// How far back the leader had to look for an entry in common.
    refused: Option<LogIndex>,
}

impl Heartbeats {
    /// At most `per_s` requests a second to each of this many servers, and `jitter` more in a window.
    pub(super) fn new(servers: usize, per_s: u32, jitter: u32) -> Self {
        Self {
            per_s,
            most: (per_s + 1 + jitter) as usize,
            leader: None,
            idle_from: None,
            reliable: false,
            peers: vec![Peer::default(); servers],
            checks: 0,
        }
    }

    pub(super) fn watched(&self) -> Watched {
        let not_observed =
            (self.checks == 0).then(|| "the cluster was never idle under a leader".to_owned());
        Watched { property: "few heartbeats", checks: self.checks, not_observed }
    }

    /// The driver changed something; the network is `reliable` now or not.
    pub(super) fn fault(&mut self, now: Duration, reliable: bool) {
        self.reliable = reliable;
        self.forget_progress();
        self.disturbed(now);
    }

    /// There is something to do.
    pub(super) fn disturbed(&mut self, now: Duration) {
        self.idle_from = self.reliable.then_some(now + SETTLE);
        self.peers.iter_mut().for_each(|peer| peer.sent.clear());
    }

    /// `server` leads `term`.
    pub(super) fn leads(&mut self, server: ServerId, term: Term, now: Duration) {
        let later = self.leader.is_none_or(|(_, known)| known < term);
        if later {
            self.leader = Some((server, term));
            self.forget_progress();
            self.disturbed(now);
        }
    }

    fn forget_progress(&mut self) {
        for peer in &mut self.peers {
            (peer.matched, peer.refused) = (0, None);
        }
    }

    /// A follower has answered an AppendEntries of the leader.
    pub(super) fn replicated(
        &mut self,
        at: ServerId,
        append: &Append,
        success: bool,
        now: Duration,
    ) {
        let peer = &mut self.peers[at];
        let news = if success {
            let last = append.last().index;
            let news = last > peer.matched;
            peer.matched = peer.matched.max(last);
            news
        } else {
            let prev = append.prev.index;
            let news = peer.refused.is_none_or(|refused| prev < refused);
            peer.refused = Some(peer.refused.map_or(prev, |refused| refused.min(prev)));
            news
        };
        if news {
            self.disturbed(now);
        }
    }

    /// A request leaves for a connected server. The error says that it is one too many.
    pub(super) fn sent(
        &mut self,
        from: ServerId,
        to: ServerId,
        now: Duration,
    ) -> Result<(), String> {
        let idle = self.idle_from.is_some_and(|idle_from| now >= idle_from);
        let Some((leader, _)) = self.leader.filter(|(leader, _)| idle && *leader == from) else {
            return Ok(());
        };
        self.checks += 1;
        let sent = &mut self.peers[to].sent;
        while sent.front().is_some_and(|first| now > *first + WINDOW) {
            sent.pop_front();
        }
        sent.push_back(now);
        match sent.front() {
            Some(first) if sent.len() > self.most => Err(format!(
                "expected at most {} requests a second from leader {leader} to server {to} while \
                 nothing happens; counted {} in {}, from {} to {}",
                self.per_s,
                sent.len(),
                Seconds(now.saturating_sub(*first)),
                Seconds(*first),
                Seconds(now),
            )),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raft::traffic::Position;

    const START: Duration = Duration::from_secs(3);

    /// Server 1 leads term 2 of three servers.
    fn led() -> Heartbeats {
        let mut heartbeats = Heartbeats::new(3, 10, 0);
        heartbeats.fault(START, true);
        heartbeats.leads(1, 2, START);
        heartbeats
    }

    /// Sends a request each `every` milliseconds for three seconds; what was wrong first.
    fn send(
        heartbeats: &mut Heartbeats,
        every: u64,
        mut also: impl FnMut(&mut Heartbeats, Duration),
    ) -> Option<String> {
        (0..3000).step_by(every as usize).find_map(|ms| {
            let now = START + Duration::from_millis(ms);
            also(heartbeats, now);
            heartbeats.sent(1, 0, now).err()
        })
    }

    #[test]
    fn ten_a_second_are_fine_and_twelve_are_not() {
        assert_eq!(send(&mut led(), 100, |_, _| {}), None);
        assert_eq!(
            send(&mut led(), 80, |_, _| {}).unwrap(),
            "expected at most 10 requests a second from leader 1 to server 0 while nothing \
             happens; counted 12 in 0.880 s, from 3.560 s to 4.440 s"
        );
    }

    #[test]
    fn on_the_real_clock_a_little_jitter_is_fine() {
        let jittery = || Heartbeats { most: 13, ..led() };
        assert_eq!(send(&mut jittery(), 80, |_, _| {}), None);
        assert!(send(&mut jittery(), 50, |_, _| {}).is_some());
    }

    #[test]
    fn only_the_leader_is_meant_and_each_peer_by_itself() {
        let mut heartbeats = led();
        assert_eq!(
            send(&mut heartbeats, 100, |h, now| {
                h.sent(1, 2, now).unwrap();
                for _ in 0..10 {
                    h.sent(2, 0, now).unwrap();
                }
            }),
            None
        );
    }

    #[test]
    fn commands_and_faults_are_something_to_do() {
        let command = |h: &mut Heartbeats, now| h.disturbed(now);
        assert_eq!(send(&mut led(), 10, command), None);
        let unreliable = |h: &mut Heartbeats, _| h.fault(START, false);
        assert_eq!(send(&mut led(), 10, unreliable), None);
        let election = |h: &mut Heartbeats, now: Duration| h.leads(1, now.as_millis() as u64, now);
        assert_eq!(send(&mut led(), 10, election), None);
    }

    fn append(prev: LogIndex) -> Append {
        let prev = Position { index: prev, term: 1 };
        Append { term: 2, leader: 1, prev, entries: Vec::new(), commit: 0 }
    }

    #[test]
    fn bringing_a_follower_further_is_something_to_do_but_the_same_again_is_not() {
        let mut index = 0;
        let further = |h: &mut Heartbeats, now| {
            index += 1;
            h.replicated(0, &append(index), true, now);
        };
        assert_eq!(send(&mut led(), 10, further), None);
        let mut index = 1_000;
        let back = |h: &mut Heartbeats, now| {
            index -= 1;
            h.replicated(0, &append(index), false, now);
        };
        assert_eq!(send(&mut led(), 10, back), None);

        for success in [false, true] {
            let again = |h: &mut Heartbeats, now| h.replicated(0, &append(7), success, now);
            assert!(send(&mut led(), 10, again).is_some());
        }
    }
}
