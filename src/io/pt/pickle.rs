//! The pickle: a program for a machine with a stack, which builds objects. This machine knows the instructions that
//! PyTorch writes and builds tensors, names and dicts. It has no functions: the few names that PyTorch calls stand for
//! what they build, and any other name is an error.

use crate::io::Error;

/// An object. Tuples and dicts are numbers of an arena, so that objects that share parts cost nothing and nothing is
/// dropped in depth. It has 16 bytes, and each instruction makes at most one: the memory of this machine is at most a
/// small multiple of the pickle's length.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    // Of no use for a tensor: what they are is all that is kept.
    None,
    Float,
    LargeInt,
    List,
    Bool,
    Int(i64),
    /// A part of the pickle.
    Text(u32, u32),
    /// A part of the items.
    Tuple(u32, u32),
    Dict(u32),
    Global(Global),
    Storage(u32),
    Tensor(u32),
}

impl Value {
    /// What it is, for a text.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Value::None => "None",
            Value::Float => "a float",
            Value::LargeInt => "a large int",
            Value::List => "a list",
            Value::Bool => "a bool",
            Value::Int(_) => "an int",
            Value::Text(..) => "a string",
            Value::Tuple(..) => "a tuple",
            Value::Dict(_) => "a dict",
            Value::Global(_) => "a class",
            Value::Storage(_) => "a storage",
            Value::Tensor(_) => "a tensor",
        }
    }
}

/// The names that may be in a pickle.
#[derive(Clone, Copy, Debug)]
pub(super) enum Global {
    OrderedDict,
    RebuildTensor,
    RebuildParameter,
    Size,
    /// `torch.FloatStorage` and its like, by its name without `Storage`.
    Elements(u32, u32),
}

/// Elements in the archive: `data/<key>`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stored<'a> {
    pub(super) elements: &'a str,
    pub(super) key: &'a str,
    pub(super) numel: u64,
}

/// A view of a storage.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    pub(super) storage: Stored<'a>,
    pub(super) offset: u64,
    /// The sizes and strides, parts of the items.
    shape: (u32, u32),
    strides: (u32, u32),
}

/// The entries of a dict that have names, in order, and whether there are others.
#[derive(Debug, Default)]
pub(super) struct Dict<'a> {
    pub(super) entries: Vec<(&'a str, Value)>,
    pub(super) others: bool,
}

/// What a pickle builds.
pub(super) struct Objects<'a> {
    pickle: &'a [u8],
    items: Vec<Value>,
    pub(super) dicts: Vec<Dict<'a>>,
    storages: Vec<Stored<'a>>,
    tensors: Vec<View<'a>>,
    pub(super) root: Value,
}

/// More than any pickle of PyTorch has on its stack: its batches are of 1,000 entries.
const DEEPEST: usize = 1 << 16;

struct Machine<'a> {
    objects: Objects<'a>,
    at: usize,
    stack: Vec<Value>,
    marks: Vec<usize>,
    memo: Vec<Value>,
}

/// Runs a pickle.
pub(super) fn read(pickle: &[u8]) -> Result<Objects<'_>, Error> {
    let objects = Objects {
        pickle,
        items: vec![],
        dicts: vec![],
        storages: vec![],
        tensors: vec![],
        root: Value::None,
    };
    let mut machine = Machine { objects, at: 0, stack: vec![], marks: vec![], memo: vec![] };
    if u32::try_from(pickle.len()).is_err() {
        return Err(machine.wrong("it is longer than 4 GB"));
    }
    while machine.step()? {}
    Ok(machine.objects)
}

impl<'a> Objects<'a> {
    pub(super) fn tensor(&self, tensor: u32) -> View<'a> {
        self.tensors[tensor as usize]
    }

    fn tuple(&self, (begin, end): (u32, u32)) -> &[Value] {
        &self.items[begin as usize..end as usize]
    }

    fn text(&self, begin: u32, end: u32) -> &'a str {
        // It was compared when it was read.
        std::str::from_utf8(&self.pickle[begin as usize..end as usize]).unwrap_or_default()
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
}

