//! Who leads.

use std::fmt::Write as _;
use std::ops::RangeInclusive;

use contracts::raft::{ServerId, Term};
use labrt::thread;
use labrt::time::{Duration, Instant};
use rand::RngExt;

use super::{Cluster, Outcome, name_servers};

/// How often [`Cluster::one_leader`] looks.
const TRIES: u32 = 10;
/// It sleeps this long before each look, in milliseconds.
const PAUSE_MS: std::ops::Range<u64> = 450..550;

/// A connected server as it described itself.
struct View {
    server: ServerId,
    term: Term,
    leads: bool,
}

impl Cluster {
    /// Waits for a leader among the connected servers: the one of the highest term that has one.
    /// Two leaders in a term are a failure, as is none after all tries.
    pub fn one_leader(&self) -> Outcome<ServerId> {
        let began = Instant::now();
        let mut views = Vec::new();
        for _ in 0..TRIES {
            let pause = labrt::rand::rng().random_range(PAUSE_MS);
            thread::sleep(Duration::from_millis(pause));
            views = self.views();
            let leaders = views.iter().filter(|view| view.leads);
            if let Some(leader) = leaders.max_by_key(|view| view.term) {
                return Ok(leader.server);
            }
        }
        Err(self.ctx().failure(format!(
            "expected one leader among {}; after {TRIES} tries ({:.1} s) none claimed leadership \
             (terms: {})",
            name_servers(&self.connected()),
            began.elapsed().as_secs_f64(),
            terms(&views),
        )))
    }

    /// Expects `leader` to be the one leader still.
    pub fn still_leads(&self, leader: ServerId) -> Outcome {
        let now = self.one_leader()?;
        if now == leader {
            return Ok(());
        }
        Err(self.ctx().failure(format!(
            "expected server {leader} to remain leader, but server {now} leads (terms: {})",
            terms(&self.views()),
        )))
    }

    /// Expects that all connected servers are in the same term; returns it.
    pub fn same_term(&self) -> Outcome<Term> {
        let views = self.views();
        match views.first().map(|view| view.term) {
            Some(term) if views.iter().all(|view| view.term == term) => Ok(term),
            _ => Err(self.ctx().failure(format!(
                "expected all connected servers in one term; they are in terms {}",
                terms(&views)
            ))),
        }
    }

    /// Expects that no connected server claims leadership.
    pub fn no_leader(&self) -> Outcome {
        let views = self.views();
        match views.iter().find(|view| view.leads) {
            None => Ok(()),
            Some(View { server, term, .. }) => Err(self.ctx().failure(format!(
                "expected no leader among {}, which are no majority; server {server} claims to \
                 lead term {term}",
                name_servers(&self.connected()),
            ))),
        }
    }

    /// In how many of `terms` `server` has asked for votes so far; none where that cannot be known, since the
    /// traffic is not watched or not understood.
    pub fn stood_in(&self, server: ServerId, terms: RangeInclusive<Term>) -> Option<u64> {
        self.0.observers.stood_in(server, terms)
    }

    /// Whether every running server is in `term`.
    pub fn all_in(&self, term: Term) -> bool {
        self.running_terms().all(|now| now == term)
    }

    /// Whether a running server is in a later term than `term`.
    pub fn any_beyond(&self, term: Term) -> bool {
        self.running_terms().any(|now| now > term)
    }

    /// The latest term that a running server is in; 0 when none runs.
    pub fn latest_term(&self) -> Term {
        self.running_terms().max().unwrap_or_default()
    }

    fn running_terms(&self) -> impl Iterator<Item = Term> {
        self.servers().filter_map(|server| self.state(server).map(|(term, _)| term))
    }

    fn views(&self) -> Vec<View> {
        let view = |server| {
            let (term, leads) = self.state(server)?;
            Some(View { server, term, leads })
        };
        self.connected().into_iter().filter_map(view).collect()
    }
}

/// "0: 7, 2: 8".
fn terms(views: &[View]) -> String {
    let mut text = String::new();
    for View { server, term, .. } in views {
        let separator = if text.is_empty() { "" } else { ", " };
        let _ = write!(text, "{separator}{server}: {term}");
    }
    text
}
