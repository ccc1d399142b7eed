#!/usr/bin/env bash
# Makes the image of the autograder: installs Rust and builds the grader, once. The base image must be Ubuntu 24.04 or
# later, or Debian 13 or later, or have Rust {{ rust_version }}.
set -euo pipefail

root=${AUTOGRADER_ROOT:-/autograder}

if ! command -v cargo > /dev/null; then
    apt-get update
    apt-get install -y --no-install-recommends build-essential ca-certificates rustup
    rustup default {{ rust_version }}
fi

mkdir -p "$root/toolkit"
tar xzf "$root/source/toolkit.tar.gz" -C "$root/toolkit"
cargo build --release --manifest-path "$root/toolkit/grader/Cargo.toml"

# What all submissions are linked with takes minutes to build. It is built here, so that grading takes seconds.
grader=$root/toolkit/target/release/grader
warm=$(mktemp -d)
"$grader" new {{ lab }} "$warm/warm"
"$grader" list --submission "$warm/warm" > "$root/source/tests.txt"
rm -rf "$warm"
