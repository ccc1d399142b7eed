//! `grader.toml`: what a course or a student always wants.
//!
//! Its keys are named after the flags. A flag and an environment variable win over the file, the
//! file over the defaults.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use protocol::{Clock, Limits, Policy};
use reports::score::Flaky;
use serde::Deserialize;
use serde::de::{self, DeserializeOwned, Deserializer};

use crate::cli::values::{Count, Seconds, Seed, Span};
use crate::cli::{Color, JunitFlaky, NoTests, ProgressMode, SandboxMode};
use crate::exit::{Outcome, Stop};
use crate::history::Keep;

/// Name of the file.
const FILE: &str = "grader.toml";

/// The file's content. Paths in it are relative to its folder.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Settings {
    /// See `--submission`.
    pub(crate) submission: Option<PathBuf>,
    /// See `--toolkit`.
    pub(crate) toolkit: Option<PathBuf>,
    /// See `--suite`.
    pub(crate) suite: Vec<String>,
    /// See `--test`.
    pub(crate) test: Option<String>,
    /// See `--count`.
    pub(crate) count: Option<Count>,
    /// See `--fail-fast`.
    pub(crate) fail_fast: Option<bool>,
    /// See `--jobs`.
    pub(crate) jobs: Option<Count>,
    /// See `--seed`.
    pub(crate) seed: Option<Seed>,
    /// See `--clock`.
    #[serde(deserialize_with = "text")]
    pub(crate) clock: Option<Clock>,
    /// See `--policy`.
    #[serde(deserialize_with = "text")]
    pub(crate) policy: Option<Policy>,
    /// See `--vlevel`.
    pub(crate) vlevel: Option<u8>,
    /// See `--json`; here, and in the keys that follow, `-` is a file like any other.
    pub(crate) json: Option<PathBuf>,
    /// See `--html`.
    pub(crate) html: Option<PathBuf>,
    /// See `--junit`.
    pub(crate) junit: Option<PathBuf>,
    /// See `--markdown`.
    pub(crate) markdown: Option<PathBuf>,
    /// See `--csv`.
    pub(crate) csv: Option<PathBuf>,
    /// See `--tap`.
    pub(crate) tap: Option<PathBuf>,
    /// See `--gradescope`.
    pub(crate) gradescope: Option<PathBuf>,
    /// See `--classroom50`.
    pub(crate) classroom50: Option<PathBuf>,
    /// See `--github-classroom`.
    pub(crate) github_classroom: Option<PathBuf>,
    /// See `--junit-flaky`.
    #[serde(deserialize_with = "word")]
    pub(crate) junit_flaky: Option<JunitFlaky>,
    /// See `--github`.
    pub(crate) github: Option<bool>,
    /// See `--logs`.
    pub(crate) logs: Option<PathBuf>,
    /// See `--progress`.
    #[serde(deserialize_with = "word")]
    pub(crate) progress: Option<ProgressMode>,
    /// See `--color`.
    #[serde(deserialize_with = "word")]
    pub(crate) color: Option<Color>,
    /// See `--sandbox`; never `off`.
    #[serde(deserialize_with = "sandbox")]
    pub(crate) sandbox: Option<SandboxMode>,
    /// See `--no-tests`.
    #[serde(deserialize_with = "word")]
    pub(crate) no_tests: Option<NoTests>,
    /// See `--suite-time-limit`.
    pub(crate) suite_time_limit: Option<Seconds>,
    /// What a submission may be built from.
    pub(crate) build: BuildSettings,
    /// Tests whose results students do not see: regular expressions for their full ids.
    pub(crate) hidden: Vec<String>,
    /// How points are given.
    pub(crate) points: PointSettings,
    /// How Gradescope shows results.
    pub(crate) results: ResultSettings,
    /// What is kept of sessions.
    pub(crate) history: HistorySettings,
    /// Which assignment it is, for Classroom 50.
    pub(crate) assignment: AssignmentSettings,
    /// See `grader class`.
    pub(crate) class: ClassSettings,
    /// Limits of every test.
    pub(crate) limits: LimitSettings,
    /// By suite id.
    pub(crate) suites: BTreeMap<String, SuiteSettings>,
    /// By full test id.
    pub(crate) tests: BTreeMap<String, LimitSettings>,
}

