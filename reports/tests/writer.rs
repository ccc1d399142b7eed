//! Reports are found unwritable before the runs, and are whole or absent.

use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use reports::Writer;

/// The message of opening `name` in `folder`, without the folder.
fn open_error(folder: &Path, name: &str) -> String {
    let error = Writer::open(&folder.join(name)).unwrap_err();
    error.to_string().replace(&folder.display().to_string(), "DIR")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn opening_leaves_nothing_behind_and_writing_leaves_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.json");
    let writer = Writer::open(&path).unwrap();
    assert_eq!(names(folder.path()), [""; 0]);
    writer.write(b"one").unwrap();
    writer.write(b"two").unwrap();
    assert_eq!(names(folder.path()), ["report.json"]);
    assert_eq!(fs::read(&path).unwrap(), b"two");
}

#[test]
fn opening_does_not_touch_an_old_report() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.json");
    fs::write(&path, "old").unwrap();
    Writer::open(&path).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"old");
}

#[test]
fn says_why_a_report_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("file"), "").unwrap();
    assert_snapshot!(open_error(folder, "no/such/report.json"), @"cannot write the report DIR/no/such/report.json: there is no folder DIR/no/such");
    assert_snapshot!(open_error(folder, ""), @"cannot write the report DIR/: is a directory");
    assert_snapshot!(open_error(folder, "file/report.json"), @"cannot write the report DIR/file/report.json: Not a directory (os error 20)");
}

#[test]
fn dash_is_standard_output() {
    assert!(Writer::open(Path::new("-")).unwrap().is_stdout());
    assert!(!Writer::open(Path::new("/dev/null")).unwrap().is_stdout());
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_device_is_written_through_and_stays_a_device() {
        Writer::open(Path::new("/dev/null")).unwrap().write(b"report").unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        symlink("file", &link).unwrap();
        Writer::open(&link).unwrap().write(b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"new");
    }

    #[test]
    fn permissions_are_those_of_any_file() {
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let (ours, other) = (folder.path().join("ours"), folder.path().join("other"));
        fs::write(&other, "").unwrap();
        Writer::open(&ours).unwrap().write(b"new").unwrap();
        assert_eq!(mode(&ours), mode(&other));
        fs::set_permissions(&other, fs::Permissions::from_mode(0o640)).unwrap();
        Writer::open(&other).unwrap().write(b"new").unwrap();
        assert_eq!(mode(&other), 0o640);
    }
}
