//! Sums of iterators over constants, and what iterators of tensors say otherwise.

use super::Tensor;
use super::buffer::Buffer;
use super::param::Param;
use crate::element::{Element, Numeric};
use crate::graph::Graph;
use crate::kernel::elementwise::function::BinaryFunction;
use crate::kernel::elementwise::number::NumberZip;
use crate::kernel::elementwise::pointwise::Value;
use crate::shape::Shape;
use std::iter::Sum;
use std::marker::PhantomData;

/// The flow of tensors that an iterator sums: that of constants.
#[diagnostic::on_unimplemented(
    message = "tensors with a graph are not summed by an iterator: each sum would have another graph, and another type",
    label = "a sum of tensors with a graph",
    note = "write `losses.map(|l| l.boxed()).reduce(|a, b| (a + b).boxed())`",
    note = "in a loop write `total = (total + loss).boxed()`, from `let mut total = first_loss.boxed();`",
    note = "or run each backward, which adds up their gradients: `total += loss.backward()`"
)]
pub trait SummedByIterator {}
impl SummedByIterator for () {}

/// The element-wise sum of constants: zeros if there are none.
///
/// ```
/// use typegrad::prelude::*;
/// let rows = vec![Tensor::from([1.0, 2.0]), Tensor::from([3.0, 4.0])];
/// assert_eq!(rows.into_iter().sum::<Tensor<_, _>>(), Tensor::from([4.0, 6.0]));
/// ```
impl<S: Shape, E: Numeric, C, F: SummedByIterator> Sum<Tensor<S, E, Graph<C, F>>> for Tensor<S, E> {
    fn sum<I: Iterator<Item = Tensor<S, E, Graph<C, F>>>>(tensors: I) -> Self {
        let add = |sum, x: Tensor<S, E, Graph<C, F>>| {
            NumberZip::Add.zip_values(Value::Many(sum), Value::Many(x.data))
        };
        let data = tensors.fold(Tensor::<S, E>::zeros().data, add);
        Tensor::constant(data)
    }
}

/// The parts of a tensor of shape `S` in a loop. A bound of the tensor itself would be one of the type in the loop, and rustc would
/// report that it is not an iterator.
#[doc(hidden)]
#[derive(Debug)]
pub struct PartsOf<S>(PhantomData<S>);

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a loop or an iterator is over the parts of a tensor along an axis, or over its elements, and not over the tensor",
    label = "no axis is named",
    note = "the rows are `for row in x.unbind::<0>()`, of an `x` with a graph inside `shared`; row `i` is `x.select::<0>(i)`",
    note = "the elements are `for x in x.as_slice()`, row by row `x.as_slice().chunks(3)`; of a parameter `w.value().as_slice()`"
)]
pub trait HasOrder {
    type Part;
}

/// Implements `Iterator` for a type whose `$parts` do not have the `$order` that its bound asks for.
macro_rules! without_order {
    ($parts:ty: $order:ident; $([$($generics:tt)*] $container:ty),*) => { $(
        #[doc(hidden)]
        impl<$($generics)*> Iterator for $container where $parts: $order {
            type Item = <$parts as $order>::Part;
            fn next(&mut self) -> Option<Self::Item> {
                unreachable!("nothing has this order")
            }
        }
    )* };
}
pub(crate) use without_order;

without_order! {
    PartsOf<S>: HasOrder;
    [S, E, G] Tensor<S, E, G>, [S, E, G] &Tensor<S, E, G>, [S, E] Param<S, E>, [S, E] &Param<S, E>,
    [S, E] Buffer<S, E>, [S, E] &Buffer<S, E>
}

/// Nothing that an iterator yields: how much that is is known only at run time.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "an iterator is not collected into a tensor, whose shape is part of its type",
    label = "collected into a tensor",
    note = "elements are collected into a `Vec` first: `Tensor::<Rank2<2, 3>>::try_from(x.collect::<Vec<_>>())?`; `Tensor::from_fn(|i| ..)` \
            computes each from its index",
    note = "tensors are collected into an array, `<[_; 8]>::try_from(x.collect::<Vec<_>>())`, and then `rows.stack::<0>()`"
)]
pub trait Collected {}

#[doc(hidden)]
impl<S, E: Element, A: Collected> FromIterator<A> for Tensor<S, E> {
    fn from_iter<I: IntoIterator<Item = A>>(_: I) -> Self {
        unreachable!("no iterator is one")
    }
}
