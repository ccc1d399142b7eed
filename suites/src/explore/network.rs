//! The scenario's network as the simulated network's constants.

use labrpc::Knobs;
use labrpc::knobs::Chance;
use labrt::time::Duration;
use scenario::Network;

/// The constants of a network that does what `network` says once its modes are switched on.
pub fn knobs(network: &Network) -> Knobs {
    Knobs {
        long_delays: network.hangs,
        latency: Duration::from_millis(network.latency_ms.into()),
        request_delay: Duration::from_millis(network.delay_ms.into()),
        request_loss: percent(network.loss),
        reply_loss: percent(network.reply_loss),
        late_reply: percent(network.late),
        ..Knobs::comp385()
    }
}

fn percent(num: u32) -> Chance {
    Chance { num, den: 100 }
}
