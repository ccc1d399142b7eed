//! The seed of each run.

use xxhash_rust::xxh3::xxh3_64;

/// The seed of run number `run` (the first is 0) of the test with the full id `test`: the XXH3-64 hash,
/// with seed 0, of the base seed (8 bytes, little-endian), `run` (8 bytes, little-endian) and `test`
/// (UTF-8).
///
/// This never changes, so a base seed means the same runs in every version, and the seed of a run
/// depends neither on the number of runs nor on which other tests are selected.
pub(crate) fn of_run(base: u64, test: &str, run: u64) -> u64 {
    let mut bytes = Vec::with_capacity(16 + test.len());
    bytes.extend(base.to_le_bytes());
    bytes.extend(run.to_le_bytes());
    bytes.extend(test.as_bytes());
    xxh3_64(&bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn never_changes() {
        // As computed by the reference implementation of XXH3.
        let seeds = [
            of_run(0, "", 0),
            of_run(42, "part2/consensus-no-failure", 0),
            of_run(u64::MAX, "labrpc/basic", 1_000_000_000),
        ];
        assert_eq!(seeds, [0xd0a6_6a65_c752_8968, 0x7b40_ca51_2686_e342, 0x8cbe_bbc8_747f_9d04]);
    }

    #[test]
    fn depends_on_base_test_and_run() {
        let seeds = (0..10).flat_map(|base| {
            (0..10).flat_map(move |run| ["a/b", "a/c"].map(|test| of_run(base, test, run)))
        });
        assert_eq!(seeds.collect::<BTreeSet<_>>().len(), 200);
    }
}
