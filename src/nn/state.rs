//! State dicts: the tensors of a module, by name.

use super::module::{Module, Path, Visitor};
use super::{Buffer, Param};
use crate::element::{Element, Float};
use crate::shape::Shape;
use crate::state_data::{Dtype, StateData};
use crate::tensor::Tensor;
use std::collections::HashMap;

/// A tensor whose shape and element type are known at run time only: what a file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct StateTensor {
    shape: Vec<usize>,
    data: StateData,
}

impl StateTensor {
    /// A tensor of this shape.
    ///
    /// # Errors
    /// If there are not as many elements as the shape has.
    pub fn new(shape: Vec<usize>, data: impl Into<StateData>) -> Result<Self, StateError> {
        let data = data.into();
        let numel = shape.iter().try_fold(1, |product: usize, &size| product.checked_mul(size));
        if numel == Some(data.len()) {
            Ok(StateTensor { shape, data })
        } else {
            Err(StateError::Elements { shape, elements: data.len() })
        }
    }

    /// The same tensor: the memory is shared.
    pub(crate) fn of<S: Shape, E: Element>(tensor: &Tensor<S, E>) -> Self {
        StateTensor { shape: S::SIZES.to_vec(), data: E::to_state(tensor.data.clone()) }
    }

    /// The size of each axis.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The type of the elements.
    #[must_use]
    pub fn dtype(&self) -> Dtype {
        self.data.dtype()
    }

    /// The elements, in row-major order.
    #[must_use]
    pub fn data(&self) -> &StateData {
        &self.data
    }

    /// The shape and the elements.
    #[must_use]
    pub fn into_parts(self) -> (Vec<usize>, StateData) {
        (self.shape, self.data)
    }
}

/// The same tensor: the memory is shared.
impl<S: Shape, E: Element> From<&Tensor<S, E>> for StateTensor {
    fn from(tensor: &Tensor<S, E>) -> Self {
        StateTensor::of(tensor)
    }
}

/// What cannot be put into a [`StateDict`], or taken out of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// The name is taken.
    #[error("the name `{name}` occurs twice in a state dict")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// The shape and the elements do not fit.
    #[error("a tensor of shape {shape:?} cannot have {elements} elements")]
    Elements {
        /// The size of each axis.
        shape: Vec<usize>,
        /// The number of elements.
        elements: usize,
    },
    /// There is no tensor of this name.
    #[error("there is no tensor `{name}` in the state dict")]
    Missing {
        /// The name.
        name: String,
    },
    /// The tensor has another shape or other elements.
    #[error("`{name}` is {found_dtype} {found_shape:?}, not {expected_dtype} {expected_shape:?}")]
    Mismatch {
        /// The name.
        name: String,
        /// The size of each axis of what was asked for.
        expected_shape: &'static [usize],
        /// The type of the elements of what was asked for.
        expected_dtype: Dtype,
        /// The size of each axis of the tensor.
        found_shape: Vec<usize>,
        /// The type of the elements of the tensor.
        found_dtype: Dtype,
    },
}

/// The parameters and persistent buffers of a module, by name, in the order of its fields. PyTorch's `state_dict`.
///
/// The names are PyTorch's, such as `blocks.0.fc.bias`. It comes from [`Module::state_dict`] or from a file, and goes
/// into a module by [`Module::load_state_dict`](super::Module::load_state_dict).
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
        let name = name.into();
        if self.places.contains_key(&name) {
            return Err(StateError::Duplicate { name });
        }
        self.places.insert(name.clone(), self.entries.len());
        self.entries.push((name, tensor.into()));
        Ok(())
    }

    /// Takes an entry out; the others keep their order.
    pub fn remove(&mut self, name: &str) -> Option<StateTensor> {
        let place = self.places.remove(name)?;
        for later in self.places.values_mut().filter(|later| **later > place) {
            *later -= 1;
        }
        Some(self.entries.remove(place).1)
    }

    /// The entry of this name.
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
    /// If there is no such tensor.
    pub fn tensor<S: Shape, E: Element>(&self, name: &str) -> Result<Tensor<S, E>, StateError> {
        let entry = self.get(name).ok_or_else(|| StateError::Missing { name: name.into() })?;
        match E::from_state(&entry.data) {
            Some(elements) if entry.shape == S::SIZES => Ok(Tensor::constant(elements.clone())),
            _ => Err(StateError::Mismatch {
                name: name.into(),
                expected_shape: S::SIZES,
                expected_dtype: Dtype::of::<E>(),
                found_shape: entry.shape.clone(),
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

/// The same names with the same tensors in the same order.
impl PartialEq for StateDict {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

/// Collects what a module has into a state dict.
#[derive(Default)]
pub(super) struct Collect {
    pub(super) dict: StateDict,
    path: Path,
}

impl Collect {
    fn add(&mut self, tensor: StateTensor) {
        if let Err(error) = self.dict.insert(self.path.to_string(), tensor) {
            panic!("{error}: two parts of this module have it");
        }
    }
}

impl<'a> Visitor<'a> for Collect {
    fn enter(&mut self, name: super::Name) {
        self.path.enter(name);
    }
    fn leave(&mut self) {
        self.path.leave();
    }
    fn param<S: Shape, E: Float>(&mut self, param: &'a Param<S, E>) {
        self.add(StateTensor::of(param.value()));
    }
    fn buffer<S: Shape, E: Element>(&mut self, buffer: &'a Buffer<S, E>) {
        if buffer.is_persistent() {
            self.add(StateTensor::of(&buffer.value()));
        }
    }
    fn frozen<M: Module>(&mut self, module: &'a M) {
        module.visit(self);
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
    fn a_shape_has_as_many_elements_as_it_says() {
        for shape in [vec![2], vec![0], vec![usize::MAX, 2], vec![]] {
            let wrong = StateTensor::new(shape.clone(), vec![1_i64, 2, 3]);
            assert_eq!(wrong, Err(StateError::Elements { shape, elements: 3 }));
        }
        assert!(StateTensor::new(vec![], vec![true]).is_ok());
        assert!(StateTensor::new(vec![4, 0], Vec::<bool>::new()).is_ok());
    }
}
