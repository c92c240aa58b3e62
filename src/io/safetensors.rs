//! safetensors: the format to exchange with PyTorch. Eight bytes with the length of a header, the header in JSON, and
//! the elements of the tensors.

use super::entry::{self, Entry, Outgoing, READABLE, Stored};
use super::{Error, MOST_AXES};
use crate::file::{atomic, map};
use crate::nn::{Dtype, StateDict};
use safetensors::tensor::{self, Metadata, SafeTensors, TensorInfo};
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io::{self, Write};
use std::path::Path;

/// The limit of the format.
const LARGEST_HEADER: u64 = 100_000_000;

/// Reads the tensors of a file, in the order of their elements.
///
/// The header is first checked here: of two tensors of one name the crate silently takes one, its errors name no
/// tensor, and offsets near 2⁶⁴ overflow its arithmetic.
fn read(file: &[u8]) -> Result<StateDict, Error> {
    let names = check(file)?;
    let tensors = SafeTensors::deserialize(file).map_err(|error| Error::Header(error.to_string()))?;
    let mut dict = StateDict::new();
    for name in names {
        let view = tensors.tensor(&name).map_err(|error| Error::Header(error.to_string()))?;
        let stored = match view.dtype() {
            tensor::Dtype::F32 => Stored::Exactly(Dtype::F32),
            tensor::Dtype::F64 => Stored::Exactly(Dtype::F64),
            tensor::Dtype::I64 => Stored::Exactly(Dtype::I64),
            tensor::Dtype::BOOL => Stored::Exactly(Dtype::Bool),
            tensor::Dtype::F16 => Stored::F16,
            tensor::Dtype::BF16 => Stored::BF16,
            other => {
                return Err(Error::Dtype { key: name, dtype: format!("{other:?}"), readable: READABLE });
            }
        };
        let (shape, bytes) = (view.shape().to_vec(), view.data());
        let entry = Entry { name: (&*name).into(), stored, shape, bytes };
        let tensor = entry.tensor()?;
        dict.insert(&*name, tensor).map_err(|_| Error::Duplicate(name))?;
    }
    add_dropped_names(file, &mut dict)?;
    Ok(dict)
}

/// Adds the names that `safetensors.torch.save_model` dropped, because the tensor of another name is the same: its
/// remarks say `dropped: kept`. They share memory, so that either may be the one that a module has.
fn add_dropped_names(file: &[u8], dict: &mut StateDict) -> Result<(), Error> {
    let (_, metadata) = SafeTensors::read_metadata(file).map_err(|error| Error::Header(error.to_string()))?;
    let mut remarks: Vec<_> = metadata.metadata().iter().flatten().collect();
    remarks.retain(|(name, kept)| *name != "format" && dict.get(kept).is_some() && dict.get(name).is_none());
    remarks.sort();
    for (name, kept) in remarks {
        let Some(tensor) = dict.get(kept).cloned() else { continue };
        dict.insert(name, tensor).map_err(|_| Error::Duplicate(name.clone()))?;
    }
    Ok(())
}

/// Checks that the header is one, that its names differ and that its tensors fill the file one after the other.
fn check(file: &[u8]) -> Result<Vec<String>, Error> {
    let truncated = |what: &str, needed, left: usize| {
        Err(Error::Truncated { what: what.into(), needed, left: left as u64 })
    };
    let Some((length, rest)) = file.split_first_chunk() else {
        return truncated("the length of the header", 8, file.len());
    };
    let length = u64::from_le_bytes(*length);
    if length > LARGEST_HEADER {
        return Err(Error::Header(format!(
            "it claims {length} bytes, more than the {LARGEST_HEADER} of the format"
        )));
    }
    let Some((header, data)) = rest.split_at_checked(length as usize) else {
        return truncated("the header", length, rest.len());
    };
    let Header(mut infos) =
        serde_json::from_slice(header).map_err(|error| Error::Header(error.to_string()))?;
    let mut names = HashSet::new();
    for (name, _) in &infos {
        if !names.insert(name.as_str()) {
            return Err(Error::Duplicate(name.clone()));
        }
    }
    infos.sort_by_key(|(_, info)| info.data_offsets);
    let mut expected = 0;
    for (name, info) in &infos {
        let (begin, end) = info.data_offsets;
        if begin != expected || end < begin {
            return Err(Error::Offsets { key: name.clone(), begin, end, expected });
        }
        if end > data.len() as u64 {
            return truncated(&format!("`{name}`"), end - begin, data.len() - begin as usize);
        }
        expected = end;
    }
    if expected < data.len() as u64 {
        return Err(Error::Unused { offset: expected, bytes: data.len() as u64 - expected });
    }
    Ok(infos.into_iter().map(|(name, _)| name).collect())
}