/// What a submission may be built from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct BuildSettings {
    /// Whether it may have unsafe code.
    pub(crate) allow_unsafe: bool,
    /// What it may depend on besides what the toolkit has for it, as in a `Cargo.toml`.
    pub(crate) dependencies: toml::Table,
}

/// How points are given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct PointSettings {
    /// What a flaky test is worth.
    pub(crate) flaky: Option<Flaky>,
    /// By suite id.
    pub(crate) suites: BTreeMap<String, Points>,
    /// By full test id.
    pub(crate) tests: BTreeMap<String, Points>,
}

/// A number of points: finite, not below 0.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(try_from = "f64")]
pub(crate) struct Points(pub(crate) f64);

impl TryFrom<f64> for Points {
    type Error = &'static str;

    fn try_from(points: f64) -> Result<Self, Self::Error> {
        let good = points.is_finite() && points >= 0.0;
        if good { Ok(Self(points)) } else { Err("expected a number of points, 0 or more") }
    }
}

/// What is kept of sessions.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct HistorySettings {
    /// Whether nothing is kept; see `--no-history`.
    pub(crate) off: bool,
    /// See `--history`.
    pub(crate) folder: Option<PathBuf>,
    /// Days that a session is kept.
    pub(crate) keep_days: Option<u32>,
    /// Sessions that are kept.
    pub(crate) keep_sessions: Option<u32>,
}

impl HistorySettings {
    /// How many sessions stay, and how long.
    pub(crate) fn keep(&self) -> Keep {
        let default = Keep::default();
        Keep {
            days: self.keep_days.unwrap_or(default.days),
            sessions: self.keep_sessions.map_or(default.sessions, |sessions| sessions as usize),
        }
    }
}

/// How Gradescope shows results. Regular expressions are for full test ids.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct ResultSettings {
    /// How what is told of a test is written.
    #[serde(deserialize_with = "word")]
    pub(crate) output: Option<TestOutput>,
    /// Whether submissions are compared by the CPU time and the RPCs that they take.
    pub(crate) leaderboard: bool,
    /// Tests that students see when nobody can submit any more.
    pub(crate) after_due_date: Vec<String>,
    /// Tests that students see when grades are published.
    pub(crate) after_published: Vec<String>,
}

/// How what is told of a test is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum TestOutput {
    /// As plain text.
    Text,
    /// As text with colours.
    Ansi,
    /// As Markdown.
    Md,
}

/// Which assignment it is, for Classroom 50.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct AssignmentSettings {
    /// The classroom.
    pub(crate) classroom: Option<String>,
    /// The assignment.
    pub(crate) assignment: Option<String>,
    /// Its kind.
    pub(crate) assignment_type: Option<String>,
    /// Who owns the repository.
    pub(crate) owner: Option<String>,
    /// The submission's tag.
    pub(crate) submission: Option<String>,
    /// The commit.
    pub(crate) commit: Option<String>,
    /// The submission's release.
    pub(crate) release: Option<String>,
    /// Where it is reviewed.
    pub(crate) review: Option<String>,
}

/// What the file says of a class.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct ClassSettings {
    /// See `--out`.
    pub(crate) out: Option<PathBuf>,
    /// See `--list`.
    pub(crate) list: Option<PathBuf>,
    /// See `--html` of `grader class`.
    pub(crate) html: bool,
    /// See `--submission-time`.
    #[serde(deserialize_with = "text")]
    pub(crate) submission_time: Option<Span>,
    /// See `--deadline`.
    #[serde(deserialize_with = "text")]
    pub(crate) deadline: Option<Span>,
}

/// Limits, as the file words them.
#[expect(clippy::struct_field_names, reason = "the keys of the file are named after the flags")]
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct LimitSettings {
    /// See `--time-limit`.
    pub(crate) time_limit: Option<Seconds>,
    /// See `--rpc-limit`.
    pub(crate) rpc_limit: Option<u64>,
    /// See `--byte-limit`.
    pub(crate) byte_limit: Option<u64>,
}

