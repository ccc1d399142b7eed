//! What happened in one run: its full trace, read into a model and shown in columns.
//!
//! ```text
//! trace file ─► line    one JSON object
//!            ─► story   events of servers and messages; calls joined by their number; roles
//!            ─► select  what is to be seen
//!            ─► digest  what belongs together in one entry; idle heartbeats counted
//!            ─► rows    each in words; what servers do alike is one row
//!            ─► columns one column a server
//! ```
//!
//! | module | what |
//! | --- | --- |
//! | [`model`] | the events of a run |
//! | `line` | a line of the trace file |
//! | `story` | from lines to events |
//! | `cluster` | who runs and who can reach whom |
//! | `roles` | who leads, as far as traffic shows |
//! | [`select`] | which events are shown |
//! | `digest` | events that belong together, as one |
//! | `rows` | entries as rows of text |
//! | `words` | an event in words |
//! | [`columns`] | the text for a person |

pub(crate) mod cluster;
pub mod columns;
mod digest;
mod line;
pub mod model;
mod roles;
mod rows;
pub mod select;
mod story;
pub(crate) mod words;

pub use model::History;
pub use select::Selection;
pub use story::ReadError;
