//! The progress of training: a bar on a terminal, and otherwise a line every few epochs.

use std::io::{IsTerminal, stderr};
use typegrad::monitor;

/// Without a terminal, the number of epochs between two lines.
const LINE_EVERY: usize = 5;

pub struct Progress {
    epochs: usize,
    bar: monitor::Progress,
    /// The last epoch and its loss.
    last: Option<(usize, f32)>,
}

impl Progress {
    pub fn new(epochs: usize) -> Self {
        Progress { epochs, bar: monitor::Progress::new(epochs), last: None }
    }

    /// An epoch has ended with this mean loss.
    pub fn epoch(&mut self, epoch: usize, loss: f32) {
        self.last = Some((epoch, loss));
        self.bar.step(loss);
        if !stderr().is_terminal() && epoch.is_multiple_of(LINE_EVERY) && epoch < self.epochs {
            print_epoch(epoch, loss);
        }
    }

    /// The training has ended. The time goes to the standard error, so that the output of two runs is the same.
    pub fn end(self) {
        let time = self.bar.finish();
        if let Some((epoch, loss)) = self.last {
            print_epoch(epoch, loss);
        }
        eprintln!("trained in {:.2} s", time.as_secs_f64());
    }
}

fn print_epoch(epoch: usize, loss: f32) {
    println!("epoch {epoch:>2}  loss {loss:.6}");
}
