//! Everything at once while accounts are added.

use contracts::bank::{AccountId, BankError};
use labrt::rand::rng;
use rand::RngExt;

use super::USUAL;
use super::call::{Answer, Call};
use super::scale::{all_at_once, by_clock};
use super::teller::Teller;
use crate::{Context, Failure, Test};

pub(super) const HIDDEN: Test = Test {
    id: "hidden-bonus",
    course_name: "TestHiddenBonus",
    description: "Operations of all kinds are right while threads add accounts",
    steps: &[
        "1. Deposit, withdraw and transfer, and create accounts meanwhile, all at once",
        "2. Compare the balances with the ledger",
        "3. Expect every new account to be there, and empty",
        "4. Create one of them again, which is an error",
    ],
    time_limit_s: 8.0,
    run: hidden,
    ..USUAL
};

/// How much is done.
#[derive(Clone, Copy)]
struct Size {
    /// Accounts at the beginning, and those that are added at a time.
    accounts: AccountId,
    /// How often something is done to each of the first accounts.
    rounds: AccountId,
    /// The first round in which accounts are added. They are numbered from the round on.
    first: AccountId,
    /// Rounds from one addition to the next.
    every: AccountId,
}

/// What the course's tester does.
const COURSE: Size = Size { accounts: 40, rounds: 8000, first: 140, every: 100 };
/// The same, smaller.
const SMALL: Size = Size { accounts: 4, rounds: 60, first: 14, every: 10 };

/// What one thread does.
#[derive(Clone, Copy)]
enum Operation {
    Deposit(AccountId),
    Withdraw(AccountId),
    Transfer(AccountId, AccountId),
    Create(AccountId),
}

fn hidden(ctx: &Context) -> Result<(), Failure> {
    let size = by_clock(COURSE, SMALL);
    let teller = Teller::new(ctx, size.accounts, 0)?;
    ctx.step(HIDDEN.steps[0]);
    let operations = (0..size.rounds).flat_map(|round| size.operations(round)).map(|operation| {
        let teller = teller.clone();
        ("customer", move || operation.make(&teller))
    });
    all_at_once(by_clock(size.accounts as usize, 1), operations)?;
    ctx.step(HIDDEN.steps[1]);
    teller.settle()?;

    ctx.step(HIDDEN.steps[2]);
    let new: Vec<AccountId> = (0..size.rounds).flat_map(|round| size.added(round)).collect();
    new.iter().try_for_each(|id| Call::Balance(*id).answers(teller.bank(), Ok(Answer::Is(0))))?;
    ctx.step(HIDDEN.steps[3]);
    let duplicate = |id: &AccountId| {
        Call::Create(*id).answers(teller.bank(), Err(BankError::DuplicateAccount(*id)))
    };
    new.first().into_iter().try_for_each(duplicate)
}

impl Size {
    /// The accounts that are added in a round.
    fn added(self, round: AccountId) -> std::ops::Range<AccountId> {
        let adds = round >= self.first && (round - self.first).is_multiple_of(self.every);
        if adds { round..round + self.accounts } else { 0..0 }
    }

    /// What is done in a round.
    fn operations(self, round: AccountId) -> Vec<Operation> {
        let creations = self.added(round).map(Operation::Create);
        let others = (0..self.accounts).map(|id| match rng().random_range(0..3) {
            0 => Operation::Withdraw(id),
            1 => Operation::Deposit(id),
            // To another account: an offset that is not 0.
            _ => {
                Operation::Transfer(id, (id + rng().random_range(1..self.accounts)) % self.accounts)
            }
        });
        creations.chain(others).collect()
    }
}

impl Operation {
    fn make(self, teller: &Teller) -> Result<(), Failure> {
        match self {
            Self::Deposit(id) => teller.deposit(id, 10),
            Self::Withdraw(id) => teller.withdraw(id, 10).map(drop),
            Self::Transfer(from, to) => teller.transfer(from, to, 10).map(drop),
            Self::Create(id) => teller.create(id),
        }
    }
}
