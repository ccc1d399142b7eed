//! What a person may type.

use std::path::PathBuf;
use std::time::Duration;

use bytesize::ByteSize;
use clap::{Args, Parser, Subcommand, ValueEnum};
use contracts::mapreduce::apps::{Indexer, WordCount};
use contracts::mapreduce::{Application, Job, Workplace};
use mapreduce::{Credit, Options, WorkerOptions};

use super::exit;

/// Runs MapReduce jobs on this machine: a coordinator and its workers, or one process that does one
/// task after the other.
#[derive(Debug, Parser)]
#[command(name = "mapreduce", version, about, max_term_width = 100, after_help = exit::HELP)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a job: a coordinator and worker processes; leaves mr-out-0, mr-out-1, …
    Run(RunArgs),
    /// Run a job one task after the other, without workers; leaves mr-out-0
    Sequential(SequentialArgs),
    /// Hand out the tasks of a job to workers that are started elsewhere
    Coordinator(CoordinatorArgs),
    /// Run tasks of a coordinator that is started elsewhere, until there are none
    Worker(WorkerArgs),
    /// Measure `run` against `sequential`; prints JSON
    #[command(hide = true)]
    Bench(BenchArgs),
}

/// `mapreduce run`.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Which application.
    #[command(flatten)]
    pub(crate) app: AppArgs,
    /// How many worker processes [default: one for each core]
    #[arg(long, short = 'w', value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) workers: Option<u16>,
    /// The job.
    #[command(flatten)]
    pub(crate) job: JobArgs,
    /// Where.
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// `mapreduce sequential`.
#[derive(Debug, Args)]
pub(crate) struct SequentialArgs {
    /// Which application.
    #[command(flatten)]
    pub(crate) app: AppArgs,
    /// Folder for the output, which must exist; output of earlier jobs in it is removed
    #[arg(long, short, value_name = "DIR", default_value = ".")]
    pub(crate) output: PathBuf,
    /// The input files
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
}

/// `mapreduce coordinator`.
#[derive(Debug, Args)]
pub(crate) struct CoordinatorArgs {
    /// The job.
    #[command(flatten)]
    pub(crate) job: JobArgs,
    /// Where.
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// `mapreduce worker`.
#[derive(Debug, Args)]
pub(crate) struct WorkerArgs {
    /// Which application.
    #[command(flatten)]
    pub(crate) app: AppArgs,
    /// Where.
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// `mapreduce bench`.
#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// Millions of bytes of text
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) megabytes: u32,
    /// Files that hold them
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) files: u16,
    /// How many worker processes
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) workers: u16,
    /// How often each of the two runs, in turn
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) rounds: u16,
}

/// What a process computes with.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct AppArgs {
    /// What to compute
    #[arg(long, short, value_name = "APP")]
    pub(crate) app: App,
    /// Memory that a process uses beside one input file, before it goes to files
    #[arg(long, value_name = "SIZE", default_value = "64MiB", value_parser = memory)]
    pub(crate) memory: usize,
}

impl AppArgs {
    /// For a worker.
    pub(crate) fn worker_options(self) -> WorkerOptions {
        WorkerOptions { memory: self.memory, application: self.app.name() }
    }
}

/// The applications.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum App {
    /// How often each word occurs
    Wc,
    /// In which files each word occurs
    Indexer,
    /// Rows of each agency with a credit score above 400 in 2023, of tables in CSV
    Credit,
}

impl App {
    /// What it computes.
    pub(crate) fn application(self) -> &'static dyn Application {
        match self {
            Self::Wc => &WordCount,
            Self::Indexer => &Indexer,
            Self::Credit => &Credit,
        }
    }

    /// As it is written in a command line.
    pub(crate) fn name(self) -> String {
        let value = self.to_possible_value();
        value.map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// A job.
#[derive(Debug, Args)]
pub(crate) struct JobArgs {
    /// How many reduce tasks, and so how many files of output
    #[arg(long, short, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) reduces: u32,
    /// How long after it was handed out a task that is not finished goes to another worker
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = time)]
    pub(crate) reissue_after: Duration,
    /// Give workers that would have to wait a copy of the task that another one has been running for
    /// longest
    #[arg(long)]
    pub(crate) backup_tasks: bool,
    /// Keep the intermediate files mr-X-Y when the job is done
    #[arg(long)]
    pub(crate) keep: bool,
    /// The input files, each the input of one map task
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
}

impl JobArgs {
    /// The job, at a place.
    pub(crate) fn job(self, place: &PlaceArgs) -> (Job, Options) {
        let options = Options { backup_tasks: self.backup_tasks, keep_intermediate: self.keep };
        let Workplace { folder, socket } = place.workplace();
        let Self { files, reduces, reissue_after, .. } = self;
        (Job { files, reduces, folder, socket, reissue_after }, options)
    }
}

/// Where a job runs.
#[derive(Debug, Args)]
pub(crate) struct PlaceArgs {
    /// Folder that all processes share, which must exist; output of earlier jobs in it is removed
    #[arg(long, short, value_name = "DIR", default_value = ".")]
    pub(crate) output: PathBuf,
    /// Socket at which the coordinator listens [default: mr.sock in the output folder]
    #[arg(long, value_name = "PATH")]
    pub(crate) socket: Option<PathBuf>,
}

impl PlaceArgs {
    /// Resolved.
    pub(crate) fn workplace(&self) -> Workplace {
        let folder = self.output.clone();
        let socket = self.socket.clone().unwrap_or_else(|| folder.join("mr.sock"));
        Workplace { folder, socket }
    }
}

/// A size: at least 1 MiB.
fn memory(text: &str) -> Result<usize, String> {
    let size: ByteSize =
        text.parse().map_err(|_| "expected a size such as 64MiB or 2GB".to_owned())?;
    if size < ByteSize::mib(1) {
        return Err("expected at least 1MiB".to_owned());
    }
    usize::try_from(size.as_u64()).map_err(|_| "more than this machine can address".to_owned())
}

/// A time: above 0.
fn time(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(time) if !time.is_zero() => Ok(time),
        _ => Err("expected a time above 0, such as 10s or 500ms".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn sizes() {
        assert_eq!(memory("64MiB"), Ok(64 << 20));
        assert_eq!(memory("1048576"), Ok(1 << 20));
        memory("1KiB").expect_err("too little");
        memory("much").expect_err("no size");
    }
}
