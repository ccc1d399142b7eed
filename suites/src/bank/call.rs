//! One operation of a bank as a value: to say what a table expects of it, and to name it in a failure.

use std::fmt;

use contracts::bank::{AccountId, Amount, Bank, BankError};

use crate::Failure;
use crate::expect::equal;

/// An operation, with its arguments in the contract's order.
#[derive(Clone, Copy, Debug)]
pub(super) enum Call {
    Create(AccountId),
    Deposit(AccountId, Amount),
    Withdraw(AccountId, Amount),
    Transfer(AccountId, AccountId, Amount, bool),
    DepositAndCompare(AccountId, Amount, Amount),
    Balance(AccountId),
}

/// What an operation that did not fail answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Nothing.
    Done,
    /// Whether it was done, or whether the threshold was reached.
    Was(bool),
    /// A balance.
    Is(Amount),
}

impl Call {
    /// Makes the call.
    pub(super) fn make(self, bank: &dyn Bank) -> Result<Answer, BankError> {
        match self {
            Self::Create(id) => bank.create_account(id).map(|()| Answer::Done),
            Self::Deposit(id, amount) => bank.deposit(id, amount).map(|()| Answer::Done),
            Self::Withdraw(id, amount) => bank.withdraw(id, amount).map(Answer::Was),
            Self::Transfer(from, to, amount, allow_overdraw) => {
                bank.transfer(from, to, amount, allow_overdraw).map(Answer::Was)
            }
            Self::DepositAndCompare(id, amount, threshold) => {
                bank.deposit_and_compare(id, amount, threshold).map(Answer::Was)
            }
            Self::Balance(id) => bank.balance(id).map(Answer::Is),
        }
    }

    /// Makes the call, which must answer this.
    pub(super) fn answers(
        self,
        bank: &dyn Bank,
        expected: Result<Answer, BankError>,
    ) -> Result<(), Failure> {
        equal(&self.to_string(), self.make(bank), expected)
    }

    /// The failure that it is when this call, which should have been done, ended in `error`.
    pub(super) fn failed(self, error: BankError) -> Failure {
        Failure::new(format!("expected {self} to be done, it failed: {error}"))
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create(id) => write!(f, "create_account({id})"),
            Self::Deposit(id, amount) => write!(f, "deposit({id}, {amount})"),
            Self::Withdraw(id, amount) => write!(f, "withdraw({id}, {amount})"),
            Self::Transfer(from, to, amount, allow_overdraw) => {
                write!(f, "transfer({from}, {to}, {amount}, {allow_overdraw})")
            }
            Self::DepositAndCompare(id, amount, threshold) => {
                write!(f, "deposit_and_compare({id}, {amount}, {threshold})")
            }
            Self::Balance(id) => write!(f, "balance({id})"),
        }
    }
}
