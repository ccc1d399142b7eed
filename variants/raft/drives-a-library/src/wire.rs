//! Messages and commands as bytes.

use contracts::raft::{Command, ServerId};
use protobuf::Message as _;
use raft::eraftpb::{Entry, Message, MessageType};

/// The one method's name within its service.
pub(crate) const METHOD: &str = "Step";
/// Its full name.
pub(crate) const STEP: &str = "Raft.Step";

/// A message, encoded.
pub(crate) type Packet = Vec<u8>;

pub(crate) fn pack(message: &Message) -> Packet {
    message.write_to_bytes().expect("a message has all its fields")
}

/// The messages of these packets.
pub(crate) fn unpack(packets: &[Packet]) -> Vec<Message> {
    packets.iter().map(|packet| unpack_one(packet)).collect()
}

pub(crate) fn unpack_one(packet: &[u8]) -> Message {
    Message::parse_from_bytes(packet).expect("servers of one cluster speak the same language")
}

/// Whether `message` is an answer, which can travel in the reply to what it answers.
pub(crate) fn is_answer(message: &Message) -> bool {
    matches!(
        message.get_msg_type(),
        MessageType::MsgAppendResponse
            | MessageType::MsgHeartbeatResponse
            | MessageType::MsgRequestVoteResponse
            | MessageType::MsgRequestPreVoteResponse
    )
}

/// What the library calls `server`: it knows no node 0.
pub(crate) fn node_of(server: ServerId) -> u64 {
    server as u64 + 1
}

/// The server that the library calls `node`.
pub(crate) fn server_of(node: u64) -> ServerId {
    (node - 1) as ServerId
}

pub(crate) fn data_of(command: &Command) -> Vec<u8> {
    postcard::to_stdvec(command).expect("a command can be encoded")
}

/// The command of `entry`; none in the empty entry with which a leader begins its term.
pub(crate) fn command_of(entry: &Entry) -> Option<Command> {
    let data = &entry.data;
    (!data.is_empty()).then(|| postcard::from_bytes(data).expect("an entry holds a command"))
}
