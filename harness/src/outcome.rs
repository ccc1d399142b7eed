//! How a world ended, as a failure.

use labrt::world::{End, Verdict, VerdictKind};
use protocol::{Failure, FailureKind};
use suites::Kind;

use crate::once::{Answer, Unmet};

/// The failure that `end` is; none when the test returned that all is well.
pub(crate) fn failure(end: End<Answer>) -> Option<Failure> {
    match end {
        End::Returned(Ok(())) => None,
        End::Returned(Err(Unmet::Failed(failure))) => Some(of_check(failure)),
        End::Returned(Err(Unmet::NotImplemented(name))) => Some(Failure::new(
            FailureKind::NotImplemented,
            format!("`{name}` does not implement the contract that this suite tests"),
        )),
        End::Ended(payload) => Some(match payload.downcast::<suites::Failure>() {
            Ok(failure) => of_check(*failure),
            Err(_) => Failure::new(
                FailureKind::Check,
                "the world was ended from inside, and not by the test",
            ),
        }),
        End::Verdict(verdict) => Some(of_verdict(verdict)),
    }
}

fn of_check(failure: suites::Failure) -> Failure {
    let (kind, property) = match failure.kind {
        Kind::Check => (FailureKind::Check, None),
        Kind::Safety(property) => (FailureKind::Safety, Some(property.to_owned())),
        Kind::Liveness => (FailureKind::Liveness, None),
        Kind::NotImplemented => (FailureKind::NotImplemented, None),
    };
    Failure {
        property,
        step: failure.step,
        location: failure.location,
        details: failure.details,
        ..Failure::new(kind, failure.message)
    }
}

fn of_verdict(verdict: Verdict) -> Failure {
    let kind = match verdict.kind {
        VerdictKind::Panic => FailureKind::Panic,
        VerdictKind::NotImplemented => FailureKind::NotImplemented,
        VerdictKind::Deadlock => FailureKind::Deadlock,
        VerdictKind::BusyWait => FailureKind::BusyWait,
        VerdictKind::EndlessLoop => FailureKind::EndlessLoop,
        VerdictKind::BlockedOutside => FailureKind::BlockedOutside,
        VerdictKind::ForeignThread => FailureKind::ForeignThread,
        VerdictKind::TooManyThreads => FailureKind::TooManyThreads,
        VerdictKind::Exit => FailureKind::Exit,
        VerdictKind::Abort => FailureKind::Abort,
        VerdictKind::TimeLimit => FailureKind::TimeLimit,
    };
    Failure {
        location: verdict.location,
        details: verdict.details,
        ..Failure::new(kind, verdict.message)
    }
}
