//! `x[0]`: a tensor is not indexed by brackets, and says so.

use crate::tensor::Tensor;
use crate::tensor::param::Param;
use std::marker::PhantomData;
use std::ops::Index;

/// A value in brackets. No type is one.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a tensor is not indexed by brackets: the axis is part of the name, so that the shape of the result is known",
    label = "an index in brackets",
    note = "`x[i]` is `x.select::<0>(i)`, `x[-1]` is `x.select_at::<0, -1>()`, `x[:, -1]` is `x.select_at::<1, -1>()`",
    note = "`x[2:5]` is `x.slice::<0, 2, 5>()`; `x[[0, 2]]` is `x.index_select::<0, _>(&Tensor::from([0, 2]))`",
    note = "one number is `x.as_slice()[i]`, or `x.select::<0>(i).select::<0>(j).item()`",
    note = "elements are not assigned: `x.masked_fill(&mask, 0.0)`, `x.where_(&mask, y)`, or `let mut v = x.to_vec();` and \
            `Tensor::<Rank2<2, 3>>::try_from(v)?`"
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

/// A tensor that is an index. A bound of the tensor itself would be one of the indexed type in `x[&x]`, and rustc would not report it.
#[doc(hidden)]
#[derive(Debug)]
pub struct Indices<S, E>(PhantomData<(S, E)>);

#[diagnostic::do_not_recommend]
impl<S, E, G> InBrackets for Tensor<S, E, G> {
    type Index = Indices<S, E>;
}
#[diagnostic::do_not_recommend]
impl<S, E, G> InBrackets for &Tensor<S, E, G> {
    type Index = Indices<S, E>;
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
