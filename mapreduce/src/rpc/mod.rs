//! Remote procedure calls over a Unix-domain socket.
//!
//! A worker connects, says [`Hello`](message::Hello), and then calls: each [`Call`](message::Call) is
//! answered by one [`Answer`](message::Answer), in order. A worker that has to wait waits for its answer.
//!
//! | module | what |
//! | --- | --- |
//! | [`message`] | what is said |
//! | [`frame`] | a message as bytes, of bounded length |
//! | [`address`] | socket paths, short or long |
//! | [`build`] | which build a process is |

pub(crate) mod address;
pub(crate) mod build;
pub(crate) mod frame;
pub(crate) mod message;
