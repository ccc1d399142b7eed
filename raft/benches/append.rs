//! What it costs a server to store one more entry durably, by the length of its log.
//!
//! `append_entries` and `start` patch the encoded image and copy it once; `encoding_anew` is what a
//! server would pay that encodes its whole log at each change.

use std::cell::Cell;

use contracts::raft::{
    AppendEntriesArgs, Command, Entry, LogIndex, Persister, Raft, RaftInternals, Role, State,
};
use divan::{Bencher, black_box};
use raft::Server;

const LENGTHS: [u64; 4] = [100, 1_000, 10_000, 100_000];

fn main() {
    divan::main();
}

fn entry() -> Entry {
    Entry { term: 1, command: Command::Int(1_000_000) }
}

fn server(role: Role, length: u64) -> Server {
    Server::build(State {
        me: 0,
        role,
        current_term: 1,
        voted_for: Some(0),
        log: vec![entry(); length as usize],
        commit_index: 0,
        last_applied: 0,
        followers: Vec::new(),
    })
}

/// A follower handles AppendEntries with one new entry.
#[divan::bench(args = LENGTHS)]
fn append_entries(bencher: Bencher<'_, '_>, length: u64) {
    let server = server(Role::Follower, length);
    let last: Cell<LogIndex> = Cell::new(length);
    bencher.bench_local(|| {
        let prev_log_index = last.replace(last.get() + 1);
        server.append_entries(AppendEntriesArgs {
            term: 1,
            leader_id: 1,
            prev_log_index,
            prev_log_term: 1,
            entries: vec![entry()],
            leader_commit: 0,
        })
    });
}

/// A follower handles a heartbeat: nothing to store.
#[divan::bench(args = LENGTHS)]
fn heartbeat(bencher: Bencher<'_, '_>, length: u64) {
    let server = server(Role::Follower, length);
    bencher.bench_local(|| {
        server.append_entries(AppendEntriesArgs {
            term: 1,
            leader_id: 1,
            prev_log_index: length,
            prev_log_term: 1,
            entries: Vec::new(),
            leader_commit: 0,
        })
    });
}

/// A leader takes a client's command.
#[divan::bench(args = LENGTHS)]
fn start(bencher: Bencher<'_, '_>, length: u64) {
    let server = server(Role::Leader, length);
    bencher.bench_local(|| server.start(black_box(Command::Int(1_000_000))));
}

/// For comparison: encodes and saves the whole log.
#[divan::bench(args = LENGTHS)]
fn encoding_anew(bencher: Bencher<'_, '_>, length: u64) {
    let (persister, log) = (Persister::new(), vec![entry(); length as usize]);
    bencher.bench_local(|| {
        let bytes = postcard::to_stdvec(black_box(&(1_u64, Some(0_usize), &log)));
        persister.save(bytes.expect("a log can be encoded"));
    });
}
