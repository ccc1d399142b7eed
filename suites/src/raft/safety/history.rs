//! The events of a run that matter to the properties, so that a violation can say what led there.

use std::collections::VecDeque;
use std::fmt;

use contracts::raft::{LogIndex, ServerId, Term};
use labrt::time::Duration;

use super::violation::Violation;
use crate::raft::traffic::Position;

/// Events kept of each sort; the older ones are forgotten.
const KEPT: usize = 400;
/// Most events that a violation tells.
const TOLD: usize = 14;

/// What happened to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Starts { life: u32 },
    Crashes,
    Asks { term: Term, last: Position },
    Votes { term: Term, candidate: ServerId },
    Leads { term: Term },
    Accepts { term: Term, index: LogIndex },
    Acknowledges { term: Term, leader: ServerId, last: Position },
    Refuses { term: Term, leader: ServerId, prev: Position },
    Claims { term: Term, commit: LogIndex },
    Applies { index: LogIndex },
}

#[derive(Clone, Copy, Debug)]
struct Moment {
    at: Duration,
    server: ServerId,
    what: What,
}

/// The latest events.
#[derive(Debug, Default)]
pub(super) struct History {
    /// Lives and elections: rare, and needed for long.
    elections: VecDeque<Moment>,
    /// What happens to entries: frequent.
    entries: VecDeque<Moment>,
}

impl History {
    pub(super) fn add(&mut self, server: ServerId, what: What) {
        let moment = Moment { at: labrt::world::elapsed(), server, what };
        let queue = if what.is_of_entries() { &mut self.entries } else { &mut self.elections };
        if queue.len() == KEPT {
            queue.pop_front();
        }
        queue.push_back(moment);
    }

    /// The events that led to `violation`, the latest last, one line each.
    pub(super) fn leading_to(&self, violation: &Violation) -> Vec<String> {
        let all = self.elections.iter().chain(&self.entries);
        let mut moments: Vec<&Moment> = all.filter(|moment| moment.concerns(violation)).collect();
        // Stable: what happened at one moment stays in its order within each sort.
        moments.sort_by_key(|moment| moment.at);
        let skipped = moments.len().saturating_sub(TOLD);
        moments[skipped..].iter().map(ToString::to_string).collect()
    }
}

impl Moment {
    fn concerns(&self, violation: &Violation) -> bool {
        let of_servers = violation.servers.is_empty() || violation.servers.contains(&self.server);
        let of_terms = |term| violation.terms.is_empty() || violation.terms.contains(&term);
        match self.what {
            What::Starts { .. } | What::Crashes => of_servers,
            What::Leads { term } => of_servers || violation.terms.contains(&term),
            What::Asks { term, .. } => of_servers && of_terms(term),
            What::Votes { term, candidate } => {
                let of_candidate = violation.servers.contains(&candidate);
                (of_servers || of_candidate) && of_terms(term) && violation.index.is_none()
            }
            What::Accepts { index, .. } | What::Applies { index } => violation.index == Some(index),
            What::Acknowledges { last, .. } => of_servers && violation.index == Some(last.index),
            What::Refuses { term, .. } => of_servers && violation.terms.contains(&term),
            What::Claims { term, commit } => {
                violation.index.is_some_and(|about| about <= commit)
                    && (of_servers || of_terms(term))
            }
        }
    }
}

impl What {
    fn is_of_entries(self) -> bool {
        matches!(
            self,
            Self::Accepts { .. }
                | Self::Acknowledges { .. }
                | Self::Refuses { .. }
                | Self::Claims { .. }
                | Self::Applies { .. }
        )
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let server = self.server;
        write!(f, "{:10.6} s  server {server} ", self.at.as_secs_f64())?;
        match self.what {
            What::Starts { life: 1 } => write!(f, "starts"),
            What::Starts { life } => write!(f, "starts again (life {life})"),
            What::Crashes => write!(f, "crashes"),
            What::Asks { term, last } => {
                write!(f, "asks for votes in term {term}, its log ends with {last}")
            }
            What::Votes { term, candidate } => {
                write!(f, "votes for server {candidate} in term {term}")
            }
            What::Leads { term } => write!(f, "leads term {term}"),
            What::Accepts { term, index } => {
                write!(f, "accepts a command at index {index} as leader of term {term}")
            }
            What::Acknowledges { term, leader, last } => {
                write!(f, "acknowledges {last} to server {leader}, leader of term {term}")
            }
            What::Refuses { term, leader, prev } => {
                write!(f, "refuses what server {leader}, leader of term {term}, sends after {prev}")
            }
            What::Claims { term, commit } => {
                write!(f, "says as leader of term {term} that index {commit} is committed")
            }
            What::Applies { index } => write!(f, "applies index {index}"),
        }
    }
}
