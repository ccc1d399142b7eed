//! All files of a new package.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, Value, context};

use super::lab::{CRATES, Lab, Labs};

/// A file of a package, or of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// Its path within the package.
    pub(crate) path: String,
    /// What is in it.
    pub(crate) contents: Vec<u8>,
    /// Whether it is a program.
    pub(crate) executable: bool,
}

impl File {
    /// A file that holds data.
    pub(crate) fn new(path: impl Into<String>, contents: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), contents: contents.into(), executable: false }
    }

    /// A file that holds a program.
    pub(crate) fn program(path: impl Into<String>, contents: impl Into<Vec<u8>>) -> Self {
        Self { executable: true, ..Self::new(path, contents) }
    }
}

/// What a new package is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draft<'a> {
    /// The labs that it is for.
    pub(crate) labs: Labs,
    /// Its name.
    pub(crate) name: &'a str,
    /// The toolkit's `Cargo.lock`: everybody builds with the same versions.
    pub(crate) lock: &'a [u8],
}

impl Draft<'_> {
    /// Its files.
    pub(crate) fn files(&self) -> Vec<File> {
        let mut files = vec![
            File::new("Cargo.toml", self.render(include_str!("../../templates/common/Cargo.toml"))),
            File::new("Cargo.lock", self.lock),
            File::new("README.md", self.render(include_str!("../../templates/common/README.md"))),
            File::new(".gitignore", include_str!("../../templates/common/gitignore")),
            File::new("clippy.toml", include_str!("../../templates/common/clippy.toml")),
            File::new("src/lib.rs", self.render(include_str!("../../templates/common/lib.rs"))),
        ];
        let suites = self.render(include_str!("../../templates/common/suites.rs"));
        files.push(File::new("tests/suites.rs", suites));
        for lab in self.labs.each() {
            let path = |name| format!("src/{}/{name}", lab.name);
            files.extend(lab.files.iter().map(|(name, text)| File::new(path(name), *text)));
        }
        files
    }

    /// Fills a template in.
    pub(crate) fn render(&self, template: &str) -> String {
        let mut engine = Environment::new();
        engine.set_undefined_behavior(UndefinedBehavior::Strict);
        // A tag on a line of its own leaves nothing behind, and a file ends as its template does.
        let syntax = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build();
        engine.set_syntax(syntax.expect("the usual delimiters"));
        let text = engine.render_str(template, self.values());
        text.expect("the templates name what there is")
    }

    fn values(&self) -> Value {
        let lab = |lab: &'static Lab| context! { readme => lab.readme };
        let suites: Vec<&str> = self.labs.suites().collect();
        let mut modules: Vec<&str> = self.labs.each().map(|lab| lab.name).collect();
        modules.sort_unstable();
        context! {
            name => self.name,
            lab => self.labs.name(),
            library => self.name.replace('-', "_"),
            title => self.labs.title(),
            labs => self.labs.each().map(lab).collect::<Vec<Value>>(),
            modules,
            calls => self.labs.each().flat_map(|lab| lab.calls).copied().collect::<Vec<&str>>(),
            dependencies => self.dependencies(),
            suite => self.labs.first_suite(),
            suites,
            rust_version => env!("CARGO_PKG_RUST_VERSION"),
        }
    }

    /// Lines for `Cargo.toml`.
    fn dependencies(&self) -> Vec<String> {
        let wanted = |name: &str| self.labs.each().any(|lab| lab.crates.contains(&name));
        let crates = CRATES.iter().filter(|(name, _)| wanted(name));
        crates.map(|(name, line)| format!("{name} = {line}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use toml::Table;

    use super::*;

    const LABS: [&str; 5] = ["raft", "weather", "bank", "mapreduce", "all"];

    fn draft(labs: &str) -> Vec<File> {
        let labs = labs.parse().expect("a lab");
        Draft { labs, name: "my-lab", lock: b"" }.files()
    }

    fn text(files: &[File], path: &str) -> String {
        let file = files.iter().find(|file| file.path == path).expect("a file of that name");
        String::from_utf8(file.contents.clone()).expect("a text")
    }

    #[test]
    fn every_template_is_in_use() {
        let files = draft("all");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        for lab in &LABS[..4] {
            let used: BTreeSet<String> = files
                .iter()
                .filter_map(|file| file.path.strip_prefix(&format!("src/{lab}/")))
                .map(str::to_owned)
                .collect();
            let there: BTreeSet<String> = root
                .join(lab)
                .read_dir()
                .expect("a folder")
                .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
                .filter(|name| name != "README.md")
                .collect();
            assert_eq!(used, there, "{lab}");
        }
    }

    #[test]
    fn a_manifest_is_one_and_names_the_package() {
        for labs in LABS {
            let files = draft(labs);
            let manifest: Table = text(&files, "Cargo.toml").parse().expect("a manifest");
            assert_eq!(manifest["package"]["name"].as_str(), Some("my-lab"));
            assert!(manifest["dependencies"].get("contracts").is_some());
            assert!(text(&files, "tests/suites.rs").contains("my_lab::submission"));
        }
    }

    #[test]
    fn the_same_is_banned_as_in_the_toolkit() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../clippy.toml");
        let toolkit: Table =
            std::fs::read_to_string(root).expect("a file").parse().expect("settings");
        let package: Table = text(&draft("raft"), "clippy.toml").parse().expect("settings");
        assert_eq!(package, toolkit);
    }
}
