//! Which amounts are valid, overdrafts, and the edges of the range.

use contracts::bank::Amount;
use contracts::bank::BankError::{NegativeAmount, Overflow};

use super::USUAL;
use super::balances::{bank_with, leaves};
use super::call::{Answer, Call};
use crate::{Context, Failure, Test};

pub(super) const AMOUNTS: Test = Test {
    id: "amounts",
    course_name: "TestAmounts",
    description: "0 is a valid amount, also for an empty account; a negative one is an error, and changes \
                  nothing",
    steps: &["1. Move 0, in every operation", "2. Move less than 0, in every operation"],
    run: amounts,
    ..USUAL
};

fn amounts(ctx: &Context) -> Result<(), Failure> {
    let empty = [(1, 0), (2, 0)];
    let bank = bank_with(ctx, &empty)?;
    ctx.step(AMOUNTS.steps[0]);
    for (call, answer) in [
        (Call::Deposit(1, 0), Answer::Done),
        (Call::Withdraw(1, 0), Answer::Was(true)),
        (Call::Transfer(1, 2, 0, false), Answer::Was(true)),
        (Call::Transfer(1, 2, 0, true), Answer::Was(true)),
        (Call::Transfer(1, 1, 0, false), Answer::Was(true)),
        (Call::DepositAndCompare(1, 0, 0), Answer::Was(true)),
        (Call::DepositAndCompare(1, 0, 1), Answer::Was(false)),
    ] {
        leaves(&*bank, call, Ok(answer), &empty)?;
    }

    let full = [(1, 1000), (2, 1000)];
    let bank = bank_with(ctx, &full)?;
    ctx.step(AMOUNTS.steps[1]);
    for amount in [-1, -500, Amount::MIN] {
        for call in [
            Call::Deposit(1, amount),
            Call::Withdraw(1, amount),
            Call::Transfer(1, 2, amount, false),
            Call::Transfer(1, 2, amount, true),
            Call::Transfer(1, 1, amount, false),
            Call::DepositAndCompare(1, amount, 0),
        ] {
            leaves(&*bank, call, Err(NegativeAmount(amount)), &full)?;
        }
    }
    Ok(())
}

/// What two accounts hold after a call that answers this.
type Row = (Call, Answer, [Amount; 2]);

/// Makes the calls one after the other; accounts 1 and 2 begin with `before`.
fn rows(ctx: &Context, before: [Amount; 2], rows: &[Row]) -> Result<(), Failure> {
    let bank = bank_with(ctx, &[(1, before[0]), (2, before[1])])?;
    rows.iter().try_for_each(|(call, answer, [first, second])| {
        leaves(&*bank, *call, Ok(*answer), &[(1, *first), (2, *second)])
    })
}

pub(super) const OVERDRAW: Test = Test {
    id: "overdraw",
    course_name: "TestOverdraw",
    description: "Only a transfer that may overdraw takes more than there is",
    steps: &[
        "1. Ask for more than there is",
        "2. Ask for just what there is",
        "3. Transfer more than there is, which is allowed",
    ],
    run: overdraw,
    ..USUAL
};

fn overdraw(ctx: &Context) -> Result<(), Failure> {
    use Answer::{Done, Was};
    ctx.step(OVERDRAW.steps[0]);
    let more = [
        (Call::Withdraw(1, 101), Was(false), [100, 0]),
        (Call::Withdraw(2, 1), Was(false), [100, 0]),
        (Call::Transfer(1, 2, 101, false), Was(false), [100, 0]),
        (Call::Transfer(2, 1, 1, false), Was(false), [100, 0]),
    ];
    rows(ctx, [100, 0], &more)?;

    ctx.step(OVERDRAW.steps[1]);
    let just_that = [
        (Call::Transfer(1, 2, 100, false), Was(true), [0, 100]),
        (Call::Transfer(2, 1, 100, true), Was(true), [100, 0]),
        (Call::Withdraw(1, 100), Was(true), [0, 0]),
    ];
    rows(ctx, [100, 0], &just_that)?;

    ctx.step(OVERDRAW.steps[2]);
    let below = [
        (Call::Transfer(1, 2, 150, true), Was(true), [-50, 150]),
        (Call::Withdraw(1, 1), Was(false), [-50, 150]),
        (Call::Transfer(1, 2, 1, false), Was(false), [-50, 150]),
        (Call::Transfer(1, 2, 1, true), Was(true), [-51, 151]),
        (Call::DepositAndCompare(1, 50, 0), Was(false), [-1, 151]),
        (Call::Deposit(1, 2), Done, [1, 151]),
        (Call::Withdraw(1, 1), Was(true), [0, 151]),
    ];
    rows(ctx, [100, 0], &below)
}

pub(super) const OVERFLOW: Test = Test {
    id: "overflow",
    course_name: "TestOverflow",
    description: "A balance that would not fit is an error that names the account, and changes nothing; \
                  comparisons are right up to the edges of the range",
    steps: &[
        "1. Add to a full account",
        "2. Overdraw an account by more than fits",
        "3. Compare with what is as large as can be",
    ],
    run: overflow,
    ..USUAL
};

const MAX: Amount = Amount::MAX;
const MIN: Amount = Amount::MIN;

fn overflow(ctx: &Context) -> Result<(), Failure> {
    use Answer::Was;
    ctx.step(OVERFLOW.steps[0]);
    let full = [(1, 100), (2, MAX)];
    let bank = bank_with(ctx, &full)?;
    for call in [
        Call::Deposit(2, 1),
        Call::Deposit(2, MAX),
        Call::DepositAndCompare(2, 1, 0),
        Call::Transfer(1, 2, 1, false),
        Call::Transfer(1, 2, 100, true),
    ] {
        leaves(&*bank, call, Err(Overflow(2)), &full)?;
    }

    ctx.step(OVERFLOW.steps[1]);
    let bank = bank_with(ctx, &[(1, 0), (2, 0), (3, 0)])?;
    let down_to_the_edge = [
        (Call::Transfer(1, 2, MAX, true), Ok(Was(true)), [-MAX, MAX, 0]),
        (Call::Transfer(1, 3, 2, true), Err(Overflow(1)), [-MAX, MAX, 0]),
        (Call::Transfer(1, 3, 1, true), Ok(Was(true)), [MIN, MAX, 1]),
        (Call::Transfer(1, 3, 1, true), Err(Overflow(1)), [MIN, MAX, 1]),
    ];
    for (call, answer, [first, second, third]) in down_to_the_edge {
        leaves(&*bank, call, answer, &[(1, first), (2, second), (3, third)])?;
    }

    ctx.step(OVERFLOW.steps[2]);
    // Who subtracts to compare leaves the range.
    for (call, answer) in [
        (Call::Withdraw(1, MAX), Was(false)),
        (Call::Transfer(1, 3, MAX, false), Was(false)),
        (Call::DepositAndCompare(1, 0, MAX), Was(false)),
        (Call::DepositAndCompare(1, 0, MIN), Was(true)),
        (Call::DepositAndCompare(2, 0, MIN), Was(true)),
        (Call::DepositAndCompare(2, 0, MAX), Was(true)),
    ] {
        leaves(&*bank, call, Ok(answer), &[(1, MIN), (2, MAX), (3, 1)])?;
    }
    Ok(())
}
