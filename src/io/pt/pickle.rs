//! The pickle: a program for a machine with a stack, which builds objects. This machine knows the instructions of the
//! protocols 2 to 5. It has no functions: PyTorch's calls for tensors are replaced by their results, and any other class
//! or function is data.

use super::objects::{Global, LONGEST_NAME, Object, Objects, Value};
use crate::io::Error;

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
        lists: vec![],
        dicts: vec![],
        globals: vec![],
        storages: vec![],
        tensors: vec![],
        objects: vec![],
        root: Value::None,
    };
    let mut machine = Machine { objects, at: 0, stack: vec![], marks: vec![], memo: vec![] };
    if u32::try_from(pickle.len()).is_err() {
        return Err(machine.wrong("it is longer than 4 GB"));
    }
    while machine.step()? {}
    Ok(machine.objects)
}

/// Whether Python can have written this as the text of a string: UTF-8, in which it also encodes single surrogates.
fn is_text(mut bytes: &[u8]) -> bool {
    while let Err(error) = std::str::from_utf8(bytes) {
        let [0xed, 0xa0..=0xbf, 0x80..=0xbf, rest @ ..] = &bytes[error.valid_up_to()..] else { return false };
        bytes = rest;
    }
    true
}

impl<'a> Machine<'a> {
    fn wrong(&self, problem: impl Into<String>) -> Error {
        Error::Pickle { at: self.at as u64, problem: problem.into() }
    }

