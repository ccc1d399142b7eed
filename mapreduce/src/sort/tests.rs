//! What a collector and a merge give, whatever goes in and however little memory there is.

use std::collections::BTreeMap;
use std::path::Path;

use contracts::mapreduce::{Values, bucket};
use proptest::prelude::*;

use super::collector::Collector;
use super::groups::Groups;
use super::merge::{FAN_IN, Merge};
use super::run::{RunReader, RunWriter};
use crate::error::Error;
use crate::files::{Output, Segment};

/// Keys with their values, sorted: they come in no particular order.
type Grouped = Vec<(String, Vec<String>)>;

fn read(runs: Vec<Segment>, scratch: &Path) -> Grouped {
    let mut merge = Merge::open(runs, scratch).expect("runs");
    let (mut grouped, mut key) = (Vec::new(), String::new());
    while merge.next_key(&mut key).expect("a run") {
        let mut values = merge.values();
        let mut all = Vec::new();
        while let Some(value) = values.next() {
            all.push(value.to_owned());
        }
        assert!(values.error().is_none());
        all.sort();
        grouped.push((key.clone(), all));
    }
    grouped
}

fn expected<'a>(pairs: impl IntoIterator<Item = &'a (String, String)>) -> Grouped {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, value) in pairs {
        groups.entry(key.clone()).or_default().push(value.clone());
    }
    for values in groups.values_mut() {
        values.sort();
    }
    groups.into_iter().collect()
}

/// A collector of `pairs` that has `memory` bytes.
fn collector<'a>(
    pairs: &[(String, String)],
    reduces: u32,
    memory: usize,
    scratch: &'a Path,
    groups: &'a mut Groups,
) -> Collector<'a> {
    groups.push(b"of an earlier task", b"");
    let mut collector = Collector::new(reduces, memory, scratch, groups);
    for (key, value) in pairs {
        collector.push(key, value).expect("room");
    }
    collector
}

/// The runs of one reduce task.
fn runs(pairs: &[(String, String)], memory: usize, scratch: &Path) -> Vec<Segment> {
    let mut groups = Groups::default();
    collector(pairs, 1, memory, scratch, &mut groups).into_runs().expect("room")
}

/// Few keys and values, so that they meet; and any text.
fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    let text = prop_oneof!["[ab]{0,2}", "(prefix-of-8)?[xy]{0,3}", any::<String>()];
    prop::collection::vec((text.clone(), text), 0..200)
}

proptest! {
    // Each case writes up to a few hundred files.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_pairs_in_any_memory_come_out_grouped(pairs in pairs(), memory in 0_usize..20_000) {
        let folder = tempfile::tempdir().expect("a folder");
        let runs = runs(&pairs, memory, folder.path());
        prop_assert_eq!(read(runs, folder.path()), expected(&pairs));
    }

    #[test]
    fn each_key_goes_to_its_reduce_task(
        pairs in pairs(),
        memory in 0_usize..20_000,
        reduces in 1_u32..5,
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |reduce: u32| folder.path().join(format!("mr-0-{reduce}"));
        let mut groups = Groups::default();
        let collector = collector(&pairs, reduces, memory, folder.path(), &mut groups);
        collector.write_files(file).expect("room");
        for reduce in 0..reduces {
            let own = pairs.iter().filter(|(key, _)| bucket(key, reduces) == reduce);
            let found = read(vec![Segment::whole(file(reduce))], folder.path());
            prop_assert_eq!(found, expected(own));
        }
    }

}

proptest! {
    #[test]
    fn a_run_is_read_as_it_was_written(
        groups in prop::collection::btree_map(
            any::<String>(),
            prop::collection::vec((any::<String>(), 1..=u64::MAX), 0..5),
            0..20,
        ),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut output = Output::create(folder.path().join("run")).expect("a file");
        let mut writer = RunWriter(&mut output);
        for (key, values) in &groups {
            writer.key(key.as_bytes()).expect("room");
            for (value, count) in values {
                writer.value(value.as_bytes(), *count).expect("room");
            }
            writer.end_key().expect("room");
        }
        let mut run = RunReader::open(Segment::whole(output.finish().expect("room"))).expect("a run");
        for (key, values) in &groups {
            prop_assert!(run.next_key().expect("a key"));
            prop_assert_eq!(run.key(), key);
            for (value, count) in values {
                prop_assert_eq!(run.next_value().expect("a value"), Some(*count));
                prop_assert_eq!(run.value(), value);
            }
            prop_assert_eq!(run.next_value().expect("an end"), None);
        }
        prop_assert!(!run.next_key().expect("an end"));
    }

    /// Whatever a damaged file holds, it is an error or some keys, and no panic.
    #[test]
    fn damage_is_an_error(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("run");
        std::fs::write(&path, bytes).expect("written");
        let mut run = RunReader::open(Segment::whole(path)).expect("a file");
        while let Ok(true) = run.next_key() {}
    }
}

#[test]
fn more_runs_than_can_be_open_are_merged_in_steps() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut pairs = Vec::new();
    let mut all = Vec::new();
    for number in 0..=2 * FAN_IN {
        let own =
            vec![("all".to_owned(), number.to_string()), (number.to_string(), "x".to_owned())];
        let scratch = folder.path().join(number.to_string());
        std::fs::create_dir(&scratch).expect("made");
        all.extend(runs(&own, 1 << 20, &scratch));
        pairs.extend(own);
    }
    assert_eq!(all.len(), 2 * FAN_IN + 1);
    assert_eq!(read(all, folder.path()), expected(&pairs));
}

#[test]
fn many_spills_become_few_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let pairs: Vec<_> =
        (0..3 * FAN_IN).map(|number| (format!("{}", number % 7), number.to_string())).collect();
    // Every pair is a spill.
    let runs = runs(&pairs, 0, folder.path());
    assert!(runs.len() <= FAN_IN, "{}", runs.len());
    let files = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert!(files <= FAN_IN, "{files}");
    assert_eq!(read(runs, folder.path()), expected(&pairs));
}

#[test]
fn values_that_were_not_read_are_passed_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let pairs: Vec<_> = ["a", "a", "b"].map(|key| (key.to_owned(), "v".to_owned())).into();
    let runs = runs(&pairs, 0, folder.path());
    let mut merge = Merge::open(runs, folder.path()).expect("runs");
    let mut key = String::new();
    let mut keys = Vec::new();
    while merge.next_key(&mut key).expect("a run") {
        keys.push(key.clone());
    }
    assert_eq!(keys, ["a", "b"]);
}

#[test]
fn a_run_that_was_cut_off_ends_the_values_with_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("run");
    // The key `k` with the value `v`, twice, and then nothing where the next count would be.
    std::fs::write(&path, b"\x01k\x02\x01v").expect("written");
    let mut merge = Merge::open(vec![Segment::whole(path)], folder.path()).expect("a run");
    assert!(merge.next_key(&mut String::new()).expect("a key"));
    let mut values = merge.values();
    assert_eq!(values.next(), Some("v"));
    assert_eq!(values.next(), Some("v"));
    assert_eq!(values.next(), None);
    let error = values.error().expect("an error");
    assert!(matches!(error, Error::Damaged { .. }), "{error}");
}
