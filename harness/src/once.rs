//! One test, or one scenario of an exploration, in one world.

use std::fs::File;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use labrpc::Network;
use labrt::world::{self, Config, Outcome};
use nix::sys::resource::{UsageWho, getrusage};
use protocol::{Clock, Failure, FailureKind, PROTOCOL, Policy, Record, Request, Verdict, Watched};
use suites::{Context, Tally};

use crate::work::Work;
use crate::{Harness, list, log, outcome};

/// What the work's function answers; the submission may lack what it needs.
pub(crate) type Answer = Result<(), Unmet>;

/// Why a test did not answer that all is well.
#[derive(Debug)]
pub(crate) enum Unmet {
    /// The test failed.
    Failed(suites::Failure),
    /// The submission of this name does not implement the contract.
    NotImplemented(String),
}

/// Runs what `request` names and says how it went. `start` is when the process started.
pub(crate) fn run(harness: Harness, request: &Request, start: Instant) -> Record {
    let blank = blank_record(request);
    let work = match Work::find(harness, request) {
        Ok(work) => work,
        Err(message) => return failed(blank, Failure::new(FailureKind::Internal, message)),
    };
    let limits = request.limits.or(work.own_limits());
    let config = match config(request, &work, limits.time_s) {
        Ok(config) => config,
        Err(message) => return failed(blank, Failure::new(FailureKind::Internal, message)),
    };

    log::install(request.clock, request.vlevel);
    let vlevel = request.vlevel;
    let (outcome, context) =
        in_world(config, harness, work, move |context| context.with_verbosity(vlevel));
    let tally = context.map(Context::tally).unwrap_or_default();
    let network = context.map(Context::network);
    let stats = outcome.stats;
    let record = Record {
        watched: tally.watched.iter().map(watched).collect(),
        history: tally.history.clone(),
        virtual_s: stats.time.as_secs_f64(),
        wall_s: start.elapsed().as_secs_f64(),
        cpu_s: cpu_s(),
        servers: tally.servers,
        rpcs: network.map_or(0, Network::total_count),
        bytes: network.map_or(0, Network::total_bytes),
        commits: tally.commits,
        steps: stats.steps,
        // A world that had to be interrupted cannot say what it hashed.
        trace_hash: match (request.clock, stats.hash) {
            (Clock::Real, _) | (_, 0) => String::new(),
            (Clock::Sim, hash) => format!("{hash:016x}"),
        },
        ..blank
    };
    let failure = outcome::failure(outcome.end)
        .or_else(|| limits.exceeded(record.virtual_s, record.rpcs, record.bytes));
    conclude(record, failure, tally, stats.notes)
}

/// The world in which the request is to run.
fn config(request: &Request, work: &Work, time_limit_s: Option<f64>) -> Result<Config, String> {
    if let Some(own) = work.clock().map(list::clock)
        && own != request.clock
    {
        return Err(format!("`{}` runs on the {own} clock only", request.test));
    }
    let time_limit = time_limit_s
        .map(|limit| {
            Duration::try_from_secs_f64(limit)
                .map_err(|error| format!("a time limit of {limit} s: {error}"))
        })
        .transpose()?;
    if let Some(path) = &request.trace {
        File::create(path)
            .map_err(|error| format!("cannot write the trace to {}: {error}", path.display()))?;
    }
    let policy = match request.policy {
        Policy::Fifo => world::Policy::Fifo,
        Policy::Random { delay_one_in } => {
            world::Policy::Random { delay_one_in: if work.delays() { delay_one_in } else { 0 } }
        }
        Policy::Pct { depth, length } => world::Policy::Pct { depth, length },
    };
    let base = match request.clock {
        Clock::Sim => Config::sim(request.seed),
        Clock::Real => Config::real(request.seed),
    };
    Ok(Config { policy, trace: request.trace.clone(), time_limit, exclusive: true, ..base })
}

/// Does `work` in a world of its own. Everything that the submission touches is made in there, also
/// the submission itself; only the context is left behind, with the tally and the counters in it.
///
/// `adapt` may change the context before the work begins. It stays for the rest of the process: lab threads that are left behind use it.
pub(crate) fn in_world(
    config: Config,
    harness: Harness,
    work: Work,
    adapt: impl FnOnce(Context) -> Context + Send + 'static,
) -> (Outcome<Answer>, Option<&'static Context>) {
    let left: &'static OnceLock<Context> = Box::leak(Box::default());
    let outcome = world::run(config, move || {
        log::prepare();
        let submission = (harness.submission)();
        if !work.needs().met_by(&submission) {
            return Err(Unmet::NotImplemented(submission.name().to_owned()));
        }
        let network = Network::with_knobs(work.knobs());
        let context = left.get_or_init(|| adapt(Context::new(submission, network)));
        work.run(context).map_err(Unmet::Failed)
    });
    (outcome, left.get())
}

fn blank_record(request: &Request) -> Record {
    Record {
        protocol: PROTOCOL,
        nonce: request.nonce.clone(),
        test: request.test.clone(),
        seed: request.seed,
        clock: request.clock,
        verdict: Verdict::Pass,
        failure: None,
        warnings: Vec::new(),
        watched: Vec::new(),
        history: Vec::new(),
        virtual_s: 0.0,
        wall_s: 0.0,
        cpu_s: 0.0,
        servers: 0,
        rpcs: 0,
        bytes: 0,
        commits: 0,
        steps: 0,
        trace_hash: String::new(),
    }
}

fn watched(of: &suites::Watched) -> Watched {
    let suites::Watched { property, checks, not_observed } = of.clone();
    Watched { property: property.to_owned(), checks, not_observed }
}

fn failed(record: Record, failure: Failure) -> Record {
    Record { verdict: Verdict::Fail, failure: Some(failure), ..record }
}

/// Adds the verdict, and what the test and the world had to say besides: to the failure if there is
/// one, as warnings if not.
fn conclude(record: Record, failure: Option<Failure>, tally: Tally, notes: Vec<String>) -> Record {
    let mut warnings = tally.warnings;
    match failure {
        None => {
            warnings.extend(notes);
            Record { warnings, ..record }
        }
        Some(mut failure) => {
            failure.step = failure.step.or(tally.step);
            failure.details.extend(notes);
            failed(Record { warnings, ..record }, failure)
        }
    }
}

/// CPU seconds that the process has used, and the further processes of the run that it has waited for.
pub(crate) fn cpu_s() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let own = time.tv_sec as f64 + time.tv_nsec as f64 / 1e9;
    // It fails for no process that there is.
    let others = getrusage(UsageWho::RUSAGE_CHILDREN).map_or(0.0, |usage| {
        let times = [usage.user_time(), usage.system_time()];
        times.iter().map(|time| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6).sum()
    });
    own + others
}
