//! Tasks that two workers run, and workers that come too late.

use std::path::PathBuf;
use std::time::Duration;

use contracts::mapreduce::Coordinator as _;
use mapreduce::{Coordinator, Options};

use crate::gates::{Gates, gate};
use crate::{Desk, ended};

fn inputs(desk: &Desk) -> Vec<PathBuf> {
    vec![desk.file("one.txt", "a b a"), desk.file("two.txt", "b c")]
}

const COUNTS: [&str; 3] = ["a 2", "b 2", "c 1"];

#[test]
fn a_late_duplicate_does_no_harm() {
    let desk = Desk::new();
    let ((map, slow_map), (reduce, slow_reduce)) = (gate(), gate());
    let app = Gates::new(Some(map), Some(reduce));
    let mut job = desk.job(inputs(&desk));
    job.reissue_after = Duration::from_millis(50);
    let coordinator = Coordinator::make(job).expect("a coordinator");

    let slow = desk.worker(app.clone());
    slow_map.came.recv().expect("the first map begins");
    let quick = desk.worker(app);
    // So the second worker has both maps done, one of which the first one still has.
    slow_reduce.came.recv().expect("the reduce begins");
    assert_eq!(coordinator.progress().maps_done, 2);
    slow_map.go.send(()).expect("it waits");
    // Now the first worker, too, says that its map is done, and asks for more: it gets the reduce, which
    // is late, and finishes it.
    ended(&coordinator).expect("done");
    slow_reduce.go.send(()).expect("it waits");

    assert_eq!(slow.join().expect("no panic"), Ok(()));
    assert_eq!(quick.join().expect("no panic"), Ok(()));
    assert_eq!(desk.output(), COUNTS);
    assert_eq!(desk.files(), ["mr-out-0"]);
}

#[test]
fn a_worker_that_waits_has_nothing_to_do_before_the_time_is_over() {
    let desk = Desk::new();
    let (map, slow_map) = gate();
    let app = Gates::new(Some(map), None);
    let coordinator = Coordinator::make(desk.job(inputs(&desk))).expect("a coordinator");
    let slow = desk.worker(app.clone());
    slow_map.came.recv().expect("the first map begins");
    let quick = desk.worker(app);
    assert!(!coordinator.wait(Duration::from_millis(200)).expect("no failure"));
    assert_eq!(coordinator.progress().reduces_done, 0);
    slow_map.go.send(()).expect("it waits");
    ended(&coordinator).expect("done");
    for worker in [slow, quick] {
        assert_eq!(worker.join().expect("no panic"), Ok(()));
    }
    assert_eq!(desk.output(), COUNTS);
}

#[test]
fn a_backup_task_saves_a_job_from_a_straggler() {
    let desk = Desk::new();
    let (map, slow_map) = gate();
    let app = Gates::new(Some(map), None);
    let options = Options { backup_tasks: true, ..Options::default() };
    let coordinator = Coordinator::with(desk.job(inputs(&desk)), options).expect("a coordinator");
    let slow = desk.worker(app.clone());
    slow_map.came.recv().expect("the first map begins");
    let quick = desk.worker(app);
    ended(&coordinator).expect("done, while a map still waits");
    assert_eq!(quick.join().expect("no panic"), Ok(()));
    drop(coordinator);

    slow_map.go.send(()).expect("it waits");
    assert_eq!(slow.join().expect("no panic"), Ok(()));
    assert_eq!(desk.output(), COUNTS);
    assert_eq!(desk.files(), ["mr-out-0"]);
}

#[test]
fn a_worker_that_outlives_its_job_leaves_the_next_one_alone() {
    let desk = Desk::new();
    let (map, slow_map) = gate();
    let files = inputs(&desk);
    let options = Options { backup_tasks: true, ..Options::default() };
    let coordinator = Coordinator::with(desk.job(files.clone()), options).expect("a coordinator");
    let slow = desk.worker(Gates::new(Some(map), None));
    slow_map.came.recv().expect("the first map begins");
    drop(coordinator);

    let next = Coordinator::make(desk.job(files)).expect("another coordinator");
    slow_map.go.send(()).expect("it waits");
    assert_eq!(slow.join().expect("no panic"), Ok(()));
    assert_eq!(next.progress().maps_done, 0);
    assert_eq!(desk.worker(Gates::new(None, None)).join().expect("no panic"), Ok(()));
    ended(&next).expect("done");
    assert_eq!(desk.output(), COUNTS);
    assert_eq!(desk.files(), ["mr-out-0"]);
}

#[test]
fn a_job_that_its_coordinator_gives_up_leaves_nothing() {
    let desk = Desk::new();
    let (reduce, slow_reduce) = gate();
    let mut job = desk.job(inputs(&desk));
    job.reduces = 3;
    let coordinator = Coordinator::make(job).expect("a coordinator");
    let worker = desk.worker(Gates::new(None, Some(reduce)));
    slow_reduce.came.recv().expect("a reduce begins");
    coordinator.fail("enough");
    let error = coordinator.done().expect_err("failed");
    assert_eq!(error.to_string(), "enough");
    slow_reduce.go.send(()).expect("it waits");
    assert_eq!(worker.join().expect("no panic"), Ok(()));
    assert_eq!(desk.files(), [""; 0]);
}
