//! Which modules are reached from a file, and what they mention of other packages.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::mentions::Mentions;
use super::modules::{Module, Package};

/// Renamed imports are followed this far; more would be a circle.
const MOST_RENAMES: usize = 8;

/// Something of another package that is mentioned.
#[derive(Debug)]
pub(super) struct Mention {
    pub(super) file: PathBuf,
    pub(super) line: usize,
    pub(super) path: Vec<String>,
}

/// What a path that is written somewhere means.
enum Meaning {
    /// Something of this package.
    Own(Vec<String>),
    /// Something of another.
    Foreign(Vec<String>),
}

/// What the modules in `file`, and those that they reach, mention of other packages; `None` when no
/// module is in that file.
///
/// # Errors
/// One line that names a file that is reached and cannot be read.
pub(super) fn mentioned_from(
    package: &Package,
    file: &Path,
) -> Result<Option<Vec<Mention>>, String> {
    let is_in_file = |module: &Module| module.file == file;
    let first = package.modules.iter().enumerate().filter(|(_, module)| is_in_file(module));
    let mut waiting: Vec<usize> = first.map(|(index, _)| index).collect();
    if waiting.is_empty() {
        return Ok(None);
    }
    let mut reached = BTreeSet::new();
    let mut mentioned = Vec::new();
    while let Some(index) = waiting.pop() {
        if !reached.insert(index) {
            continue;
        }
        let module = &package.modules[index];
        let mentions = Mentions::of(module.items.as_ref().map_err(String::clone)?);
        for (path, line) in &mentions.paths {
            for meaning in meanings(package, module, &mentions, path) {
                match meaning {
                    Meaning::Own(path) => waiting.extend(package.containing(&path)),
                    Meaning::Foreign(path) => {
                        mentioned.push(Mention { file: module.file.clone(), line: *line, path });
                    }
                }
            }
        }
    }
    Ok(Some(mentioned))
}

/// What `path` may mean in `module`. A name that could have come with the import of everything of
/// something may mean that.
fn meanings(
    package: &Package,
    module: &Module,
    mentions: &Mentions,
    path: &[String],
) -> Vec<Meaning> {
    let path = renamed(mentions, path);
    let Some((first, rest)) = path.split_first() else { return Vec::new() };
    // As in `pub(crate)`, which mentions nothing.
    let is_keyword = |segment: &String| matches!(segment.as_str(), "crate" | "self" | "super");
    if path.iter().all(is_keyword) {
        return Vec::new();
    }
    match first.as_str() {
        "crate" => return vec![Meaning::Own(rest.to_vec())],
        "self" => return vec![Meaning::Own([&module.path, rest].concat())],
        "super" => return vec![Meaning::Own(above(&module.path, &path))],
        _ => {}
    }
    let child = [&module.path[..], &path].concat();
    let is_child = |other: &Module| {
        other.path.len() == module.path.len() + 1 && child.starts_with(&other.path)
    };
    if package.modules.iter().any(is_child) {
        return vec![Meaning::Own(child)];
    }
    let from_globs = mentions.globs.iter().map(|glob| {
        let glob = renamed(mentions, glob);
        [&glob[..], &path].concat()
    });
    let foreign = from_globs.chain([path.clone()]);
    foreign.map(Meaning::Foreign).collect()
}

/// `path` with what the imports call by another name spelt out.
fn renamed(mentions: &Mentions, path: &[String]) -> Vec<String> {
    let mut path = path.to_vec();
    for _ in 0..MOST_RENAMES {
        let Some(import) = path.first().and_then(|first| mentions.imports.get(first)) else {
            break;
        };
        // `use std;` and the like mean themselves.
        if import.first() == path.first() {
            break;
        }
        path = [&import[..], &path[1..]].concat();
    }
    path
}

/// What `path`, which begins with `super`, means in the module `from`.
fn above(from: &[String], path: &[String]) -> Vec<String> {
    let supers = path.iter().take_while(|segment| *segment == "super").count();
    let kept = from.len().saturating_sub(supers);
    [&from[..kept], &path[supers..]].concat()
}
