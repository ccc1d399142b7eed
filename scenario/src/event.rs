//! What is done, to whom and when.

/// A time since the start of the cluster, in milliseconds on the clock in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub u32);

/// Something that happens at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Millis,
    /// What.
    pub action: Action,
}

/// What happens. Servers are numbered from 0.
///
/// What finds nobody does nothing: a crash of the leader while there is none, a start while all run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Servers are asked to agree on fresh commands.
    Submit {
        /// Who is asked. With several servers, each gets a command of its own.
        to: Whom,
        /// How often, one right after the other; at least 1.
        count: u32,
    },
    /// Servers lose power. What they had saved stays.
    Crash(Whom),
    /// Servers lose power, and start again at once.
    Restart(Whom),
    /// Servers start again.
    Start(Back),
    /// Servers are cut off from all others.
    Disconnect(Whom),
    /// Servers are connected again.
    Connect(Back),
    /// From now on servers reach only those of their own group. Servers in no group are one more
    /// group; a server in two groups is in the first of them.
    Partition(Vec<Vec<Whom>>),
    /// Calls from one server do not reach another. The other direction stays as it is: a call of
    /// the second to the first arrives, and so does its reply.
    Cut {
        /// The one whose calls get lost.
        from: Whom,
        /// The one whom they do not reach.
        to: Whom,
    },
    /// Ends all partitions and cuts, and connects every server that runs.
    Heal,
}

/// Servers to which something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// The leader at that moment: of the servers that run and claim to lead, the one of the highest
    /// term.
    Leader,
    /// This server.
    Server(usize),
    /// Every server that runs but the leader; every one when nobody leads.
    Others,
    /// Every server that runs.
    All,
}

/// Servers that come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    /// The one that has been away for the longest time.
    Longest,
    /// This server.
    Server(usize),
    /// All that are away.
    All,
}

impl Action {
    /// The servers that it names by their numbers.
    pub fn servers(&self) -> Vec<usize> {
        let named = |whom: &Whom| match whom {
            Whom::Server(server) => Some(*server),
            Whom::Leader | Whom::Others | Whom::All => None,
        };
        match self {
            Self::Submit { to, .. } => named(to).into_iter().collect(),
            Self::Crash(whom) | Self::Restart(whom) | Self::Disconnect(whom) => {
                named(whom).into_iter().collect()
            }
            Self::Start(Back::Server(server)) | Self::Connect(Back::Server(server)) => {
                vec![*server]
            }
            Self::Partition(groups) => groups.iter().flatten().filter_map(named).collect(),
            Self::Cut { from, to } => [from, to].into_iter().filter_map(named).collect(),
            Self::Start(_) | Self::Connect(_) | Self::Heal => Vec::new(),
        }
    }
}
