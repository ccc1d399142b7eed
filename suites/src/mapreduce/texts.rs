//! The input of jobs in which it does not matter.

use super::site::Site;
use crate::Failure;

/// Twenty-six words, of which several share a reduce task.
const WORDS: &str = "alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike\n\
                     november oscar papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu\n";

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
    fn every_task_has_a_word_and_the_first_word_has_company() {
        let tasks: Vec<u32> = WORDS.split_whitespace().map(|word| bucket(word, REDUCES)).collect();
        assert!((0..REDUCES).all(|reduce| tasks.contains(&reduce)), "{tasks:?}");
        assert!(tasks[1..].contains(&tasks[0]), "{tasks:?}");
    }
}
