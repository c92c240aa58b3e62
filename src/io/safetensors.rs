//! safetensors: the format to exchange with PyTorch. Eight bytes with the length of a header, the header in JSON, and
//! the elements of the tensors.

use super::entry::{self, Entry, Outgoing};
use super::{Error, MOST_AXES};
use crate::file::kind::Kind;
use crate::file::{atomic, format, map};
use crate::nn::{Dtype, StateDict};
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::io::{self, Write};
use std::path::Path;

/// The limit of the format.
const LARGEST_HEADER: u64 = 100_000_000;

/// Reads the tensors of a file, in the order of their elements. Those of a type that is not read are opaque.
fn read(file: &[u8]) -> Result<StateDict, Error> {
    let (header, data) = split(file)?;
    let Header { tensors, remarks } = check(header, data)?;
    let mut dict = StateDict::new();
    for (name, Info { data_offsets: (begin, end), shape, dtype }) in tensors {
        // The offsets are in the file: `check` has compared them.
        let bytes = &data[begin as usize..end as usize];
        match kind(&dtype) {
            Some(kind) => Entry { name: name.into(), kind, shape, bytes }.insert_into(&mut dict)?,
            None => entry::insert(&mut dict, &name, None, || entry::opaque(&dtype, &shape))?,
        }
    }
    add_dropped_names(remarks, &mut dict)?;
    Ok(dict)
}

fn kind(dtype: &str) -> Option<Kind> {
    Some(match dtype {
        "BOOL" => Kind::Bool,
        "U8" => Kind::U8,
        "I8" => Kind::I8,
        "U16" => Kind::U16,
        "I16" => Kind::I16,
        "U32" => Kind::U32,
        "I32" => Kind::I32,
        "U64" => Kind::U64,
        "I64" => Kind::I64,
        "F16" => Kind::F16,
        "BF16" => Kind::BF16,
        "F32" => Kind::F32,
        "F64" => Kind::F64,
        _ => return None,
    })
}

/// Adds the names that `safetensors.torch.save_model` dropped, because the tensor of another name is the same: its
/// remarks say `dropped: kept`. They share memory, so that either may be the one that a module has.
fn add_dropped_names(remarks: BTreeMap<String, String>, dict: &mut StateDict) -> Result<(), Error> {
    let mut tied: Vec<_> = remarks.into_iter().filter(|(name, _)| name != "format").collect();
    tied.retain(|(name, kept)| dict.get(kept).is_some() && dict.is_free(name));
    for (name, kept) in tied {
        let Some(tensor) = dict.get(&kept).cloned() else { continue };
        dict.insert(&*name, tensor).map_err(|_| Error::Duplicate(name))?;
    }
    Ok(())
}

/// The header, and the elements after it.
fn split(file: &[u8]) -> Result<(&[u8], &[u8]), Error> {
    let Some((length, rest)) = file.split_first_chunk() else {
        return Err(truncated("the length of the header", 8, file.len()));
    };
    let length = u64::from_le_bytes(*length);
    if !rest.starts_with(b"{") && format::of(file).is_some() {
        return Err(Error::magic("safetensors", file));
    }
    if length > LARGEST_HEADER {
        return Err(Error::Header(format!(
            "it claims {length} bytes, more than the {LARGEST_HEADER} of the format"
        )));
    }
    rest.split_at_checked(length as usize).ok_or_else(|| truncated("the header", length, rest.len()))
}

fn truncated(what: &str, needed: u64, left: usize) -> Error {
    Error::Truncated { what: what.into(), needed, left: left as u64 }
}

/// Checks that the header is valid, that names differ and that tensors fill the data without gaps, and
/// sorts them by their offsets.
fn check(header: &[u8], data: &[u8]) -> Result<Header, Error> {
    let mut header: Header =
        serde_json::from_slice(header).map_err(|error| Error::Header(error.to_string()))?;
    let mut names = HashSet::new();
    for (name, _) in &header.tensors {
        if !names.insert(name.as_str()) {
            return Err(Error::Duplicate(name.clone()));
        }
    }
    header.tensors.sort_by_key(|(_, info)| info.data_offsets);
    let mut expected = 0;
    for (name, info) in &header.tensors {
        let (begin, end) = info.data_offsets;
        if begin != expected || end < begin {
            return Err(Error::Offsets { key: name.clone(), begin, end, expected });
        }
        if end > data.len() as u64 {
            return Err(truncated(&format!("`{name}`"), end - begin, data.len() - begin as usize));
        }
        expected = end;
    }
    if expected < data.len() as u64 {
        return Err(Error::Unused { offset: expected, bytes: data.len() as u64 - expected });
    }
    Ok(header)
}

