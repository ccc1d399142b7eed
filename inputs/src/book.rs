//! A book, whose words are as unequally frequent as those of a language.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::vocabulary::Vocabulary;

/// A line ends with the first word that goes beyond this many bytes.
const LINE_BYTES: usize = 66;

/// A book of about that many bytes: it ends with the first sentence that reaches `bytes`. In UTF-8, with
/// chapters, paragraphs, lines, punctuation, and some letters that are not ASCII.
///
/// The words follow Zipf's law: the one that is the `r`-th most frequent comes about `1 / r` times as
/// often as the most frequent one. Books of other seeds have other words, but for the most frequent ones.
///
/// ```
/// let book = inputs::book(7, 10_000);
/// assert!(book.starts_with("CHAPTER 1\n\n") && book.ends_with('\n'));
/// assert!((10_000..11_000).contains(&book.len()));
/// ```
pub fn book(seed: u64, bytes: usize) -> String {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let vocabulary = Vocabulary::new(&mut rng);
    let mut page = Page { text: String::with_capacity(bytes + 1000), line_bytes: 0, bytes };
    for chapter in 1_u32.. {
        if page.is_full() {
            break;
        }
        page.heading(chapter);
        for _ in 0..rng.random_range(20..60) {
            paragraph(&vocabulary, &mut page, &mut rng);
        }
    }
    page.text
}

/// Some sentences, as many of them as still have room.
fn paragraph(vocabulary: &Vocabulary, page: &mut Page, rng: &mut ChaCha8Rng) {
    if page.is_full() {
        return;
    }
    page.text.push('\n');
    let (opening, closing) = if rng.random_ratio(1, 4) { ("“", "”") } else { ("", "") };
    sentence(vocabulary, page, opening, rng);
    for _ in 0..rng.random_range(1..9) {
        if !page.is_full() {
            sentence(vocabulary, page, "", rng);
        }
    }
    page.text.push_str(closing);
    page.end_line();
}

/// A sentence behind this `opening`.
fn sentence(vocabulary: &Vocabulary, page: &mut Page, opening: &str, rng: &mut ChaCha8Rng) {
    page.space();
    page.text.push_str(opening);
    page.capitalised(vocabulary.draw(rng));
    // One draw for all the places where a comma may stand.
    let commas = rng.random::<u32>() & rng.random::<u32>() & rng.random::<u32>();
    for place in 0..rng.random_range(2..24) {
        if commas >> place & 1 == 1 {
            page.text.push(',');
        }
        page.space();
        page.word(vocabulary.draw(rng));
    }
    page.text.push('.');
}

/// What is written so far.
struct Page {
    text: String,
    /// Bytes in its last line, punctuation aside.
    line_bytes: usize,
    /// How long it is to become.
    bytes: usize,
}

impl Page {
    fn is_full(&self) -> bool {
        self.text.len() >= self.bytes
    }

    fn heading(&mut self, chapter: u32) {
        if chapter > 1 {
            self.text.push('\n');
        }
        self.text.push_str("CHAPTER ");
        self.text.push_str(&chapter.to_string());
        self.end_line();
    }

    fn word(&mut self, word: &str) {
        self.text.push_str(word);
        self.line_bytes += word.len() + 1;
    }

    fn capitalised(&mut self, word: &str) {
        let mut letters = word.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        self.text.extend(first);
        self.word(letters.as_str());
    }

    /// What stands between two words.
    fn space(&mut self) {
        match self.line_bytes {
            0 => {}
            1..LINE_BYTES => self.text.push(' '),
            _ => self.end_line(),
        }
    }

    fn end_line(&mut self) {
        self.text.push('\n');
        self.line_bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const BYTES: usize = 1 << 20;

    fn words(book: &str) -> impl Iterator<Item = &str> {
        book.split(|c: char| !c.is_alphabetic() && c != '\'').filter(|word| !word.is_empty())
    }

    #[test]
    fn a_seed_is_a_book() {
        assert_eq!(book(3, BYTES), book(3, BYTES));
        assert_ne!(book(3, BYTES), book(4, BYTES));
    }

    #[test]
    fn it_is_as_long_as_asked_for() {
        assert_eq!(book(1, 0), "");
        for bytes in [1, 100, 5_000, BYTES] {
            let length = book(1, bytes).len();
            assert!((bytes..bytes + 1000).contains(&length), "{length} for {bytes}");
        }
    }

    #[test]
    fn it_looks_like_one() {
        let book = book(5, BYTES);
        assert!(book.contains("\n\nCHAPTER 2\n\n"));
        assert!(book.contains("don't") && book.contains(", ") && book.contains(".”\n"));
        let strange = words(&book).filter(|word| !word.is_ascii()).count();
        assert!(strange > words(&book).count() / 1000, "{strange} words are not ASCII");
        let longest = book.lines().map(str::len).max().expect("lines");
        assert!(longest < 120, "{longest} bytes in a line");
        let capitals = words(&book).filter(|word| word.starts_with(char::is_uppercase)).count();
        assert!(capitals > words(&book).count() / 30);
    }

    #[test]
    fn its_words_follow_zipfs_law() {
        let book = book(6, 2 * BYTES);
        let mut counts = BTreeMap::<String, u32>::new();
        for word in words(&book) {
            *counts.entry(word.to_lowercase()).or_default() += 1;
        }
        let mut counts: Vec<f64> = counts.into_values().map(f64::from).collect();
        counts.sort_by(|a, b| b.total_cmp(a));
        assert!(counts.len() > 12_000, "{} different words", counts.len());
        for rank in [2_u32, 5, 10, 50, 100, 500] {
            let expected = counts[0] / f64::from(rank);
            let ratio = counts[rank as usize - 1] / expected;
            assert!((0.75..1.35).contains(&ratio), "rank {rank}: {ratio} of what the law says");
        }
    }
}
