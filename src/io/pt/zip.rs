//! The archive: a zip file whose entries are stored, as PyTorch writes it. Entries are found through the directory at
//! the end of the file, and are parts of its bytes: nothing is unpacked.

use crate::io::Error;
use std::cell::Cell;

const END: &[u8; 4] = b"PK\x05\x06";
const END_64: &[u8; 4] = b"PK\x06\x06";
const LOCATOR_64: &[u8; 4] = b"PK\x06\x07";
const ENTRY: &[u8; 4] = b"PK\x01\x02";
const LOCAL: &[u8; 4] = b"PK\x03\x04";

/// The entries of an archive.
pub(super) struct Archive<'a> {
    file: &'a [u8],
    /// The part of the directory of each entry, sorted by name.
    entries: Vec<Entry<'a>>,
    /// The name of the folder in which PyTorch puts everything, with a `/`.
    folder: &'a str,
    /// The number of bytes that may still be looked at: entries that overlap would take time without end.
    left: Cell<u64>,
}

/// The part of the directory of one entry.
#[derive(Clone, Copy)]
struct Entry<'a>(&'a [u8]);

fn wrong(problem: impl Into<String>) -> Error {
    Error::Archive(problem.into())
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<u64> {
    let mut number = [0; 8];
    number[..N].copy_from_slice(bytes.get(at..at.checked_add(N)?)?);
    Some(u64::from_le_bytes(number))
}

/// A range of the file.
fn part(file: &[u8], begin: u64, length: u64) -> Option<&[u8]> {
    let begin = usize::try_from(begin).ok()?;
    file.get(begin..begin.checked_add(usize::try_from(length).ok()?)?)
}

impl<'a> Entry<'a> {
    /// The next entry of a directory, and what follows it.
    fn split(directory: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let lengths = [28, 30, 32].map(|at| number::<2>(directory, at));
        let length = lengths.into_iter().sum::<Option<u64>>()? + 46;
        if !directory.starts_with(ENTRY) {
            return None;
        }
        let (entry, rest) = directory.split_at_checked(length as usize)?;
        Some((Entry(entry), rest))
    }

    fn get<const N: usize>(self, at: usize) -> u64 {
        number::<N>(self.0, at).unwrap_or(0)
    }

    fn name(self) -> &'a [u8] {
        &self.0[46..46 + self.get::<2>(28) as usize]
    }

    /// The length of the content, its length in the file, and where it begins. Numbers of 32 bits that are not enough
    /// are all ones, and stand with 64 bits in an extra field, in this order.
    fn place(self) -> Option<[u64; 3]> {
        let mut place = [self.get::<4>(24), self.get::<4>(20), self.get::<4>(42)];
        let begin = 46 + self.get::<2>(28) as usize;
        let mut fields = &self.0[begin..begin + self.get::<2>(30) as usize];
        let mut long: &[u8] = &[];
        while let (Some(kind), Some(length)) = (number::<2>(fields, 0), number::<2>(fields, 2)) {
            let field = part(fields, 4, length)?;
            if kind == 1 {
                long = field;
            }
            fields = &fields[4 + field.len()..];
        }
        for number_32 in place.iter_mut().filter(|number| **number == u64::from(u32::MAX)) {
            *number_32 = number::<8>(long, 0)?;
            long = &long[8..];
        }
        Some(place)
    }
}

