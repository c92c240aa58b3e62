//! `x[0]`: a tensor is not indexed by brackets, and says so.

use crate::tensor::Tensor;
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
    type Output: ?Sized;
}

#[doc(hidden)]
impl<S, E, G, I: InBrackets> Index<I> for Tensor<S, E, G> {
    type Output = I::Output;
    fn index(&self, _: I) -> &I::Output {
        unreachable!("no index is in brackets")
    }
}
