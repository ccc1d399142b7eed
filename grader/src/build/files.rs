//! Files that are there whole or not at all, whoever else writes them at the same time.

use std::io::{self, Write};
use std::path::Path;

/// Writes `contents` to `file` unless they are there already, since cargo compares times; whether it did.
pub(crate) fn write_if_changed(file: &Path, contents: impl AsRef<[u8]>) -> io::Result<bool> {
    if std::fs::read(file).is_ok_and(|old| old == contents.as_ref()) {
        return Ok(false);
    }
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(contents.as_ref())?;
    new.persist(file)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_only_what_changed() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        assert!(write_if_changed(&file, "one").expect("written"));
        assert!(!write_if_changed(&file, "one").expect("read"));
        assert!(write_if_changed(&file, "two").expect("written"));
        assert_eq!(std::fs::read_to_string(&file).expect("read"), "two");
    }
}
