//! The labs, and what a package needs for each.

use std::str::FromStr;

use crate::suggest::nearest;

/// A lab.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lab {
    /// Its name, also that of its module.
    pub(crate) name: &'static str,
    /// What it is about.
    pub(crate) title: &'static str,
    /// Its section of the package's README.
    pub(crate) readme: &'static str,
    /// Its files: the name within its module, and the text.
    pub(crate) files: &'static [(&'static str, &'static str)],
    /// The calls by which the package says that it implements the lab.
    pub(crate) calls: &'static [&'static str],
    /// The crates that it depends on; keys of [`CRATES`].
    pub(crate) crates: &'static [&'static str],
    /// Its suites, in the order in which one works on them.
    pub(crate) suites: &'static [&'static str],
    /// Suites that no course has, which look for what those of the courses let pass.
    pub(crate) suites_beyond: &'static [&'static str],
}

/// The template of this name of this lab.
macro_rules! template {
    ($lab:literal, $name:literal) => {
        ($name, include_str!(concat!("../../templates/", $lab, "/", $name)))
    };
}

const RAFT: Lab = Lab {
    name: "raft",
    title: "A Raft, for COMP385's Lab 3 and CS350's Homework 4",
    readme: include_str!("../../templates/raft/README.md"),
    files: &[
        template!("raft", "mod.rs"),
        template!("raft", "server.rs"),
        template!("raft", "state.rs"),
        template!("raft", "election.rs"),
        template!("raft", "replication.rs"),
        template!("raft", "persist.rs"),
        template!("raft", "timing.rs"),
        template!("raft", "internals.rs"),
    ],
    calls: &[".raft::<raft::Server>()", ".raft_internals::<raft::Server>()"],
    crates: &["contracts", "labrpc", "labrt", "postcard", "rand", "serde", "tracing"],
    suites: &["part1", "p2unit", "part2", "part3", "part4", "4a", "4b"],
    suites_beyond: &["raft-plus"],
};

const WEATHER: Lab = Lab {
    name: "weather",
    title: "Weather stations, CS350's Homework 1",
    readme: include_str!("../../templates/weather/README.md"),
    files: &[
        template!("weather", "mod.rs"),
        template!("weather", "channels.rs"),
        template!("weather", "mutex.rs"),
    ],
    calls: &[".weather(weather::channels::aggregator, weather::mutex::aggregator)"],
    crates: &["contracts", "labrt", "tracing"],
    suites: &["weather"],
    suites_beyond: &[],
};

const BANK: Lab = Lab {
    name: "bank",
    title: "A bank, CS350's Homework 2",
    readme: include_str!("../../templates/bank/README.md"),
    files: &[template!("bank", "mod.rs")],
    calls: &[".bank::<bank::Bank>()"],
    crates: &["contracts", "labrt", "tracing"],
    suites: &["bank"],
    suites_beyond: &[],
};

const MAPREDUCE: Lab = Lab {
    name: "mapreduce",
    title: "MapReduce, CS350's Homework 3",
    readme: include_str!("../../templates/mapreduce/README.md"),
    files: &[
        template!("mapreduce", "mod.rs"),
        template!("mapreduce", "coordinator.rs"),
        template!("mapreduce", "worker.rs"),
        template!("mapreduce", "rpc.rs"),
        template!("mapreduce", "credit.rs"),
    ],
    calls: &[
        ".mapreduce::<mapreduce::Coordinator>(mapreduce::worker)",
        ".credit(mapreduce::Credit)",
    ],
    crates: &["contracts", "csv", "postcard", "serde", "tempfile", "tracing"],
    suites: &["mapreduce"],
    suites_beyond: &[],
};

impl Lab {
    /// All its suites.
    pub(crate) fn all_suites(&self) -> impl Iterator<Item = &'static str> {
        self.suites.iter().chain(self.suites_beyond).copied()
    }
}

