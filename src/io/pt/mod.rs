//! PyTorch's own files: what `torch.save(model.state_dict(), path)` writes since version 1.6.
//!
//! Such a file is a zip archive. `data.pkl` is a pickle that says which tensors there are, and `data/0`, `data/1`, ..
//! are the elements. Tensors may share elements and may be views with strides.

mod call;
mod objects;
mod pickle;
mod zip;

use super::entry::{self, Entry, size_of};
use super::{Error, MOST_AXES};
use crate::file::kind::Kind;
use crate::file::map;
use crate::nn::{DICT, StateDict, StateTensor};
use objects::{Global, Objects, Value, View};
use std::borrow::Cow;
use std::collections::HashSet;
use std::collections::hash_map::{Entry as Place, HashMap};
use std::path::Path;
use zip::Archive;

fn read(file: &[u8], key: &str) -> Result<StateDict, Error> {
    let archive = Archive::open(file)?;
    if archive.content("byteorder")?.is_some_and(|order| order != b"little") {
        return Err(Error::Archive("its elements are not little-endian".into()));
    }
    let objects = pickle::read(archive.required("data.pkl")?)?;
    let mut elements =
        Elements { archive, storages: HashMap::new(), views: HashMap::new(), left: file.len() };
    let mut dict = StateDict::new();
    for (name, value) in entries(&objects, key)? {
        match value {
            Value::Tensor(tensor) => elements.insert(&mut dict, &name, &objects, &objects.tensor(tensor))?,
            other => entry::insert(&mut dict, &name, None, || objects.kind(other).into_owned())?,
        }
    }
    Ok(dict)
}

/// The entries of the dict that the key leads to, of which one at least is a tensor, unless there are none at all.
fn entries<'a>(objects: &Objects<'a>, mut key: &str) -> Result<Vec<(Cow<'a, str>, Value)>, Error> {
    let mut value = objects.root;
    loop {
        let Some(mut entries) = objects.entries(value) else {
            return Err(not_a_dict(objects, value));
        };
        if key.is_empty() {
            // Of two keys of one name, such as 1 and "1", the string is used.
            let texts = |entry: &(Cow<'_, str>, Value)| matches!(entry.0, Cow::Borrowed(_));
            let names: HashSet<_> =
                entries.iter().filter(|entry| texts(entry)).map(|(name, _)| name.clone()).collect();
            entries.retain(|entry| texts(entry) || !names.contains(&entry.0));
            let tensors = entries.iter().any(|(_, value)| matches!(value, Value::Tensor(_)));
            return match (entries.first(), value) {
                (Some(_), _) if tensors => Ok(entries),
                (_, Value::Object(_)) => Err(not_a_dict(objects, value)),
                (None, _) => Ok(entries),
                (Some((name, value)), _) => {
                    let text = format!("`{name}` is {}, and not a tensor", objects.kind(*value));
                    Err(Error::Contents(text + &dicts_of(&entries)))
                }
            };
        }
        // Names may have dots in them: the whole rest of the key comes first.
        let ends = [key.len()].into_iter().chain(key.match_indices('.').map(|(at, _)| at));
        let mut found =
            ends.filter_map(|end| Some((end, entries.iter().find(|entry| entry.0 == key[..end])?.1)));
        let Some((end, inner)) = found.next() else {
            return Err(Error::Contents(format!("there is no `{key}`{}", dicts_of(&entries))));
        };
        (value, key) = (inner, key[end..].trim_start_matches('.'));
    }
}

fn not_a_dict(objects: &Objects<'_>, value: Value) -> Error {
    match value {
        Value::Object(object) if let Some(Global { module, name }) = objects.class(object) => {
            Error::Global { name: format!("{module}.{name}") }
        }
        other => Error::Contents(format!("it is {}, and not a dict of tensors", objects.kind(other))),
    }
}

/// The dicts that a user may have meant.
fn dicts_of(entries: &[(Cow<'_, str>, Value)]) -> String {
    let dicts = entries.iter().filter(|entry| matches!(entry.1, Value::Dict(_)));
    let names: Vec<_> = dicts.take(8).map(|(name, _)| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => String::new(),
        names => format!("; `load_pt_at` reads {DICT} inside it: {}", names.join(", ")),
    }
}

/// The type of the elements of a view: that of its storage, or its own over a storage of bytes. An error is the name of
/// a type that is not read.
fn kind_of<'a>(view: &View<'a>) -> Result<Kind, Cow<'a, str>> {
    Ok(match (view.storage.elements, view.dtype) {
        (elements, None) => match elements {
            "Float" => Kind::F32,
            "Double" => Kind::F64,
            "Half" => Kind::F16,
            "BFloat16" => Kind::BF16,
            "Bool" => Kind::Bool,
            "Byte" => Kind::U8,
            "Char" => Kind::I8,
            "Short" => Kind::I16,
            "Int" => Kind::I32,
            "Long" => Kind::I64,
            "ComplexFloat" => return Err("complex64".into()),
            "ComplexDouble" => return Err("complex128".into()),
            other => return Err(format!("torch.{other}Storage").into()),
        },
        ("Untyped", Some(dtype)) => match dtype {
            "float32" => Kind::F32,
            "float64" => Kind::F64,
            "float16" => Kind::F16,
            "bfloat16" => Kind::BF16,
            "bool" => Kind::Bool,
            "uint8" => Kind::U8,
            "int8" => Kind::I8,
            "uint16" => Kind::U16,
            "int16" => Kind::I16,
            "uint32" => Kind::U32,
            "int32" => Kind::I32,
            "uint64" => Kind::U64,
            "int64" => Kind::I64,
            other => return Err(other.into()),
        },
        (elements, Some(dtype)) => return Err(format!("{dtype} in a torch.{elements}Storage").into()),
    })
}

/// The elements of an archive, as far as they were looked at.
struct Elements<'a> {
    archive: Archive<'a>,
    /// The bytes of each storage, and how many of them no view has yet.
    storages: HashMap<&'a str, (&'a [u8], usize)>,
    /// Equal views are one tensor: they share memory, as in PyTorch.
    views: HashMap<(&'a str, Kind, u64, Vec<usize>, Vec<u64>), Option<StateTensor>>,
    /// The number of bytes that views may still have beside those of their storages. Views may overlap, and without a
    /// limit a small file would be a large model.
    left: usize,
}

