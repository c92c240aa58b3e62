//! State dicts: the tensors of a module, by name.

use super::state_tensor::{StateError, StateTensor};
use super::walk::{NamedVisitor, Path};
use super::{Buffer, Dtype, Param};
use crate::element::{Element, Float};
use crate::shape::Shape;
use crate::tensor::Tensor;
use std::collections::{BTreeMap, HashMap};

/// The parameters and persistent buffers of a module, by name, in the order of its fields. PyTorch's `state_dict`.
///
/// The names are PyTorch's, such as `blocks.0.fc.bias`. It comes from
/// [`state_dict`](super::ModuleExt::state_dict) or from a file, and goes into a module by
/// [`load_state_dict`](super::ModuleExt::load_state_dict).
///
/// ```
/// use typegrad::nn::{StateDict, StateTensor, Strict};
/// use typegrad::prelude::*;
/// let mut fc = Linear::<2, 1>::new(&mut Rng::seed(0));
/// let dict = fc.state_dict();
/// assert_eq!(dict.names().collect::<Vec<_>>(), ["weight", "bias"]);
/// assert_eq!(dict.get("weight").unwrap().shape(), [1, 2]);
///
/// let mut dict = StateDict::new();
/// dict.insert("weight", StateTensor::new(vec![1, 2], vec![2.0_f32, 3.0])?)?;
/// dict.insert("bias", StateTensor::new(vec![1], vec![4.0_f32])?)?;
/// fc.load_state_dict(&dict, Strict::Yes)?;
/// assert_eq!(fc.infer(Tensor::<Rank2<1, 2>>::ones()), Tensor::full(9.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct StateDict {
    entries: Vec<(String, StateTensor)>,
    places: HashMap<String, usize>,
    /// Names of a file whose contents are not read, and what they are.
    opaque: BTreeMap<String, String>,
}

impl StateDict {
    /// A state dict without entries.
    #[must_use]
    pub fn new() -> Self {
        StateDict::default()
    }

    /// Adds an entry at the end: a `&Tensor`, or what is known at run time only.
    ///
    /// # Errors
    /// If the name is taken; nothing is changed then.
    pub fn insert(
        &mut self,
        name: impl Into<String>,
        tensor: impl Into<StateTensor>,
    ) -> Result<(), StateError> {
        let name = self.free(name.into())?;
        self.places.insert(name.clone(), self.entries.len());
        self.entries.push((name, tensor.into()));
        Ok(())
    }

    /// Adds a name of a file whose contents are not read.
    pub(crate) fn insert_opaque(&mut self, name: impl Into<String>, kind: String) -> Result<(), StateError> {
        let name = self.free(name.into())?;
        self.opaque.insert(name, kind);
        Ok(())
    }

    fn free(&self, name: String) -> Result<String, StateError> {
        if self.is_free(&name) { Ok(name) } else { Err(StateError::Duplicate { name }) }
    }

    /// Whether there is nothing of this name.
    pub(crate) fn is_free(&self, name: &str) -> bool {
        !(self.places.contains_key(name) || self.opaque.contains_key(name))
    }

    /// Takes an entry out; the others keep their order. A name that is [opaque](Self::opaque) is free after this.
    pub fn remove(&mut self, name: &str) -> Option<StateTensor> {
        self.opaque.remove(name);
        let place = self.places.remove(name)?;
        for later in self.places.values_mut().filter(|later| **later > place) {
            *later -= 1;
        }
        Some(self.entries.remove(place).1)
    }

