//! PyTorch's own files: what `torch.save(model.state_dict(), path)` writes since version 1.6.
//!
//! Such a file is a zip archive. `data.pkl` is a pickle that says which tensors there are, and `data/0`, `data/1`, ..
//! are the elements. Tensors may share elements and may be views with strides.

mod pickle;
mod zip;

use super::entry::{Entry, READABLE, Stored, size_of};
use super::{Error, MOST_AXES};
use crate::file::map;
use crate::nn::{Dtype, StateDict, StateTensor};
use pickle::{Objects, Value, View};
use std::borrow::Cow;
use std::collections::HashMap;
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
    for (name, tensor) in tensors(&objects, key)? {
        let tensor = elements.tensor(name, &objects, &objects.tensor(tensor))?;
        dict.insert(name, tensor).map_err(|_| Error::Duplicate(name.into()))?;
    }
    Ok(dict)
}

/// The tensors of the dict that the key leads to.
fn tensors<'a>(objects: &Objects<'a>, mut key: &str) -> Result<Vec<(&'a str, u32)>, Error> {
    let mut value = objects.root;
    loop {
        let Value::Dict(dict) = value else {
            return Err(Error::Contents(format!("it is {}, and not a dict of tensors", value.kind())));
        };
        let dict = &objects.dicts[dict as usize];
        if !key.is_empty() {
            // Names may have dots in them: the whole rest of the key comes first.
            let ends = [key.len()].into_iter().chain(key.match_indices('.').map(|(at, _)| at));
            let mut found =
                ends.filter_map(|end| Some((end, dict.entries.iter().find(|e| e.0 == &key[..end])?)));
            let Some((end, entry)) = found.next() else {
                return Err(Error::Contents(format!("there is no `{key}`{}", dicts_of(dict))));
            };
            (value, key) = (entry.1, key[end..].trim_start_matches('.'));
            continue;
        }
        if dict.others {
            return Err(Error::Contents(format!("it has entries that are not named{}", dicts_of(dict))));
        }
        let tensor = |&(name, value): &(&'a str, Value)| match value {
            Value::Tensor(tensor) => Ok((name, tensor)),
            other => Err(Error::Contents(format!(
                "`{name}` is {}, and not a tensor{}",
                other.kind(),
                dicts_of(dict)
            ))),
        };
        return dict.entries.iter().map(tensor).collect();
    }
}

/// The dicts that a user may have meant.
fn dicts_of(dict: &pickle::Dict<'_>) -> String {
    let dicts = dict.entries.iter().filter(|entry| matches!(entry.1, Value::Dict(_)));
    let names: Vec<_> = dicts.take(8).map(|(name, _)| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => String::new(),
        names => format!("; `load_pt_at` reads a dict inside of it: {}", names.join(", ")),
    }
}

/// The elements of an archive, as far as they were looked at.
struct Elements<'a> {
    archive: Archive<'a>,
    storages: HashMap<&'a str, &'a [u8]>,
    /// Equal views are one tensor: they share memory, as in PyTorch.
    views: HashMap<(&'a str, &'a str, u64, Vec<usize>, Vec<u64>), StateTensor>,
    /// How many bytes may still be copied. Views may overlap, and without a limit a small file would be a large model.
    left: usize,
}