impl<'a> Elements<'a> {
    /// Puts a tensor into a state dict, or what it is if it is not read.
    fn insert(
        &mut self,
        dict: &mut StateDict,
        name: &str,
        objects: &Objects<'a>,
        view: &View<'a>,
    ) -> Result<(), Error> {
        let shape: Vec<usize> = objects.shape(view).map_while(|size| usize::try_from(size).ok()).collect();
        let dtype = match kind_of(view) {
            Ok(kind) if !view.lazy => {
                return match self.tensor(name, kind, &shape, objects, view)? {
                    Ok(tensor) => entry::insert(dict, name, Some(tensor), String::new),
                    Err(what) => entry::insert(dict, name, None, || what),
                };
            }
            Ok(kind) => format!("conjugated or negated {}", kind.name()).into(),
            Err(dtype) => dtype,
        };
        entry::insert(dict, name, None, || entry::opaque(&dtype, &shape))
    }

    /// The tensor, or what it is if it is not read.
    fn tensor(
        &mut self,
        name: &str,
        kind: Kind,
        shape: &[usize],
        objects: &Objects<'a>,
        view: &View<'a>,
    ) -> Result<Result<StateTensor, String>, Error> {
        let elements = self.storage(name, view, kind)?;
        let strides: Vec<u64> = objects.strides(view).collect();
        if shape.len() != strides.len() || shape.len() > MOST_AXES {
            return Err(Error::Header(format!(
                "`{name}` has more than {MOST_AXES} axes or one that is too large"
            )));
        }
        let same = (view.storage.key, kind, view.offset, shape.to_vec(), strides);
        let opaque = || entry::opaque(kind.name(), shape);
        if let Some(tensor) = self.views.get(&same) {
            return Ok(tensor.clone().ok_or_else(opaque));
        }
        let strides = &same.4;
        let outside = || Error::View { key: name.into(), shape: shape.to_vec(), elements };
        let size = size_of(kind, shape).filter(|_| end(view.offset, shape, strides) <= Some(elements));
        let size = size.ok_or_else(outside)?;
        let Some((bytes, own)) = self.storages.get_mut(view.storage.key) else { return Err(outside()) };
        let Some(left) = self.left.checked_sub(size.saturating_sub(*own)) else {
            return Ok(Err(format!("{}, expanded to more than there is in the file", opaque())));
        };
        (self.left, *own) = (left, own.saturating_sub(size));
        // The offset of a view without elements may be any.
        let begin = if size == 0 { 0 } else { view.offset as usize * kind.size() };
        let bytes = match bytes.get(begin..begin.saturating_add(size)) {
            // The common case: the tensor is a part of the file.
            Some(bytes) if is_contiguous(shape, strides) => Cow::Borrowed(bytes),
            _ => Cow::Owned(gather(bytes, kind.size(), view.offset, shape, strides)),
        };
        let tensor = Entry { name: name.into(), kind, shape: shape.to_vec(), bytes: &bytes }.tensor()?;
        self.views.insert(same, tensor.clone());
        Ok(tensor.ok_or_else(opaque))
    }

