//! The suite `labrpc`: the toolkit's own network, tested like a lab.
//!
//! Its tests are those of the courses' network tester, and some for what the Raft suites rely on.
//! They need nothing of a submission: when one fails, the toolkit is at fault.
//!
//! | module | what |
//! | --- | --- |
//! | `calls` | calls on a network that does nothing to them |
//! | `faults` | losses, delays and reordering |
//! | `outages` | ends that are disabled and servers that go away |
//! | `probe` | the server that the tests call, and what they check with |

mod calls;
mod faults;
mod outages;
mod probe;

use crate::suite::test;
use crate::{Needs, Suite};

/// The suite.
pub const SUITE: Suite = Suite {
    id: "labrpc",
    title: "The simulated network",
    course: "COMP385 / CS350",
    budget_s: 60.0,
    together: None,
    needs: Needs::Nothing,
    knobs: ::labrpc::Knobs::comp385(),
    tests: &[
        calls::BASIC,
        calls::TYPES,
        outages::DISCONNECT,
        calls::COUNTS,
        calls::BYTES,
        calls::CONCURRENT_MANY,
        faults::UNRELIABLE,
        faults::CONCURRENT_ONE,
        outages::REGRESSION_1,
        outages::KILLED,
        outages::DISCONNECT_WAITING,
        outages::RESTART,
        faults::LONG_DELAYS,
        faults::LONG_REORDERING,
        calls::SERIAL,
    ],
    ..Suite::USUAL
};

#[cfg(test)]
mod tests;
