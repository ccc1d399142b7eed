//! What clients ask the replicated state machine to do.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::LogIndex;

/// A client's command. To Raft it is opaque: it is stored, sent and applied, never looked into.
///
/// The courses' testers use integers and long strings; cloning either is cheap.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Command {
    /// A number.
    Int(i64),
    /// A text; its length counts towards the byte limits.
    Text(Arc<str>),
}

impl From<i64> for Command {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Command {
    fn from(value: &str) -> Self {
        Self::Text(value.into())
    }
}

/// A number as it is; a text in quotes, shortened when it is long.
impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 16;
        match self {
            Self::Int(value) => write!(f, "{value}"),
            Self::Text(text) if text.chars().count() <= SHOWN => write!(f, "{text:?}"),
            Self::Text(text) => {
                let start: String = text.chars().take(SHOWN).collect();
                write!(f, "{start:?}… ({} bytes)", text.len())
            }
        }
    }
}

/// What a server sends to its state machine for each committed entry, in log order and without a
/// gap (§5.3, "applies log entries to its state machine"). A server that restarts applies anew
/// from index 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplyMsg {
    /// The entry's position in the log; the first is 1.
    pub index: LogIndex,
    /// The command to apply.
    pub command: Command,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_shown_shortened() {
        assert_eq!(Command::from("short").to_string(), "\"short\"");
        let long = "é".repeat(5000);
        assert_eq!(
            Command::from(long.as_str()).to_string(),
            format!("\"{}\"… (10000 bytes)", "é".repeat(16))
        );
    }
}
