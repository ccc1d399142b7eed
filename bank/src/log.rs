//! What is worth a line in the log: errors, and overdrafts, whether refused or allowed. It is written when
//! no lock is held any more, since writing may take long.

use contracts::bank::{AccountId, Amount, BankError};
use tracing::{info, warn};

/// The operation could not be done, and changed nothing.
pub(crate) fn failed(operation: &str, error: BankError) {
    warn!("{operation} failed: {error}");
}

/// The account does not have what was asked of it, and keeps what it has.
pub(crate) fn refused(operation: &str, id: AccountId, amount: Amount) {
    info!("{operation} refused: account {id} does not have {amount}");
}

/// The account gave what it did not have.
pub(crate) fn overdrawn(id: AccountId, balance: Amount) {
    info!("account {id} is overdrawn: its balance is {balance}");
}
