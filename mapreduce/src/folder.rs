//! What a job has in the folder that coordinator and workers share.
//!
//! | name | what |
//! | --- | --- |
//! | `mr-out-Y` | the output of reduce task `Y` |
//! | `mr-job-…/` | everything of the job that is not output; gone when the job has ended |
//! | `mr-job-…/mr-X-Y` | what map task `X` has for reduce task `Y`, a [run](crate::sort::run) |
//! | `mr-job-…/attempt-…/` | what one worker writes while it runs one task |
//! | `mr-job.lock` | held while the job runs |
//!
//! A file is written in its attempt's folder and then renamed to its place, so it is there as a whole
//! or not at all, and two workers with the same task do not meet. As no job's folder has the name of
//! another's, a worker that outlives its job can do nothing to the next one: the folder into and out of
//! which it would rename is gone.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use contracts::mapreduce::output_file;
use tempfile::TempDir;

use crate::error::{About, Error, Result};
use crate::lock::Lock;

/// What names of a job's own folder begin with.
const JOB: &str = "mr-job-";
const LOCK: &str = "mr-job.lock";

/// Checks that there is such a folder.
pub(crate) fn check(folder: &Path) -> Result<()> {
    fs::read_dir(folder).about("use the folder", folder).map(drop)
}

/// A job's place in the folder, from the side of the process that leads it.
#[derive(Debug)]
pub(crate) struct JobFolder {
    folder: PathBuf,
    /// The job's own folder in it.
    job: PathBuf,
    _lock: Lock,
}

impl JobFolder {
    /// Makes room in `folder`: takes away what earlier jobs left there, their output included. `inputs`
    /// are the job's input files.
    pub(crate) fn open(folder: &Path, inputs: &[PathBuf]) -> Result<Self> {
        check(folder)?;
        let lock = Lock::take(&folder.join(LOCK)).about("write to the folder", folder)?;
        let Some(lock) = lock else {
            let folder = folder.display();
            return Err(Error::Other(format!("another job is running in the folder `{folder}`")));
        };
        let old = leftovers(folder)?;
        if let Some(input) = inputs.iter().find(|input| is_among(input, &old)) {
            let input = input.display();
            return Err(Error::Other(format!(
                "the input `{input}` has the name of an output and is in the output's folder: it \
                 would be replaced; choose another folder for the output"
            )));
        }
        for path in old {
            let is_folder = path.symlink_metadata().is_ok_and(|what| what.is_dir());
            let removed =
                if is_folder { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.about("remove what an earlier job left:", &path)?;
        }
        let job = tempfile::Builder::new().prefix(JOB).tempdir_in(folder);
        let job = job.about("write to the folder", folder)?.keep();
        Ok(Self { folder: folder.to_owned(), job, _lock: lock })
    }

    /// The folder that all share.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The name of the job's own folder in it.
    pub(crate) fn name(&self) -> &OsStr {
        self.job.file_name().unwrap_or_default()
    }

    /// Moves the intermediate files to the shared folder, for people to look at.
    pub(crate) fn keep_intermediate(&self) -> Result<()> {
        for entry in fs::read_dir(&self.job).about("read", &self.job)?.flatten() {
            if is_numbered(&entry.file_name()) {
                let kept = self.folder.join(entry.file_name());
                fs::rename(entry.path(), &kept).about("write", &kept)?;
            }
        }
        Ok(())
    }

    /// Takes away the output, which is not whole.
    pub(crate) fn remove_output(&self, reduces: u32) {
        for reduce in 0..reduces {
            let _ = fs::remove_file(self.folder.join(output_file(reduce)));
        }
    }

    /// Makes the job's folder unreachable for its workers: from now on none of them changes anything.
    pub(crate) fn close(&self) {
        let _ = fs::rename(&self.job, self.closed());
    }

    fn closed(&self) -> PathBuf {
        let mut closed = self.job.clone().into_os_string();
        closed.push("-over");
        closed.into()
    }
}

impl Drop for JobFolder {
    fn drop(&mut self) {
        self.close();
        // Whatever cannot be removed, the next job in this folder tries to remove again.
        let _ = fs::remove_dir_all(self.closed());
    }
}

/// What is in `folder` from earlier jobs.
fn leftovers(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).about("read the folder", folder)? {
        let entry = entry.about("read the folder", folder)?;
        let is_folder = entry.file_type().is_ok_and(|what| what.is_dir());
        let name = entry.file_name();
        let ours = if is_folder { is_job(&name) } else { is_numbered(&name) };
        if ours {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// Whether a folder's name is that of a job.
fn is_job(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(JOB.as_bytes())
}

/// Whether a file's name is `mr-out-Y` or `mr-X-Y`.
fn is_numbered(name: &OsStr) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let numbers = name.to_str().and_then(|name| name.strip_prefix("mr-")?.split_once('-'));
    numbers.is_some_and(|(x, y)| (x == "out" || is_number(x)) && is_number(y))
}

/// Whether `file` is one of `others`, by whatever name.
fn is_among(file: &Path, others: &[PathBuf]) -> bool {
    let Ok(file) = file.canonicalize() else { return false };
    others.iter().any(|other| other.canonicalize().is_ok_and(|other| other == file))
}

/// A job's place in the folder, from the side of one attempt at a task. What the attempt leaves is
/// gone when this is dropped.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    folder: &'a Path,
    job: &'a Path,
    scratch: TempDir,
}

impl<'a> Attempt<'a> {
    /// A new attempt, in the job's own folder `job` within `folder`.
    pub(crate) fn begin(folder: &'a Path, job: &'a Path) -> Result<Self> {
        let scratch = tempfile::Builder::new().prefix("attempt-").tempdir_in(job);
        Ok(Self { folder, job, scratch: scratch.about("write to the folder", job)? })
    }

