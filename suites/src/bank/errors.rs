//! Duplicate and unknown accounts are errors, and change nothing.

use std::sync::Arc;

use contracts::bank::AccountId;
use contracts::bank::BankError::{DuplicateAccount, UnknownAccount};

use super::USUAL;
use super::balances::{Balances, bank_with, holds, leaves, new_bank};
use super::call::{Answer, Call};
use super::scale::by_clock;
use crate::expect::{check, equal};
use crate::threads::at_once;
use crate::{Context, Failure, Test};

pub(super) const ERRORS: Test = Test {
    id: "errors",
    course_name: "TestErrors",
    description: "A duplicate or unknown account is an error that names the account; the bank is unchanged \
                  and goes on",
    steps: &[
        "1. Create an account that there is",
        "2. Name an account that there is not, in every operation",
        "3. Go on",
    ],
    run: errors,
    ..USUAL
};

/// Accounts that there are, and two that there are not.
const THERE: &Balances = &[(7, 100), (8, 50)];
const MISSING: AccountId = 4711;
const ALSO_MISSING: AccountId = 4712;

fn errors(ctx: &Context) -> Result<(), Failure> {
    let bank = bank_with(ctx, THERE)?;
    let bank = &*bank;
    ctx.step(ERRORS.steps[0]);
    for (id, _) in THERE {
        leaves(bank, Call::Create(*id), Err(DuplicateAccount(*id)), THERE)?;
    }

    ctx.step(ERRORS.steps[1]);
    for call in [
        Call::Balance(MISSING),
        Call::Deposit(MISSING, 10),
        Call::Withdraw(MISSING, 0),
        Call::Withdraw(MISSING, 10),
        Call::Transfer(MISSING, 7, 10, false),
        Call::Transfer(MISSING, 7, 10, true),
        Call::Transfer(7, MISSING, 10, false),
        Call::Transfer(7, MISSING, 200, true),
        Call::Transfer(MISSING, MISSING, 10, true),
        Call::DepositAndCompare(MISSING, 10, 0),
    ] {
        leaves(bank, call, Err(UnknownAccount(MISSING)), THERE)?;
    }
    let both = Call::Transfer(MISSING, ALSO_MISSING, 10, true);
    let (seen, either) = (both.make(bank), [MISSING, ALSO_MISSING].map(UnknownAccount));
    check(seen.is_err_and(|error| either.contains(&error)), || {
        format!("{both}: expected {:?} or {:?}, saw {seen:?}", either[0], either[1])
    })?;
    holds(bank, both, THERE)?;

    ctx.step(ERRORS.steps[2]);
    let goes_on = [
        (Call::Create(MISSING), Answer::Done, [100, 50, 0]),
        (Call::Deposit(MISSING, 30), Answer::Done, [100, 50, 30]),
        (Call::Withdraw(8, 50), Answer::Was(true), [100, 0, 30]),
        (Call::Transfer(7, MISSING, 10, false), Answer::Was(true), [90, 0, 40]),
        (Call::DepositAndCompare(8, 5, 5), Answer::Was(true), [90, 5, 40]),
    ];
    for (call, answer, [first, second, third]) in goes_on {
        leaves(bank, call, Ok(answer), &[(7, first), (8, second), (MISSING, third)])?;
    }
    Ok(())
}

pub(super) const CREATE_ONCE: Test = Test {
    id: "create-account-once",
    course_name: "TestCreateAccountOnce",
    description: "Of many threads that create the same account at once one does, and what they then deposit \
                  is all there",
    steps: &[
        "1. Create each account in several threads, and deposit 10 in each thread",
        "2. Expect one of each to have created it",
        "3. Expect all deposits in it",
    ],
    run: create_once,
    ..USUAL
};

fn create_once(ctx: &Context) -> Result<(), Failure> {
    let (accounts, threads) = by_clock((200, 20), (24, 6));
    let bank = new_bank(ctx)?;
    ctx.step(CREATE_ONCE.steps[0]);
    let created = at_once((0..accounts).flat_map(|id| (0..threads).map(move |_| id)).map(|id| {
        let bank = Arc::clone(&bank);
        ("creator", move || {
            let created = match bank.create_account(id) {
                Ok(()) => Some(id),
                Err(DuplicateAccount(named)) if named == id => None,
                Err(error) => return Err(Call::Create(id).failed(error)),
            };
            Call::Deposit(id, 10).answers(&*bank, Ok(Answer::Done))?;
            Ok(created)
        })
    }));
    let created = created.into_iter().collect::<Result<Vec<_>, Failure>>()?;

    ctx.step(CREATE_ONCE.steps[1]);
    for id in 0..accounts {
        let times = created.iter().filter(|created| **created == Some(id)).count();
        let what = format!("threads, of {threads}, that created account {id}");
        equal(&what, times, 1)?;
    }
    ctx.step(CREATE_ONCE.steps[2]);
    let all = Answer::Is(10 * threads);
    (0..accounts).try_for_each(|id| Call::Balance(id).answers(&*bank, Ok(all)))
}
