//! The reference bank.
//!
//! | module | what |
//! | --- | --- |
//! | `bank` | the accounts, and the operations on them |
//! | `account` | one balance behind its lock, and the arithmetic on it |
//! | `log` | what is worth a line in the log |
//!
//! # Who holds which lock
//!
//! There are two kinds of locks, as in the course's scaffold. The bank's, which readers share, is around
//! the map from numbers to accounts, and is held only to look one up or to add one. Each account has one of its own
//! around its balance. An operation holds it from the first look at the balance to the last, so that
//! what it decides by is still true when it writes.
//!
//! A transfer holds two. Everybody who does takes the account with the lower number first, so nobody who holds
//! the higher one ever waits for the lower one, and no circle of transfers can wait for each other. A
//! transfer from an account to itself takes its one lock once.
//!
//! # Why an error changes nothing
//!
//! Whatever can fail comes before the first write: amounts are checked, accounts are looked up, and
//! new balances are computed before either is stored.

mod account;
mod bank;
mod log;

pub use bank::Bank;

/// The reference as a submission.
pub fn submission() -> contracts::Submission {
    contracts::Submission::new("reference-bank").bank::<Bank>()
}
