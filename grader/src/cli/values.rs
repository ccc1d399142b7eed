//! Values of options, and how they are written.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;
use std::time::Duration;

use scenario::MAX_SERVERS;
use serde::Deserialize;
use serde::de::{self, Deserializer};

/// How many: at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count(pub(crate) NonZeroU64);

impl Count {
    /// One.
    pub(crate) const ONE: Self = Self(NonZeroU64::MIN);

    /// As a plain number.
    pub(crate) const fn get(self) -> u64 {
        self.0.get()
    }
}

impl FromStr for Count {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.replace('_', "")
            .parse()
            .map(Self)
            .map_err(|_| "expected a whole number, 1 or more".to_owned())
    }
}

/// A seed: read as decimal, or as `0x` and hexadecimal; written as decimal, as reports write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seed(pub(crate) u64);

impl FromStr for Seed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let hexadecimal = text.strip_prefix("0x").or(text.strip_prefix("0X"));
        match hexadecimal {
            Some(digits) if !digits.starts_with('+') => u64::from_str_radix(digits, 16),
            _ => text.parse(),
        }
        .map(Self)
        .map_err(|_| "expected a number below 2^64, decimal or 0x and hexadecimal".to_owned())
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Reads a whole number, of RPCs or of bytes.
pub(crate) fn amount(text: &str) -> Result<u64, String> {
    text.replace('_', "").parse().map_err(|_| "expected a whole number".to_owned())
}

/// Seconds: finite and above 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Seconds(pub(crate) f64);

impl Seconds {
    fn new(seconds: f64) -> Result<Self, String> {
        if seconds.is_finite() && seconds > 0.0 {
            Ok(Self(seconds))
        } else {
            Err("expected a finite number of seconds above 0".to_owned())
        }
    }
}

impl FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // "nan" parses, so that it gets the same answer as "-1".
        Self::new(text.parse().unwrap_or(f64::NAN))
    }
}

/// A span of wall time above zero: a number of seconds, or with units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span(pub(crate) Duration);

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let seconds = text.parse().ok().and_then(|s| Duration::try_from_secs_f64(s).ok());
        let span = seconds.or_else(|| humantime::parse_duration(text).ok());
        span.filter(|span| !span.is_zero()).map(Self).ok_or_else(|| {
            "expected a time above 0: `60s`, `10m`, or a number of seconds".to_owned()
        })
    }
}

/// A chance: above 0 and below 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Chance(pub(crate) f64);

impl FromStr for Chance {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let chance = text.parse().ok().filter(|chance| *chance > 0.0 && *chance < 1.0);
        chance.map(Self).ok_or_else(|| "expected a number above 0 and below 1".to_owned())
    }
}

/// Reads the size of a cluster.
pub(crate) fn servers(text: &str) -> Result<usize, String> {
    let number = text.trim().parse().ok().filter(|number| (1..=MAX_SERVERS).contains(number));
    number.ok_or_else(|| format!("expected numbers of servers from 1 to {MAX_SERVERS}: `3,5,7`"))
}

/// In a settings file a seed may also be a string, for the sake of hexadecimal and of 2^63.
impl<'de> Deserialize<'de> for Seed {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a seed: a number, or a string with one")]
        enum Written {
            Number(u64),
            Text(String),
        }
        match Written::deserialize(from)? {
            Written::Number(seed) => Ok(Self(seed)),
            Written::Text(text) => text.parse().map_err(de::Error::custom),
        }
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let number = i64::deserialize(from)?;
        number.to_string().parse().map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(f64::deserialize(from)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn seeds_are_decimal_or_hexadecimal() {
        assert_eq!("17".parse(), Ok(Seed(17)));
        assert_eq!("0xff".parse(), Ok(Seed(255)));
        for wrong in ["", "-1", "0x", "0x+1", "ff", "1.5", "18446744073709551616"] {
            assert!(wrong.parse::<Seed>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn seconds_are_finite_and_positive() {
        assert_eq!("1.5".parse(), Ok(Seconds(1.5)));
        for wrong in ["nan", "inf", "-1", "0", "-0", "", "1s"] {
            assert!(wrong.parse::<Seconds>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn spans_have_units_or_are_seconds() {
        for (text, seconds) in [("60s", 60), ("10m", 600), ("90", 90), ("1m 5s", 65)] {
            assert_eq!(text.parse(), Ok(Span(Duration::from_secs(seconds))));
        }
        for wrong in ["", "0", "0s", "-1", "nan", "inf", "1e999", "soon", "10 parsecs"] {
            assert!(wrong.parse::<Span>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn counts_start_at_one() {
        assert_eq!("1_000".parse::<Count>().map(Count::get), Ok(1000));
        for wrong in ["0", "-1", "", "x", "1e3"] {
            assert!(wrong.parse::<Count>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_seed_that_is_written_reads_back(seed: u64) {
            prop_assert_eq!(Seed(seed).to_string().parse(), Ok(Seed(seed)));
            prop_assert_eq!(format!("{seed:#x}").parse(), Ok(Seed(seed)));
        }
    }
}
