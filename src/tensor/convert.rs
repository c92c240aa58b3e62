//! From arrays, slices and vectors, and back.

use super::Tensor;
use crate::element::Element;
use crate::error_format::debug_as_display;
use crate::graph::{Graph, HasItem};
use crate::shape::{Const, ScalarShape, Shape};
use crate::storage::Storage;
use std::error::Error;
use std::fmt;

/// A nested array of elements `E`, such as `[[f32; 3]; 2]`, whose nesting is a shape: `Rank2<2, 3>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not have the elements of a tensor",
    label = "the elements of a tensor are `f32`, `f64`, `i64` or `bool`",
    note = "other numbers are converted first: `bytes.map(f32::from)`, `n as i64`; arrays are nested up to six deep"
)]
pub trait Array<E: Element>: Copy {
    /// The shape of the array.
    type Shape: Shape;
    #[doc(hidden)]
    fn push_to(&self, elements: &mut Vec<E>);
    /// The elements as arrays, which are the same memory. There is none if the arrays are empty.
    #[doc(hidden)]
    fn view(elements: &[E]) -> &[Self];
    /// An array without elements.
    #[doc(hidden)]
    fn empty() -> Self;
}

macro_rules! impl_scalar_array {
    ($($(#[$listed:meta])? $t:ty)*) => { $(
        #[diagnostic::do_not_recommend]
        impl Array<$t> for $t {
            type Shape = ();
            fn push_to(&self, elements: &mut Vec<$t>) {
                elements.push(*self);
            }
            fn view(elements: &[$t]) -> &[Self] {
                elements
            }
            fn empty() -> Self {
                <$t>::default()
            }
        }

        $(#[$listed])?
        impl From<$t> for Tensor<(), $t> {
            fn from(element: $t) -> Self {
                Tensor::constant(Storage::filled(1, element))
            }
        }
    )* };
}
// rustc lists the types that `from` takes, and a short list is enough.
impl_scalar_array!(f32 f64 i64 #[diagnostic::do_not_recommend] bool);

#[diagnostic::do_not_recommend]
impl<E: Element, const N: usize> Array<E> for [E; N] {
    type Shape = (Const<N>,);
    fn push_to(&self, elements: &mut Vec<E>) {
        elements.extend_from_slice(self);
    }
    fn view(elements: &[E]) -> &[Self] {
        // Chunks of no elements are not counted.
        if N == 0 { &[] } else { elements.as_chunks().0 }
    }
    fn empty() -> Self {
        [E::default(); N]
    }
}

/// Arrays of arrays `$inner`. One impl for each depth, and none for all: so the shape of an array of literals does not depend
/// on the type of the literals, which `net.infer(Tensor::from([[5.0]]))` gets from the network.
macro_rules! impl_nested_array {
    ($inner:ty: $($size:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<E: Element, const N: usize, $(const $size: usize),*> Array<E> for [$inner; N] {
            type Shape = (Const<N>, $(Const<$size>),*);
            fn push_to(&self, elements: &mut Vec<E>) {
                for inner in self {
                    inner.push_to(elements);
                }
            }
            fn view(elements: &[E]) -> &[Self] {
                if N == 0 { &[] } else { <$inner>::view(elements).as_chunks().0 }
            }
            fn empty() -> Self {
                std::array::from_fn(|_| <$inner>::empty())
            }
        }
    };
}
impl_nested_array!([E; A]: A);
impl_nested_array!([[E; A]; B]: B A);
impl_nested_array!([[[E; A]; B]; C]: C B A);
impl_nested_array!([[[[E; A]; B]; C]; D]: D C B A);
impl_nested_array!([[[[[E; A]; B]; C]; D]; F]: F D C B A);

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

/// The number of elements of a vector or slice is not that of the shape.
#[derive(Clone, PartialEq, Eq)]
pub struct WrongLength {
    /// The sizes of the shape.
    pub shape: &'static [usize],
    /// The number of elements given.
    pub given: usize,
    /// Whether the shape is that of one row, of which there may be any number.
    pub rows: bool,
}

debug_as_display!(WrongLength);

impl fmt::Display for WrongLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let WrongLength { shape, given, rows } = self;
        match shape.iter().product() {
            0 if *rows => write!(f, "rows of shape {shape:?} have no elements, and cannot be counted"),
            numel if *rows => {
                write!(
                    f,
                    "a row of shape {shape:?} has {numel} elements, and {given} is not a multiple of {numel}"
                )
            }
            numel => write!(f, "a tensor of shape {shape:?} has {numel} elements, but {given} were given"),
        }
    }
}

impl Error for WrongLength {}

/// The length of a tensor, which is part of its type: that of a `Given` is not, and `TryFrom` takes a `Wanted`. A bound of the `Given`
/// itself would not be reported.
#[doc(hidden)]
#[derive(Debug)]
pub enum ConstLength {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a `{Wanted}` becomes this tensor by `try_from`, which checks the length; given: a `{Given}`",
    label = "not `try_from` of a `{Wanted}`",
    note = "write `Tensor::<Rank2<2, 3>>::try_from(v)?`, of a `Vec` or a slice `&v[..]` of the elements in order",
    note = "other elements are converted: `v.iter().map(|x| *x as f32).collect::<Vec<_>>()`, or `*x as i64` for labels"
)]
pub trait LengthOf<Given, Wanted> {}

// One line each: rustc shows them in errors.
#[rustfmt::skip]
#[doc(hidden)]
impl<S, E, T> From<Vec<T>> for Tensor<S, E> where ConstLength: LengthOf<Vec<T>, Vec<E>> {
    fn from(_: Vec<T>) -> Self { unreachable!() }
}

#[rustfmt::skip]
#[doc(hidden)]
impl<'a, S, E: 'a, T> From<&'a Vec<T>> for Tensor<S, E> where ConstLength: LengthOf<&'a Vec<T>, &'a [E]> {
    fn from(_: &'a Vec<T>) -> Self { unreachable!() }
}

#[rustfmt::skip]
#[doc(hidden)]
impl<'a, S, E: 'a, T> From<&'a [T]> for Tensor<S, E> where ConstLength: LengthOf<&'a [T], &'a [E]> {
    fn from(_: &'a [T]) -> Self { unreachable!() }
}

/// From which the trait `TryFrom` makes an `X`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not have the elements of a tensor",
    label = "the elements of a tensor are `f32`, `f64`, `i64` or `bool`",
    note = "write `v.iter().map(|x| *x as f32).collect::<Vec<_>>()`, or `*x as i64` for labels"
)]
pub trait Makes<X> {
    type Error;
    fn make(self) -> Result<X, Self::Error>;
}

