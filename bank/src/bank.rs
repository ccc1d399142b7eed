//! The accounts, and the operations on them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use contracts::bank::{AccountId, Amount, BankError};
use labrt::sync::RwLock;

use crate::account::Account;
use crate::log;

/// The bank.
#[derive(Debug, Default)]
pub struct Bank {
    /// Accounts are added and never taken away, so one that was found stays what it is when the lock is
    /// released.
    accounts: RwLock<BTreeMap<AccountId, Arc<Account>>>,
}

impl contracts::bank::Bank for Bank {
    fn new() -> Self {
        Self::default()
    }

    fn create_account(&self, id: AccountId) -> Result<(), BankError> {
        self.open(id).inspect_err(|error| log::failed("creating an account", *error))
    }

    fn deposit(&self, id: AccountId, amount: Amount) -> Result<(), BankError> {
        self.add(id, amount).map(drop).inspect_err(|error| log::failed("deposit", *error))
    }

    fn withdraw(&self, id: AccountId, amount: Amount) -> Result<bool, BankError> {
        let done = self.take(id, amount);
        match done {
            Ok(true) => {}
            Ok(false) => log::refused("withdrawal", id, amount),
            Err(error) => log::failed("withdrawal", error),
        }
        done
    }

    fn transfer(
        &self,
        from: AccountId,
        to: AccountId,
        amount: Amount,
        allow_overdraw: bool,
    ) -> Result<bool, BankError> {
        let left = self.shift(from, to, amount, allow_overdraw);
        match left {
            Ok(Some(balance)) if balance < 0 => log::overdrawn(from, balance),
            Ok(Some(_)) => {}
            Ok(None) => log::refused("transfer", from, amount),
            Err(error) => log::failed("transfer", error),
        }
        left.map(|left| left.is_some())
    }

    fn deposit_and_compare(
        &self,
        id: AccountId,
        amount: Amount,
        threshold: Amount,
    ) -> Result<bool, BankError> {
        // What the deposit itself made of the balance: by now another one may have changed it.
        let balance = self.add(id, amount).inspect_err(|error| log::failed("deposit", *error))?;
        Ok(balance >= threshold)
    }

    fn balance(&self, id: AccountId) -> Result<Amount, BankError> {
        let account = self.account(id).inspect_err(|error| log::failed("balance", *error))?;
        Ok(account.lock().amount())
    }
}

impl Bank {
    /// The account of this number.
    fn account(&self, id: AccountId) -> Result<Arc<Account>, BankError> {
        self.accounts.read().get(&id).cloned().ok_or(BankError::UnknownAccount(id))
    }

    /// Adds an account, looking for one of its number and adding it under one lock.
    fn open(&self, id: AccountId) -> Result<(), BankError> {
        match self.accounts.write().entry(id) {
            Entry::Occupied(_) => Err(BankError::DuplicateAccount(id)),
            Entry::Vacant(place) => {
                place.insert(Arc::new(Account::new(id)));
                Ok(())
            }
        }
    }

    /// Adds money; the balance that this makes.
    fn add(&self, id: AccountId, amount: Amount) -> Result<Amount, BankError> {
        check(amount)?;
        let account = self.account(id)?;
        let mut balance = account.lock();
        let new = balance.plus(amount)?;
        balance.set(new);
        Ok(new)
    }

    /// Takes money if it is there; whether it was.
    fn take(&self, id: AccountId, amount: Amount) -> Result<bool, BankError> {
        check(amount)?;
        let account = self.account(id)?;
        let mut balance = account.lock();
        if !balance.covers(amount) {
            return Ok(false);
        }
        let new = balance.minus(amount)?;
        balance.set(new);
        Ok(true)
    }

    /// Moves money if it is there, or if it need not be; what the sender then has, none if it was
    /// refused.
    fn shift(
        &self,
        from: AccountId,
        to: AccountId,
        amount: Amount,
        allow_overdraw: bool,
    ) -> Result<Option<Amount>, BankError> {
        check(amount)?;
        let (sender, receiver) = (self.account(from)?, self.account(to)?);
        if from == to {
            let balance = sender.lock();
            return Ok((balance.covers(amount) || allow_overdraw).then(|| balance.amount()));
        }
        let (mut sender, mut receiver) = sender.lock_both(&receiver);
        if !(sender.covers(amount) || allow_overdraw) {
            return Ok(None);
        }
        let (left, received) = (sender.minus(amount)?, receiver.plus(amount)?);
        sender.set(left);
        receiver.set(received);
        Ok(Some(left))
    }
}

/// Whether this is an amount that can be moved.
fn check(amount: Amount) -> Result<(), BankError> {
    if amount < 0 { Err(BankError::NegativeAmount(amount)) } else { Ok(()) }
}
