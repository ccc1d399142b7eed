//! Money is conserved: whoever looks sees a transfer done or not done, and never half done.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use contracts::bank::{AccountId, Amount, Bank};
use labrt::thread::{self, Builder};

use super::USUAL;
use super::balances::bank_with;
use super::call::{Answer, Call};
use super::scale::by_clock;
use crate::threads::join;
use crate::{Context, Failure, Kind, Test, Watched};

/// The property that is watched.
const MONEY: &str = "money is conserved";

/// The account that pays, and the one that is paid.
pub(super) const PAYS: AccountId = 1;
pub(super) const IS_PAID: AccountId = 2;

/// A failure that says how money came or went.
pub(super) fn not_conserved(message: String) -> Failure {
    Failure { kind: Kind::Safety(MONEY), ..Failure::new(message) }
}

/// Counts how often the property was looked at.
#[derive(Clone, Default)]
pub(super) struct Looks(Arc<AtomicU64>);

impl Looks {
    /// Looks that the run's record tells of; `none` says why when there are none.
    pub(super) fn told_by(ctx: &Context, none: &'static str) -> Self {
        let looks = Self::default();
        let told = looks.clone();
        ctx.set_watchers(move || {
            let checks = told.0.load(Ordering::Relaxed);
            let not_observed = (checks == 0).then(|| none.to_owned());
            vec![Watched { property: MONEY, checks, not_observed }]
        });
        looks
    }

    /// Counts one.
    pub(super) fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

pub(super) const CONSERVED: Test = Test {
    id: "conserved",
    course_name: "TestMoneyIsConserved",
    description: "Whoever looks at two accounts while one pays the other sees no money come or go",
    steps: &["1. Pay from one account to another, again and again, while others look at both"],
    run: conserved,
    ..USUAL
};

/// Threads that look.
const OBSERVERS: usize = 3;

fn conserved(ctx: &Context) -> Result<(), Failure> {
    let payments = by_clock(20_000, 200);
    let bank = bank_with(ctx, &[(PAYS, payments), (IS_PAID, 0)])?;
    let looks = Looks::told_by(ctx, "no observer saw the account that pays at rest");
    ctx.step(CONSERVED.steps[0]);
    let is_over = Arc::new(AtomicBool::new(false));
    let observe = |_| {
        let (bank, looks, is_over) = (Arc::clone(&bank), looks.clone(), Arc::clone(&is_over));
        Builder::new().name("observer").spawn(move || {
            while !is_over.load(Ordering::Relaxed) {
                look(&*bank, payments, &looks)?;
                thread::yield_now();
            }
            Ok(())
        })
    };
    let observers: Vec<_> = (0..OBSERVERS).map(observe).collect();
    let pay = Call::Transfer(PAYS, IS_PAID, 1, false);
    let paid = (0..payments).try_for_each(|_| pay.answers(&*bank, Ok(Answer::Was(true))));
    is_over.store(true, Ordering::Relaxed);
    observers.into_iter().try_for_each(join)?;
    paid
}

/// Reads the account that pays, the other, and the first again. It only ever loses, so if both reads of it agree
/// no payment was done between them, and what was read is what both held at one moment.
fn look(bank: &dyn Bank, total: Amount, looks: &Looks) -> Result<(), Failure> {
    let read = |id| bank.balance(id).map_err(|error| Call::Balance(id).failed(error));
    let (before, other, after) = (read(PAYS)?, read(IS_PAID)?, read(PAYS)?);
    if before != after {
        return Ok(());
    }
    looks.count();
    let sum = i128::from(before) + i128::from(other);
    if sum == i128::from(total) {
        return Ok(());
    }
    Err(not_conserved(format!(
        "expected accounts {PAYS} and {IS_PAID} to hold {total} together at every moment; while {PAYS} held \
         {before}, {IS_PAID} held {other}: {sum} together"
    )))
}
