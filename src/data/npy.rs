//! npy, NumPy's format for one array.
//!
//! | bytes | |
//! |---|---|
//! | 6 | `\x93NUMPY` |
//! | 2 | the version: 1.0, 2.0 or 3.0 |
//! | 2, or 4 from version 2 on | the length of the header, little-endian |
//! | | the header: `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }` |
//! | | the elements |

use super::binary::{Data, check_shape, check_size};
use super::{DataError, TensorRows};
use crate::element::Element;
use crate::file::kind::Kind;
use crate::file::{atomic, format, map};
use crate::graph::Graph;
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::any::Any;
use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

const MAGIC: &[u8; 6] = b"\x93NUMPY";

/// Reads a file of NumPy's `np.save` into a tensor of the same shape.
///
/// Elements keep their values: `uint8` becomes any type of number, `float16` becomes `f32`, and `float64` becomes
/// `f64` only.
///
/// ```
/// use typegrad::data::{read_npy, write_npy};
/// use typegrad::prelude::*;
/// let path = std::env::temp_dir().join("typegrad-read-npy.npy");
/// write_npy(&path, &Tensor::from([[1.0_f32, 2.0], [3.0, 4.0]]))?;
/// let x = read_npy::<Rank2<2, 2>, f32>(&path)?;
/// assert_eq!(x, Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
/// let error = read_npy::<Rank2<2, 3>, f32>(&path).unwrap_err();
/// assert!(error.to_string().ends_with("the file has the shape [2, 2], but the tensor has the shape [2, 3]"));
/// # Ok::<(), typegrad::data::DataError>(())
/// ```
///
/// # Errors
/// If the file is not well-formed, or has another shape, or elements that would lose their values.
pub fn read_npy<S: Shape, E: Element>(path: impl AsRef<Path>) -> Result<Tensor<S, E>, DataError> {
    let path = path.as_ref();
    let read = || parse::<S, E>(&map::Bytes::of(path)?, false);
    Ok(Tensor::constant(read().map_err(|error| error.at(path))?.0))
}

/// Reads a file of NumPy's `np.save` into rows of shape `S`, as many as there are.
///
/// # Errors
/// Those of [`read_npy`].
pub fn read_npy_rows<S: Shape, E: Element>(path: impl AsRef<Path>) -> Result<TensorRows<S, E>, DataError> {
    let path = path.as_ref();
    let read = || parse::<S, E>(&map::Bytes::of(path)?, true);
    let (data, len) = read().map_err(|error| error.at(path))?;
    Ok(TensorRows::new(data, len))
}

/// Writes a tensor for NumPy's `np.load`, whole or not at all.
///
/// # Errors
/// If the file cannot be written; an existing file stays as it was.
pub fn write_npy<S: Shape, E: Element, C, F>(
    path: impl AsRef<Path>,
    tensor: &Tensor<S, E, Graph<C, F>>,
) -> Result<(), DataError> {
    let path = path.as_ref();
    let (header, elements) = (header::<S, E>(), tensor.as_slice());
    atomic::write(path, |writer| {
        writer.write_all(&header)?;
        write_elements(writer, elements)
    })
    .map_err(|error| DataError::from(error).at(path))
}

/// The elements, little-endian.
pub(super) fn write_elements<E: Element>(writer: &mut dyn Write, elements: &[E]) -> io::Result<()> {
    elements.iter().try_for_each(|element| {
        let element: &dyn Any = element;
        if let Some(x) = element.downcast_ref::<f32>() {
            writer.write_all(&x.to_le_bytes())
        } else if let Some(x) = element.downcast_ref::<f64>() {
            writer.write_all(&x.to_le_bytes())
        } else if let Some(x) = element.downcast_ref::<i64>() {
            writer.write_all(&x.to_le_bytes())
        } else {
            writer.write_all(&[element.downcast_ref::<bool>().copied().unwrap_or_default().into()])
        }
    })
}

