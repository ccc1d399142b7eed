//! What an audit shows meanwhile: a line for each entry that is done, and on a terminal a bar.

use indicatif::{ProgressBar, ProgressStyle};
use reports::audit::{Bug, Variant, VariantStatus};
use reports::units::{duration, percent, plural};

use super::trial::Finding;
use crate::exit::Stop;
use crate::terminal;

/// The bar, where a person watches.
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// Of so many entries.
    pub(crate) fn new(entries: usize) -> Self {
        Self(terminal::is_watched().then(|| {
            let bar = ProgressBar::new(entries as u64);
            let template = "{bar:24} {pos} of {len} solutions, {elapsed} (about {eta} left)  {msg}";
            bar.set_style(ProgressStyle::with_template(template).expect("a valid template"));
            bar
        }))
    }

    /// An entry is begun.
    pub(crate) fn begun(&self, name: String) {
        if let Some(bar) = &self.0 {
            bar.set_message(name);
        }
    }

    /// It is done.
    pub(crate) fn done(&self, finding: &Finding) {
        self.line(&match finding {
            Finding::Bug(bug) => of_bug(bug),
            Finding::Variant(variant) => of_variant(variant),
        });
        if let Some(bar) = &self.0 {
            bar.inc(1);
        }
    }

    /// Something failed that says nothing about it.
    pub(crate) fn failed(&self, name: &str, stop: &Stop) {
        self.line(&format!("not looked at: {name}: {}", stop.message));
    }

    fn line(&self, line: &str) {
        let tell = || terminal::tell(&format!("{line}\n"));
        match &self.0 {
            Some(bar) => bar.suspend(tell),
            None => tell(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

fn of_bug(bug: &Bug) -> String {
    let name = format!("{}/{}", bug.about.lab, bug.about.name);
    let time = duration(bug.wall_s);
    let seen = bug.together.map_or_else(String::new, |together| {
        format!(", seen in {} of the iterations", percent(together.rate.point))
    });
    let reason = bug.reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
    format!("{name}: {}{seen}{reason} ({time})", bug.status)
}

fn of_variant(variant: &Variant) -> String {
    let name = format!("{}/{}", variant.about.lab, variant.about.name);
    let (runs, time) = (plural(variant.runs, "run"), duration(variant.wall_s));
    let what = match variant.status {
        VariantStatus::LeftAlone => "left alone".to_owned(),
        VariantStatus::FalseAlarm => {
            let tests = variant.alarms.iter().map(|alarm| alarm.test.as_str());
            format!("false alarm of {}", tests.collect::<Vec<_>>().join(", "))
        }
        VariantStatus::Broken => {
            format!("broken: {}", variant.reason.as_deref().unwrap_or_default())
        }
    };
    format!("{name}: {what} ({runs}, {time})")
}
