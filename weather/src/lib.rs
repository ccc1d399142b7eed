//! The reference weather aggregators: CS350 HW1, once with channels and once with a lock.
//!
//! Both ask every station in a thread of its own, since a call may never return, and neither waits for
//! those threads: what a station answers too late finds nobody who wants it.
//!
//! | module | what |
//! | --- | --- |
//! | [`channels`] | answers travel through a channel, one for each batch |
//! | [`mutex`] | answers are added up under a lock |
//! | `average` | the average of a batch |
//! | `delivery` | a report on its way, unless the end comes first |

mod average;
pub mod channels;
mod delivery;
pub mod mutex;
