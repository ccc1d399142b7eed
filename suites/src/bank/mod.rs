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
//! | `teller` | makes the calls of a test's threads and keeps the ledger |
//! | `ledger` | what the balances must be |
//! | `call` | an operation as a value |
//! | `heard` | what is logged during a call |

mod amounts;
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
mod teller;
mod transfers;

use std::iter::{from_fn, once};
use std::sync::Arc;

use contracts::bank::Bank;
use labrt::Clock;

use crate::threads::at_once;
use crate::{Context, Failure, Needs, Suite, Test};

/// The suite.
pub const SUITE: Suite = Suite {
    id: "bank",
    title: "Homework 2: bank transactions",
    course: "CS350",
    needs: Needs::Bank,
    busy: true,
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

/// A bank of the submission's without accounts.
fn new_bank(ctx: &Context) -> Result<Arc<dyn Bank>, Failure> {
    let bank = ctx.submission().make_bank();
    bank.ok_or_else(|| Failure::new("the submission has no bank"))
}

/// The one of two values that is for the clock in use.
fn by_clock<T>(real: T, sim: T) -> T {
    match labrt::world::clock() {
        Clock::Real => real,
        Clock::Sim => sim,
    }
}

/// Threads that live at once at most. On the real clock more of them would only wait for a processor, and
/// the system takes its time to make them.
const AT_ONCE: usize = 2000;

/// Runs jobs all at once, as far as that goes; the first failure. A thread does `each` of them, one after the
/// other, and is called after the first.
fn all_at_once<N, J>(each: usize, jobs: impl IntoIterator<Item = (N, J)>) -> Result<(), Failure>
where
    N: Into<Arc<str>>,
    J: FnOnce() -> Result<(), Failure> + Send + 'static,
{
    let mut jobs = jobs.into_iter();
    let next = || {
        let (name, first) = jobs.next()?;
        let others: Vec<J> = jobs.by_ref().take(each - 1).map(|(_, job)| job).collect();
        Some((name, move || once(first).chain(others).try_for_each(|job| job())))
    };
    let mut threads = from_fn(next).peekable();
    while threads.peek().is_some() {
        at_once(threads.by_ref().take(AT_ONCE)).into_iter().collect::<Result<(), Failure>>()?;
    }
    Ok(())
}