impl<'a> Machine<'a> {
    fn wrong(&self, problem: impl Into<String>) -> Error {
        Error::Pickle { at: self.at as u64, problem: problem.into() }
    }

    fn bytes(&mut self, length: usize) -> Result<&'a [u8], Error> {
        let end = self.at.checked_add(length);
        let Some(bytes) = end.and_then(|end| self.objects.pickle.get(self.at..end)) else {
            return Err(self.wrong("it ends too early"));
        };
        self.at += length;
        Ok(bytes)
    }

    fn number<const N: usize>(&mut self) -> Result<u32, Error> {
        let mut number = [0; 4];
        number[..N].copy_from_slice(self.bytes(N)?);
        Ok(u32::from_le_bytes(number))
    }

    /// A part of the pickle that is text.
    fn text(&mut self, length: usize) -> Result<(u32, u32), Error> {
        let begin = self.at as u32;
        let bytes = self.bytes(length)?;
        if std::str::from_utf8(bytes).is_err() {
            return Err(self.wrong("a name that is no UTF-8"));
        }
        Ok((begin, self.at as u32))
    }

    /// Text up to the end of its line.
    fn line(&mut self) -> Result<(u32, u32), Error> {
        let rest = &self.objects.pickle[self.at..];
        let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let text = self.text(length)?;
        self.bytes(1)?;
        Ok(text)
    }

    fn push(&mut self, value: Value) -> Result<(), Error> {
        if self.stack.len() == DEEPEST {
            return Err(self.wrong(format!("more than {DEEPEST} objects on the stack")));
        }
        self.stack.push(value);
        Ok(())
    }

    fn pop(&mut self) -> Result<Value, Error> {
        let floor = self.marks.last().copied().unwrap_or(0);
        let value = if self.stack.len() > floor { self.stack.pop() } else { None };
        value.ok_or_else(|| self.wrong("an instruction without its object"))
    }

    fn top(&self) -> Result<Value, Error> {
        self.stack.last().copied().ok_or_else(|| self.wrong("an instruction without its object"))
    }

    fn mark(&mut self) -> Result<usize, Error> {
        self.marks.pop().ok_or_else(|| self.wrong("an instruction without its mark"))
    }

    /// The objects from a place of the stack on, as a tuple.
    fn collect(&mut self, from: usize) -> Result<(), Error> {
        let begin = self.objects.items.len() as u32;
        self.objects.items.extend(self.stack.drain(from..));
        let end = self.objects.items.len() as u32;
        self.push(Value::Tuple(begin, end))
    }

    fn small_tuple(&mut self, length: usize) -> Result<(), Error> {
        let floor = self.marks.last().copied().unwrap_or(0);
        match self.stack.len().checked_sub(length) {
            Some(from) if from >= floor => self.collect(from),
            _ => Err(self.wrong("an instruction without its object")),
        }
    }

    fn remember(&mut self, place: u32) -> Result<(), Error> {
        let (place, value) = (place as usize, self.top()?);
        if place == self.memo.len() {
            self.memo.push(value);
        } else if let Some(old) = self.memo.get_mut(place) {
            *old = value;
        } else {
            return Err(self.wrong("an object is remembered out of order"));
        }
        Ok(())
    }

    fn recall(&mut self, place: u32) -> Result<(), Error> {
        match self.memo.get(place as usize) {
            Some(&value) => self.push(value),
            None => Err(self.wrong("an object that is not remembered")),
        }
    }

    fn new_dict(&mut self) -> Value {
        self.objects.dicts.push(Dict::default());
        Value::Dict(self.objects.dicts.len() as u32 - 1)
    }

    /// Puts the pairs from a place of the stack on into the dict below them.
    fn set_items(&mut self, from: usize) -> Result<(), Error> {
        let pairs = self.stack.split_off(from);
        let Value::Dict(dict) = self.top()? else {
            return Err(self.wrong("entries for what is no dict"));
        };
        let (pairs, rest) = pairs.as_chunks();
        if !rest.is_empty() {
            return Err(self.wrong("an entry without a value"));
        }
        for [key, value] in pairs {
            if let Value::Text(begin, end) = *key {
                let name = self.objects.text(begin, end);
                self.objects.dicts[dict as usize].entries.push((name, *value));
            } else {
                self.objects.dicts[dict as usize].others = true;
            }
        }
        Ok(())
    }

    /// One instruction; false at the end.
    fn step(&mut self) -> Result<bool, Error> {
        let instruction = self.bytes(1)?[0];
        match instruction {
            // PROTO
            0x80 => match self.number::<1>()? {
                2 => {}
                version => return Err(self.wrong(format!("protocol {version}, not 2"))),
            },
            b'.' => {
                self.objects.root = self.pop()?;
                return Ok(false);
            }
            b'(' => {
                if self.marks.len() == DEEPEST {
                    return Err(self.wrong("too many marks"));
                }
                self.marks.push(self.stack.len());
            }
            b'c' => {
                let (module, name) = (self.line()?, self.line()?);
                let global = self.global(module, name)?;
                self.push(Value::Global(global))?;
            }
            b'q' => self.number::<1>().and_then(|place| self.remember(place))?,
            b'r' => self.number::<4>().and_then(|place| self.remember(place))?,
            b'h' => self.number::<1>().and_then(|place| self.recall(place))?,
            b'j' => self.number::<4>().and_then(|place| self.recall(place))?,
            b'X' => {
                let length = self.number::<4>()?;
                let (begin, end) = self.text(length as usize)?;
                self.push(Value::Text(begin, end))?;
            }
            b'K' => self.number::<1>().and_then(|n| self.push(Value::Int(n.into())))?,
            b'M' => self.number::<2>().and_then(|n| self.push(Value::Int(n.into())))?,
            b'J' => self.number::<4>().and_then(|n| self.push(Value::Int((n as i32).into())))?,
            // LONG1
            0x8a => {
                let length = self.number::<1>()? as usize;
                let bytes = self.bytes(length)?;
                let negative = bytes.last().is_some_and(|byte| *byte >= 0x80);
                let mut number = [if negative { 0xff } else { 0 }; 8];
                let value = if length <= 8 {
                    number[..length].copy_from_slice(bytes);
                    Value::Int(i64::from_le_bytes(number))
                } else {
                    Value::LargeInt
                };
                self.push(value)?;
            }
            // BINFLOAT
            b'G' => self.bytes(8).and_then(|_| self.push(Value::Float))?,
            b'N' => self.push(Value::None)?,
            // NEWTRUE, NEWFALSE
            0x88 | 0x89 => self.push(Value::Bool)?,
            b')' => self.small_tuple(0)?,
            // TUPLE1 to TUPLE3
            0x85..=0x87 => self.small_tuple(usize::from(instruction - 0x84))?,
            b't' => self.mark().and_then(|from| self.collect(from))?,
            b'}' => {
                let dict = self.new_dict();
                self.push(dict)?;
            }
            // Nothing is read from a list.
            b']' => self.push(Value::List)?,
            b'a' => self.pop().map(drop)?,
            b'e' => self.mark().map(|from| self.stack.truncate(from))?,
            b's' => {
                self.small_tuple_room(2)?;
                self.set_items(self.stack.len() - 2)?;
            }
            b'u' => self.mark().and_then(|from| self.set_items(from))?,
            b'Q' => {
                let id = self.pop()?;
                let storage = self.storage(id)?;
                self.push(storage)?;
            }
            b'R' => {
                let (arguments, global) = (self.pop()?, self.pop()?);
                let value = self.call(global, arguments)?;
                self.push(value)?;
            }
            // BUILD: the attributes of a dict, such as the `_metadata` of a state dict. They are not kept.
            b'b' => {
                self.pop()?;
                if !matches!(self.top()?, Value::Dict(_)) {
                    return Err(self.wrong("attributes for what is no dict"));
                }
            }
            other => {
                return Err(self.wrong(format!("the instruction {other:#04x}, which PyTorch does not write")));
            }
        }
        Ok(true)
    }

    fn small_tuple_room(&self, length: usize) -> Result<(), Error> {
        let floor = self.marks.last().copied().unwrap_or(0);
        if self.stack.len() < floor + length {
            return Err(self.wrong("an instruction without its object"));
        }
        Ok(())
    }

    fn global(&self, module: (u32, u32), name: (u32, u32)) -> Result<Global, Error> {
        let (module, full) = (self.objects.text(module.0, module.1), self.objects.text(name.0, name.1));
        Ok(match (module, full) {
            ("collections", "OrderedDict") => Global::OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2") => Global::RebuildTensor,
            ("torch._utils", "_rebuild_parameter") => Global::RebuildParameter,
            ("torch", "Size") => Global::Size,
            ("torch", _) if full.ends_with("Storage") => {
                Global::Elements(name.0, name.1 - "Storage".len() as u32)
            }
            _ => return Err(Error::Global { name: format!("{module}.{full}") }),
        })
    }

    /// What a persistent id stands for: `("storage", torch.FloatStorage, key, device, number of elements)`.
    fn storage(&mut self, id: Value) -> Result<Value, Error> {
        let objects = &self.objects;
        if let Value::Tuple(begin, end) = id
            && let [
                Value::Text(a, b),
                Value::Global(Global::Elements(c, d)),
                Value::Text(e, f),
                _,
                Value::Int(numel),
            ] = *objects.tuple((begin, end))
            && objects.text(a, b) == "storage"
            && let Ok(numel) = u64::try_from(numel)
        {
            let storage = Stored { elements: objects.text(c, d), key: objects.text(e, f), numel };
            self.objects.storages.push(storage);
            return Ok(Value::Storage(self.objects.storages.len() as u32 - 1));
        }
        Err(self.wrong("an id that is not that of a storage"))
    }

    /// What PyTorch would call: each of the four gives an object of this machine.
    fn call(&mut self, global: Value, arguments: Value) -> Result<Value, Error> {
        let (Value::Global(global), Value::Tuple(begin, end)) = (global, arguments) else {
            return Err(self.wrong("a call of what is no function"));
        };
        let arguments = self.objects.tuple((begin, end));
        match (global, arguments) {
            (Global::OrderedDict, []) => Ok(self.new_dict()),
            (Global::Size, [sizes @ Value::Tuple(..)]) => Ok(*sizes),
            (Global::RebuildParameter, [tensor @ Value::Tensor(_), ..]) => Ok(*tensor),
            (
                Global::RebuildTensor,
                &[Value::Storage(storage), Value::Int(offset), Value::Tuple(a, b), Value::Tuple(c, d), _, _],
            ) => {
                let numbers =
                    |tuple| self.objects.tuple(tuple).iter().all(|size| matches!(size, Value::Int(0..)));
                let (Ok(offset), true) =
                    (u64::try_from(offset), b - a == d - c && numbers((a, b)) && numbers((c, d)))
                else {
                    return Err(self.wrong("a tensor with a shape or strides that are none"));
                };
                let storage = self.objects.storages[storage as usize];
                self.objects.tensors.push(View { storage, offset, shape: (a, b), strides: (c, d) });
                Ok(Value::Tensor(self.objects.tensors.len() as u32 - 1))
            }
            _ => Err(self.wrong("a call with other arguments than PyTorch's")),
        }
    }
}
