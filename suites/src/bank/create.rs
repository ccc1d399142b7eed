//! Accounts are created, one and many at once.

use std::sync::Arc;

use contracts::bank::AccountId;

use super::USUAL;
use super::balances::new_bank;
use super::call::{Answer, Call};
use crate::threads::at_once;
use crate::{Context, Failure, Test};

pub(super) const BASIC: Test = Test {
    id: "create-account-basic",
    course_name: "TestCreateAccountBasic",
    description: "An account that was created exists, and is empty",
    steps: &["1. Create an account", "2. Look at it"],
    run: |ctx| create(ctx, &BASIC, 1),
    ..USUAL
};

pub(super) const MANY: Test = Test {
    id: "create-account-many",
    course_name: "TestCreateAccountMany",
    description: "A hundred accounts that as many threads create at once all exist, and are empty",
    steps: &["1. Create 100 accounts at once, one thread each", "2. Look at each of them"],
    run: |ctx| create(ctx, &MANY, 100),
    ..USUAL
};

/// Creates accounts, each in a thread of its own, all at once.
fn create(ctx: &Context, test: &Test, accounts: AccountId) -> Result<(), Failure> {
    let bank = new_bank(ctx)?;
    ctx.step(test.steps[0]);
    let jobs = (0..accounts).map(|id| {
        let bank = Arc::clone(&bank);
        ("creator", move || Call::Create(id).answers(&*bank, Ok(Answer::Done)))
    });
    at_once(jobs).into_iter().collect::<Result<(), Failure>>()?;

    ctx.step(test.steps[1]);
    (0..accounts).try_for_each(|id| Call::Balance(id).answers(&*bank, Ok(Answer::Is(0))))
}
