//! Errors and overdrafts are logged.

use contracts::bank::{Amount, BankError};

use super::USUAL;
use super::balances::bank_with;
use super::call::{Answer, Call};
use super::heard::heard;
use crate::expect::{check, equal};
use crate::{Context, Failure, Test};

pub(super) const LOGGING: Test = Test {
    id: "logging",
    course_name: "TestLogging",
    description: "Every error and every overdraft, refused or allowed, is logged with `tracing`",
    steps: &["1. Make each error", "2. Make each overdraft"],
    run: logging,
    ..USUAL
};

fn logging(ctx: &Context) -> Result<(), Failure> {
    let bank = bank_with(ctx, &[(1, 100), (2, Amount::MAX)])?;
    let is_logged = |call: Call, expected: Result<Answer, BankError>| {
        let (seen, events) = heard(|| call.make(&*bank));
        equal(&call.to_string(), seen, expected)?;
        check(events > 0, || {
            let answer = seen.map_or_else(|error| error.to_string(), |_| "an overdraft".to_owned());
            format!("expected {call} to be logged by a macro of `tracing` ({answer}), it was not")
        })
    };
    ctx.step(LOGGING.steps[0]);
    let unknown = || Err(BankError::UnknownAccount(3));
    for (call, error) in [
        (Call::Create(1), Err(BankError::DuplicateAccount(1))),
        (Call::Balance(3), unknown()),
        (Call::Deposit(3, 1), unknown()),
        (Call::Withdraw(3, 1), unknown()),
        (Call::Transfer(3, 1, 1, false), unknown()),
        (Call::Transfer(1, 3, 1, true), unknown()),
        (Call::DepositAndCompare(3, 1, 1), unknown()),
        (Call::Deposit(1, -1), Err(BankError::NegativeAmount(-1))),
        (Call::Withdraw(1, -1), Err(BankError::NegativeAmount(-1))),
        (Call::Transfer(1, 2, -1, false), Err(BankError::NegativeAmount(-1))),
        (Call::DepositAndCompare(1, -1, 1), Err(BankError::NegativeAmount(-1))),
        (Call::Deposit(2, 1), Err(BankError::Overflow(2))),
        (Call::Transfer(1, 2, 1, false), Err(BankError::Overflow(2))),
        (Call::DepositAndCompare(2, 1, 1), Err(BankError::Overflow(2))),
    ] {
        is_logged(call, error)?;
    }

    ctx.step(LOGGING.steps[1]);
    is_logged(Call::Withdraw(1, 101), Ok(Answer::Was(false)))?;
    is_logged(Call::Transfer(1, 2, 101, false), Ok(Answer::Was(false)))?;
    // Makes room for what comes.
    Call::Withdraw(2, 1000).answers(&*bank, Ok(Answer::Was(true)))?;
    is_logged(Call::Transfer(1, 2, 101, true), Ok(Answer::Was(true)))
}
