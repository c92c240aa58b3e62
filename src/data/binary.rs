//! Elements as they are in files: integers and floats of several sizes, in either byte order.

use super::DataError;
use crate::element::Element;
use crate::file::kind::{Kind, bf16, f16};
use crate::shape::Shape;
use crate::storage::Storage;
use std::any::Any;

/// The data of a file that has been compared with its header.
#[derive(Clone, Copy)]
pub(super) struct Data<'a> {
    pub(super) kind: Kind,
    pub(super) big_endian: bool,
    pub(super) bytes: &'a [u8],
}

/// Compares the number of bytes that a shape takes with those that are there.
pub(super) fn check_size(kind: Kind, shape: &[u64], bytes: &[u8]) -> Result<(), DataError> {
    let found = bytes.len() as u64;
    let needed = shape.iter().try_fold(kind.size() as u64, |size, &n| size.checked_mul(n));
    if needed == Some(found) {
        return Ok(());
    }
    let needed = needed.map_or_else(|| "more".to_owned(), |needed| needed.to_string());
    Err(DataError::Size { what: format!("{} elements", kind.name()), shape: shape.to_vec(), needed, found })
}

/// Compares the shape of a file with `S`, or with rows of `S`. Returns the number of rows.
pub(super) fn check_shape<S: Shape>(shape: &[u64], rows: bool) -> Result<usize, DataError> {
    if rows && S::NUMEL == 0 {
        return Err(DataError::Header("rows without elements cannot be counted".into()));
    }
    let (len, row) = match (rows, shape) {
        (false, shape) => (Some(1), shape),
        (true, [len, row @ ..]) => (usize::try_from(*len).ok(), row),
        (true, []) => (None, shape),
    };
    match len {
        Some(len) if row.iter().copied().eq(S::SIZES.iter().map(|&n| n as u64)) => Ok(len),
        _ => {
            let sizes = rows.then(|| "N".to_owned()).into_iter().chain(S::SIZES.iter().map(usize::to_string));
            let tensor = format!("[{}]", sizes.collect::<Vec<_>>().join(", "));
            Err(DataError::Shape { file: shape.to_vec(), tensor })
        }
    }
}

impl Data<'_> {
    /// The elements, which are copied. Every one keeps its value.
    pub(super) fn elements<E: Element>(self) -> Result<Storage<E>, DataError> {
        let loss = || DataError::Dtype { file: self.kind.name().into(), tensor: E::DTYPE };
        // One of the four is what `E` is.
        let found = self.as_f32::<E>().or_else(|| self.as_f64()).or_else(|| self.as_i64());
        match found {
            Some(storage) => Ok(storage),
            None if E::DTYPE == "bool" && self.kind == Kind::Bool => self.as_bool()?.ok_or_else(loss),
            None => Err(loss()),
        }
    }

    fn as_f32<E: Element>(self) -> Option<Storage<E>> {
        match self.kind {
            Kind::U8 => self.read(|[x]: [u8; 1]| f32::from(x)),
            Kind::I8 => self.read(|[x]: [u8; 1]| f32::from(x as i8)),
            Kind::U16 => self.read(|x| f32::from(u16::from_le_bytes(x))),
            Kind::I16 => self.read(|x| f32::from(i16::from_le_bytes(x))),
            Kind::F16 => self.read(f16),
            Kind::BF16 => self.read(bf16),
            Kind::F32 => self.read(f32::from_le_bytes),
            _ => None,
        }
    }

    fn as_f64<E: Element>(self) -> Option<Storage<E>> {
        match self.kind {
            Kind::U8 => self.read(|[x]: [u8; 1]| f64::from(x)),
            Kind::I8 => self.read(|[x]: [u8; 1]| f64::from(x as i8)),
            Kind::U16 => self.read(|x| f64::from(u16::from_le_bytes(x))),
            Kind::I16 => self.read(|x| f64::from(i16::from_le_bytes(x))),
            Kind::U32 => self.read(|x| f64::from(u32::from_le_bytes(x))),
            Kind::I32 => self.read(|x| f64::from(i32::from_le_bytes(x))),
            Kind::F16 => self.read(|x| f64::from(f16(x))),
            Kind::BF16 => self.read(|x| f64::from(bf16(x))),
            Kind::F32 => self.read(|x| f64::from(f32::from_le_bytes(x))),
            Kind::F64 => self.read(f64::from_le_bytes),
            _ => None,
        }
    }

    fn as_i64<E: Element>(self) -> Option<Storage<E>> {
        match self.kind {
            Kind::U8 => self.read(|[x]: [u8; 1]| i64::from(x)),
            Kind::I8 => self.read(|[x]: [u8; 1]| i64::from(x as i8)),
            Kind::U16 => self.read(|x| i64::from(u16::from_le_bytes(x))),
            Kind::I16 => self.read(|x| i64::from(i16::from_le_bytes(x))),
            Kind::U32 => self.read(|x| i64::from(u32::from_le_bytes(x))),
            Kind::I32 => self.read(|x| i64::from(i32::from_le_bytes(x))),
            Kind::I64 => self.read(i64::from_le_bytes),
            // Where every value fits.
            Kind::U64 => {
                let most_significant = if self.big_endian { 0 } else { 7 };
                let fit = self.bytes.as_chunks::<8>().0.iter().all(|x| x[most_significant] < 0x80);
                if fit { self.read(i64::from_le_bytes) } else { None }
            }
            _ => None,
        }
    }

    fn as_bool<E: Element>(self) -> Result<Option<Storage<E>>, DataError> {
        match self.bytes.iter().position(|byte| *byte > 1) {
            Some(place) => {
                let byte = self.bytes[place];
                Err(DataError::Header(format!("element {place} is the byte {byte}, not a bool (0 or 1)")))
            }
            None => Ok(self.read(|[x]: [u8; 1]| x == 1)),
        }
    }

    /// `None` if `T` is not `E`.
    fn read<T: Element, E: Element, const N: usize>(self, from: impl Fn([u8; N]) -> T) -> Option<Storage<E>> {
        let any: &dyn Any = &T::default();
        any.downcast_ref::<E>()?;
        let chunks = self.bytes.as_chunks().0;
        let swapped = |mut bytes: [u8; N]| {
            if self.big_endian {
                bytes.reverse();
            }
            from(bytes)
        };
        let storage = Storage::from_fn(chunks.len(), |i| swapped(chunks[i]));
        (Box::new(storage) as Box<dyn Any>).downcast::<Storage<E>>().ok().map(|storage| *storage)
    }
}
