//! The input of jobs in which it does not matter.

use super::site::Site;
use crate::Failure;

/// Twenty-six words. Several share a reduce task, and some tasks have none.
const WORDS: &str = "\
alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike
november oscar papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu
";

/// Adds the files `text-1.txt` to `text-N.txt`.
pub(super) fn texts(site: &mut Site<'_>, number: usize) -> Result<(), Failure> {
    (1..=number).try_for_each(|number| add_texts(site, &[&format!("text-{number}.txt")]))
}

/// Adds files of these names.
pub(super) fn add_texts(site: &mut Site<'_>, names: &[&str]) -> Result<(), Failure> {
    names.iter().try_for_each(|name| site.input(name, WORDS))
}

#[cfg(test)]
mod tests {
    use contracts::mapreduce::bucket;

    use super::super::site::REDUCES;
    use super::*;

    #[test]
    fn some_tasks_have_several_words_and_some_none() {
        let tasks: Vec<u32> = WORDS.split_whitespace().map(|word| bucket(word, REDUCES)).collect();
        let words = |reduce| tasks.iter().filter(|&&task| task == reduce).count();
        assert!((0..REDUCES).any(|reduce| words(reduce) == 0), "{tasks:?}");
        assert!((0..REDUCES).any(|reduce| words(reduce) > 2), "{tasks:?}");
    }
}
