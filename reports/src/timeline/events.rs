//! The events of a timeline, column by column: a hundred thousand of them have to fit in a page.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::micros;
use crate::account::words;
use crate::history::model::{Answer, Arrival, Event, Level, Message, Reply, Request, What};
use crate::history::{model, words as spoken};

/// The events in order. Each column but `texts` has one number an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Events {
    /// Microseconds since the event before; since the timeline's start for the first.
    pub after_us: Vec<u64>,
    /// The server; -1 for what concerns all.
    pub server: Vec<i32>,
    /// What it is.
    pub kind: Vec<Kind>,
    /// Index of its words in `texts`, from 0.
    pub text: Vec<u32>,
    /// For a message, to whom; -1 for everything else, and where that is not known.
    pub peer: Vec<i32>,
    /// For a message that arrives, microseconds until then; 0 for everything else.
    pub takes_us: Vec<u64>,
    /// What becomes of a message; [`Fate::None`] for everything else.
    pub fate: Vec<Fate>,
    /// Words, each once.
    pub texts: Vec<String>,
}

/// What an event is. In the file it is a number, from 0, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum Kind {
    /// The test has reached a step.
    Step,
    /// The test has changed something about the cluster or the network.
    Driven,
    /// A server has a new role or a new leader.
    Role,
    /// A candidate asks for a vote.
    AskVote,
    /// A leader asks to append entries.
    Append,
    /// A leader's heartbeat that brings news.
    Heartbeat,
    /// A request that changes nothing: a heartbeat without news, or the same once more and unanswered.
    Idle,
    /// Another request of the submission's.
    Ask,
    /// A vote is granted.
    Vote,
    /// A vote is refused.
    NoVote,
    /// Entries, or a heartbeat, are accepted.
    Accept,
    /// They are refused.
    Refuse,
    /// A heartbeat without news is accepted.
    IdleAnswer,
    /// Another answer.
    Answer,
    /// A call has ended for its caller.
    Outcome,
    /// A server has accepted a client's command.
    Command,
    /// A server has applied an entry.
    Apply,
    /// The test has seen that enough servers agree.
    Agreed,
    /// A line of the submission's log: an error.
    LogError,
    /// A warning.
    LogWarn,
    /// An information.
    LogInfo,
    /// For whoever debugs.
    LogDebug,
    /// In every detail.
    LogTrace,
    /// Anything else.
    Other,
}

impl Kind {
    /// All kinds, in the order of their numbers.
    pub const ALL: [Self; 24] = [
        Self::Step,
        Self::Driven,
        Self::Role,
        Self::AskVote,
        Self::Append,
        Self::Heartbeat,
        Self::Idle,
        Self::Ask,
        Self::Vote,
        Self::NoVote,
        Self::Accept,
        Self::Refuse,
        Self::IdleAnswer,
        Self::Answer,
        Self::Outcome,
        Self::Command,
        Self::Apply,
        Self::Agreed,
        Self::LogError,
        Self::LogWarn,
        Self::LogInfo,
        Self::LogDebug,
        Self::LogTrace,
        Self::Other,
    ];
}

impl From<Kind> for u8 {
    fn from(kind: Kind) -> Self {
        kind as Self
    }
}

impl TryFrom<u8> for Kind {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        let kind = Self::ALL.get(usize::from(number)).copied();
        kind.ok_or_else(|| format!("there is no kind {number} of event"))
    }
}

/// What becomes of a message. In the file it is a number, from 0, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum Fate {
    /// It is no message.
    None,
    /// It arrives.
    Arrives,
    /// It is lost on its way.
    Lost,
    /// It reaches nobody: one of the two is disconnected or down.
    Unreachable,
    /// One of the two is disconnected or crashed before there is an answer.
    CutOff,
    /// It arrives when nobody waits for it any more.
    TooLate,
    /// It is on its way, or being handled, when the run ends.
    Open,
}

impl Fate {
    /// All fates, in the order of their numbers.
    pub const ALL: [Self; 7] = [
        Self::None,
        Self::Arrives,
        Self::Lost,
        Self::Unreachable,
        Self::CutOff,
        Self::TooLate,
        Self::Open,
    ];
}

impl From<Fate> for u8 {
    fn from(fate: Fate) -> Self {
        fate as Self
    }
}

impl TryFrom<u8> for Fate {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        let fate = Self::ALL.get(usize::from(number)).copied();
        fate.ok_or_else(|| format!("there is no fate {number} of a message"))
    }
}

/// A message's way.
struct Way {
    peer: i32,
    takes_us: u64,
    fate: Fate,
}

impl Way {
    const NONE: Self = Self { peer: -1, takes_us: 0, fate: Fate::None };
}

