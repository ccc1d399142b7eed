//! An aggregator at work: the stations that it asks, the channels that it talks through, and what is
//! demanded of it at all times.

use std::sync::Arc;

use contracts::weather::WeatherReport;
use labrt::channel::{self, Receiver, Sender};
use labrt::group::Group;
use labrt::thread::{self, Builder};
use labrt::time::{Duration, Instant};

use super::Which;
use super::expected::Expected;
use super::metronome::Metronome;
use super::moment::{Moment, TOLERANCE, seconds};
use super::stations::{Behaviour, Stations};
use crate::{Context, Failure};

/// How long threads may take to end once nothing holds them any more.
const TO_END: Duration = Duration::from_secs(2);
/// How often that is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// Most threads of a leak that are shown.
const SHOWN: usize = 10;

/// What an aggregator is given.
#[derive(Clone)]
pub(super) struct Setup {
    /// Number of stations.
    pub(super) k: usize,
    /// Length of a batch.
    pub(super) period: Duration,
    /// How the stations answer.
    pub(super) behaviour: Behaviour,
}

/// A running aggregator.
pub(super) struct Aggregation<'a> {
    ctx: &'a Context,
    period: Duration,
    pub(super) stations: Arc<Stations>,
    /// Ends the calls that hang when it is dropped.
    hang_up: Sender<()>,
    reports: Receiver<WeatherReport>,
    quit: Sender<()>,
    returned: Receiver<Moment>,
    /// The threads of the aggregator.
    pub(super) group: Group,
    metronome: Metronome,
    started: Moment,
    /// Reports taken so far.
    taken: usize,
    /// When the last of them was taken; at first when the aggregator was started.
    last: Moment,
}

impl<'a> Aggregation<'a> {
    /// Starts the aggregator.
    pub(super) fn start(ctx: &'a Context, which: Which, setup: &Setup) -> Self {
        Self::start_with(ctx, which, setup, |_| {})
    }

    /// As [`start`](Self::start); `before` is done with the quit channel first.
    pub(super) fn start_with(
        ctx: &'a Context,
        which: Which,
        setup: &Setup,
        before: impl FnOnce(&Sender<()>),
    ) -> Self {
        let Setup { k, period, behaviour } = setup.clone();
        let (stations, hang_up) = Stations::new(k, behaviour);
        let (out, reports) = channel::bounded(0);
        let (quit, quitting) = channel::bounded(1);
        let (return_at, returned) = channel::bounded(1);
        let get_weather_data = stations.get_weather_data(ctx);
        let aggregator = which.aggregator(ctx);
        let group = Group::new();
        before(&quit);
        let started = Moment::now();
        Builder::new().server("aggregator").name(which.name()).group(&group).spawn(move || {
            aggregator(k, period, get_weather_data, out, quitting);
            let _ = return_at.send(Moment::now());
        });
        Self {
            ctx,
            period,
            stations,
            hang_up,
            reports,
            quit,
            returned,
            group,
            metronome: Metronome::start(),
            started,
            taken: 0,
            last: started,
        }
    }

    /// Time since the start.
    pub(super) fn elapsed(&self) -> Duration {
        Moment::now().at.saturating_sub(self.started.at)
    }

    /// Waits until this long after the start.
    pub(super) fn sleep_until(&self, since_start: Duration) {
        thread::sleep(since_start.saturating_sub(self.elapsed()));
    }

    /// Takes reports, each of which must be right and in time, until this long after the start; how many
    /// were taken since the start.
    pub(super) fn observe_until(&mut self, since_start: Duration) -> Result<usize, Failure> {
        let end = Instant::now() + since_start.saturating_sub(self.elapsed());
        loop {
            let left = end.duration_since(Instant::now());
            let Ok(report) = self.reports.recv_timeout(left) else { return Ok(self.taken) };
            let at = Moment::now();
            self.check_time(at)?;
            self.check(report, &self.stations.expected(report.batch, at, self.metronome.slack()))?;
            self.last = at;
        }
    }

    /// Takes one report, late: it must be there, and right for a batch that ended at most a period after its
    /// stations were first asked. A batch that begins late, because the report before it had to wait,
    /// may be cut short: some keep to the beat, others to the length of a batch.
    pub(super) fn take_late(&mut self) -> Result<(), Failure> {
        let Ok(report) = self.reports.recv_timeout(TOLERANCE) else {
            return Err(self.ctx.failure(format!(
                "expected the report of batch {} to wait for its reader, {} after the start; there was \
                 none",
                self.taken,
                seconds(self.elapsed())
            )));
        };
        let begin = self.stations.first_asked(report.batch).unwrap_or(self.last);
        let length = self.period + TOLERANCE;
        let end = Moment { at: begin.at + length, idle: begin.idle + length };
        let mut expected = self.stations.expected(report.batch, end, self.metronome.slack());
        if report.batch > 0 {
            expected.may_count.append(&mut expected.counts);
        }
        self.check(report, &expected)
    }

