//! A file as memory. The only `unsafe` outside of `kernel`.

use std::fs::File;
use std::io;
use std::path::Path;

/// The bytes of a memory-mapped file: only pages that are used are read.
pub(crate) struct Bytes(memmap2::Mmap);

impl Bytes {
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
        }
        // SAFETY: the map is read-only and private to this process, and is dropped before the function that reads the
        // file returns: everything is copied out of it into tensors. The one thing that no program can exclude is
        // that another one writes into the same file meanwhile. This crate writes into a new
        // file and renames it, so that a file that is mapped never changes. Every reader copes with any bytes.
        Ok(Bytes(unsafe { memmap2::Mmap::map(&file)? }))
    }
}

impl std::ops::Deref for Bytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}