impl<'a> Elements<'a> {
    fn tensor(&mut self, name: &str, objects: &Objects<'a>, view: &View<'a>) -> Result<StateTensor, Error> {
        let stored = match view.storage.elements {
            "Float" => Stored::Exactly(Dtype::F32),
            "Double" => Stored::Exactly(Dtype::F64),
            "Long" => Stored::Exactly(Dtype::I64),
            "Bool" => Stored::Exactly(Dtype::Bool),
            "Half" => Stored::F16,
            "BFloat16" => Stored::BF16,
            other => {
                let dtype = format!("torch.{other}Storage");
                return Err(Error::Dtype { key: name.into(), dtype, readable: READABLE });
            }
        };
        let bytes = self.storage(name, view, stored)?;
        let shape: Vec<usize> = objects.shape(view).map_while(|size| usize::try_from(size).ok()).collect();
        let strides: Vec<u64> = objects.strides(view).collect();
        if shape.len() != strides.len() || shape.len() > MOST_AXES {
            return Err(Error::Header(format!(
                "`{name}` has more than {MOST_AXES} axes or one that is too large"
            )));
        }
        let same = (view.storage.key, view.storage.elements, view.offset, shape, strides);
        if let Some(tensor) = self.views.get(&same) {
            return Ok(tensor.clone());
        }
        let (shape, strides) = (&same.3, &same.4);
        let outside = || Error::View { key: name.into(), shape: shape.clone(), elements: view.storage.numel };
        let size =
            size_of(stored, shape).filter(|_| end(view.offset, shape, strides) <= Some(view.storage.numel));
        let size = size.ok_or_else(outside)?;
        self.left = self.left.checked_sub(size).ok_or_else(|| {
            Error::Contents(format!(
                "its tensors up to `{name}` overlap, and are larger than the file together"
            ))
        })?;
        // The offset of a view without elements may be any.
        let begin = if size == 0 { 0 } else { view.offset as usize * stored.size() };
        let bytes = match bytes.get(begin..begin.saturating_add(size)) {
            // The common case: the tensor is a part of the file.
            Some(bytes) if is_contiguous(shape, strides) => Cow::Borrowed(bytes),
            _ => Cow::Owned(gather(bytes, stored.size(), view.offset, shape, strides)),
        };
        let tensor = Entry { name: name.into(), stored, shape: shape.clone(), bytes: &bytes }.tensor()?;
        self.views.insert(same, tensor.clone());
        Ok(tensor)
    }

    /// The bytes of a storage, whose checksum is compared once.
    fn storage(&mut self, name: &str, view: &View<'a>, stored: Stored) -> Result<&'a [u8], Error> {
        let storage = view.storage;
        let bytes = match self.storages.get(storage.key) {
            Some(bytes) => bytes,
            None => self.archive.required(&format!("data/{}", storage.key))?,
        };
        self.storages.insert(storage.key, bytes);
        let shape: Vec<_> = usize::try_from(storage.numel).into_iter().collect();
        if shape.is_empty() || size_of(stored, &shape) != Some(bytes.len()) {
            let (key, bytes) = (name.into(), bytes.len() as u64);
            return Err(Error::Size { key, dtype: stored.name(), shape, bytes });
        }
        Ok(bytes)
    }
}

/// The place behind the last element of a view; `None` if there is no such number. A view without elements ends
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
    /// Reads a file that PyTorch wrote, `torch.save(model.state_dict(), path)`, by way of a memory map.
    ///
    /// It is a pickle, a program that may run anything in Python. Here it builds tensors and dicts and nothing else.
    /// Tensors of `float16` and `bfloat16` become `f32`; names of one tensor share its memory.
    ///
    /// # Errors
    /// If the file is not well-formed, has elements of another type, asks for anything but tensors, or is a dict of
    /// something else: of state dicts, [`load_pt_at`](Self::load_pt_at) reads one.
    pub fn load_pt(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::load_pt_at(path, "")
    }

    /// Reads a state dict inside of the dict that PyTorch wrote: that of `torch.save({"model": model.state_dict(),
    /// "epoch": 3}, path)` is at the key `"model"`. Keys of keys are joined by dots.
    ///
    /// # Errors
    /// Those of [`load_pt`](Self::load_pt), or if there is no dict at this key.
    pub fn load_pt_at(path: impl AsRef<Path>, key: &str) -> Result<Self, Error> {
        let path = path.as_ref();
        let read = || read(&map::Bytes::of(path)?, key);
        read().map_err(|error| error.at(path))
    }

    /// Reads the bytes of a file that PyTorch wrote.
    ///
    /// # Errors
    /// Those of [`load_pt`](Self::load_pt).
    pub fn from_pt(bytes: &[u8]) -> Result<Self, Error> {
        read(bytes, "")
    }

    /// Reads a state dict inside of the bytes of a file that PyTorch wrote.
    ///
    /// # Errors
    /// Those of [`load_pt_at`](Self::load_pt_at).
    pub fn from_pt_at(bytes: &[u8], key: &str) -> Result<Self, Error> {
        read(bytes, key)
    }
}
