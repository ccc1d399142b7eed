//! What a job computes.

use super::Error;

/// A map and a reduce function (§2). Both are pure: a task that runs twice gives the same output.
pub trait Application: Send + Sync + 'static {
    /// Maps one input file to pairs of key and value, each of which it hands to `emit`. `file` is the
    /// file's name as the job was given it, `contents` all of its text.
    ///
    /// # Errors
    /// When the input is not what the application expects; the job fails.
    fn map(
        &self,
        file: &str,
        contents: &str,
        emit: &mut dyn FnMut(&str, &str),
    ) -> Result<(), Error>;

    /// Reduces the values of one key to one text. The values come in no particular order.
    ///
    /// # Errors
    /// When the values are not what the application expects; the job fails.
    fn reduce(&self, key: &str, values: &mut dyn Values) -> Result<String, Error>;
}

/// The values of one key, one after the other: there may be more of them than fit in memory.
pub trait Values {
    /// The next value; `None` when there are no more.
    fn next(&mut self) -> Option<&str>;
}

/// Values that are all in memory.
///
/// ```
/// use contracts::mapreduce::{Application, Listed, apps::WordCount};
///
/// let values = vec![String::from("1"), String::from("1")];
/// assert_eq!(WordCount.reduce("word", &mut Listed::new(&values)).unwrap(), "2");
/// ```
#[derive(Clone, Debug)]
pub struct Listed<'a, S>(std::slice::Iter<'a, S>);

impl<'a, S> Listed<'a, S> {
    /// Those of `values`, from the front.
    pub fn new(values: &'a [S]) -> Self {
        Self(values.iter())
    }
}

impl<S: AsRef<str>> Values for Listed<'_, S> {
    fn next(&mut self) -> Option<&str> {
        self.0.next().map(AsRef::as_ref)
    }
}

/// The reduce task of `key` in a job with `reduces` of them: its 32-bit FNV-1a hash with the sign bit
/// cleared, modulo `reduces`.
///
/// # Panics
/// When `reduces` is 0.
///
/// ```
/// use contracts::mapreduce::bucket;
///
/// assert_eq!(bucket("", 10), 0x011c_9dc5 % 10);
/// ```
pub fn bucket(key: &str, reduces: u32) -> u32 {
    const OFFSET_BASIS: u32 = 0x811c_9dc5;
    const PRIME: u32 = 0x0100_0193;
    let hash =
        key.bytes().fold(OFFSET_BASIS, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(PRIME));
    (hash & 0x7fff_ffff) % reduces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_fnv_1a() {
        // Published test vectors of the 32-bit FNV-1a: "a" is e40c292c, "foobar" is bf9cf968.
        assert_eq!(bucket("a", u32::MAX), 0x640c_292c);
        assert_eq!(bucket("foobar", u32::MAX), 0x3f9c_f968);
    }
}
