//! The bytes that a server saves: a header of fixed size, then the entries one after another.
//!
//! The image is kept and patched rather than made anew: an append encodes one entry, a truncation
//! cuts bytes off the end, a new term or vote overwrites the header.

use contracts::raft::{Entry, ServerId, Term};
use postcard::fixint;
use serde::{Deserialize, Serialize};

/// Term and vote. Every field has a fixed width, so that the header can be overwritten in place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Header {
    #[serde(with = "fixint::le")]
    current_term: u64,
    /// 0 for no vote, else the candidate's number + 1.
    #[serde(with = "fixint::le")]
    vote: u64,
}

impl Header {
    const SIZE: usize = 16;

    pub(crate) fn new(current_term: Term, voted_for: Option<ServerId>) -> Self {
        Self { current_term, vote: voted_for.map_or(0, |id| id as u64 + 1) }
    }

    pub(crate) fn current_term(self) -> Term {
        self.current_term
    }

    pub(crate) fn voted_for(self) -> Option<ServerId> {
        self.vote.checked_sub(1).map(|id| id as ServerId)
    }
}

/// The encoded state.
#[derive(Clone, Debug)]
pub(crate) struct Image {
    bytes: Vec<u8>,
    /// Where each entry ends in `bytes`.
    ends: Vec<usize>,
}

impl Image {
    /// The image of a server that has never run: the zero header and no entries.
    pub(crate) fn new() -> Self {
        let mut image = Self { bytes: vec![0; Header::SIZE], ends: Vec::new() };
        image.set_header(Header::default());
        image
    }

    /// Takes saved bytes apart.
    ///
    /// # Errors
    /// Says where the bytes are no image.
    pub(crate) fn decode(bytes: &[u8]) -> Result<(Self, Header, Vec<Entry>), String> {
        let corrupt = |at: usize, error: postcard::Error| {
            let size = bytes.len();
            format!("the saved state is corrupt at byte {at} of {size}: {error}")
        };
        let (header, mut rest) =
            postcard::take_from_bytes::<Header>(bytes).map_err(|e| corrupt(0, e))?;
        let (mut ends, mut entries) = (Vec::new(), Vec::new());
        let until = |rest: &[u8]| bytes.len() - rest.len();
        while !rest.is_empty() {
            let (entry, left) =
                postcard::take_from_bytes(rest).map_err(|e| corrupt(until(rest), e))?;
            rest = left;
            entries.push(entry);
            ends.push(until(rest));
        }
        let bytes = bytes.to_vec();
        Ok((Self { bytes, ends }, header, entries))
    }

    /// Overwrites term and vote.
    pub(crate) fn set_header(&mut self, header: Header) {
        let written = postcard::to_slice(&header, &mut self.bytes[..Header::SIZE])
            .expect("a header has a fixed size");
        debug_assert_eq!(written.len(), Header::SIZE);
    }

    /// Adds an entry at the end.
    pub(crate) fn push(&mut self, entry: &Entry) {
        postcard::to_io(entry, &mut self.bytes).expect("an entry can be encoded into memory");
        self.ends.push(self.bytes.len());
    }

    /// Keeps the first `count` entries.
    pub(crate) fn truncate(&mut self, count: usize) {
        self.ends.truncate(count);
        self.bytes.truncate(self.ends.last().copied().unwrap_or(Header::SIZE));
    }

    /// How many entries the image holds.
    pub(crate) fn entries(&self) -> usize {
        self.ends.len()
    }

    /// What to save.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use contracts::raft::Command;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_cut_image_is_refused_with_the_place() {
        let mut image = Image::new();
        image.push(&Entry { term: 1, command: Command::from("hello") });
        let bytes = image.bytes();
        let error = Image::decode(&bytes[..bytes.len() - 1]).unwrap_err();
        assert!(error.starts_with("the saved state is corrupt at byte 16 of 23"), "{error}");
        let error = Image::decode(&bytes[..7]).unwrap_err();
        assert!(error.starts_with("the saved state is corrupt at byte 0 of 7"), "{error}");
    }

    fn entry() -> impl Strategy<Value = Entry> {
        let command = prop_oneof![
            any::<i64>().prop_map(Command::Int),
            ".{0,20}".prop_map(|text| Command::from(text.as_str())),
        ];
        (any::<u64>(), command).prop_map(|(term, command)| Entry { term, command })
    }

    #[derive(Clone, Debug)]
    enum Change {
        Header(Term, Option<ServerId>),
        Push(Entry),
        Truncate(usize),
    }

    fn change() -> impl Strategy<Value = Change> {
        prop_oneof![
            (any::<u64>(), prop::option::of(0..9usize)).prop_map(|(t, v)| Change::Header(t, v)),
            entry().prop_map(Change::Push),
            (0..20usize).prop_map(Change::Truncate),
        ]
    }

    proptest! {
        /// Patched or made anew, the bytes are the same, and they give back what went in.
        #[test]
        fn a_patched_image_equals_a_new_one(changes in prop::collection::vec(change(), 0..40)) {
            let (mut image, mut header, mut entries) = (Image::new(), Header::default(), vec![]);
            for change in changes {
                match change {
                    Change::Header(term, vote) => {
                        header = Header::new(term, vote);
                        image.set_header(header);
                        prop_assert_eq!((header.current_term(), header.voted_for()), (term, vote));
                    }
                    Change::Push(entry) => {
                        image.push(&entry);
                        entries.push(entry);
                    }
                    Change::Truncate(count) => {
                        image.truncate(count);
                        entries.truncate(count);
                    }
                }
                let mut fresh = Image::new();
                fresh.set_header(header);
                for entry in &entries {
                    fresh.push(entry);
                }
                prop_assert_eq!(image.bytes(), fresh.bytes());
                let (decoded, its_header, its_entries) = Image::decode(image.bytes()).unwrap();
                prop_assert_eq!(decoded.ends, image.ends.clone());
                prop_assert_eq!((its_header, &its_entries), (header, &entries));
            }
        }
    }
}
