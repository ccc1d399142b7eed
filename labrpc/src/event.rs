//! What the trace says about the network.
//!
//! The object of a message's events is the number of its call, from 0; of the others, the number of
//! the end or server, in order of creation. The trace is the network's log; the same lines go to
//! `tracing` at trace level under the target `labrpc`, for those who watch a run live.

use std::fmt;

use labrt::trace::{self, Kind};

macro_rules! kinds {
    ($($(#[$doc:meta])* $constant:ident = $code:literal, $name:literal;)*) => {
        $($(#[$doc])* pub const $constant: Kind = Kind { code: $code, name: $name };)*
    };
}

kinds! {
    /// A caller sends a request. Data: hash of the encoded arguments.
    SEND = 100, "send";
    /// A call fails because its request reached nobody. Data: 0.
    UNREACHABLE = 101, "unreachable";
    /// A call fails because its request was lost. Data: 0.
    REQUEST_LOST = 102, "request lost";
    /// A handler starts. Data: the server's number.
    HANDLE = 103, "handle";
    /// A handler has ended and its reply is on its way. Data: hash of the encoded reply; 0 for an
    /// error.
    REPLY = 104, "reply";
    /// A handler has ended whose call had failed before; the reply is discarded. Data: as for a reply.
    REPLY_DISCARDED = 105, "reply discarded";
    /// A call fails because its reply was lost. Data: 0.
    REPLY_LOST = 106, "reply lost";
    /// A reply reaches its caller. Data: 0.
    RECEIVE = 107, "receive";
    /// A call fails because its server was removed or its end disabled before the handler ended.
    /// Data: 0.
    CUT_OFF = 108, "cut off";
    /// A client end is made. Data: 0.
    MAKE_END = 110, "make end";
    /// An end is led to a server. Data: the server's number.
    CONNECT = 111, "connect";
    /// An end is enabled. Data: 0.
    ENABLE = 112, "enable";
    /// An end is disabled. Data: how many calls that cut off.
    DISABLE = 113, "disable";
    /// A server is added or replaced. Data: how many calls that cut off.
    ADD_SERVER = 114, "add server";
    /// A server is removed. Data: how many calls that cut off.
    DELETE_SERVER = 115, "delete server";
    /// The network becomes reliable (1) or unreliable (0). Object: 0.
    RELIABLE = 116, "reliable";
    /// Long delays are switched on (1) or off (0). Object: 0.
    LONG_DELAYS = 117, "long delays";
    /// Long reordering is switched on (1) or off (0). Object: 0.
    LONG_REORDERING = 118, "long reordering";
}

/// Records an event.
pub(crate) fn record(kind: Kind, object: u32, data: u64, text: fmt::Arguments<'_>) {
    trace::emit(kind, object, data, text);
    tracing::trace!(target: "labrpc", "#{object} {}: {text}", kind.name);
}
