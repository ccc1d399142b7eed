//! The simulated network of the labs: every message between servers goes through it.
//!
//! A [`Network`] connects [`ClientEnd`]s to [`Server`]s by name. A server offers [`Service`]s, whose
//! methods are called as `"Service.Method"`. Arguments and replies are really encoded, so servers
//! share no memory by accident. The network can lose requests and replies, delay them, reorder
//! them, and cut servers off; which of these happens is drawn from the world's randomness, so under
//! the simulated clock the same seed has the same faults.
//!
//! ```
//! use labrpc::{Network, Server, Service};
//!
//! let outcome = labrt::world::run(labrt::world::Config::sim(1), || {
//!     let network = Network::new();
//!     let end = network.make_end("client to adder");
//!     let adder = Service::new("Adder").method("Add", |(a, b): (u32, u32)| a + b);
//!     network.add_server("adder", Server::new().service(adder));
//!     network.connect("client to adder", "adder");
//!     network.enable("client to adder", true);
//!     end.call::<_, u32>("Adder.Add", &(2_u32, 3_u32))
//! });
//! assert!(matches!(outcome.end, labrt::world::End::Returned(Ok(5))), "{outcome:?}");
//! ```
//!
//! | module | what |
//! | --- | --- |
//! | `network` | [`Network`]: what a test driver turns: ends, servers, faults, counters |
//! | `end` | [`ClientEnd`]: where a call starts |
//! | `exchange` | one call's way to the handler and back |
//! | `server`, `service` | [`Server`] and [`Service`]: what can be called |
//! | `switchboard` | who is connected to whom, and which calls are being handled |
//! | [`knobs`] | the constants of both courses |
//! | `fault` | what happens to a message, decided in one place |
//! | `codec`, `error` | encoding, and [`RpcError`] |
//! | `counters` | calls and bytes |
//! | [`tap`] | what a test driver may listen to |
//! | [`event`] | what the trace says about the network |

mod codec;
mod counters;
mod end;
mod error;
pub mod event;
mod exchange;
mod fault;
pub mod knobs;
mod network;
mod server;
mod service;
mod switchboard;
pub mod tap;

use std::sync::Arc;

pub use end::ClientEnd;
pub use error::RpcError;
pub use knobs::Knobs;
pub use network::Network;
pub use server::Server;
pub use service::Service;

/// The name of an end or of a server.
pub type Name = Arc<str>;
