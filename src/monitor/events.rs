//! Logs that TensorBoard reads.
//!
//! A file of events is a sequence of records: the length (8 bytes, little-endian), a checksum of it, the data, a checksum of that. A
//! checksum is CRC-32C, rotated and added to a constant. The data are a protobuf message:
//!
//! | message | fields |
//! |---|---|
//! | `Event` | 1: wall time (double), 2: step (varint), 3: file version (string) or 5: `Summary` |
//! | `Summary` | 1: `Value`, repeated |
//! | `Value` | 1: tag (string), 2: simple value (float) |

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// A log of numbers for TensorBoard: `tensorboard --logdir runs` shows the curves while the training runs. PyTorch's
/// `SummaryWriter(folder).add_scalar(tag, value, step)`.
///
/// Each run has a folder of its own. Every record is handed to the operating system as a whole, so that a run that is killed
/// leaves all it had logged.
///
/// ```
/// use typegrad::monitor::EventLog;
/// let folder = std::env::temp_dir().join("typegrad-runs").join("first");
/// let mut log = EventLog::create(&folder)?;
/// for step in 0..3 {
///     log.record(step, &[("loss/train", 0.5 / (step + 1) as f64), ("lr", 1e-3)])?;
/// }
/// assert!(log.path().starts_with(&folder));
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct EventLog {
    path: PathBuf,
    file: File,
}

impl EventLog {
    /// Creates a new file in this folder, which is made if it does not exist. Other files in it stay: TensorBoard shows all of a
    /// folder as one run.
    ///
    /// # Errors
    /// If it cannot be created.
    pub fn create(folder: impl AsRef<Path>) -> io::Result<Self> {
        let folder = folder.as_ref();
        fs::create_dir_all(folder)?;
        let seconds = now() as u64;
        let mut file = None;
        // Two logs of one second and one process have two files.
        for number in 0..u32::MAX {
            let name = format!("events.out.tfevents.{seconds:010}.{}.{number}", std::process::id());
            let path = folder.join(name);
            match File::options().write(true).create_new(true).open(&path) {
                Ok(new) => {
                    file = Some((path, new));
                    break;
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        let (path, file) = file.ok_or(io::ErrorKind::AlreadyExists)?;
        let mut log = EventLog { path, file };
        let mut event = header(now(), 0);
        field(&mut event, 3, b"brain.Event:2");
        log.write(&event)?;
        Ok(log)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the numbers of one step. A name with a `/`, such as `loss/train`, is a curve of the group before it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn record(&mut self, step: u64, values: &[(&str, f64)]) -> io::Result<()> {
        self.write(&scalars(now(), step, values))
    }

    fn write(&mut self, event: &[u8]) -> io::Result<()> {
        self.file.write_all(&framed(event))
    }
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
}

/// An `Event` with its time and its step.
fn header(time: f64, step: u64) -> Vec<u8> {
    let mut event = vec![1 << 3 | 1];
    event.extend(time.to_le_bytes());
    event.push(2 << 3);
    varint(&mut event, step);
    event
}

fn scalars(time: f64, step: u64, values: &[(&str, f64)]) -> Vec<u8> {
    let mut summary = Vec::new();
    for (tag, value) in values {
        let mut one = Vec::new();
        field(&mut one, 1, tag.as_bytes());
        one.push(2 << 3 | 5);
        one.extend((*value as f32).to_le_bytes());
        field(&mut summary, 1, &one);
    }
    let mut event = header(time, step);
    field(&mut event, 5, &summary);
    event
}

/// A field of bytes: a string or a message.
fn field(to: &mut Vec<u8>, number: u8, bytes: &[u8]) {
    to.push(number << 3 | 2);
    varint(to, bytes.len() as u64);
    to.extend_from_slice(bytes);
}

/// Seven bits a byte, the lowest first; the eighth says that more follow.
fn varint(to: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        to.push(value as u8 | 0x80);
        value >>= 7;
    }
    to.push(value as u8);
}

/// A record with its length and its checksums.
fn framed(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    [&length[..], &masked(&length), data, &masked(data)].concat()
}

fn masked(data: &[u8]) -> [u8; 4] {
    crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes()
}

/// CRC-32C (Castagnoli), bit by bit: a record has some ten bytes.
fn crc32c(data: &[u8]) -> u32 {
    const REVERSED: u32 = 0x82f6_3b78;
    let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ REVERSED } else { crc >> 1 };
    !data.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_rfc_3720() {
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
        assert_eq!(crc32c(&[0xff; 32]), 0x62a8_ab43);
    }

    /// `Event(wall_time=2.5, step=300, summary=Summary(value=[Value(tag="a", simple_value=0.5)])).SerializeToString()` of
    /// TensorBoard 2.21, as a record of its `RecordWriter`.
    #[test]
    fn the_bytes_are_those_of_tensorboard() {
        let event = scalars(2.5, 300, &[("a", 0.5)]);
        let expected = b"\x09\0\0\0\0\0\0\x04\x40\x10\xac\x02\x2a\x0a\x0a\x08\x0a\x01a\x15\0\0\0\x3f";
        assert_eq!(event, expected);
        let hex = "1800000000000000a37f4b2209000000000000044010ac022a0a0a080a0161150000003fdf7bc4c1";
        assert_eq!(framed(&event).iter().map(|byte| format!("{byte:02x}")).collect::<String>(), hex);
    }

    #[test]
    fn logs_of_one_folder_are_files_of_their_own() {
        let folder = std::env::temp_dir().join(format!("typegrad-events-{}", std::process::id()));
        let (mut a, b) = (EventLog::create(&folder).unwrap(), EventLog::create(&folder).unwrap());
        assert_ne!(a.path(), b.path());
        a.record(7, &[("loss", 0.25)]).unwrap();
        let all = fs::read(a.path()).unwrap();
        // Each record follows from its bytes.
        let mut rest = &all[..];
        let mut records = 0;
        while !rest.is_empty() {
            let length = u64::from_le_bytes(rest[..8].try_into().unwrap()) as usize;
            assert_eq!(framed(&rest[12..12 + length]), rest[..16 + length]);
            rest = &rest[16 + length..];
            records += 1;
        }
        assert_eq!(records, 2);
        fs::remove_dir_all(folder).unwrap();
    }
}
