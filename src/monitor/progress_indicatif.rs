//! The progress of a run, on a terminal, drawn by indicatif.

use crate::options::Reported;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

/// A bar on the standard error with the loss, the rate and the time left, as in `tqdm`.
///
/// It is drawn by [indicatif](https://docs.rs/indicatif), because the feature `indicatif` is on. If the standard error is not a
/// terminal, nothing is printed.
///
/// ```
/// use typegrad::monitor::Progress;
/// let mut progress = Progress::new(3);
/// for loss in [0.5_f32, 0.4, 0.3] {
///     progress.step(loss);
/// }
/// progress.finish();
/// ```
#[derive(Debug)]
pub struct Progress(ProgressBar);

const TEMPLATE: &str = "[{bar:24}] {pos}/{len}  loss {msg}  {per_sec}  {eta} left";

impl Progress {
    /// A bar for this number of steps.
    #[must_use]
    pub fn new(total: usize) -> Self {
        let target = if io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let style = ProgressStyle::with_template(TEMPLATE).expect("a template that the tests draw");
        let bar = ProgressBar::with_draw_target(Some(total as u64), target);
        Progress(bar.with_style(style.progress_chars("##.")).with_message("NaN"))
    }

    /// Advances by one step, and shows its loss.
    pub fn step(&mut self, loss: impl Reported) {
        let loss: f64 = loss.number();
        self.0.set_message(format!("{loss:.4}"));
        self.0.inc(1);
    }

    /// Prints a line above the bar, or only the line if there is none.
    pub fn println(&self, line: &str) {
        if self.0.is_hidden() {
            // A closed terminal must not stop training.
            let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
        } else {
            self.0.println(line);
        }
    }

    /// Removes the bar. Returns the time since the beginning.
    pub fn finish(self) -> Duration {
        self.0.elapsed()
    }

    /// The bar of indicatif, for a [`MultiProgress`](https://docs.rs/indicatif/latest/indicatif/struct.MultiProgress.html).
    #[must_use]
    pub fn bar(&self) -> &ProgressBar {
        &self.0
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use indicatif::TermLike;
    use std::sync::{Arc, Mutex};

    /// A terminal of 100 columns that keeps all that is written.
    #[derive(Clone, Debug, Default)]
    struct Terminal(Arc<Mutex<String>>);

    impl Terminal {
        fn take(&self) -> String {
            std::mem::take(&mut self.0.lock().unwrap())
        }
        fn push(&self, text: &str) -> io::Result<()> {
            self.0.lock().unwrap().push_str(text);
            Ok(())
        }
    }

    impl TermLike for Terminal {
        fn width(&self) -> u16 {
            100
        }
        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn write_line(&self, line: &str) -> io::Result<()> {
            self.push(&format!("{line}\n"))
        }
        fn write_str(&self, text: &str) -> io::Result<()> {
            self.push(text)
        }
        fn clear_line(&self) -> io::Result<()> {
            self.push("<clear>")
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_line_has_the_loss_the_rate_and_the_time_left() {
        let terminal = Terminal::default();
        let mut progress = Progress::new(4);
        progress.0.set_draw_target(ProgressDrawTarget::term_like(Box::new(terminal.clone())));
        progress.step(0.5_f32);
        progress.step(0.25_f32);
        terminal.take();
        progress.0.force_draw();
        let line = terminal.take();
        assert!(line.contains("[#############...........] 2/4  loss 0.2500  "), "{line}");
        assert!(line.contains("/s  ") && line.contains(" left"), "{line}");
        progress.println("epoch 1");
        assert!(terminal.take().contains("epoch 1"));
        progress.finish();
        assert!(terminal.take().contains("<clear>"));
    }

    #[test]
    fn no_bar_is_drawn_without_a_terminal() {
        let mut progress = Progress::new(2);
        progress.step(f64::NAN);
        assert_eq!((progress.bar().position(), progress.bar().message()), (1, "NaN".to_owned()));
    }
}
