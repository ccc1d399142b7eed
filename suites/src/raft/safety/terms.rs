//! What servers say of terms (§5.1).

use contracts::raft::{ServerId, Term};

use super::State;
use super::property::Property::TermsNeverGoBack;
use super::violation::{Verdict, Violation};

impl State {
    /// `server` has said that it is in `term`, when asked at a moment at which it had shown `asked`
    /// or a later one already.
    pub(super) fn says_term(&mut self, server: ServerId, asked: Term, term: Term) -> Verdict {
        self.coverage.count(TermsNeverGoBack);
        let seen = &mut self.servers[server];
        seen.shows(term);
        if term >= asked {
            return Ok(());
        }
        let restarted = if seen.term_at_start > term { ", before its last restart" } else { "" };
        let message = format!(
            "server {server} says that it is in term {term}; it was in term {asked} \
             already{restarted}"
        );
        Err(Violation::new(TermsNeverGoBack, message).servers([server]).terms([term, asked]))
    }

    /// `server` acts in `term`, as candidate or leader. Within a life such a message may be late;
    /// over a restart nothing survives that could be.
    pub(super) fn acts_in_term(&mut self, server: ServerId, term: Term) -> Verdict {
        self.coverage.count(TermsNeverGoBack);
        let seen = &mut self.servers[server];
        seen.shows(term);
        let before = seen.term_at_start;
        if term >= before {
            return Ok(());
        }
        let message = format!(
            "server {server} acts in term {term} after a restart; before it, it was in term \
             {before} already"
        );
        Err(Violation::new(TermsNeverGoBack, message).servers([server]).terms([term, before]))
    }
}
