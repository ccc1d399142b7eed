//! The courses' test suites, generic over a submission.
//!
//! | module | what |
//! | --- | --- |
//! | [`suite`] | a suite and a test, as data |
//! | `bookkeeping` | the lock of the suites' own bookkeeping |
//! | [`context`] | what a test is given: the submission, the network, steps, counters, warnings |
//! | [`failure`] | a failure as a value |
//! | `expect` | checks that say what was expected and what was seen |
//! | `threads` | threads that tests start and wait for |
//! | [`sources`] | the submission's source, for tests that look at it |
//! | [`events`] | what tests and drivers leave in the trace |
//! | [`raft`] | the cluster that every Raft integration test drives, its checkers and its workloads |
//! | [`explore`] | a scenario, played to a cluster |
//! | [`labrpc`] | the network's own suite |
//! | [`p2unit`] | COMP385 Lab 3: one server and one function at a time |
//! | [`part1`] … [`part4`] | COMP385 Lab 3: elections, consensus, persistence, faulty networks |
//! | [`weather`] | CS350 Homework 1: weather stations |
//! | [`hw4a`], [`hw4b`] | CS350 Homework 4: elections; consensus, persistence, faulty networks |
//! | [`raft_plus`] | ours: isolation, restarts in elections, threads that wait and end, waste |
//! | [`bank`] | CS350 Homework 2: bank transactions |
//! | [`mapreduce`] | CS350 Homework 3: MapReduce, over real processes |

pub mod bank;
mod bookkeeping;
pub mod context;
pub mod events;
mod expect;
pub mod explore;
pub mod failure;
pub mod hw4a;
pub mod hw4b;
pub mod labrpc;
pub mod mapreduce;
pub mod p2unit;
pub mod part1;
pub mod part2;
pub mod part3;
pub mod part4;
pub mod raft;
pub mod raft_plus;
pub mod sources;
pub mod suite;
mod threads;
pub mod weather;

pub use context::{Context, Tally, Watched};
pub use failure::{Failure, Kind};
pub use suite::{Needs, Suite, Test, Together};

/// Every suite, in the order in which they are run.
pub fn all() -> &'static [Suite] {
    static ALL: &[Suite] = &[
        labrpc::SUITE,
        part1::SUITE,
        p2unit::SUITE,
        part2::SUITE,
        part3::SUITE,
        part4::SUITE,
        hw4a::SUITE,
        hw4b::SUITE,
        raft_plus::SUITE,
        weather::SUITE,
        bank::SUITE,
        mapreduce::SUITE,
    ];
    ALL
}
