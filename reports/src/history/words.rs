//! An entry in words, short ones: they stand in a narrow column.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::digest::{Entry, Idle, Told};
use super::model::{
    Answer, Arrival, Driven, Event, Failed, Fate, Level, LogIndex, Message, Outcome, Position,
    Reply, Role, Server, What,
};
use super::select::LATE_NS;
use crate::terminal::text::Ink;
use crate::units::{duration, plural};

/// What is said of an entry, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Saying {
    /// In this server's column; none for across all.
    pub(super) server: Option<Server>,
    /// What it is, for the eye.
    pub(super) ink: Ink,
    /// The words.
    pub(super) text: String,
}

/// The words of `entry`.
pub(super) fn of(entry: &Entry<'_>) -> Saying {
    match &entry.what {
        Told::One(event) => one(event),
        Told::Request { from, message, to } => {
            let ink =
                if to.iter().all(|(_, fate)| fate.has_failed()) { Ink::Dim } else { Ink::Plain };
            Saying { server: Some(*from), ink, text: request(message, to) }
        }
        Told::Applies { server, first, commands } => {
            let text = applies(*first, commands);
            Saying { server: Some(*server), ink: Ink::Command, text }
        }
        Told::Driven(driven) => across(Ink::Doubtful, actions(driven)),
        Told::Quiet { ns, idle } => across(Ink::Dim, pause(*ns, idle)),
    }
}

fn across(ink: Ink, text: String) -> Saying {
    Saying { server: None, ink, text }
}

/// The words of a single event.
pub(crate) fn of_one(event: &Event) -> String {
    one(event).text
}

fn one(event: &Event) -> Saying {
    let (ink, text) = match &event.what {
        What::Step(step) => (Ink::Bold, step.clone()),
        What::Driven(driven) => (Ink::Doubtful, actions(&[driven])),
        What::Role(role) => (ink_of(*role), self::role(*role)),
        What::Request(asked) => (Ink::Plain, request(&asked.message, &[(asked.to, asked.fate)])),
        What::Answer(answered) => answer(answered),
        What::Outcome(ended) => (Ink::Dim, outcome(ended)),
        What::Accepted { index, term, command } => {
            (Ink::Command, format!("accepts {index} (t{term}): {command}"))
        }
        What::Applied { index, command } => (Ink::Command, applies(*index, &[command])),
        What::Agreed(text) => (Ink::Good, text.clone()),
        What::Log { level, text } => log(*level, text),
        What::Other { kind, text } => (Ink::Plain, format!("{kind}: {text}")),
    };
    Saying { server: event.server, ink, text }
}

/// The ink of a role; its words say it, too.
pub(super) fn ink_of(role: Role) -> Ink {
    match role {
        Role::Leader { .. } => Ink::Good,
        Role::Candidate { .. } => Ink::Doubtful,
        Role::Follower { .. } => Ink::Bold,
    }
}

/// A role in a word.
pub(super) fn word(role: Role) -> &'static str {
    match role {
        Role::Leader { .. } => "leader",
        Role::Candidate { .. } => "candidate",
        Role::Follower { .. } => "follower",
    }
}

/// A change of role: "LEADS term 3".
fn role(role: Role) -> String {
    match role {
        Role::Leader { term } => format!("LEADS term {term}"),
        Role::Candidate { term } => format!("CANDIDATE in term {term}"),
        Role::Follower { term, leader: None } => format!("only follower in term {term}"),
        Role::Follower { term, leader: Some(leader) } => format!("follows {leader} in term {term}"),
    }
}

