//! The objects that a pickle builds.

use std::borrow::Cow;

/// The most bytes of a name of a class, an entry or a storage. A longer one, which many objects share, would take time
/// and memory for each of them.
pub(super) const LONGEST_NAME: usize = 1 << 10;

/// An object. One with parts is an index into an arena, so shared parts cost nothing, and dropping does not recurse.
/// It has 16 bytes, and each instruction makes at most one: the memory of the machine is at most a
/// small multiple of the pickle's length.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    // Not needed for tensors: only a description is kept.
    None,
    Float,
    LargeInt,
    Set,
    Bool,
    Bytes,
    Int(i64),
    /// A part of the pickle.
    Text(u32, u32),
    /// A part of the items.
    Tuple(u32, u32),
    List(u32),
    Dict(u32),
    Global(u32),
    Storage(u32),
    Tensor(u32),
    Object(u32),
}

/// The name of a class, a function or a constant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Global<'a> {
    pub(super) module: &'a str,
    pub(super) name: &'a str,
}

/// Elements in the archive: `data/<key>`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stored<'a> {
    /// The type of the elements: `Float` of `torch.FloatStorage`, or `Untyped`.
    pub(super) elements: &'a str,
    pub(super) key: &'a str,
    /// The number of elements, which are bytes if they have no type.
    pub(super) numel: u64,
}

/// A view of a storage.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    pub(super) storage: Stored<'a>,
    /// The name of the type of the elements, if the storage has none.
    pub(super) dtype: Option<&'a str>,
    /// Whether PyTorch conjugates or negates the elements when they are read.
    pub(super) lazy: bool,
    pub(super) offset: u64,
    /// The sizes and strides, parts of the items.
    pub(super) shape: (u32, u32),
    pub(super) strides: (u32, u32),
}

/// An object of a class, or the result of a function: data, of which nothing was run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Object {
    /// The class or function, if it has a name.
    pub(super) class: Option<u32>,
    /// Its arguments.
    pub(super) arguments: Value,
    /// Its attributes.
    pub(super) state: Value,
    /// Its items, if it is a kind of dict.
    pub(super) items: Option<u32>,
}

/// An object of a pickle.
pub(super) struct Objects<'a> {
    pub(super) pickle: &'a [u8],
    pub(super) items: Vec<Value>,
    pub(super) lists: Vec<Vec<Value>>,
    pub(super) dicts: Vec<Vec<[Value; 2]>>,
    pub(super) globals: Vec<Global<'a>>,
    pub(super) storages: Vec<Stored<'a>>,
    pub(super) tensors: Vec<View<'a>>,
    pub(super) objects: Vec<Object>,
    pub(super) root: Value,
}

impl<'a> Objects<'a> {
    pub(super) fn tensor(&self, tensor: u32) -> View<'a> {
        self.tensors[tensor as usize]
    }

    pub(super) fn tuple(&self, (begin, end): (u32, u32)) -> &[Value] {
        &self.items[begin as usize..end as usize]
    }

    /// A string that is short enough for a name.
    pub(super) fn name(&self, begin: u32, end: u32) -> Option<&'a str> {
        let bytes = &self.pickle[begin as usize..end as usize];
        // It was compared when it was read.
        if bytes.len() <= LONGEST_NAME { std::str::from_utf8(bytes).ok() } else { None }
    }

    fn sizes(&self, tuple: (u32, u32)) -> impl Iterator<Item = u64> {
        self.tuple(tuple).iter().map(|size| if let Value::Int(size) = size { *size as u64 } else { 0 })
    }

    pub(super) fn shape(&self, view: &View<'a>) -> impl Iterator<Item = u64> {
        self.sizes(view.shape)
    }

    pub(super) fn strides(&self, view: &View<'a>) -> impl Iterator<Item = u64> {
        self.sizes(view.strides)
    }

    /// The name of the class of an object, or of the function that would have returned it.
    pub(super) fn class(&self, object: u32) -> Option<Global<'a>> {
        self.objects[object as usize].class.map(|class| self.globals[class as usize])
    }

    /// The description of a value.
    pub(super) fn kind(&self, value: Value) -> Cow<'static, str> {
        let kind = match value {
            Value::None => "None",
            Value::Float => "a float",
            Value::LargeInt => "a large int",
            Value::List(_) => "a list",
            Value::Set => "a set",
            Value::Bool => "a bool",
            Value::Bytes => "a string of bytes",
            Value::Int(_) => "an int",
            Value::Text(..) => "a string",
            Value::Tuple(..) => "a tuple",
            Value::Dict(_) => crate::nn::DICT,
            Value::Storage(_) => "a storage",
            Value::Tensor(_) => "a tensor",
            Value::Global(global) => {
                let Global { module, name } = self.globals[global as usize];
                return format!("the class or constant `{module}.{name}`").into();
            }
            Value::Object(object) => match self.class(object) {
                Some(Global { module, name }) => return format!("an object of `{module}.{name}`").into(),
                None => "an object",
            },
        };
        kind.into()
    }

    /// The entries of what has entries: the items of a dict, numbered objects of a list or tuple, the items and
    /// attributes of an object, or its arguments if it has neither. Keys that are neither integers nor strings, or are
    /// too long, have no name.
    pub(super) fn entries(&self, value: Value) -> Option<Vec<(Cow<'a, str>, Value)>> {
        let numbered = |values: &[Value]| {
            let named = values.iter().enumerate().map(|(i, value)| (Cow::Owned(i.to_string()), *value));
            named.collect()
        };
        Some(match value {
            Value::Dict(dict) => self.named(dict),
            Value::List(list) => numbered(&self.lists[list as usize]),
            Value::Tuple(begin, end) => numbered(self.tuple((begin, end))),
            Value::Object(object) => {
                let Object { arguments, state, items, .. } = self.objects[object as usize];
                let state = if let Value::Dict(dict) = state { Some(dict) } else { None };
                match (arguments, items.or(state)) {
                    (Value::Tuple(begin, end), None) => numbered(self.tuple((begin, end))),
                    _ => items.into_iter().chain(state).flat_map(|dict| self.named(dict)).collect(),
                }
            }
            _ => return None,
        })
    }

    fn named(&self, dict: u32) -> Vec<(Cow<'a, str>, Value)> {
        let named = self.dicts[dict as usize].iter().filter_map(|&[key, value]| match key {
            Value::Text(begin, end) => Some((Cow::Borrowed(self.name(begin, end)?), value)),
            Value::Int(number) => Some((Cow::Owned(number.to_string()), value)),
            _ => None,
        });
        named.collect()
    }
}
