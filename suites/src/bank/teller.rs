//! A teller: makes the calls of a test's threads, all of which must be possible, and keeps the ledger.

use std::sync::Arc;

use contracts::bank::{AccountId, Amount, Bank};

use super::balances::new_bank;
use super::call::Call;
use super::ledger::Ledger;
use crate::{Context, Failure};

/// A bank with accounts `0..n`, and the ledger of what was done with them. Clones share both.
#[derive(Clone)]
pub(super) struct Teller {
    bank: Arc<dyn Bank>,
    ledger: Arc<Ledger>,
}

impl Teller {
    /// A new bank with so many accounts, each with this balance.
    pub(super) fn new(
        ctx: &Context,
        accounts: AccountId,
        balance: Amount,
    ) -> Result<Self, Failure> {
        let teller =
            Self { bank: new_bank(ctx)?, ledger: Arc::new(Ledger::new(accounts, balance)) };
        for id in 0..accounts {
            teller.create(id)?;
            teller.bank.deposit(id, balance).map_err(|e| Call::Deposit(id, balance).failed(e))?;
        }
        Ok(teller)
    }

    /// The bank.
    pub(super) fn bank(&self) -> &dyn Bank {
        &*self.bank
    }

    /// Opens an account, which the ledger does not know.
    pub(super) fn create(&self, id: AccountId) -> Result<(), Failure> {
        self.bank.create_account(id).map_err(|error| Call::Create(id).failed(error))
    }

    /// Deposits.
    pub(super) fn deposit(&self, id: AccountId, amount: Amount) -> Result<(), Failure> {
        let done = self.bank.deposit(id, amount);
        done.map_err(|error| Call::Deposit(id, amount).failed(error))?;
        self.ledger.enter(id, amount);
        Ok(())
    }

    /// Withdraws; whether it was done.
    pub(super) fn withdraw(&self, id: AccountId, amount: Amount) -> Result<bool, Failure> {
        let done = self.bank.withdraw(id, amount);
        let done = done.map_err(|error| Call::Withdraw(id, amount).failed(error))?;
        if done {
            self.ledger.enter(id, -amount);
        }
        Ok(done)
    }

    /// Transfers without an overdraft; whether it was done.
    pub(super) fn transfer(
        &self,
        from: AccountId,
        to: AccountId,
        amount: Amount,
    ) -> Result<bool, Failure> {
        let done = self.bank.transfer(from, to, amount, false);
        let done = done.map_err(|error| Call::Transfer(from, to, amount, false).failed(error))?;
        if done {
            self.ledger.enter(from, -amount);
            self.ledger.enter(to, amount);
        }
        Ok(done)
    }

    /// Deposits and compares; whether the threshold was reached.
    pub(super) fn deposit_and_compare(
        &self,
        id: AccountId,
        amount: Amount,
        threshold: Amount,
    ) -> Result<bool, Failure> {
        let reached = self.bank.deposit_and_compare(id, amount, threshold);
        let call = Call::DepositAndCompare(id, amount, threshold);
        let reached = reached.map_err(|error| call.failed(error))?;
        self.ledger.enter(id, amount);
        Ok(reached)
    }

    /// The balance of an account.
    pub(super) fn balance(&self, id: AccountId) -> Result<Amount, Failure> {
        self.bank.balance(id).map_err(|error| Call::Balance(id).failed(error))
    }

    /// Checks that the ledger equals the balances.
    pub(super) fn settle(&self) -> Result<(), Failure> {
        self.ledger.balances(self.bank())
    }
}
