//! Panics in lab threads.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, Location, PanicHookInfo};
use std::sync::Once;

use crate::thread;
use crate::verdict::{Verdict, VerdictKind, unwritten};
use crate::world::{self, Ending};
use crate::{context, os};

/// A panic that left a lab thread's own code.
#[derive(Clone, Debug)]
pub(crate) struct Panic {
    message: String,
    location: Option<String>,
}

thread_local! {
    /// The last panics of this OS thread, as the hook saw them: the one before the last, and the
    /// last.
    static LAST: RefCell<(Option<Panic>, Option<Panic>)> = const { RefCell::new((None, None)) };
}

thread_local! {
    /// The verdict on the panic for which the standard library is about to abort.
    static FATAL: RefCell<Option<Verdict>> = const { RefCell::new(None) };
}

impl Panic {
    /// The verdict on a panic of the thread called `label`.
    pub(crate) fn into_verdict(self, label: &str) -> Verdict {
        let verdict = match unwritten(&self.message) {
            // Who was there first says nothing about what is missing.
            Some(message) => Verdict::new(VerdictKind::NotImplemented, message),
            None => Verdict::new(VerdictKind::Panic, format!("{label} panicked: {}", self.message)),
        };
        match self.location {
            Some(location) => verdict.at(location),
            None => verdict,
        }
    }
}

/// Runs `job` and returns its panic, if it had one.
pub(crate) fn catch(job: impl FnOnce()) -> Result<(), Panic> {
    panic::catch_unwind(AssertUnwindSafe(job)).map_err(|payload| {
        let message = text_of(&*payload);
        // A payload may panic when it is dropped.
        std::mem::forget(payload);
        // A panic that was caught and resumed did not come by the hook the last time.
        let seen = LAST.take().1.filter(|last| last.message == message);
        seen.unwrap_or(Panic { message, location: None })
    })
}

/// The verdict on a thread that waits in a destructor while it is panicking.
pub(crate) fn blocked_while_panicking(label: &str, at: &'static Location<'static>) -> Verdict {
    let detail = format!("while it unwound, a destructor waited at {at}");
    last_panic().into_verdict(label).with_details(vec![detail])
}

fn last_panic() -> Panic {
    let unknown = || Panic { message: "for an unknown reason".to_owned(), location: None };
    LAST.take().1.unwrap_or_else(unknown)
}

/// Makes panics of lab threads print one line, `labrt: thread 'server 2/ticker' panicked at …`, and
/// be remembered. Other threads keep the hook that was there.
pub(crate) fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if context::is_in_world() {
                foresee_abort(info);
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
    LAST.with_borrow_mut(|(before, last)| {
        *before = last.replace(Panic { message, location });
    });
}

/// A panic in a destructor during unwinding, or one that reaches a function which cannot unwind,
/// makes the standard library panic once more and then abort. The verdict on it is kept until then;
/// here, the standard library holds the lock of the hook, so the thread must not stop.
fn foresee_abort(info: &PanicHookInfo<'_>) {
    let text = text_of(info.payload());
    if text.starts_with("panic in a function that cannot unwind") {
        FATAL.set(Some(last_panic().into_verdict(&thread::label())));
    } else if text.starts_with("panic in a destructor during cleanup")
        && let (Some(before), Some(last)) = LAST.take()
    {
        let place = last.location.unwrap_or_else(|| "an unknown place".to_owned());
        let message = last.message;
        let detail =
            format!("while it unwound, a destructor panicked as well, at {place}: {message}");
        FATAL.set(Some(before.into_verdict(&thread::label()).with_details(vec![detail])));
    }
}

/// Ends the world with a verdict when the abort that is under way is that of a second panic.
pub(crate) fn end_instead_of_abort() {
    if context::is_in_world()
        && let Some(verdict) = FATAL.take()
    {
        world::end_with(Ending::Verdict(verdict));
    }
}

fn text_of(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "a value that is no text".to_owned()
    }
}
