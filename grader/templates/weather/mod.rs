//! Weather stations: every period, the average of the temperatures that came in time.
//!
//! There are two solutions to the same problem. Write one, get its tests to pass, then write the other and
//! compare: which of the mistakes below can you no longer make?
//!
//! | module | what |
//! | --- | --- |
//! | [`channels`] | the solution that uses channels, and no lock |
//! | [`mutex`] | the solution that uses a lock |
//!
//! # What an aggregator does
//!
//! Time goes in *batches* of one `average_period`, counted from 0. At the start of a batch every station
//! `0..k` is asked once, all at the same time. At its end one [`WeatherReport`] goes to `out`, with the
//! average of what was answered *within* the batch; with no answer at all that is NaN, which is what zero
//! divided by zero gives.
//!
//! # Traps that nearly everybody meets
//!
//! - **A call may never return.** Each needs a thread of its own, and nobody may wait for it.
//! - **An answer may come too late.** It belongs to a batch that is over, and it must not get into the next.
//!   Nor may the thread that brings it hang for ever on a channel that nobody reads any more.
//! - **The end may come at any moment**: while the stations are asked, while nobody takes the report from
//!   `out`, before the first batch is over. A message from `quit`, or its closing, ends the aggregator
//!   at once, and no report follows.
//! - **Time that adds up.** A batch begins where the last one ended. Who sleeps for a period *after* the work
//!   of each batch drifts away; compute deadlines instead.
//!
//! [`WeatherReport`]: contracts::weather::WeatherReport

pub mod channels;
pub mod mutex;
