//! What tests and drivers leave in the trace: codes 200 to 299.
//!
//! Texts of what a server does are fields, `index=5 term=3 command=103`; the last may hold spaces.
//! A place in a log is written `index@term`.

use contracts::raft::Command;
use labrt::trace::{Kind, payload_hash};

/// A test has reached a step; the object is the number of steps before it.
pub const STEP: Kind = kind(200, "step");
/// A server was started; object: server.
pub const START: Kind = kind(201, "start server");
/// A server was crashed; object: server.
pub const CRASH: Kind = kind(202, "crash server");
/// A server was connected; object: server.
pub const CONNECT: Kind = kind(203, "connect server");
/// A server was disconnected; object: server.
pub const DISCONNECT: Kind = kind(204, "disconnect server");
/// A server has applied a command; object: server, data: [`entry_hash`], text: `index command`.
pub const APPLY: Kind = kind(205, "apply");
/// A server has accepted a command; object: server, data: [`entry_hash`], text: `index term command`.
pub const ACCEPT: Kind = kind(206, "accept");
/// Enough servers agree on a command; object: number of servers, data: [`entry_hash`].
pub const AGREE: Kind = kind(207, "agree");
/// A server was seen as leader of a term for the first time; object: server, data: term.
pub const LEADER: Kind = kind(208, "leader");

/// Calls of a server no longer reach another; object: server, data: the other.
pub const CUT: Kind = kind(209, "cut link");
/// Nothing is cut any more.
pub const MEND: Kind = kind(210, "mend links");
/// A remark, not hashed: a server sends a request. Object: sender, data: the number of the call, text:
/// `to rpc` and then, for `rpc=vote`, `term last`; for `rpc=append`, `term prev entries last commit`;
/// for `rpc=other`, `method`.
pub const REQUEST: Kind = kind(211, "request");
/// A remark, not hashed: a server has handled a request. Object: the server, data: the number of the
/// call, text: for `rpc=vote`, `term granted`; for `rpc=append`, `term success next`; for `rpc=other`
/// nothing more.
pub const ANSWER: Kind = kind(212, "answer");

const fn kind(code: u16, name: &'static str) -> Kind {
    Kind { code, name }
}

/// A number for `command` at `index` that is the same in every run.
pub fn entry_hash(index: u64, command: &Command) -> u64 {
    command_hash(command).rotate_left(17) ^ index
}

/// A number for `command` that is the same in every run.
pub fn command_hash(command: &Command) -> u64 {
    match command {
        Command::Int(value) => int_hash(*value),
        Command::Text(text) => text_hash(text),
    }
}

/// [`command_hash`] of a number.
pub fn int_hash(value: i64) -> u64 {
    payload_hash(&value.to_le_bytes())
}

/// [`command_hash`] of a text.
pub fn text_hash(text: &str) -> u64 {
    payload_hash(text.as_bytes())
}
