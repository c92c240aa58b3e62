//! A tensor in a file, common to all formats: a name, a type, a shape and bytes.

use super::Error;
use crate::element::Element;
use crate::file::kind::{Kind, bf16, f16};
use crate::nn::{Dtype, StateData, StateDict, StateTensor};
use crate::storage::Storage;
use std::borrow::Cow;
use std::io::{self, Write};

/// A tensor that is still in its file. Half floats become `f32` and integers `i64`, exactly.
pub(super) struct Entry<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) kind: Kind,
    pub(super) shape: Vec<usize>,
    pub(super) bytes: &'a [u8],
}

/// The type of elements that have all values of this type of this crate.
pub(super) fn kind(dtype: Dtype) -> Kind {
    match dtype {
        Dtype::F32 => Kind::F32,
        Dtype::F64 => Kind::F64,
        Dtype::I64 => Kind::I64,
        Dtype::Bool => Kind::Bool,
    }
}

/// The number of bytes of a tensor; `None` on overflow.
pub(super) fn size_of(kind: Kind, shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(kind.size(), |size, &n| size.checked_mul(n))
}

impl Entry<'_> {
    /// The tensor, copied out of the file; `None` if it has `uint64` elements that `i64` does not have. Only here
    /// memory is taken for elements, at most eight times as much as there are bytes.
    pub(super) fn tensor(&self) -> Result<Option<StateTensor>, Error> {
        if size_of(self.kind, &self.shape) != Some(self.bytes.len()) {
            return Err(self.wrong_size());
        }
        let bytes = self.bytes;
        let data = match self.kind {
            Kind::F32 => StateData::F32(elements(bytes, f32::from_le_bytes)),
            Kind::F64 => StateData::F64(elements(bytes, f64::from_le_bytes)),
            Kind::F16 => StateData::F32(elements(bytes, f16)),
            Kind::BF16 => StateData::F32(elements(bytes, bf16)),
            Kind::I8 => StateData::I64(elements(bytes, |x| i8::from_le_bytes(x).into())),
            Kind::U8 => StateData::I64(elements(bytes, |x| u8::from_le_bytes(x).into())),
            Kind::I16 => StateData::I64(elements(bytes, |x| i16::from_le_bytes(x).into())),
            Kind::U16 => StateData::I64(elements(bytes, |x| u16::from_le_bytes(x).into())),
            Kind::I32 => StateData::I64(elements(bytes, |x| i32::from_le_bytes(x).into())),
            Kind::U32 => StateData::I64(elements(bytes, |x| u32::from_le_bytes(x).into())),
            Kind::U64 if bytes.as_chunks::<8>().0.iter().any(|x| x[7] >= 0x80) => return Ok(None),
            Kind::I64 | Kind::U64 => StateData::I64(elements(bytes, i64::from_le_bytes)),
            Kind::Bool => {
                if let Some(index) = bytes.iter().position(|byte| *byte > 1) {
                    return Err(Error::Value { key: self.name.to_string(), index, byte: bytes[index] });
                }
                StateData::Bool(elements(bytes, |[byte]| byte == 1))
            }
        };
        StateTensor::new(self.shape.clone(), data).map(Some).map_err(|_| self.wrong_size())
    }

    /// Puts the tensor into a state dict.
    pub(super) fn insert_into(self, dict: &mut StateDict) -> Result<(), Error> {
        insert(dict, &self.name, self.tensor()?, || opaque(self.kind.name(), &self.shape))
    }

    fn wrong_size(&self) -> Error {
        Error::Size {
            key: self.name.to_string(),
            dtype: self.kind.name(),
            shape: self.shape.clone(),
            bytes: self.bytes.len() as u64,
        }
    }
}

/// The description of a tensor that is not read.
pub(super) fn opaque(dtype: &str, shape: &[usize]) -> String {
    format!("a tensor of {dtype} {shape:?}")
}

/// The most characters of a description: in a pickle, entries of a few bytes each may share one.
const LONGEST_DESCRIPTION: usize = 128;

/// Puts a tensor into a state dict, or what it is if it is not read.
pub(super) fn insert(
    dict: &mut StateDict,
    name: &str,
    tensor: Option<StateTensor>,
    kind: impl FnOnce() -> String,
) -> Result<(), Error> {
    match tensor {
        Some(tensor) => dict.insert(name, tensor),
        None => {
            let mut kind = kind();
            if let Some((end, _)) = kind.char_indices().nth(LONGEST_DESCRIPTION) {
                kind.truncate(end);
                kind.push_str("..");
            }
            dict.insert_opaque(name, kind)
        }
    }
    .map_err(|_| Error::Duplicate(name.to_owned()))
}

fn elements<E: Element, const N: usize>(bytes: &[u8], from: impl Fn([u8; N]) -> E) -> Storage<E> {
    Storage::collect(bytes.as_chunks().0.iter().map(|chunk| from(*chunk)))
}

/// A tensor on its way into a file.
pub(super) type Outgoing<'a> = (Cow<'a, str>, &'a StateTensor);

/// The tensors of a state dict, with something in front of their names.
pub(super) fn outgoing<'a>(dict: &'a StateDict, prefix: &str) -> Vec<Outgoing<'a>> {
    let named = |(name, tensor): (&'a str, &'a StateTensor)| match prefix {
        "" => (name.into(), tensor),
        prefix => (format!("{prefix}{name}").into(), tensor),
    };
    dict.iter().map(named).collect()
}

/// The number of bytes of the elements of a tensor.
pub(super) fn size(tensor: &StateTensor) -> usize {
    tensor.data().len() * tensor.dtype().size()
}

/// Writes the elements, in little-endian order on every machine.
pub(super) fn write_data(data: &StateData, writer: &mut dyn Write) -> io::Result<()> {
    match data {
        StateData::F32(elements) => write_all(elements, f32::to_le_bytes, writer),
        StateData::F64(elements) => write_all(elements, f64::to_le_bytes, writer),
        StateData::I64(elements) => write_all(elements, i64::to_le_bytes, writer),
        StateData::Bool(elements) => write_all(elements, |x| [u8::from(x)], writer),
    }
}

/// By way of a buffer that stays in the cache: as fast as writing the memory itself.
fn write_all<E: Copy, const N: usize>(
    elements: &[E],
    to: impl Fn(E) -> [u8; N],
    writer: &mut dyn Write,
) -> io::Result<()> {
    let mut buffer = vec![0; (elements.len() * N).min(1 << 17)];
    for part in elements.chunks((1 << 17) / N) {
        let bytes = &mut buffer[..part.len() * N];
        for (bytes, element) in bytes.as_chunks_mut().0.iter_mut().zip(part) {
            *bytes = to(*element);
        }
        writer.write_all(bytes)?;
    }
    Ok(())
}
