//! Pairs in memory, grouped by key.
//!
//! A hash table finds the group of a key; all texts lie one after the other in one block of memory. A
//! value that equals the one before it in its group is only counted, so that a word count's ones take
//! no room.

use contracts::mapreduce::bucket;
use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

use super::run::RunWriter;
use crate::error::Result;

/// Where a text lies in the block.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: usize,
    length: usize,
}

/// A key, which stands for its group.
#[derive(Debug)]
struct Key {
    hash: u64,
    text: Span,
    /// Its first value and its last one, as indices into `values`.
    first: usize,
    last: usize,
}

/// A value, some times in a row.
#[derive(Debug)]
struct Repeated {
    value: Span,
    count: u64,
    /// The group's next value.
    next: Option<usize>,
}

/// Where a group comes when they are sorted. Most keys differ in their first eight bytes, and those
/// are compared without a look at the block.
#[derive(Clone, Copy, Debug)]
struct Rank {
    reduce: u32,
    prefix: u64,
    group: usize,
}

/// Pairs, grouped by key.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    texts: Vec<u8>,
    keys: Vec<Key>,
    values: Vec<Repeated>,
    /// Keys by their hash.
    index: HashTable<usize>,
}

impl Groups {
    /// Takes in a pair.
    pub(crate) fn push(&mut self, key: &[u8], value: &[u8]) {
        let hash = xxh3_64(key);
        let same = |&at: &usize| self.keys[at].hash == hash && self.text(self.keys[at].text) == key;
        match self.index.find(hash, same).copied() {
            Some(at) => self.push_value(at, value),
            None => self.push_group(hash, key, value),
        }
    }

    fn push_value(&mut self, group: usize, value: &[u8]) {
        let last = self.keys[group].last;
        if self.text(self.values[last].value) == value {
            self.values[last].count += 1;
        } else {
            let new = self.new_value(value);
            self.values[last].next = Some(new);
            self.keys[group].last = new;
        }
    }

    fn push_group(&mut self, hash: u64, key: &[u8], value: &[u8]) {
        let text = self.new_text(key);
        let first = self.new_value(value);
        let Self { keys, index, .. } = self;
        index.insert_unique(hash, keys.len(), |&at| keys[at].hash);
        keys.push(Key { hash, text, first, last: first });
    }

    fn new_value(&mut self, value: &[u8]) -> usize {
        let value = self.new_text(value);
        self.values.push(Repeated { value, count: 1, next: None });
        self.values.len() - 1
    }

    fn new_text(&mut self, text: &[u8]) -> Span {
        let start = self.texts.len();
        self.texts.extend_from_slice(text);
        Span { start, length: text.len() }
    }

    fn text(&self, span: Span) -> &[u8] {
        &self.texts[span.start..span.start + span.length]
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Bytes that they take, and that sorting them takes in addition.
    pub(crate) fn bytes(&self) -> usize {
        const KEY: usize = size_of::<Key>() + size_of::<usize>() + size_of::<Rank>();
        self.texts.len() + self.keys.len() * KEY + self.values.len() * size_of::<Repeated>()
    }

    /// Forgets them, and keeps the memory for others.
    pub(crate) fn clear(&mut self) {
        self.texts.clear();
        self.keys.clear();
        self.values.clear();
        self.index.clear();
    }

    /// Puts them in order: by reduce task, and then by key.
    pub(crate) fn sorted(&self, reduces: u32) -> Sorted<'_> {
        let ranks = self.keys.iter().enumerate().map(|(at, key)| {
            let key = self.text(key.text);
            Rank { reduce: reduce_of(key, reduces), prefix: prefix(key), group: at }
        });
        let mut ranks: Vec<Rank> = ranks.collect();
        let key = |rank: &Rank| self.text(self.keys[rank.group].text);
        ranks.sort_unstable_by(|a, b| {
            let order = (a.reduce, a.prefix).cmp(&(b.reduce, b.prefix));
            order.then_with(|| key(a).cmp(key(b)))
        });
        Sorted { groups: self, ranks }
    }
}

/// The reduce task of a key.
fn reduce_of(key: &[u8], reduces: u32) -> u32 {
    let key = std::str::from_utf8(key).expect("keys come as text");
    bucket(key, reduces)
}

/// The first eight bytes of a key as a number that is ordered like them.
fn prefix(key: &[u8]) -> u64 {
    let mut prefix = [0; 8];
    let length = key.len().min(8);
    prefix[..length].copy_from_slice(&key[..length]);
    u64::from_be_bytes(prefix)
}

/// Groups in order.
#[derive(Debug)]
pub(crate) struct Sorted<'a> {
    groups: &'a Groups,
    ranks: Vec<Rank>,
}

impl Sorted<'_> {
    /// Writes what goes to one reduce task, in order.
    pub(crate) fn write(&self, reduce: u32, run: &mut RunWriter<'_>) -> Result<()> {
        let first = self.ranks.partition_point(|rank| rank.reduce < reduce);
        for rank in self.ranks[first..].iter().take_while(|rank| rank.reduce == reduce) {
            let key = &self.groups.keys[rank.group];
            run.key(self.groups.text(key.text))?;
            let mut next = Some(key.first);
            while let Some(at) = next {
                let Repeated { value, count, next: after } = self.groups.values[at];
                run.value(self.groups.text(value), count)?;
                next = after;
            }
            run.end_key()?;
        }
        Ok(())
    }
}
