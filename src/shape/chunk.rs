//! The dimension of a part of an axis.

use super::{Dim, DimExpr};
use std::marker::PhantomData;

/// One of `N` equal parts of a dimension, as in `chunk`.
#[derive(Debug)]
pub struct Part<D, const N: usize>(PhantomData<fn() -> D>);

impl<D: Dim, const N: usize> DimExpr for Part<D, N> {
    const SIZE: usize = match D::SIZE.checked_div(N) {
        Some(size) => size,
        None => 0,
    };
}
