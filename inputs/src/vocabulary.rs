//! The words of a book, and how often each comes.

use std::collections::BTreeSet;

use rand::RngExt;
use rand::distr::Distribution;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use rand_distr::weighted::WeightedAliasIndex;

/// How many words a book knows; a novel has about as many.
const WORDS: usize = 20_000;

/// The most frequent ones, most frequent first, as in English.
const FREQUENT: [&str; 40] = [
    "the", "of", "and", "to", "a", "in", "that", "it", "was", "he", "his", "is", "with", "for",
    "as", "had", "you", "not", "be", "on", "at", "by", "her", "which", "it's", "have", "or",
    "from", "this", "but", "all", "she", "they", "were", "don't", "my", "are", "me", "one", "so",
];

/// What syllables begin with, what stands in their middle and what they end with. Those at the front
/// come more often, because the lists are drawn from their front.
const ONSETS: [&str; 24] = [
    "t", "s", "r", "n", "l", "d", "m", "c", "p", "b", "h", "f", "g", "w", "v", "k", "st", "tr",
    "pr", "ch", "sh", "qu", "j", "z",
];
const NUCLEI: [&str; 18] = [
    "e", "a", "i", "o", "u", "ea", "ou", "ai", "y", "io", "oo", "ie", "é", "ö", "ü", "è", "æ", "ï",
];
const CODAS: [&str; 16] =
    ["", "", "n", "r", "s", "t", "l", "d", "ng", "m", "st", "ck", "nt", "ll", "gh", "ß"];

/// The words, and a way to draw them.
pub(crate) struct Vocabulary {
    words: Vec<String>,
    /// Draws a place in `words` by Zipf's law. In whole numbers, which are the same on any machine.
    ranks: WeightedAliasIndex<u64>,
}

impl Vocabulary {
    pub(crate) fn new(rng: &mut ChaCha8Rng) -> Self {
        let mut known: BTreeSet<String> = FREQUENT.iter().map(|&word| word.to_owned()).collect();
        let mut words: Vec<String> = FREQUENT.iter().map(|&word| word.to_owned()).collect();
        while words.len() < WORDS {
            // Rare words are longer.
            let syllables = 1 + words.len().ilog10().saturating_sub(1) as usize;
            let word = made_up(rng.random_range(1..=syllables + 1), rng);
            if known.insert(word.clone()) {
                words.push(word);
            }
        }
        let weights = (1..=WORDS as u64).map(|rank| (1 << 32) / rank).collect();
        let ranks = WeightedAliasIndex::new(weights).expect("their sum is below 2^64");
        Self { words, ranks }
    }

    /// A word: the one of rank `r` comes `1 / r` times as often as the first.
    pub(crate) fn draw(&self, rng: &mut ChaCha8Rng) -> &str {
        &self.words[self.ranks.sample(rng)]
    }
}

fn made_up(syllables: usize, rng: &mut ChaCha8Rng) -> String {
    let mut word = String::new();
    for _ in 0..syllables {
        for parts in [&ONSETS[..], &NUCLEI, &CODAS] {
            let shown = rng.random_range(1..=parts.len());
            word.push_str(parts[..shown].choose(rng).expect("at least one"));
        }
    }
    word
}
