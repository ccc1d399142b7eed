//! Scenarios in words, and how they are read.
//!
//! ```text
//! servers 5; latency 2ms; delay 27ms; loss 10%; reply-loss 5%; late 60%; hangs; until 8s;
//! 0.5 submit; 0.52 submit all x3; 0.9 crash leader; 1.2 restart others; 1.25 start; 1.3 start 2;
//! 2 disconnect 0; 2.5 connect all; 3 partition leader 1 | 2; 3.5 cut 0 to leader; 4 heal
//! ```
//!
//! Parts are separated by semicolons and may stand in any order. A part that begins with a number is an
//! event, at that many seconds. `submit` alone goes to the leader; `start` and `connect` alone mean the
//! server that has been away the longest.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::event::{Action, Back, Event, Millis, Whom};
use crate::network::{MAX_MS, Network};
use crate::{MAX_EVENTS, MAX_SERVERS, MAX_UNTIL, Scenario};

/// A scenario that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ParseError {
    /// A word is wrong.
    #[error("`{word}` in `{part}`: expected {expected}")]
    Word {
        /// The word; empty where one is missing.
        word: String,
        /// The part in which it stands.
        part: String,
        /// What would be right.
        expected: String,
    },
    /// A part ends too early.
    #[error("`{part}` ends too early: expected {expected}")]
    Missing {
        /// The part.
        part: String,
        /// What should follow.
        expected: String,
    },
    /// A part that must be there is not.
    #[error("a scenario needs `{0}`")]
    Lacks(&'static str),
    /// A setting stands there twice.
    #[error("`{0}` stands there twice")]
    Twice(String),
    /// An event names a server that there is not.
    #[error("`{part}`: there is no server {server}; with {servers} servers the last is {}", servers - 1)]
    NoSuchServer {
        /// The event.
        part: String,
        /// The number in it.
        server: usize,
        /// How many servers there are.
        servers: usize,
    },
    /// An event comes too late.
    #[error("`{part}` comes after the end of the safety phase, `until {until}s`")]
    TooLate {
        /// The event.
        part: String,
        /// The end.
        until: Millis,
    },
    /// Too many events.
    #[error("{0} events are too many: {MAX_EVENTS} at most")]
    TooMany(usize),
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, millis) = (self.0 / 1000, self.0 % 1000);
        if millis == 0 {
            return write!(f, "{seconds}");
        }
        let digits = format!("{millis:03}");
        write!(f, "{seconds}.{}", digits.trim_end_matches('0'))
    }
}

impl fmt::Display for Whom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leader => f.write_str("leader"),
            Self::Server(server) => server.fmt(f),
            Self::Others => f.write_str("others"),
            Self::All => f.write_str("all"),
        }
    }
}

impl fmt::Display for Back {
    /// With a space before it; nothing for [`Back::Longest`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Longest => Ok(()),
            Self::Server(server) => write!(f, " {server}"),
            Self::All => f.write_str(" all"),
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Submit { to, count } => {
                f.write_str("submit")?;
                if *to != Whom::Leader {
                    write!(f, " {to}")?;
                }
                if *count != 1 {
                    write!(f, " x{count}")?;
                }
                Ok(())
            }
            Self::Crash(whom) => write!(f, "crash {whom}"),
            Self::Restart(whom) => write!(f, "restart {whom}"),
            Self::Start(back) => write!(f, "start{back}"),
            Self::Disconnect(whom) => write!(f, "disconnect {whom}"),
            Self::Connect(back) => write!(f, "connect{back}"),
            Self::Partition(groups) => {
                f.write_str("partition")?;
                for (number, group) in groups.iter().enumerate() {
                    if number > 0 {
                        f.write_str(" |")?;
                    }
                    group.iter().try_for_each(|whom| write!(f, " {whom}"))?;
                }
                Ok(())
            }
            Self::Cut { from, to } => write!(f, "cut {from} to {to}"),
            Self::Heal => f.write_str("heal"),
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.at, self.action)
    }
}

impl fmt::Display for Network {
    /// Each condition with `; ` before it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { latency_ms, delay_ms, loss, reply_loss, late, hangs } = *self;
        let figures = [
            ("latency", latency_ms, "ms"),
            ("delay", delay_ms, "ms"),
            ("loss", loss, "%"),
            ("reply-loss", reply_loss, "%"),
            ("late", late, "%"),
        ];
        for (name, figure, unit) in figures {
            if figure > 0 {
                write!(f, "; {name} {figure}{unit}")?;
            }
        }
        if hangs { f.write_str("; hangs") } else { Ok(()) }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "servers {}{}; until {}s", self.servers, self.network, self.until)?;
        self.events.iter().try_for_each(|event| write!(f, "; {event}"))
    }
}

