//! y\[.., c] = 1 if x\[..] = c, else 0. Integers have no gradient.

use crate::graph::Graph;
use crate::kernel::index::check::{Of, check};
use crate::kernel::index::one_hot::one_hot;
use crate::shape::{Const, InsertAxis};
use crate::tensor::Tensor;

impl<S, C, F> Tensor<S, i64, Graph<C, F>> {
    /// A 1 at the position that each element names, among `N` classes. PyTorch's
    /// `torch.nn.functional.one_hot(x, N)`.
    ///
    /// In: integers of shape `S`, with up to five axes. Out: integers, `S` with `N` appended.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let labels = Tensor::from([2, 0]);
    /// assert_eq!(labels.one_hot::<3>(), Tensor::from([[0, 0, 1], [1, 0, 0]]));
    /// ```
    ///
    /// # Panics
    /// If an element is negative, or not below `N`.
    #[track_caller]
    #[rustfmt::skip]
    pub fn one_hot<const N: usize>(&self) -> Tensor<S::Inserted<Const<N>>, i64> // `labels.one_hot::<10>()`
    where
        S: InsertAxis<-1>,
    {
        let classes = self.data.as_slice();
        check("one_hot", Of::Classes, N, classes, S::SIZES);
        Tensor::constant(one_hot(classes, N))
    }
}
