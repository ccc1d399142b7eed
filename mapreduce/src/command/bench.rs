//! `mapreduce bench`: how fast a job is, compared with the sequential runner.
//!
//! Both are whole processes of this program on the same files, one after the other and in turn, so that
//! whatever else the machine does hits both alike.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use super::cli::BenchArgs;
use super::exit::{Outcome, Stop};

pub(crate) fn bench(args: BenchArgs) -> Outcome {
    let desk = tempfile::tempdir().map_err(Stop::failed)?;
    let files = write_inputs(desk.path(), &args).map_err(Stop::failed)?;
    let workers = args.workers.to_string();
    let (mut sequential, mut run) = (Vec::new(), Vec::new());
    for _ in 0..args.rounds {
        sequential.push(time(&["sequential", "--app", "wc"], &desk.path().join("a"), &files)?);
        let words = ["run", "--app", "wc", "--workers", &workers];
        run.push(time(&words, &desk.path().join("b"), &files)?);
    }
    if lines(&desk.path().join("a"))? != lines(&desk.path().join("b"))? {
        return Err(Stop::failed("the two do not have the same output"));
    }
    let ratios = sequential.iter().zip(&run).map(|(a, b)| a.as_secs_f64() / b.as_secs_f64());
    let seconds = run.iter().map(Duration::as_secs_f64);
    println!(
        "{}",
        json!({
            "mr_wc_vs_sequential": median(ratios.collect()),
            "mr_wc_mb_s": f64::from(args.megabytes) / median(seconds.collect()),
        })
    );
    Ok(())
}

/// Books, all of the same length.
fn write_inputs(desk: &Path, args: &BenchArgs) -> std::io::Result<Vec<PathBuf>> {
    fs::create_dir(desk.join("a"))?;
    fs::create_dir(desk.join("b"))?;
    let bytes = args.megabytes as usize * 1_000_000 / usize::from(args.files);
    let write = |seed: u16| {
        let file = desk.join(format!("book-{seed}.txt"));
        fs::write(&file, inputs::book(seed.into(), bytes))?;
        Ok(file)
    };
    (0..args.files).map(write).collect()
}

/// How long this program takes for `words`.
fn time(words: &[&str], output: &Path, files: &[PathBuf]) -> Outcome<Duration> {
    let program = std::env::current_exe().map_err(Stop::failed)?;
    let mut command = Command::new(program);
    command.args(words).arg("--output").arg(output).args(files);
    let start = Instant::now();
    let status = command.status().map_err(Stop::failed)?;
    let time = start.elapsed();
    if status.success() { Ok(time) } else { Err(Stop::failed(format!("{words:?}: {status}"))) }
}

/// The lines of all output in `folder`, sorted.
fn lines(folder: &Path) -> Outcome<Vec<String>> {
    let read = || {
        let mut lines = Vec::new();
        for entry in fs::read_dir(folder)? {
            lines.extend(fs::read_to_string(entry?.path())?.lines().map(str::to_owned));
        }
        lines.sort();
        Ok::<_, std::io::Error>(lines)
    };
    read().map_err(Stop::failed)
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    if figures.len() % 2 == 1 {
        figures[middle]
    } else {
        f64::midpoint(figures[middle - 1], figures[middle])
    }
}
