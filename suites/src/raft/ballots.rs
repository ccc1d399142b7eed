//! Workload: ballots whose answers get lost.
//!
//! That a server asks again when no answer comes (§5.1) is a matter of speed here, and so is how often it does: what is
//! found is a warning.

use labrt::thread;
use labrt::time::Duration;

use super::{Cluster, Outcome};

/// For so long no answer comes back.
const LOST: Duration = Duration::from_secs(10);
/// Calls to each server in that time at the most: one each 40 ms. Who votes waits for an election timeout from then on,
/// so that there is mostly one candidate.
const MOST: u64 = 250;

/// The steps of [`lost_ballots`].
pub const LOST_BALLOTS_STEPS: &[&str] = &[
    "1. Agree on a command on three servers",
    "2. Crash the leader, and let every answer get lost for 10 s",
    "3. Warn if candidates ask once for each term, or more often than each 40 ms",
    "4. Bring answers back, and agree on two servers",
];

/// Two of three servers, none of which can be elected: does a candidate ask again, and with a pause?
pub fn lost_ballots(cluster: &Cluster) -> Outcome {
    cluster.step("1. Agree on a command on three servers");
    cluster.agree(1, 3)?;
    let leader = cluster.one_leader()?;

    cluster.step("2. Crash the leader, and let every answer get lost for 10 s");
    cluster.reliable(false);
    cluster.crash(leader);
    let (term, sent) = (cluster.latest_term(), cluster.ctx().network().total_count());
    thread::sleep(LOST);

    cluster.step("3. Warn if candidates ask once for each term, or more often than each 40 ms");
    let elections = cluster.latest_term() - term;
    let sent = cluster.ctx().network().total_count() - sent;
    if let Some(warning) = judge(elections, sent, cluster.size() as u64 - 1) {
        cluster.ctx().warn(warning);
    }

    cluster.step("4. Bring answers back, and agree on two servers");
    cluster.reliable(true);
    cluster.agree(2, 2)?;
    Ok(())
}

/// What to say of `sent` calls in so many `elections`. Who lets nobody stand that cannot win, as with pre-votes, enters
/// no terms, and nothing is known of its elections.
fn judge(elections: u64, sent: u64, voters: u64) -> Option<String> {
    if elections > 0 && 2 * sent < 3 * elections * voters {
        return Some(format!(
            "candidates do not ask again: {sent} calls were made in {elections} elections, each with {voters} others, \
             although no answer came; where messages get lost, it takes long to elect a leader like that (§5.1)"
        ));
    }
    (sent > voters * MOST).then(|| {
        format!(
            "servers call without a pause when no answer comes: {sent} calls were made in {} s, to {voters} others \
             each",
            LOST.as_secs()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_a_term_is_too_seldom_and_each_millisecond_too_often() {
        let seldom = judge(20, 43, 2).unwrap();
        assert!(seldom.starts_with("candidates do not ask again: 43 calls were made in 20 "));
        assert_eq!(judge(20, 60, 2), None);
        assert_eq!(judge(0, 60, 2), None, "nobody stood");
        assert_eq!(judge(20, 500, 2), None);
        let often = judge(0, 501, 2).unwrap();
        assert!(often.starts_with("servers call without a pause when no answer comes: 501 calls "));
    }
}
