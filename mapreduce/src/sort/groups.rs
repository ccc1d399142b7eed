//! Pairs in memory, grouped by key.
//!
//! All texts lie one after the other in one block of memory. A hash table has an entry for each key,
//! which is as large as a cache line and holds the first bytes of the key and of its latest value: for a
//! short key with a short value it is all that a pair touches. A value that equals the one before it in
//! its group is only counted, so that a word count's ones take no room.

use contracts::mapreduce::bucket;
use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

use super::run::RunWriter;
use crate::error::Result;

/// A text in the block.
#[derive(Clone, Copy, Debug)]
struct Text {
    /// Its first [`PREFIX`] bytes, as a number that is ordered like them.
    prefix: u64,
    start: usize,
    length: usize,
}

/// A value, some times in a row.
#[derive(Clone, Copy, Debug)]
struct Repeated {
    value: Text,
    count: u64,
}

/// A key and its latest value.
#[derive(Debug)]
struct Group {
    key: Text,
    latest: Repeated,
    /// Its value before that, as an index into `earlier`; [`NONE`] when there is none.
    before: usize,
}

/// Pairs, grouped by key.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    texts: Vec<u8>,
    table: HashTable<Group>,
    /// Values that are not their group's latest, each with the index of the one before it.
    earlier: Vec<(Repeated, usize)>,
}

const NONE: usize = usize::MAX;
const PREFIX: usize = size_of::<u64>();

impl Groups {
    /// Takes in a pair; whether they take more room than before.
    pub(crate) fn push(&mut self, key: &[u8], value: &[u8]) -> bool {
        let Self { texts, table, earlier } = self;
        let (hash, key_prefix, value_prefix) = (xxh3_64(key), prefix(key), prefix(value));
        let Some(group) = table.find_mut(hash, |group| group.key.is(key, key_prefix, texts)) else {
            let key = append(texts, key, key_prefix);
            let value = append(texts, value, value_prefix);
            let group = Group { key, latest: Repeated { value, count: 1 }, before: NONE };
            table.insert_unique(hash, group, |group| xxh3_64(group.key.of(texts)));
            return true;
        };
        if group.latest.value.is(value, value_prefix, texts) {
            group.latest.count += 1;
            return false;
        }
        earlier.push((group.latest, group.before));
        group.before = earlier.len() - 1;
        let value = append(texts, value, value_prefix);
        group.latest = Repeated { value, count: 1 };
        true
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Bytes that they take, and that sorting them takes in addition.
    pub(crate) fn bytes(&self) -> usize {
        const GROUP: usize = size_of::<Group>() + size_of::<Rank<'static>>();
        const EARLIER: usize = size_of::<(Repeated, usize)>();
        self.texts.len() + self.table.len() * GROUP + self.earlier.len() * EARLIER
    }

    /// Forgets them, and keeps the memory for others.
    pub(crate) fn clear(&mut self) {
        self.texts.clear();
        self.table.clear();
        self.earlier.clear();
    }

    /// Puts them in order: by reduce task, and then by key.
    pub(crate) fn sorted(&self, reduces: u32) -> Sorted<'_> {
        let texts = &self.texts;
        let ranks = self.table.iter().map(|group| {
            let reduce = reduce_of(group, texts, reduces);
            Rank { reduce, prefix: group.key.prefix, group }
        });
        let mut ranks: Vec<Rank<'_>> = ranks.collect();
        ranks.sort_unstable_by(|a, b| {
            let order = (a.reduce, a.prefix).cmp(&(b.reduce, b.prefix));
            order.then_with(|| a.group.key.of(texts).cmp(b.group.key.of(texts)))
        });
        Sorted { groups: self, ranks }
    }
}

impl Text {
    /// Its bytes.
    fn of(self, texts: &[u8]) -> &[u8] {
        &texts[self.start..self.start + self.length]
    }

    /// Whether it is `text`, which begins with `prefix`.
    fn is(self, text: &[u8], prefix: u64, texts: &[u8]) -> bool {
        self.prefix == prefix
            && self.length == text.len()
            && (self.length <= PREFIX || self.of(texts) == text)
    }
}

fn append(texts: &mut Vec<u8>, text: &[u8], prefix: u64) -> Text {
    let start = texts.len();
    texts.extend_from_slice(text);
    Text { prefix, start, length: text.len() }
}

/// The first bytes of a text as a number that is ordered like them. Of a short one, the rest is zeros.
fn prefix(text: &[u8]) -> u64 {
    if let Some(first) = text.first_chunk() {
        return u64::from_be_bytes(*first);
    }
    let number = text.iter().fold(0, |number, &byte| number << 8 | u64::from(byte));
    // A shift by all 64 bits is none.
    number.checked_shl(8 * (PREFIX - text.len()) as u32).unwrap_or(0)
}

/// The reduce task of a group.
fn reduce_of(group: &Group, texts: &[u8], reduces: u32) -> u32 {
    let key = std::str::from_utf8(group.key.of(texts)).expect("keys come as text");
    bucket(key, reduces)
}

/// Where a group goes. Most keys differ in their prefix, and then the group is not looked at.
#[derive(Clone, Copy, Debug)]
struct Rank<'a> {
    reduce: u32,
    prefix: u64,
    group: &'a Group,
}

/// Groups in order.
#[derive(Debug)]
pub(crate) struct Sorted<'a> {
    groups: &'a Groups,
    ranks: Vec<Rank<'a>>,
}

impl Sorted<'_> {
    /// Writes what goes to one reduce task, in order.
    pub(crate) fn write(&self, reduce: u32, run: &mut RunWriter<'_>) -> Result<()> {
        let Groups { texts, earlier, .. } = self.groups;
        let first = self.ranks.partition_point(|rank| rank.reduce < reduce);
        for rank in self.ranks[first..].iter().take_while(|rank| rank.reduce == reduce) {
            run.key(rank.group.key.of(texts))?;
            let mut next = Some(&(rank.group.latest, rank.group.before));
            while let Some(&(Repeated { value, count }, before)) = next {
                run.value(value.of(texts), count)?;
                next = earlier.get(before);
            }
            run.end_key()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_ordered_like_texts() {
        let texts = ["", "\0", "a", "a\0", "ab", "abcdefg", "abcdefgh", "abcdefghi", "b", "ä"];
        assert!(texts.map(|text| prefix(text.as_bytes())).is_sorted());
    }

    #[test]
    fn texts_that_differ_only_in_zeros_are_different() {
        let mut groups = Groups::default();
        for key in ["a", "a\0", "a\0\0", "a"] {
            groups.push(key.as_bytes(), b"");
        }
        assert_eq!(groups.table.len(), 3);
    }

    #[test]
    fn an_entry_is_a_cache_line() {
        assert_eq!(size_of::<Group>(), 64);
    }
}
