//! What the network does to messages in the safety phase.

/// What the network does to messages. A zero is: nothing of the kind.
///
/// The latency is there in any network and stays when everything heals. A simulated call without it
/// takes next to no time, so that hardly anything could happen between a request and its reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Network {
    /// Longest time that a request, and that a reply, is on its way; in milliseconds, drawn uniformly
    /// from zero. So messages overtake each other.
    pub latency_ms: u32,
    /// Longest time by which a request is delayed besides; in milliseconds, drawn uniformly from zero.
    pub delay_ms: u32,
    /// Requests that are lost, in percent.
    pub loss: u32,
    /// Replies that are lost although the handler has run, in percent.
    pub reply_loss: u32,
    /// Replies that come 0.2 to 2.2 s late, in percent.
    pub late: u32,
    /// Whether a call to a server that cannot be reached may hang for up to 7 s before it fails, instead
    /// of up to 0.1 s.
    pub hangs: bool,
}

/// Longest latency and delay, in milliseconds.
pub const MAX_MS: u32 = 10_000;

impl Network {
    /// Whether it loses or delays messages beyond its latency.
    pub fn is_unreliable(&self) -> bool {
        self.delay_ms > 0 || self.loss > 0 || self.reply_loss > 0
    }

    /// How many kinds of conditions are not at zero.
    pub fn conditions(&self) -> usize {
        let Self { latency_ms, delay_ms, loss, reply_loss, late, hangs } = *self;
        let figures = [latency_ms, delay_ms, loss, reply_loss, late];
        figures.iter().filter(|figure| **figure > 0).count() + usize::from(hangs)
    }
}
