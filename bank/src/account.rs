//! One account: its balance behind its lock, and the arithmetic on it.

use contracts::bank::{AccountId, Amount, BankError};
use labrt::sync::{Mutex, MutexGuard};

/// An account.
#[derive(Debug)]
pub(crate) struct Account {
    id: AccountId,
    balance: Mutex<Amount>,
}

impl Account {
    /// An account with a balance of 0.
    pub(crate) fn new(id: AccountId) -> Self {
        Self { id, balance: Mutex::new(0) }
    }

    /// Waits until nobody else looks at the balance, and keeps others from it.
    #[track_caller]
    pub(crate) fn lock(&self) -> Balance<'_> {
        Balance { id: self.id, amount: self.balance.lock() }
    }

    /// Locks two accounts, the one with the lower number first. They must not be the same.
    #[track_caller]
    pub(crate) fn lock_both<'a>(&'a self, other: &'a Self) -> (Balance<'a>, Balance<'a>) {
        debug_assert_ne!(self.id, other.id, "the second lock would never come");
        if self.id < other.id {
            let mine = self.lock();
            (mine, other.lock())
        } else {
            let theirs = other.lock();
            (self.lock(), theirs)
        }
    }
}

/// The balance of an account that is locked until this is dropped.
pub(crate) struct Balance<'a> {
    id: AccountId,
    amount: MutexGuard<'a, Amount>,
}

impl Balance<'_> {
    /// The balance.
    pub(crate) fn amount(&self) -> Amount {
        *self.amount
    }

    /// Whether the account has `amount`. Compared, not subtracted: the difference may not fit.
    pub(crate) fn covers(&self, amount: Amount) -> bool {
        *self.amount >= amount
    }

    /// What the balance would be with `amount` more.
    pub(crate) fn plus(&self, amount: Amount) -> Result<Amount, BankError> {
        self.amount.checked_add(amount).ok_or(BankError::Overflow(self.id))
    }

    /// What the balance would be with `amount` less.
    pub(crate) fn minus(&self, amount: Amount) -> Result<Amount, BankError> {
        self.amount.checked_sub(amount).ok_or(BankError::Overflow(self.id))
    }

    /// Replaces the balance.
    pub(crate) fn set(&mut self, amount: Amount) {
        *self.amount = amount;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_balance(id: AccountId, amount: Amount) -> Account {
        Account { id, balance: Mutex::new(amount) }
    }

    #[test]
    fn a_balance_that_does_not_fit_is_an_error_that_names_the_account() {
        let (rich, poor) = (with_balance(1, Amount::MAX), with_balance(2, Amount::MIN));
        assert_eq!(rich.lock().plus(1), Err(BankError::Overflow(1)));
        assert_eq!(rich.lock().plus(0), Ok(Amount::MAX));
        assert_eq!(poor.lock().minus(1), Err(BankError::Overflow(2)));
        assert_eq!(poor.lock().minus(0), Ok(Amount::MIN));
    }

    #[test]
    fn covering_does_not_overflow() {
        let (rich, poor) = (with_balance(1, Amount::MAX), with_balance(2, Amount::MIN));
        assert!(rich.lock().covers(Amount::MAX));
        assert!(!poor.lock().covers(Amount::MAX));
    }

    #[test]
    fn both_balances_come_in_the_order_of_the_call() {
        let (one, two) = (with_balance(1, 10), with_balance(2, 20));
        for (first, second) in [(&one, &two), (&two, &one)] {
            let (mine, theirs) = first.lock_both(second);
            assert_eq!((mine.id, theirs.id), (first.id, second.id));
        }
    }
}
