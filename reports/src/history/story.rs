//! From the lines of a trace to the events of a run.
//!
//! A call is several lines with one number: the request, the answer, and how it ended for its caller.
//! They are joined here, so that a request knows its fate. What a line does not say in the way that is
//! expected is shown as it is, never an error: a trace may be from another version.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use super::cluster::Cluster;
use super::line::Line;
use super::model::{
    Answer, Arrival, Driven, Event, Failed, Fate, History, Level, Message, Outcome, Position,
    Reply, Request, Role, Server, What,
};
use super::roles::Roles;

/// Why a trace cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read.
    #[error("cannot read the trace {file}: {reason}")]
    Io {
        /// The file.
        file: String,
        /// Why not.
        reason: io::Error,
    },
    /// A line is no event.
    #[error("{file} is not a trace: line {line} is no event ({reason})")]
    Line {
        /// The file.
        file: String,
        /// The line's number, from 1.
        line: u64,
        /// Why not.
        reason: serde_json::Error,
    },
}

impl History {
    /// Reads the trace file that a run wrote. A last line that breaks off is left out and noted.
    ///
    /// # Errors
    /// When the file cannot be read, or a line of it is no event.
    pub fn read(file: &Path) -> Result<Self, ReadError> {
        let name = file.display().to_string();
        match File::open(file) {
            Ok(open) => Self::from_lines(BufReader::new(open), &name),
            Err(reason) => Err(ReadError::Io { file: name, reason }),
        }
    }

    /// The same from any source, which errors call `name`.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn from_lines(mut lines: impl BufRead, name: &str) -> Result<Self, ReadError> {
        let mut story = Story::default();
        let mut buffer = Vec::new();
        for number in 1.. {
            buffer.clear();
            let read = lines.read_until(b'\n', &mut buffer);
            let file = || name.to_owned();
            if read.map_err(|reason| ReadError::Io { file: file(), reason })? == 0 {
                break;
            }
            let is_whole = buffer.ends_with(b"\n");
            match Line::read(&buffer) {
                Ok(None) => {}
                Ok(Some(line)) => story.take(&line),
                Err(_) if !is_whole => story.history.is_cut = true,
                Err(reason) => return Err(ReadError::Line { file: file(), line: number, reason }),
            }
        }
        Ok(story.history)
    }
}

/// A column takes memory, so a number that no cluster has gets none.
const MOST_SERVERS: u32 = 1000;

/// The history, as far as it is told.
#[derive(Default)]
struct Story {
    history: History,
    cluster: Cluster,
    roles: Roles,
    calls: BTreeMap<u32, Call>,
    /// What a server asked another one last, in its present role.
    asked: BTreeMap<(Server, Server), Message>,
}

/// Where the events of a call stand.
struct Call {
    sent_ns: u64,
    request: usize,
    answer: Option<usize>,
}

impl Story {
    fn take(&mut self, line: &Line<'_>) {
        if self.tell(line).is_none() {
            let (kind, text) = (line.kind.to_string(), line.text.to_string());
            self.push(line.ns, of_label(&line.label), What::Other { kind, text });
        }
    }

    /// Tells what the line means; `None` when that is not known.
    fn tell(&mut self, line: &Line<'_>) -> Option<()> {
        match line.code {
            100..=115 if self.history.servers > 0 => self.tell_network(line)?,
            200 => {
                let step = line.text.strip_prefix("step ").unwrap_or(&line.text).to_owned();
                self.push(line.ns, None, What::Step(step));
            }
            116..=118 | 201..=204 | 209..=210 => self.tell_driven(line)?,
            205 => {
                let (index, command) = (line.word("index")?, line.field("command")?.to_owned());
                self.push(line.ns, server(line), What::Applied { index, command });
            }
            206 => {
                let (index, term) = (line.word("index")?, line.word("term")?);
                let command = line.field("command")?.to_owned();
                self.push(line.ns, server(line), What::Accepted { index, term, command });
            }
            207 => self.push(line.ns, None, What::Agreed(line.text.to_string())),
            208 => {
                let leader = server(line)?;
                let role = self.roles.leads(leader, line.number()?);
                self.tell_role(line.ns, leader, role);
            }
            211 => self.tell_request(line)?,
            212 => self.tell_answer(line)?,
            300 => {
                let (level, text) = (level(line.object)?, line.text.to_string());
                self.push(line.ns, of_label(&line.label), What::Log { level, text });
            }
            _ => return None,
        }
        Some(())
    }

