//! The native format: compact, with a checksum.
//!
//! | bytes | |
//! |---|---|
//! | 8 | `TYPEGRAD` |
//! | 4 | the version, 1 |
//! | 8 | the length of the header |
//! | | the header, in bincode 2: the number of tensors, and of each its name, the type of its elements, the number of its axes and their sizes; the number of records, and of each its name and its length |
//! | | the elements of the tensors, then the records, concatenated in this order |
//! | 4 | the CRC-32 of all bytes before it |
//!
//! Numbers outside of the header are little-endian.

use super::Error;
use super::entry::{self, Entry, Outgoing};
use crate::file::{atomic, map};
use crate::nn::{Dtype, StateDict};
use bincode::config::standard;
use std::io::{self, Write};
use std::path::Path;

const MAGIC: &[u8; 8] = b"TYPEGRAD";
const VERSION: u32 = 1;

/// Writes tensors and records.
pub(super) fn write(
    writer: &mut dyn Write,
    tensors: &[Outgoing<'_>],
    records: &[(&str, &[u8])],
) -> io::Result<()> {
    let mut header = Vec::new();
    encode(&mut header, tensors.len() as u64)?;
    for (name, tensor) in tensors {
        encode(&mut header, &**name)?;
        encode(&mut header, code(tensor.dtype()))?;
        encode(&mut header, tensor.shape().len() as u64)?;
        for size in tensor.shape() {
            encode(&mut header, *size as u64)?;
        }
    }
    encode(&mut header, records.len() as u64)?;
    for (name, bytes) in records {
        encode(&mut header, *name)?;
        encode(&mut header, bytes.len() as u64)?;
    }
    let mut writer = Summing { writer, sum: crc32fast::Hasher::new() };
    writer.write_all(MAGIC)?;
    writer.write_all(&VERSION.to_le_bytes())?;
    writer.write_all(&(header.len() as u64).to_le_bytes())?;
    writer.write_all(&header)?;
    for (_, tensor) in tensors {
        entry::write_data(tensor.data(), &mut writer)?;
    }
    for (_, bytes) in records {
        writer.write_all(bytes)?;
    }
    let Summing { writer, sum } = writer;
    writer.write_all(&sum.finalize().to_le_bytes())
}

fn encode(header: &mut Vec<u8>, value: impl bincode::Encode) -> io::Result<()> {
    bincode::encode_into_std_write(value, header, standard()).map_err(io::Error::other)?;
    Ok(())
}

/// Computes the checksum of what is written.
struct Summing<'w> {
    writer: &'w mut dyn Write,
    sum: crc32fast::Hasher,
}

impl Write for Summing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.writer.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

fn code(dtype: Dtype) -> u8 {
    match dtype {
        Dtype::F32 => 0,
        Dtype::F64 => 1,
        Dtype::I64 => 2,
        Dtype::Bool => 3,
    }
}

fn dtype(code: u8) -> Option<Dtype> {
    [Dtype::F32, Dtype::F64, Dtype::I64, Dtype::Bool].get(usize::from(code)).copied()
}

/// The contents of a file.
pub(super) struct Content<'a> {
    pub(super) tensors: StateDict,
    pub(super) records: Vec<(&'a str, &'a [u8])>,
}

/// Reads a file and compares the checksum. The names of the records are not compared.
pub(super) fn read(file: &[u8]) -> Result<Content<'_>, Error> {
    let Places { entries, records, checksum } = places(file)?;
    let computed = crc32fast::hash(&file[..file.len() - 4]);
    if checksum != computed {
        return Err(Error::Checksum { stored: checksum, computed });
    }
    let mut tensors = StateDict::new();
    for entry in entries {
        entry.insert_into(&mut tensors)?;
    }
    Ok(Content { tensors, records })
}

/// The parts of a file.
struct Places<'a> {
    entries: Vec<Entry<'a>>,
    records: Vec<(&'a str, &'a [u8])>,
    checksum: u32,
}

