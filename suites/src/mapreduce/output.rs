//! The output of a job: what it must be, and what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

use contracts::mapreduce::{Application, Error, Listed, bucket, output_file};

/// How many lines of a difference are shown.
const SHOWN_LINES: usize = 5;
/// How much of a line is shown, in characters.
const SHOWN_CHARS: usize = 80;

/// The lines of each output file that is there, sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output(BTreeMap<u32, Vec<String>>);

impl Output {
    /// What `app` makes of `inputs`, each the name of a file and its text: by a plain run in memory.
    pub(super) fn expected(
        app: &dyn Application,
        inputs: &[(String, String)],
        reduces: u32,
    ) -> Result<Self, Error> {
        let mut values = BTreeMap::<String, Vec<String>>::new();
        for (file, contents) in inputs {
            app.map(file, contents, &mut |key, value| {
                values.entry(key.to_owned()).or_default().push(value.to_owned());
            })?;
        }
        let mut lines: BTreeMap<u32, Vec<String>> =
            (0..reduces).map(|reduce| (reduce, Vec::new())).collect();
        for (key, values) in &values {
            let line = format!("{key} {}", app.reduce(key, &mut Listed::new(values))?);
            lines.entry(bucket(key, reduces)).or_default().push(line);
        }
        for lines in lines.values_mut() {
            lines.sort();
        }
        Ok(Self(lines))
    }

    /// What is in `folder`: `mr-out-0` to `mr-out-(reduces - 1)`, as far as they are there.
    pub(super) fn read(folder: &Path, reduces: u32) -> io::Result<Self> {
        let mut files = BTreeMap::new();
        for reduce in 0..reduces {
            let text = match fs::read(folder.join(output_file(reduce))) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                bytes => bytes?,
            };
            let text = String::from_utf8_lossy(&text);
            let mut lines: Vec<String> = text.split_inclusive('\n').map(marked).collect();
            lines.sort();
            files.insert(reduce, lines);
        }
        Ok(Self(files))
    }

    /// How `self`, which is there, differs from `expected`: in words; none when it does not. A file that
    /// has no line need not be there.
    pub(super) fn difference(&self, expected: &Self) -> Option<String> {
        if self.filled().eq(expected.filled()) {
            return None;
        }
        let (seen, due) = (self.union(), expected.union());
        let missing: Vec<_> = due.difference(&seen).copied().collect();
        let strange: Vec<_> = seen.difference(&due).copied().collect();
        let mut text = String::new();
        if missing.is_empty() && strange.is_empty() {
            text.push_str(&self.misplaced(expected));
        }
        list(&mut text, "missing", &missing);
        list(&mut text, "not expected", &strange);
        Some(text)
    }

    /// A file that is there and is not as in `whole`; none when all are.
    pub(super) fn part_of(&self, whole: &Self) -> Option<String> {
        let other = |(reduce, lines): &(&u32, &Vec<String>)| whole.0.get(reduce) != Some(*lines);
        self.0.iter().find(other).map(|(&reduce, _)| output_file(reduce))
    }

    fn filled(&self) -> impl Iterator<Item = (&u32, &Vec<String>)> {
        self.0.iter().filter(|(_, lines)| !lines.is_empty())
    }

    fn union(&self) -> BTreeSet<&str> {
        self.0.values().flatten().map(String::as_str).collect()
    }

    /// A line that is in another file than expected, or more often than once.
    fn misplaced(&self, expected: &Self) -> String {
        for (reduce, lines) in &self.0 {
            let due = expected.0.get(reduce);
            let found = lines.iter().find(|line| due.is_none_or(|due| !due.contains(line)));
            if let Some(line) = found {
                let right = expected.0.iter().find(|(_, lines)| lines.contains(line));
                let right = right.map_or_else(String::new, |(&reduce, _)| output_file(reduce));
                let file = output_file(*reduce);
                return format!("`{}` is in {file} and belongs in {right}", short(line));
            }
        }
        "a line is there more than once".into()
    }
}

/// A line without its end; one that has none says so.
fn marked(line: &str) -> String {
    match line.strip_suffix('\n') {
        Some(whole) => whole.to_owned(),
        None => format!("{line} (without a line break)"),
    }
}

fn list(text: &mut String, what: &str, lines: &[&str]) {
    if lines.is_empty() {
        return;
    }
    if !text.is_empty() {
        text.push_str("; ");
    }
    let shown: Vec<String> =
        lines.iter().take(SHOWN_LINES).map(|line| format!("`{}`", short(line))).collect();
    let plural = if lines.len() == 1 { "line" } else { "lines" };
    let _ = write!(text, "{} {plural} {what}: {}", lines.len(), shown.join(", "));
    if lines.len() > SHOWN_LINES {
        text.push_str(", …");
    }
}

fn short(line: &str) -> String {
    match line.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use contracts::mapreduce::apps::WordCount;

    use super::*;

    fn expected() -> Output {
        let inputs = [("one".into(), "b a b".into()), ("two".into(), "c b".into())];
        Output::expected(&WordCount, &inputs, 10).expect("any text will do")
    }

    /// What a job left that wrote `lines` where the rule of `bucket` puts them, but for `moved`.
    fn left(lines: &[&str], moved: Option<&str>) -> Output {
        let folder = tempfile::tempdir().expect("a folder");
        let mut files = BTreeMap::<u32, String>::new();
        for line in lines {
            let right = bucket(line.split(' ').next().expect("a key"), 10);
            let place = if moved == Some(line) { (right + 1) % 10 } else { right };
            let text = files.entry(place).or_default();
            *text += line;
            text.push('\n');
        }
        for (reduce, text) in files {
            fs::write(folder.path().join(output_file(reduce)), text).expect("written");
        }
        Output::read(folder.path(), 10).expect("read")
    }

    #[test]
    fn what_is_expected_is_no_difference() {
        assert_eq!(left(&["c 1", "a 1", "b 3"], None).difference(&expected()), None);
    }

    #[test]
    fn a_difference_shows_lines() {
        assert_eq!(
            left(&["a 1", "b 2"], None).difference(&expected()).as_deref(),
            Some("2 lines missing: `b 3`, `c 1`; 1 line not expected: `b 2`")
        );
        assert_eq!(
            left(&["a 1", "b 3", "c 1", "c 1"], None).difference(&expected()).as_deref(),
            Some("a line is there more than once")
        );
        let moved = left(&["a 1", "b 3", "c 1"], Some("b 3")).difference(&expected());
        let right = output_file(bucket("b", 10));
        assert!(moved.as_ref().is_some_and(|text| text.ends_with(&right)), "{moved:?}");
    }

    #[test]
    fn a_line_must_have_an_end() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("mr-out-3"), "b 3").expect("written");
        let seen = Output::read(folder.path(), 10).expect("read");
        assert!(seen.difference(&expected()).is_some_and(|text| text.contains("without a line")));
        assert_eq!(seen.part_of(&expected()).as_deref(), Some("mr-out-3"));
    }
}
