//! A line of a trace file.

use std::borrow::Cow;

use serde::Deserialize;

/// One event as the runtime writes it: an object of JSON in a line of its own.
#[derive(Debug, Deserialize)]
pub(super) struct Line<'a> {
    /// Virtual nanoseconds.
    pub(super) ns: u64,
    /// The thread: `server 2/ticker`.
    #[serde(borrow)]
    pub(super) label: Cow<'a, str>,
    /// The number of its kind.
    pub(super) code: u16,
    /// The name of its kind.
    #[serde(borrow)]
    pub(super) kind: Cow<'a, str>,
    /// What it is about.
    pub(super) object: u32,
    /// Sixteen hexadecimal digits.
    #[serde(borrow)]
    data: Cow<'a, str>,
    /// For people, or fields.
    #[serde(borrow)]
    pub(super) text: Cow<'a, str>,
}

/// Codes below are events of the runtime: threads, locks, channels, choices.
const FIRST_CODE: u16 = 100;

impl<'a> Line<'a> {
    /// Reads a line; `None` when it is an event of the runtime, which most are.
    pub(super) fn read(line: &'a [u8]) -> Result<Option<Self>, serde_json::Error> {
        if code(line).is_some_and(|code| code < FIRST_CODE) {
            return Ok(None);
        }
        serde_json::from_slice(line).map(Some)
    }

    /// The number that `data` holds.
    pub(super) fn number(&self) -> Option<u64> {
        u64::from_str_radix(&self.data, 16).ok()
    }

    /// The value of a field of the text; that of the last field may hold spaces.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let mut rest: &str = &self.text;
        loop {
            let (key, value) = rest.split_once('=')?;
            if key == name {
                return Some(value);
            }
            (_, rest) = value.split_once(' ')?;
        }
    }

    /// The value of a field that holds no spaces.
    pub(super) fn word<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.field(name)?.split(' ').next()?.parse().ok()
    }
}

/// The code of the line, found without reading the rest: a quote within a text would be escaped, so
/// the pattern stands nowhere else.
fn code(line: &[u8]) -> Option<u16> {
    const PATTERN: &[u8] = b"\"code\":";
    let at = line.windows(PATTERN.len()).position(|window| window == PATTERN)?;
    let digits = line[at + PATTERN.len()..].split(|byte| !byte.is_ascii_digit()).next()?;
    str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(code: u16, text: &str) -> String {
        let text = text.replace('"', "\\\"");
        format!(
            "{{\"ns\":5,\"thread\":1,\"label\":\"x \\\"code\\\":7\",\"code\":{code},\"kind\":\"k\",\
             \"object\":2,\"data\":\"00000000000000ff\",\"text\":\"{text}\"}}"
        )
    }

    #[test]
    fn events_of_the_runtime_are_passed_over() {
        assert!(Line::read(line(99, "").as_bytes()).unwrap().is_none());
        let other = line(100, "to=2 rpc=other method=a b \"c\"");
        let other = Line::read(other.as_bytes()).unwrap().unwrap();
        assert_eq!((other.code, other.object, other.number()), (100, 2, Some(255)));
        assert_eq!(other.word("to"), Some(2_usize));
        assert_eq!(other.word::<String>("rpc").as_deref(), Some("other"));
        assert_eq!(other.field("method"), Some("a b \"c\""));
        assert_eq!(other.field("none"), None);
        assert_eq!(other.word::<u64>("method"), None);
    }

    #[test]
    fn what_is_no_event_is_an_error() {
        assert!(Line::read(b"{\"ns\":1}").is_err());
        assert!(Line::read(b"").is_err());
    }
}