impl FromStr for Scenario {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut reader = Settings::default();
        let mut events = Vec::new();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let mut words = Words::new(part);
            if part.starts_with(|first: char| first.is_ascii_digit()) {
                events.push((words.event()?, part));
            } else {
                reader.take(&mut words)?;
            }
            words.end()?;
        }
        let servers = reader.servers.ok_or(ParseError::Lacks("servers N"))?;
        let until = reader.until.ok_or(ParseError::Lacks("until SECONDS"))?;
        if events.len() > MAX_EVENTS {
            return Err(ParseError::TooMany(events.len()));
        }
        for (event, part) in &events {
            check(event, part, servers, until)?;
        }
        let mut events: Vec<Event> = events.into_iter().map(|(event, _)| event).collect();
        events.sort_by_key(|event| event.at);
        Ok(Self { servers, network: reader.network, until, events })
    }
}

fn check(event: &Event, part: &str, servers: usize, until: Millis) -> Result<(), ParseError> {
    if let Some(server) = event.action.servers().into_iter().find(|server| *server >= servers) {
        return Err(ParseError::NoSuchServer { part: part.to_owned(), server, servers });
    }
    if event.at > until {
        return Err(ParseError::TooLate { part: part.to_owned(), until });
    }
    Ok(())
}

/// What stands in a scenario beside its events.
#[derive(Default)]
struct Settings<'a> {
    servers: Option<usize>,
    until: Option<Millis>,
    network: Network,
    seen: Vec<&'a str>,
}

impl<'a> Settings<'a> {
    fn take(&mut self, words: &mut Words<'a>) -> Result<(), ParseError> {
        let name = words.next("a setting")?;
        if self.seen.contains(&name) {
            return Err(ParseError::Twice(name.to_owned()));
        }
        self.seen.push(name);
        match name {
            "servers" => {
                let expected = format!("a number from 1 to {MAX_SERVERS}");
                let word = words.next(&expected)?;
                let servers = word.parse().ok().filter(|n| (1..=MAX_SERVERS).contains(n));
                self.servers = Some(servers.ok_or_else(|| words.wrong(word, &expected))?);
            }
            "until" => self.until = Some(words.until()?),
            "latency" => self.network.latency_ms = words.figure("ms", MAX_MS)?,
            "delay" => self.network.delay_ms = words.figure("ms", MAX_MS)?,
            "loss" => self.network.loss = words.figure("%", 100)?,
            "reply-loss" => self.network.reply_loss = words.figure("%", 100)?,
            "late" => self.network.late = words.figure("%", 100)?,
            "hangs" => self.network.hangs = true,
            _ => {
                return Err(words.wrong(
                    name,
                    "`servers`, `latency`, `delay`, `loss`, `reply-loss`, `late`, `hangs`, `until`, \
                     or a time and an event",
                ));
            }
        }
        Ok(())
    }
}

/// The words of one part.
struct Words<'a> {
    part: &'a str,
    words: std::iter::Peekable<std::str::SplitWhitespace<'a>>,
}

const EVENTS: &str = "`submit`, `crash`, `restart`, `start`, `disconnect`, `connect`, `partition`, \
                      `cut` or `heal`";
const WHOM: &str = "the number of a server, `leader`, `others` or `all`";
const ONE: &str = "the number of a server or `leader`";
const BACK: &str = "the number of a server or `all`";
const SECONDS: &str = "seconds with at most three decimals";

impl<'a> Words<'a> {
    fn new(part: &'a str) -> Self {
        Self { part, words: part.split_whitespace().peekable() }
    }

    fn wrong(&self, word: &str, expected: &str) -> ParseError {
        let (part, expected) = (self.part.to_owned(), expected.to_owned());
        ParseError::Word { word: word.to_owned(), part, expected }
    }

