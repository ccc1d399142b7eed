//! When enough is known.
//!
//! Of a bug that was seen in each of the first five iterations nobody needs the fiftieth. So where somebody asks only
//! whether something is so, the iterations are made in stages, and after each one it is asked whether more are worth
//! their time. A stage ends when all of its runs have ended: how many there are does not depend on the machine.

use std::ops::Range;

use reports::Report;

/// Iterations of the first stage; each further one doubles what there is.
const FIRST: u64 = 5;

/// Says of all runs so far whether they are enough.
pub(crate) type Enough<'a> = &'a (dyn Fn(&Report) -> bool + Sync);

/// The stages of `count` iterations; a single one where nobody asks in between.
pub(crate) fn stages(count: u64, asked: bool) -> impl Iterator<Item = Range<u64>> {
    let mut next = 0_u64;
    std::iter::from_fn(move || {
        let start = next;
        let wanted = if asked { start.saturating_mul(2).max(FIRST) } else { count };
        next = wanted.min(count);
        (start < next).then_some(start..next)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_double_what_there_is() {
        assert!(stages(50, true).eq([0..5, 5..10, 10..20, 20..40, 40..50]));
    }

    #[test]
    fn there_are_no_more_than_wanted() {
        assert!(stages(3, true).eq(std::iter::once(0..3)));
        assert_eq!(stages(0, true).count(), 0);
        assert_eq!(stages(u64::MAX, true).last().map(|last| last.end), Some(u64::MAX));
    }

    #[test]
    fn there_is_one_where_nobody_asks() {
        assert!(stages(50, false).eq(std::iter::once(0..50)));
    }
}
