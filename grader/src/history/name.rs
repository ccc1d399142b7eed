//! How a person names a session: `latest`, `latest~2`, or how its name begins.

use std::path::Path;
use std::str::FromStr;

use super::{Entry, Store};
use crate::exit::{NO_TESTS, Outcome, Stop};

/// A name as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// So many sessions before the latest.
    Latest(usize),
    /// The one whose name begins so.
    Beginning(String),
}

const LATEST: &str = "latest";

impl FromStr for Name {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let back = |digits: &str| digits.parse().ok().map(Self::Latest);
        let found = match text.split_once('~') {
            _ if text == LATEST => Some(Self::Latest(0)),
            Some((LATEST, digits)) => back(digits),
            Some(_) => None,
            None => (!text.is_empty()).then(|| Self::Beginning(text.to_owned())),
        };
        found.ok_or_else(|| {
            format!(
                "expected `latest`, `latest~N` or the beginning of a session's name, not {text:?}"
            )
        })
    }
}

impl Store {
    /// The session of this name. `latest` is of the package in `folder`, if any session is.
    ///
    /// # Errors
    /// When there is none, or several begin so.
    pub(crate) fn find(&self, name: &Name, folder: &Path) -> Outcome<Entry> {
        let none = |what: String| {
            let store = self.folder().display();
            Stop::new(NO_TESTS, format!("{what} in {store}; `grader history` lists what there is"))
        };
        let mut entries = match name {
            Name::Latest(_) => self.of_folder(folder),
            Name::Beginning(_) => self.entries(),
        };
        match name {
            Name::Latest(back) if *back < entries.len() => Ok(entries.swap_remove(*back)),
            Name::Latest(_) => {
                let sessions = match entries.len() {
                    0 => "no session is kept".to_owned(),
                    1 => "only 1 session is kept".to_owned(),
                    many => format!("only {many} sessions are kept"),
                };
                Err(none(sessions))
            }
            Name::Beginning(beginning) => {
                entries.retain(|entry| entry.id.starts_with(beginning.as_str()));
                match entries.as_slice() {
                    [_] => Ok(entries.remove(0)),
                    [] => Err(none(format!("no session `{beginning}`"))),
                    [first, second, ..] => Err(Stop::usage(format!(
                        "`{beginning}` is the beginning of {} and of {}: type more of it",
                        first.id, second.id
                    ))),
                }
            }
        }
    }

    /// The sessions of the package in `folder`, the latest first; all where there is none.
    pub(crate) fn of_folder(&self, folder: &Path) -> Vec<Entry> {
        let all = self.entries();
        let is_here = |entry: &&Entry| entry.path.as_deref() == Some(folder);
        let here: Vec<Entry> = all.iter().filter(is_here).cloned().collect();
        if here.is_empty() { all } else { here }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read() {
        assert_eq!("latest".parse(), Ok(Name::Latest(0)));
        assert_eq!("latest~12".parse(), Ok(Name::Latest(12)));
        assert_eq!("20261126".parse(), Ok(Name::Beginning("20261126".to_owned())));
        for wrong in ["", "latest~", "latest~x", "a~1"] {
            assert!(wrong.parse::<Name>().is_err(), "{wrong}");
        }
    }
}
