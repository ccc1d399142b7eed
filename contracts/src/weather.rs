//! The weather contract: CS350 HW1.
//!
//! There are `k` weather stations, numbered `0..k`. Every period the aggregator asks each of them once
//! for its temperature and reports the average of the answers that came within the period. A station
//! may answer late, or never.
//!
//! There are two solutions with one signature, [`Aggregator`]: one that uses channels and no lock, and
//! one that uses locks.

use std::sync::Arc;
use std::time::Duration;

use labrt::channel::{Receiver, Sender};

/// What a station answers, and what the aggregator reports.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WeatherReport {
    /// The temperature; in an aggregator's report, the average over the stations that answered in time,
    /// and NaN when none did.
    pub value: f64,
    /// The station's number; an aggregator's report may hold anything here.
    pub id: usize,
    /// The batch, counted from 0.
    pub batch: usize,
}

/// Asks the station of the first number for its report in the batch of the second: an RPC, which
/// blocks until the station answers. It may never answer.
pub type GetWeatherData = Arc<dyn Fn(usize, usize) -> WeatherReport + Send + Sync>;

/// A solution: `aggregator(k, average_period, get_weather_data, out, quit)`.
///
/// It asks the stations `0..k` at the start of each batch, each once, and sends one report to `out` at
/// the end of each, which is `average_period` after the last. An answer that comes later than the end
/// of its batch is ignored. It returns at once when a message comes from `quit` (or `quit` is closed),
/// even while nobody takes its report from `out`; no report follows, and every thread that it started
/// ends as soon as the call that it is in returns.
pub type Aggregator = fn(usize, Duration, GetWeatherData, Sender<WeatherReport>, Receiver<()>);

/// The two solutions of a submission.
#[derive(Clone, Copy, Debug)]
pub struct Aggregators {
    /// The solution that uses channels and no lock.
    pub channels: Aggregator,
    /// The solution that uses locks.
    pub mutex: Aggregator,
}
