//! A look at a submission's sources, by the toolchain's formatter and linter, for the suite `style`.
//!
//! Both are confined as the compiler is: what a macro expands to is the submission's code.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use style::{Said, tools};

use super::program::{Workshop, library_arguments, refused, variables};
use super::rustc::{Call, Ended, option};
use super::sources::Sources;
use crate::exit::{Outcome, SETUP, Stop};
use crate::plan::submission::Package;
use crate::process::Line;
use crate::terminal::Activity;

/// Where the sources are in the folder of a look; the rest of it is for what the tools write.
const SOURCE: &str = "source";
/// An empty folder for the linter's settings, which then are its own and not the submission's.
const SETTINGS: &str = "settings";

impl Workshop<'_> {
    /// What is to be said of the style of the submission in `package`.
    ///
    /// # Errors
    /// When it cannot be read, or the tools cannot be run.
    pub(crate) fn look(&self, package: &Package) -> Outcome<style::Outcome> {
        let sources =
            Sources::read(&package.path).map_err(|refusals| refused(package, &refusals))?;
        let uses = self.uses(&sources).map_err(|refusals| refused(package, &refusals))?;
        let failed =
            |error: io::Error| Stop::new(SETUP, format!("cannot look at the sources: {error}"));
        let all = self.toolkit.target().join("grader/programs");
        fs::create_dir_all(&all).map_err(failed)?;
        let place = tempfile::Builder::new().prefix("looking-").tempdir_in(&all).map_err(failed)?;
        let look = Look { workshop: self, sources: &sources, place: place.path() };
        look.write().map_err(failed)?;

        let mut activity = if self.shows {
            Activity::new(format!("looking at `{}`", package.name))
        } else {
            Activity::unseen()
        };
        activity.at("formatting");
        let texts = look.texts();
        let mut formatted = BTreeMap::new();
        for file in texts.keys() {
            formatted.insert(file.clone(), look.format(file)?);
        }
        activity.at("lints");
        let said = Said { formatted, diagnostics: look.lint(&uses)? };
        Ok(style::check(&texts, &said))
    }
}

struct Look<'a> {
    workshop: &'a Workshop<'a>,
    sources: &'a Sources,
    /// Its folder.
    place: &'a Path,
}

impl Look<'_> {
    fn write(&self) -> io::Result<()> {
        let source = self.place.join(SOURCE);
        fs::create_dir(&source)?;
        fs::create_dir(self.place.join(SETTINGS))?;
        self.sources.write(&source)?;
        // Without one here, the nearest above would count, and that is the toolkit's.
        fs::write(
            source.join("rustfmt.toml"),
            self.sources.rustfmt.as_deref().unwrap_or_default(),
        )?;
        fs::write(self.place.join(SETTINGS).join("clippy.toml"), "")
    }

    /// The Rust files by their paths.
    fn texts(&self) -> style::Sources {
        let files = self.sources.files.iter();
        let rust = files.filter(|(file, _)| file.extension().is_some_and(|end| end == "rs"));
        rust.map(|(file, text)| (file.to_string_lossy().into_owned(), text.clone())).collect()
    }

    /// What rustfmt makes of a file, or has against it.
    fn format(&self, file: &str) -> Outcome<Result<String, String>> {
        let path = self.place.join(SOURCE).join(file);
        let text = File::open(&path).map_err(|error| {
            Stop::new(SETUP, format!("cannot read {}: {error}", path.display()))
        })?;
        let arguments = tools::rustfmt(&self.sources.manifest.edition, None);
        let folder = path.parent().unwrap_or(self.place);
        let (mut out, mut err) = (String::new(), String::new());
        let arguments = arguments.into_iter().map(Into::into).collect();
        let call = self.call("rustfmt", folder, arguments, &[]);
        let ended = call.run(Stdio::from(text), self.workshop.interrupt, |line| {
            let (to, line) = match line {
                Line::Out(line) => (&mut out, line),
                Line::Err(line) => (&mut err, line),
            };
            to.push_str(&line);
            to.push('\n');
        })?;
        Ok(match ended {
            Ended::Exited(status) if status.success() => Ok(out),
            Ended::Exited(_) => Err(err),
            Ended::TimedOut => Err("rustfmt was not done in its time".to_owned()),
        })
    }

    /// The lines that clippy has to say, or why it says nothing.
    fn lint(&self, uses: &[(String, PathBuf)]) -> Outcome<Result<String, String>> {
        let sysroot = self.workshop.shelf.compiler.sysroot.clone();
        let mut arguments = library_arguments(self.sources, uses, self.workshop);
        arguments.extend(option("--sysroot", sysroot));
        arguments.extend(option("--emit", "metadata"));
        arguments.extend(option("--out-dir", self.place));
        arguments.extend(tools::clippy().into_iter().map(Into::into));
        let mut variables = variables(&self.sources.manifest);
        let settings = self.place.join(SETTINGS).to_string_lossy().into_owned();
        variables.push((tools::CONFIG_FOLDER, settings));
        let folder = self.place.join(SOURCE);
        let mut call = self.call("clippy-driver", &folder, arguments, &variables);
        call.reads.extend(uses.iter().map(|(_, file)| file.clone()));
        let mut said = String::new();
        let ended = call.run(Stdio::null(), self.workshop.interrupt, |line| {
            if let Line::Err(line) = line {
                said.push_str(&line);
                said.push('\n');
            }
        })?;
        Ok(match ended {
            Ended::Exited(_) => Ok(said),
            Ended::TimedOut => Err("clippy was not done in its time".to_owned()),
        })
    }

    fn call<'a>(
        &'a self,
        tool: &'a str,
        folder: &'a Path,
        arguments: Vec<OsString>,
        variables: &'a [(&'static str, String)],
    ) -> Call<'a> {
        let Workshop { shelf, sandbox, .. } = self.workshop;
        Call {
            tool,
            compiler: &shelf.compiler,
            sandbox,
            folder,
            output: self.place,
            libraries: &shelf.folder,
            reads: Vec::new(),
            arguments,
            variables,
        }
    }
}
