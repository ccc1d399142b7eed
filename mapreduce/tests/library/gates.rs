//! An application that a test holds up.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use contracts::mapreduce::apps::WordCount;
use contracts::mapreduce::{Application, Error, Values};

/// A word count that stops once in a map and once in a reduce, says so, and goes on when it is told.
pub(crate) struct Gates {
    map: Mutex<Option<Gate>>,
    reduce: Mutex<Option<Gate>>,
}

/// Where a task waits.
pub(crate) struct Gate {
    came: Sender<()>,
    go: Receiver<()>,
}

/// The other side of it.
pub(crate) struct Keeper {
    pub(crate) came: Receiver<()>,
    pub(crate) go: Sender<()>,
}

pub(crate) fn gate() -> (Gate, Keeper) {
    let ((came, has_come), (go, may_go)) = (channel(), channel());
    (Gate { came, go: may_go }, Keeper { came: has_come, go })
}

impl Gate {
    fn pass(self) {
        let _ = self.came.send(());
        // The test has ended if nobody answers.
        let _ = self.go.recv();
    }
}

impl Gates {
    pub(crate) fn new(map: Option<Gate>, reduce: Option<Gate>) -> Arc<Self> {
        Arc::new(Self { map: Mutex::new(map), reduce: Mutex::new(reduce) })
    }
}

fn take(gate: &Mutex<Option<Gate>>) -> Option<Gate> {
    gate.lock().expect("no panic").take()
}

impl Application for Gates {
    fn map(
        &self,
        file: &str,
        contents: &str,
        emit: &mut dyn FnMut(&str, &str),
    ) -> Result<(), Error> {
        if let Some(gate) = take(&self.map) {
            gate.pass();
        }
        WordCount.map(file, contents, emit)
    }

    fn reduce(&self, key: &str, values: &mut dyn Values) -> Result<String, Error> {
        if let Some(gate) = take(&self.reduce) {
            gate.pass();
        }
        WordCount.reduce(key, values)
    }
}
