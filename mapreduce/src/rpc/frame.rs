//! A message as bytes: its length in four bytes, the lowest first, and then the message in postcard.

use std::io::{self, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Bytes that a message may have. The longest one carries a path or an error's text; whatever claims to
/// be longer comes from something that speaks another language.
const LONGEST: usize = 64 * 1024;

/// Why there is no message.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FrameError {
    /// The other side has closed the connection, or died.
    #[error("the connection was closed")]
    Closed,
    /// What came is not a message.
    #[error("what came is not a message of this program")]
    NotAMessage,
    /// Anything else.
    #[error("{0}")]
    Io(io::Error),
}

impl From<io::Error> for FrameError {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};
        match error.kind() {
            BrokenPipe | ConnectionReset | UnexpectedEof => Self::Closed,
            _ => Self::Io(error),
        }
    }
}

/// Sends a message.
pub(crate) fn send(mut to: impl Write, message: &impl Serialize) -> Result<(), FrameError> {
    let mut frame =
        postcard::to_extend(message, vec![0; 4]).map_err(|_| FrameError::NotAMessage)?;
    let length = frame.len() - 4;
    if length > LONGEST {
        return Err(FrameError::NotAMessage);
    }
    frame[..4].copy_from_slice(&(length as u32).to_le_bytes());
    // At once: half a frame that waits for the rest helps nobody.
    Ok(to.write_all(&frame)?)
}

/// Waits for a message.
pub(crate) fn receive<M: DeserializeOwned>(mut from: impl Read) -> Result<M, FrameError> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > LONGEST {
        return Err(FrameError::NotAMessage);
    }
    let mut message = vec![0; length];
    from.read_exact(&mut message)?;
    postcard::from_bytes(&message).map_err(|_| FrameError::NotAMessage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpc::message::{Answer, Call, MapTask, Report};
    use crate::tasks::Task;

    #[test]
    fn a_message_arrives_as_it_was_sent() {
        let sent = Call { report: Some(Report::Failed(Task::Reduce(3), "no room".into())) };
        let mut wire = Vec::new();
        send(&mut wire, &sent).expect("sent");
        assert_eq!(receive::<Call>(&wire[..]).expect("received"), sent);

        let task =
            MapTask { number: 1, name: "ä.txt".into(), path: b"/x/\xff".into(), reduces: 10 };
        let sent = Answer::Map(task);
        let mut wire = Vec::new();
        send(&mut wire, &sent).expect("sent");
        assert_eq!(receive::<Answer>(&wire[..]).expect("received"), sent);
    }

    #[test]
    fn what_is_no_message_is_refused_before_it_takes_memory() {
        let error = receive::<Call>(&b"GET / HTTP/1.1\r\n\r\n"[..]).expect_err("no message");
        assert!(matches!(error, FrameError::NotAMessage), "{error}");
        let error = receive::<Answer>(&b"\x01\0\0\0\xff"[..]).expect_err("no message");
        assert!(matches!(error, FrameError::NotAMessage), "{error}");
    }

    #[test]
    fn half_a_message_is_a_closed_connection() {
        let mut wire = Vec::new();
        send(&mut wire, &Call { report: None }).expect("sent");
        wire.pop();
        let error = receive::<Call>(&wire[..]).expect_err("half");
        assert!(matches!(error, FrameError::Closed), "{error}");
    }
}