    fn next(&mut self, expected: &str) -> Result<&'a str, ParseError> {
        self.words.next().ok_or_else(|| ParseError::Missing {
            part: self.part.to_owned(),
            expected: expected.to_owned(),
        })
    }

    fn end(&mut self) -> Result<(), ParseError> {
        self.words.next().map_or(Ok(()), |word| Err(self.wrong(word, "nothing more")))
    }

    fn until(&mut self) -> Result<Millis, ParseError> {
        let expected = format!("{SECONDS}, up to {MAX_UNTIL}: `8s`");
        let word = self.next(&expected)?;
        let time = seconds(word.strip_suffix('s').unwrap_or(word));
        time.filter(|time| *time <= MAX_UNTIL).ok_or_else(|| self.wrong(word, &expected))
    }

    fn figure(&mut self, unit: &str, most: u32) -> Result<u32, ParseError> {
        let expected = format!("a whole number from 0 to {most} with its unit: `5{unit}`");
        let word = self.next(&expected)?;
        let figure = word.strip_suffix(unit).and_then(|digits| digits.parse().ok());
        figure.filter(|figure| *figure <= most).ok_or_else(|| self.wrong(word, &expected))
    }

    fn event(&mut self) -> Result<Event, ParseError> {
        let word = self.next(SECONDS)?;
        let at = seconds(word).ok_or_else(|| self.wrong(word, SECONDS))?;
        let verb = self.next(EVENTS)?;
        let action = match verb {
            "submit" => self.submit()?,
            "crash" => Action::Crash(self.whom()?),
            "restart" => Action::Restart(self.whom()?),
            "disconnect" => Action::Disconnect(self.whom()?),
            "start" => Action::Start(self.back()?),
            "connect" => Action::Connect(self.back()?),
            "partition" => Action::Partition(self.groups()?),
            "cut" => self.cut()?,
            "heal" => Action::Heal,
            _ => return Err(self.wrong(verb, EVENTS)),
        };
        Ok(Event { at, action })
    }

    fn submit(&mut self) -> Result<Action, ParseError> {
        let is_count = |word: &&str| word.starts_with('x');
        let to = match self.words.next_if(|word| !is_count(word)) {
            Some(word) => whom(word).ok_or_else(|| self.wrong(word, WHOM))?,
            None => Whom::Leader,
        };
        let count = match self.words.next_if(is_count) {
            Some(word) => {
                let count = word[1..].parse().ok().filter(|count| (1..=1000).contains(count));
                count.ok_or_else(|| self.wrong(word, "how often, from `x1` to `x1000`"))?
            }
            None => 1,
        };
        Ok(Action::Submit { to, count })
    }

    fn whom(&mut self) -> Result<Whom, ParseError> {
        let word = self.next(WHOM)?;
        whom(word).ok_or_else(|| self.wrong(word, WHOM))
    }

    /// A server of its own: a number or the leader.
    fn one(&mut self) -> Result<Whom, ParseError> {
        let word = self.next(ONE)?;
        let one = whom(word).filter(|whom| matches!(whom, Whom::Leader | Whom::Server(_)));
        one.ok_or_else(|| self.wrong(word, ONE))
    }

    fn back(&mut self) -> Result<Back, ParseError> {
        let Some(word) = self.words.next() else {
            return Ok(Back::Longest);
        };
        match word {
            "all" => Ok(Back::All),
            _ => word.parse().map(Back::Server).map_err(|_| self.wrong(word, BACK)),
        }
    }

    fn groups(&mut self) -> Result<Vec<Vec<Whom>>, ParseError> {
        let mut groups = vec![vec![self.one()?]];
        while self.words.peek().is_some() {
            if self.words.next_if_eq(&"|").is_some() {
                groups.push(vec![self.one()?]);
            } else if let (Some(group), one) = (groups.last_mut(), self.one()?) {
                group.push(one);
            }
        }
        Ok(groups)
    }

    fn cut(&mut self) -> Result<Action, ParseError> {
        let from = self.one()?;
        let word = self.next("`to`")?;
        if word != "to" {
            return Err(self.wrong(word, "`to`"));
        }
        Ok(Action::Cut { from, to: self.one()? })
    }
}

fn whom(word: &str) -> Option<Whom> {
    match word {
        "leader" => Some(Whom::Leader),
        "others" => Some(Whom::Others),
        "all" => Some(Whom::All),
        _ => word.parse().ok().map(Whom::Server),
    }
}

/// "1", "1.5", "0.512".
fn seconds(text: &str) -> Option<Millis> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || decimals.len() > 3 {
        return None;
    }
    let millis: u32 = format!("{decimals:0<3}").parse().ok()?;
    whole.parse::<u32>().ok()?.checked_mul(1000)?.checked_add(millis).map(Millis)
}

#[cfg(test)]
mod tests;