fn places(file: &[u8]) -> Result<Places<'_>, Error> {
    if !file.starts_with(MAGIC) {
        return Err(Error::magic("typegrad", file));
    }
    let mut rest = Rest(&file[8..]);
    let version = u32::from_le_bytes(*rest.array("the version")?);
    if version != VERSION {
        return Err(Error::Version { found: version, supported: VERSION });
    }
    let length = u64::from_le_bytes(*rest.array("the length of the header")?);
    let header = rest.take(length, || "the header".into())?;
    let (mut header, mut data) = (Header(header), rest);
    let (mut entries, mut records) = (Vec::new(), Vec::new());
    // Nothing is reserved for what the header only claims.
    for _ in 0..header.number()? {
        let name: &str = header.decode()?;
        let code: u8 = header.decode()?;
        // The length of its data is not known.
        let dtype =
            dtype(code).ok_or_else(|| Error::Dtype { key: name.into(), dtype: format!("number {code}") })?;
        let mut shape = Vec::new();
        for _ in 0..header.number()? {
            let size = header.number()?;
            shape.push(usize::try_from(size).map_err(|_| Error::Header(format!("an axis of {size}")))?);
        }
        let kind = entry::kind(dtype);
        let size = entry::size_of(kind, &shape).map_or(u64::MAX, |size| size as u64);
        let bytes = data.take(size, || format!("`{name}` of shape {shape:?}"))?;
        entries.push(Entry { name: name.into(), kind, shape, bytes });
    }
    for _ in 0..header.number()? {
        let name: &str = header.decode()?;
        let size = header.number()?;
        records.push((name, data.take(size, || format!("`{name}`"))?));
    }
    if !header.0.is_empty() {
        return Err(Error::Header(format!("{} bytes after its end", header.0.len())));
    }
    let checksum = u32::from_le_bytes(*data.array("the checksum")?);
    let unused = data.0.len();
    if unused > 0 {
        return Err(Error::Unused { offset: (file.len() - unused) as u64, bytes: unused as u64 });
    }
    Ok(Places { entries, records, checksum })
}

/// The rest of a file.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, length: u64, what: impl FnOnce() -> String) -> Result<&'a [u8], Error> {
        let split = usize::try_from(length).ok().and_then(|length| self.0.split_at_checked(length));
        let Some((taken, rest)) = split else {
            return Err(Error::Truncated { what: what(), needed: length, left: self.0.len() as u64 });
        };
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self, what: &str) -> Result<&'a [u8; N], Error> {
        let Some((taken, rest)) = self.0.split_first_chunk() else {
            return Err(Error::Truncated { what: what.into(), needed: N as u64, left: self.0.len() as u64 });
        };
        self.0 = rest;
        Ok(taken)
    }
}

/// The rest of a header.
struct Header<'a>(&'a [u8]);

impl<'a> Header<'a> {
    /// Something that is borrowed from the header or has a fixed size: it takes no memory.
    fn decode<T: bincode::BorrowDecode<'a, ()>>(&mut self) -> Result<T, Error> {
        let (value, length) = bincode::borrow_decode_from_slice(self.0, standard())
            .map_err(|error| Error::Header(error.to_string()))?;
        self.0 = &self.0[length..];
        Ok(value)
    }

    fn number(&mut self) -> Result<u64, Error> {
        self.decode()
    }
}

impl StateDict {
    /// Writes a file in the format of this crate, whole or not at all.
    ///
    /// # Errors
    /// If the file cannot be written; an existing file stays as it was.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let (path, tensors) = (path.as_ref(), entry::outgoing(self, ""));
        atomic::write(path, |writer| write(writer, &tensors, &[]))
            .map_err(|error| Error::from(error).at(path))
    }

    /// Reads a file in the format of this crate.
    ///
    /// # Errors
    /// If anything in the file is not as it was written.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let read = || StateDict::from_bytes(&map::Bytes::of(path)?);
        read().map_err(|error| error.at(path))
    }

    /// The bytes of a file in the format of this crate.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, &entry::outgoing(self, ""), &[]).expect("a vector takes all bytes");
        bytes
    }

    /// Reads the bytes of a file in the format of this crate.
    ///
    /// # Errors
    /// If anything in them is not as it was written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let Content { tensors, records } = read(bytes)?;
        match records.first() {
            None => Ok(tensors),
            Some(_) => {
                let format = Some("a checkpoint: `Checkpoint::load` reads them");
                Err(Error::Magic { expected: "model", found: "TYPEGRAD".into(), format })
            }
        }
    }
}
