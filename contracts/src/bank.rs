//! The bank contract: CS350 HW2.
//!
//! A bank holds accounts, each with a balance, and is used by many threads at once. Every operation is
//! atomic: nobody sees a transfer half done. One that is refused, or fails, changes nothing, and the
//! bank stays usable.

use std::error::Error;
use std::fmt;

/// An account's number.
pub type AccountId = u32;

/// An amount of money, or a balance, in the bank's smallest unit.
pub type Amount = i64;

/// A bank.
pub trait Bank: Send + Sync + 'static {
    /// A bank without accounts.
    fn new() -> Self
    where
        Self: Sized;

    /// Opens an account with a balance of 0.
    ///
    /// # Errors
    /// [`BankError::DuplicateAccount`] when there is one of that number.
    fn create_account(&self, id: AccountId) -> Result<(), BankError>;

    /// Adds `amount` to the account; 0 is a valid amount.
    ///
    /// # Errors
    /// For an unknown account, a negative amount, or a balance that would not fit.
    fn deposit(&self, id: AccountId, amount: Amount) -> Result<(), BankError>;

    /// Takes `amount` from the account if its balance is at least that; whether it was. 0 is a valid
    /// amount, which an empty account has, too.
    ///
    /// # Errors
    /// For an unknown account or a negative amount.
    fn withdraw(&self, id: AccountId, amount: Amount) -> Result<bool, BankError>;

    /// Moves `amount` from one account to another if the balance of the first is at least that, or if
    /// `allow_overdraw`, which may leave it below 0; whether it did. A transfer from an account to
    /// itself changes nothing; whether it succeeds is decided as for any other.
    ///
    /// # Errors
    /// For an unknown account, a negative amount, or a balance that would not fit.
    fn transfer(
        &self,
        from: AccountId,
        to: AccountId,
        amount: Amount,
        allow_overdraw: bool,
    ) -> Result<bool, BankError>;

    /// Adds `amount` to the account and says, in the same step, whether its balance is then at least
    /// `threshold`. The course's bonus.
    ///
    /// # Errors
    /// As [`deposit`](Self::deposit).
    fn deposit_and_compare(
        &self,
        id: AccountId,
        amount: Amount,
        threshold: Amount,
    ) -> Result<bool, BankError>;

    /// The account's balance.
    ///
    /// # Errors
    /// [`BankError::UnknownAccount`].
    fn balance(&self, id: AccountId) -> Result<Amount, BankError>;
}

/// Why an operation failed. It has changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BankError {
    /// There is an account of this number already.
    DuplicateAccount(AccountId),
    /// There is no account of this number.
    UnknownAccount(AccountId),
    /// The amount is below 0.
    NegativeAmount(Amount),
    /// The balance of this account would leave the range of [`Amount`].
    Overflow(AccountId),
}

impl fmt::Display for BankError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateAccount(id) => write!(f, "account {id} exists already"),
            Self::UnknownAccount(id) => write!(f, "there is no account {id}"),
            Self::NegativeAmount(amount) => {
                write!(f, "an amount is at least 0, and {amount} is not")
            }
            Self::Overflow(id) => write!(f, "the balance of account {id} would not fit"),
        }
    }
}

impl Error for BankError {}
