//! Events that belong together, as one entry: a request to everybody, a row of applies, what the test
//! does to the cluster at one moment, and requests that change nothing.

use std::collections::BTreeMap;

use super::model::{Driven, Event, Fate, History, LogIndex, Message, Server, What};
use super::select::Selection;

/// What is shown as one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry<'a> {
    /// Virtual nanoseconds, of the first event.
    pub(super) at_ns: u64,
    /// How many events of the history have happened by then: up to the first one, and of what the
    /// test does up to the last one.
    pub(super) seen: usize,
    /// What happened.
    pub(super) what: Told<'a>,
}

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Told<'a> {
    /// An event by itself.
    One(&'a Event),
    /// A server sends the same to some.
    Request {
        /// The sender.
        from: Server,
        /// What it sends.
        message: &'a Message,
        /// To whom, and what becomes of it.
        to: Vec<(Server, Fate)>,
    },
    /// A server applies some entries.
    Applies {
        /// The server.
        server: Server,
        /// The index of the first.
        first: LogIndex,
        /// The commands.
        commands: Vec<&'a str>,
    },
    /// What the test does at one moment.
    Driven(Vec<&'a Driven>),
    /// Nothing else happens for a while.
    Quiet {
        /// How long, in virtual nanoseconds.
        ns: u64,
        /// Requests since they were told last, by sender.
        idle: BTreeMap<Server, Idle>,
    },
}

/// Requests that changed nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Idle {
    /// Heartbeats.
    pub(super) heartbeats: u64,
    /// Those of them that got no answer.
    pub(super) unanswered: u64,
    /// Requests that were sent before and get no answer again.
    pub(super) repeats: u64,
}

/// Events of one entry happen within so many nanoseconds.
const TOGETHER_NS: u64 = 10_000_000;
/// From here on a pause is told if there were such requests.
const PAUSE_NS: u64 = 100_000_000;
/// From here on it is told anyway.
const LONG_PAUSE_NS: u64 = 1_000_000_000;

/// The entries of what `selection` selects.
pub(super) fn entries<'a>(history: &'a History, selection: &'a Selection) -> Vec<Entry<'a>> {
    let mut digest = Digest {
        events: &history.events,
        selection,
        taken: vec![false; history.events.len()],
        entries: Vec::new(),
        step: None,
        last_ns: None,
        idle: BTreeMap::new(),
    };
    for (place, event) in history.events.iter().enumerate() {
        if !digest.taken[place] && selection.shows(event) {
            digest.take(place);
        }
    }
    digest.finish(history)
}

struct Digest<'a> {
    events: &'a [Event],
    selection: &'a Selection,
    /// The events that stand in an entry already.
    taken: Vec<bool>,
    entries: Vec<Entry<'a>>,
    /// A step in which nothing was seen yet. A test may go through very many.
    step: Option<usize>,
    /// When the last entry was.
    last_ns: Option<u64>,
    idle: BTreeMap<Server, Idle>,
}

impl<'a> Digest<'a> {
    fn take(&mut self, place: usize) {
        let event = &self.events[place];
        match &event.what {
            What::Step(_) => self.step = Some(place),
            What::Request(request) if self.selection.only_counts(event) => {
                let idle = self.idle.entry(event.server.unwrap_or_default()).or_default();
                if matches!(request.message, Message::Append { entries: 0, .. }) {
                    idle.heartbeats += 1;
                    idle.unanswered += u64::from(request.fate != Fate::Answered);
                } else {
                    idle.repeats += 1;
                }
            }
            _ => {
                if let Some(step) = self.step.take() {
                    self.push(step, step + 1, Told::One(&self.events[step]));
                }
                let (told, last) = self.told(place);
                let seen = if matches!(told, Told::Driven(_)) { last } else { place } + 1;
                self.push(place, seen, told);
            }
        }
    }

