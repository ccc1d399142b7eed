//! What the event loop hears of.

use contracts::raft::{Command, ServerId, Started};
use labrt::channel::Sender;
use raft::eraftpb::Message;

/// Something that happened. Who wants an answer leaves a channel for it; where the channel is dropped there is none.
#[derive(Debug)]
pub(crate) enum Event {
    /// A client asks for agreement.
    Proposed(Command, Sender<Option<Started>>),
    /// Another server sent a message, and waits for what there is to answer.
    Asked(Message, Sender<Vec<Message>>),
    /// A call to this server brought these answers.
    Answered(ServerId, Vec<Message>),
    /// A call to this server failed.
    Failed(ServerId),
    /// The server is no longer needed.
    Killed,
}