/// What the file says of one suite.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct SuiteSettings {
    /// See `--time-limit`; for each test of the suite.
    pub(crate) time_limit: Option<Seconds>,
    /// See `--rpc-limit`; for each test of the suite.
    pub(crate) rpc_limit: Option<u64>,
    /// See `--byte-limit`; for each test of the suite.
    pub(crate) byte_limit: Option<u64>,
    /// Seconds within which one iteration of the suite should end.
    pub(crate) budget: Option<Seconds>,
}

impl From<LimitSettings> for Limits {
    fn from(written: LimitSettings) -> Self {
        Self {
            time_s: written.time_limit.map(|seconds| seconds.0),
            rpcs: written.rpc_limit,
            bytes: written.byte_limit,
        }
    }
}

impl SuiteSettings {
    /// The limits of the suite's tests.
    pub(crate) fn limits(self) -> Limits {
        LimitSettings {
            time_limit: self.time_limit,
            rpc_limit: self.rpc_limit,
            byte_limit: self.byte_limit,
        }
        .into()
    }
}

/// Reads a TOML file's text. The error starts with the number of the line.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start).min(text.len());
        let number = text[..at].matches('\n').count() + 1;
        let line = text.lines().nth(number - 1).unwrap_or_default().trim();
        let message = error.message().lines().collect::<Vec<_>>().join("; ");
        format!("{number}: {message}, in `{line}`")
    })
}

impl Settings {
    /// Reads `file`, or else the nearest `grader.toml` from `folder` upwards; without one,
    /// everything is left open.
    pub(crate) fn find(file: Option<&Path>, folder: &Path) -> Outcome<Self> {
        let file = match file {
            Some(file) => file.to_owned(),
            None => match folder.ancestors().map(|up| up.join(FILE)).find(|file| file.is_file()) {
                Some(file) => file,
                None => return Ok(Self::default()),
            },
        };
        let text = std::fs::read_to_string(&file).map_err(|error| {
            Stop::usage(format!("cannot read the settings file {}: {error}", file.display()))
        })?;
        let mut settings: Self =
            parse(&text).map_err(|wrong| Stop::usage(format!("{}:{wrong}", file.display())))?;
        settings.anchor(file.parent().unwrap_or(Path::new("")));
        Ok(settings)
    }

    /// Makes paths relative to `folder` instead of to the current one.
    fn anchor(&mut self, folder: &Path) {
        let class = &mut self.class;
        let paths = [
            &mut self.submission,
            &mut self.toolkit,
            &mut self.json,
            &mut self.html,
            &mut self.junit,
            &mut self.markdown,
            &mut self.csv,
            &mut self.tap,
            &mut self.gradescope,
            &mut self.classroom50,
            &mut self.github_classroom,
            &mut self.logs,
            &mut self.history.folder,
            &mut class.out,
            &mut class.list,
        ];
        for path in paths.into_iter().flatten() {
            *path = folder.join(&path);
        }
    }
}

/// Reads how far to confine. A submission may bring a settings file along, which must not set it free.
fn sandbox<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SandboxMode>, D::Error> {
    match word(from)? {
        Some(SandboxMode::Off) => Err(de::Error::custom(
            "expected one of require, auto; to go without a sandbox, type --sandbox off",
        )),
        mode => Ok(mode),
    }
}

/// Reads one of the words that the flag takes.
fn word<'de, D: Deserializer<'de>, W: clap::ValueEnum>(from: D) -> Result<Option<W>, D::Error> {
    let text = String::deserialize(from)?;
    W::from_str(&text, false).map(Some).map_err(|_| {
        let known: Vec<String> = W::value_variants()
            .iter()
            .filter_map(|value| Some(value.to_possible_value()?.get_name().to_owned()))
            .collect();
        de::Error::custom(format!("expected one of {}, not {text:?}", known.join(", ")))
    })
}