    fn bytes(&mut self, length: u64) -> Result<&'a [u8], Error> {
        let end = usize::try_from(length).ok().and_then(|length| self.at.checked_add(length));
        let Some((end, bytes)) = end.and_then(|end| Some((end, self.objects.pickle.get(self.at..end)?)))
        else {
            return Err(self.wrong("it ends too early"));
        };
        self.at = end;
        Ok(bytes)
    }

    fn number<const N: usize>(&mut self) -> Result<u64, Error> {
        let mut number = [0; 8];
        number[..N].copy_from_slice(self.bytes(N as u64)?);
        Ok(u64::from_le_bytes(number))
    }

    /// A string of so many bytes.
    fn text(&mut self, length: u64) -> Result<(), Error> {
        let begin = self.at as u32;
        let bytes = self.bytes(length)?;
        match std::str::from_utf8(bytes) {
            Ok(_) => self.push(Value::Text(begin, self.at as u32)),
            Err(_) if is_text(bytes) => self.push(Value::Bytes),
            Err(_) => Err(self.wrong("a name that is not UTF-8")),
        }
    }

    fn skip(&mut self, length: u64, value: Value) -> Result<(), Error> {
        self.bytes(length)?;
        self.push(value)
    }

    /// Text up to the end of its line.
    fn line(&mut self) -> Result<&'a str, Error> {
        let rest = &self.objects.pickle[self.at..];
        let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        if length > LONGEST_NAME {
            return Err(self.wrong("a class whose name is too long"));
        }
        let text = std::str::from_utf8(self.bytes(length as u64)?);
        self.bytes(1)?;
        text.map_err(|_| self.wrong("a name that is not UTF-8"))
    }

    /// An integer of so many bytes.
    fn int(&mut self, length: u64) -> Result<(), Error> {
        let bytes = self.bytes(length)?;
        let negative = bytes.last().is_some_and(|byte| *byte >= 0x80);
        let mut number = [if negative { 0xff } else { 0 }; 8];
        let value = match number.get_mut(..bytes.len()) {
            Some(low) => {
                low.copy_from_slice(bytes);
                Value::Int(i64::from_le_bytes(number))
            }
            None => Value::LargeInt,
        };
        self.push(value)
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

    /// The start of the last objects of the stack, none of which is before the last mark.
    fn last(&self, length: usize) -> Result<usize, Error> {
        let floor = self.marks.last().copied().unwrap_or(0);
        let from = self.stack.len().checked_sub(length).filter(|from| *from >= floor);
        from.ok_or_else(|| self.wrong("an instruction without its object"))
    }

    /// The objects from a position of the stack on, as a tuple.
    fn collect(&mut self, from: usize) -> Result<(), Error> {
        let begin = self.objects.items.len() as u32;
        self.objects.items.extend(self.stack.drain(from..));
        let end = self.objects.items.len() as u32;
        self.push(Value::Tuple(begin, end))
    }

    fn remember(&mut self, index: u64) -> Result<(), Error> {
        let (index, value) = (index as usize, self.top()?);
        if index == self.memo.len() {
            self.memo.push(value);
        } else if let Some(old) = self.memo.get_mut(index) {
            *old = value;
        } else {
            return Err(self.wrong("an object is stored in the memo out of order"));
        }
        Ok(())
    }

    fn recall(&mut self, index: u64) -> Result<(), Error> {
        match self.memo.get(index as usize) {
            Some(&value) => self.push(value),
            None => Err(self.wrong("an object that is not in the memo")),
        }
    }

    /// Puts the pairs from a position of the stack on into the dict below them.
    fn set_items(&mut self, from: usize) -> Result<(), Error> {
        let pairs = self.stack.split_off(from);
        let target = self.top()?;
        let Some(dict) = self.objects.items_of(target) else {
            return Err(self.wrong("entries for something that is not a dict"));
        };
        let (pairs, rest) = pairs.as_chunks();
        if !rest.is_empty() {
            return Err(self.wrong("an entry without a value"));
        }
        self.objects.dicts[dict as usize].extend_from_slice(pairs);
        Ok(())
    }

    /// Puts the objects from a position of the stack on into the list below them.
    fn append(&mut self, from: usize) -> Result<(), Error> {
        match from.checked_sub(1).and_then(|list| self.stack.get(list)) {
            Some(&Value::List(list)) => self.objects.lists[list as usize].extend(self.stack.drain(from..)),
            // Items of a list of another class.
            Some(Value::Object(_)) => self.stack.truncate(from),
            _ => return Err(self.wrong("items for something that is not a list")),
        }
        Ok(())
    }

    fn add_to_set(&mut self, from: usize) -> Result<(), Error> {
        self.stack.truncate(from);
        match self.top()? {
            Value::Set => Ok(()),
            _ => Err(self.wrong("items for something that is not a set")),
        }
    }

    fn call(&mut self, callee: Value, arguments: Value) -> Result<(), Error> {
        let value = self.objects.call(callee, arguments).map_err(|problem| self.wrong(problem))?;
        self.push(value)
    }

    /// An object of a class.
    fn new_object(&mut self, class: Value, arguments: Value) -> Result<(), Error> {
        let Value::Global(class) = class else {
            return Err(self.wrong("an object of something that is not a class"));
        };
        let (class, state) = (Some(class), Value::None);
        self.objects.objects.push(Object { class, arguments, state, items: None });
        self.push(Value::Object(self.objects.objects.len() as u32 - 1))
    }

    fn global(&mut self, module: &'a str, name: &'a str) -> Result<(), Error> {
        self.objects.globals.push(Global { module, name });
        self.push(Value::Global(self.objects.globals.len() as u32 - 1))
    }

    /// Attributes. Those of a dict, such as the `_metadata` of a state dict, are not kept.
    fn build(&mut self) -> Result<(), Error> {
        let state = self.pop()?;
        match self.top()? {
            Value::Dict(_) => {}
            Value::Object(object) => self.objects.objects[object as usize].state = state,
            _ => return Err(self.wrong("attributes for something that is not an object")),
        }
        Ok(())
    }

    /// One instruction; false at the end.
    fn step(&mut self) -> Result<bool, Error> {
        let instruction = self.bytes(1)?[0];
        match instruction {
            // PROTO
            0x80 => match self.number::<1>()? {
                2..=5 => {}
                version => return Err(self.wrong(format!("protocol {version}, which is not known"))),
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
            // POP and POP_MARK, of tuples that hold themselves.
            b'0' => self.pop().map(drop)?,
            b'1' => self.mark().map(|from| self.stack.truncate(from))?,
            b'c' => {
                let (module, name) = (self.line()?, self.line()?);
                self.global(module, name)?;
            }
            // STACK_GLOBAL
            0x93 => {
                let (name, module) = (self.pop()?, self.pop()?);
                let (Value::Text(a, b), Value::Text(c, d)) = (module, name) else {
                    return Err(self.wrong("a class whose name is not a string"));
                };
                let names = self.objects.name(a, b).zip(self.objects.name(c, d));
                let (module, name) = names.ok_or_else(|| self.wrong("a class whose name is too long"))?;
                self.global(module, name)?;
            }
            // MEMOIZE
            0x94 => self.remember(self.memo.len() as u64)?,
            b'q' => self.number::<1>().and_then(|index| self.remember(index))?,
            b'r' => self.number::<4>().and_then(|index| self.remember(index))?,
            b'h' => self.number::<1>().and_then(|index| self.recall(index))?,
            b'j' => self.number::<4>().and_then(|index| self.recall(index))?,
            // FRAME: how many bytes belong together.
            0x95 => self.number::<8>().map(drop)?,
            // SHORT_BINUNICODE, BINUNICODE and BINUNICODE8.
            0x8c => self.number::<1>().and_then(|length| self.text(length))?,
            b'X' => self.number::<4>().and_then(|length| self.text(length))?,
            0x8d => self.number::<8>().and_then(|length| self.text(length))?,
            // SHORT_BINBYTES, BINBYTES, BINBYTES8 and BYTEARRAY8.
            b'C' => self.number::<1>().and_then(|length| self.skip(length, Value::Bytes))?,
            b'B' => self.number::<4>().and_then(|length| self.skip(length, Value::Bytes))?,
            0x8e | 0x96 => self.number::<8>().and_then(|length| self.skip(length, Value::Bytes))?,
            b'K' => self.number::<1>().and_then(|n| self.push(Value::Int(n as i64)))?,
            b'M' => self.number::<2>().and_then(|n| self.push(Value::Int(n as i64)))?,
            b'J' => self.int(4)?,
            // LONG1 and LONG4, whose length has a sign.
            0x8a => self.number::<1>().and_then(|length| self.int(length))?,
            0x8b => self.number::<4>().and_then(|length| self.int(length))?,
            // BINFLOAT
            b'G' => self.skip(8, Value::Float)?,
            b'N' => self.push(Value::None)?,
            // NEWTRUE, NEWFALSE
            0x88 | 0x89 => self.push(Value::Bool)?,
            b')' => self.collect(self.stack.len())?,
            // TUPLE1 to TUPLE3
            0x85..=0x87 => self.last(usize::from(instruction - 0x84)).and_then(|from| self.collect(from))?,
            b't' => self.mark().and_then(|from| self.collect(from))?,
            b'}' => {
                let dict = self.objects.new_dict();
                self.push(dict)?;
            }
            b']' => {
                self.objects.lists.push(Vec::new());
                self.push(Value::List(self.objects.lists.len() as u32 - 1))?;
            }
            b'a' => self.last(1).and_then(|from| self.append(from))?,
            b'e' => self.mark().and_then(|from| self.append(from))?,
            b's' => self.last(2).and_then(|from| self.set_items(from))?,
            b'u' => self.mark().and_then(|from| self.set_items(from))?,
            // EMPTY_SET, ADDITEMS and FROZENSET. Nothing is read from a set.
            0x8f => self.push(Value::Set)?,
            0x90 => self.mark().and_then(|from| self.add_to_set(from))?,
            0x91 => {
                let from = self.mark()?;
                self.stack.truncate(from);
                self.push(Value::Set)?;
            }
            b'Q' => {
                let id = self.pop()?;
                let storage = self.objects.storage(id);
                let storage = storage.ok_or_else(|| self.wrong("an id that is not that of a storage"))?;
                self.push(storage)?;
            }
            // REDUCE
            b'R' => {
                let (arguments, callee) = (self.pop()?, self.pop()?);
                self.call(callee, arguments)?;
            }
            // NEWOBJ and NEWOBJ_EX, which has arguments with names.
            0x81 => {
                let (arguments, class) = (self.pop()?, self.pop()?);
                self.new_object(class, arguments)?;
            }
            0x92 => {
                let (_, arguments, class) = (self.pop()?, self.pop()?, self.pop()?);
                self.new_object(class, arguments)?;
            }
            b'b' => self.build()?,
            other => {
                return Err(self.wrong(format!("the instruction {other:#04x}, which PyTorch does not write")));
            }
        }
        Ok(true)
    }
}
