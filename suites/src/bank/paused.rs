//! A transfer that stands still at any of its steps.
//!
//! On the simulated clock a thread can be paused at each point of choice: at every lock that it takes or lets go
//! of, in particular. So one transfer is paused at its first point, another at its second, and so on, until
//! one ends before it comes so far; and at each pause others look at both accounts.

use std::panic::Location;
use std::sync::Arc;

use contracts::bank::{AccountId, Amount, Bank, BankError};
use labrt::group::Group;
use labrt::thread::{self, Builder, JoinHandle};
use labrt::time::Duration;

use super::USUAL;
use super::balances::{bank_with, holds};
use super::call::{Answer, Call};
use super::conserved::{IS_PAID, Looks, PAYS, not_conserved};
use crate::expect::equal;
use crate::threads::join;
use crate::{Context, Failure, Test};

pub(super) const PAUSED: Test = Test {
    id: "paused-transfer",
    course_name: "TestPausedTransfer",
    description: "Wherever a transfer stands still, others see all of it or nothing, or wait for it",
    steps: &[
        "1. Pause a transfer at each of its steps in turn, look at both accounts, and let it go on",
        "2. Expect a transfer that was not paused to be done",
    ],
    time_limit_s: 120.0,
    run: paused,
    ..USUAL
};

/// What the accounts hold before and after the transfer.
const BEFORE: [(AccountId, Amount); 2] = [(PAYS, 100), (IS_PAID, 0)];
const AFTER: [(AccountId, Amount); 2] = [(PAYS, 60), (IS_PAID, 40)];
const TRANSFER: Call = Call::Transfer(PAYS, IS_PAID, 40, false);

/// Far longer than any call takes that does not wait for another thread.
const A_WHILE: Duration = Duration::from_millis(100);
/// More points of choice than a transfer should have.
const MOST_POINTS: u64 = 1000;

fn paused(ctx: &Context) -> Result<(), Failure> {
    let looks = Looks::told_by(ctx, "threads are paused on the simulated clock only");
    for point in 0..MOST_POINTS {
        ctx.step(PAUSED.steps[0]);
        let paused = Paused::start(ctx, point)?;
        let Some(at) = paused.group.paused() else {
            ctx.step(PAUSED.steps[1]);
            return paused.goes_on();
        };
        let waiting = paused.look(at, &looks)?;
        paused.goes_on()?;
        // Nobody waits any more; one who did would end the run as a deadlock.
        for reader in waiting {
            join(reader)?;
        }
    }
    ctx.warn(format!(
        "a transfer has more than {MOST_POINTS} points of choice; it was paused at the first of them"
    ));
    Ok(())
}

/// A thread that reads a balance.
type Reader = JoinHandle<Result<Amount, Failure>>;

/// A transfer that is on its way.
struct Paused {
    bank: Arc<dyn Bank>,
    /// The transfer, and whatever threads the bank has of its own.
    group: Group,
    transfer: JoinHandle<Result<Answer, BankError>>,
}

impl Paused {
    /// Starts a transfer, in a bank of its own, and waits until it is paused or has ended.
    fn start(ctx: &Context, point: u64) -> Result<Self, Failure> {
        let group = Group::new();
        let (submission, in_group) = (ctx.clone(), Builder::new().group(&group));
        let bank = join(in_group.clone().spawn(move || bank_with(&submission, &BEFORE)))?;
        group.pause_at(point);
        let pays = Arc::clone(&bank);
        let transfer = in_group.name("transfer").spawn(move || TRANSFER.make(&*pays));
        while group.paused().is_none() && !transfer.is_finished() {
            thread::sleep(Duration::from_millis(1));
        }
        Ok(Self { bank, group, transfer })
    }

    /// Looks at both accounts while the transfer is paused at `at`. Who has to wait for it sees nothing, and
    /// that is right; who does not sees the balances from before or those from after. Those who wait are
    /// returned.
    fn look(&self, at: &Location<'_>, looks: &Looks) -> Result<Vec<Reader>, Failure> {
        let readers = [PAYS, IS_PAID].map(|id| {
            let bank = Arc::clone(&self.bank);
            Builder::new()
                .name("observer")
                .spawn(move || bank.balance(id).map_err(|error| Call::Balance(id).failed(error)))
        });
        thread::sleep(A_WHILE);
        let (mut seen, mut waiting) = (Vec::new(), Vec::new());
        for (reader, id) in readers.into_iter().zip([PAYS, IS_PAID]) {
            if reader.is_finished() {
                seen.push((id, join(reader)?));
            } else {
                waiting.push(reader);
            }
        }
        if waiting.is_empty() {
            looks.count();
        }
        let is_of = |whole: [(AccountId, Amount); 2]| seen.iter().all(|one| whole.contains(one));
        if is_of(BEFORE) || is_of(AFTER) {
            return Ok(waiting);
        }
        let seen: Vec<_> =
            seen.iter().map(|(id, held)| format!("{held} in account {id}")).collect();
        let failure = not_conserved(format!(
            "while {TRANSFER} was paused at {at}: expected {} in account {PAYS} and {} in account {IS_PAID}, or \
             {} and {}; saw {}",
            BEFORE[0].1,
            BEFORE[1].1,
            AFTER[0].1,
            AFTER[1].1,
            seen.join(" and ")
        ));
        let lock = "a thread that lets go of a lock is said to be where it took it";
        Err(Failure { details: vec![lock.to_owned()], ..failure })
    }

    /// Lets the transfer go on, which must then be done.
    fn goes_on(self) -> Result<(), Failure> {
        self.group.resume();
        equal(&TRANSFER.to_string(), join(self.transfer), Ok(Answer::Was(true)))?;
        holds(&*self.bank, TRANSFER, &AFTER)
    }
}