#[diagnostic::do_not_recommend]
impl<X: TryFrom<A>, A> Makes<X> for A {
    type Error = X::Error;
    fn make(self) -> Result<X, X::Error> {
        self.try_into()
    }
}

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Element> TryFrom<&[E]> for Tensor<S, E> {
    type Error = WrongLength;
    /// The tensor of elements in row-major order, whose number is checked at run time.
    fn try_from(elements: &[E]) -> Result<Self, WrongLength> {
        if elements.len() == S::NUMEL {
            Ok(Tensor::constant(Storage::from_slice(elements)))
        } else {
            Err(WrongLength { shape: S::SIZES, given: elements.len(), rows: false })
        }
    }
}

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Element> TryFrom<Vec<E>> for Tensor<S, E> {
    type Error = WrongLength;
    fn try_from(elements: Vec<E>) -> Result<Self, WrongLength> {
        Tensor::try_from(elements.as_slice())
    }
}

impl<S: Shape, E: Element, C, F> Tensor<S, E, Graph<C, F>> {
    /// The size of each axis, which is [`Shape::SIZES`] of `S`. PyTorch's `x.shape`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank2<2, 3>>::zeros();
    /// assert_eq!((x.shape(), x.numel()), (&[2, 3][..], 6));
    /// ```
    #[must_use]
    pub const fn shape(&self) -> &'static [usize] {
        S::SIZES
    }

    /// The number of elements, which is [`Shape::NUMEL`] of `S`. PyTorch's `x.numel()`.
    #[must_use]
    pub const fn numel(&self) -> usize {
        S::NUMEL
    }

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
    /// An array is a value on the stack, which has 2 MB in a thread by default: [`as_slice`](Self::as_slice)
    /// borrows the elements of a tensor of any size, and [`to_vec`](Self::to_vec) copies them to the heap.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let rows: [[f32; 2]; 2] = Tensor::<Rank2<2, 2>>::eye().to_array();
    /// assert_eq!(rows, [[1.0, 0.0], [0.0, 1.0]]);
    /// ```
    #[must_use]
    pub fn to_array<A: Array<E, Shape = S>>(&self) -> A {
        // The only copy: into the memory of the result.
        match A::view(self.as_slice()).first() {
            Some(array) => *array,
            None => A::empty(),
        }
    }
}

