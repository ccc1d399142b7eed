//! Where the reports on each submission go.
//!
//! ```text
//! OUT/journal.jsonl     what is done
//! OUT/summary.csv       the class, a line for each submission
//! OUT/summary.json      the same for machines
//! OUT/ann/report.json   everything, for the teacher
//! OUT/ann/report.txt
//! OUT/ann/report.html   the same as a page, where pages are wanted
//! OUT/ann/student.txt   the same without what is hidden, for the student
//! OUT/ann/student.html
//! OUT/ann/logs/         logs of failing runs
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use reports::Writer;
use xxhash_rust::xxh3::xxh3_64;

use crate::exit::{self, Outcome, Stop, WRITE_FAILED};

/// The folder of the class's reports.
#[derive(Clone, Debug)]
pub(crate) struct Shelves {
    folder: PathBuf,
}

impl Shelves {
    /// Makes the folder, unless it is there, and finds out whether it can be written.
    pub(crate) fn prepare(folder: &Path) -> Outcome<Self> {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let prepared =
            fs::create_dir_all(&folder).and_then(|()| tempfile::tempfile_in(&folder).map(drop));
        prepared.map_err(|error| {
            let folder = folder.display();
            Stop::new(
                WRITE_FAILED,
                format!("cannot write reports into the folder {folder}: {error}"),
            )
        })?;
        Ok(Self { folder })
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The name of the folder for a submission: its id, as far as that makes a good one.
    pub(crate) fn name_of(id: &str) -> String {
        let good = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
        let name: String = id.chars().map(|c| if good(c) { c } else { '-' }).take(80).collect();
        let name = name.trim_matches(['.', ' ', '-']).to_owned();
        // What was changed might have become another's.
        if name == id { name } else { format!("{name}-{:08x}", xxh3_64(id.as_bytes()) >> 32) }
    }

    /// Writes a file on the submission `id`, whole or not at all.
    pub(crate) fn write(&self, id: &str, file: &str, text: &str) -> Outcome<()> {
        let folder = self.folder.join(Self::name_of(id));
        fs::create_dir_all(&folder).map_err(|error| {
            let folder = folder.display();
            Stop::new(WRITE_FAILED, format!("cannot make the folder {folder}: {error}"))
        })?;
        write(&folder.join(file), text)
    }

    /// The folder for logs of the submission `id`.
    pub(crate) fn logs(&self, id: &str) -> PathBuf {
        self.folder.join(Self::name_of(id)).join("logs")
    }

    /// Removes what an earlier grading of the submission `id` left.
    pub(crate) fn clear(&self, id: &str) -> Outcome<()> {
        let folder = self.folder.join(Self::name_of(id));
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                let folder = folder.display();
                Err(Stop::new(WRITE_FAILED, format!("cannot empty the folder {folder}: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Writes a file on the class.
    pub(crate) fn write_summary(&self, file: &str, text: &str) -> Outcome<()> {
        write(&self.folder.join(file), text)
    }
}

fn write(path: &Path, text: &str) -> Outcome<()> {
    let written = Writer::open(path).and_then(|writer| writer.write(text.as_bytes()));
    written.map_err(exit::write_failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_has_a_folder_of_its_own() {
        assert_eq!(Shelves::name_of("ann"), "ann");
        assert_eq!(Shelves::name_of("Bob Smith"), "Bob Smith");
        let ids = ["a/b", "a-b", "../x", "..", "", ".", "x\ny", &"l".repeat(300), &"l".repeat(301)];
        let names: Vec<String> = ids.iter().map(|id| Shelves::name_of(id)).collect();
        let different: std::collections::BTreeSet<&String> = names.iter().collect();
        assert_eq!(different.len(), names.len(), "{names:?}");
        assert!(
            names
                .iter()
                .all(|name| !name.contains('/') && !name.starts_with('.') && name.len() < 100)
        );
    }
}