    fn push(&mut self, at_ns: u64, server: Option<Server>, what: What) {
        self.history.events.push(Event { at_ns, server, what });
    }

    fn tell_driven(&mut self, line: &Line<'_>) -> Option<()> {
        let driven = match line.code {
            116..=118 => Driven::Network { mode: line.kind.to_string(), on: line.number()? != 0 },
            201 => Driven::Start(server(line)?),
            202 => Driven::Crash(server(line)?),
            203 => Driven::Connect(server(line)?),
            204 => Driven::Disconnect(server(line)?),
            209 => Driven::Cut { from: server(line)?, to: line.number()?.try_into().ok()? },
            _ => Driven::Mend,
        };
        if let Driven::Start(server) = driven {
            self.history.servers = self.history.servers.max(server + 1);
            self.roles.forget(server);
        }
        self.cluster.drive(&driven);
        self.push(line.ns, None, What::Driven(driven));
        Some(())
    }

    fn tell_role(&mut self, at_ns: u64, server: Server, role: Option<Role>) {
        let Some(role) = role else { return };
        if matches!(role, Role::Leader { .. }) {
            self.asked.retain(|(leader, _), _| *leader != server);
        }
        self.push(at_ns, Some(server), What::Role(role));
    }

    fn tell_request(&mut self, line: &Line<'_>) -> Option<()> {
        let from = server(line)?;
        let call = u32::try_from(line.number()?).ok()?;
        let to = line.word("to")?;
        let message = message(line)?;
        let role = self.roles.sends(from, &message);
        self.tell_role(line.ns, from, role);
        let before = self.asked.insert((from, to), message.clone());
        let is_idle = before.is_some_and(|before| says_nothing_new(&message, &before));
        // The network tells its caller of it up to 7 s later, when the run may be over.
        let fate = if self.cluster.reaches(from, to) { Fate::Open } else { Fate::Unreachable };
        let request = Request { call, to, message, fate, is_idle };
        let place = self.history.events.len();
        self.calls.insert(call, Call { sent_ns: line.ns, request: place, answer: None });
        self.push(line.ns, Some(from), What::Request(request));
        Some(())
    }

    fn tell_answer(&mut self, line: &Line<'_>) -> Option<()> {
        let at = server(line)?;
        let call = u32::try_from(line.number()?).ok()?;
        let asked = self.asked(call).map(|(from, request)| (from, request.message.clone()));
        let reply = with_term(reply(line)?, asked.as_ref().map(|(_, message)| message));
        let role = asked
            .as_ref()
            .and_then(|(from, message)| self.roles.answers(at, *from, message, &reply));
        self.tell_role(line.ns, at, role);
        // The next events show the good of it; the role shows that there is a new leader.
        let is_idle = asked.as_ref().is_some_and(|(_, message)| accepts_heartbeat(message, &reply));
        let place = self.history.events.len();
        let mut arrival = Arrival::Open;
        if let Some(request) = self.request_mut(call) {
            request.is_idle &= is_idle && role.is_none();
            match request.fate {
                Fate::CutOff => arrival = Arrival::Discarded,
                _ => request.fate = Fate::Answered,
            }
        }
        if let Some(call) = self.calls.get_mut(&call) {
            call.answer = Some(place);
        }
        let (from, message) = asked.unzip();
        let answer = Answer { call, from, message, reply, arrival, is_idle };
        self.push(line.ns, Some(at), What::Answer(answer));
        Some(())
    }

    /// What the network did with a call. Its own account of ends and servers says nothing new.
    fn tell_network(&mut self, line: &Line<'_>) -> Option<()> {
        let failed = match line.code {
            101 => Some(Failed::Unreachable),
            102 => Some(Failed::RequestLost),
            106 => Some(Failed::ReplyLost),
            108 => Some(Failed::CutOff),
            107 => None,
            105 => {
                self.set_arrival(line.object, Arrival::Discarded);
                return Some(());
            }
            _ => return Some(()),
        };
        let (from, to) = self.asked(line.object).map(|(from, request)| (from, request.to))?;
        let call = &self.calls[&line.object];
        let took_ns = line.ns.saturating_sub(call.sent_ns);
        match failed {
            None => {
                let answer = call.answer.map(|answer| &self.history.events[answer]);
                let after = answer.map_or(0, |answer| line.ns.saturating_sub(answer.at_ns));
                self.set_arrival(line.object, Arrival::After(after));
            }
            Some(Failed::ReplyLost) => self.set_arrival(line.object, Arrival::Lost),
            Some(Failed::Unreachable) => self.set_fate(line.object, Fate::Unreachable),
            Some(Failed::RequestLost) => self.set_fate(line.object, Fate::Lost),
            Some(Failed::CutOff) => self.set_fate(line.object, Fate::CutOff),
        }
        let outcome = Outcome { call: line.object, to, failed, took_ns };
        self.push(line.ns, Some(from), What::Outcome(outcome));
        Some(())
    }

