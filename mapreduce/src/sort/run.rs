//! The format of a run: a sorted sequence of keys with their values.
//!
//! ```text
//! run   = key*                          in ascending order of their bytes, none twice
//! key   = text value* 0
//! value = count text                    the value comes `count` times, at least once
//! text  = length bytes                  UTF-8
//! ```
//!
//! Numbers are varints: seven bits a byte, the lowest first, the top bit set on all but the last. The 0
//! after a key's values lets them be written before it is known how many there are.

use std::cmp::Ordering;

use crate::error::Result;
use crate::files::{Input, Output, Segment};

/// Writes one run.
#[derive(Debug)]
pub(crate) struct RunWriter<'a>(pub(crate) &'a mut Output);

impl RunWriter<'_> {
    /// Begins the next key.
    pub(crate) fn key(&mut self, key: &[u8]) -> Result<()> {
        self.text(key)
    }

    /// Appends a value, `count` times, to the key.
    pub(crate) fn value(&mut self, value: &[u8], count: u64) -> Result<()> {
        debug_assert!(count > 0, "0 ends the values");
        self.number(count)?;
        self.text(value)
    }

    /// Ends the key.
    pub(crate) fn end_key(&mut self) -> Result<()> {
        self.number(0)
    }

    fn text(&mut self, text: &[u8]) -> Result<()> {
        self.number(text.len() as u64)?;
        self.0.write(text)
    }

    fn number(&mut self, mut number: u64) -> Result<()> {
        let mut bytes = [0; 10];
        let mut length = 0;
        loop {
            let more = number > 0x7f;
            bytes[length] = (number & 0x7f) as u8 | u8::from(more) << 7;
            length += 1;
            number >>= 7;
            if !more {
                return self.0.write(&bytes[..length]);
            }
        }
    }
}

/// Reads one run. Two of them are ordered by the key at which they are.
#[derive(Debug)]
pub(crate) struct RunReader {
    input: Input,
    key: String,
    value: String,
    /// Whether the key may have values that were not read.
    open: bool,
}

impl RunReader {
    /// Opens a run, before its first key.
    pub(crate) fn open(segment: Segment) -> Result<Self> {
        let input = Input::open(segment)?;
        Ok(Self { input, key: String::new(), value: String::new(), open: false })
    }

    /// Goes to the next key, past the values that were not read; false at the end.
    pub(crate) fn next_key(&mut self) -> Result<bool> {
        while self.next_value()?.is_some() {}
        let Some(first) = self.input.byte()? else { return Ok(false) };
        let length = self.number(first)?;
        let key = std::mem::take(&mut self.key);
        self.key = self.text(length, key)?;
        self.open = true;
        Ok(true)
    }

    /// The key at which it is.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Goes to the key's next value; how often it comes.
    pub(crate) fn next_value(&mut self) -> Result<Option<u64>> {
        if !self.open {
            return Ok(None);
        }
        let count = self.expect_number()?;
        if count == 0 {
            self.open = false;
            return Ok(None);
        }
        let length = self.expect_number()?;
        let value = std::mem::take(&mut self.value);
        self.value = self.text(length, value)?;
        Ok(Some(count))
    }

    /// The value at which it is.
    pub(crate) fn value(&self) -> &str {
        &self.value
    }

    /// Reads a text into the memory of an old one.
    fn text(&mut self, length: u64, old: String) -> Result<String> {
        let mut bytes = old.into_bytes();
        self.input.bytes(length, &mut bytes)?;
        String::from_utf8(bytes)
            .map_err(|_| self.input.damaged("it holds a text that is not UTF-8"))
    }

    fn expect_number(&mut self) -> Result<u64> {
        match self.input.byte()? {
            Some(first) => self.number(first),
            None => Err(self.input.damaged("it ends too early")),
        }
    }

    /// The number that begins with the byte `first`.
    fn number(&mut self, first: u8) -> Result<u64> {
        let (mut number, mut shift, mut byte) = (0, 0, first);
        loop {
            let bits = u64::from(byte & 0x7f);
            if shift > 63 || (bits << shift) >> shift != bits {
                return Err(self.input.damaged("it holds a number of more than 64 bits"));
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
            shift += 7;
            byte = match self.input.byte()? {
                Some(byte) => byte,
                None => return Err(self.input.damaged("it ends too early")),
            };
        }
    }
}

impl Ord for RunReader {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl PartialOrd for RunReader {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for RunReader {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for RunReader {}
