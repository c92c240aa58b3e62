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

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[test]
    fn one_hot_appends_an_axis_to_each_rank() {
        assert_eq!(Tensor::from(1).one_hot::<3>(), Tensor::from([0, 1, 0]));
        let y: Tensor<Rank6<1, 1, 1, 1, 2, 2>, i64> = Tensor::from([[[[[0, 1]]]]]).one_hot::<2>();
        assert_eq!(y.to_vec(), [1, 0, 0, 1]);
        assert!(Tensor::<Rank1<0>, i64>::zeros().one_hot::<3>().to_vec().is_empty());
    }

    #[test]
    #[should_panic(expected = "one_hot: class 3 at position [1] is out of range: there are 3 classes, 0..3")]
    fn a_class_that_does_not_exist_is_named() {
        let _ = Tensor::from([0, 3]).one_hot::<3>();
    }

    #[test]
    #[should_panic(expected = "one_hot: class -1 at position [1] is out of range: there are 3 classes, 0..3")]
    fn a_negative_class_is_named() {
        let _ = Tensor::from([0, -1]).one_hot::<3>();
    }
}
