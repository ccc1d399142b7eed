//! How good the suites are: solutions that are known to be faulty, others that are known to be right, and what the suites
//! say of them.
//!
//! ```text
//! corpus ─► reference ─► packages ─► crew: build ─► run ─► judged ─► explored ─► audit
//!               └─ patch ─┘
//! ```
//!
//! | module | what |
//! | --- | --- |
//! | [`plan`] | the flags, resolved |
//! | [`corpus`] | the entries, as they stand in their folders |
//! | [`about`] | what an entry's file says of it |
//! | `reference` | the solutions that entries are changes of |
//! | [`dependencies`] | what reference and entries depend on, and submissions commonly do not |
//! | [`patch`] | a unified diff, applied |
//! | [`trial`] | one entry, from its package to what became of it |
//! | [`progress`] | what is shown meanwhile |
//! | [`outputs`] | where the audit goes, beside the screen |

pub(crate) mod about;
pub(crate) mod corpus;
pub(crate) mod dependencies;
pub(crate) mod outputs;
pub(crate) mod patch;
pub(crate) mod plan;
pub(crate) mod progress;
pub(crate) mod reference;
pub(crate) mod trial;