/// The names and places of the tensors, every one that is written down.
struct Header(Vec<(String, Info)>);

/// Nothing is skipped: skipping what is nested takes memory.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Info {
    data_offsets: (u64, u64),
    #[serde(rename = "shape")]
    _shape: Axes,
    #[serde(rename = "dtype")]
    _dtype: Text,
}

/// A string, which is not kept.
struct Text;

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Text;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_str<E: de::Error>(self, _: &str) -> Result<Text, E> {
                Ok(Text)
            }
        }
        deserializer.deserialize_str(Any)
    }
}

/// What PyTorch says about the file: strings, which are not kept here.
struct Remarks;

impl<'de> Deserialize<'de> for Remarks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Remarks;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of strings")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Remarks, A::Error> {
                while map.next_entry::<Text, Text>()?.is_some() {}
                Ok(Remarks)
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// Counts the axes.
struct Axes;

impl<'de> Deserialize<'de> for Axes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Count;
        impl<'de> Visitor<'de> for Count {
            type Value = Axes;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the sizes of a tensor")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut sizes: A) -> Result<Axes, A::Error> {
                let mut count = 0;
                while sizes.next_element::<u64>()?.is_some() {
                    count += 1;
                    if count > MOST_AXES {
                        return Err(de::Error::custom(format!("a tensor of more than {MOST_AXES} axes")));
                    }
                }
                Ok(Axes)
            }
        }
        deserializer.deserialize_seq(Count)
    }
}

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Header;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the names of tensors")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Header, A::Error> {
                let mut infos = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    if name == "__metadata__" {
                        map.next_value::<Remarks>()?;
                    } else {
                        infos.push((name, map.next_value()?));
                    }
                }
                Ok(Header(infos))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// Writes a file as PyTorch's `safetensors.torch.save_file` does: the largest elements first, then by name.
fn write(mut tensors: Vec<Outgoing<'_>>, writer: &mut dyn Write) -> io::Result<()> {
    tensors.sort_by(|(a, x), (b, y)| (dtype(y.dtype()), a).cmp(&(dtype(x.dtype()), b)));
    let mut end = 0;
    let infos = tensors.iter().map(|(name, tensor)| {
        let begin = end;
        end += entry::size(tensor);
        let (dtype, shape) = (dtype(tensor.dtype()), tensor.shape().to_vec());
        (name.to_string(), TensorInfo { dtype, shape, data_offsets: (begin, end) })
    });
    let infos = infos.collect();
    let metadata = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    let metadata = Metadata::new(Some(metadata), infos).map_err(io::Error::other)?;
    let mut header = serde_json::to_vec(&metadata)?;
    header.resize(header.len().next_multiple_of(8), b' ');
    writer.write_all(&(header.len() as u64).to_le_bytes())?;
    writer.write_all(&header)?;
    tensors.iter().try_for_each(|(_, tensor)| entry::write_data(tensor.data(), writer))
}

fn dtype(dtype: Dtype) -> tensor::Dtype {
    match dtype {
        Dtype::F32 => tensor::Dtype::F32,
        Dtype::F64 => tensor::Dtype::F64,
        Dtype::I64 => tensor::Dtype::I64,
        Dtype::Bool => tensor::Dtype::BOOL,
    }
}

impl StateDict {
    /// Writes a safetensors file, whole or not at all; PyTorch reads it with `safetensors.torch.load_file`.
    ///
    /// # Errors
    /// If the operating system does not write it; a file that was there is still there then.
    pub fn save_safetensors(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let (path, tensors) = (path.as_ref(), entry::outgoing(self, ""));
        atomic::write(path, |writer| write(tensors, writer)).map_err(|error| Error::from(error).at(path))
    }

    /// Reads a safetensors file, by way of a memory map. Tensors of `float16` and `bfloat16` become `f32`. A tied weight
    /// has the names that PyTorch's `save_model` dropped, too.
    ///
    /// # Errors
    /// If the file is not well-formed, or has elements of another type.
    pub fn load_safetensors(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let read = || StateDict::from_safetensors(&map::Bytes::of(path)?);
        read().map_err(|error| error.at(path))
    }

    /// The bytes of a safetensors file.
    #[must_use]
    pub fn to_safetensors(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(entry::outgoing(self, ""), &mut bytes).expect("a vector takes all bytes");
        bytes
    }

    /// Reads the bytes of a safetensors file.
    ///
    /// # Errors
    /// If they are not well-formed, or the elements of a tensor are of a type that is not read.
    pub fn from_safetensors(bytes: &[u8]) -> Result<Self, Error> {
        read(bytes)
    }
}
