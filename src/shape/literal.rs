//! Dimensions that are literals.

use super::{Const, Dim};
use std::array::from_fn;

/// A dimension that is a literal, so that an array has its length: `[T; N]` for `Const<N>`.
#[diagnostic::on_unimplemented(
    message = "unbind gives an array, whose length must be a literal, but the size of this axis is computed",
    label = "this axis has the size `{Self}`",
    note = "write the shape with literals first: `x.with_shape::<Rank2<2, 5>>()`"
)]
pub trait Literal: Dim {
    /// The array of that length.
    type Array<T>;
    #[doc(hidden)]
    fn array<T>(f: impl FnMut(usize) -> T) -> Self::Array<T>;
}

impl<const N: usize> Literal for Const<N> {
    type Array<T> = [T; N];
    fn array<T>(f: impl FnMut(usize) -> T) -> [T; N] {
        from_fn(f)
    }
}
