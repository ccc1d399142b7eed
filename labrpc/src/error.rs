//! Why a call failed.

use std::any::type_name;

/// Why a call has no reply to give.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RpcError {
    /// No reply came. The request or the reply was lost, the end is disabled or leads nowhere, or
    /// the server went away. The caller cannot know whether the handler has run.
    #[error("the call failed: no reply")]
    Failed,
    /// The server is there but has no such service or method; the text names what it has.
    #[error("{0}")]
    NoMethod(String),
    /// Arguments or reply could not be encoded, or not be decoded as the type asked for; the text
    /// names the method and the type.
    #[error("{0}")]
    Codec(String),
}

/// Which of a call's two messages.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Message {
    Arguments,
    Reply,
}

impl Message {
    fn noun(self) -> &'static str {
        match self {
            Self::Arguments => "arguments",
            Self::Reply => "reply",
        }
    }
}

impl RpcError {
    /// A value of type `T` that cannot be encoded.
    pub(crate) fn not_encodable<T>(method: &str, message: Message, why: &postcard::Error) -> Self {
        Self::Codec(format!(
            "{method}: {} of type {} cannot be encoded: {why}",
            message.noun(),
            type_name::<T>(),
        ))
    }

    /// Bytes that are no `T`.
    pub(crate) fn not_decodable<T>(method: &str, message: Message, why: &postcard::Error) -> Self {
        Self::Codec(format!(
            "{method}: {} cannot be decoded as {}: {why}",
            message.noun(),
            type_name::<T>(),
        ))
    }
}
