//! The figures of single runs: columns of numbers, compressed. As elements of the page they would be most of it.

use std::io::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use protocol::Limits;
use serde::Serialize;

use super::strip::is_slow;
use crate::model::{Report, SampledRun, Seed, TestReport};

/// The runs of a test, one number a run in each column.
#[derive(Serialize)]
struct Columns<'a> {
    id: &'a str,
    limits: &'a Limits,
    iteration: Vec<u64>,
    seed: Vec<Seed>,
    passed: Vec<u8>,
    slow: Vec<u8>,
    /// Index of the failure, from 0.
    failure: Vec<Option<usize>>,
    virtual_s: Vec<Option<f64>>,
    rpcs: Vec<Option<u64>>,
    bytes: Vec<Option<u64>>,
}

/// Base64 of gzip of JSON: a list of the tests that have runs.
pub(super) fn payload(report: &Report) -> String {
    let tests: Vec<Columns<'_>> =
        report.tests().filter(|test| !test.sampled_runs.is_empty()).map(columns).collect();
    let json = serde_json::to_vec(&tests).expect("numbers are always JSON");
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    let packed = gzip.write_all(&json).and_then(|()| gzip.finish()).expect("a vector takes all");
    BASE64_STANDARD.encode(packed)
}

fn columns(test: &TestReport) -> Columns<'_> {
    Columns {
        id: &test.id,
        limits: &test.limits,
        iteration: column(test, |run| run.iteration),
        seed: column(test, |run| run.seed),
        passed: column(test, |run| run.passed.into()),
        slow: column(test, |run| is_slow(run, test).into()),
        failure: column(test, |run| run.failure),
        virtual_s: column(test, |run| run.virtual_s),
        rpcs: column(test, |run| run.rpcs),
        bytes: column(test, |run| run.bytes),
    }
}

fn column<T>(test: &TestReport, of: impl Fn(&SampledRun) -> T) -> Vec<T> {
    test.sampled_runs.iter().map(of).collect()
}
