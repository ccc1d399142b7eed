//! Starts programs that nobody has reason to trust, with no more than they need.
//!
//! A process cannot be confined from outside by a parent that wants to stay free itself, and what runs
//! between `fork` and `exec` is no safe Rust. So there is a *launcher*: the command starts its own
//! binary again, with its orders as arguments. The launcher confines itself and becomes the program by
//! `exec`, which takes all restrictions along.
//!
//! ```no_run
//! use confine::{Mode, Rules, Sandbox};
//!
//! confine::launch_if_asked(); // The first thing in `main`: this process may be the launcher.
//!
//! let sandbox = Sandbox::new(Mode::Auto)?;
//! let program = sandbox.place("/home/teacher/judge".as_ref())?;
//! let job = sandbox.job()?;
//! let status = job.command(program.path(), &Rules::of_system()).arg("--all").status()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `docs/sandbox.md` in the toolkit says what is enforced, and what is not.
//!
//! | module | what |
//! | --- | --- |
//! | [`mode`] | whether protections are wanted, and how much |
//! | [`rules`] | what one program may do |
//! | [`sandbox`] | what this machine can enforce; jobs and their commands |
//! | [`protection`] | one protection: in force, or why not |
//! | [`launcher`] | the process that confines itself and becomes the program |
//! | `order` | what a launcher is told |
//! | `linux` | the kernel's means: landlock, seccomp, user ids, limits |
//! | `ids` | user ids of jobs |
//! | [`place`] | where a job's user id can reach a program |
//! | [`children`] | the processes that this one started, and orphans that come to it |
//! | [`entry`] | a confined program's own entry in `/proc` |
//! | [`inherited`] | closes descriptors that came with the process |

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "it lives outside every world: it starts processes"
)]

pub mod children;
pub mod entry;
mod ids;
pub mod inherited;
pub mod launcher;
#[cfg(target_os = "linux")]
mod linux;
pub mod mode;
mod order;
pub mod place;
pub mod protection;
pub mod rules;
pub mod sandbox;

pub use launcher::launch_if_asked;
pub use mode::Mode;
pub use place::Placed;
pub use protection::Protection;
pub use rules::{Limits, Rules};
pub use sandbox::{Job, Sandbox, Unavailable};
