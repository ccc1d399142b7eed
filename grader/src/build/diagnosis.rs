//! What the compiler says, as it says it to cargo.

use serde::Deserialize;

/// One message of the compiler.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Diagnostic {
    level: String,
    message: String,
    code: Option<Code>,
    rendered: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Code {
    code: String,
}

/// The errors of one build.
#[derive(Debug, Default)]
pub(crate) struct Diagnosis {
    errors: Vec<Diagnostic>,
}

/// The compiler's closing word, which says nothing new.
const ABORTING: &str = "aborting due to ";

impl Diagnosis {
    /// Takes in what the compiler said, if it is an error.
    pub(crate) fn hear(&mut self, diagnostic: Diagnostic) {
        let is_error = diagnostic.level.starts_with("error");
        if is_error && !diagnostic.message.starts_with(ABORTING) {
            self.errors.push(diagnostic);
        }
    }

    /// Whether there was no error.
    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// How many there were.
    pub(crate) fn count(&self) -> usize {
        self.errors.len()
    }

    /// All of them, as the compiler shows them.
    pub(crate) fn rendered(&self) -> String {
        self.errors.iter().filter_map(|error| error.rendered.as_deref()).collect()
    }

    /// The first one in short.
    pub(crate) fn first(&self) -> Option<&str> {
        self.errors.first().map(|error| error.message.as_str())
    }

    /// Whether some error is that of this lint, or has this code.
    pub(crate) fn has(&self, code: &str) -> bool {
        self.errors.iter().any(|error| error.code.as_ref().is_some_and(|of| of.code == code))
    }
}
