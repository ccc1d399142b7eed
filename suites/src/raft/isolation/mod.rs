//! Workload: servers that are cut off, in one way or another, and what they know all the same.
//!
//! Servers may tell each other things by RPC only. In one process they could do so otherwise: by a `static`,
//! by a file. Where messages pass, nobody sees the difference; so here they do not, and what
//! a server then shows can only be its own doing.
//!
//! Nothing is concluded from what a correct Raft may do as well: a server that hears of nobody may stand for
//! election, and raise its own term by that as often as it likes; a leader that is cut off may go on to
//! lead its term.
//!
//! | module | who is cut off |
//! | --- | --- |
//! | `log` | servers that miss entries, or miss that they are committed |
//! | `terms` | servers that may stand for election, each by itself |
//! | `minority` | a leader with less than a majority; everybody from all but a few |
//! | `answers` | nobody, but no answer comes back |
//! | `clusters` | the servers of a second cluster, from each other and from the first |

mod answers;
mod clusters;
mod log;
mod minority;
mod terms;

use contracts::raft::{LogIndex, ServerId, Term};
use labrt::thread;
use labrt::time::Duration;

use super::{Cluster, Outcome};

pub use answers::{LOST_ANSWERS_STEPS, lost_answers};
pub use clusters::{TWO_CLUSTERS_STEPS, two_clusters};
pub use log::{MISSED_ENTRIES_STEPS, UNTOLD_COMMITS_STEPS, missed_entries, untold_commits};
pub use minority::{MINORITY_STEPS, NO_MAJORITY_STEPS, minority, no_majority};
pub use terms::{LONELY_TERMS_STEPS, lonely_terms};

/// By now every message has arrived that was on its way, and what it brought was applied.
const SETTLED: Duration = Duration::from_millis(300);

impl Cluster {
    /// The last index that `server` has applied since its last start.
    fn applied_to(&self, server: ServerId) -> LogIndex {
        self.applied().progress()[server]
    }

    /// Expects that `server` has applied nothing behind `index`, of which nobody can have told it.
    fn has_not_moved(&self, server: ServerId, index: LogIndex) -> Outcome {
        let now = self.applied_to(server);
        if now == index {
            return Ok(());
        }
        Err(self.ctx().failure(format!(
            "expected server {server}, which is cut off, to have applied nothing behind index {index}; it \
             has applied up to index {now}, of which no message can have told it"
        )))
    }

    /// Expects that none of `servers` leads a term behind `term`, for none of them can have been elected.
    fn nobody_elected(&self, servers: &[ServerId], term: Term) -> Outcome {
        for &server in servers {
            if let Some((now, true)) = self.state(server).filter(|(now, _)| *now > term) {
                return Err(self.ctx().failure(format!(
                    "expected no new leader where a majority's votes cannot come back; server {server} \
                     leads term {now}"
                )));
            }
        }
        Ok(())
    }

    /// The current term of `server`, which runs.
    fn term_of(&self, server: ServerId) -> Term {
        self.state(server).map_or(0, |(term, _)| term)
    }
}

/// Lets what is on its way arrive.
fn settle() {
    thread::sleep(SETTLED);
}
