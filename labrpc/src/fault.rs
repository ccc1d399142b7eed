//! What happens to a message, decided in one place.
//!
//! The decision is made once, when the request is sent, and covers the whole call. It is a value:
//! a pure function of the knobs, the conditions at that moment, and the draws. Carrying it out is
//! the exchange's work.

use labrt::time::Duration;
use rand::{Rng, RngExt};

use crate::knobs::{Chance, Knobs, Spread};

/// What the network looks like to a request at the moment it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "four switches, all independent")]
pub(crate) struct Conditions {
    /// The end is enabled and leads to a server that is there.
    pub(crate) reachable: bool,
    /// Nothing is lost or delayed on its way to the server, nor lost on its way back.
    pub(crate) reliable: bool,
    /// Calls that reach nobody take long to fail.
    pub(crate) long_delays: bool,
    /// Replies may come very late.
    pub(crate) long_reordering: bool,
}

/// What is to happen to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The request reaches nobody.
    Unreachable { fails_after: Duration },
    /// The request is lost: the handler never runs.
    RequestLost { fails_after: Duration },
    /// The request is delivered and the handler runs.
    Delivered { after: Duration, reply: ReplyFate },
}

/// What is to happen to a reply once the handler has run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReplyFate {
    /// The call fails at once, although the handler has run.
    Lost,
    /// The reply arrives.
    Delivered { after: Duration },
}

impl Conditions {
    /// Whether nothing can go wrong or take time, so that nothing need be drawn.
    pub(crate) fn are_perfect(self, knobs: &Knobs) -> bool {
        self.reachable && self.reliable && !self.long_reordering && knobs.latency.is_zero()
    }
}

impl Fate {
    /// Delivered at once, answered at once.
    pub(crate) const PROMPT: Self = Self::Delivered {
        after: Duration::ZERO,
        reply: ReplyFate::Delivered { after: Duration::ZERO },
    };

    /// Decides a call's fate. Nothing is drawn when the conditions are perfect.
    pub(crate) fn decide(knobs: &Knobs, conditions: Conditions, rng: &mut impl Rng) -> Self {
        if conditions.are_perfect(knobs) {
            return Self::PROMPT;
        }
        if !conditions.reachable {
            let longest =
                if conditions.long_delays { knobs.unreachable_long } else { knobs.unreachable };
            return Self::Unreachable { fails_after: up_to(longest, rng) };
        }
        let after =
            if conditions.reliable { Duration::ZERO } else { up_to(knobs.request_delay, rng) };
        if !conditions.reliable && happens(knobs.request_loss, rng) {
            return Self::RequestLost { fails_after: after };
        }
        let after = after + latency(knobs, rng);
        Self::Delivered { after, reply: ReplyFate::decide(knobs, conditions, rng) }
    }
}

impl ReplyFate {
    fn decide(knobs: &Knobs, conditions: Conditions, rng: &mut impl Rng) -> Self {
        if !conditions.reliable && happens(knobs.reply_loss, rng) {
            return Self::Lost;
        }
        let late = conditions.long_reordering && happens(knobs.late_reply, rng);
        let after = if late { lateness(knobs, rng) } else { Duration::ZERO };
        Self::Delivered { after: after + latency(knobs, rng) }
    }
}

/// Nothing is drawn on a network without latency.
fn latency(knobs: &Knobs, rng: &mut impl Rng) -> Duration {
    if knobs.latency.is_zero() { Duration::ZERO } else { up_to(knobs.latency, rng) }
}

fn lateness(knobs: &Knobs, rng: &mut impl Rng) -> Duration {
    let longest = match knobs.late_reply_spread {
        Spread::Uniform => knobs.late_reply_extra,
        Spread::Nested => up_to(knobs.late_reply_extra, rng),
    };
    knobs.late_reply_least + up_to(longest, rng)
}

fn up_to(longest: Duration, rng: &mut impl Rng) -> Duration {
    rng.random_range(Duration::ZERO..=longest)
}

fn happens(chance: Chance, rng: &mut impl Rng) -> bool {
    rng.random_ratio(chance.num, chance.den)
}

#[cfg(test)]
mod tests;
