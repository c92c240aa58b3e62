//! `x[0]`: a tensor is not indexed by brackets, and says so.

use crate::tensor::Tensor;
use crate::tensor::param::Param;
use std::ops::Index;

/// A value in brackets. No type is one.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a tensor is not indexed by brackets: the axis is part of the name, so that the shape of the result is known",
    label = "an index in brackets",
    note = "`x[i]` is `x.select::<0>(i)`, `x[:, -1]` is `x.select_at::<1, -1>()`",
    note = "`x[2:5]` is `x.slice::<0, 2, 5>()`; `x[indices]` is `x.index_select::<0, _>(&indices)`",
    note = "numbers are in `x.to_vec()`, or `x.item()` of a scalar"
)]
pub trait InBrackets {
    type Index;
}

/// A tensor in brackets. No tensor may be there.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a tensor is not indexed by brackets: the rows at these indices are `x.index_select::<0, _>(&indices)`",
    label = "indices or a mask in brackets",
    note = "of a parameter `w.track()`, and inside `forward` `w.traced::<M>()`; an `Embedding` is a layer of such rows",
    note = "a mask does not select, because the number of results would depend on its elements: `x.masked_fill(&mask, 0.0)`, \
            `x.where_(&mask, y)`, `mask.count_nonzero()`"
)]
pub trait TensorInBrackets {
    type Output: ?Sized;
}

#[diagnostic::do_not_recommend]
impl<S, E, G> InBrackets for Tensor<S, E, G> {
    type Index = Self;
}
#[diagnostic::do_not_recommend]
impl<S, E, G> InBrackets for &Tensor<S, E, G> {
    type Index = Tensor<S, E, G>;
}

macro_rules! indexed_by_nothing {
    ([$($generics:tt)*] $container:ty) => {
        #[doc(hidden)]
        impl<$($generics)* I: InBrackets<Index: TensorInBrackets>> Index<I> for $container {
            type Output = <I::Index as TensorInBrackets>::Output;
            fn index(&self, _: I) -> &Self::Output {
                unreachable!("no index is in brackets")
            }
        }
    };
}
indexed_by_nothing!([S, E, G,] Tensor<S, E, G>);
indexed_by_nothing!([S, E,] Param<S, E>);
