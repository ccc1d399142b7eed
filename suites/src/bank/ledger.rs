//! The ledger: what the operations that succeeded must have left in each account.

use std::sync::atomic::{AtomicI64, Ordering};

use contracts::bank::{AccountId, Amount, Bank};

use super::call::Call;
use crate::Failure;
use crate::expect::check;

/// The sum of what was done to each of the accounts `0..n`. Threads write in it after their operation has
/// succeeded; it is compared when all of them have ended.
#[derive(Debug)]
pub(super) struct Ledger(Vec<AtomicI64>);

impl Ledger {
    /// A ledger of accounts that hold `balance` each.
    pub(super) fn new(accounts: AccountId, balance: Amount) -> Self {
        Self((0..accounts).map(|_| AtomicI64::new(balance)).collect())
    }

    /// Adds `amount`, below 0 for a withdrawal, to an account.
    pub(super) fn enter(&self, id: AccountId, amount: Amount) {
        // Nobody decides by what he reads here, so this is no point of choice.
        self.0[id as usize].fetch_add(amount, Ordering::Relaxed);
    }

    /// Checks that every account of the bank holds what the ledger says.
    pub(super) fn balances(&self, bank: &dyn Bank) -> Result<(), Failure> {
        for (id, sum) in (0..).zip(&self.0) {
            let expected = sum.load(Ordering::Relaxed);
            let seen = bank.balance(id).map_err(|error| Call::Balance(id).failed(error))?;
            check(seen == expected, || {
                format!(
                    "account {id}: expected a balance of {expected}, the sum of the operations that \
                     succeeded; saw {seen}"
                )
            })?;
        }
        Ok(())
    }
}
