//! `mapreduce sequential`.

use contracts::mapreduce::{Application, Error, Values};

use super::cli::SequentialArgs;
use super::exit::Outcome;
use super::signals::Interrupt;

pub(crate) fn sequential(args: SequentialArgs) -> Outcome {
    let interrupt = Interrupt::listen()?;
    let app = Interruptible { app: args.app.app.application(), interrupt: interrupt.clone() };
    let done = mapreduce::sequential(&app, &args.files, &args.output, args.app.memory);
    done.map_err(|error| interrupt.stop().unwrap_or_else(|| error.into()))
}

/// An application that refuses to go on when a signal has come, so that the runner ends and tidies up.
struct Interruptible {
    app: &'static dyn Application,
    interrupt: Interrupt,
}

impl Interruptible {
    fn check(&self) -> Result<(), Error> {
        self.interrupt.stop().map_or(Ok(()), |stop| Err(stop.message.into()))
    }
}

impl Application for Interruptible {
    fn map(
        &self,
        file: &str,
        contents: &str,
        emit: &mut dyn FnMut(&str, &str),
    ) -> Result<(), Error> {
        self.check()?;
        self.app.map(file, contents, emit)
    }

    fn reduce(&self, key: &str, values: &mut dyn Values) -> Result<String, Error> {
        self.check()?;
        self.app.reduce(key, values)
    }
}