impl Events {
    /// Those events, the first of which comes after `start_us`.
    pub(super) fn of(events: &[Event], start_us: u64) -> Self {
        let answered = answered(events);
        let mut columns = Self::default();
        let mut known = BTreeMap::new();
        let mut before_us = start_us;
        for event in events {
            let at_us = micros(event.at_ns).max(before_us);
            let way = way(event, &answered);
            columns.after_us.push(at_us - before_us);
            columns.server.push(number(event.server));
            columns.kind.push(kind(&event.what));
            let text = columns.texts_place(&mut known, words(&spoken::of_one(event)));
            columns.text.push(text);
            columns.peer.push(way.peer);
            columns.takes_us.push(way.takes_us);
            columns.fate.push(way.fate);
            before_us = at_us;
        }
        columns
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.kind.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.kind.is_empty()
    }

    /// Where `text` stands among the texts.
    fn texts_place(&mut self, known: &mut BTreeMap<String, u32>, text: String) -> u32 {
        if let Some(place) = known.get(&text) {
            return *place;
        }
        let place = self.texts.len() as u32;
        self.texts.push(text.clone());
        known.insert(text, place);
        place
    }

    /// What is wrong with columns that were read from a file; none when they fit together.
    pub(super) fn flaw(&self) -> Option<String> {
        let lengths = [
            self.after_us.len(),
            self.server.len(),
            self.text.len(),
            self.peer.len(),
            self.takes_us.len(),
            self.fate.len(),
        ];
        if lengths.iter().any(|length| *length != self.len()) {
            return Some("its columns differ in length".to_owned());
        }
        let beyond = self.text.iter().find(|text| **text as usize >= self.texts.len());
        beyond.map(|text| format!("it has no text {text}"))
    }
}

fn number(server: Option<model::Server>) -> i32 {
    server.and_then(|server| server.try_into().ok()).unwrap_or(-1)
}

/// When each call was answered, in nanoseconds, by the number of the call.
fn answered(events: &[Event]) -> BTreeMap<u32, u64> {
    let answers = events.iter().filter_map(|event| match &event.what {
        What::Answer(answer) => Some((answer.call, event.at_ns)),
        _ => None,
    });
    answers.collect()
}

fn way(event: &Event, answered: &BTreeMap<u32, u64>) -> Way {
    match &event.what {
        What::Request(request) => way_there(event, request, answered.get(&request.call).copied()),
        What::Answer(answer) => way_back(answer),
        _ => Way::NONE,
    }
}

fn way_there(event: &Event, request: &Request, answered_ns: Option<u64>) -> Way {
    let takes_us = answered_ns.map_or(0, |ns| micros(ns).saturating_sub(micros(event.at_ns)));
    let fate = match request.fate {
        // It was cut off only later: it had been handled by then.
        _ if answered_ns.is_some() => Fate::Arrives,
        model::Fate::Answered | model::Fate::Open => Fate::Open,
        model::Fate::Lost => Fate::Lost,
        model::Fate::Unreachable => Fate::Unreachable,
        model::Fate::CutOff => Fate::CutOff,
    };
    Way { peer: number(Some(request.to)), takes_us, fate }
}

fn way_back(answer: &Answer) -> Way {
    let (takes_us, fate) = match answer.arrival {
        Arrival::After(ns) => (micros(ns), Fate::Arrives),
        Arrival::Open => (0, Fate::Open),
        Arrival::Lost => (0, Fate::Lost),
        Arrival::Discarded => (0, Fate::TooLate),
    };
    Way { peer: number(answer.from), takes_us, fate }
}

fn kind(what: &What) -> Kind {
    match what {
        What::Step(_) => Kind::Step,
        What::Driven(_) => Kind::Driven,
        What::Role(_) => Kind::Role,
        What::Request(request) if request.is_idle => Kind::Idle,
        What::Request(request) => match &request.message {
            Message::Vote { .. } => Kind::AskVote,
            Message::Append { entries: 0, .. } => Kind::Heartbeat,
            Message::Append { .. } => Kind::Append,
            Message::Other { .. } => Kind::Ask,
        },
        What::Answer(answer) if answer.is_idle => Kind::IdleAnswer,
        What::Answer(answer) => match answer.reply {
            Reply::Vote { granted: true, .. } => Kind::Vote,
            Reply::Vote { .. } => Kind::NoVote,
            Reply::Append { success: true, .. } => Kind::Accept,
            Reply::Append { .. } => Kind::Refuse,
            Reply::Other => Kind::Answer,
        },
        What::Outcome(_) => Kind::Outcome,
        What::Accepted { .. } => Kind::Command,
        What::Applied { .. } => Kind::Apply,
        What::Agreed(_) => Kind::Agreed,
        What::Log { level, .. } => match level {
            Level::Error => Kind::LogError,
            Level::Warn => Kind::LogWarn,
            Level::Info => Kind::LogInfo,
            Level::Debug => Kind::LogDebug,
            Level::Trace => Kind::LogTrace,
        },
        What::Other { .. } => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_kinds_and_fates_read_back() {
        for (number, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(Kind::try_from(number as u8), Ok(kind));
            assert_eq!(usize::from(u8::from(kind)), number);
        }
        for (number, fate) in Fate::ALL.into_iter().enumerate() {
            assert_eq!(Fate::try_from(number as u8), Ok(fate));
            assert_eq!(usize::from(u8::from(fate)), number);
        }
        assert!(Kind::try_from(24).is_err() && Fate::try_from(7).is_err());
    }
}
