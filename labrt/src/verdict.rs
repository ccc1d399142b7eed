//! What the runtime itself finds wrong with a run.

use std::fmt;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerdictKind {
    /// A lab thread panicked.
    Panic,
    /// A lab thread reached a `todo!()` or an `unimplemented!()`.
    NotImplemented,
    /// Threads wait for each other, or nothing is left that can run.
    Deadlock,
    /// A thread took very many steps without ever waiting.
    BusyWait,
    /// A thread used the processor for long without calling into labrt.
    EndlessLoop,
    /// A thread waits for something that labrt does not know.
    BlockedOutside,
    /// An OS thread was started inside the simulated world, or called into it.
    ForeignThread,
    /// There are more live threads than the world can hold.
    TooManyThreads,
    /// A lab thread called `exit`.
    Exit,
    /// A lab thread called `abort`.
    Abort,
    /// The world's time limit has passed.
    TimeLimit,
}

/// What the runtime itself found wrong, in words for the author of the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The kind.
    pub kind: VerdictKind,
    /// One line: which thread, what it did.
    pub message: String,
    /// The place in the source it points to, as `file:line:column`.
    pub location: Option<String>,
    /// Further lines: the threads that wait, and for what.
    pub details: Vec<String>,
}

impl Verdict {
    pub(crate) fn new(kind: VerdictKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), location: None, details: Vec::new() }
    }

    #[must_use]
    pub(crate) fn at(mut self, location: impl fmt::Display) -> Self {
        self.location = Some(location.to_string());
        self
    }

    #[must_use]
    pub(crate) fn with_details(mut self, details: Vec<String>) -> Self {
        self.details = details;
        self
    }
}

/// What a panic with this message says of code that is not written; none of any other panic.
///
/// ```
/// use labrt::verdict::unwritten;
///
/// let words = unwritten("not yet implemented: count the votes");
/// assert_eq!(words.as_deref(), Some("`todo!()` was reached: count the votes"));
/// assert_eq!(unwritten("index out of bounds"), None);
/// ```
pub fn unwritten(message: &str) -> Option<String> {
    // The words are the standard library's.
    let reached = [("not yet implemented", "`todo!()`"), ("not implemented", "`unimplemented!()`")];
    reached.into_iter().find_map(|(start, which)| {
        let rest = message.strip_prefix(start)?;
        (rest.is_empty() || rest.starts_with(": ")).then(|| format!("{which} was reached{rest}"))
    })
}

impl fmt::Display for VerdictKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Panic => "panic",
            Self::NotImplemented => "not implemented",
            Self::Deadlock => "deadlock",
            Self::BusyWait => "busy wait",
            Self::EndlessLoop => "endless loop",
            Self::BlockedOutside => "blocked outside labrt",
            Self::ForeignThread => "thread outside labrt",
            Self::TooManyThreads => "too many threads",
            Self::Exit => "exit",
            Self::Abort => "abort",
            Self::TimeLimit => "time limit",
        })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)?;
        if let Some(location) = &self.location {
            write!(f, " ({location})")?;
        }
        for detail in &self.details {
            write!(f, "\n  {detail}")?;
        }
        Ok(())
    }
}
