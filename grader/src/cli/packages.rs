//! The flags of commands that make packages and mend them.

use std::path::PathBuf;

use clap::Args;

use crate::scaffold::ci::Ci;
use crate::scaffold::lab::Labs;

/// `grader new`.
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The lab: raft, weather, bank, mapreduce; or all
    pub(crate) lab: Labs,
    /// The package's folder, which is made; an empty one will do
    pub(crate) path: PathBuf,
    /// The package's name [default: the folder's]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Also files to grade it elsewhere: github, gitlab or gradescope; may be given again
    #[arg(long, value_name = "WHERE", value_delimiter = ',')]
    pub(crate) ci: Vec<Ci>,
}

/// `grader link`.
#[derive(Debug, Args)]
pub(crate) struct LinkArgs {
    /// The package's folder
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
}
