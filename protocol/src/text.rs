//! Clocks and policies as people type them in flags and replay lines.

use std::fmt;
use std::str::FromStr;

use crate::{Clock, Policy};

/// Priority changes of `pct`, unless said otherwise: most races need three or fewer.
const PCT_DEPTH: u32 = 3;
/// Steps over which `pct` spreads them, unless said otherwise: about what a test takes.
const PCT_LENGTH: u64 = 10_000;

/// A clock or a policy that could not be read; says what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError(String);

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ParseError {}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sim => "sim",
            Self::Real => "real",
        })
    }
}

impl FromStr for Clock {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text {
            "sim" => Ok(Self::Sim),
            "real" => Ok(Self::Real),
            _ => Err(ParseError(format!("unknown clock `{text}`: it is `sim` or `real`"))),
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fifo => f.write_str("fifo"),
            Self::Random { delay_one_in } => write!(f, "random:{delay_one_in}"),
            Self::Pct { depth, length } => write!(f, "pct:{depth}:{length}"),
        }
    }
}

impl FromStr for Policy {
    type Err = ParseError;

    /// Reads `fifo`, `random`, `random:N` (a delay at one point of choice in N, 0 for none) and
    /// `pct` or `pct:D:L` (depth and length).
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let wrong = || {
            ParseError(format!(
                "unknown policy `{text}`: it is `fifo`, `random`, `random:N`, `pct` or `pct:DEPTH:LENGTH`"
            ))
        };
        let mut parts = text.split(':');
        let policy = match (parts.next(), parts.next(), parts.next()) {
            (Some("fifo"), None, _) => Self::Fifo,
            (Some("random"), None, _) => Self::default(),
            (Some("random"), Some(n), None) => {
                Self::Random { delay_one_in: n.parse().map_err(|_| wrong())? }
            }
            (Some("pct"), None, _) => Self::Pct { depth: PCT_DEPTH, length: PCT_LENGTH },
            (Some("pct"), Some(depth), Some(length)) => Self::Pct {
                depth: depth.parse().map_err(|_| wrong())?,
                length: length.parse().map_err(|_| wrong())?,
            },
            _ => return Err(wrong()),
        };
        if parts.next().is_some() {
            return Err(wrong());
        }
        Ok(policy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_can_be_read_again() {
        let policies = [
            Policy::Fifo,
            Policy::Random { delay_one_in: 0 },
            Policy::Pct { depth: 3, length: 10_000 },
        ];
        for policy in policies {
            assert_eq!(policy.to_string().parse(), Ok(policy));
        }
        assert_eq!("random".parse(), Ok(Policy::default()));
        assert_eq!("pct".parse(), Ok(Policy::Pct { depth: 3, length: 10_000 }));
        for clock in [Clock::Sim, Clock::Real] {
            assert_eq!(clock.to_string().parse(), Ok(clock));
        }
    }

    #[test]
    fn what_is_wrong_is_refused() {
        for text in ["", "FIFO", "random:", "random:1:2", "pct:1", "pct:1:2:3"] {
            assert!(text.parse::<Policy>().is_err(), "{text}");
        }
        assert!("virtual".parse::<Clock>().is_err());
    }
}
