//! The solution that uses channels and no lock: no mutex, no read-write lock, no condition variable. It is
//! checked.

use contracts::weather::{GetWeatherData, WeatherReport};
use labrt::channel::{Receiver, Sender};
use labrt::time::Duration;

/// Reports the average temperature of the stations `0..k` every `average_period`, until `quit`.
///
/// `get_weather_data(id, batch)` asks a station and waits for its answer, for ever if need be.
/// `labrt::channel::after` is a channel on which a message comes after a while, and `labrt::select!` waits
/// for the first of several channels; when several are ready it takes any of them, so think about what
/// happens when the last answer and the end of the batch come together.
///
/// A channel of its own for each batch makes late answers harmless: when the receiver is gone, a send fails
/// instead of waiting, and the thread can end.
pub fn aggregator(
    k: usize,
    average_period: Duration,
    get_weather_data: GetWeatherData,
    out: Sender<WeatherReport>,
    quit: Receiver<()>,
) {
    todo!("average with channels")
}
