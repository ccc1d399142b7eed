//! How many frames a second a timeline of 100 000 events is drawn with while it is panned, in a real browser: over the whole run, where it shows
//! how much happens, and in windows that show each message.
//!
//! `cargo bench -p reports --bench timeline`

#![allow(clippy::disallowed_methods, reason = "benches live outside every world")]

#[path = "../tests/traces/mod.rs"]
mod traces;

use browser::kit::Kit;
use browser::{Look, Page};
use reports::Timeline;
use reports::html::{self, Run};

/// Pans for two seconds and counts the frames that were drawn.
const PAN: &str = "
    const done = arguments[arguments.length - 1];
    const line = document.querySelector('.timeline').timeline;
    const whole = 24.9e6, width = whole * FRACTION;
    const start = performance.now(), before = line.draws();
    const step = (now) => {
        const at = (now - start) / 2000;
        if (at >= 1) { done((line.draws() - before) / ((now - start) / 1000)); return; }
        line.show(at * (whole - width), at * (whole - width) + width);
        requestAnimationFrame(step);
    };
    requestAnimationFrame(step);";

fn main() {
    let kit = match Kit::find() {
        Ok(kit) => kit,
        Err(missing) => return eprintln!("skipped: {missing}"),
    };
    let timeline = Timeline::of(&traces::long(100_000));
    let run = Run { title: "bench", outcome: "failed", passed: false, replay: "grader replay" };
    let html = html::run(&run, &timeline);
    println!("{} events, page of {} bytes", timeline.events.len(), html.len());
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("run.html");
    std::fs::write(&file, html).expect("a page");
    let page = Page::open(&kit, &file, Look::LAPTOP);
    page.until("the timeline is drawn", |page| {
        page.eval("return !!document.querySelector('.timeline').timeline?.settled()") == true
    });
    for (fraction, what) in
        [(0.9, "nearly all of it"), (0.05, "a twentieth"), (0.01, "a hundredth")]
    {
        let pan = PAN.replace("FRACTION", &fraction.to_string());
        let mut rates: Vec<f64> = (0..5).filter_map(|_| page.eval_async(&pan).as_f64()).collect();
        rates.sort_by(f64::total_cmp);
        println!(
            "{what:18} {:5.1} frames a second (median of {})",
            rates[rates.len() / 2],
            rates.len()
        );
    }
}
