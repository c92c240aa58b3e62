//! The meaning of the calls of a pickle. Nothing is called: for the functions that PyTorch uses for tensors the result
//! is known, and any other call is an object that has its arguments as data.

use super::objects::{Global, Object, Objects, Stored, Value, View};
use crate::io::MOST_AXES;

/// Functions whose results are known.
#[derive(Clone, Copy)]
enum Known {
    OrderedDict,
    Size,
    /// Of a typed storage.
    Tensor,
    /// Of a storage of bytes, with a type of elements.
    TensorOfBytes,
    Parameter,
    /// A function of this list, for a class with attributes.
    FromType,
}

impl Global<'_> {
    fn known(self) -> Option<Known> {
        Some(match (self.module, self.name) {
            ("collections", "OrderedDict") => Known::OrderedDict,
            ("torch", "Size") => Known::Size,
            ("torch._utils", "_rebuild_tensor" | "_rebuild_tensor_v2") => Known::Tensor,
            ("torch._utils", "_rebuild_tensor_v3") => Known::TensorOfBytes,
            ("torch._utils", "_rebuild_parameter" | "_rebuild_parameter_with_state") => Known::Parameter,
            ("torch._tensor", "_rebuild_from_type_v2") => Known::FromType,
            _ => return None,
        })
    }
}

impl<'a> Objects<'a> {
    /// The result of a call. An error says what is wrong with the arguments of a known function.
    pub(super) fn call(&mut self, callee: Value, arguments: Value) -> Result<Value, &'static str> {
        let class = match callee {
            Value::Global(global) => Some(global),
            Value::Object(_) => None,
            _ => return Err("a call of something that is not a function"),
        };
        if let (Some(global), Value::Tuple(begin, end)) = (class, arguments)
            && let Some(known) = self.globals[global as usize].known()
            && let Some(value) = self.known(known, (begin, end))?
        {
            return Ok(value);
        }
        self.objects.push(Object { class, arguments, state: Value::None, items: None });
        Ok(Value::Object(self.objects.len() as u32 - 1))
    }

    /// The result of a known function; `None` if it has arguments that a tensor does not have.
    fn known(&mut self, known: Known, arguments: (u32, u32)) -> Result<Option<Value>, &'static str> {
        let mut known = known;
        let mut arguments = arguments;
        if let Known::FromType = known
            && let [Value::Global(function), _, Value::Tuple(begin, end), ..] = *self.tuple(arguments)
            && let Some(function) = self.globals[function as usize].known()
        {
            (known, arguments) = (function, (begin, end));
        }
        Ok(match (known, self.tuple(arguments)) {
            (Known::OrderedDict, []) => Some(self.new_dict()),
            (Known::Size, &[sizes @ Value::Tuple(..)]) => Some(sizes),
            (Known::Parameter, &[tensor @ Value::Tensor(_), ..]) => Some(tensor),
            (
                Known::Tensor,
                &[
                    Value::Storage(storage),
                    Value::Int(offset),
                    Value::Tuple(a, b),
                    Value::Tuple(c, d),
                    ref rest @ ..,
                ],
            ) => {
                // The requirement of a gradient, hooks, and what PyTorch does with the elements when they are read.
                let lazy = rest.get(2).is_some_and(|metadata| !matches!(metadata, Value::None));
                Some(self.view(storage, offset, [(a, b), (c, d)], None, lazy)?)
            }
            (
                Known::TensorOfBytes,
                &[
                    Value::Storage(storage),
                    Value::Int(offset),
                    Value::Tuple(a, b),
                    Value::Tuple(c, d),
                    _,
                    _,
                    Value::Global(dtype),
                    ref rest @ ..,
                ],
            ) => {
                let lazy = rest.first().is_some_and(|metadata| !matches!(metadata, Value::None));
                let dtype = Some(self.globals[dtype as usize].name);
                Some(self.view(storage, offset, [(a, b), (c, d)], dtype, lazy)?)
            }
            _ => None,
        })
    }

    fn view(
        &mut self,
        storage: u32,
        offset: i64,
        [shape, strides]: [(u32, u32); 2],
        dtype: Option<&'a str>,
        lazy: bool,
    ) -> Result<Value, &'static str> {
        if (shape.1 - shape.0) as usize > MOST_AXES {
            return Err("a tensor of more axes than PyTorch has");
        }
        let numbers = |tuple| self.tuple(tuple).iter().all(|size| matches!(size, Value::Int(0..)));
        let (Ok(offset), true) = (
            u64::try_from(offset),
            shape.1 - shape.0 == strides.1 - strides.0 && numbers(shape) && numbers(strides),
        ) else {
            return Err("a tensor with a malformed shape or malformed strides");
        };
        let storage = self.storages[storage as usize];
        self.tensors.push(View { storage, dtype, lazy, offset, shape, strides });
        Ok(Value::Tensor(self.tensors.len() as u32 - 1))
    }

    /// The meaning of a persistent id: `("storage", torch.FloatStorage, key, device, number of elements)`.
    pub(super) fn storage(&mut self, id: Value) -> Option<Value> {
        let Value::Tuple(begin, end) = id else { return None };
        let [Value::Text(a, b), Value::Global(class), Value::Text(c, d), _, Value::Int(numel)] =
            *self.tuple((begin, end))
        else {
            return None;
        };
        let Global { module: "torch" | "torch.storage", name } = self.globals[class as usize] else {
            return None;
        };
        let (elements, numel) = (name.strip_suffix("Storage")?, u64::try_from(numel).ok()?);
        if self.name(a, b) != Some("storage") {
            return None;
        }
        self.storages.push(Stored { elements, key: self.name(c, d)?, numel });
        Some(Value::Storage(self.storages.len() as u32 - 1))
    }

    pub(super) fn new_dict(&mut self) -> Value {
        self.dicts.push(Vec::new());
        Value::Dict(self.dicts.len() as u32 - 1)
    }

    /// The dict that takes the items of a dict, or of an object of another class.
    pub(super) fn items_of(&mut self, value: Value) -> Option<u32> {
        match value {
            Value::Dict(dict) => Some(dict),
            Value::Object(object) => {
                let items = &mut self.objects[object as usize].items;
                if items.is_none() {
                    self.dicts.push(Vec::new());
                }
                Some(*items.get_or_insert(self.dicts.len() as u32 - 1))
            }
            _ => None,
        }
    }
}
