//! Calls that must return at once send no RPC themselves: whoever does so waits for the reply.

use contracts::raft::ServerId;

use crate::raft::traffic::Request;

/// The calls into the submission that have not returned yet.
#[derive(Debug, Default)]
pub(super) struct Calls(Vec<Call>);

#[derive(Debug)]
struct Call {
    /// The number of the thread that makes it.
    thread: u32,
    server: ServerId,
    name: &'static str,
}

impl Calls {
    pub(super) fn begins(&mut self, thread: u32, server: ServerId, name: &'static str) {
        self.0.push(Call { thread, server, name });
    }

    pub(super) fn ends(&mut self, thread: u32) {
        self.0.retain(|call| call.thread != thread);
    }

    /// `thread` sends a request. Says what is wrong when one of the calls does so.
    pub(super) fn sent(
        &self,
        thread: impl FnOnce() -> u32,
        to: ServerId,
        request: &Request<'_>,
    ) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let thread = thread();
        let Call { server, name, .. } = self.0.iter().find(|call| call.thread == thread)?;
        Some(format!(
            "server {server}: {name} calls {} at server {to} itself, and waits for the reply; it \
             must return at once",
            request.method()
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_thread_of_the_call_is_meant_and_only_until_it_returns() {
        let mut calls = Calls::default();
        let request = Request::Other("Raft.Forward");
        assert_eq!(calls.sent(|| unreachable!("nobody calls"), 2, &request), None);

        calls.begins(7, 1, "start");
        assert_eq!(calls.sent(|| 8, 2, &request), None);
        assert_eq!(
            calls.sent(|| 7, 2, &request).unwrap(),
            "server 1: start calls Raft.Forward at server 2 itself, and waits for the reply; it \
             must return at once"
        );
        calls.ends(7);
        assert_eq!(calls.sent(|| 7, 2, &request), None);
    }
}
