//! The applications that the course gives.

use std::collections::BTreeSet;

use super::{Application, Error, Values};

/// Counts how often each word occurs. A word is a run of letters, as Unicode has them.
#[derive(Clone, Copy, Debug, Default)]
pub struct WordCount;

impl Application for WordCount {
    fn map(
        &self,
        _file: &str,
        contents: &str,
        emit: &mut dyn FnMut(&str, &str),
    ) -> Result<(), Error> {
        words(contents).for_each(|word| emit(word, "1"));
        Ok(())
    }

    fn reduce(&self, _key: &str, values: &mut dyn Values) -> Result<String, Error> {
        let mut count = 0_u64;
        while values.next().is_some() {
            count += 1;
        }
        Ok(count.to_string())
    }
}

/// Lists the documents in which each word occurs: `2 one.txt,two.txt`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Indexer;

impl Application for Indexer {
    fn map(
        &self,
        file: &str,
        contents: &str,
        emit: &mut dyn FnMut(&str, &str),
    ) -> Result<(), Error> {
        let words: BTreeSet<&str> = words(contents).collect();
        for word in words {
            emit(word, file);
        }
        Ok(())
    }

    fn reduce(&self, _key: &str, values: &mut dyn Values) -> Result<String, Error> {
        let mut documents = Vec::new();
        while let Some(document) = values.next() {
            documents.push(document.to_owned());
        }
        documents.sort();
        Ok(format!("{} {}", documents.len(), documents.join(",")))
    }
}

/// The runs of letters in `text`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapreduce::Listed;

    fn mapped(app: &dyn Application, text: &str) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        app.map("a.txt", text, &mut |key, value| pairs.push((key.to_owned(), value.to_owned())))
            .expect("any text will do");
        pairs
    }

    #[test]
    fn a_word_is_a_run_of_letters() {
        let words: Vec<String> = mapped(&WordCount, "It's naïve:\r\n42 Ελλάδα_x")
            .into_iter()
            .map(|pair| pair.0)
            .collect();
        assert_eq!(words, ["It", "s", "naïve", "Ελλάδα", "x"]);
    }

    #[test]
    fn a_count_is_the_number_of_values() {
        let mut values = Listed::new(&["1", "1", "1"]);
        assert_eq!(WordCount.reduce("x", &mut values).expect("a count"), "3");
    }

    #[test]
    fn an_index_names_each_document_once_and_in_order() {
        assert_eq!(mapped(&Indexer, "b a b").len(), 2);
        let mut documents = Listed::new(&["two.txt", "one.txt"]);
        let list = Indexer.reduce("x", &mut documents).expect("a list");
        assert_eq!(list, "2 one.txt,two.txt");
    }
}
