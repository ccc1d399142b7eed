//! How far the runs were confined.

use serde::{Deserialize, Serialize};

use crate::units::plural;

/// How far the runs were confined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sandbox {
    /// What was asked for: `require`, `auto` or `off`.
    pub mode: String,
    /// Each protection, in force or not.
    pub protections: Vec<Protection>,
}

/// One protection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Protection {
    /// What it protects: `network`.
    pub name: String,
    /// Whether it was in force.
    pub in_force: bool,
    /// By what it was enforced; none where it was not in force.
    pub by: Option<String>,
    /// Why it was not in force; none where it was.
    pub why_not: Option<String>,
}

impl Sandbox {
    /// The protections that were not in force.
    pub fn missing(&self) -> impl Iterator<Item = &Protection> {
        self.protections.iter().filter(|protection| !protection.in_force)
    }

    /// Whether all of them were.
    pub fn is_whole(&self) -> bool {
        self.mode != "off" && self.missing().next().is_none()
    }

    /// In a line: `confined: 8 protections, all in force`.
    pub fn words(&self) -> String {
        let missing: Vec<String> = self.missing().map(Protection::absence).collect();
        let protections = plural(self.protections.len() as u64, "protection");
        match missing[..] {
            _ if self.mode == "off" => {
                "not confined: the submission could do what whoever started this can".to_owned()
            }
            [] => format!("confined: {protections}, all in force"),
            _ => format!("confined only in part: {}", missing.join("; ")),
        }
    }
}

impl Protection {
    /// The protection `name`, enforced by something, or not in force for a reason.
    pub fn new(name: impl Into<String>, standing: Result<String, String>) -> Self {
        let in_force = standing.is_ok();
        let (by, why_not) = match standing {
            Ok(by) => (Some(by), None),
            Err(why) => (None, Some(why)),
        };
        Self { name: name.into(), in_force, by, why_not }
    }

    /// `no network (why not)`.
    fn absence(&self) -> String {
        let why = self.why_not.as_ref().map_or_else(String::new, |why| format!(" ({why})"));
        format!("no {}{why}", self.name)
    }
}