    /// A folder for what is written.
    pub(crate) fn scratch(&self) -> &Path {
        self.scratch.path()
    }

    /// What map task `map` has for reduce task `reduce`.
    pub(crate) fn intermediate(&self, map: u32, reduce: u32) -> PathBuf {
        self.job.join(intermediate_file(map, reduce))
    }

    /// Puts a file that was written to its place in the job's folder.
    pub(crate) fn publish_intermediate(&self, map: u32, reduce: u32) -> Result<()> {
        self.publish(&intermediate_file(map, reduce), self.job)
    }

    /// Puts an output that was written to its place in the shared folder.
    pub(crate) fn publish_output(&self, reduce: u32) -> Result<()> {
        self.publish(&output_file(reduce), self.folder)
    }

    fn publish(&self, name: &str, folder: &Path) -> Result<()> {
        let place = folder.join(name);
        fs::rename(self.scratch().join(name), &place).about("write", &place)
    }
}

/// The name of what map task `map` has for reduce task `reduce`.
pub(crate) fn intermediate_file(map: u32, reduce: u32) -> String {
    format!("mr-{map}-{reduce}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_that_a_job_may_remove() {
        for ours in ["mr-out-0", "mr-out-12", "mr-3-4", "mr-10-0"] {
            assert!(is_numbered(OsStr::new(ours)), "{ours}");
        }
        for other in ["mr-out-", "mr-out-1.txt", "mr-out", "mr--1", "mr-a-1", "my-out-1", "mr-1"] {
            assert!(!is_numbered(OsStr::new(other)), "{other}");
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder").flatten();
        let mut names: Vec<_> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_job_takes_away_what_earlier_ones_left_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        for file in ["mr-out-7", "mr-0-0", "mr-out-7.txt", "book.txt"] {
            fs::write(path.join(file), "x").expect("written");
        }
        fs::create_dir_all(path.join("mr-job-dead/attempt-1")).expect("made");
        let job = JobFolder::open(path, &[path.join("book.txt")]).expect("room");
        fs::create_dir(path.join(job.name()).join("attempt-2")).expect("made");
        drop(job);
        assert_eq!(names(path), ["book.txt", "mr-out-7.txt"]);
    }

    #[test]
    fn an_input_is_never_taken_away() {
        let folder = tempfile::tempdir().expect("a folder");
        let input = folder.path().join("mr-out-0");
        fs::write(&input, "x").expect("written");
        let other_name = folder.path().join(".").join("mr-out-0");
        let error = JobFolder::open(folder.path(), &[other_name]).expect_err("refused");
        assert!(error.to_string().contains("mr-out-0"), "{error}");
        assert!(input.exists());
    }

    #[test]
    fn one_job_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = JobFolder::open(folder.path(), &[]).expect("room");
        let error = JobFolder::open(folder.path(), &[]).expect_err("refused");
        assert!(error.to_string().contains("another job is running"), "{error}");
        assert!(folder.path().join(first.name()).exists());
    }

    #[test]
    fn a_worker_that_outlives_its_job_changes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let job = JobFolder::open(folder.path(), &[]).expect("room");
        let path = folder.path().join(job.name());
        let attempt = Attempt::begin(folder.path(), &path).expect("an attempt");
        fs::write(attempt.scratch().join("mr-out-0"), "late").expect("written");
        drop(job);
        attempt.publish_output(0).expect_err("too late");
        drop(attempt);
        assert_eq!(names(folder.path()), [""; 0]);
    }
}
