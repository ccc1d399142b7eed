//! Packs the toolkit into the command, so that the command works where there is no clone of it.

#[path = "build/pack.rs"]
mod pack;

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use flate2::{Compression, GzBuilder};

fn main() -> io::Result<()> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join("..");
    let pack = pack::Pack::of(&root)?;
    for source in &pack.sources {
        println!("cargo::rerun-if-changed={}", source.display());
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    fs::write(out.join("toolkit.tar.gz"), archive(&pack)?)
}

/// The files as a compressed archive, which is the same for the same files.
fn archive(pack: &pack::Pack) -> io::Result<Vec<u8>> {
    let mut tar = tar::Builder::new(GzBuilder::new().write(Vec::new(), Compression::default()));
    for (path, contents) in &pack.files {
        let mut header = tar::Header::new_ustar();
        header.set_size(contents.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(1);
        tar.append_data(&mut header, path, contents.as_slice())?;
    }
    tar.into_inner()?.finish()
}
