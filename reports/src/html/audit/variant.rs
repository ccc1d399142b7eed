//! A correct solution, in words.

use serde::Serialize;

use super::super::head::Verdict;
use super::again::again;
use crate::account::words;
use crate::audit::{Alarm, Audit, Variant, VariantStatus};
use crate::units::{count, percent, plural};

#[derive(Serialize)]
pub(super) struct VariantView {
    id: String,
    name: String,
    verdict: Verdict,
    is_lapse: bool,
    title: String,
    /// How often it was run, and what of that counts.
    outcome: String,
    reason: Option<String>,
    differs: String,
    note: Option<String>,
    /// What is not for it, and why.
    skipped: Vec<(String, String)>,
    alarms: Vec<AlarmView>,
    again: String,
}

/// A test that failed it.
#[derive(Serialize)]
struct AlarmView {
    test: String,
    often: String,
    message: String,
    seed: Option<String>,
}

pub(super) fn verdict(status: VariantStatus) -> Verdict {
    match status {
        VariantStatus::LeftAlone => Verdict::pass("left alone"),
        VariantStatus::FalseAlarm => Verdict::fail("false alarm"),
        VariantStatus::Broken => Verdict::fail("broken"),
    }
}

impl VariantView {
    pub(super) fn of(variant: &Variant, audit: &Audit) -> Self {
        let about = &variant.about;
        let skipped = about.skipped.iter();
        let count = format!("--variants-count {}", audit.variants_count);
        Self {
            id: words(&format!("variant-{}/{}", about.lab, about.name)),
            name: words(&about.name),
            verdict: verdict(variant.status),
            is_lapse: variant.status != VariantStatus::LeftAlone,
            title: words(&about.title),
            outcome: outcome(variant),
            reason: variant.reason.as_deref().map(words),
            differs: words(&about.differs),
            note: about.note.as_deref().map(words),
            skipped: skipped
                .map(|left_out| (words(&left_out.what), words(&left_out.why)))
                .collect(),
            alarms: variant.alarms.iter().map(alarm).collect(),
            again: again(&about.lab, &about.name, &count, audit),
        }
    }
}

fn outcome(variant: &Variant) -> String {
    let runs = plural(variant.runs, "run");
    match variant.errors {
        0 => runs,
        errors => format!("{runs}, {} of the toolkit's own", plural(errors, "error")),
    }
}

fn alarm(of: &Alarm) -> AlarmView {
    let rate = percent(of.failed as f64 / of.runs.max(1) as f64);
    AlarmView {
        test: words(&of.test),
        often: format!("{} of {} ({rate})", count(of.failed), plural(of.runs, "run")),
        message: words(&of.message),
        seed: of.seed.map(|seed| seed.to_string()),
    }
}