    /// Expects a report one period after the one before, and none before its batch is over.
    fn check_time(&self, at: Moment) -> Result<(), Failure> {
        let (batch, slack) = (self.taken, self.metronome.slack());
        let since_start = at.at.saturating_sub(self.started.at);
        let over = self.period * (batch as u32 + 1);
        let since_last = at.at.saturating_sub(self.last.at);
        let (due, wrong) = if at.idle_since(self.last) > self.period + slack {
            ("a period after the one before", "late")
        } else if since_start + slack < over {
            ("when its batch is over", "early")
        } else {
            return Ok(());
        };
        Err(self.ctx.failure(format!(
            "the report of batch {batch} came {wrong}: expected it {due}, with periods of {}; it came {} \
             after the one before and {} after the start",
            seconds(self.period),
            seconds(since_last),
            seconds(since_start)
        )))
    }

    /// Expects `report` to be that of the next batch, every station to have been asked for it, and its
    /// value to be as expected.
    fn check(&mut self, report: WeatherReport, expected: &Expected) -> Result<(), Failure> {
        let batch = self.taken;
        if report.batch != batch {
            let seen = report.batch;
            return Err(self
                .ctx
                .failure(format!("expected the report of batch {batch}, saw that of {seen}")));
        }
        if let Some(id) = self.stations.not_asked(batch).first() {
            return Err(self.ctx.failure(format!(
                "expected each station to be asked once for batch {batch}; station {id} was not asked"
            )));
        }
        if !expected.admits(report.value) {
            let value = report.value;
            return Err(self
                .ctx
                .failure(format!("batch {batch} is reported as {value:.3}; expected {expected}")));
        }
        self.taken += 1;
        Ok(())
    }

    /// Sends quit, and expects the aggregator to return at once, no report to follow, and every thread
    /// that it started to end when nothing holds it any more.
    pub(super) fn quit(self) -> Result<(), Failure> {
        let asked = Moment::now();
        // There is room for one, so this does not wait for the aggregator.
        let _ = self.quit.send(());
        self.expect_return(asked)?;
        self.expect_silence()?;
        self.expect_no_leak()
    }

    /// Expects the aggregator to return at the moment `asked`, at which it was told to.
    pub(super) fn expect_return(&self, asked: Moment) -> Result<(), Failure> {
        let patience = (2 * self.period).max(Duration::from_secs(1));
        let Ok(returned) = self.returned.recv_timeout(patience) else {
            let message = format!(
                "expected the aggregator to return at once when it is told to quit; it had not returned \
                 {} later",
                seconds(patience)
            );
            let mut failure = self.ctx.failure(message);
            failure.details = self.group.describe().into_iter().take(SHOWN).collect();
            return Err(failure);
        };
        if returned.idle_since(asked) > self.metronome.slack() {
            let later = seconds(returned.at.saturating_sub(asked.at));
            return Err(self.ctx.failure(format!(
                "expected the aggregator to return at once when it is told to quit; it returned {later} \
                 later"
            )));
        }
        Ok(())
    }

    /// Expects no report within two periods.
    pub(super) fn expect_silence(&self) -> Result<(), Failure> {
        match self.reports.recv_timeout(2 * self.period) {
            Ok(report) => Err(self.ctx.failure(format!(
                "expected no report after quit; that of batch {} came",
                report.batch
            ))),
            Err(_) => Ok(()),
        }
    }

    /// Lets the calls return that hang, and expects all threads to end although nobody reads the
    /// reports.
    pub(super) fn expect_no_leak(self) -> Result<(), Failure> {
        drop(self.hang_up);
        let patience = Instant::now() + TO_END;
        while self.group.live() > 0 && Instant::now() < patience {
            thread::sleep(LOOK_EVERY);
        }
        let live = self.group.live();
        if live == 0 {
            return Ok(());
        }
        let threads = if live == 1 { "thread" } else { "threads" };
        let mut failure = self.ctx.failure(format!(
            "{live} {threads} of the aggregator can never end: quit was sent, every station has answered, \
             and nobody reads its channels any more"
        ));
        let mut lines = self.group.describe();
        if lines.len() > SHOWN {
            let more = lines.len() - SHOWN;
            lines.truncate(SHOWN);
            lines.push(format!("and {more} more"));
        }
        failure.details = lines;
        Err(failure)
    }
}