/// The labs in the order in which people think of them.
static LABS: [Lab; 4] = [RAFT, WEATHER, BANK, MAPREDUCE];

/// The word for all labs at once.
const ALL: &str = "all";

/// A crate that a submission depends on, as its line in `Cargo.toml`.
pub(crate) const CRATES: [(&str, &str); 9] = [
    ("contracts", r#"{ path = "toolkit/contracts" }"#),
    ("labrpc", r#"{ path = "toolkit/labrpc" }"#),
    ("labrt", r#"{ path = "toolkit/labrt" }"#),
    ("csv", r#""1.4""#),
    ("postcard", r#"{ version = "1.1", features = ["use-std"] }"#),
    ("rand", r#"{ version = "0.10.4", default-features = false, features = ["std"] }"#),
    ("serde", r#"{ version = "1.0", features = ["derive", "rc"] }"#),
    ("tempfile", r#""3.27""#),
    ("tracing", r#""0.1.44""#),
];

/// One lab, or all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Labs(&'static [Lab]);

impl Labs {
    /// All of them.
    pub(crate) const ALL: Self = Self(&LABS);

    /// Each of them.
    pub(crate) fn each(self) -> impl Iterator<Item = &'static Lab> + Clone {
        self.0.iter()
    }

    /// What they are called together.
    pub(crate) fn name(self) -> &'static str {
        match self.0 {
            [lab] => lab.name,
            _ => ALL,
        }
    }

    /// What they are about.
    pub(crate) fn title(self) -> &'static str {
        match self.0 {
            [lab] => lab.title,
            _ => "All labs: Raft, weather stations, a bank, MapReduce",
        }
    }

    /// Their suites.
    pub(crate) fn suites(self) -> impl Iterator<Item = &'static str> + Clone {
        self.each().flat_map(|lab| lab.suites).copied()
    }

    /// The suite to begin with.
    pub(crate) fn first_suite(self) -> &'static str {
        self.suites().next().unwrap_or_default()
    }
}

impl FromStr for Labs {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == ALL {
            return Ok(Self::ALL);
        }
        let lab = LABS.iter().find(|lab| lab.name == text);
        lab.map(|lab| Self(std::slice::from_ref(lab))).ok_or_else(|| {
            let names: Vec<&str> = LABS.iter().map(|lab| lab.name).chain([ALL]).collect();
            let meant = nearest(text, names.iter().copied())
                .map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"));
            format!("no lab of that name{meant}; there are {}", names.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use toml::{Table, Value};

    use super::*;

    fn workspace() -> Table {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
        std::fs::read_to_string(manifest).expect("a file").parse().expect("a manifest")
    }

    #[test]
    fn a_submission_uses_the_versions_of_the_toolkit() {
        let workspace = workspace();
        let ours = &workspace["workspace"]["dependencies"];
        for (name, line) in CRATES {
            let written: Table = format!("{name} = {line}").parse().expect("a dependency");
            let mut expected = ours[name].clone();
            if let Some(path) = expected.get("path").and_then(Value::as_str) {
                let path = format!("toolkit/{path}");
                expected["path"] = path.into();
            }
            assert_eq!(written[name], expected, "{name}");
        }
    }

    #[test]
    fn every_crate_of_a_lab_has_a_line() {
        for name in LABS.iter().flat_map(|lab| lab.crates) {
            assert!(CRATES.iter().any(|(known, _)| known == name), "{name}");
        }
    }

    #[test]
    fn a_lab_has_a_name_and_all_of_them_have_one() {
        assert_eq!("bank".parse::<Labs>().expect("a lab").first_suite(), "bank");
        assert_eq!("all".parse::<Labs>().expect("labs").each().count(), 4);
        let wrong = "rafd".parse::<Labs>().expect_err("no lab");
        assert_eq!(
            wrong,
            "no lab of that name (did you mean `raft`?); there are raft, weather, bank, mapreduce, all"
        );
    }
}
