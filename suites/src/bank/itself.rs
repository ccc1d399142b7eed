//! Transfers from an account to itself.

use super::USUAL;
use super::balances::{bank_with, leaves};
use super::call::{Answer, Call};
use super::scale::{all_at_once, by_clock};
use super::teller::Teller;
use super::transfers::{name, pairs};
use crate::{Context, Failure, Test};

pub(super) const SELF_TRANSFER: Test = Test {
    id: "self-transfer",
    course_name: "TestSelfTransfer",
    description: "A transfer from an account to itself changes nothing and waits for nothing, also beside \
                  others",
    steps: &[
        "1. Transfer from an account to itself",
        "2. Do so at once with transfers between all pairs, one thread each",
        "3. Compare the balances with the ledger",
    ],
    run: self_transfer,
    ..USUAL
};

fn self_transfer(ctx: &Context) -> Result<(), Failure> {
    ctx.step(SELF_TRANSFER.steps[0]);
    let balances = [(1, 100), (2, 7)];
    let bank = bank_with(ctx, &balances)?;
    for (amount, allow_overdraw, done) in [
        (0, false, true),
        (100, false, true),
        (101, false, false),
        (40, true, true),
        (101, true, true),
    ] {
        let call = Call::Transfer(1, 1, amount, allow_overdraw);
        leaves(&*bank, call, Ok(Answer::Was(done)), &balances)?;
    }

    ctx.step(SELF_TRANSFER.steps[1]);
    let (accounts, times) = by_clock((8, 100), (3, 16));
    let teller = Teller::new(ctx, accounts, 1000)?;
    let each_round = || pairs(accounts).chain((0..accounts).map(|id| (id, id)));
    all_at_once(
        1,
        (0..times).flat_map(|_| each_round()).map(|(from, to)| {
            let teller = teller.clone();
            (name(from, to), move || teller.transfer(from, to, 3).map(drop))
        }),
    )?;
    ctx.step(SELF_TRANSFER.steps[2]);
    teller.settle()
}
