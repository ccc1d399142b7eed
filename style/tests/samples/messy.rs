//! A server that was written in a hurry.
#![allow(dead_code)]

use std::collections::BTreeMap;

pub mod log;

// The old way:
// fn term_of(entry: &Entry) -> u64 {
//     entry.term
// }

#[allow(clippy::needless_return)]
pub struct Server {
    pub term: u64,
    peers : Vec<usize>,
}

impl Server {
    /// The leader. TODO: is it?
    pub fn leader(&self) -> Option<usize> {
        let unused = 3;
        let first = self.peers[0]; // let last = self.peers.last();
        if self.peers.len() == 0 { return None }
        return Some(first);
    }


    /// Votes.
    pub fn vote(&mut self) -> bool {
        /* FIXME
           if self.voted() {
               return false;
           } */
        self.term = self.term + 1;
        unimplemented!("{}", "// TODO in a string")
    }
}
