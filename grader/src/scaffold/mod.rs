//! A submission to begin with: it compiles, every function of it says what it must do, and every test of it is
//! "not implemented".
//!
//! The files are in `templates`, as they will be, but for names.
//!
//! | module | what |
//! | --- | --- |
//! | [`lab`] | the labs, and the files, crates and suites of each |
//! | [`name`] | what the package may be called |
//! | [`draft`] | all files of a package, from the templates |
//! | [`ci`] | files for a course's machines |
//! | [`link`] | the link to the toolkit's crates |
//! | [`folder`] | a folder that is there as a whole, or not at all |

pub(crate) mod ci;
pub(crate) mod draft;
pub(crate) mod folder;
pub(crate) mod lab;
pub(crate) mod link;
pub(crate) mod name;
