//! Every suite on the reference, one process a test: what a student's package has, too.

fn main() -> std::process::ExitCode {
    harness::main(reference::submission)
}