/// Reads what the flag takes.
fn text<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    String::deserialize(from)?.parse().map(Some).map_err(de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_key() {
        let settings = parse::<Settings>(
            r#"
            submission = "me"
            toolkit = ".."
            suite = ["part1"]
            test = "Election"
            count = 50
            fail-fast = true
            jobs = 2
            seed = "0xffffffffffffffff"
            clock = "real"
            policy = "random:50"
            vlevel = 2
            json = "report.json"
            html = "report.html"
            junit = "junit.xml"
            junit-flaky = "pass"
            markdown = "report.md"
            csv = "report.csv"
            tap = "report.tap"
            github = true
            gradescope = "results.json"
            classroom50 = "classroom50.json"
            github-classroom = "results.b64"
            logs = "logs"
            color = "never"
            progress = "plain"
            sandbox = "require"
            no-tests = "warn"
            suite-time-limit = 600
            hidden = ["^4b/"]
            [build]
            allow-unsafe = true
            [points]
            flaky = "at-least 18"
            suites = { part1 = 10 }
            tests = { "part2/re-election" = 2.5 }
            [results]
            output = "md"
            leaderboard = true
            after-due-date = ["^part4/"]
            after-published = ["^4b/"]
            [history]
            off = true
            folder = "history"
            keep-days = 30
            keep-sessions = 50
            [assignment]
            classroom = "cs350"
            assignment = "raft"
            assignment-type = "individual"
            owner = "ada"
            submission = "submit/1"
            commit = "0123abc"
            release = "1"
            review = "none"
            [class]
            out = "grades"
            list = "class.csv"
            html = true
            submission-time = "10m"
            deadline = "2h"
            [limits]
            time-limit = 120
            [suites.part2]
            budget = 60.5
            rpc-limit = 1000
            [tests."part2/re-election"]
            byte-limit = 5
            "#,
        )
        .expect("valid");
        assert_eq!(settings.seed, Some(Seed(u64::MAX)));
        assert_eq!(settings.policy, Some(Policy::Random { delay_one_in: 50 }));
        assert_eq!(settings.suite_time_limit, Some(Seconds(600.0)));
        assert_eq!(settings.sandbox, Some(SandboxMode::Require));
        assert_eq!(Limits::from(settings.limits).time_s, Some(120.0));
        assert_eq!(settings.points.flaky, Some(Flaky::AtLeast(18)));
        assert_eq!(settings.tap, Some("report.tap".into()));
        assert_eq!(settings.history.keep(), Keep { days: 30, sessions: 50 });
        assert_eq!(settings.results.output, Some(TestOutput::Md));
        assert_eq!(settings.points.tests["part2/re-election"], Points(2.5));
        assert_eq!(settings.class.deadline, Some(Span(std::time::Duration::from_hours(2))));
        assert_eq!(settings.suites["part2"].limits().rpcs, Some(1000));
        assert_eq!(settings.tests["part2/re-election"].byte_limit, Some(5));
    }

    #[test]
    fn an_error_names_the_line_and_the_key() {
        let wrong = |text| parse::<Settings>(text).expect_err("invalid");
        assert!(wrong("jobs = 2\ncuont = 5\n").starts_with("2: unknown field `cuont`, expected"));
        assert_eq!(wrong("\n\ncount = 0"), "3: expected a whole number, 1 or more, in `count = 0`");
        assert_eq!(
            wrong("clock = 'fake'"),
            "1: unknown clock `fake`: it is `sim` or `real`, in `clock = 'fake'`"
        );
        assert_eq!(
            wrong("color = 'red'"),
            "1: expected one of auto, always, never, not \"red\", in `color = 'red'`"
        );
        assert_eq!(
            wrong("sandbox = 'off'"),
            "1: expected one of require, auto; to go without a sandbox, type --sandbox off, in \
             `sandbox = 'off'`"
        );
        assert_eq!(
            wrong("[limits]\ntime-limit = -1"),
            "2: expected a finite number of seconds above 0, in `time-limit = -1`"
        );
        assert!(wrong("count = ").ends_with(", in `count =`"));
    }
}
