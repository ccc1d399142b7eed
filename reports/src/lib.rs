//! The report of a grading session: one model, every format from it.
//!
//! A run that ended is a [`RunOutcome`]. An [`Aggregate`] takes them in, in any order and any
//! number, and gives a [`Report`] at any moment: at the end, after Ctrl-C, or while runs go on.
//! Each format is a pure function of that report, in a file of its own.
//!
//! | module | what |
//! | --- | --- |
//! | [`model`] | the report: what it says, in which units |
//! | [`verdict`] | pass, flaky, fail: what the runs of a test amount to |
//! | [`interval`] | the failure rate and how uncertain it is |
//! | [`outcome`] | one run, or one look at the sources, that ended, as it is taken in |
//! | [`tally`] | from outcomes to the report, in bounded memory |
//! | [`groups`] | failures that are the same failure |
//! | `distinct` | each distinct text once, with the number of runs that gave it |
//! | [`properties`] | what the runs say about properties that must hold at every moment |
//! | `iterations` | how long iterations take of suites that have a limit as a whole |
//! | [`sandbox`] | how far the runs were confined |
//! | [`sample`] | minimum, median and maximum of many runs |
//! | [`score`] | from a report to points |
//! | [`class`] | what became of a class |
//! | [`audit`] | what the suites say of faulty and of correct solutions |
//! | [`compare`] | two reports: what got better or worse beyond noise |
//! | [`exploration`] | what an exploration found |
//! | [`json`] | the report as JSON, written and read |
//! | `account` | what is told of a test to who reads it elsewhere |
//! | [`gradescope`], [`classroom50`], [`github_classroom`] | the report as course platforms read it |
//! | [`junit`], [`tap`], [`github`] | the report as CI reads it |
//! | [`markdown`], [`csv`] | the report for a comment, and for a spreadsheet |
//! | [`html`] | the report as a page |
//! | [`terminal`] | the report as text for a person |
//! | [`history`] | what happened in one run: its trace as a model, and in columns |
//! | [`timeline`] | one run as a picture shows it, and its file |
//! | `table` | columns that line up |
//! | [`units`] | numbers as people read them |
//! | [`writer`] | files that are whole or absent |

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "reports lives outside a world"
)]

mod account;
pub mod audit;
pub mod class;
pub mod classroom50;
pub mod compare;
pub mod csv;
mod distinct;
pub mod exploration;
pub mod github;
pub mod github_classroom;
pub mod gradescope;
pub mod groups;
pub mod history;
pub mod html;
pub mod interval;
mod iterations;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod model;
pub mod outcome;
pub mod properties;
pub mod sample;
pub mod sandbox;
pub mod score;
mod table;
pub mod tally;
pub mod tap;
pub mod terminal;
pub mod timeline;
pub mod units;
pub mod verdict;
pub mod writer;

pub use history::History;
pub use model::{Report, Seed, Submission, Tool};
pub use outcome::{Noted, Overrun, Reading, RunOutcome};
pub use sandbox::Sandbox;
pub use tally::{Aggregate, Session};
pub use timeline::Timeline;
pub use verdict::{Standing, TestVerdict};
pub use writer::Writer;
