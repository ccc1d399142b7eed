//! A whole class: every submission built, run and reported on, several at once.
//!
//! ```text
//! roster ─► journal: graded already? ─► crew: build ─► run ─► reports ─► journal
//!                                                                          └─► summary
//! ```
//!
//! The journal is the truth: an append-only file with a line for each submission that is done. A submission's
//! reports are on the disk before its line is, so whatever ends the command, and be it the machine, the next one
//! goes on where it stopped: nothing is graded twice and nothing is lost.
//!
//! | module | what |
//! | --- | --- |
//! | [`roster`] | who: the submissions of a folder, or those that a list names |
//! | [`plan`] | what is to be done, resolved |
//! | [`journal`] | what is done |
//! | [`grade`] | one submission, from its folder to its row |
//! | [`progress`] | what is shown meanwhile |
//! | [`shelves`] | where the reports on each submission go |

pub(crate) mod grade;
pub(crate) mod journal;
pub(crate) mod plan;
pub(crate) mod progress;
pub(crate) mod roster;
pub(crate) mod shelves;
