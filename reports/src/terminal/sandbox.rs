//! How far the runs were confined, in a line.

use super::Page;
use super::text::Ink;
use crate::sandbox::{Protection, Sandbox};
use crate::units::plural;

/// A line in passing when all protections were in force, and else one that names those that were not.
pub(super) fn line(page: &mut Page, sandbox: &Sandbox) {
    let missing: Vec<String> = sandbox.missing().map(words).collect();
    let protections = plural(sandbox.protections.len() as u64, "protection");
    let (ink, words) = match missing[..] {
        _ if sandbox.mode == "off" => (
            Ink::Doubtful,
            "not confined: the submission could do what whoever started this can".to_owned(),
        ),
        [] => (Ink::Dim, format!("confined: {protections}, all in force")),
        _ => (Ink::Doubtful, format!("confined only in part: {}", missing.join("; "))),
    };
    page.inked(ink, &words);
}

fn words(missing: &Protection) -> String {
    let why = missing.why_not.as_ref().map_or_else(String::new, |why| format!(" ({why})"));
    format!("no {}{why}", missing.name)
}
