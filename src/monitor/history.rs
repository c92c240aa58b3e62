//! The history of a run: measurements by step.

use super::Plot;
use crate::error_format::debug_as_display;
use serde_json::Value;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Curves: under each name a value for each step.
///
/// ```
/// use typegrad::monitor::History;
/// let mut history = History::new();
/// history.record(1, &[("train loss", 0.5), ("test loss", 0.6)]);
/// history.record(2, &[("train loss", 0.25)]);
/// assert_eq!(history.names().collect::<Vec<_>>(), ["train loss", "test loss"]);
/// assert_eq!(history.get("train loss").unwrap(), [(1, 0.5), (2, 0.25)]);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    curves: Vec<(String, Vec<(u64, f64)>)>,
}

/// Why a log was not read.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// The operating system said no.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The text of the line.
        #[source]
        error: io::Error,
    },
    /// A line is not what [`RunLog`](super::RunLog) writes.
    #[error("{}:{line}: {problem}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The problem.
        problem: String,
    },
}

debug_as_display!(HistoryError);

impl History {
    /// Without curves.
    #[must_use]
    pub fn new() -> Self {
        History::default()
    }

    /// Adds the values of one step.
    pub fn record(&mut self, step: u64, values: &[(&str, f64)]) {
        for (name, value) in values {
            match self.curves.iter_mut().find(|(other, _)| other == name) {
                Some((_, points)) => points.push((step, *value)),
                None => self.curves.push(((*name).to_owned(), vec![(step, *value)])),
            }
        }
    }

    /// The names, in the order in which they came.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.curves.iter().map(|(name, _)| name.as_str())
    }

    /// The steps and values of one name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[(u64, f64)]> {
        self.curves.iter().find(|(other, _)| other == name).map(|(_, points)| points.as_slice())
    }

    /// The curves as a plot.
    #[must_use]
    pub fn plot(&self) -> Plot<'_> {
        Plot::new(&self.curves)
    }

    /// Reads what [`RunLog`](super::RunLog) wrote: every number of a line that has a `"step"`, and `null` as NaN.
    ///
    /// A last line without an end, of a run that was killed, is passed over.
    ///
    /// # Errors
    /// If the file is not read, or a line of it is not a JSON object.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, HistoryError> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(|error| HistoryError::Io { path: path.into(), error })?;
        let mut history = History::new();
        for (i, line) in text.split_inclusive('\n').enumerate() {
            let Some(line) = line.strip_suffix('\n') else { break };
            let object: serde_json::Map<String, Value> = serde_json::from_str(line).map_err(|error| {
                HistoryError::Line { path: path.into(), line: i + 1, problem: error.to_string() }
            })?;
            let Some(step) = object.get("step").and_then(Value::as_u64) else { continue };
            for (name, value) in object.iter().filter(|(name, _)| *name != "step") {
                let value = if value.is_null() { Some(f64::NAN) } else { value.as_f64() };
                if let Some(value) = value {
                    history.record(step, &[(name, value)]);
                }
            }
        }
        Ok(history)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monitor::RunLog;

    fn path(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("typegrad-{}-{name}", std::process::id()))
    }

    #[test]
    fn a_log_comes_back_and_a_line_that_was_cut_off_is_passed_over() {
        let path = path("history.jsonl");
        let mut log = RunLog::create(&path).unwrap();
        log.record(1, &[("a \"name\"\n", 0.1), ("b", f64::NAN)]).unwrap();
        log.record(u64::MAX, &[("b", -1e300)]).unwrap();
        let mut text = fs::read_to_string(&path).unwrap();
        text.push_str("{\"step\":3,\"b\":4");
        fs::write(&path, &text).unwrap();
        let history = History::load(&path).unwrap();
        assert_eq!(history.get("a \"name\"\n").unwrap(), [(1, 0.1)]);
        let b = history.get("b").unwrap();
        assert!(b[0].1.is_nan() && b[1..] == [(u64::MAX, -1e300)]);
        // Going on ends the line, which then is seen.
        RunLog::append(&path).unwrap().record(4, &[("b", 0.0)]).unwrap();
        let error = History::load(&path).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{}:3: EOF while parsing an object", path.display())), "{error}");
        fs::remove_file(&path).unwrap();
    }

    #[test]
    fn every_line_is_in_the_file_when_it_was_written() {
        let path = path("flushed.jsonl");
        let mut log = RunLog::create(&path).unwrap();
        for step in 0..3 {
            log.record(step, &[("loss", 1.0)]).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), step as usize + 1);
        }
        fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        assert!(History::load("/there/is/none").unwrap_err().to_string().starts_with("/there/is/none: "));
    }
}
