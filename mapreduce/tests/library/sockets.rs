//! Who may listen, and who may connect.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::Arc;

use contracts::mapreduce::apps::WordCount;
use contracts::mapreduce::{Coordinator as _, Workplace};
use mapreduce::{Coordinator, Ended, WorkerOptions};

use crate::gates::{Gates, gate};
use crate::{Desk, ended};

/// Why a coordinator cannot be made.
fn refused(desk: &Desk) -> String {
    let file = desk.file("one.txt", "a");
    Coordinator::make(desk.job(vec![file])).expect_err("refused").to_string()
}

#[test]
fn a_second_coordinator_is_refused_and_the_first_goes_on() {
    let desk = Desk::new();
    let file = desk.file("one.txt", "a");
    let first = Coordinator::make(desk.job(vec![file])).expect("a coordinator");
    let why = refused(&desk);
    let socket = desk.socket();
    assert_eq!(why, format!("another coordinator listens at the socket `{}`", socket.display()));

    assert_eq!(desk.worker(Arc::new(WordCount)).join().expect("no panic"), Ok(()));
    ended(&first).expect("done");
    assert_eq!(desk.output(), ["a 1"]);
    // Its place is free at once.
    let file = desk.file("one.txt", "b");
    drop(Coordinator::make(desk.job(vec![file])).expect("a coordinator"));
}

#[test]
fn a_dead_socket_is_taken_over() {
    let desk = Desk::new();
    drop(UnixListener::bind(desk.socket()).expect("a socket"));
    assert!(desk.socket().exists());
    let file = desk.file("one.txt", "a");
    let coordinator = Coordinator::make(desk.job(vec![file])).expect("a coordinator");
    assert_eq!(desk.worker(Arc::new(WordCount)).join().expect("no panic"), Ok(()));
    ended(&coordinator).expect("done");
    assert_eq!(desk.files(), ["mr-out-0"]);
}

#[test]
fn what_belongs_to_others_is_left_to_them() {
    let desk = Desk::new();
    let socket = desk.socket();
    let other = UnixListener::bind(&socket).expect("a socket");
    let why = refused(&desk);
    assert_eq!(why, format!("another program listens at the socket `{}`", socket.display()));
    drop(other);
    fs::remove_file(&socket).expect("removed");

    fs::write(&socket, "mine").expect("written");
    let why = refused(&desk);
    assert_eq!(
        why,
        format!("there is a file that is no socket at the socket `{}`", socket.display())
    );
    assert_eq!(fs::read_to_string(&socket).expect("a file"), "mine");
}

#[test]
fn something_that_is_no_worker_is_told_so_and_does_no_harm() {
    let desk = Desk::new();
    let file = desk.file("one.txt", "a");
    let coordinator = Coordinator::make(desk.job(vec![file])).expect("a coordinator");
    let mut browser = UnixStream::connect(desk.socket()).expect("a connection");
    browser.write_all(b"GET / HTTP/1.1\r\n\r\n").expect("sent");
    let mut reply = Vec::new();
    // What it said and nobody read makes the end of the connection a reset.
    let _ = browser.read_to_end(&mut reply);
    assert!(String::from_utf8_lossy(&reply).contains("it is no worker"), "{reply:?}");
    // Others say nothing, or leave in the middle of a word.
    let _silent = UnixStream::connect(desk.socket()).expect("a connection");
    let mut hasty = UnixStream::connect(desk.socket()).expect("a connection");
    hasty.write_all(&[9, 0]).expect("sent");
    drop(hasty);

    assert_eq!(desk.worker(Arc::new(WordCount)).join().expect("no panic"), Ok(()));
    ended(&coordinator).expect("done");
    assert_eq!(desk.output(), ["a 1"]);
}

#[test]
fn a_worker_knows_that_something_is_no_coordinator() {
    let desk = Desk::new();
    let other = UnixListener::bind(desk.socket()).expect("a socket");
    let worker = desk.worker(Arc::new(WordCount));
    let (mut connection, _) = other.accept().expect("a worker");
    connection.write_all(b"220 mail.example.org ESMTP\r\n").expect("sent");
    let why = worker.join().expect("no panic").expect_err("an error");
    let socket = desk.socket();
    let expected =
        format!("what listens at `{}` is no coordinator of this build", socket.display());
    assert!(why.starts_with(&expected), "{why}");
}

#[test]
fn a_worker_without_a_coordinator_goes() {
    let desk = Desk::new();
    let workplace = Workplace { folder: desk.shared(), socket: desk.socket() };
    let work = |workplace| mapreduce::work(&WordCount, workplace, &WorkerOptions::default());
    assert_eq!(work(&workplace).expect("no error"), Ended::NeverReached);
    assert_eq!(desk.worker(Arc::new(WordCount)).join().expect("no panic"), Ok(()));
    // One that goes at once, before it has greeted, is as good as none.
    let listener = UnixListener::bind(desk.socket()).expect("a socket");
    let hasty = std::thread::spawn(move || drop(listener.accept()));
    assert_eq!(work(&workplace).expect("no error"), Ended::CoordinatorGone);
    hasty.join().expect("no panic");
}

#[test]
fn a_worker_in_another_folder_is_refused() {
    let desk = Desk::new();
    let file = desk.file("one.txt", "a");
    let _coordinator = Coordinator::make(desk.job(vec![file])).expect("a coordinator");
    let folder = tempfile::tempdir().expect("a folder");
    let workplace = Workplace { folder: folder.path().to_owned(), socket: desk.socket() };
    let why = mapreduce::work(&WordCount, &workplace, &WorkerOptions::default());
    let why = why.expect_err("refused").to_string();
    let shared = desk.shared();
    let expected =
        format!("it works in another folder than the coordinator's `{}`", shared.display());
    assert!(why.contains(&expected), "{why}");
}

#[test]
fn one_job_has_one_application() {
    let desk = Desk::new();
    let file = desk.file("one.txt", "a");
    let coordinator = Coordinator::make(desk.job(vec![file])).expect("a coordinator");
    let workplace = Workplace { folder: desk.shared(), socket: desk.socket() };
    let work = |app: &Gates, name: &str| {
        let options = WorkerOptions { application: name.to_owned(), ..Default::default() };
        mapreduce::work(app, &workplace, &options)
    };
    let (map, first) = gate();
    let app = Gates::new(Some(map), None);
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| work(&app, "wc"));
        first.came.recv().expect("the map begins");
        let why = work(&app, "indexer").expect_err("refused").to_string();
        assert!(why.ends_with("it runs `indexer`, but this job's workers run `wc`"), "{why}");
        first.go.send(()).expect("it waits");
        assert_eq!(worker.join().expect("no panic").expect("no error"), Ended::JobOver);
    });
    ended(&coordinator).expect("done");
    assert_eq!(desk.output(), ["a 1"]);
}
