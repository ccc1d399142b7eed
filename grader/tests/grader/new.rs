//! `grader new` and `grader link`: what is made, what is refused, and a command that was installed where there is
//! no clone of the toolkit.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use snapbox::cmd::Command;
use snapbox::{IntoData, str};

use crate::{Desk, program};

/// The files below `folder`, sorted; a link is followed by what it leads to.
fn tree(folder: &Path) -> String {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(folder).expect("inside").display().to_string();
            if path.is_symlink() {
                found.push(format!("{name} -> the toolkit"));
            } else if path.is_dir() {
                open.push(path);
            } else {
                found.push(name);
            }
        }
    }
    found.sort();
    found.join("\n") + "\n"
}

fn refused(command: Command, code: i32, why: impl IntoData) {
    command.assert().code(code).stdout_eq("").stderr_eq(why);
}

#[test]
fn a_package_for_each_lab() {
    let desk = Desk::new();
    desk.bare("new raft my-raft").assert().success().stderr_eq("").stdout_eq(str![[r#"
made the package `my-raft`; begin with its README.md, and see what there is to do:

    cd my-raft
    grader run --suite part1

"#]]);
    snapbox::assert_data_eq!(
        tree(&desk.path("my-raft")),
        str![[r#"
.gitignore
Cargo.lock
Cargo.toml
README.md
clippy.toml
src/lib.rs
src/raft/election.rs
src/raft/internals.rs
src/raft/mod.rs
src/raft/persist.rs
src/raft/replication.rs
src/raft/server.rs
src/raft/state.rs
src/raft/timing.rs
tests/suites.rs
toolkit -> the toolkit

"#]]
    );
    for lab in ["weather", "bank", "mapreduce", "all"] {
        let words = format!("new {lab} my-{lab} --name other");
        desk.bare(&words).assert().success();
        let package = desk.path(&format!("my-{lab}"));
        let manifest = fs::read_to_string(package.join("Cargo.toml")).expect("a manifest");
        assert!(manifest.contains("name = \"other\""), "{manifest}");
        assert!(package.join("toolkit/contracts/Cargo.toml").is_file());
    }
    snapbox::assert_data_eq!(
        fs::read_to_string(desk.path("my-all/README.md")).expect("a page"),
        snapbox::Data::read_from(&crate::fixture("scaffold-readme.md"), None).raw()
    );
}

#[test]
fn the_sources_are_as_rustfmt_has_them() {
    let desk = Desk::new();
    desk.bare("new all labs").assert().success();
    let sources = ["src/lib.rs", "tests/suites.rs"].map(|file| desk.path("labs").join(file));
    let rustfmt = std::process::Command::new("rustfmt")
        .args(["--edition", "2024", "--check"])
        .args(sources)
        .output()
        .expect("rustfmt, which comes with the toolchain");
    assert!(rustfmt.status.success(), "{}", String::from_utf8_lossy(&rustfmt.stdout));
}

#[test]
fn an_empty_folder_will_do() {
    let desk = Desk::new();
    fs::create_dir(desk.path("my-bank")).expect("made");
    desk.bare("new bank .").current_dir(desk.path("my-bank")).assert().success();
    assert!(desk.path("my-bank/src/bank/mod.rs").is_file());
    assert_eq!(crate::files(desk.path("my-bank").as_path()).len(), 8);
}

#[test]
fn files_for_a_courses_machines() {
    let desk = Desk::new();
    desk.bare("new bank my-bank --ci github,gitlab --ci gradescope").assert().success();
    let read = |file: &str| fs::read_to_string(desk.path("my-bank").join(file)).expect("a file");
    assert!(read(".github/workflows/grade.yml").contains("${{ hashFiles('ci/grader.tar.gz') }}"));
    assert!(read(".gitlab-ci.yml").contains("grader run --suite bank --count 20"));
    assert!(desk.path("my-bank/ci/grader.tar.gz").is_file());
    let zip = fs::File::open(desk.path("my-bank/autograder.zip")).expect("a file");
    let mut zip = zip::ZipArchive::new(zip).expect("a zip");
    let files: Vec<_> = (0..zip.len())
        .map(|index| {
            let file = zip.by_index(index).expect("a file");
            (
                file.name().expect("a name").into_owned(),
                file.unix_mode().is_some_and(|mode| mode & 0o111 != 0),
            )
        })
        .collect();
    let expected = [
        ("setup.sh", true),
        ("run_autograder", true),
        ("grader.toml", false),
        ("toolkit.tar.gz", false),
    ];
    assert_eq!(files, expected.map(|(name, runs)| (name.to_owned(), runs)));
}

#[test]
fn what_is_refused_leaves_nothing() {
    let desk = Desk::new();
    fs::create_dir(desk.path("full")).expect("made");
    desk.write("full/file", "");
    desk.write("file", "");
    let before = crate::files(&desk.path(""));
    refused(
        desk.bare("new rafd my-raft"),
        2,
        str![[r#"
error: invalid value 'rafd' for '<LAB>': no lab of that name (did you mean `raft`?); there are raft, weather, bank, mapreduce, all

"#]],
    );
    refused(
        desk.bare("new raft my-raft --ci jenkins"),
        2,
        str![[r#"
error: invalid value 'jenkins' for '--ci <WHERE>': expected one of github, gitlab, gradescope

"#]],
    );
    refused(
        desk.bare("new raft full"),
        2,
        str![[r#"
error: full is not empty; name a new folder

"#]],
    );
    refused(
        desk.bare("new raft file"),
        2,
        str![[r#"
error: file is there and is no folder; name a new one

"#]],
    );
    refused(
        desk.bare("new raft no/where"),
        2,
        str![[r#"
error: cannot make no/where: there is no folder no

"#]],
    );
    refused(
        desk.bare("new raft 385"),
        2,
        str![[r#"
error: `385` cannot be the name of a package: it begins with a letter from a to z; name another with --name

"#]],
    );
    refused(
        desk.bare("new raft my-raft --name harness"),
        2,
        str![[r#"
error: `harness` cannot be the name of a package: that word is taken

"#]],
    );
    let mut left = crate::files(&desk.path(""));
    left.retain(|file| !before.contains(file));
    assert_eq!(left, [""; 0]);
}

#[test]
fn a_folder_that_takes_nothing() {
    // The kernel itself takes no folder there, whoever asks.
    refused(
        Desk::new().bare("new raft /proc/my-raft"),
        110,
        str![[r#"
error: cannot make /proc/my-raft: No such file or directory (os error 2) at path "/proc/[..]"

"#]],
    );
}

#[test]
fn a_link_is_made_anew() {
    let desk = Desk::new();
    desk.bare("new raft my-raft").assert().success();
    let link = desk.path("my-raft/toolkit");
    fs::remove_file(&link).expect("removed");
    std::os::unix::fs::symlink("/nowhere", &link).expect("linked");
    desk.bare("link my-raft").assert().success().stdout_eq(str![[r#"
`my-raft` uses the toolkit in [..]

"#]]);
    assert!(link.join("harness/Cargo.toml").is_file());
    assert_eq!(crate::files(&desk.path("my-raft")).len(), 8, "nothing else is left");

    fs::remove_file(&link).expect("removed");
    fs::create_dir(&link).expect("made");
    refused(
        desk.bare("link my-raft"),
        2,
        str![[r#"
error: [..]/my-raft/toolkit is no link; move it away, so that there can be one to the toolkit

"#]],
    );
    refused(
        desk.bare("link"),
        2,
        str![[r#"
error: no submission in [..]: cannot read its Cargo.toml: No such file or directory (os error 2)

"#]],
    );
}

/// The command, as if it had been installed: it does not lie in the workspace.
fn installed(desk: &Desk, words: &str) -> Command {
    let own = desk.path("bin/grader");
    if !own.exists() {
        fs::create_dir(desk.path("bin")).expect("made");
        fs::copy(program(), &own).expect("copied");
    }
    Command::new(own)
        .current_dir(desk.path(""))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", desk.path("home"))
        .args(words.split_whitespace())
}

/// The toolkit that it unpacked.
fn unpacked(desk: &Desk) -> PathBuf {
    let all = desk.path("home/.local/share/grader");
    let [only] = crate::files(&all).try_into().expect("one version");
    all.join(only)
}

#[test]
fn an_installed_command_brings_its_toolkit() {
    let desk = Desk::new();
    installed(&desk, "new raft my-raft").assert().success();
    let toolkit = unpacked(&desk);
    assert_eq!(fs::read_link(desk.path("my-raft/toolkit")).expect("a link"), toolkit);
    assert!(toolkit.join("harness/src/lib.rs").is_file());
    for solution in ["raft", "weather", "bank", "mapreduce", "reference", "fixtures"] {
        assert!(!toolkit.join(solution).exists(), "{solution}");
    }
    assert!(!toolkit.join("suites/tests").exists());

    let whole = fs::read(toolkit.join("harness/src/lib.rs")).expect("a file");
    fs::remove_file(toolkit.join("harness/src/lib.rs")).expect("removed");
    installed(&desk, "link my-raft").assert().success();
    assert_eq!(fs::read(toolkit.join("harness/src/lib.rs")).expect("a file"), whole);
}

#[test]
fn an_installed_command_says_what_it_lacks() {
    let desk = Desk::new();
    refused(
        installed(&desk, "run"),
        2,
        str![[r#"
error: no submission here: [..] has no package that depends on `contracts`; name one with -S DIR, or `grader new raft my-raft` makes one

"#]],
    );
    desk.write("file", "");
    refused(
        installed(&desk, "new raft my-raft").env("XDG_DATA_HOME", desk.path("file")),
        96,
        str![[r#"
error: cannot unpack the toolkit to [..]/file/grader/toolkit-[..]: Not a directory (os error 20)

"#]],
    );
    assert!(!desk.path("my-raft").exists());
}

#[test]
fn what_is_made_is_for_its_owner_and_whoever_may_read() {
    let desk = Desk::new();
    desk.bare("new bank my-bank").assert().success();
    let mode = |path: &str| desk.path(path).metadata().expect("there").permissions().mode();
    fs::create_dir(desk.path("plain")).expect("made");
    assert_eq!(mode("my-bank"), mode("plain"), "as any new folder");
}

/// All labs, made, built with the real toolkit and graded. The suites are compiled into the workspace's own
/// target folder, where they are already once a clone has graded anything.
#[test]
fn a_new_package_is_graded_and_nothing_of_it_is_implemented() {
    let desk = Desk::new();
    desk.bare("new all labs").assert().success();
    let target = program().ancestors().nth(2).expect("target/PROFILE/grader");
    let grader = |words: &str| {
        let mut command = desk.bare(words).env("CARGO_TARGET_DIR", target);
        for name in ["HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"] {
            if let Some(value) = std::env::var_os(name) {
                command = command.env(name, value);
            }
        }
        command.current_dir(desk.path("labs"))
    };
    let suites = "part1,p2unit,part2,part3,part4,4a,4b,raft-plus,weather,bank,mapreduce";
    grader(&format!("run --suite {suites} --json ../report.json")).assert().code(100);
    let report = crate::read_json(&desk.path("report.json"));
    assert_eq!(report["submission"]["name"], "labs");
    let totals = &report["totals"];
    assert_eq!(totals["not_implemented"], totals["tests"], "{totals}");
    assert!(totals["tests"].as_u64() > Some(100), "{totals}");
    let tests = report["suites"].as_array().expect("suites").iter();
    let tests = tests.flat_map(|suite| suite["tests"].as_array().expect("tests"));
    for test in tests {
        let place = test["failures"][0]["location"].as_str().unwrap_or_default();
        assert!(place.starts_with("src/") && place.contains(".rs:"), "{test:#}");
        assert_eq!(test["warnings"], serde_json::json!([]), "{test:#}");
    }
    grader("replay ../report.json --test bank/few").assert().success();
}
