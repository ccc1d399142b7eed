//! The suites of the labs, test by test: `cargo test`, `cargo test part1`, `cargo nextest run`.

fn main() -> std::process::ExitCode {
    harness::main({{ library }}::submission)
}
