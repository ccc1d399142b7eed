//! The solution that uses channels and no lock.
//!
//! Each batch has a channel of its own. When the batch is over its receiver is dropped, and with it
//! every answer that is still to come: a late one cannot get into another batch, and the thread that
//! brings it finds that nobody listens and ends.

use std::sync::Arc;

use contracts::weather::{GetWeatherData, WeatherReport};
use labrt::channel::{self, Receiver, Sender};
use labrt::time::{Duration, Instant};
use labrt::{select, thread};

use crate::average::Average;
use crate::delivery::{Delivered, deliver};

/// An answer, and when it came.
type Answer = (Instant, WeatherReport);

/// Reports the average temperature of the stations `0..k` every `average_period`, until `quit`.
pub fn aggregator(
    k: usize,
    average_period: Duration,
    get_weather_data: GetWeatherData,
    out: Sender<WeatherReport>,
    quit: Receiver<()>,
) {
    let mut begin = Instant::now();
    for batch in 0.. {
        let end = begin + average_period;
        let (answer, answers) = channel::unbounded();
        ask(k, batch, &get_weather_data, &answer);
        let Some(average) = collect(&answers, end, &quit) else { return };
        drop(answers);
        let report = WeatherReport { value: average.value(), id: 0, batch };
        match deliver(report, end, &out, &quit) {
            Delivered::Next(next) => begin = next,
            Delivered::Quit => return,
        }
    }
}

/// Asks every station, each in a thread of its own, which hands the answer to `answer`.
fn ask(k: usize, batch: usize, get_weather_data: &GetWeatherData, answer: &Sender<Answer>) {
    for id in 0..k {
        let (answer, get_weather_data) = (answer.clone(), Arc::clone(get_weather_data));
        thread::spawn(move || {
            let report = get_weather_data(id, batch);
            // Nobody listens any more when the batch is over.
            let _ = answer.send((Instant::now(), report));
        });
    }
}

/// The average of the answers that come until `end`; none when `quit` comes first.
fn collect(answers: &Receiver<Answer>, end: Instant, quit: &Receiver<()>) -> Option<Average> {
    let mut average = Average::default();
    let is_over = channel::after(end.duration_since(Instant::now()));
    loop {
        select! {
            recv(answers) -> answer => {
                if let Ok((_, report)) = answer {
                    average.add(report.value);
                }
            }
            recv(is_over) -> _ => break,
            recv(quit) -> _ => return None,
        }
    }
    // Several things may be ready together at the end, and a select takes any of them. What came in time
    // counts all the same.
    for (came, report) in answers.try_iter() {
        if came <= end {
            average.add(report.value);
        }
    }
    Some(average)
}
