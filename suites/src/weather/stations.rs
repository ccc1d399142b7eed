//! The weather stations: how they answer, and the books about who was asked what and when.

use std::sync::Arc;

use contracts::weather::{GetWeatherData, WeatherReport};
use labrt::channel::{self, Receiver, Sender};
use labrt::time::Duration;
use rand::RngExt;

use super::expected::Expected;
use super::moment::{Moment, seconds};
use crate::Context;
use crate::bookkeeping::Lock;

/// Temperatures are whole numbers below this.
const HOTTEST: u32 = 100;

/// How a station answers one question.
#[derive(Clone, Copy, Debug)]
pub(super) enum Answer {
    /// After this time.
    After(Duration),
    /// Never: the call hangs until the test is over.
    Never,
}

/// How the station of this number answers in the batch of this number.
pub(super) type Behaviour = Arc<dyn Fn(usize, usize) -> Answer + Send + Sync>;

/// The course's stations: one in ten never answers, of the others half answer within the period, at least
/// 0.15 s before its end, and half too late, at least 0.3 s after it.
pub(super) fn as_in_the_course(period: Duration) -> Behaviour {
    const BEFORE_THE_END: Duration = Duration::from_millis(150);
    const AFTER_THE_END: Duration = Duration::from_millis(300);
    Arc::new(move |_, _| {
        let mut rng = labrt::rand::rng();
        if rng.random_ratio(1, 10) {
            return Answer::Never;
        }
        let soon = rng.random_range(0..period.saturating_sub(BEFORE_THE_END).as_nanos() as u64);
        let soon = Duration::from_nanos(soon);
        let in_time = rng.random();
        Answer::After(if in_time { soon } else { soon + period + AFTER_THE_END })
    })
}

/// One call of a station.
#[derive(Clone, Copy, Debug)]
struct Call {
    id: usize,
    batch: usize,
    at: Moment,
    /// The temperature, and when the call returned with it.
    answer: Option<(f64, Moment)>,
}

/// All stations of a run.
pub(super) struct Stations {
    k: usize,
    behaviour: Behaviour,
    calls: Lock<Vec<Call>>,
    /// Nothing comes from it; it is closed when the test is over.
    over: Receiver<()>,
}

impl Stations {
    /// Stations `0..k`, and what ends all calls that still hang when it is dropped.
    pub(super) fn new(k: usize, behaviour: Behaviour) -> (Arc<Self>, Sender<()>) {
        let (hang_up, over) = channel::bounded(0);
        (Arc::new(Self { k, behaviour, calls: Lock::default(), over }), hang_up)
    }

    /// The function that the aggregator calls.
    pub(super) fn get_weather_data(self: &Arc<Self>, ctx: &Context) -> GetWeatherData {
        let (stations, ctx) = (Arc::clone(self), ctx.clone());
        Arc::new(move |id, batch| stations.call(&ctx, id, batch))
    }

    fn call(&self, ctx: &Context, id: usize, batch: usize) -> WeatherReport {
        let number = self.note_call(ctx, id, batch);
        match (self.behaviour)(id, batch) {
            Answer::After(time) => drop(self.over.recv_timeout(time)),
            Answer::Never => drop(self.over.recv()),
        }
        let value = f64::from(labrt::rand::rng().random_range(0..HOTTEST));
        self.calls.lock()[number].answer = Some((value, Moment::now()));
        WeatherReport { value, id, batch }
    }

    /// Takes the call into the books; returns its number. A station that is not there, or that was asked
    /// before, ends the run.
    fn note_call(&self, ctx: &Context, id: usize, batch: usize) -> usize {
        if id >= self.k {
            ctx.fail(ctx.failure(format!(
                "station {id} was asked for batch {batch}, and there are only the stations 0 to {}",
                self.k - 1
            )));
        }
        let at = Moment::now();
        let mut calls = self.calls.lock();
        let before = calls.iter().find(|call| (call.id, call.batch) == (id, batch)).copied();
        calls.push(Call { id, batch, at, answer: None });
        let number = calls.len() - 1;
        drop(calls);
        if let Some(before) = before {
            ctx.fail(ctx.failure(format!(
                "station {id} was asked twice for batch {batch}: at {} and at {}",
                seconds(before.at.at),
                seconds(at.at)
            )));
        }
        number
    }

    /// The stations that were not asked for `batch` so far.
    pub(super) fn not_asked(&self, batch: usize) -> Vec<usize> {
        let calls = self.calls.lock();
        let asked = |id: &usize| calls.iter().any(|call| (call.id, call.batch) == (*id, batch));
        (0..self.k).filter(|id| !asked(id)).collect()
    }

    /// When a station was first asked for `batch`.
    pub(super) fn first_asked(&self, batch: usize) -> Option<Moment> {
        let calls = self.calls.lock();
        calls.iter().find(|call| call.batch == batch).map(|call| call.at)
    }

    /// What the average of `batch` is made of, when its end is at `end`, give or take `slack`.
    pub(super) fn expected(&self, batch: usize, end: Moment, slack: Duration) -> Expected {
        let mut expected = Expected::default();
        for call in self.calls.lock().iter().filter(|call| call.batch == batch) {
            let Some((value, at)) = call.answer else { continue };
            if at.is_certainly_before(end, slack) {
                expected.counts.push(value);
            } else if at.at <= end.at + slack {
                expected.may_count.push(value);
            }
        }
        expected
    }
}
