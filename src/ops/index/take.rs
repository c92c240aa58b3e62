//! y = the elements of x that indices of any shape point to, where x is read as a vector; dL/dx is the sum of dL/dy over
//! the elements that were taken from a position.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::index::check::{Of, from_the_front};
use crate::ops::index::gather::GatherBackward;
use crate::ops::support::results::Unary;
use crate::shape::Shape;
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// Takes the elements that `indices` points to in row-major order; -1 is the last one. PyTorch's `take`.
    ///
    /// In: any shape, and indices of shape `T`. Out: `T`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.take(&Tensor::from([2, -1])), Tensor::from([3.0, 4.0]));
    /// ```
    ///
    /// # Panics
    /// If an index is not in `-n..n`, where n is the number of elements.
    #[track_caller]
    pub fn take<T: Shape>(
        self,
        indices: &Tensor<T, i64, impl Sized>,
    ) -> Unary<S, E, C, F, T, GatherBackward> {
        let indices = from_the_front("take", Of::Elements, S::NUMEL, &indices.data, T::SIZES);
        self.gather_along(AxisLayout { outer: 1, size: S::NUMEL, inner: 1 }, indices)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;
    use proptest::array::uniform4;
    use proptest::prelude::{ProptestConfig, proptest};

    #[test]
    fn take_reads_the_tensor_as_one_row_and_counts_from_both_ends() {
        let x = Tensor::<Rank1<6>, i64>::arange().reshape::<Rank2<2, 3>>();
        let y = x.take(&Tensor::from([[0, -1], [4, -6]]));
        assert_eq!(y, Tensor::from([[0, 5], [4, 0]]));
    }

    #[test]
    #[should_panic(expected = "take: index 4 at position [0] is out of range for a tensor of 4 elements")]
    fn take_counts_all_elements() {
        let _ = Tensor::<Rank2<2, 2>>::ones().take(&Tensor::from([4]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn the_gradient_agrees_with_differences(seed: u64, i in uniform4(-2..2_i64)) {
            let x = Tensor::<Rank3<2, 2, 2>, f64>::randn(&mut Rng::seed(seed));
            gradcheck(x, |x| x.take(&Tensor::from(i)).powi(2).sum()).unwrap();
        }
    }
}
