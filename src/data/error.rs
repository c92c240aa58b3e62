//! Errors of data files.

use super::DifferentLengths;
use crate::error_format::debug_as_display;
use crate::file::format;
use std::io;
use std::path::{Path, PathBuf};

/// Why a file of data was not read or written: the file, and for text files the line.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// An error, with the path of the file.
    #[error("{}: {problem}", path.display())]
    In {
        /// The file.
        path: PathBuf,
        /// The problem.
        #[source]
        problem: Box<DataError>,
    },
    /// An error, with the path of the file and the line.
    #[error("{}:{line}: {problem}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// The problem.
        #[source]
        problem: Box<DataError>,
    },
    /// The operating system said no.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It is a file of another kind.
    #[error("it is not {expected}{}", format::instead(*format, found))]
    Magic {
        /// The format that was asked for.
        expected: &'static str,
        /// The first bytes of the file.
        found: String,
        /// The format that the first bytes show, if any, and the function that reads it.
        format: Option<&'static str>,
    },
    /// The file is compressed.
    #[error("it is compressed; unpack it first: gunzip {}", path.display())]
    Compressed {
        /// The file.
        path: PathBuf,
    },
    /// The header cannot be understood.
    #[error("the header is malformed: {0}")]
    Header(String),
    /// The file was written by a version of the format that is not known.
    #[error("version {major}.{minor} of the format is not known")]
    Version {
        /// The number before the point.
        major: u8,
        /// The number after it.
        minor: u8,
    },
    /// The file does not have as many bytes as its header says.
    #[error("{what} of shape {shape:?} need {needed} bytes, but {found} are there")]
    Size {
        /// The type of the elements, in the plural.
        what: String,
        /// The value in the header.
        shape: Vec<u64>,
        /// The bytes that takes, or "more than a file can have".
        needed: String,
        /// The bytes that are there.
        found: u64,
    },
    /// The file has another shape than the type of the tensor.
    #[error("the file has the shape {file:?}, but the tensor has the shape {tensor}")]
    Shape {
        /// The shape of the file.
        file: Vec<u64>,
        /// The shape of the type; `N` is any number of rows.
        tensor: String,
    },
    /// The elements of the file do not all have a value in the type of the tensor.
    #[error("elements of type {file} cannot be converted to {tensor} without loss")]
    Dtype {
        /// The type of the elements of the file.
        file: String,
        /// The type of the elements of the tensor.
        tensor: &'static str,
    },
    /// Elements of a type that is not read at all.
    #[error("elements of type {0} are not supported")]
    Unsupported(String),
    /// A row of a table has another number of fields.
    #[error("{found} fields, but there should be {expected}")]
    Fields {
        /// How many it has.
        found: usize,
        /// How many it should have.
        expected: usize,
    },
    /// A table has another number of columns.
    #[error(
        "{found} columns, but the elements of an input{} are {expected}; `Csv::columns` and `Csv::drop_columns` choose columns, \
         and `Csv::delimiter` the mark between them",
        if *target { " and the target" } else { "" }
    )]
    Columns {
        /// How many it has.
        found: usize,
        /// How many it should have.
        expected: usize,
        /// Whether one of them is the target.
        target: bool,
    },
    /// A field is not what it should be.
    #[error("column {column}{}: {field:?} is not {expected}", in_brackets(name))]
    Field {
        /// The column, counted from 1.
        column: usize,
        /// Its name in the header; empty if there is none.
        name: String,
        /// Its text.
        field: String,
        /// The expected value.
        expected: String,
    },
    /// A value is missing.
    #[error(
        "column {column}{}: a value is missing; `Csv::missing` leaves such rows out, or fills values in",
        in_brackets(name)
    )]
    Missing {
        /// The column, counted from 1.
        column: usize,
        /// Its name in the header; empty if there is none.
        name: String,
    },
    /// The columns of the inputs are not as many as the elements of an input.
    #[error("the columns of the inputs are {found} numbers, but an input of shape {shape:?} has {}", shape.iter().product::<usize>())]
    Inputs {
        /// The numbers that the columns give; a column in one-hot form gives several.
        found: usize,
        /// The shape of an input.
        shape: Vec<usize>,
    },
    /// The target is among the columns of the inputs.
    #[error("the column {0:?} is the target, and cannot be an input")]
    TargetAsInput(String),
    /// There are not as many classes as the program says.
    #[error("{} classes, but there should be {expected}{}", found.len(), first(found))]
    Classes {
        /// The names that were found.
        found: Vec<String>,
        /// How many there should be.
        expected: usize,
    },
    /// A vocabulary does not have as many words as its type says.
    #[error("{found} words, but the vocabulary has {expected}")]
    Vocabulary {
        /// The words that were found.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// A line of a vocabulary is invalid.
    #[error("{0}")]
    Word(String),
    /// A picture cannot be decoded.
    #[cfg(feature = "images")]
    #[error("{0}")]
    Image(String),
    /// A picture has another size.
    #[cfg(feature = "images")]
    #[error(
        "the image has {height} rows of {width} pixels, and not {} of {}; `ImageFolder::resize` scales it",
        expected[0],
        expected[1]
    )]
    ImageSize {
        /// The number of rows.
        height: usize,
        /// The number of pixels in a row.
        width: usize,
        /// The rows and pixels that there should be.
        expected: [usize; 2],
    },
    /// A folder has no picture.
    #[cfg(feature = "images")]
    #[error("no image was found (.png, .jpg or .jpeg)")]
    NoImages,
    /// An archive is not well-formed.
    #[cfg(feature = "npz")]
    #[error("{0}")]
    Archive(String),
    /// An archive has no array of this name.
    #[cfg(feature = "npz")]
    #[error("there is no array {0:?}; there are {1}")]
    NoArray(String, String),
    /// An array of an archive is larger than allowed when it is unpacked.
    #[cfg(feature = "npz")]
    #[error("the array {name:?} has more than {limit} bytes when unpacked; `Npz::limit` allows more")]
    TooLarge {
        /// The name of the array.
        name: String,
        /// The number of bytes that are allowed.
        limit: u64,
    },
    /// An error of an array of an archive.
    #[cfg(feature = "npz")]
    #[error("the array {name:?}: {problem}")]
    Array {
        /// The name of the array.
        name: String,
        /// The problem.
        #[source]
        problem: Box<DataError>,
    },
    /// A column of this name or number does not exist.
    #[error("unknown column {0}")]
    Column(String),
    /// Text that is not UTF-8.
    #[error("it is not UTF-8 text")]
    Utf8,
    /// There are not as many inputs as targets.
    #[error(transparent)]
    Lengths(#[from] DifferentLengths),
}

debug_as_display!(DataError);

/// The name of a column, after its number.
fn in_brackets(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" ({name})") }
}

/// A list of names, of which there may be none or very many.
fn first(names: &[String]) -> String {
    let (colon, end) = (if names.is_empty() { "" } else { ": " }, if names.len() > 20 { ", .." } else { "" });
    format!("{colon}{}{end}", names[..names.len().min(20)].join(", "))
}

impl DataError {
    /// The same, with the file in which it is.
    pub(super) fn at(self, path: &Path) -> Self {
        match self {
            DataError::In { .. } | DataError::Line { .. } | DataError::Compressed { .. } => self,
            problem => DataError::In { path: path.to_owned(), problem: Box::new(problem) },
        }
    }

    /// The same, with the line in which it is.
    pub(super) fn at_line(self, path: &Path, line: u64) -> Self {
        DataError::Line { path: path.to_owned(), line, problem: Box::new(self) }
    }

    /// The problem, without path and line.
    #[must_use]
    pub fn problem(&self) -> &Self {
        match self {
            DataError::In { problem, .. } | DataError::Line { problem, .. } => problem.problem(),
            problem => problem,
        }
    }
}