/// The header: the name, type, shape and position of each tensor, and PyTorch's metadata.
struct Header {
    tensors: Vec<(String, Info)>,
    remarks: BTreeMap<String, String>,
}

/// Nothing is skipped: skipping what is nested takes memory.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Info {
    data_offsets: (u64, u64),
    #[serde(deserialize_with = "axes")]
    shape: Vec<usize>,
    dtype: String,
}

/// The sizes of a tensor, of which there are not too many.
fn axes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<usize>, D::Error> {
    struct Sizes;
    impl<'de> Visitor<'de> for Sizes {
        type Value = Vec<usize>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the sizes of a tensor")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut sizes: A) -> Result<Vec<usize>, A::Error> {
            let mut shape = Vec::new();
            while let Some(size) = sizes.next_element()? {
                if shape.len() == MOST_AXES {
                    return Err(de::Error::custom(format!("a tensor of more than {MOST_AXES} axes")));
                }
                shape.push(size);
            }
            Ok(shape)
        }
    }
    deserializer.deserialize_seq(Sizes)
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
                let mut header = Header { tensors: Vec::new(), remarks: BTreeMap::new() };
                while let Some(name) = map.next_key::<String>()? {
                    if name == "__metadata__" {
                        header.remarks = map.next_value()?;
                    } else {
                        header.tensors.push((name, map.next_value()?));
                    }
                }
                Ok(header)
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// Writes a file as PyTorch's `safetensors.torch.save_file` does: the largest elements first, then by name.
fn write(mut tensors: Vec<Outgoing<'_>>, writer: &mut dyn Write) -> io::Result<()> {
    tensors.sort_by(|(a, x), (b, y)| (order(y.dtype()), a).cmp(&(order(x.dtype()), b)));
    let mut header = br#"{"__metadata__":{"format":"pt"}"#.to_vec();
    let mut end = 0;
    for (name, tensor) in &tensors {
        let (begin, dtype) = (end, name_of(tensor.dtype()));
        end += entry::size(tensor);
        header.push(b',');
        serde_json::to_writer(&mut header, name)?;
        write!(header, r#":{{"dtype":"{dtype}","shape":"#)?;
        serde_json::to_writer(&mut header, tensor.shape())?;
        write!(header, r#","data_offsets":[{begin},{end}]}}"#)?;
    }
    header.push(b'}');
    header.resize(header.len().next_multiple_of(8), b' ');
    writer.write_all(&(header.len() as u64).to_le_bytes())?;
    writer.write_all(&header)?;
    tensors.iter().try_for_each(|(_, tensor)| entry::write_data(tensor.data(), writer))
}

/// The order of the format, in which larger elements, and of one size floats, are later.
fn order(dtype: Dtype) -> usize {
    [Dtype::Bool, Dtype::F32, Dtype::F64, Dtype::I64].iter().position(|other| *other == dtype).unwrap_or(0)
}

fn name_of(dtype: Dtype) -> &'static str {
    match dtype {
        Dtype::F32 => "F32",
        Dtype::F64 => "F64",
        Dtype::I64 => "I64",
        Dtype::Bool => "BOOL",
    }
}

impl StateDict {
    /// Writes a safetensors file, whole or not at all; PyTorch reads it with `safetensors.torch.load_file`.
    ///
    /// # Errors
    /// If the file cannot be written; an existing file stays as it was.
    pub fn save_safetensors(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let (path, tensors) = (path.as_ref(), entry::outgoing(self, ""));
        atomic::write(path, |writer| write(tensors, writer)).map_err(|error| Error::from(error).at(path))
    }

    /// Reads a safetensors file, through a memory map. Tensors of `float16` and `bfloat16` become `f32`, and integers
    /// of any size become `i64`. A tied weight
    /// also has the names that PyTorch's `save_model` dropped.
    ///
    /// # Errors
    /// If the file is not well-formed. Tensors of a type that is not read are [opaque](Self::opaque).
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
    /// If they are not well-formed.
    pub fn from_safetensors(bytes: &[u8]) -> Result<Self, Error> {
        read(bytes)
    }
}
