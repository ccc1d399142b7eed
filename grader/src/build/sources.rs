//! The files of a submission that are taken: its manifest, and the Rust sources of its library.
//!
//! They are read once, into memory, and never followed out of the package: neither through a symbolic link nor
//! through anything else that is no file.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};

use super::manifest::{Manifest, Refusal, inherited_edition};

/// What was taken of a submission.
#[derive(Clone, Debug)]
pub(crate) struct Sources {
    /// What its manifest asks for.
    pub(crate) manifest: Manifest,
    /// Its files: their paths relative to the package, and their content; sorted.
    pub(crate) files: Vec<(PathBuf, String)>,
    /// How it wants its sources to be formatted, if it says so; no part of the program.
    pub(crate) rustfmt: Option<String>,
}

/// Files in which a package says how its sources are to be formatted.
const RUSTFMT: [&str; 2] = ["rustfmt.toml", ".rustfmt.toml"];

/// More is no submission to a lab.
const MAX_FILES: usize = 1000;
const MAX_BYTES: u64 = 8 << 20;
const MAX_DEPTH: usize = 16;

impl Sources {
    /// Reads the package in `folder`.
    ///
    /// # Errors
    /// All that is refused.
    pub(crate) fn read(folder: &Path) -> Result<Self, Vec<Refusal>> {
        let refusal = |file: &str, why: String| Refusal { file: file.into(), line: None, why };
        let text = read_file(&folder.join(Manifest::FILE), MAX_BYTES)
            .map_err(|why| vec![refusal(Manifest::FILE, why)])?;
        let parsed = Manifest::parse(&text, inherited_edition(folder));
        let (manifest, mut refusals) = match parsed {
            Ok(manifest) => (Some(manifest), Vec::new()),
            Err(refusals) => (None, refusals),
        };
        refusals.extend(forbidden_files(folder));
        let Some(manifest) = manifest else { return Err(refusals) };

        let mut taker = Taker { folder, files: Vec::new(), refusals, bytes: 0 };
        let root =
            manifest.library.components().next().map_or("src".as_ref(), |first| first.as_os_str());
        taker.take(Path::new(root), 0);
        let Taker { mut files, mut refusals, .. } = taker;
        if refusals.is_empty() && !files.iter().any(|(file, _)| *file == manifest.library) {
            let library = manifest.library.display().to_string();
            refusals.push(refusal(&library, "is missing: a submission is a library".into()));
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        files.push((Manifest::FILE.into(), text));
        files.sort();
        let rustfmt = RUSTFMT.iter().find_map(|file| read_file(&folder.join(file), MAX_BYTES).ok());
        Ok(Self { manifest, files, rustfmt })
    }

    /// Writes its files to `folder`.
    ///
    /// # Errors
    /// Those of writing.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        for (file, text) in &self.files {
            let file = folder.join(file);
            fs::create_dir_all(file.parent().unwrap_or(folder))?;
            fs::write(file, text)?;
        }
        Ok(())
    }
}

/// Files beside the sources that would change how cargo builds the package. Nothing here would obey them; but
/// who hands them in expects it, or hopes for it.
fn forbidden_files(folder: &Path) -> Vec<Refusal> {
    let forbidden = [
        ("build.rs", "build scripts are refused; remove it"),
        (".cargo", "a submission does not change how cargo builds; remove it"),
    ];
    let there = forbidden.iter().filter(|(file, _)| folder.join(file).symlink_metadata().is_ok());
    there
        .map(|(file, why)| Refusal { file: (*file).into(), line: None, why: (*why).into() })
        .collect()
}

struct Taker<'a> {
    folder: &'a Path,
    files: Vec<(PathBuf, String)>,
    refusals: Vec<Refusal>,
    bytes: u64,
}

impl Taker<'_> {
    fn refuse(&mut self, file: &Path, why: impl Into<String>) {
        self.refusals.push(Refusal { file: file.to_owned(), line: None, why: why.into() });
    }

    /// Takes the sources below `folder`, which is relative to the package.
    fn take(&mut self, folder: &Path, depth: usize) {
        if !self.folder.join(folder).symlink_metadata().is_ok_and(|found| found.is_dir()) {
            return self
                .refuse(folder, "is no folder of this package, and its sources belong there");
        }
        let entries = match fs::read_dir(self.folder.join(folder)) {
            Ok(entries) => entries,
            Err(error) => return self.refuse(folder, format!("cannot be read: {error}")),
        };
        for entry in entries {
            match entry {
                Ok(entry) => self.take_entry(&folder.join(entry.file_name()), &entry, depth),
                Err(error) => self.refuse(folder, format!("cannot be read: {error}")),
            }
            if self.files.len() > MAX_FILES {
                return self.refuse(folder, format!("more than {MAX_FILES} files"));
            }
        }
    }

    fn take_entry(&mut self, path: &Path, entry: &fs::DirEntry, depth: usize) {
        let is_source = path.extension().is_some_and(|extension| extension == "rs");
        match entry.file_type() {
            Ok(kind) if kind.is_symlink() => {
                self.refuse(path, "is a symbolic link; hand in the file itself");
            }
            Ok(kind) if kind.is_dir() && depth < MAX_DEPTH => self.take(path, depth + 1),
            Ok(kind) if kind.is_dir() => self.refuse(path, "too many folders inside each other"),
            Ok(kind) if kind.is_file() && is_source => self.take_file(path),
            // Nothing of a library needs it.
            Ok(_) => {}
            Err(error) => self.refuse(path, format!("cannot be read: {error}")),
        }
    }

    fn take_file(&mut self, path: &Path) {
        if path.to_str().is_none_or(|name| name.contains(char::is_control)) {
            return self.refuse(path, "the name of a source file is plain text");
        }
        match read_file(&self.folder.join(path), MAX_BYTES - self.bytes) {
            Ok(text) => {
                self.bytes += text.len() as u64;
                self.files.push((path.to_owned(), text));
            }
            Err(why) => self.refuse(path, why),
        }
    }
}

