//! An audit as a page: lab by lab how surely each suite sees each bug, what is known of each solution, and what each
//! test is worth.
//!
//! | module | what |
//! | --- | --- |
//! | `head` | the head of the page |
//! | `matrix` | the bugs of a lab against its suites |
//! | `bug` | a faulty solution, in words |
//! | `variant` | a correct one |
//! | `worth` | what each test catches |
//! | `again` | the command that looks at a solution again |

mod again;
mod bug;
mod head;
mod matrix;
mod variant;
mod worth;

use serde::Serialize;

use super::bundle::{self, Bundle};
use super::head::{Head, Written};
use crate::account::words;
use crate::audit::{Audit, Bug, Variant};
use crate::units::plural;
use bug::BugView;
use matrix::Matrix;
use variant::VariantView;
use worth::Worths;

/// What the template is given.
#[derive(Serialize)]
struct Page {
    title: String,
    head: Head,
    labs: Vec<Lab>,
    worths: Worths,
    written: Written,
    bundle: Bundle,
}

/// A lab, and what was tried against its suites.
#[derive(Serialize)]
struct Lab {
    name: String,
    summary: String,
    matrix: Option<Matrix>,
    bugs: Vec<BugView>,
    variants: Vec<VariantView>,
}

/// The audit as a page.
pub fn render(audit: &Audit) -> String {
    let head = head::of(audit);
    let page = Page {
        title: head.title(),
        head,
        labs: audit.labs().into_iter().map(|name| lab(name, audit)).collect(),
        worths: Worths::of(audit),
        written: Written::new(&audit.tool, &audit.schema),
        bundle: Bundle::of(&bundle::AUDIT),
    };
    super::fill("audit.html", page)
}

fn lab(name: &str, audit: &Audit) -> Lab {
    let bugs: Vec<&Bug> = audit.bugs.iter().filter(|bug| bug.about.lab == name).collect();
    let variants: Vec<&Variant> =
        audit.variants.iter().filter(|variant| variant.about.lab == name).collect();
    let many = [(bugs.len(), "bug"), (variants.len(), "correct variant")];
    let some = many.into_iter().filter(|(many, _)| *many > 0);
    let summary: Vec<String> = some.map(|(many, noun)| plural(many as u64, noun)).collect();
    Lab {
        name: words(name),
        summary: summary.join(", "),
        matrix: Matrix::of(&bugs, audit),
        bugs: bugs.into_iter().map(|bug| BugView::of(bug, audit)).collect(),
        variants: variants.into_iter().map(|variant| VariantView::of(variant, audit)).collect(),
    }
}
