//! What is logged during a call.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{Interest, with_default};
use tracing::{Dispatch, Event, Metadata, Subscriber, dispatcher};

/// Calls `f`; what it returns, and how many events were logged by its thread meanwhile, whatever their
/// level. They go where they would have gone, too.
pub(super) fn heard<T>(f: impl FnOnce() -> T) -> (T, usize) {
    let events = Arc::new(AtomicUsize::new(0));
    let passes_on = dispatcher::get_default(Dispatch::clone);
    let result = with_default(Ear { events: Arc::clone(&events), passes_on }, f);
    (result, events.load(Ordering::Relaxed))
}

/// Counts events and passes them on.
struct Ear {
    events: Arc<AtomicUsize>,
    passes_on: Dispatch,
}

impl Subscriber for Ear {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::always()
    }

    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn event(&self, event: &Event<'_>) {
        self.events.fetch_add(1, Ordering::Relaxed);
        if self.passes_on.enabled(event.metadata()) {
            self.passes_on.event(event);
        }
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.passes_on.new_span(span)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        self.passes_on.record(span, values);
    }

    fn record_follows_from(&self, span: &Id, follows: &Id) {
        self.passes_on.record_follows_from(span, follows);
    }

    fn enter(&self, span: &Id) {
        self.passes_on.enter(span);
    }

    fn exit(&self, span: &Id) {
        self.passes_on.exit(span);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_is_heard_and_nothing_before_or_after() {
        tracing::error!("before");
        let (value, events) = heard(|| {
            tracing::warn!("one");
            tracing::trace!("two");
            7
        });
        tracing::error!("after");
        assert_eq!((value, events), (7, 2));
        assert_eq!(heard(|| ()).1, 0);
    }

    #[test]
    fn what_is_heard_goes_where_it_would_have_gone() {
        let (((), inner), outer) = heard(|| heard(|| tracing::info!("once")));
        assert_eq!((inner, outer), (1, 1));
    }
}
