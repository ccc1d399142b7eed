//! Which build a process is.
//!
//! Coordinator and workers of a job must be the same program: another build may map, reduce or write
//! intermediate files in another way, and nobody would notice. So a build is known by the bytes of its
//! executable and not by a version that somebody has to remember to change.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::OnceLock;

use xxhash_rust::xxh3::Xxh3;

use crate::error::{About, Error, Result};

/// The hash of this process's executable.
pub(crate) fn identity() -> Result<u64> {
    static IDENTITY: OnceLock<u64> = OnceLock::new();
    if let Some(identity) = IDENTITY.get() {
        return Ok(*identity);
    }
    let (file, path) = executable()?;
    let identity = hash(file).about("read", &path)?;
    Ok(*IDENTITY.get_or_init(|| identity))
}

/// The executable. Its path may lead to a newer build meanwhile, or nowhere; `/proc` knows better.
fn executable() -> Result<(File, PathBuf)> {
    let path = PathBuf::from("/proc/self/exe");
    if let Ok(file) = File::open(&path) {
        return Ok((file, path));
    }
    let unknown = |error| Error::Other(format!("cannot tell which program this is: {error}"));
    let path = std::env::current_exe().map_err(unknown)?;
    let file = File::open(&path).about("read", &path)?;
    Ok((file, path))
}

fn hash(mut file: File) -> io::Result<u64> {
    let mut hash = Xxh3::new();
    let mut bytes = vec![0; 256 * 1024];
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok(hash.digest()),
            read => hash.update(&bytes[..read]),
        }
    }
}