/// Everything before the elements, a multiple of 64 bytes as NumPy writes it.
pub(super) fn header<S: Shape, E: Element>() -> Vec<u8> {
    let descr = match E::DTYPE {
        "float32" => "<f4",
        "float64" => "<f8",
        "int64" => "<i8",
        _ => "|b1",
    };
    let sizes: String = S::SIZES.iter().map(|size| format!("{size}, ")).collect();
    // Of one size the comma stays.
    let sizes = if S::RANK == 1 { sizes.trim_end() } else { sizes.trim_end_matches(", ") };
    let mut dict = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({sizes}), }}");
    let before = MAGIC.len() + 4;
    let total = (before + dict.len() + 1).next_multiple_of(64);
    dict.extend(std::iter::repeat_n(' ', total - before - dict.len() - 1));
    dict.push('\n');
    [MAGIC.as_slice(), &[1, 0], &(dict.len() as u16).to_le_bytes(), dict.as_bytes()].concat()
}

/// Checks that the header, of which `beginning` has the first bytes, names the shape `S`.
#[cfg(feature = "npz")]
pub(super) fn check_header<S: Shape>(beginning: &[u8]) -> Result<(), DataError> {
    let (header, _) = split(beginning)?;
    check_shape::<S>(&header.shape, false).map(|_| ())
}

/// The elements in row-major order, and the number of rows.
pub(super) fn parse<S: Shape, E: Element>(file: &[u8], rows: bool) -> Result<(Storage<E>, usize), DataError> {
    let (header, bytes) = split(file)?;
    check_size(header.kind, &header.shape, bytes)?;
    let len = check_shape::<S>(&header.shape, rows)?;
    let bytes = if header.fortran { row_major(&header, bytes) } else { Cow::Borrowed(bytes) };
    let data = Data { kind: header.kind, big_endian: header.big_endian, bytes: &bytes };
    Ok((data.elements()?, len))
}

/// The header of a file, and the bytes after it.
fn split(file: &[u8]) -> Result<(Header, &[u8]), DataError> {
    let Some(rest) = file.strip_prefix(MAGIC) else {
        let found = format!("{:?}", String::from_utf8_lossy(&file[..file.len().min(6)]));
        return Err(DataError::Magic { expected: "an npy file", found, format: format::of(file) });
    };
    let early = || DataError::Header("the file ends within it".into());
    let (&[major, minor], rest) = rest.split_first_chunk().ok_or_else(early)?;
    let (length, rest) = match (major, minor) {
        (1, 0) => {
            let (length, rest) = rest.split_first_chunk().ok_or_else(early)?;
            (u16::from_le_bytes(*length).into(), rest)
        }
        (2 | 3, 0) => {
            let (length, rest) = rest.split_first_chunk().ok_or_else(early)?;
            (u32::from_le_bytes(*length), rest)
        }
        _ => return Err(DataError::Version { major, minor }),
    };
    let length = usize::try_from(length).map_err(|_| early())?;
    let (header, bytes) = rest.split_at_checked(length).ok_or_else(early)?;
    Ok((Header::parse(header)?, bytes))
}

/// The bytes of elements that are stored with the first axis fastest, with the last axis fastest.
fn row_major<'a>(header: &Header, bytes: &'a [u8]) -> Cow<'a, [u8]> {
    let (size, count) = (header.kind.size(), bytes.len() / header.kind.size());
    if header.shape.len() < 2 || count == 0 {
        return Cow::Borrowed(bytes);
    }
    // Every size is at most the count, which is a length of memory.
    let shape: Vec<usize> = header.shape.iter().map(|&n| n as usize).collect();
    let strides: Vec<usize> = (0..shape.len()).map(|axis| shape[..axis].iter().product()).collect();
    let mut index = vec![0; shape.len()];
    let mut out = Vec::with_capacity(bytes.len());
    let mut place = 0;
    for _ in 0..count {
        out.extend_from_slice(&bytes[place * size..][..size]);
        for axis in (0..shape.len()).rev() {
            index[axis] += 1;
            place += strides[axis];
            if index[axis] < shape[axis] {
                break;
            }
            place -= strides[axis] * shape[axis];
            index[axis] = 0;
        }
    }
    Cow::Owned(out)
}

