//! Elections: a candidate asks for votes, and voters answer (§5.2, §5.4.1).

use contracts::raft::{RequestVoteArgs, RequestVoteReply, ServerId};

use super::State;

impl State {
    /// The election timer has run out: becomes a candidate and returns the ballot for all others (§5.2).
    ///
    /// Restart the timer here, too: if this election comes to nothing, the next one needs another
    /// deadline. In a cluster of one server, the one vote is a majority already.
    pub(super) fn start_election(&mut self) -> RequestVoteArgs {
        todo!("start an election")
    }

    /// Answers a candidate that asks for this server's vote (Figure 2, "RequestVote RPC").
    ///
    /// 1. A later term is entered first ([`observe_term`](State::observe_term)).
    /// 2. A candidate of an earlier term gets no vote (§5.1).
    /// 3. There is one vote a term, first come, first served: a vote that was given can only be
    ///    *repeated*, for the same candidate, whose first answer may have been lost (§5.2).
    /// 4. A candidate whose log is behind this one's gets no vote (§5.4.1). The log with the later *last
    ///    term* is ahead; with equal last terms, the longer one. This alone keeps committed entries.
    ///
    /// A vote is saved before it is given, and restarts the election timer. A refusal restarts nothing:
    /// otherwise a server that cannot win keeps those who could from trying.
    pub(super) fn request_vote(&mut self, args: RequestVoteArgs) -> RequestVoteReply {
        todo!("answer RequestVote")
    }

    /// Counts the answer of server `from` to the ballot `args` (§5.2).
    ///
    /// The answer may be old: by now this server may have entered another term, or won, or lost. A vote
    /// counts only in the term for which it was asked, only while this is still a candidate, and only once
    /// for each voter. With a majority of the *whole* cluster it becomes the leader.
    pub(super) fn handle_vote_reply(
        &mut self,
        from: ServerId,
        args: RequestVoteArgs,
        reply: RequestVoteReply,
    ) {
        todo!("count a vote")
    }
}
