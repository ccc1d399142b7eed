//! The rules.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What is looked for in the sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The text is as rustfmt writes it.
    Formatting,
    /// None of the [lints](crate::lints) speaks up.
    Lints,
    /// Nothing is left to do.
    TodoComments,
    /// No comment holds code.
    CommentedOutCode,
    /// Nothing is there that is not used.
    Unused,
    /// What is public is documented.
    MissingDocs,
}

impl Rule {
    /// All rules, in the order in which they are reported.
    pub const ALL: [Self; 6] = [
        Self::Formatting,
        Self::Lints,
        Self::TodoComments,
        Self::CommentedOutCode,
        Self::Unused,
        Self::MissingDocs,
    ];

    /// Its id within the suite: `missing-docs`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Formatting => "formatting",
            Self::Lints => "lints",
            Self::TodoComments => "todo-comments",
            Self::CommentedOutCode => "commented-out-code",
            Self::Unused => "unused",
            Self::MissingDocs => "missing-docs",
        }
    }

    /// A title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Formatting => "Formatting",
            Self::Lints => "Lints",
            Self::TodoComments => "Things left to do",
            Self::CommentedOutCode => "Code in comments",
            Self::Unused => "Unused code",
            Self::MissingDocs => "Missing documentation",
        }
    }

    /// One line: what sources without a finding show.
    pub fn description(self) -> &'static str {
        match self {
            Self::Formatting => "Every file is as rustfmt writes it",
            Self::Lints => "The stated lints of clippy and the compiler find nothing",
            Self::TodoComments => {
                "Nothing is left to do: no TODO, FIXME, XXX or HACK, no `todo!` or `unimplemented!`"
            }
            Self::CommentedOutCode => "Comments hold words, not code that was switched off",
            Self::Unused => "Every item, variable, import and result is used",
            Self::MissingDocs => "Every public item has a documentation comment",
        }
    }

    /// Weight in a score, unless a course sets another.
    pub fn default_points(self) -> u32 {
        match self {
            Self::Formatting | Self::Lints | Self::Unused | Self::MissingDocs => 2,
            Self::TodoComments | Self::CommentedOutCode => 1,
        }
    }

    /// Full id of the test that it is in a report: `style/missing-docs`.
    pub fn test(self) -> String {
        format!("{}/{}", crate::suite::ID, self.id())
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

/// There is no rule of this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule(String);

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = Rule::ALL.map(Rule::id).join(", ");
        write!(f, "unknown rule `{}`: there are {ids}", self.0)
    }
}

impl std::error::Error for UnknownRule {}

impl FromStr for Rule {
    type Err = UnknownRule;

    fn from_str(id: &str) -> Result<Self, UnknownRule> {
        Self::ALL.into_iter().find(|rule| rule.id() == id).ok_or_else(|| UnknownRule(id.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_read_by_its_id_in_text_and_in_json() {
        for rule in Rule::ALL {
            assert_eq!(rule.to_string().parse(), Ok(rule));
            assert_eq!(serde_json::to_string(&rule).unwrap(), format!("{:?}", rule.id()));
        }
        let unknown = "formating".parse::<Rule>().unwrap_err().to_string();
        assert!(unknown.starts_with("unknown rule `formating`: there are formatting, lints, "));
    }
}
