//! A server that was written with care. What stands in `TODO` lists is done.

use std::collections::BTreeMap;

/// What a server knows.
#[derive(Debug, Default)]
pub struct Server {
    term: u64,
    votes: BTreeMap<u64, usize>,
    #[allow(dead_code, reason = "a debugger shows it")]
    name: String,
}

impl Server {
    /// Enters `term` if it is newer; whether it is.
    pub fn enter(&mut self, term: u64) -> bool {
        // A vote is for one term only; see `vote` (§5.2).
        let newer = term > self.term;
        if newer {
            self.term = term;
        }
        newer
    }

    /// Votes for `candidate`, unless it has voted for another.
    ///
    /// ```
    /// let mut server = clean::Server::default();
    /// assert!(server.vote(1));
    /// ```
    pub fn vote(&mut self, candidate: usize) -> bool {
        *self.votes.entry(self.term).or_insert(candidate) == candidate
    }
}