/// The text of a regular file of at most `limit` bytes.
fn read_file(path: &Path, limit: u64) -> Result<String, String> {
    let cannot = |error: std::io::Error| format!("cannot be read: {error}");
    // Neither a link nor a pipe may lead elsewhere, or keep us waiting.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = rustix::fs::open(path, flags, Mode::empty()).map_err(|error| match error {
        rustix::io::Errno::LOOP => "is a symbolic link; hand in the file itself".to_owned(),
        error => cannot(error.into()),
    })?;
    let file = File::from(file);
    if !file.metadata().map_err(cannot)?.is_file() {
        return Err("is no regular file".into());
    }
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > limit {
        return Err(format!("more than {} MiB of sources", MAX_BYTES >> 20));
    }
    String::from_utf8(bytes).map_err(|_| "is not UTF-8 text".into())
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    use super::*;

    /// A package with a library and these further files.
    fn package(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        let manifest = ("Cargo.toml", "[package]\nname = 'me'\nedition = '2024'\n");
        for (file, text) in [manifest, ("src/lib.rs", "mod a;")].iter().chain(files) {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }
        folder
    }

    fn refused(folder: &Path) -> String {
        let refusals = Sources::read(folder).expect_err("refused");
        refusals.iter().map(Refusal::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn only_the_librarys_sources_are_taken() {
        let folder = package(&[
            ("src/a.rs", ""),
            ("src/b/c.rs", ""),
            ("src/notes.txt", "x"),
            ("tests/suites.rs", ""),
            ("benches/b.rs", ""),
            ("target/x.rs", ""),
        ]);
        let sources = Sources::read(folder.path()).expect("taken");
        let names: Vec<&str> = sources.files.iter().filter_map(|(file, _)| file.to_str()).collect();
        assert_eq!(names, ["Cargo.toml", "src/a.rs", "src/b/c.rs", "src/lib.rs"]);
    }

    #[test]
    fn what_leads_out_of_the_package_is_refused() {
        let folder = package(&[]);
        symlink("/etc/passwd", folder.path().join("src/a.rs")).expect("linked");
        assert_eq!(refused(folder.path()), "src/a.rs: is a symbolic link; hand in the file itself");
        let folder = package(&[]);
        fs::remove_dir_all(folder.path().join("src")).expect("removed");
        symlink("/etc", folder.path().join("src")).expect("linked");
        assert!(refused(folder.path()).starts_with("src: is no folder of this package"));
        let folder = package(&[]);
        fs::remove_file(folder.path().join("Cargo.toml")).expect("removed");
        symlink("/etc/passwd", folder.path().join("Cargo.toml")).expect("linked");
        assert!(refused(folder.path()).starts_with("Cargo.toml: is a symbolic link"));
    }

    #[test]
    fn what_would_change_the_build_is_refused() {
        let folder = package(&[("build.rs", "fn main() {}"), (".cargo/config.toml", "")]);
        assert_eq!(
            refused(folder.path()),
            "build.rs: build scripts are refused; remove it\n\
             .cargo: a submission does not change how cargo builds; remove it"
        );
    }

    #[test]
    fn what_is_no_plain_text_file_is_refused() {
        let folder = package(&[]);
        fs::write(folder.path().join("src/a.rs"), [0xff, 0xfe]).expect("written");
        assert_eq!(refused(folder.path()), "src/a.rs: is not UTF-8 text");
        let folder = package(&[]);
        let name = std::ffi::OsStr::from_bytes(b"bad\xff.rs");
        fs::write(folder.path().join("src").join(name), "").expect("written");
        assert!(refused(folder.path()).ends_with("the name of a source file is plain text"));
        let folder = package(&[("src/a\nb.rs", "")]);
        assert_eq!(refused(folder.path()), "src/a\\nb.rs: the name of a source file is plain text");
    }

    #[test]
    fn a_package_without_a_library_is_refused() {
        let folder = package(&[("src/main.rs", "")]);
        fs::remove_file(folder.path().join("src/lib.rs")).expect("removed");
        assert_eq!(refused(folder.path()), "src/lib.rs: is missing: a submission is a library");
    }

    #[test]
    fn more_than_a_lab_needs_is_refused() {
        let folder = package(&[]);
        let long = "//".repeat(5 << 20);
        fs::write(folder.path().join("src/a.rs"), long).expect("written");
        assert_eq!(refused(folder.path()), "src/a.rs: more than 8 MiB of sources");
    }
}