fn request(message: &Message, to: &[(Server, Fate)]) -> String {
    let with = |fates: &[Fate]| -> Vec<Server> {
        to.iter().filter(|(_, fate)| fates.contains(fate)).map(|(server, _)| *server).collect()
    };
    let mut text = String::from("→");
    for server in with(&[Fate::Answered, Fate::Open]) {
        let _ = write!(text, " {server}");
    }
    for (fate, word) in
        [(Fate::Unreachable, "unreachable"), (Fate::Lost, "lost"), (Fate::CutOff, "cut off")]
    {
        let servers = with(&[fate]);
        if !servers.is_empty() {
            let _ = write!(text, " ({word}: {})", list(&servers));
        }
    }
    let _ = match message {
        Message::Vote { term, last } => {
            write!(text, ": vote in t{term}? {}", ends(*last))
        }
        Message::Append { term, prev, entries: 0, commit, .. } => {
            write!(text, ": heartbeat t{term}{}, commit {commit}", after(*prev))
        }
        Message::Append { term, prev, entries, last, commit } => {
            let range = range(prev.index.saturating_add(1), *entries);
            let of = if last.term == *term {
                format!("(t{term})")
            } else {
                format!("(t{}) in t{term}", last.term)
            };
            write!(text, ": {range} {of}{}, commit {commit}", after(*prev))
        }
        Message::Other { method } => write!(text, ": {method}"),
    };
    text
}

/// `5` or `5–9`.
fn range(first: LogIndex, count: u64) -> String {
    match count {
        0 | 1 => format!("entry {first}"),
        _ => format!("entries {first}–{}", last(first, count)),
    }
}

/// The index of the last of `count` entries.
fn last(first: LogIndex, count: u64) -> LogIndex {
    first.saturating_add(count.saturating_sub(1))
}

fn place(Position { index, term }: Position) -> String {
    format!("{index} (t{term})")
}

/// What stands before new entries; nothing when they are the first.
fn after(prev: Position) -> String {
    if prev.index == 0 { String::new() } else { format!(" after {}", place(prev)) }
}

fn ends(last: Position) -> String {
    if last.index == 0 { "log empty".to_owned() } else { format!("log ends {}", place(last)) }
}

fn answer(answer: &Answer) -> (Ink, String) {
    let from = answer.from.map_or_else(|| "?".to_owned(), |from| from.to_string());
    let (ink, mut text) = match (&answer.reply, &answer.message) {
        (Reply::Vote { term, granted: true }, _) => {
            (Ink::Plain, format!("votes for {from} in t{term}"))
        }
        (Reply::Vote { term, .. }, Some(Message::Vote { term: asked, .. })) if term > asked => {
            (Ink::Dim, format!("no vote for {from}: t{asked} is over, it is t{term}"))
        }
        (Reply::Vote { .. }, _) => (Ink::Dim, format!("no vote for {from}")),
        (Reply::Append { success: true, .. }, Some(Message::Append { entries: 0, .. })) => {
            (Ink::Plain, format!("heartbeat of {from} ok"))
        }
        (Reply::Append { success: true, .. }, Some(Message::Append { last, .. })) => {
            (Ink::Plain, format!("has {from}'s log to {}", last.index))
        }
        (Reply::Append { success: true, .. }, _) => (Ink::Plain, format!("accepts {from}'s")),
        (Reply::Append { term, .. }, Some(Message::Append { term: asked, .. })) if term > asked => {
            (Ink::Doubtful, format!("refuses {from}: t{asked} is over, it is t{term}"))
        }
        (Reply::Append { next, .. }, Some(Message::Append { prev, .. })) => {
            (Ink::Doubtful, format!("refuses {from}: has no {}, go on at {next}", place(*prev)))
        }
        (Reply::Append { .. }, _) => (Ink::Doubtful, format!("refuses {from}")),
        (Reply::Other, _) => (Ink::Plain, format!("answers {from}")),
    };
    match answer.arrival {
        Arrival::Lost => text.push_str(" (answer lost)"),
        Arrival::Discarded => text.push_str(" (too late)"),
        Arrival::After(ns) if ns >= LATE_NS => {
            let _ = write!(text, " (answer takes {})", seconds(ns));
        }
        Arrival::After(_) | Arrival::Open => {}
    }
    (ink, text)
}

