//! The environment variables of the `cargo test` front end.

use std::env::VarError;
use std::str::FromStr;

use protocol::{Clock, Policy};

/// Names of the variables, for help and replay lines.
pub(crate) const SEED: &str = "LAB_SEED";
pub(crate) const CLOCK: &str = "LAB_CLOCK";
pub(crate) const POLICY: &str = "LAB_POLICY";
pub(crate) const COUNT: &str = "LAB_COUNT";
pub(crate) const VLEVEL: &str = "LAB_VLEVEL";
pub(crate) const WARNINGS: &str = "LAB_WARNINGS";

/// How `cargo test` is to run the tests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Settings {
    /// Seed of the first run of each test; a fresh one for each test when absent.
    pub(crate) seed: Option<u64>,
    /// The clock.
    pub(crate) clock: Clock,
    /// The scheduling policy.
    pub(crate) policy: Policy,
    /// Runs of each test, at least 1.
    pub(crate) count: u64,
    /// Verbosity of the log of failing runs.
    pub(crate) vlevel: u8,
    /// What becomes of a run that passes with warnings.
    pub(crate) warnings: Warnings,
}

/// What becomes of a run that passes with warnings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Warnings {
    /// It passes, and they are shown.
    #[default]
    Allow,
    /// It fails.
    Deny,
}

impl FromStr for Warnings {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "allow" => Ok(Self::Allow),
            "deny" => Ok(Self::Deny),
            _ => Err(()),
        }
    }
}

impl Settings {
    /// Reads them with `variable`, which is `std::env::var` outside tests.
    ///
    /// # Errors
    /// One line that names the variable and what would be right.
    pub(crate) fn read(
        variable: impl Fn(&str) -> Result<String, VarError>,
    ) -> Result<Self, String> {
        let settings = Self {
            seed: parse(&variable, SEED, "a number from 0 to 2^64 - 1")?,
            clock: parse(&variable, CLOCK, "`sim` or `real`")?.unwrap_or(Clock::Sim),
            policy: parse(&variable, POLICY, "`fifo`, `random`, `random:N` or `pct:DEPTH:LENGTH`")?
                .unwrap_or_default(),
            count: parse(&variable, COUNT, COUNT_IS)?.unwrap_or(1),
            vlevel: parse(&variable, VLEVEL, "a number from 0 to 255")?.unwrap_or(0),
            warnings: parse(&variable, WARNINGS, "`allow` or `deny`")?.unwrap_or_default(),
        };
        if settings.count == 0 {
            return Err(format!("{COUNT}=0: it is {COUNT_IS}"));
        }
        Ok(settings)
    }
}

const COUNT_IS: &str = "a number of runs, at least 1";

fn parse<T: FromStr>(
    variable: impl Fn(&str) -> Result<String, VarError>,
    name: &str,
    what: &str,
) -> Result<Option<T>, String> {
    match variable(name) {
        Ok(text) => match text.trim().parse() {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(format!("{name}={text}: it is {what}")),
        },
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(format!("{name} is no text: it is {what}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, value: &str) -> Result<Settings, String> {
        Settings::read(
            |asked| {
                if asked == name { Ok(value.into()) } else { Err(VarError::NotPresent) }
            },
        )
    }

    #[test]
    fn by_default_one_run_with_a_fresh_seed_on_the_simulated_clock() {
        let settings = read("", "").unwrap();
        assert_eq!(settings.seed, None);
        assert_eq!(settings.clock, Clock::Sim);
        assert_eq!(settings.count, 1);
    }

    #[test]
    fn each_is_read() {
        assert_eq!(read(SEED, "12").unwrap().seed, Some(12));
        assert_eq!(read(CLOCK, "real").unwrap().clock, Clock::Real);
        assert_eq!(read(POLICY, "fifo").unwrap().policy, Policy::Fifo);
        assert_eq!(read(COUNT, "50").unwrap().count, 50);
        assert_eq!(read(VLEVEL, "11").unwrap().vlevel, 11);
        assert_eq!(read(WARNINGS, "deny").unwrap().warnings, Warnings::Deny);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = read(COUNT, "0").unwrap_err();
        assert_eq!(error, "LAB_COUNT=0: it is a number of runs, at least 1");
        let error = read(CLOCK, "virtual").unwrap_err();
        assert_eq!(error, "LAB_CLOCK=virtual: it is `sim` or `real`");
        let error = read(WARNINGS, "1").unwrap_err();
        assert_eq!(error, "LAB_WARNINGS=1: it is `allow` or `deny`");
    }
}
