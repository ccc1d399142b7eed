//! A toolkit that is small enough to build in a test. Its harness speaks the protocol, and the name that a
//! submission gives itself says how its runs end.

use std::fs;
use std::path::Path;

use snapbox::cmd::Command;

use crate::Desk;

const CONTRACTS: &str = "pub struct Submission(pub &'static str);
impl Submission { pub fn new(name: &'static str) -> Self { Self(name) } }";

const HARNESS: &str = r###"
use std::process::ExitCode;

pub fn graded(
    submission: fn() -> contracts::Submission,
    sources: &[(&str, &str)],
) -> ExitCode {
    let name = submission().0;
    if std::env::var_os("LAB_HARNESS_RUN").is_some() {
        return run(name);
    }
    let sources: Vec<&str> = sources.iter().map(|(file, _)| *file).collect();
    let test = |suite: &str, id: &str, points: u32| format!(
        r##"{{"id":"{suite}/{id}","course_name":"Test{id}","description":"{}","steps":[],"points":{points},
        "limits":{{}}}}"##, sources.join(" "));
    let suites: Vec<String> = "SUITES".split(',').map(|suite| format!(
        r##"{{"id":"{suite}","title":"Suite","course":"C","budget_s":10,"implemented":true,"tests":[{},{}]}}"##,
        test(suite, "one", 1), test(suite, "two", 3))).collect();
    println!(r##"{{"protocol":4,"submission":"{name}","suites":[{}]}}"##, suites.join(","));
    ExitCode::SUCCESS
}

/// One run, which ends as the submission's name says.
fn run(name: &str) -> ExitCode {
    let mut request = String::new();
    std::io::stdin().read_line(&mut request).unwrap();
    let field = |name: &str| {
        let start = request.find(&format!("\"{name}\":")).unwrap() + name.len() + 3;
        let value = request[start..].trim_start_matches('"');
        value[..value.find(['"', ',', '}']).unwrap()].to_owned()
    };
    let even = field("seed").ends_with(['0', '2', '4', '6', '8']);
    let one = field("test").ends_with("/one");
    let failure = match name {
        "exits" => std::process::exit(0),
        "slow" => { std::thread::sleep(std::time::Duration::from_millis(300)); None }
        "bad" => Some("check"),
        "half" if one => Some("check"),
        "flaky" if one && even => Some("check"),
        "loops" => Some("endless-loop"),
        _ => None,
    };
    let verdict = match failure {
        None => r#""pass""#.to_owned(),
        Some(kind) => format!(r#""fail","failure":{{"kind":"{kind}","message":"it {kind}s"}}"#),
    };
    let (nonce, test, seed, clock) = (field("nonce"), field("test"), field("seed"), field("clock"));
    let echo = format!(r#""nonce":"{nonce}","test":"{test}","seed":{seed},"clock":"{clock}""#);
    let times = r#""virtual_s":1.5,"wall_s":0.001,"cpu_s":0.001,"servers":3,"rpcs":20,"bytes":1000"#;
    let rest = r#""commits":5,"steps":100,"trace_hash":"0000000000000007""#;
    println!(r#"{{"protocol":4,{echo},"verdict":{verdict},{times},{rest}}}"#);
    ExitCode::from(u8::from(failure.is_some()))
}
"###;

/// Writes a library package.
fn package(folder: &Path, manifest: &str, lib: &str) {
    fs::create_dir_all(folder.join("src")).expect("a folder");
    fs::write(folder.join("Cargo.toml"), manifest).expect("written");
    fs::write(folder.join("src/lib.rs"), lib).expect("written");
}

fn manifest(name: &str, more: &str) -> String {
    format!("[package]\nname = '{name}'\nversion = '0.1.0'\nedition = '2024'\n{more}\n")
}

/// Writes a submission of this package name with this library.
pub(crate) fn write_submission(folder: &Path, name: &str, lib: &str) {
    let contracts = "[dependencies]\ncontracts = { path = '../toolkit/contracts' }";
    package(folder, &manifest(name, contracts), lib);
}

/// The library of a submission whose runs end in this way.
pub(crate) fn library(way: &str) -> String {
    format!(
        "pub fn submission() -> contracts::Submission {{\n    contracts::Submission(\"{way}\")\n}}\n"
    )
}

/// A desk with a toolkit whose one suite is `s`.
pub(crate) fn desk_with_toolkit() -> Desk {
    desk_with_suites("s")
}

/// A desk with a toolkit that has these suites.
pub(crate) fn desk_with_suites(suites: &str) -> Desk {
    let desk = Desk::new();
    let toolkit = desk.path("toolkit");
    let members = "[workspace]\nresolver = '3'\n\
                   members = ['contracts', 'harness', 'shelf', 'reference', 'extra']";
    package(&toolkit, members, "");
    let contracts = "[dependencies]\ncontracts = { path = '../contracts' }";
    package(&toolkit.join("contracts"), &manifest("contracts", ""), CONTRACTS);
    package(
        &toolkit.join("harness"),
        &manifest("harness", contracts),
        &HARNESS.replace("SUITES", suites),
    );
    package(&toolkit.join("shelf"), &manifest("shelf", contracts), "");
    package(&toolkit.join("extra"), &manifest("extra", ""), "pub const NAME: &str = \"extra\";");
    package(&toolkit.join("reference"), &manifest("reference", contracts), &library("model"));
    desk
}

/// `grader WORDS`, with that toolkit, and with what cargo needs.
pub(crate) fn grader(desk: &Desk, words: &str) -> Command {
    let mut command = desk.bare(words);
    for (name, value) in variables(desk) {
        command = command.env(name, value);
    }
    command
}

/// The variables that `grader` needs for that toolkit, besides those of the desk.
pub(crate) fn variables(desk: &Desk) -> Vec<(String, std::ffi::OsString)> {
    let cargo = ["HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"];
    let cargo = cargo.iter().filter_map(|name| Some(((*name).to_owned(), std::env::var_os(name)?)));
    cargo.chain([("GRADER_TOOLKIT".to_owned(), desk.path("toolkit").into_os_string())]).collect()
}
