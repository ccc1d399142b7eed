//! The properties, by name.

use std::fmt;

/// A property that must hold at every moment of every run.
///
/// The first five are Figure 3 of the paper. The others are what these rest on; breaking one of them
/// is a mistake that a history can be found for, and they show long before a state machine goes
/// wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Property {
    /// At most one leader can be elected in a given term, and by a majority (§5.2).
    ElectionSafety,
    /// A leader never overwrites or deletes entries in its log; it only appends (§5.3).
    LeaderAppendOnly,
    /// If two logs contain an entry with the same index and term, they are identical up to it. A
    /// server accepts entries only after one that it holds (§5.3).
    LogMatching,
    /// An entry that was committed in a term is in the logs of the leaders of all later terms (§5.4).
    LeaderCompleteness,
    /// No two servers ever apply different commands at one index (§5.4.3).
    StateMachineSafety,
    /// A server votes for at most one candidate in a term, also over a restart (§5.2, Figure 2).
    OneVoteATerm,
    /// A server's term never goes back, also over a restart (§5.1, Figure 2).
    TermsNeverGoBack,
    /// A request of an older term is refused (§5.1).
    StaleTermsAreRefused,
    /// A voter refuses a candidate whose log is less up to date than its own (§5.4.1).
    ElectionRestriction,
    /// What a server has acknowledged stays in its log, also over a restart, until a leader's
    /// entries conflict with it (§5.3, Figure 2).
    AcknowledgedEntriesStay,
    /// Committed, and hence applied, is only what a majority holds up to an entry of its leader's own
    /// term (§5.3, §5.4.2).
    CommitRule,
    /// A server applies every index once and in order (§5.3).
    NoGaps,
    /// What a server applies or passes on came to it in messages or from its own clients: servers
    /// share nothing else (§5).
    NothingButMessages,
}

impl Property {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::ElectionSafety,
        Self::LeaderAppendOnly,
        Self::LogMatching,
        Self::LeaderCompleteness,
        Self::StateMachineSafety,
        Self::OneVoteATerm,
        Self::TermsNeverGoBack,
        Self::StaleTermsAreRefused,
        Self::ElectionRestriction,
        Self::AcknowledgedEntriesStay,
        Self::CommitRule,
        Self::NoGaps,
        Self::NothingButMessages,
    ];

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ElectionSafety => "election safety",
            Self::LeaderAppendOnly => "leader append-only",
            Self::LogMatching => "log matching",
            Self::LeaderCompleteness => "leader completeness",
            Self::StateMachineSafety => "state-machine safety",
            Self::OneVoteATerm => "one vote a term",
            Self::TermsNeverGoBack => "terms never go back",
            Self::StaleTermsAreRefused => "stale terms are refused",
            Self::ElectionRestriction => "election restriction",
            Self::AcknowledgedEntriesStay => "acknowledged entries stay",
            Self::CommitRule => "commit rule",
            Self::NoGaps => "no gaps",
            Self::NothingButMessages => "nothing but messages",
        }
    }

    /// Whether it can only be judged when votes and entries travel in nothing but RequestVote and
    /// AppendEntries.
    pub(super) const fn needs_whole_traffic(self) -> bool {
        match self {
            Self::ElectionSafety
            | Self::StateMachineSafety
            | Self::TermsNeverGoBack
            | Self::NoGaps => false,
            Self::LeaderAppendOnly
            | Self::LogMatching
            | Self::LeaderCompleteness
            | Self::OneVoteATerm
            | Self::StaleTermsAreRefused
            | Self::ElectionRestriction
            | Self::AcknowledgedEntriesStay
            | Self::CommitRule
            | Self::NothingButMessages => true,
        }
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
