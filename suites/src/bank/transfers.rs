//! Transfers in all directions at once.

use contracts::bank::AccountId;

use super::USUAL;
use super::scale::{all_at_once, by_clock};
use super::teller::Teller;
use crate::expect::check;
use crate::{Context, Failure, Test};

pub(super) const FEW: Test = Test {
    id: "few-transfers",
    course_name: "TestFewTransfers",
    description: "Transfers between two accounts in both directions at once are all done",
    steps: &[
        "1. Transfer 2 one way and 1 the other, 40 times each, one thread a transfer",
        "2. Expect 60 and 140 in the accounts",
    ],
    time_limit_s: 2.0,
    run: few,
    ..USUAL
};

fn few(ctx: &Context) -> Result<(), Failure> {
    let teller = Teller::new(ctx, 2, 100)?;
    ctx.step(FEW.steps[0]);
    all_at_once(
        1,
        (0..40).flat_map(|_| [(0, 1, 2), (1, 0, 1)]).map(|(from, to, amount)| {
            let teller = teller.clone();
            (name(from, to), move || {
                let done = teller.transfer(from, to, amount)?;
                check(done, || {
                    format!("expected account {from} to have {amount} at any time, it was refused")
                })
            })
        }),
    )?;

    ctx.step(FEW.steps[1]);
    let (first, second) = (teller.balance(0)?, teller.balance(1)?);
    check((first, second) == (60, 140), || {
        format!("expected 60 and 140 in accounts 0 and 1, saw {first} and {second}")
    })
}

pub(super) const MANY: Test = Test {
    id: "many-transfers",
    course_name: "TestManyTransfers",
    description: "Transfers between all pairs of accounts at once never wait for each other for ever, and \
                  each account holds what those that succeeded leave in it",
    steps: &[
        "1. Transfer 2 from each account to each other, again and again, one thread a transfer",
        "2. Compare the balances with the ledger",
    ],
    time_limit_s: 4.0,
    run: many,
    ..USUAL
};

fn many(ctx: &Context) -> Result<(), Failure> {
    let (accounts, times) = by_clock((8, 400), (4, 20));
    let teller = Teller::new(ctx, accounts, 1000)?;
    ctx.step(MANY.steps[0]);
    all_at_once(
        1,
        (0..times).flat_map(|_| pairs(accounts)).map(|(from, to)| {
            let teller = teller.clone();
            (name(from, to), move || teller.transfer(from, to, 2).map(drop))
        }),
    )?;
    ctx.step(MANY.steps[1]);
    teller.settle()
}

/// All ordered pairs of accounts, none with itself.
pub(super) fn pairs(accounts: AccountId) -> impl Iterator<Item = (AccountId, AccountId)> {
    let all = (0..accounts).flat_map(move |from| (0..accounts).map(move |to| (from, to)));
    all.filter(|(from, to)| from != to)
}

/// What the thread of a transfer is called.
pub(super) fn name(from: AccountId, to: AccountId) -> String {
    format!("transfer {from}→{to}")
}
