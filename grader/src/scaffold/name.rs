//! What a package may be called.

use std::path::Path;

use crate::exit::{Outcome, Stop};

/// Words that cargo or the language has taken.
const WORDS: &str = "abstract alloc as async await become box break const continue core crate do dyn else \
                     enum extern false final fn for gen if impl in let loop macro match mod move mut \
                     override priv proc_macro pub ref return self static std struct super test trait \
                     true try type typeof unsafe unsized use virtual where while yield";

/// Crates that a submission is linked with, and the name that it has there.
const CRATES: &str = "confine contracts grader harness inputs labrpc labrt protocol reports runner \
                      scenario shelf style submission suites";

/// The name of the package in the folder `path`: the one given, or else made of the folder's.
///
/// # Errors
/// One line that says why it is no name, and how to give another.
pub(crate) fn of_package(given: Option<&str>, path: &Path) -> Outcome<String> {
    let folder = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = given.map_or_else(|| adapted(&folder.unwrap_or_default()), str::to_owned);
    match fault(&name) {
        None => Ok(name),
        Some(fault) => {
            let hint = if given.is_some() { "" } else { "; name another with --name" };
            Err(Stop::usage(format!("`{name}` cannot be the name of a package: {fault}{hint}")))
        }
    }
}

/// A folder's name in the letters of a package's.
fn adapted(folder: &str) -> String {
    let letter = |c: char| {
        let c = c.to_ascii_lowercase();
        if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }
    };
    folder.chars().map(letter).collect::<String>().trim_matches('-').to_owned()
}

fn taken() -> impl Iterator<Item = &'static str> {
    WORDS.split_whitespace().chain(CRATES.split_whitespace())
}

/// What is wrong with this name.
fn fault(name: &str) -> Option<&'static str> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let library = name.replace('-', "_");
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        Some("it begins with a letter from a to z")
    } else if !name.chars().all(plain) {
        Some("it has letters from a to z, digits, `-` and `_`")
    } else if taken().any(|taken| taken == library) {
        Some("that word is taken")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(given: Option<&str>, path: &str) -> Result<String, String> {
        of_package(given, Path::new(path)).map_err(|stop| stop.message)
    }

    #[test]
    fn it_is_made_of_the_folders() {
        assert_eq!(name(None, "labs/My Raft"), Ok("my-raft".to_owned()));
        assert_eq!(name(Some("other"), "labs/my raft"), Ok("other".to_owned()));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let digit = "`385-raft` cannot be the name of a package: it begins with a letter from a to z; \
                     name another with --name";
        assert_eq!(name(None, "385 raft"), Err(digit.to_owned()));
        assert!(name(None, "harness").is_err());
        assert!(name(None, "..").is_err());
        assert!(name(None, "Ελλάδα").is_err());
        assert!(name(Some("A"), "x").is_err_and(|why| why.ends_with("from a to z")));
    }

    proptest! {
        #[test]
        fn a_name_that_is_taken_as_one_is_one(folder in ".{0,20}") {
            if let Ok(name) = name(None, &folder) {
                prop_assert_eq!(fault(&name), None);
                prop_assert!(!name.is_empty() && name.is_ascii());
            }
        }
    }
}
