//! Connections: a thread for each.

use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::desk::Desk;
use crate::rpc::frame::{self, FrameError};
use crate::rpc::message::{Answer, Call, Greeting, HANDSHAKE};

/// Accepts connections until the job has ended, on a thread of its own.
pub(super) fn accept(desk: Arc<Desk>, listener: UnixListener) {
    thread::spawn(move || {
        loop {
            match listener.accept() {
                Ok((connection, _)) => {
                    let desk = Arc::clone(&desk);
                    thread::spawn(move || talk(&desk, &connection));
                }
                Err(_) if desk.has_ended() => return,
                // Too many open files, say, which passes when workers leave.
                Err(error) => {
                    tracing::warn!("cannot accept a connection: {error}");
                    thread::sleep(Duration::from_millis(50));
                }
            }
        }
    });
}

/// Serves one worker until it leaves.
fn talk(desk: &Desk, worker: &UnixStream) {
    match handshake(desk, worker) {
        Ok(Greeting::Welcome(_)) => {}
        Ok(Greeting::Refused(why)) => return tracing::warn!("refused a worker: {why}"),
        Err(error) => return tracing::warn!("lost a connection before it was a worker: {error}"),
    }
    while let Ok(call) = frame::receive::<Call>(worker) {
        let answer = desk.answer(call);
        if frame::send(worker, &answer).is_err() {
            return desk.take_back(&answer);
        }
        if matches!(answer, Answer::Done | Answer::Failed) {
            return;
        }
    }
}

fn handshake(desk: &Desk, worker: &UnixStream) -> Result<Greeting, FrameError> {
    // For good: a worker that does not take its answer is taken to be lost.
    worker.set_write_timeout(Some(HANDSHAKE))?;
    worker.set_read_timeout(Some(HANDSHAKE))?;
    let greeting = match frame::receive(worker) {
        Ok(hello) => desk.greet(&hello),
        Err(FrameError::NotAMessage) => Greeting::Refused("it is no worker".to_owned()),
        Err(error) => return Err(error),
    };
    frame::send(worker, &greeting)?;
    worker.set_read_timeout(None)?;
    Ok(greeting)
}
