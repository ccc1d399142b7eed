//! A bank that many threads use at once.
//!
//! Every operation is *atomic*: whoever looks sees all of it or nothing of it. And an operation that is
//! refused or fails changes nothing.
//!
//! # Which locks
//!
//! One lock around everything would be right, and slow: two transfers between four different accounts have
//! nothing to do with each other. The usual answer is a read-write lock around the table of accounts, which
//! is written only when one is added, and a mutex in each account. Then:
//!
//! - **Two locks, one order.** A transfer needs two accounts. If one thread takes the lock of 1 and then
//!   wants that of 2, and another the other way round, both wait for ever. Everybody must take them in the
//!   *same* order, whichever way the money goes; and a transfer from an account to itself must not take
//!   one lock twice.
//! - **Look and act under one lock.** "Is there enough?" and "take it away" are one step. Between two
//!   locks the balance may have become another one; the same holds for "is there such an account?" and "add it".
//! - **Nothing half done.** Find out everything that can go wrong before the first balance changes.
//!
//! Errors and overdrafts should be logged with the macros of the crate `tracing` (`warn!`); nothing is shown
//! unless one asks for it with `--vlevel`.

use std::collections::BTreeMap;
use std::sync::Arc;

use contracts::bank::{self, AccountId, Amount, BankError};
use labrt::sync::{Mutex, RwLock};

/// The bank. (The fields are a proposal.)
pub struct Bank {
    /// All accounts; written only when one is added.
    accounts: RwLock<BTreeMap<AccountId, Arc<Account>>>,
}

/// An account.
struct Account {
    /// What is on it; below 0 when it is overdrawn.
    balance: Mutex<Amount>,
}

impl bank::Bank for Bank {
    /// A bank without accounts.
    fn new() -> Self {
        todo!("make a bank")
    }

    /// Opens an account with a balance of 0.
    ///
    /// One that exists already is [`BankError::DuplicateAccount`], and keeps its money. Of two threads that
    /// open the same number at once, exactly one succeeds.
    fn create_account(&self, id: AccountId) -> Result<(), BankError> {
        todo!("open an account")
    }

    /// Adds `amount`; 0 is a valid amount.
    ///
    /// A negative amount is [`BankError::NegativeAmount`], a balance that would not fit
    /// [`BankError::Overflow`] (`checked_add` tells), an unknown account [`BankError::UnknownAccount`].
    fn deposit(&self, id: AccountId, amount: Amount) -> Result<(), BankError> {
        todo!("deposit")
    }

    /// Takes `amount` if the balance is at least that, and says whether it was. 0 can always be taken from
    /// an account that is not overdrawn.
    fn withdraw(&self, id: AccountId, amount: Amount) -> Result<bool, BankError> {
        todo!("withdraw")
    }

    /// Moves `amount` if the sender has it, or if `allow_overdraw`, which may leave him below 0; says
    /// whether it did.
    ///
    /// Both accounts change in one step: the sum over all accounts is the same whenever anybody looks. From an
    /// account to itself nothing changes, but whether it succeeds is decided as for any other.
    fn transfer(
        &self,
        from: AccountId,
        to: AccountId,
        amount: Amount,
        allow_overdraw: bool,
    ) -> Result<bool, BankError> {
        todo!("transfer")
    }

    /// The course's bonus: adds `amount` and says whether the balance that *this deposit* made is at least
    /// `threshold`. Deposit and comparison are one step.
    fn deposit_and_compare(
        &self,
        id: AccountId,
        amount: Amount,
        threshold: Amount,
    ) -> Result<bool, BankError> {
        todo!("deposit and compare")
    }

    /// The balance.
    fn balance(&self, id: AccountId) -> Result<Amount, BankError> {
        todo!("balance")
    }
}
