//! The constants of the published testers' networks, as values.
//!
//! Delays are on the clock in use: virtual seconds in a simulated world, wall seconds in a real one.
//! Where a published tester draws whole milliseconds, we draw the same range continuously.

use labrt::time::Duration;

/// A probability as a fraction: `num` cases of `den`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance {
    /// Cases in which it happens; at most `den`.
    pub num: u32,
    /// All cases; at least 1.
    pub den: u32,
}

/// How a time is drawn between zero and some longest time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// Every time is equally likely.
    Uniform,
    /// A uniform draw below a uniform draw: short times are likelier.
    Nested,
}

/// What a network does to messages, once its modes are switched on.
///
/// Each course's tester has its own: [`comp385`](Self::comp385), [`cs350`](Self::cs350).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Knobs {
    /// Whether long delays are on from the start.
    pub long_delays: bool,
    /// Longest time until a call that reaches nobody fails; drawn uniformly from zero.
    pub unreachable: Duration,
    /// The same while long delays are on.
    pub unreachable_long: Duration,
    /// Longest time that a request that arrives, and that a reply, is on its way, whatever else happens
    /// to it; drawn uniformly from zero.
    pub latency: Duration,
    /// Unreliable: longest time until a request is delivered, or is lost and its call fails; drawn
    /// uniformly from zero.
    pub request_delay: Duration,
    /// Unreliable: how often a request is lost. Its handler never runs.
    pub request_loss: Chance,
    /// Unreliable: how often a reply is lost. Its handler has run.
    pub reply_loss: Chance,
    /// Long reordering: how often a reply that is not lost comes late.
    pub late_reply: Chance,
    /// Long reordering: least time by which a late reply is late.
    pub late_reply_least: Duration,
    /// Long reordering: longest time added to the least.
    pub late_reply_extra: Duration,
    /// Long reordering: how the added time is drawn.
    pub late_reply_spread: Spread,
}

impl Knobs {
    /// The network of COMP385's tester. Its long delays are on from the start.
    pub const fn comp385() -> Self {
        Self {
            long_delays: true,
            unreachable: Duration::from_millis(100),
            unreachable_long: Duration::from_secs(7),
            latency: Duration::ZERO,
            request_delay: Duration::from_millis(29),
            request_loss: Chance { num: 10, den: 100 },
            reply_loss: Chance { num: 10, den: 100 },
            late_reply: Chance { num: 66, den: 100 },
            late_reply_least: Duration::from_millis(200),
            late_reply_extra: Duration::from_secs(2),
            late_reply_spread: Spread::Uniform,
        }
    }

    /// The network of CS350's tester. Its long delays are off until a test asks for them.
    pub const fn cs350() -> Self {
        Self {
            long_delays: false,
            request_delay: Duration::from_millis(26),
            late_reply: Chance { num: 600, den: 900 },
            late_reply_spread: Spread::Nested,
            ..Self::comp385()
        }
    }
}

impl Default for Knobs {
    /// [`Knobs::comp385`].
    fn default() -> Self {
        Self::comp385()
    }
}
