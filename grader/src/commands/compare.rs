//! `grader compare`.

use reports::Writer;
use reports::compare::{self, Comparison};

use super::history::find;
use crate::cli::CompareArgs;
use crate::cli::values::Chance;
use crate::exit::{self, Outcome, PASSED, REGRESSED};
use crate::plan::Base;
use crate::terminal::Screen;

/// Says what got better and worse from one report to another.
pub(crate) fn compare(args: CompareArgs, base: &Base) -> Outcome {
    let json = args.json.as_deref().map(Writer::open).transpose().map_err(exit::write_failed)?;
    let (before, after) = (find(&args.before, base)?, find(&args.after, base)?);
    let Chance(alpha) = args.alpha;
    let comparison = Comparison::of(&before, &after, alpha);
    let screen = Screen::beside(json.as_ref());
    screen.print(&compare::render(&comparison, screen.options()))?;
    if let Some(json) = json {
        exit::unless_closed(json.write(comparison.to_json().as_bytes()))?;
    }
    Ok(if comparison.regressed() { REGRESSED } else { PASSED })
}
