//! Raft: a replicated log that survives crashes, lost messages and partitions. Section numbers (§) are
//! those of the extended paper, "In Search of an Understandable Consensus Algorithm"; its Figure 2 is the
//! whole algorithm on one page, and every sentence of it counts.
//!
//! Write it in this order. Each part has its tests; the earlier ones must go on passing.
//!
//! | part | what to write | tests |
//! | --- | --- | --- |
//! | 1 | `server` (all but the applier), `state`, `election`, and heartbeats in `replication` | `part1`, `4a` |
//! | 2 | `replication`, `Server::start`, the applier | `p2unit`, `part2`, the first half of `4b` |
//! | 3 | `persist` | `part3`, the second half of `4b` |
//! | 4 | nothing, if all of it is right: now the network loses, delays and reorders | `part4` |
//!
//! | module | what |
//! | --- | --- |
//! | `server` | the server's threads, and what clients and peers call |
//! | `state` | everything that the lock protects, and the rule for all servers |
//! | `election` | candidates ask for votes, voters answer (§5.2, §5.4.1) |
//! | `replication` | leaders send entries, followers take them, both commit (§5.3, §5.4.2) |
//! | `persist` | what survives a crash |
//! | `timing` | every period, with its reason |
//! | `internals` | opens a server to the white-box suite `p2unit`; it is written already |
//!
//! # Who holds the lock
//!
//! One mutex protects the whole `State`. What *needs* the lock is a method of `State`: whoever can call
//! it holds the lock. What must *not* hold it, because it waits or calls a peer, is a method of
//! `Server`. A `State` has no way to its peers, so it cannot call one by mistake.
//!
//! # Traps that nearly everybody meets
//!
//! - **A lock that is held across a call.** A call to a server that cannot be reached takes seconds. Copy
//!   what the message needs, let go of the lock, call, take the lock again.
//! - **A reply from the past.** While a call was out, the term may have changed, and so may the role.
//!   A reply counts only if the term in which it was asked is still the current one.
//! - **Answering before saving.** A vote or an entry that was promised and not saved is forgotten in
//!   a crash, and then two leaders are elected in one term, or an acknowledged entry is lost.
//! - **A log that is cut too eagerly.** An AppendEntries may be old and arrive late. Entries are removed
//!   only where one *conflicts* with one that came, never because a message was short.
//! - **Heartbeats as a special case.** A heartbeat is an AppendEntries without entries: it makes the same
//!   checks and it can fail.
//! - **A timer that is set too often.** Only three things restart the election timer: a message from the
//!   *current* leader, a vote that was *granted*, and an election of one's own.
//! - **Counting replicas of an old term** (Figure 8, §5.4.2). A leader commits by counting only entries of
//!   its own term; the earlier ones are then committed with them.

mod election;
mod internals;
mod persist;
mod replication;
mod server;
mod state;
mod timing;

pub use server::Server;
use state::State;
