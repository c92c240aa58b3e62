//! The dimension of a padded axis.

use super::{Dim, DimExpr};
use std::marker::PhantomData;

/// A dimension with `L` more in front and `R` more behind, as in `pad`.
#[derive(Debug)]
pub struct Padded<D, const L: usize, const R: usize>(PhantomData<fn() -> D>);

impl<D: Dim, const L: usize, const R: usize> DimExpr for Padded<D, L, R> {
    const SIZE: usize = L + D::SIZE + R;
}