struct Header {
    kind: Kind,
    big_endian: bool,
    fortran: bool,
    shape: Vec<u64>,
}

impl Header {
    fn parse(header: &[u8]) -> Result<Self, DataError> {
        let malformed = |what: &str| DataError::Header(what.to_owned());
        let text = std::str::from_utf8(header).map_err(|_| malformed("it is not text"))?;
        let mut words = Words(text);
        let (mut descr, mut fortran, mut shape) = (None, None, None);
        words.expect("{")?;
        while !words.take("}") {
            let key = words.string()?;
            words.expect(":")?;
            match key {
                "descr" if words.take("[") => {
                    return Err(DataError::Unsupported("record".into()));
                }
                "descr" => descr = Some(words.string()?),
                "fortran_order" if words.take("True") => fortran = Some(true),
                "fortran_order" if words.take("False") => fortran = Some(false),
                "shape" => shape = Some(words.sizes()?),
                key => return Err(DataError::Header(format!("{key:?} is not understood"))),
            }
            if !words.take(",") {
                words.expect("}")?;
                break;
            }
        }
        words.end()?;
        let (Some(descr), Some(fortran), Some(shape)) = (descr, fortran, shape) else {
            return Err(malformed("one of 'descr', 'fortran_order' and 'shape' is missing"));
        };
        let (order, kind) = descr.split_at_checked(1).unwrap_or_default();
        let kind = match kind {
            "b1" => Kind::Bool,
            "u1" => Kind::U8,
            "i1" => Kind::I8,
            "u2" => Kind::U16,
            "i2" => Kind::I16,
            "u4" => Kind::U32,
            "i4" => Kind::I32,
            "u8" => Kind::U64,
            "i8" => Kind::I64,
            "f2" => Kind::F16,
            "f4" => Kind::F32,
            "f8" => Kind::F64,
            _ => return Err(DataError::Unsupported(descr.to_owned())),
        };
        let big_endian = match order {
            "<" | "|" | "=" => false,
            ">" => true,
            _ => return Err(DataError::Header(format!("{descr:?} is not understood"))),
        };
        Ok(Header { kind, big_endian, fortran, shape })
    }
}

/// The rest of a header, which is a Python dictionary.
struct Words<'a>(&'a str);

impl<'a> Words<'a> {
    fn take(&mut self, word: &str) -> bool {
        match self.0.trim_start().strip_prefix(word) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, word: &str) -> Result<(), DataError> {
        if self.take(word) {
            return Ok(());
        }
        let rest: String = self.0.trim_start().chars().take(20).collect();
        Err(DataError::Header(format!("{word:?} should be where {rest:?} is")))
    }

    fn string(&mut self) -> Result<&'a str, DataError> {
        let quote = if self.take("\"") { '"' } else { '\'' };
        if quote == '\'' {
            self.expect("'")?;
        }
        let (text, rest) =
            self.0.split_once(quote).ok_or_else(|| DataError::Header("a text does not end".into()))?;
        self.0 = rest;
        Ok(text)
    }

    fn sizes(&mut self) -> Result<Vec<u64>, DataError> {
        let mut sizes = Vec::new();
        self.expect("(")?;
        while !self.take(")") {
            let text = self.0.trim_start();
            let (number, rest) =
                text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
            let size = number.parse().map_err(|_| DataError::Header(format!("{number:?} is not a size")))?;
            sizes.push(size);
            // NumPy on Python 2 writes long integers.
            self.0 = rest.strip_prefix('L').unwrap_or(rest);
            if !self.take(",") {
                self.expect(")")?;
                break;
            }
        }
        Ok(sizes)
    }

    fn end(&self) -> Result<(), DataError> {
        match self.0.trim() {
            "" => Ok(()),
            rest => Err(DataError::Header(format!("{rest:?} follows its end"))),
        }
    }
}
