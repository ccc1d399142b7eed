//! How rustfmt and clippy-driver are to be called.
//!
//! The grader calls them, in the submission's folder and as confined as the submission itself: a macro
//! that they expand is the submission's code. What is said here is what the rules rely on.

use crate::lints::{self, Looked};

/// Arguments of `rustfmt` for one file. Its text goes to standard input and comes back formatted on
/// standard output; with a status other than 0, standard error says what rustfmt has against it.
///
/// It is run in the file's folder, so that the submission's own `rustfmt.toml` counts as it does for
/// `cargo fmt`; only switching everything off does not. A course that wants one form for all gives a
/// `config`, the path of its `rustfmt.toml`.
pub fn rustfmt(edition: &str, config: Option<&str>) -> Vec<String> {
    let mut args =
        ["--edition", edition, "--emit", "stdout", "--quiet"].map(str::to_owned).to_vec();
    args.extend(["--config", "disable_all_formatting=false"].map(str::to_owned));
    args.extend(
        config.into_iter().flat_map(|config| ["--config-path".to_owned(), config.to_owned()]),
    );
    args
}

/// Arguments of `clippy-driver` beyond those with which rustc compiles the library: what to look for and
/// how to say it, on standard error. They come last, for the last word on a lint counts.
///
/// The root is given by its path within the submission, `src/lib.rs`, and the driver is run in the
/// submission's folder: that is how files are named in what it says. [`CONFIG_FOLDER`] says where it
/// finds thresholds.
pub fn clippy() -> Vec<String> {
    let mut args = ["--error-format=json", "--cap-lints=warn"].map(str::to_owned).to_vec();
    args.extend(["-A", "clippy::all"].map(str::to_owned));
    for Looked { lint, even_if_allowed, .. } in lints::LOOKED_FOR {
        let flag = if *even_if_allowed { "--force-warn" } else { "-W" };
        args.extend([flag.to_owned(), (*lint).to_owned()]);
    }
    args
}

/// Variable in the environment of `clippy-driver` with the folder of the `clippy.toml` that counts; an empty
/// one leaves clippy its own thresholds. Without the variable a submission sets its own.
pub const CONFIG_FOLDER: &str = "CLIPPY_CONF_DIR";

/// What a toolchain without the tools must be given: `rustup component add rustfmt clippy`.
pub const COMPONENTS: [&str; 2] = ["rustfmt", "clippy"];
