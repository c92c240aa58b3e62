//! The log of a run: a line of JSON for each record.

use crate::file::atomic;
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// A file with one JSON object a line. PyTorch's `SummaryWriter`, for text tools.
///
/// Every line is handed to the operating system as a whole before [`record`](Self::record) returns, so that a run that
/// is killed leaves all it had logged. Numbers that JSON does not have, NaN and the infinities, are `null`.
///
/// ```
/// use typegrad::monitor::{History, RunLog};
/// let path = std::env::temp_dir().join("typegrad-log.jsonl");
/// let mut log = RunLog::create(&path)?;
/// log.record(1, &[("loss", 0.5), ("accuracy", f64::NAN)])?;
/// log.write(&serde_json::json!({"note": "the rate is halved"}))?;
/// drop(log);
/// RunLog::append(&path)?.record(2, &[("loss", 0.25)])?; // the run continues
/// assert_eq!(
///     std::fs::read_to_string(&path)?,
///     "{\"step\":1,\"loss\":0.5,\"accuracy\":null}\n\
///      {\"note\":\"the rate is halved\"}\n\
///      {\"step\":2,\"loss\":0.25}\n",
/// );
/// assert_eq!(History::load(&path)?.get("loss").unwrap(), [(1, 0.5), (2, 0.25)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct RunLog(File);

impl RunLog {
    /// Creates a log; an old one is replaced.
    ///
    /// # Errors
    /// If it cannot be created.
    pub fn create(path: impl AsRef<Path>) -> io::Result<Self> {
        atomic::create(path.as_ref()).map(RunLog)
    }

    /// Appends to a log, or creates it. A last line that was cut off by a crash is ended first.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn append(path: impl AsRef<Path>) -> io::Result<Self> {
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        if file.seek(SeekFrom::End(0))? > 0 {
            let mut last = [0];
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
            if last != *b"\n" {
                file.write_all(b"\n")?;
            }
        }
        Ok(RunLog(file))
    }

    /// Writes the numbers of one step: `{"step":1,"loss":0.5}`.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn record(&mut self, step: u64, values: &[(&str, f64)]) -> io::Result<()> {
        self.write(&Record { step, values })
    }

    /// Writes anything as one line.
    ///
    /// # Errors
    /// If it cannot be written, or cannot be represented in JSON.
    pub fn write(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(line)?;
        line.push(b'\n');
        self.0.write_all(&line)
    }
}

struct Record<'a> {
    step: u64,
    values: &'a [(&'a str, f64)],
}

impl Serialize for Record<'_> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        let mut map = serializer.serialize_map(Some(self.values.len() + 1))?;
        map.serialize_entry("step", &self.step)?;
        for (name, value) in self.values {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
