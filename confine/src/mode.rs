//! Whether protections are wanted.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Whether protections are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// All of them, or nothing is run.
    Require,
    /// Those that the machine offers.
    #[default]
    Auto,
    /// None.
    Off,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Require => "require",
            Self::Auto => "auto",
            Self::Off => "off",
        })
    }
}
