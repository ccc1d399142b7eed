//! Each distinct text once: how many runs gave it, in the words of the earliest.

use std::collections::BTreeMap;

use crate::groups::{clip, shape};

/// Most distinct texts that are kept. Which ones, when there are more, is a matter of arrival.
pub(crate) const DISTINCT_CAP: usize = 20;

/// Texts by their shape: those that differ only in numbers are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Distinct(BTreeMap<String, Given>);

/// One of the texts.
#[derive(Clone, Debug)]
struct Given {
    runs: u64,
    /// The earliest iteration that gave it, and its words.
    earliest: (u64, String),
}

impl Distinct {
    /// Takes in the texts of a run; each counts once a run.
    pub(crate) fn add<'a>(&mut self, iteration: u64, texts: impl IntoIterator<Item = &'a str>) {
        let mut distinct = BTreeMap::new();
        for text in texts {
            distinct.entry(shape(&clip(text))).or_insert(text);
        }
        for (shape, text) in distinct {
            if let Some(given) = self.0.get_mut(&shape) {
                given.runs += 1;
                if iteration < given.earliest.0 {
                    given.earliest = (iteration, clip(text));
                }
            } else if self.0.len() < DISTINCT_CAP {
                self.0.insert(shape, Given { runs: 1, earliest: (iteration, clip(text)) });
            }
        }
    }

    /// The texts with their runs, the most frequent first.
    pub(crate) fn listed(&self) -> Vec<(String, u64)> {
        let mut texts: Vec<_> =
            self.0.values().map(|given| (given.earliest.1.clone(), given.runs)).collect();
        texts.sort_by_key(|(_, runs)| std::cmp::Reverse(*runs));
        texts
    }
}