    /// The entry of this name; `None` also if it is [opaque](Self::opaque).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&StateTensor> {
        self.places.get(name).map(|&place| &self.entries[place].1)
    }

    /// The tensor of this name, which has this shape and these elements. The memory is shared.
    ///
    /// ```
    /// use typegrad::nn::StateDict;
    /// use typegrad::prelude::*;
    /// let mut dict = StateDict::new();
    /// dict.insert("x", &Tensor::from([[1.0, 2.0]]))?;
    /// assert_eq!(dict.tensor("x")?, Tensor::from([[1.0, 2.0]]));
    /// let error = dict.tensor::<Rank1<2>, f64>("x").unwrap_err();
    /// assert_eq!(error.to_string(), "`x` is float64 [1, 2], not float64 [2]");
    /// # Ok::<(), typegrad::nn::StateError>(())
    /// ```
    ///
    /// # Errors
    /// If there is no such tensor, or the file had something of this name that is not read.
    pub fn tensor<S: Shape, E: Element>(&self, name: &str) -> Result<Tensor<S, E>, StateError> {
        let entry = self.get(name).ok_or_else(|| match self.opaque.get(name) {
            Some(kind) => StateError::Opaque { name: name.into(), kind: kind.clone() },
            None => StateError::Missing { name: name.into() },
        })?;
        match E::from_state(entry.data()) {
            Some(elements) if entry.shape() == S::SIZES => Ok(Tensor::constant(elements.clone())),
            _ => Err(StateError::Mismatch {
                name: name.into(),
                expected_shape: S::SIZES,
                expected_dtype: Dtype::of::<E>(),
                found_shape: entry.shape().to_vec(),
                found_dtype: entry.dtype(),
            }),
        }
    }

    /// The entries, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &StateTensor)> {
        self.entries.iter().map(|(name, tensor)| (name.as_str(), tensor))
    }

    /// The names, in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.entries.iter().map(|(name, _)| name.as_str())
    }

    /// The names of a file whose contents are not read, in alphabetical order, each with what it is: tensors of
    /// complex numbers, strings and numbers among the tensors, Python objects.
    ///
    /// They do not stop loading: only a request for one is an error. They are not saved, and no other method counts them.
    pub fn opaque(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.opaque.iter().map(|(name, kind)| (name.as_str(), kind.as_str()))
    }

    /// A description of the entry of this name, if it is [opaque](Self::opaque).
    pub(super) fn opaque_kind(&self, name: &str) -> Option<&str> {
        self.opaque.get(name).map(String::as_str)
    }

    /// The same entries with floats of type `E`; integers and masks stay. With it, a module takes the values of another one
    /// whose elements have another type. PyTorch's `module.to(dtype)`, which changes the module itself.
    ///
    /// ```
    /// use typegrad::nn::Strict;
    /// use typegrad::prelude::*;
    /// let wide = Linear::<2, 1, f64>::new(&mut Rng::seed(0));
    /// let mut net = Linear::<2, 1>::new(&mut Rng::seed(1));
    /// net.load_state_dict(&wide.state_dict().to::<f32>(), Strict::Yes)?;
    /// assert_eq!(net.weight.value(), &wide.weight.value().clone().float());
    /// # Ok::<(), typegrad::nn::LoadError>(())
    /// ```
    #[must_use]
    pub fn to<E: Float>(mut self) -> Self {
        self.entries = self.entries.into_iter().map(|(name, tensor)| (name, tensor.to::<E>())).collect();
        self
    }

    /// Takes a prefix off the names that have it; the others stay. PyTorch's
    /// `consume_prefix_in_state_dict_if_present`.
    ///
    /// `DataParallel` of PyTorch puts `module.` before all names, and `torch.compile` puts `_orig_mod.`.
    ///
    /// ```
    /// use typegrad::nn::Strict;
    /// use typegrad::prelude::*;
    /// let mut fc = Linear::<2, 1>::new(&mut Rng::seed(0));
    /// let dict = fc.state_dict().add_prefix("module.");
    /// assert_eq!(dict.names().collect::<Vec<_>>(), ["module.weight", "module.bias"]);
    /// let error = fc.load_state_dict(&dict, Strict::Yes).unwrap_err();
    /// assert!(error.to_string().ends_with("`dict.strip_prefix(\"module.\")` removes it"));
    /// fc.load_state_dict(&dict.strip_prefix("module.")?, Strict::Yes)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If two entries then have the same name.
    pub fn strip_prefix(self, prefix: &str) -> Result<Self, StateError> {
        self.rename_prefix(prefix, "")
    }

    /// Puts a prefix before all names.
    #[must_use]
    pub fn add_prefix(self, prefix: &str) -> Self {
        self.map_names(|name| format!("{prefix}{name}")).expect("names that differ still do")
    }

    /// Replaces a prefix of the names that have it; the others stay.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let dict = <(Linear<2, 1>, Relu)>::new(&mut Rng::seed(0)).state_dict();
    /// let dict = dict.rename_prefix("0.", "head.")?;
    /// assert_eq!(dict.names().collect::<Vec<_>>(), ["head.weight", "head.bias"]);
    /// # Ok::<(), typegrad::nn::StateError>(())
    /// ```
    ///
    /// # Errors
    /// If two entries then have the same name.
    pub fn rename_prefix(self, from: &str, to: &str) -> Result<Self, StateError> {
        self.map_names(|name| match name.strip_prefix(from) {
            Some(rest) => format!("{to}{rest}"),
            None => name.to_owned(),
        })
    }

    fn map_names(self, new: impl Fn(&str) -> String) -> Result<Self, StateError> {
        let mut dict = StateDict::new();
        for (name, tensor) in self.entries {
            dict.insert(new(&name), tensor)?;
        }
        for (name, kind) in self.opaque {
            dict.insert_opaque(new(&name), kind)?;
        }
        Ok(dict)
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// The entries, in order.
impl IntoIterator for StateDict {
    type Item = (String, StateTensor);
    type IntoIter = std::vec::IntoIter<Self::Item>;
    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

/// The same names with the same tensors in the same order, and the same opaque names.
impl PartialEq for StateDict {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries && self.opaque == other.opaque
    }
}

/// Collects what a module has into a state dict.
#[derive(Default)]
pub(super) struct Collect {
    pub(super) dict: StateDict,
}

impl Collect {
    fn add(&mut self, at: &Path, tensor: StateTensor) {
        if let Err(error) = self.dict.insert(at.to_string(), tensor) {
            panic!("{error}: two parts of this module have it");
        }
    }
}

impl<'a> NamedVisitor<'a> for Collect {
    fn param<S: Shape, E: Float>(&mut self, at: &Path, param: &'a Param<S, E>) {
        self.add(at, StateTensor::of(param.value()));
    }
    fn buffer<S: Shape, E: Element>(&mut self, at: &Path, buffer: &'a Buffer<S, E>) {
        if buffer.is_persistent() {
            self.add(at, StateTensor::of(&buffer.value()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(elements: &[f32]) -> StateTensor {
        StateTensor::new(vec![elements.len()], elements.to_vec()).unwrap()
    }

    #[test]
    fn entries_keep_their_order() {
        let mut dict = StateDict::new();
        for (name, value) in [("b", 1.0), ("a", 2.0), ("c", 3.0)] {
            dict.insert(name, row(&[value])).unwrap();
        }
        assert_eq!(dict.remove("b"), Some(row(&[1.0])));
        assert_eq!(dict.remove("b"), None);
        assert_eq!(dict.iter().collect::<Vec<_>>(), [("a", &row(&[2.0])), ("c", &row(&[3.0]))]);
        assert_eq!((dict.get("c"), dict.len()), (Some(&row(&[3.0])), 2));
    }

    #[test]
    fn a_name_is_taken_once() {
        let mut dict = StateDict::new();
        dict.insert("a", row(&[1.0])).unwrap();
        let error = dict.insert("a", row(&[2.0])).unwrap_err();
        assert_eq!(error.to_string(), "the name `a` occurs twice in a state dict");
        assert_eq!(dict.get("a"), Some(&row(&[1.0])));
    }

    #[test]
    fn an_opaque_name_is_taken_and_only_who_asks_for_it_has_an_error() {
        let mut dict = StateDict::new();
        dict.insert("a", row(&[1.0])).unwrap();
        dict.insert_opaque("b", "a string".into()).unwrap();
        assert_eq!(
            (dict.len(), dict.get("b"), dict.opaque().collect::<Vec<_>>()),
            (1, None, vec![("b", "a string")])
        );
        let error = dict.tensor::<(), f32>("b").unwrap_err().to_string();
        assert!(error.starts_with("`b` is a string, which is not read; tensors of floats"), "{error}");
        for taken in ["a", "b"] {
            assert!(dict.insert(taken, row(&[2.0])).is_err());
            assert!(dict.insert_opaque(taken, String::new()).is_err());
        }
        let mut other = dict.clone().add_prefix("m.");
        assert_eq!(
            (other.names().collect::<Vec<_>>(), other.opaque().next()),
            (vec!["m.a"], Some(("m.b", "a string")))
        );
        assert_eq!(other.clone().strip_prefix("m.").unwrap(), dict);
        other.remove("m.b");
        assert_ne!(other.clone().strip_prefix("m.").unwrap(), dict);
        other.insert("m.b", row(&[2.0])).unwrap();
        assert_eq!(other.tensor::<crate::shape::Rank1<1>, f32>("m.b").unwrap().to_vec(), [2.0]);
    }

    #[test]
    fn a_prefix_comes_off_unless_two_names_become_one() {
        let mut dict = StateDict::new();
        for (name, value) in [("module.a", 1.0), ("b", 2.0), ("module.module.c", 3.0)] {
            dict.insert(name, row(&[value])).unwrap();
        }
        let names = |dict: &StateDict| dict.names().map(str::to_owned).collect::<Vec<_>>();
        let stripped = dict.clone().strip_prefix("module.").unwrap();
        assert_eq!(names(&stripped), ["a", "b", "module.c"]);
        assert_eq!(names(&dict.clone().rename_prefix("module.", "m.").unwrap()), ["m.a", "b", "m.module.c"]);
        assert_eq!(names(&dict.clone().strip_prefix("").unwrap()), names(&dict));
        dict.insert("a", row(&[4.0])).unwrap();
        let error = dict.strip_prefix("module.").unwrap_err();
        assert_eq!(error, StateError::Duplicate { name: "a".into() });
    }
}
