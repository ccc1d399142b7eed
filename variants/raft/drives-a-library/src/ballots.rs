//! Ballots that wait for an answer.

use raft::StateRole;
use raft::eraftpb::{Message, MessageType};

use crate::timing::BALLOT;

/// What a candidate has asked and not been told yet.
///
/// The library sends each ballot once. That a question without an answer is asked again (§5.1 of the paper) is left to those who
/// carry its messages; where two of three answers come when the next election has begun, no leader is elected for long without
/// it. A voter that is asked twice answers as before.
#[derive(Debug, Default)]
pub(crate) struct Ballots {
    open: Vec<Message>,
    /// Ticks since they were sent.
    age: usize,
}

impl Ballots {
    /// Takes down the ballots among the messages that leave. Those of an election take the place of those before.
    pub(crate) fn note(&mut self, leaving: &[Message]) {
        let ballots: Vec<Message> =
            leaving.iter().filter(|message| is_ballot(message)).cloned().collect();
        if !ballots.is_empty() {
            *self = Self { open: ballots, age: 0 };
        }
    }

    /// A voter has answered.
    pub(crate) fn close(&mut self, answer: &Message) {
        self.open.retain(|ballot| ballot.to != answer.from || ballot.term != answer.term);
    }

    /// A tick of the clock of a server in this role; the ballots that are to leave again.
    pub(crate) fn tick(&mut self, role: StateRole) -> &[Message] {
        if !matches!(role, StateRole::PreCandidate | StateRole::Candidate) {
            self.open.clear();
        }
        self.age = (self.age + 1) % BALLOT;
        if self.age == 0 { &self.open } else { &[] }
    }
}

fn is_ballot(message: &Message) -> bool {
    matches!(message.get_msg_type(), MessageType::MsgRequestVote | MessageType::MsgRequestPreVote)
}
