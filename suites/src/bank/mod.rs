//! CS350 Homework 2: bank transactions.
//!
//! The first seven tests are the course's, the others are what it says in prose. On the real clock the
//! course's tests have its counts and its limits. On the simulated clock they are smaller, since there it is
//! many runs, each with another order of the threads, that find what is wrong: a run takes milliseconds.
//!
//! The course starts a thread, which in Go is next to nothing, for each operation. So do these tests, but for
//! the two with the most operations when they run on the real clock: an operating system's thread takes as long as
//! ten operations do, so there each makes a round, one operation on each account.
//!
//! | module | what |
//! | --- | --- |
//! | `create` | accounts are created, one and many at once |
//! | `deposits` | many operations at once on each account |
//! | `transfers` | transfers in all directions at once |
//! | `bonus` | everything at once while accounts are added |
//! | `errors` | duplicate and unknown accounts |
//! | `amounts` | which amounts are valid, overdrafts, and the edges of the range |
//! | `itself` | transfers from an account to itself |
//! | `logging` | errors and overdrafts are logged |
//! | `conserved` | money is conserved, seen by those who look at any moment |
//! | `paused` | … and when a transfer stands still at any of its steps |
//! | `scale` | how much is done at once, on which clock |
//! | `balances` | a bank whose balances are known, and looked at after each call |
//! | `teller` | makes the calls of a test's threads and keeps the ledger |
//! | `ledger` | what the balances must be |
//! | `call` | an operation as a value |
//! | `heard` | what is logged during a call |

mod amounts;
mod balances;
mod bonus;
mod call;
mod conserved;
mod create;
mod deposits;
mod errors;
mod heard;
mod itself;
mod ledger;
mod logging;
mod paused;
mod scale;
mod teller;
mod transfers;

use protocol::Effort;

use crate::{Needs, Suite, Test};

/// The suite.
pub const SUITE: Suite = Suite {
    id: "bank",
    title: "Homework 2: bank transactions",
    course: "CS350",
    needs: Needs::Bank,
    effort: Effort::Most,
    tests: &[
        create::BASIC,
        create::MANY,
        deposits::MANY,
        transfers::FEW,
        transfers::MANY,
        deposits::AND_COMPARE,
        bonus::HIDDEN,
        errors::ERRORS,
        errors::CREATE_ONCE,
        amounts::AMOUNTS,
        amounts::OVERDRAW,
        amounts::OVERFLOW,
        itself::SELF_TRANSFER,
        logging::LOGGING,
        conserved::CONSERVED,
        paused::PAUSED,
    ],
    ..Suite::USUAL
};

/// A test that ends within ten seconds, on either clock, unless its threads wait for each other.
const USUAL: Test = Test { time_limit_s: 10.0, ..Test::USUAL };
