//! The command that repeats one run: complete, and safe to paste into a shell.

use std::fmt;
use std::path::Path;

use confine::Mode;
use protocol::{Clock, Limits, Policy};
use scenario::Scenario;

use crate::plan::submission::Source;

/// All that one run depends on.
#[derive(Clone, Debug)]
pub(crate) struct ReplayLine<'a> {
    /// Where its program came from.
    pub(crate) source: &'a Source,
    /// What it runs.
    pub(crate) what: What<'a>,
    /// Its seed.
    pub(crate) seed: u64,
    /// Its clock.
    pub(crate) clock: Clock,
    /// Its policy, unless that is the default.
    pub(crate) policy: Option<Policy>,
    /// What replaces its test's own limits.
    pub(crate) limits: Limits,
    /// Whether it was not to be confined.
    pub(crate) unconfined: bool,
}

/// What a run runs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum What<'a> {
    /// The test with this full id.
    Test(&'a str),
    /// A scenario of an exploration.
    Scenario(&'a Scenario),
}

impl ReplayLine<'_> {
    fn words(&self) -> Vec<String> {
        let mut words = vec![command(), "replay".to_owned()];
        let mut option = |name: &str, value: String| words.extend([name.to_owned(), value]);
        match self.source {
            Source::Package(package) => option("-S", text(&package.path)),
            Source::Harness(file) => option("--harness", text(file)),
        }
        match self.what {
            What::Test(id) => option("--test", id.to_owned()),
            What::Scenario(scenario) => option("--scenario", scenario.to_string()),
        }
        option("--seed", self.seed.to_string());
        option("--clock", self.clock.to_string());
        if let Some(policy) = &self.policy
            && self.clock == Clock::Sim
        {
            option("--policy", policy.to_string());
        }
        if let Some(time_s) = self.limits.time_s {
            option("--time-limit", time_s.to_string());
        }
        if let Some(rpcs) = self.limits.rpcs {
            option("--rpc-limit", rpcs.to_string());
        }
        if let Some(bytes) = self.limits.bytes {
            option("--byte-limit", bytes.to_string());
        }
        if self.unconfined {
            option("--sandbox", Mode::Off.to_string());
        }
        words
    }
}

impl fmt::Display for ReplayLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only a word with a NUL cannot be quoted, and none reaches us through a command line.
        let words = self.words();
        let line = shlex::try_join(words.iter().map(String::as_str));
        f.write_str(&line.unwrap_or_else(|_| words.join(" ")))
    }
}

/// The command that looks at the sources of `source` once more, by one test of a suite that reads.
pub(crate) fn look_again(source: &Source, test: &str) -> String {
    let Source::Package(package) = source else { return String::new() };
    let (suite, _) = test.split_once('/').unwrap_or((test, ""));
    let words = [
        command(),
        "run".to_owned(),
        "-S".to_owned(),
        text(&package.path),
        "--suite".to_owned(),
        suite.to_owned(),
        "--test".to_owned(),
        test.to_owned(),
    ];
    shlex::try_join(words.iter().map(String::as_str)).unwrap_or_else(|_| words.join(" "))
}

/// This command, as it can be typed again: by the path that it was started with, or by its name
/// where the shell found it.
fn command() -> String {
    let typed = std::env::args_os().next().unwrap_or_default();
    let path = Path::new(&typed);
    if path.components().count() > 1 { text(path) } else { "grader".to_owned() }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::values::{Seconds, Seed};
    use crate::cli::{self, Command, SandboxMode};

    #[test]
    fn reads_back_as_the_same_run() {
        let source = Source::Harness("/home/a student's/it".into());
        let line = ReplayLine {
            source: &source,
            what: What::Test("part2/x"),
            seed: u64::MAX,
            clock: Clock::Sim,
            policy: Some(Policy::Pct { depth: 2, length: 9 }),
            limits: Limits { time_s: Some(0.1), rpcs: Some(7), bytes: Some(8) },
            unconfined: true,
        };
        let words = shlex::split(&line.to_string()).expect("a shell line");
        let cli = cli::parse(words).expect("valid");
        assert_eq!(cli.global.sandbox, Some(SandboxMode::Off));
        let Command::Replay(args) = cli.command else { panic!("not a replay: {line}") };
        assert_eq!(args.submission.harness.as_deref(), Some(source.path()));
        assert_eq!(args.test.as_deref(), Some("part2/x"));
        assert_eq!(args.seed, Some(Seed(line.seed)));
        assert_eq!(args.world.clock, Some(line.clock));
        assert_eq!(args.world.policy, line.policy);
        assert_eq!(args.world.time_limit, Some(Seconds(0.1)));
        assert_eq!((args.world.rpc_limit, args.world.byte_limit), (Some(7), Some(8)));
    }

    #[test]
    fn a_scenario_is_one_word() {
        let source = Source::Harness("/it".into());
        let scenario: Scenario =
            "servers 5; until 3s; 1 partition 0 | 1; 2 heal".parse().expect("a scenario");
        let line = ReplayLine {
            source: &source,
            what: What::Scenario(&scenario),
            seed: 7,
            clock: Clock::Sim,
            policy: None,
            limits: Limits::default(),
            unconfined: false,
        };
        let words = shlex::split(&line.to_string()).expect("a shell line");
        let Command::Replay(args) = cli::parse(words).expect("valid").command else {
            panic!("not a replay: {line}")
        };
        assert_eq!(args.scenario, Some(scenario));
    }
}
