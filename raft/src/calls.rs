//! How many RPCs to each server wait for a reply: a bound that keeps a dead server from collecting
//! our threads.

use contracts::raft::ServerId;

use crate::timing::MAX_OUTSTANDING;

/// The outstanding RPCs, counted per server.
#[derive(Debug)]
pub(crate) struct Calls {
    outstanding: Vec<u32>,
}

impl Calls {
    /// None outstanding, in a cluster of `servers`.
    pub(crate) fn new(servers: usize) -> Self {
        Self { outstanding: vec![0; servers] }
    }

    /// Whether one more call to `peer` may begin.
    pub(crate) fn may_begin(&self, peer: ServerId) -> bool {
        self.outstanding[peer] < MAX_OUTSTANDING
    }

    /// A call to `peer` begins.
    pub(crate) fn begin(&mut self, peer: ServerId) {
        self.outstanding[peer] += 1;
    }

    /// A call to `peer` is over, answered or not. Returns whether it was the one that the bound
    /// allowed last, so that others may have waited for its end.
    pub(crate) fn end(&mut self, peer: ServerId) -> bool {
        let was_full = !self.may_begin(peer);
        self.outstanding[peer] -= 1;
        was_full
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_never_answers_is_called_a_bounded_number_of_times() {
        let mut calls = Calls::new(2);
        for _ in 0..MAX_OUTSTANDING {
            assert!(calls.may_begin(1));
            calls.begin(1);
        }
        assert!(!calls.may_begin(1));
        assert!(calls.may_begin(0), "other servers are counted apart");
        assert!(calls.end(1), "someone may wait for this end");
        assert!(calls.may_begin(1));
        assert!(!calls.end(1));
    }
}
