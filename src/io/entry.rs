//! A tensor in a file: a name, a type, a shape and bytes. What all formats share.

use super::Error;
use crate::element::Element;
use crate::nn::{Dtype, StateData, StateDict, StateTensor};
use crate::storage::Storage;
use std::borrow::Cow;
use std::io::{self, Write};

/// The types of elements that are read; half floats become `f32`, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    Exactly(Dtype),
    F16,
    BF16,
}

pub(super) const READABLE: &str = "float32, float64, float16, bfloat16, int64 and bool";

impl Stored {
    pub(super) fn size(self) -> usize {
        match self {
            Stored::Exactly(dtype) => dtype.size(),
            Stored::F16 | Stored::BF16 => 2,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Stored::Exactly(Dtype::F32) => "float32",
            Stored::Exactly(Dtype::F64) => "float64",
            Stored::Exactly(Dtype::I64) => "int64",
            Stored::Exactly(Dtype::Bool) => "bool",
            Stored::F16 => "float16",
            Stored::BF16 => "bfloat16",
        }
    }
}

/// A tensor that is still in its file.
pub(super) struct Entry<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) stored: Stored,
    pub(super) shape: Vec<usize>,
    pub(super) bytes: &'a [u8],
}

/// The number of bytes of a tensor; `None` if there is no such number.
pub(super) fn size_of(stored: Stored, shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(stored.size(), |size, &n| size.checked_mul(n))
}

impl Entry<'_> {
    /// The tensor, copied out of the file. Only here memory is taken for elements, as much as there are bytes.
    pub(super) fn tensor(&self) -> Result<StateTensor, Error> {
        if size_of(self.stored, &self.shape) != Some(self.bytes.len()) {
            return Err(self.wrong_size());
        }
        let bytes = self.bytes;
        let data = match self.stored {
            Stored::Exactly(Dtype::F32) => StateData::F32(elements(bytes, f32::from_le_bytes)),
            Stored::Exactly(Dtype::F64) => StateData::F64(elements(bytes, f64::from_le_bytes)),
            Stored::Exactly(Dtype::I64) => StateData::I64(elements(bytes, i64::from_le_bytes)),
            Stored::F16 => StateData::F32(elements(bytes, |x| half::f16::from_le_bytes(x).to_f32())),
            Stored::BF16 => StateData::F32(elements(bytes, |x| half::bf16::from_le_bytes(x).to_f32())),
            Stored::Exactly(Dtype::Bool) => {
                if let Some(index) = bytes.iter().position(|byte| *byte > 1) {
                    return Err(Error::Value { key: self.name.to_string(), index, byte: bytes[index] });
                }
                StateData::Bool(elements(bytes, |[byte]| byte == 1))
            }
        };
        StateTensor::new(self.shape.clone(), data).map_err(|_| self.wrong_size())
    }

    fn wrong_size(&self) -> Error {
        Error::Size {
            key: self.name.to_string(),
            dtype: self.stored.name(),
            shape: self.shape.clone(),
            bytes: self.bytes.len() as u64,
        }
    }
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

/// Writes the elements, in little-endian order whatever the machine has.
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