fn outcome(outcome: &Outcome) -> String {
    let Outcome { to, failed, took_ns, .. } = outcome;
    let took = seconds(*took_ns);
    match failed {
        None => format!("← {to} after {took}"),
        Some(Failed::RequestLost) => format!("✗ {to} after {took}: request lost"),
        Some(Failed::ReplyLost) => format!("✗ {to} after {took}: answer lost"),
        Some(Failed::Unreachable) => format!("✗ {to} after {took}: unreachable"),
        Some(Failed::CutOff) => format!("✗ {to} after {took}: cut off"),
    }
}

fn applies(first: LogIndex, commands: &[&str]) -> String {
    match commands {
        [one] => format!("applies {first}: {one}"),
        [one, two] => format!("applies {first}–{}: {one}, {two}", last(first, 2)),
        [_, .., _] => format!("applies {first}–{}", last(first, commands.len() as u64)),
        [] => String::new(),
    }
}

/// What the test does, each kind of it once: `crash 1 3, start 1 3`.
fn actions(driven: &[&Driven]) -> String {
    let mut verbs: Vec<(&str, Vec<String>)> = Vec::new();
    let is_crashed = |server| driven.iter().any(|other| **other == Driven::Crash(server));
    for action in driven {
        let (verb, object) = match action {
            Driven::Start(server) => ("start", server.to_string()),
            Driven::Crash(server) => ("crash", server.to_string()),
            Driven::Connect(server) => ("connect", server.to_string()),
            // A server that is crashed is disconnected first.
            Driven::Disconnect(server) if is_crashed(*server) => continue,
            Driven::Disconnect(server) => ("disconnect", server.to_string()),
            Driven::Cut { from, to } => (CUT, format!("{from}→{to}")),
            Driven::Mend => ("mend all links", String::new()),
            Driven::Network { mode, on: true } => ("network on:", mode.clone()),
            Driven::Network { mode, on: false } => ("network off:", mode.clone()),
        };
        match verbs.iter_mut().find(|(known, _)| *known == verb) {
            Some((_, objects)) => objects.push(object),
            None => verbs.push((verb, vec![object])),
        }
    }
    let texts: Vec<String> =
        verbs.into_iter().map(|(verb, objects)| action(verb, objects)).collect();
    texts.join(", ")
}

const CUT: &str = "cut";
/// Who can reach whom is told anyway, so a partition need not name each of its links.
const MOST_CUTS: usize = 4;

fn action(verb: &str, objects: Vec<String>) -> String {
    match objects.len() {
        many if verb == CUT && many > MOST_CUTS => format!("cut {many} links"),
        _ => format!("{verb} {}", objects.join(" ")).trim_end().to_owned(),
    }
}

fn pause(ns: u64, idle: &BTreeMap<Server, Idle>) -> String {
    let senders: Vec<String> = idle
        .iter()
        .map(|(server, Idle { heartbeats, unanswered, repeats })| {
            let mut requests = Vec::new();
            if *heartbeats > 0 {
                requests.push(plural(*heartbeats, "heartbeat"));
            }
            if *repeats > 0 {
                requests.push(plural(*repeats, "repeat"));
            }
            let answered = match heartbeats - unanswered {
                all if all == *heartbeats && *repeats == 0 => String::new(),
                0 => ", none answered".to_owned(),
                some => format!(", {some} answered"),
            };
            format!("{} by {server}{answered}", requests.join(" and "))
        })
        .collect();
    let colon = if senders.is_empty() { "" } else { ": " };
    format!("… {}{colon}{}", seconds(ns), senders.join("; "))
}

/// A line of a log: its level and what it says. Its target would take half a column.
fn log(level: Level, text: &str) -> (Ink, String) {
    let message = text.split_once(": ").map_or(text, |(_, message)| message);
    let (ink, letter) = match level {
        Level::Error => (Ink::Bad, 'E'),
        Level::Warn => (Ink::Doubtful, 'W'),
        Level::Info => (Ink::Plain, 'I'),
        Level::Debug => (Ink::Dim, 'D'),
        Level::Trace => (Ink::Dim, 'T'),
    };
    (ink, format!("[{letter}] {message}"))
}

/// `0 2 3`.
pub(crate) fn list(servers: &[Server]) -> String {
    servers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn seconds(ns: u64) -> String {
    duration(ns as f64 / 1e9)
}
