//! Nonces and fresh seeds, from the operating system.

use std::fmt::Write;
use std::fs::File;
use std::io::{self, Read};

/// A nonce that nobody can guess: 32 hexadecimal digits.
///
/// # Errors
/// When the system's random device cannot be read.
pub fn nonce() -> io::Result<String> {
    let mut text = String::new();
    for byte in random::<16>()? {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

/// A fresh seed.
///
/// # Errors
/// When the system's random device cannot be read.
pub fn seed() -> io::Result<u64> {
    random().map(u64::from_le_bytes)
}

fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes)
}
