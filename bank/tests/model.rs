//! Any sequence of operations answers, and leaves the balances, as a model does that is a map and wide
//! numbers.

use std::collections::BTreeMap;

use bank::Bank;
use contracts::bank::BankError::{DuplicateAccount, NegativeAmount, Overflow, UnknownAccount};
use contracts::bank::{AccountId, Amount, Bank as _, BankError};
use proptest::prelude::*;

/// Accounts that operations name; not all of them exist.
const IDS: std::ops::Range<AccountId> = 0..4;

#[derive(Clone, Debug)]
enum Op {
    Create(AccountId),
    Deposit(AccountId, Amount),
    Withdraw(AccountId, Amount),
    Transfer { from: AccountId, to: AccountId, amount: Amount, allow_overdraw: bool },
    Compare(AccountId, Amount, Amount),
}

/// What an operation answers, whichever it is; `true` where it has nothing to say.
type Answer = Result<bool, BankError>;

fn amount() -> impl Strategy<Value = Amount> {
    prop_oneof![
        8 => 0..100_i64,
        1 => -2..3_i64,
        1 => Amount::MAX - 2..=Amount::MAX,
        1 => Amount::MIN..Amount::MIN + 2,
    ]
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        2 => IDS.prop_map(Op::Create),
        3 => (IDS, amount()).prop_map(|(id, amount)| Op::Deposit(id, amount)),
        3 => (IDS, amount()).prop_map(|(id, amount)| Op::Withdraw(id, amount)),
        6 => (IDS, IDS, amount(), any::<bool>()).prop_map(|(from, to, amount, allow_overdraw)| {
            Op::Transfer { from, to, amount, allow_overdraw }
        }),
        1 => (IDS, amount(), amount())
            .prop_map(|(id, amount, threshold)| Op::Compare(id, amount, threshold)),
    ]
}

fn apply(bank: &Bank, op: &Op) -> Answer {
    match *op {
        Op::Create(id) => bank.create_account(id).map(|()| true),
        Op::Deposit(id, amount) => bank.deposit(id, amount).map(|()| true),
        Op::Withdraw(id, amount) => bank.withdraw(id, amount),
        Op::Transfer { from, to, amount, allow_overdraw } => {
            bank.transfer(from, to, amount, allow_overdraw)
        }
        Op::Compare(id, amount, threshold) => bank.deposit_and_compare(id, amount, threshold),
    }
}

#[derive(Debug, Default)]
struct Model(BTreeMap<AccountId, i128>);

impl Model {
    fn apply(&mut self, op: &Op) -> Answer {
        match *op {
            Op::Create(id) if self.0.contains_key(&id) => Err(DuplicateAccount(id)),
            Op::Create(id) => Ok(self.0.insert(id, 0).is_none()),
            Op::Deposit(id, amount) => self.change(amount, &[(id, 1)]).map(|()| true),
            Op::Withdraw(id, amount) => self.unless_short(amount, id, false, &[(id, -1)]),
            Op::Transfer { from, to, amount, allow_overdraw } => {
                let moves = [(from, -1), (to, 1)];
                self.unless_short(amount, from, allow_overdraw, &moves)
            }
            Op::Compare(id, amount, threshold) => {
                self.change(amount, &[(id, 1)])?;
                Ok(self.0[&id] >= i128::from(threshold))
            }
        }
    }

    fn unless_short(
        &mut self,
        amount: Amount,
        from: AccountId,
        allow_overdraw: bool,
        moves: &[(AccountId, i128)],
    ) -> Answer {
        self.change(amount.min(0), moves)?;
        if self.0[&from] < i128::from(amount) && !allow_overdraw {
            return Ok(false);
        }
        self.change(amount, moves).map(|()| true)
    }

    /// Adds the amount so many times to each account, or changes nothing.
    fn change(&mut self, amount: Amount, moves: &[(AccountId, i128)]) -> Result<(), BankError> {
        if amount < 0 {
            return Err(NegativeAmount(amount));
        }
        let mut after = self.0.clone();
        for (id, times) in moves {
            *after.get_mut(id).ok_or(UnknownAccount(*id))? += times * i128::from(amount);
        }
        let too_far = moves.iter().find(|(id, _)| Amount::try_from(after[id]).is_err());
        if let Some((id, _)) = too_far {
            return Err(Overflow(*id));
        }
        self.0 = after;
        Ok(())
    }
}

proptest! {
    #[test]
    fn the_bank_does_as_the_model_does(ops in prop::collection::vec(op(), 1..80)) {
        let (bank, mut model) = (Bank::new(), Model::default());
        for op in &ops {
            prop_assert_eq!(apply(&bank, op), model.apply(op), "{:?}", op);
            for id in IDS {
                let balance = bank.balance(id).ok().map(i128::from);
                prop_assert_eq!(balance, model.0.get(&id).copied(), "account {} after {:?}", id, op);
            }
        }
    }
}