impl<'a> Archive<'a> {
    pub(super) fn open(file: &'a [u8]) -> Result<Self, Error> {
        if !file.starts_with(LOCAL) {
            return Err(Error::magic("PyTorch zip", file));
        }
        let mut directory = directory(file).ok_or_else(|| wrong("its end is not that of a zip file"))?;
        let mut entries = Vec::new();
        while !directory.is_empty() {
            let (entry, rest) =
                Entry::split(directory).ok_or_else(|| wrong("its directory has a malformed entry"))?;
            entries.push(entry);
            directory = rest;
        }
        let folder = entries.first().and_then(|entry| std::str::from_utf8(entry.name()).ok());
        let folder = folder.and_then(|name| Some(&name[..=name.find('/')?]));
        let folder = folder.ok_or_else(|| wrong("its first entry is in no folder"))?;
        entries.sort_unstable_by_key(|entry| entry.name());
        if let Some(pair) = entries.windows(2).find(|pair| pair[0].name() == pair[1].name()) {
            return Err(Error::Duplicate(String::from_utf8_lossy(pair[0].name()).into_owned()));
        }
        Ok(Archive { file, entries, folder, left: Cell::new(file.len() as u64) })
    }

    /// The content of an entry, after its checksum was compared, if it has one; `None` if there is no entry of this name.
    pub(super) fn content(&self, name: &str) -> Result<Option<&'a [u8]>, Error> {
        let name = format!("{}{name}", self.folder);
        let Ok(place) = self.entries.binary_search_by_key(&name.as_bytes(), |entry| entry.name()) else {
            return Ok(None);
        };
        let entry = self.entries[place];
        if entry.get::<2>(10) != 0 || entry.get::<2>(8) & 1 != 0 {
            return Err(wrong(format!("`{name}` is compressed or encrypted, as PyTorch does not write it")));
        }
        let misplaced = || wrong(format!("`{name}` is not where its directory says"));
        let [length, stored, begin] = entry.place().ok_or_else(misplaced)?;
        let local = part(self.file, begin, 30).filter(|local| local.starts_with(LOCAL) && length == stored);
        let local = local.ok_or_else(misplaced)?;
        let lengths = [26, 28].map(|at| number::<2>(local, at).unwrap_or(0));
        if part(self.file, begin + 30, lengths[0]) != Some(name.as_bytes()) {
            return Err(misplaced());
        }
        let begin = begin + 30 + lengths[0] + lengths[1];
        let content = part(self.file, begin, length).ok_or_else(|| Error::Truncated {
            what: format!("`{name}`"),
            needed: length,
            left: (self.file.len() as u64).saturating_sub(begin),
        })?;
        let left = self.left.get().checked_sub(length);
        self.left.set(left.ok_or_else(|| wrong(format!("`{name}` overlaps with another entry")))?);
        let (stored, computed) = (entry.get::<4>(16) as u32, crc32fast::hash(content));
        // Zero is what `torch.serialization.set_crc32_options(False)` writes: none.
        if stored != 0 && stored != computed {
            return Err(Error::Checksum { stored, computed });
        }
        Ok(Some(content))
    }

    /// The same for an entry that must exist.
    pub(super) fn required(&self, name: &str) -> Result<&'a [u8], Error> {
        self.content(name)?.ok_or_else(|| Error::Missing(format!("{}{name}", self.folder)))
    }
}

/// The directory, which the last bytes of the file point to. A comment may follow.
fn directory(file: &[u8]) -> Option<&[u8]> {
    let last = file.len().checked_sub(22)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    let end = (first..=last)
        .rev()
        .find(|&at| file[at..].starts_with(END) && number::<2>(file, at + 20) == Some((last - at) as u64))?;
    let (mut length, mut begin) = (number::<4>(file, end + 12)?, number::<4>(file, end + 16)?);
    let mut entries = number::<2>(file, end + 10)?;
    // Where 64 bits are needed, another end record precedes this one, with a pointer to it between them.
    if let Some(locator) = end.checked_sub(20)
        && file[locator..].starts_with(LOCATOR_64)
    {
        let end = part(file, number::<8>(file, locator + 8)?, 56).filter(|end| end.starts_with(END_64))?;
        (entries, length, begin) = (number::<8>(end, 32)?, number::<8>(end, 40)?, number::<8>(end, 48)?);
    }
    let directory = part(file, begin, length)?;
    // Each entry has 46 bytes and a name.
    (entries <= length / 46).then_some(directory)
}
