//! Many operations at once on each account.

use contracts::bank::{AccountId, Amount};
use labrt::rand::rng;
use rand::RngExt;

use super::USUAL;
use super::scale::{all_at_once, by_clock};
use super::teller::Teller;
use crate::expect::{check, equal};
use crate::threads::at_once;
use crate::{Context, Failure, Test};

pub(super) const MANY: Test = Test {
    id: "many-deposits-and-withdraws",
    course_name: "TestManyDepositsAndWithdraws",
    description: "However deposits and withdrawals overlap, each account holds what those that succeeded \
                  leave in it, and never less than nothing",
    steps: &[
        "1. Deposit to each account and withdraw from it, again and again, all at once",
        "2. Compare the balances with the ledger",
    ],
    time_limit_s: 10.0,
    run: many,
    ..USUAL
};

fn many(ctx: &Context) -> Result<(), Failure> {
    let (accounts, rounds) = by_clock((100, 10_000), (4, 50));
    let teller = Teller::new(ctx, accounts, 0)?;
    ctx.step(MANY.steps[0]);
    let operations = (0..rounds).flat_map(|_| 0..accounts).map(|id| {
        let (teller, what) = (teller.clone(), Operation::draw());
        ("customer", move || what.make(&teller, id))
    });
    all_at_once(by_clock(accounts as usize, 1), operations)?;
    ctx.step(MANY.steps[1]);
    teller.settle()
}

/// What a thread does to its account.
#[derive(Clone, Copy)]
enum Operation {
    /// Deposits 100.
    Deposit,
    /// Withdraws half of what it finds.
    WithdrawHalf,
    /// Withdraws twice what it finds, which is an overdraft unless others deposit meanwhile.
    WithdrawTwice,
}

impl Operation {
    /// Half of them are deposits, and a fifth of the others overdrafts.
    fn draw() -> Self {
        match rng().random_range(0..10) {
            0..5 => Self::Deposit,
            5..9 => Self::WithdrawHalf,
            _ => Self::WithdrawTwice,
        }
    }

    fn make(self, teller: &Teller, id: AccountId) -> Result<(), Failure> {
        match self {
            Self::Deposit => teller.deposit(id, 100),
            Self::WithdrawHalf => teller.withdraw(id, found(teller, id)? / 2).map(drop),
            Self::WithdrawTwice => teller.withdraw(id, found(teller, id)? * 2).map(drop),
        }
    }
}

/// The balance, which no withdrawal brings below 0.
fn found(teller: &Teller, id: AccountId) -> Result<Amount, Failure> {
    let balance = teller.balance(id)?;
    check(balance >= 0, || {
        format!("account {id}: expected withdrawals to leave at least 0 in it, saw {balance}")
    })?;
    Ok(balance)
}

pub(super) const AND_COMPARE: Test = Test {
    id: "deposit-and-compare",
    course_name: "TestDepositAndCompare",
    description: "A deposit and its comparison are one step: of many at once, exactly those that leave \
                  less than the threshold say so",
    steps: &[
        "1. Deposit to each account and compare, one thread each",
        "2. Count the answers",
        "3. Compare the balances with the ledger",
    ],
    time_limit_s: 8.0,
    run: and_compare,
    ..USUAL
};

/// What each deposit brings.
const DEPOSIT: Amount = 100;

fn and_compare(ctx: &Context) -> Result<(), Failure> {
    let (accounts, deposits) = by_clock((10, 100), (16, 40));
    let teller = Teller::new(ctx, accounts, 0)?;
    ctx.step(AND_COMPARE.steps[0]);
    // Somewhere between a fifth and four fifths of what comes together.
    let fifth = DEPOSIT * deposits / 5;
    let thresholds: Vec<Amount> =
        (0..accounts).map(|_| rng().random_range(fifth..4 * fifth)).collect();
    let one_each = |(id, threshold): (AccountId, &Amount)| {
        let (teller, threshold) = (teller.clone(), *threshold);
        ("depositor", move || Ok((id, teller.deposit_and_compare(id, DEPOSIT, threshold)?)))
    };
    let each = (0..).zip(&thresholds).flat_map(|account| (0..deposits).map(move |_| account));
    let answers = at_once(each.map(one_each));
    let answers = answers.into_iter().collect::<Result<Vec<_>, Failure>>()?;

    ctx.step(AND_COMPARE.steps[1]);
    for (id, threshold) in (0..).zip(&thresholds) {
        let below: Amount = answers.iter().map(|answer| Amount::from(*answer == (id, false))).sum();
        let what = format!(
            "account {id}: answers of {deposits} deposits of {DEPOSIT} that the balance is below \
             {threshold}"
        );
        equal(&what, below, (threshold - 1) / DEPOSIT)?;
    }
    ctx.step(AND_COMPARE.steps[2]);
    teller.settle()
}
