//! The solution that uses a lock: `labrt::sync::Mutex`. That it takes one is checked.

use contracts::weather::{GetWeatherData, WeatherReport};
use labrt::channel::{Receiver, Sender};
use labrt::time::Duration;

/// Reports the average temperature of the stations `0..k` every `average_period`, until `quit`.
///
/// The lock protects the sum and the number of the answers *of the batch that is open*. A thread that
/// brings an answer looks, under the lock, whether its batch is still the open one, and drops the answer if
/// it is not. Never hold the lock while you ask a station, wait, or send.
///
/// Reports still go through `out`, and the end still comes through `quit`: `quit.recv_timeout` waits for
/// either the end or a deadline, and so does `labrt::select!`.
pub fn aggregator(
    k: usize,
    average_period: Duration,
    get_weather_data: GetWeatherData,
    out: Sender<WeatherReport>,
    quit: Receiver<()>,
) {
    todo!("average with a lock")
}
