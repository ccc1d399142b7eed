//! A table of credit scores.

use std::fmt::Write;

use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The agencies of the course.
pub const AGENCIES: [&str; 4] = ["Equifax", "Experian", "TransUnion", "Yellow Banana"];

/// A table in CSV of `rows` rows below the header `User ID,Agency,Year,Credit Score`: one row for each
/// user, in a random order.
///
/// Years are 2020 to 2025, half of them 2023. Scores are 300 to 850; many are 400 or 401, between which
/// the course's question draws its line.
///
/// ```
/// let table = inputs::credit(7, 100);
/// assert_eq!(table.lines().next(), Some("User ID,Agency,Year,Credit Score"));
/// assert_eq!(table.lines().count(), 101);
/// ```
pub fn credit(seed: u64, rows: usize) -> String {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut text = String::from("User ID,Agency,Year,Credit Score\n");
    for user in shuffled(rows, &mut rng) {
        let agency = AGENCIES.choose(&mut rng).expect("some agencies");
        let year = if rng.random() { 2023 } else { rng.random_range(2020..=2025) };
        let score = match rng.random_range(0..10) {
            0 => 400,
            1 => 401,
            _ => rng.random_range(300..=850),
        };
        let _ = writeln!(text, "{user},{agency},{year},{score}");
    }
    text
}

/// The numbers from 1 to `rows`.
fn shuffled(rows: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
    use rand::seq::SliceRandom;

    let mut users: Vec<usize> = (1..=rows).collect();
    users.shuffle(rng);
    users
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_seed_is_a_table() {
        assert_eq!(credit(3, 500), credit(3, 500));
        assert_ne!(credit(3, 500), credit(4, 500));
    }

    #[test]
    fn its_rows_are_what_the_course_gives() {
        let table = credit(1, 2000);
        let mut users = BTreeSet::new();
        let (mut years, mut scores) = (BTreeSet::new(), BTreeSet::new());
        for row in table.lines().skip(1) {
            let [user, agency, year, score] =
                row.split(',').collect::<Vec<_>>().try_into().expect("four fields");
            assert!(AGENCIES.contains(&agency), "{row}");
            users.insert(user.parse::<usize>().expect("a number"));
            years.insert(year.parse::<u32>().expect("a year"));
            scores.insert(score.parse::<u32>().expect("a score"));
        }
        assert_eq!(users, (1..=2000).collect());
        assert_eq!(years, (2020..=2025).collect());
        assert!(scores.contains(&400) && scores.contains(&401));
        assert!(scores.first() >= Some(&300) && scores.last() <= Some(&850));
    }

    #[test]
    fn a_table_may_be_empty() {
        assert_eq!(credit(1, 0), "User ID,Agency,Year,Credit Score\n");
    }
}
