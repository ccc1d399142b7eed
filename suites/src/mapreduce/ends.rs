//! Workers without a coordinator, and coordinators after one another.

use super::probe::{Phase, begun};
use super::process::Process;
use super::role::{App, Role};
use super::site::{JOB, SOON, Site};
use super::texts::texts;
use crate::suite::test;
use crate::{Failure, Test};

pub(super) const COORDINATOR_LOST: Test = test(
    "coordinator-lost",
    "TestCoordinatorLostMapReduce",
    "Workers end without their coordinator; another one takes the socket over and does the job",
    &[
        "1. Start a worker without a coordinator: expect it to end",
        "2. Start a coordinator and two workers; one map is held up",
        "3. Kill the coordinator: expect the worker with nothing to do to end",
        "4. Let the map go on: expect its worker to end",
        "5. Start a coordinator at the same socket, and a worker: expect the job to end",
    ],
    |ctx| {
        ctx.step("1. Start a worker without a coordinator: expect it to end");
        let mut site = Site::new(ctx)?;
        texts(&mut site, 1)?;
        let mut plan = site.plan();
        plan.in_map.push(site.gate("text-1.txt", false));
        let app = App::Probe(plan);
        let mut lonely = site.start("lonely worker", Role::Worker(site.place(&app)))?;
        site.wait_for("a worker that cannot reach a coordinator to end", SOON, |_| {
            Ok(lonely.end().map(drop))
        })?;
        site.expect_orderly(&mut lonely)?;

        ctx.step("2. Start a coordinator and two workers; one map is held up");
        site.start_job(2, &app)?;
        let busy = site.wait_for("the map to begin", JOB, |site| {
            Ok(begun(&site.journal()?, Phase::Map).next().map(|entry| entry.pid))
        })?;

        ctx.step("3. Kill the coordinator: expect the worker with nothing to do to end");
        if let Some(coordinator) = &mut site.coordinator {
            coordinator.kill();
        }
        site.coordinator = None;
        let at_work = site.workers.iter().position(|worker| worker.id() == busy);
        let at_work = at_work.ok_or_else(|| ctx.failure("the map began in no worker's process"))?;
        let mut at_work = site.workers.remove(at_work);
        let mut idle = site.workers.remove(0);
        site.wait_for(
            "the worker with nothing to do to end without its coordinator",
            SOON,
            |_| Ok(idle.end().map(drop)),
        )?;
        site.expect_orderly(&mut idle)?;

        ctx.step("4. Let the map go on: expect its worker to end");
        site.open("text-1.txt")?;
        site.wait_for("the other worker to end without its coordinator", SOON, |_| {
            Ok(at_work.end().map(drop))
        })?;
        site.expect_orderly(&mut at_work)?;

        ctx.step("5. Start a coordinator at the same socket, and a worker: expect the job to end");
        site.start_job(1, &app)?;
        site.finish(&app)
    },
);

impl Site<'_> {
    /// The process ended with status 0, or with 1 after it has said why.
    fn expect_orderly(&mut self, process: &mut Process) -> Result<(), Failure> {
        match process.end().map(|end| end.status.code()) {
            Some(Some(0 | 1)) => Ok(()),
            _ => Err(self.failure(process.describe())),
        }
    }
}
