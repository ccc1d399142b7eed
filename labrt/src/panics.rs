//! Panics in lab threads.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, Location, PanicHookInfo};
use std::sync::Once;

use crate::thread;
use crate::verdict::{Verdict, VerdictKind};
use crate::{context, os};

/// A panic that left a lab thread's own code.
#[derive(Clone, Debug)]
pub(crate) struct Panic {
    message: String,
    location: Option<String>,
}

thread_local! {
    /// The last panic of this OS thread, as the hook saw it.
    static LAST: RefCell<Option<Panic>> = const { RefCell::new(None) };
}

impl Panic {
    /// The verdict on a panic of the thread called `label`.
    pub(crate) fn into_verdict(self, label: &str) -> Verdict {
        let message = format!("{label} panicked: {}", self.message);
        let verdict = Verdict::new(VerdictKind::Panic, message);
        match self.location {
            Some(location) => verdict.at(location),
            None => verdict,
        }
    }
}

/// Runs `job` and returns its panic, if it had one.
pub(crate) fn catch(job: impl FnOnce()) -> Result<(), Panic> {
    panic::catch_unwind(AssertUnwindSafe(job)).map_err(|payload| {
        LAST.take().unwrap_or_else(|| Panic { message: text_of(&*payload), location: None })
    })
}

/// The verdict on a thread that waits in a destructor while it is panicking.
pub(crate) fn blocked_while_panicking(label: &str, at: &'static Location<'static>) -> Verdict {
    let panic = LAST.take().unwrap_or_else(|| Panic { message: String::new(), location: None });
    let detail = format!("while it unwound, a destructor waited at {at}");
    panic.into_verdict(label).with_details(vec![detail])
}

/// Makes panics of lab threads print one line, `labrt: thread 'server 2/ticker' panicked at …`, and
/// be remembered. Other threads keep the hook that was there.
pub(crate) fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if context::sim_in_task().is_some() || context::real().is_some() {
                remember(info);
            } else {
                previous(info);
            }
        }));
    });
}

fn remember(info: &PanicHookInfo<'_>) {
    let message = text_of(info.payload());
    let location = info.location().map(ToString::to_string);
    let place = location.as_deref().unwrap_or("an unknown place");
    os::write_stderr(&format!(
        "labrt: thread '{}' panicked at {place}: {message}\n",
        thread::label()
    ));
    LAST.set(Some(Panic { message, location }));
}

fn text_of(payload: &(dyn std::any::Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "a value that is no text".to_owned()
    }
}