    /// Who sent the request of a call, and the request.
    fn asked(&self, call: u32) -> Option<(Server, &Request)> {
        let event = &self.history.events[self.calls.get(&call)?.request];
        match &event.what {
            What::Request(request) => Some((event.server?, request)),
            _ => None,
        }
    }

    fn request_mut(&mut self, call: u32) -> Option<&mut Request> {
        match &mut self.history.events[self.calls.get(&call)?.request].what {
            What::Request(request) => Some(request),
            _ => None,
        }
    }

    fn set_fate(&mut self, call: u32, fate: Fate) {
        if let Some(request) = self.request_mut(call) {
            request.fate = fate;
        }
    }

    fn set_arrival(&mut self, call: u32, arrival: Arrival) {
        let answer = self.calls.get(&call).and_then(|call| call.answer);
        if let Some(answer) = answer
            && let What::Answer(answer) = &mut self.history.events[answer].what
        {
            answer.arrival = arrival;
        }
    }
}

/// The server that the line is about.
fn server(line: &Line<'_>) -> Option<Server> {
    (line.object < MOST_SERVERS).then_some(line.object as Server)
}

/// The server that a thread belongs to: `server 2/ticker`.
fn of_label(label: &str) -> Option<Server> {
    let number = label.split('/').next()?.strip_prefix("server ")?;
    number.parse().ok().filter(|server| *server < MOST_SERVERS as Server)
}

fn level(number: u32) -> Option<Level> {
    let (_, level) = Level::NAMES.get(number.checked_sub(1)? as usize)?;
    Some(*level)
}

fn message(line: &Line<'_>) -> Option<Message> {
    Some(match line.word::<String>("rpc")?.as_str() {
        "vote" => Message::Vote { term: line.word("term")?, last: position(line, "last")? },
        "append" => Message::Append {
            term: line.word("term")?,
            prev: position(line, "prev")?,
            entries: line.word("entries")?,
            last: position(line, "last")?,
            commit: line.word("commit")?,
        },
        "other" => Message::Other { method: line.field("method")?.to_owned() },
        _ => return None,
    })
}

fn reply(line: &Line<'_>) -> Option<Reply> {
    Some(match line.word::<String>("rpc")?.as_str() {
        "vote" => Reply::Vote { term: line.word("term")?, granted: line.word("granted")? },
        "append" => Reply::Append {
            term: line.word("term")?,
            success: line.word("success")?,
            next: line.word("next")?,
        },
        "other" => Reply::Other,
        _ => return None,
    })
}

/// `4@2`: index and term.
fn position(line: &Line<'_>, name: &str) -> Option<Position> {
    let place: String = line.word(name)?;
    let (index, term) = place.split_once('@')?;
    Some(Position { index: index.parse().ok()?, term: term.parse().ok()? })
}

/// Whether a request says nothing that the one before did not say: the same once more, or a heartbeat
/// without news of the commit index.
fn says_nothing_new(message: &Message, before: &Message) -> bool {
    match (message, before) {
        (
            Message::Append { term, entries: 0, commit, .. },
            Message::Append { term: term_before, commit: commit_before, .. },
        ) => (term, commit) == (term_before, commit_before),
        _ => message == before,
    }
}

/// Some leave the term out of a success, where nobody reads it.
fn with_term(reply: Reply, asked: Option<&Message>) -> Reply {
    match (reply, asked) {
        (Reply::Append { term: 0, success: true, next }, Some(&Message::Append { term, .. })) => {
            Reply::Append { term, success: true, next }
        }
        (reply, _) => reply,
    }
}

/// Whether a follower accepts a heartbeat, as it should.
fn accepts_heartbeat(message: &Message, reply: &Reply) -> bool {
    match (message, reply) {
        (
            Message::Append { term: asked, entries: 0, .. },
            Reply::Append { term, success: true, .. },
        ) => asked == term,
        _ => false,
    }
}
