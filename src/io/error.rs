//! Errors of files.

use crate::error_format::debug_as_display;
use crate::file::format;
use crate::nn::LoadError;
use std::io;
use std::path::{Path, PathBuf};

/// Why a file was not read or written: the file, and what is wrong with it.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An error, with the path of the file.
    #[error("{}: {problem}", path.display())]
    In {
        /// The file.
        path: PathBuf,
        /// The problem.
        #[source]
        problem: Box<Error>,
    },
    /// The operating system said no.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The file ends before a part that its header announces.
    #[error("the file ends too early: {what} needs {needed} bytes, {left} are left")]
    Truncated {
        /// The expected value.
        what: String,
        /// Its length.
        needed: u64,
        /// The bytes from its beginning to the end of the file.
        left: u64,
    },
    /// Bytes that nothing announces.
    #[error("{bytes} bytes that belong to no tensor begin at byte {offset} of the data")]
    Unused {
        /// Their offset.
        offset: u64,
        /// Their number.
        bytes: u64,
    },
    /// It is a file of another kind.
    #[error("it is not a {expected} file{}", format::instead(*format, &format!("{found:?}")))]
    Magic {
        /// The format that was asked for.
        expected: &'static str,
        /// The first bytes of the file.
        found: String,
        /// The format that the first bytes show, if any, and the function that reads it.
        format: Option<&'static str>,
    },
    /// The file was written by another version of the format.
    #[error("version {found} of the format is not known; this is version {supported}")]
    Version {
        /// The version of the file.
        found: u32,
        /// The version of this crate.
        supported: u32,
    },
    /// The bytes are not those that were written.
    #[error("the checksum in the file is {stored:08x}, but that of its bytes is {computed:08x}")]
    Checksum {
        /// The value in the file.
        stored: u32,
        /// The computed value.
        computed: u32,
    },
    /// The header cannot be understood.
    #[error("the header is malformed: {0}")]
    Header(String),
    /// The archive of a PyTorch file cannot be understood.
    #[error("the archive is malformed: {0}")]
    Archive(String),
    /// The pickle of a PyTorch file cannot be understood.
    #[error("the pickle is malformed before byte {at}: {problem}")]
    Pickle {
        /// The number of bytes read.
        at: u64,
        /// The problem.
        problem: String,
    },
    /// Instead of a dict of tensors, a PyTorch file has an object of another class, or the result of a
    /// function. Nothing is run.
    #[error("it is an object of `{name}`, and not a dict of tensors; of a pickle, nothing is run")]
    Global {
        /// The name of the class or function in Python.
        name: String,
    },
    /// A PyTorch file holds something else.
    #[error("it is not a state dict: {0}")]
    Contents(String),
    /// A tensor is outside of its elements.
    #[error(
        "`{key}` of shape {shape:?} is a view that reaches beyond the {elements} elements of its storage"
    )]
    View {
        /// The name of the tensor.
        key: String,
        /// Its sizes.
        shape: Vec<usize>,
        /// The number of elements.
        elements: u64,
    },
    /// The file is that of another module.
    #[error(transparent)]
    Module(#[from] LoadError),
    /// Two tensors have one name.
    #[error("the name `{0}` is there twice")]
    Duplicate(String),
    /// A required part is missing.
    #[error("there is no `{0}`")]
    Missing(String),
    /// A tensor of a file in the format of this crate has elements of a type that is not known.
    #[error("`{key}` has elements of type {dtype}, which is not known")]
    Dtype {
        /// The name of the tensor.
        key: String,
        /// The value in the file.
        dtype: String,
    },
    /// The elements of a tensor do not take the bytes that the file gives to them.
    #[error("`{key}` is {dtype} {shape:?}, but has {bytes} bytes")]
    Size {
        /// The name of the tensor.
        key: String,
        /// The type of its elements.
        dtype: &'static str,
        /// Its sizes.
        shape: Vec<usize>,
        /// The number of bytes given.
        bytes: u64,
    },
    /// The data of a tensor are not where those of the tensor before them end.
    #[error("the data of `{key}` are bytes {begin} to {end}, but the data before them end at {expected}")]
    Offsets {
        /// The name of the tensor.
        key: String,
        /// The offset of its data.
        begin: u64,
        /// Their end.
        end: u64,
        /// The expected offset.
        expected: u64,
    },
    /// A byte that is not an element.
    #[error("element {index} of `{key}` is the byte {byte}, not a bool (0 or 1)")]
    Value {
        /// The name of the tensor.
        key: String,
        /// The position of the element.
        index: usize,
        /// Its byte.
        byte: u8,
    },
}

debug_as_display!(Error);

impl Error {
    /// The error of a file that does not start as the format does.
    pub(super) fn magic(expected: &'static str, file: &[u8]) -> Self {
        let found = String::from_utf8_lossy(&file[..file.len().min(8)]).into_owned();
        Error::Magic { expected, found, format: format::of(file) }
    }

    /// The same, with the file in which it is.
    pub(super) fn at(self, path: &Path) -> Self {
        match self {
            Error::In { .. } => self,
            problem => Error::In { path: path.to_owned(), problem: Box::new(problem) },
        }
    }

    /// The problem, without the path.
    #[must_use]
    pub fn problem(&self) -> &Self {
        match self {
            Error::In { problem, .. } => problem.problem(),
            problem => problem,
        }
    }
}
