//! "Did you mean …?"

/// The candidate nearest to `wanted`, unless all are far from it.
pub(crate) fn nearest<'a>(
    wanted: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (likeness(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// How alike two names are, from 0 to 1. A part of a name is as good as the name: people type the
/// part that they remember.
fn likeness(wanted: &str, candidate: &str) -> f64 {
    let whole = strsim::normalized_damerau_levenshtein(wanted, candidate);
    let length = wanted.chars().count();
    let letters: Vec<char> = candidate.chars().collect();
    let part = letters
        .windows(length.max(4))
        .map(|part| {
            strsim::normalized_damerau_levenshtein(wanted, &part.iter().collect::<String>())
        })
        .fold(0.0, f64::max);
    whole.max(part * 0.95)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_misspelt_name_and_a_misspelt_part() {
        let suites = ["part1", "p2unit", "part2", "labrpc"];
        assert_eq!(nearest("prt1", suites), Some("part1"));
        assert_eq!(nearest("LABRCP", suites), Some("labrpc"));
        let tests = ["part2/consensus-no-failure", "part2/re-election"];
        assert_eq!(nearest("consensos", tests), Some(tests[0]));
    }

    #[test]
    fn says_nothing_when_nothing_is_near() {
        assert_eq!(nearest("mapreduce", ["part1", "part2"]), None);
        assert_eq!(nearest("", ["part1"]), None);
    }
}
