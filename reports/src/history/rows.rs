//! Entries as rows of text. What several servers do alike at about the same moment is one row.

use super::digest::{Entry, Told};
use super::model::{Event, Server, What};
use super::words::{self, Saying};
use crate::terminal::text::Ink;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Virtual nanoseconds, of the first event in it.
    pub(super) at_ns: u64,
    /// How many events of the history have happened by then.
    pub(super) seen: usize,
    /// Where its text stands.
    pub(super) place: Place,
    /// What it is, for the eye.
    pub(super) ink: Ink,
    /// The words.
    pub(super) text: String,
}

/// Where a row's text stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the columns of these servers.
    Columns(Vec<Server>),
    /// Across all columns: a step of the test.
    Step,
    /// Across all columns: what the test does to the cluster.
    Driven,
    /// Across all columns: anything else.
    Across,
    /// Across all columns, for a while in which nothing happens.
    Quiet,
}

/// Events of one row happen within so many nanoseconds.
const TOGETHER_NS: u64 = 1_000_000;

/// The rows of `entries`.
pub(super) fn rows(entries: &[Entry<'_>]) -> Vec<Row> {
    let sayings: Vec<Saying> = entries.iter().map(words::of).collect();
    let mut taken = vec![false; entries.len()];
    let mut rows = Vec::new();
    for (i, entry) in entries.iter().enumerate() {
        if taken[i] {
            continue;
        }
        let Saying { server, ink, text } = sayings[i].clone();
        let mut row = Row { at_ns: entry.at_ns, seen: entry.seen, place: place(entry), ink, text };
        if let Some(server) = server {
            let alike = alike(entries, &sayings, &taken, i);
            row.seen = alike.last().map_or(row.seen, |last| entries[*last].seen);
            let others = alike.iter().filter_map(|&other| sayings[other].server);
            row.place = Place::Columns([server].into_iter().chain(others).collect());
            for other in alike {
                taken[other] = true;
            }
        }
        rows.push(row);
    }
    rows
}

fn place(entry: &Entry<'_>) -> Place {
    match entry.what {
        Told::One(Event { what: What::Step(_), .. }) => Place::Step,
        Told::Driven(_) => Place::Driven,
        Told::Quiet { .. } => Place::Quiet,
        _ => Place::Across,
    }
}

/// The entries after entry `i` in which other servers do the same. None is moved before anything else
/// that its server does, nor before a change of role or what concerns all.
fn alike(entries: &[Entry<'_>], sayings: &[Saying], taken: &[bool], i: usize) -> Vec<usize> {
    let until_ns = entries[i].at_ns.saturating_add(TOGETHER_NS);
    let mut alike = Vec::new();
    let mut busy = vec![sayings[i].server];
    let near = (i + 1..entries.len()).take_while(|&other| entries[other].at_ns <= until_ns);
    for other in near.filter(|&other| !taken[other]) {
        let saying = &sayings[other];
        let same = saying.text == sayings[i].text && !busy.contains(&saying.server);
        if same && saying.server.is_some() {
            alike.push(other);
        } else if saying.server.is_none() || is_role(&entries[other]) {
            break;
        }
        busy.push(saying.server);
    }
    alike
}

fn is_role(entry: &Entry<'_>) -> bool {
    matches!(entry.what, Told::One(Event { what: What::Role(_), .. }))
}

#[cfg(test)]
mod tests {
    use super::super::model::Role;
    use super::*;

    fn event(at_ns: u64, server: Server, what: What) -> Event {
        Event { at_ns, server: Some(server), what }
    }

    fn applied(command: &str) -> What {
        What::Applied { index: 1, command: command.to_owned() }
    }

    fn columns(events: &[Event]) -> Vec<Vec<Server>> {
        let entries: Vec<Entry<'_>> = events
            .iter()
            .enumerate()
            .map(|(i, event)| Entry { at_ns: event.at_ns, seen: i + 1, what: Told::One(event) })
            .collect();
        let columns = |row: Row| match row.place {
            Place::Columns(columns) => columns,
            _ => Vec::new(),
        };
        rows(&entries).into_iter().map(columns).collect()
    }

    #[test]
    fn the_same_at_one_moment_is_one_row() {
        let events =
            [event(0, 0, applied("a")), event(5, 1, applied("b")), event(9, 2, applied("a"))];
        assert_eq!(columns(&events), [vec![0, 2], vec![1]]);
        let events = [event(0, 0, applied("a")), event(TOGETHER_NS + 1, 2, applied("a"))];
        assert_eq!(columns(&events), [[0], [2]]);
    }

    #[test]
    fn nothing_overtakes_its_own_server_or_a_change_of_role() {
        let events =
            [event(0, 0, applied("a")), event(1, 1, applied("b")), event(2, 1, applied("a"))];
        assert_eq!(columns(&events), [[0], [1], [1]]);
        let leads = What::Role(Role::Leader { term: 1 });
        let events = [event(0, 0, applied("a")), event(1, 1, leads), event(2, 2, applied("a"))];
        assert_eq!(columns(&events), [[0], [1], [2]]);
    }
}
