//! How far the training is: a bar on a terminal, and otherwise a line every few epochs.

use indicatif::{ProgressBar, ProgressStyle};
use std::cell::Cell;
use std::io::{IsTerminal, stderr};
use std::time::Duration;

/// Without a terminal, every so many epochs are a line.
const LINE_EVERY: usize = 5;

pub struct Progress {
    epochs: usize,
    bar: Option<ProgressBar>,
    /// The last epoch and its loss.
    last: Cell<Option<(usize, f32)>>,
}

impl Progress {
    pub fn new(epochs: usize) -> Self {
        let bar = stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{bar:40} epoch {pos}/{len}  {msg}");
            ProgressBar::new(epochs as u64).with_style(style.expect("a template that is right"))
        });
        Progress { epochs, bar, last: Cell::new(None) }
    }

    /// An epoch has ended with this mean loss.
    pub fn epoch(&self, epoch: usize, loss: f32) {
        self.last.set(Some((epoch, loss)));
        if let Some(bar) = &self.bar {
            bar.set_message(format!("loss {loss:.6}"));
            bar.inc(1);
        } else if epoch.is_multiple_of(LINE_EVERY) && epoch < self.epochs {
            print_epoch(epoch, loss);
        }
    }

    /// The training has ended. The time goes to the standard error, so that the output of two runs is the same.
    pub fn end(self, time: Duration) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if let Some((epoch, loss)) = self.last.get() {
            print_epoch(epoch, loss);
        }
        eprintln!("trained in {:.2} s", time.as_secs_f64());
    }
}

fn print_epoch(epoch: usize, loss: f32) {
    println!("epoch {epoch:>2}  loss {loss:.6}");
}
