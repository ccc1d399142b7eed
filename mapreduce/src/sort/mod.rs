//! External sorting: any number of pairs, grouped by key, in bounded memory.
//!
//! Pairs are collected in memory, where equal keys meet, and equal values in a row become one value and
//! a count. What does not fit is *spilled* to a file in order. A sorted file is a *run*; runs are merged
//! as they are read.
//!
//! | module | what |
//! | --- | --- |
//! | [`groups`] | pairs in memory |
//! | [`collector`] | pairs that may not fit in memory |
//! | [`run`] | the format of a run |
//! | [`merge`] | many runs read as one |

pub(crate) mod collector;
pub(crate) mod groups;
pub(crate) mod merge;
pub(crate) mod run;

#[cfg(test)]
mod tests;
