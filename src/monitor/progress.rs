//! A progress bar for terminals.

use crate::options::Reported;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// A bar on the standard error with the loss, the rate and the time left, as in `tqdm`. If the standard error is not
/// a terminal, nothing is printed.
///
/// ```text
/// [############............]  675/1350  loss 0.2143  1523.4/s  0:01 left
/// ```
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
pub struct Progress {
    total: usize,
    done: usize,
    loss: f64,
    begin: Instant,
    /// When the bar was drawn last; `None` if there is no terminal.
    drawn: Option<Instant>,
}

const EVERY: Duration = Duration::from_millis(100);
const WIDTH: usize = 24;

impl Progress {
    /// A bar for this number of steps.
    #[must_use]
    pub fn new(total: usize) -> Self {
        let begin = Instant::now();
        let drawn = io::stderr().is_terminal().then_some(begin);
        Progress { total, done: 0, loss: f64::NAN, begin, drawn }
    }

    /// One more step is done, with this loss.
    pub fn step(&mut self, loss: impl Reported) {
        self.done += 1;
        self.loss = loss.number();
        let now = Instant::now();
        if self.drawn.is_some_and(|drawn| now - drawn >= EVERY) {
            self.drawn = Some(now);
            print(&format!("\r{}\x1b[K", self.line(now - self.begin)));
        }
    }

    /// Prints a line above the bar, or only the line if there is none.
    pub fn println(&self, line: &str) {
        let clear = if self.drawn.is_some() { "\r\x1b[K" } else { "" };
        print(&format!("{clear}{line}\n"));
    }

    /// Removes the bar. Returns the time since the beginning.
    pub fn finish(self) -> Duration {
        // The bar is removed when it is dropped.
        self.begin.elapsed()
    }

    fn line(&self, time: Duration) -> String {
        let fraction = if self.total == 0 { 1.0 } else { (self.done as f64 / self.total as f64).min(1.0) };
        let full = (fraction * WIDTH as f64) as usize;
        let mut line = format!("[{}{}]", "#".repeat(full), ".".repeat(WIDTH - full));
        let digits = self.total.to_string().len();
        let seconds = time.as_secs_f64();
        let rate = self.done as f64 / seconds.max(1e-9);
        let left = self.total.saturating_sub(self.done) as f64 / rate.max(1e-9);
        // Writing to a string does not fail.
        let _ = write!(line, " {:>digits$}/{}  loss {:.4}", self.done, self.total, self.loss);
        if self.done > 0 {
            let _ = if rate >= 1.0 {
                write!(line, "  {rate:.1}/s")
            } else {
                write!(line, "  {:.1} s each", 1.0 / rate)
            };
            let _ = write!(line, "  {} left", clock(left));
        }
        line
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.drawn.is_some() {
            print("\r\x1b[K");
        }
    }
}

/// A closed terminal must not stop training.
fn print(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// `0:07`, `12:34` or `1:02:03`.
fn clock(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(done: usize, total: usize, loss: f64, seconds: u64) -> String {
        let progress = Progress { total, done, loss, begin: Instant::now(), drawn: None };
        progress.line(Duration::from_secs(seconds))
    }

    #[test]
    fn the_line_has_the_loss_the_rate_and_the_time_left() {
        let half = "[############............]  675/1350  loss 0.2143  675.0/s  0:01 left";
        assert_eq!(line(675, 1350, 0.21432, 1), half);
        assert_eq!(line(0, 9, f64::NAN, 0), "[........................] 0/9  loss NaN");
        assert_eq!(
            line(2, 10, 1.0, 9000),
            "[####....................]  2/10  loss 1.0000  4500.0 s each  10:00:00 left"
        );
        // More steps than were said, and none.
        assert_eq!(line(3, 2, 0.0, 3), "[########################] 3/2  loss 0.0000  1.0/s  0:00 left");
        assert!(line(0, 0, 0.0, 0).starts_with("[########################] 0/0"));
    }

    #[test]
    fn times_are_those_of_a_clock() {
        assert_eq!([7.4, 59.6, 754.0, 3723.0].map(clock), ["0:07", "1:00", "12:34", "1:02:03"]);
    }
}
