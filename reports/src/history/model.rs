//! The events of a run, in order, each with its time and its server.

/// A server's number, from 0.
pub type Server = usize;
/// A term; the first is 1.
pub type Term = u64;
/// A place in a log; the first is 1, and 0 is before it.
pub type LogIndex = u64;

/// A run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// Servers of the cluster; 0 where the test has none.
    pub servers: usize,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Whether the trace ends in the middle of a line: its process was killed, or the disk is full.
    pub is_cut: bool,
    /// How the run ended; none while that is not known.
    pub end: Option<End>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// Virtual nanoseconds.
    pub at_ns: u64,
    /// Why it failed, what is most important first; none when it passed.
    pub failure: Option<Vec<String>>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Virtual nanoseconds since the world began.
    pub at_ns: u64,
    /// Whose column it belongs to; none for what concerns all.
    pub server: Option<Server>,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The test has reached a step.
    Step(String),
    /// The test has changed something about the cluster or the network.
    Driven(Driven),
    /// A server has a new role or a new leader.
    Role(Role),
    /// A server sends a request.
    Request(Request),
    /// A server has handled a request.
    Answer(Answer),
    /// An answer has come, or its caller is told that none comes.
    Outcome(Outcome),
    /// A server has accepted a client's command.
    Accepted {
        /// Where it is to stand.
        index: LogIndex,
        /// The leader's term.
        term: Term,
        /// The command.
        command: String,
    },
    /// A server has applied a command.
    Applied {
        /// Where it stands.
        index: LogIndex,
        /// The command.
        command: String,
    },
    /// The test has seen that enough servers agree.
    Agreed(String),
    /// A line of the submission's log.
    Log {
        /// How severe it is.
        level: Level,
        /// `target: message field=value`.
        text: String,
    },
    /// Anything else, by the name of its kind: what a submission put into the trace.
    Other {
        /// The name.
        kind: String,
        /// Its text.
        text: String,
    },
}

/// What a test does to a cluster and its network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Driven {
    /// A server is started.
    Start(Server),
    /// A server is crashed.
    Crash(Server),
    /// A server is connected.
    Connect(Server),
    /// A server is disconnected.
    Disconnect(Server),
    /// Calls of a server no longer reach another.
    Cut {
        /// The one.
        from: Server,
        /// The other.
        to: Server,
    },
    /// Nothing is cut any more.
    Mend,
    /// A mode of the network is switched.
    Network {
        /// Which: "reliable".
        mode: String,
        /// To what.
        on: bool,
    },
}

/// A server's role (§5.1), as far as it can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Follows; whom, if that is known.
    Follower {
        /// The term.
        term: Term,
        /// The leader of the term.
        leader: Option<Server>,
    },
    /// Asks for votes.
    Candidate {
        /// The term.
        term: Term,
    },
    /// Leads.
    Leader {
        /// The term.
        term: Term,
    },
}

impl Role {
    /// The role's term.
    pub fn term(self) -> Term {
        match self {
            Self::Follower { term, .. } | Self::Candidate { term } | Self::Leader { term } => term,
        }
    }
}

/// A place in a log, and the term of what stands there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The index; 0 for before the first.
    pub index: LogIndex,
    /// The term; 0 for before the first.
    pub term: Term,
}

/// What a server asks another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// For its vote.
    Vote {
        /// The candidate's term.
        term: Term,
        /// The last entry of its log.
        last: Position,
    },
    /// To append entries, or none as a heartbeat.
    Append {
        /// The leader's term.
        term: Term,
        /// The entry before the new ones.
        prev: Position,
        /// How many entries.
        entries: u64,
        /// The last of them; [`prev`](Self::Append::prev) when there is none.
        last: Position,
        /// The leader's commit index.
        commit: LogIndex,
    },
    /// Something of the submission's own, by its method.
    Other {
        /// The method.
        method: String,
    },
}

/// A request, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The number of the call, from 0.
    pub call: u32,
    /// Who is asked.
    pub to: Server,
    /// What.
    pub message: Message,
    /// What becomes of it.
    pub fate: Fate,
    /// Whether it changes nothing: a heartbeat without news, or the same once more and unanswered.
    pub is_idle: bool,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is on its way, or being handled, when the run ends.
    Open,
    /// It is answered, whether or not the answer arrives.
    Answered,
    /// It is lost on its way.
    Lost,
    /// It reaches nobody: one of the two is disconnected or down.
    Unreachable,
    /// One of the two is disconnected or crashed before there is an answer.
    CutOff,
}

impl Fate {
    /// Whether the request is known never to be answered.
    pub fn has_failed(self) -> bool {
        matches!(self, Self::Lost | Self::Unreachable | Self::CutOff)
    }
}

/// What a server answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// To a request for its vote.
    Vote {
        /// The voter's term.
        term: Term,
        /// Whether the vote is granted.
        granted: bool,
    },
    /// To a request to append.
    Append {
        /// The follower's term.
        term: Term,
        /// Whether the logs match.
        success: bool,
        /// Where the leader should go on.
        next: LogIndex,
    },
    /// To something else, or an error.
    Other,
}

/// An answer, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The number of the call.
    pub call: u32,
    /// Who asked; none when that is not known.
    pub from: Option<Server>,
    /// What was asked; none when that is not known.
    pub message: Option<Message>,
    /// What is answered.
    pub reply: Reply,
    /// When it arrives.
    pub arrival: Arrival,
    /// Whether it only accepts a heartbeat.
    pub is_idle: bool,
}

/// What becomes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// It is on its way when the run ends.
    Open,
    /// It arrives, so many virtual nanoseconds later.
    After(u64),
    /// It is lost.
    Lost,
    /// Nobody waits for it any more.
    Discarded,
}

/// How a call ends for its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The number of the call.
    pub call: u32,
    /// Who was asked.
    pub to: Server,
    /// Why there is no answer; none when there is one.
    pub failed: Option<Failed>,
    /// How long the call took, in virtual nanoseconds.
    pub took_ns: u64,
}

/// Why a call has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// The request was lost.
    RequestLost,
    /// The answer was lost.
    ReplyLost,
    /// The request reached nobody.
    Unreachable,
    /// One of the two was disconnected or crashed meanwhile.
    CutOff,
}

/// How severe a line of a log is, most severe first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// `tracing::error!`.
    Error,
    /// `tracing::warn!`.
    Warn,
    /// `tracing::info!`.
    Info,
    /// `tracing::debug!`.
    #[default]
    Debug,
    /// `tracing::trace!`.
    Trace,
}

impl Level {
    /// All levels with their names, most severe first.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("error", Self::Error),
        ("warn", Self::Warn),
        ("info", Self::Info),
        ("debug", Self::Debug),
        ("trace", Self::Trace),
    ];
}
