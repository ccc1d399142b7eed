//! Looks for schedules and faults under which a submission breaks, and makes what it finds smaller.
//!
//! ```text
//! seeds ─► mission (a scenario, a seed, a policy) ─► hunt, all cores ─► findings ─► shrink, all cores
//! ```
//!
//! | module | what |
//! | --- | --- |
//! | [`plan`] | the flags, resolved |
//! | [`mission`] | one run: drawn, made, and the way in which it fails |
//! | [`hunt`] | many missions, until enough is found |
//! | [`haul`] | what they brought |
//! | [`shrink`] | the smallest mission that fails in the same way |
//! | [`progress`] | what is shown meanwhile |
//! | [`account`] | all of it as the report says it |

pub(crate) mod account;
pub(crate) mod haul;
pub(crate) mod hunt;
pub(crate) mod mission;
pub(crate) mod plan;
pub(crate) mod progress;
pub(crate) mod shrink;