    fn finish(mut self, history: &History) -> Vec<Entry<'a>> {
        if let Some(step) = self.step.take() {
            self.push(step, step + 1, Told::One(&self.events[step]));
        }
        if let Some(end) = &history.end {
            self.pause(end.at_ns, self.events.len());
        }
        self.entries
    }

    fn push(&mut self, place: usize, seen: usize, what: Told<'a>) {
        let at_ns = self.events[place].at_ns;
        self.pause(at_ns, place);
        self.last_ns = Some(at_ns);
        self.entries.push(Entry { at_ns, seen, what });
    }

    /// Tells that nothing was seen since the last entry, if that is long ago.
    fn pause(&mut self, now_ns: u64, seen: usize) {
        let Some(last_ns) = self.last_ns else { return };
        let ns = now_ns.saturating_sub(last_ns);
        if ns >= LONG_PAUSE_NS || ns >= PAUSE_NS && !self.idle.is_empty() {
            let idle = std::mem::take(&mut self.idle);
            let what = Told::Quiet { ns, idle };
            self.entries.push(Entry { at_ns: last_ns, seen, what });
        }
    }

    /// The event with those that belong to it, and where the last of them stands.
    fn told(&mut self, place: usize) -> (Told<'a>, usize) {
        let event = &self.events[place];
        let mut last = place;
        let told = match (&event.what, event.server) {
            (What::Driven(driven), _) => {
                let mut all = vec![driven];
                last = self.gather(place, |_, what| match what {
                    What::Driven(driven) => {
                        all.push(driven);
                        Gather::Take
                    }
                    What::Log { .. } => Gather::Pass,
                    _ => Gather::Stop,
                });
                Told::Driven(all)
            }
            (What::Request(request), Some(from)) => {
                let mut to = vec![(request.to, request.fate)];
                last = self.gather(place, |server, what| match what {
                    _ if server != Some(from) => Gather::Pass,
                    What::Request(more)
                        if more.message == request.message
                            && to.iter().all(|(known, _)| *known != more.to) =>
                    {
                        to.push((more.to, more.fate));
                        Gather::Take
                    }
                    What::Log { .. } => Gather::Pass,
                    _ => Gather::Stop,
                });
                to.sort_by_key(|(server, _)| *server);
                Told::Request { from, message: &request.message, to }
            }
            (What::Applied { index, command }, Some(applier)) => {
                let mut commands = vec![command.as_str()];
                last = self.gather(place, |server, what| match what {
                    _ if server != Some(applier) => Gather::Pass,
                    What::Applied { index: more, command }
                        if *more == index.saturating_add(commands.len() as u64) =>
                    {
                        commands.push(command);
                        Gather::Take
                    }
                    What::Log { .. } => Gather::Pass,
                    _ => Gather::Stop,
                });
                Told::Applies { server: applier, first: *index, commands }
            }
            _ => Told::One(event),
        };
        (told, last)
    }

    /// Takes events after `place`, as long as they are near and `which` does not stop. Where the last
    /// of them stands.
    fn gather(
        &mut self,
        place: usize,
        mut which: impl FnMut(Option<Server>, &'a What) -> Gather,
    ) -> usize {
        let mut last = place;
        let until_ns = self.events[place].at_ns.saturating_add(TOGETHER_NS);
        let near = self.events.iter().enumerate().skip(place + 1);
        for (at, event) in near.take_while(|(_, event)| event.at_ns <= until_ns) {
            let counts = self.selection.only_counts(event);
            if self.taken[at] || counts || !self.selection.shows(event) {
                continue;
            }
            match which(event.server, &event.what) {
                Gather::Take => {
                    self.taken[at] = true;
                    last = at;
                }
                Gather::Pass => {}
                Gather::Stop => break,
            }
        }
        last
    }
}

/// What to do with an event that is looked at.
enum Gather {
    /// It belongs to the entry.
    Take,
    /// It does not.
    Pass,
    /// Nor does anything after it.
    Stop,
}
