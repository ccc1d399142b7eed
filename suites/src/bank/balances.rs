//! A bank whose balances are known, and looked at after each call.

use std::sync::Arc;

use contracts::bank::{AccountId, Amount, Bank, BankError};

use super::call::{Answer, Call};
use crate::expect::equal;
use crate::{Context, Failure};

/// Accounts, with what is in them.
pub(super) type Balances = [(AccountId, Amount)];

/// A bank of the submission's without accounts.
pub(super) fn new_bank(ctx: &Context) -> Result<Arc<dyn Bank>, Failure> {
    let bank = ctx.submission().make_bank();
    bank.ok_or_else(|| Failure::new("the submission has no bank"))
}

/// A new bank with these accounts.
pub(super) fn bank_with(ctx: &Context, balances: &Balances) -> Result<Arc<dyn Bank>, Failure> {
    let bank = new_bank(ctx)?;
    for (id, balance) in balances {
        Call::Create(*id).answers(&*bank, Ok(Answer::Done))?;
        Call::Deposit(*id, *balance).answers(&*bank, Ok(Answer::Done))?;
    }
    Ok(bank)
}

/// Makes a call, which must give this answer, and then looks at the balances.
pub(super) fn leaves(
    bank: &dyn Bank,
    call: Call,
    answer: Result<Answer, BankError>,
    balances: &Balances,
) -> Result<(), Failure> {
    call.answers(bank, answer)?;
    holds(bank, call, balances)
}

/// Expects these balances after `call`.
pub(super) fn holds(bank: &dyn Bank, call: Call, balances: &Balances) -> Result<(), Failure> {
    balances.iter().try_for_each(|(id, balance)| {
        let what = format!("balance({id}) after {call}");
        equal(&what, Call::Balance(*id).make(bank), Ok(Answer::Is(*balance)))
    })
}