impl<S: Shape, E: Element, C, F> Tensor<S, E, Graph<C, F>> {
    /// The one element of a scalar. PyTorch's `item`, which also takes a tensor of shape `[1, 1]`: here that is
    /// `x.sum().item()`.
    ///
    /// A loss with a graph has none: [`backward`](Tensor::backward) returns its number, and takes the loss. Without a backward
    /// pass the number is `loss.value().item()`.
    // rustc shows this line.
    #[rustfmt::skip]
    #[must_use]
    pub fn item(&self) -> E where S: ScalarShape, C: HasItem {
        self.data.as_slice()[0]
    }
}

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Element, C, D, F, H> PartialEq<Tensor<S, E, Graph<D, H>>> for Tensor<S, E, Graph<C, F>> {
    /// Whether all elements are equal; PyTorch's `torch.equal`. The graphs do not matter.
    fn eq(&self, other: &Tensor<S, E, Graph<D, H>>) -> bool {
        self.as_slice() == other.as_slice()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Rank1, Rank2, Rank3};

    #[test]
    fn nested_arrays_give_the_shape_and_come_back() {
        let x: Tensor<Rank2<2, 3>> = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        assert_eq!(x.to_vec(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(x.to_array::<[[f32; 3]; 2]>(), [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        assert!(Tensor::from(true).item());
        assert_eq!(Tensor::from([[[1_i64], [2]]]).to_array::<[[[i64; 1]; 2]; 1]>(), [[[1], [2]]]);
        assert_eq!(Tensor::from(2.5).to_array::<f64>(), 2.5);
    }

    #[test]
    fn an_array_without_elements_comes_back() {
        assert_eq!(Tensor::<Rank2<2, 0>>::zeros().to_array::<[[f32; 0]; 2]>(), [[0.0; 0]; 2]);
        assert_eq!(Tensor::<Rank2<0, 3>, i64>::zeros().to_array::<[[i64; 3]; 0]>(), [[0; 3]; 0]);
        assert_eq!(Tensor::<Rank2<0, 0>, bool>::full(true).to_array::<[[bool; 0]; 0]>(), [[true; 0]; 0]);
    }

    /// However it is nested: a stack of twice the array, and what a thread needs besides.
    #[test]
    fn to_array_holds_the_array_at_most_twice() {
        fn run<S: Shape, E: Element, A: Array<E, Shape = S>>() {
            let size = size_of::<A>();
            let thread = std::thread::Builder::new().stack_size(2 * size + (64 << 10));
            let run = || {
                let x = Tensor::<S, E>::constant(Storage::filled(S::NUMEL, E::default()));
                let array: A = x.to_array();
                assert!(A::view(x.as_slice()).len() == 1 && size_of_val(&array) == S::NUMEL * size_of::<E>());
            };
            thread.spawn(run).unwrap().join().unwrap();
        }
        run::<Rank2<512, 512>, f32, [[f32; 512]; 512]>();
        run::<Rank2<512, 512>, f64, [[f64; 512]; 512]>();
        run::<Rank1<1_000_000>, bool, [bool; 1_000_000]>();
        run::<Rank3<1, 1, 300_000>, i64, [[[i64; 300_000]; 1]; 1]>();
        run::<Rank3<300_000, 1, 1>, i64, [[[i64; 1]; 1]; 300_000]>();
    }

    #[test]
    fn a_wrong_number_of_elements_is_an_error_with_both_numbers() {
        let error = Tensor::<Rank2<2, 3>>::try_from(vec![1.0; 5]).unwrap_err();
        assert_eq!(error.to_string(), "a tensor of shape [2, 3] has 6 elements, but 5 were given");
    }
}
