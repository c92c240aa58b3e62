//! From arrays, slices and vectors, and back.

use super::Tensor;
use crate::element::Element;
use crate::graph::Graph;
use crate::shape::{Const, InsertAxis, ScalarShape, Shape};
use crate::storage::Storage;
use std::error::Error;
use std::fmt;

/// A nested array of elements `E`, such as `[[f32; 3]; 2]`, whose nesting is a shape: `Rank2<2, 3>`.
pub trait Array<E: Element>: Sized {
    /// The shape of the array.
    type Shape: Shape;
    #[doc(hidden)]
    fn push_to(&self, elements: &mut Vec<E>);
    #[doc(hidden)]
    fn take_from(elements: &mut impl Iterator<Item = E>) -> Self;
}

macro_rules! impl_scalar_array {
    ($($t:ty)*) => { $(
        impl Array<$t> for $t {
            type Shape = ();
            fn push_to(&self, elements: &mut Vec<$t>) {
                elements.push(*self);
            }
            fn take_from(elements: &mut impl Iterator<Item = $t>) -> Self {
                elements.next().unwrap_or_default()
            }
        }

        impl From<$t> for Tensor<(), $t> {
            fn from(element: $t) -> Self {
                Tensor::constant(Storage::filled(1, element))
            }
        }
    )* };
}
impl_scalar_array!(f32 f64 i64 bool);

impl<E: Element, A: Array<E>, const N: usize> Array<E> for [A; N]
where
    A::Shape: InsertAxis<0>,
{
    type Shape = <A::Shape as InsertAxis<0>>::Inserted<Const<N>>;
    fn push_to(&self, elements: &mut Vec<E>) {
        for inner in self {
            inner.push_to(elements);
        }
    }
    fn take_from(elements: &mut impl Iterator<Item = E>) -> Self {
        std::array::from_fn(|_| A::take_from(elements))
    }
}

impl<E, A, const N: usize> From<[A; N]> for Tensor<<[A; N] as Array<E>>::Shape, E>
where
    E: Element,
    [A; N]: Array<E>,
{
    /// The tensor of a nested array, which gives the shape. PyTorch's `torch.tensor`.
    fn from(array: [A; N]) -> Self {
        let mut elements = Vec::with_capacity(<[A; N] as Array<E>>::Shape::NUMEL);
        array.push_to(&mut elements);
        Tensor::constant(Storage::from_slice(&elements))
    }
}

/// A vector or slice does not have as many elements as the shape it was meant for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongLength {
    /// The sizes of the shape.
    pub shape: &'static [usize],
    /// The number of elements that were given.
    pub given: usize,
}

impl fmt::Display for WrongLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numel: usize = self.shape.iter().product();
        write!(f, "a tensor of shape {:?} has {numel} elements, but {} were given", self.shape, self.given)
    }
}

impl Error for WrongLength {}

impl<S: Shape, E: Element> TryFrom<&[E]> for Tensor<S, E> {
    type Error = WrongLength;
    /// The tensor of elements in row-major order, whose number is checked at run time.
    fn try_from(elements: &[E]) -> Result<Self, WrongLength> {
        if elements.len() == S::NUMEL {
            Ok(Tensor::constant(Storage::from_slice(elements)))
        } else {
            Err(WrongLength { shape: S::SIZES, given: elements.len() })
        }
    }
}

impl<S: Shape, E: Element> TryFrom<Vec<E>> for Tensor<S, E> {
    type Error = WrongLength;
    fn try_from(elements: Vec<E>) -> Result<Self, WrongLength> {
        Tensor::try_from(elements.as_slice())
    }
}

impl<S: Shape, E: Element, C, F> Tensor<S, E, Graph<C, F>> {
    /// The elements in row-major order.
    #[must_use]
    pub fn as_slice(&self) -> &[E] {
        self.data.as_slice()
    }

    /// The elements in row-major order, copied.
    #[must_use]
    pub fn to_vec(&self) -> Vec<E> {
        self.data.as_slice().to_vec()
    }

    /// The elements as a nested array.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let rows: [[f32; 2]; 2] = Tensor::<Rank2<2, 2>>::eye().to_array();
    /// assert_eq!(rows, [[1.0, 0.0], [0.0, 1.0]]);
    /// ```
    #[must_use]
    pub fn to_array<A: Array<E, Shape = S>>(&self) -> A {
        A::take_from(&mut self.data.as_slice().iter().copied())
    }
}

impl<S: Shape, E: Element, C, F> Tensor<S, E, Graph<C, F>> {
    /// The one element of a scalar. PyTorch's `item`.
    #[must_use]
    pub fn item(&self) -> E
    where
        S: ScalarShape,
    {
        self.data.as_slice()[0]
    }
}

impl<S: Shape, E: Element, C, D, F, H> PartialEq<Tensor<S, E, Graph<D, H>>> for Tensor<S, E, Graph<C, F>> {
    /// Whether all elements are equal; PyTorch's `torch.equal`. The graphs do not matter.
    fn eq(&self, other: &Tensor<S, E, Graph<D, H>>) -> bool {
        self.as_slice() == other.as_slice()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Rank2;

    #[test]
    fn nested_arrays_give_the_shape_and_come_back() {
        let x: Tensor<Rank2<2, 3>> = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        assert_eq!(x.to_vec(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(x.to_array::<[[f32; 3]; 2]>(), [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        assert!(Tensor::from(true).item());
    }

    #[test]
    fn a_wrong_number_of_elements_is_an_error_with_both_numbers() {
        let error = Tensor::<Rank2<2, 3>>::try_from(vec![1.0; 5]).unwrap_err();
        assert_eq!(error.to_string(), "a tensor of shape [2, 3] has 6 elements, but 5 were given");
    }
}