    /// The number of elements of a storage, whose checksum is compared once.
    fn storage(&mut self, name: &str, view: &View<'a>, kind: Kind) -> Result<u64, Error> {
        let storage = view.storage;
        let (bytes, _) = match self.storages.entry(storage.key) {
            Place::Occupied(known) => *known.get(),
            Place::Vacant(place) => {
                let bytes = self.archive.required(&format!("data/{}", storage.key))?;
                *place.insert((bytes, bytes.len()))
            }
        };
        // That of a storage without a type counts bytes.
        let (unit, elements) = match view.dtype {
            None => (kind, storage.numel),
            Some(_) => (Kind::U8, storage.numel / kind.size() as u64),
        };
        let shape: Vec<_> = usize::try_from(storage.numel).into_iter().collect();
        if shape.is_empty() || size_of(unit, &shape) != Some(bytes.len()) {
            let (key, bytes) = (name.into(), bytes.len() as u64);
            return Err(Error::Size { key, dtype: unit.name(), shape, bytes });
        }
        Ok(elements)
    }
}

/// The offset after the last element of a view; `None` on overflow. A view without elements ends
/// nowhere.
fn end(offset: u64, shape: &[usize], strides: &[u64]) -> Option<u64> {
    if shape.contains(&0) {
        return Some(0);
    }
    let mut axes = shape.iter().zip(strides);
    let last =
        axes.try_fold(offset, |last, (&size, stride)| last.checked_add(stride.checked_mul(size as u64 - 1)?));
    last?.checked_add(1)
}

/// Whether the elements are those of a row, in order.
fn is_contiguous(shape: &[usize], strides: &[u64]) -> bool {
    if shape.contains(&0) {
        return true;
    }
    let mut expected = 1;
    shape.iter().zip(strides).rev().all(|(&size, &stride)| {
        let fits = size == 1 || stride == expected;
        expected *= size as u64;
        fits
    })
}

/// The bytes of the elements of a view, in row-major order.
fn gather(bytes: &[u8], size: usize, offset: u64, shape: &[usize], strides: &[u64]) -> Vec<u8> {
    let numel = shape.iter().product();
    let mut gathered = Vec::with_capacity(numel * size);
    let (mut index, mut at) = (vec![0; shape.len()], offset);
    for _ in 0..numel {
        gathered.extend_from_slice(&bytes[at as usize * size..][..size]);
        for axis in (0..shape.len()).rev() {
            index[axis] += 1;
            at = at.wrapping_add(strides[axis]);
            if index[axis] < shape[axis] {
                break;
            }
            at = at.wrapping_sub(strides[axis].wrapping_mul(index[axis] as u64));
            index[axis] = 0;
        }
    }
    gathered
}

impl StateDict {
    /// Reads a file that PyTorch wrote, `torch.save(model.state_dict(), path)`, through a memory map.
    ///
    /// It is a pickle, a program that may execute anything in Python. Here it builds data and nothing else: what is not a
    /// tensor, or has elements of a type that is not read, is [opaque](Self::opaque). Tensors of `float16` and
    /// `bfloat16` become `f32`, and integers of any size become `i64`; names of one tensor share its memory.
    ///
    /// # Errors
    /// If the file is not well-formed, or is not a dict that has a tensor: of state dicts,
    /// [`load_pt_at`](Self::load_pt_at) reads one.
    pub fn load_pt(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::load_pt_at(path, "")
    }

    /// Reads a state dict inside the dict that PyTorch wrote: that of `torch.save({"model": model.state_dict(),
    /// "epoch": 3}, path)` is at the key `"model"`. Keys of keys are joined by dots; the items of lists have numbers.
    ///
    /// # Errors
    /// The errors of [`load_pt`](Self::load_pt), or if there is no dict at this key.
    pub fn load_pt_at(path: impl AsRef<Path>, key: &str) -> Result<Self, Error> {
        let path = path.as_ref();
        let read = || read(&map::Bytes::of(path)?, key);
        read().map_err(|error| error.at(path))
    }

    /// Reads the bytes of a file that PyTorch wrote.
    ///
    /// # Errors
    /// The errors of [`load_pt`](Self::load_pt).
    pub fn from_pt(bytes: &[u8]) -> Result<Self, Error> {
        read(bytes, "")
    }

    /// Reads a state dict inside the bytes of a file that PyTorch wrote.
    ///
    /// # Errors
    /// The errors of [`load_pt_at`](Self::load_pt_at).
    pub fn from_pt_at(bytes: &[u8], key: &str) -> Result<Self, Error> {
        read(bytes, key)
    }
}
