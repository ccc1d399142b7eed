//! One run as a picture shows it: servers as lanes, messages as arrows, what happened in between.
//!
//! A [`Timeline`] is made of a run's [`History`], kept in a small file, and drawn by the script of the
//! HTML page. Its file format is documented in `docs/timeline.md`.
//!
//! | module | what |
//! | --- | --- |
//! | this one | what a timeline holds |
//! | `events` | the events, column by column |
//! | `spans` | roles, crashes, partitions and modes of the network, from when to when |
//! | [`mod@file`] | the file, and what of it goes into a page |

mod events;
pub mod file;
mod spans;

use serde::{Deserialize, Serialize};

use crate::account::words;
use crate::history::History;

pub use events::{Events, Fate, Kind};

/// Name of the file's schema, without its version.
pub const SCHEMA_NAME: &str = "lab-timeline";

/// Version of the schema. Within a version fields may be added; none is removed or changes its meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// Most events that a timeline keeps: the last of the run, where there are more.
pub const EVENT_CAP: usize = 150_000;

/// What happened in one run. Times are virtual microseconds since the world began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    /// Name and version of the schema: `lab-timeline/1`.
    pub schema: String,
    /// Servers of the cluster, numbered from 0; none where the test has no cluster.
    pub servers: usize,
    /// When it begins: 0, or later where events were left out.
    pub start_us: u64,
    /// When the run ended.
    pub end_us: u64,
    /// Events before `start_us` that were left out, because there were too many.
    pub left_out: usize,
    /// Whether the trace that it was made of breaks off.
    pub is_cut: bool,
    /// Why the run failed, what is most important first; none when it passed or when that is not known.
    pub failure: Option<Vec<String>>,
    /// The roles of the servers (§5.1), as far as traffic shows them; sorted by server and time.
    pub roles: Vec<RoleSpan>,
    /// When servers were crashed or disconnected; sorted by server and time.
    pub absences: Vec<Absence>,
    /// When the network was not as usual: links cut, messages lost, delayed, reordered; in order of time.
    pub network: Vec<NetworkSpan>,
    /// The events, in order.
    pub events: Events,
}

/// A server's role for some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleSpan {
    /// The server.
    pub server: usize,
    /// When it begins.
    pub from_us: u64,
    /// When it ends.
    pub to_us: u64,
    /// Which.
    pub role: RoleName,
    /// Its term; 0 while none is known.
    pub term: u64,
}

/// A role (§5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoleName {
    /// Follows a leader, or waits for one.
    Follower,
    /// Asks for votes.
    Candidate,
    /// Leads.
    Leader,
}

/// A server that is not there for some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// The server.
    pub server: usize,
    /// When it goes.
    pub from_us: u64,
    /// When it is back, or the run ends.
    pub to_us: u64,
    /// In which way.
    pub why: Why,
}

/// Why a server is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It does not run.
    Crashed,
    /// It runs, and nobody reaches it.
    Disconnected,
}

/// What was not as usual about the network for some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkSpan {
    /// When it begins.
    pub from_us: u64,
    /// When it ends.
    pub to_us: u64,
    /// In words: `parted: 0 2 | 1; unreliable`.
    pub text: String,
    /// The groups into which cut links part the servers; none where they do not part them cleanly, or where it is
    /// something else than cut links.
    pub groups: Option<Vec<Vec<usize>>>,
}

impl Timeline {
    /// The timeline of a run.
    pub fn of(history: &History) -> Self {
        let last_ns = history.events.last().map_or(0, |event| event.at_ns);
        let end_ns = history.end.as_ref().map_or(last_ns, |end| end.at_ns.max(last_ns));
        let left_out = history.events.len().saturating_sub(EVENT_CAP);
        let start_ns = if left_out == 0 { 0 } else { history.events[left_out].at_ns };
        let (start_us, end_us) = (micros(start_ns), micros(end_ns));
        let failure = history.end.as_ref().and_then(|end| end.failure.as_ref());
        let spans = spans::Spans::of(history, start_us, end_us);
        Self {
            schema: schema_id(),
            servers: history.servers,
            start_us,
            end_us,
            left_out,
            is_cut: history.is_cut,
            failure: failure.map(|lines| lines.iter().map(|line| words(line)).collect()),
            roles: spans.roles,
            absences: spans.absences,
            network: spans.network,
            events: Events::of(&history.events[left_out..], start_us),
        }
    }
}

/// The value of [`Timeline::schema`] that this crate writes.
pub fn schema_id() -> String {
    format!("{SCHEMA_NAME}/{SCHEMA_VERSION}")
}

/// Whole microseconds.
fn micros(ns: u64) -> u64 {
    ns / 1_000
}
