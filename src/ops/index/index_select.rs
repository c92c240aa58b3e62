//! y = the rows iₖ of x along one axis, and dL/dx = Σₖ dL/dyₖ, added at the row iₖ.
//! The axis is replaced by the one of the indices.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::index::check::{Of, check};
use crate::kernel::index::select::select_back;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Const, Rank1, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `index_select` and `lookup`.
pub struct IndexSelectBackward {
    along: AxisLayout,
    indices: Storage<i64>,
}

impl<S: Shape, T: Shape, E: Element> Pullback<S, T, E> for IndexSelectBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(select_back(grad.as_slice(), self.along, self.indices.as_slice()))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The rows along the axis `I` that `indices` names, in their order. PyTorch's `index_select(I, indices)`.
    ///
    /// In: `S`, and indices `[N]`, which may repeat. Out: `S` with `N` at the axis `I`. `N` is inferred: write
    /// `_`. For a batch of training data, give the images and their labels the same indices.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
    /// let rows = Tensor::from([2, 0]);
    /// assert_eq!(x.index_select::<0, _>(&rows), Tensor::from([[5.0, 6.0], [1.0, 2.0]]));
    /// ```
    ///
    /// # Panics
    /// If an index is negative, or not below the size of the axis.
    #[track_caller]
    #[rustfmt::skip]
    pub fn index_select<const I: isize, const N: usize>( // `x.index_select::<0, _>(&rows)`
        self,
        indices: &Tensor<Rank1<N>, i64, impl Sized>,
    ) -> Unary<S, E, C, F, S::With<Const<N>>, IndexSelectBackward>
    where
        S: Axis<I>,
    {
        let along = AxisLayout::of::<S, I>();
        check("index_select", Of::Axis(I), along.size, indices.data.as_slice(), &[N]);
        self.select_rows(along, &indices.data)
    }

    pub(in crate::ops) fn select_rows<T: Shape>(
        self,
        along: AxisLayout,
        indices: &Storage<i64>,
    ) -> Unary<S, E, C, F, T, IndexSelectBackward> {
        let (x, flow) = self.into_parts();
        let flow = Waiting::new(flow.then(|| IndexSelectBackward { along, indices: indices.clone() }));
        Tensor::from_waiting(E::rows_at(x.as_slice(), along, indices.as_slice()), flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;
    use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};

    #[test]
    fn a_row_that_is_taken_twice_gets_both_gradients() {
        let x = Param::new(Tensor::from([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]));
        let y = x.track().index_select::<0, _>(&Tensor::from([2, 0, 2]));
        assert_eq!(y, Tensor::from([[5.0, 6.0], [1.0, 2.0], [5.0, 6.0]]));
        (y * Tensor::from([[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]])).sum().backward();
        // torch: x.index_select(0, i) times the same weights, .sum().backward(); x.grad
        assert_eq!(x.grad().unwrap(), Tensor::from([[10.0, 20.0], [0.0, 0.0], [101.0, 202.0]]));
    }

    #[test]
    fn labels_are_taken_with_the_same_indices_as_images() {
        let labels = Tensor::from([7, 8, 9]);
        assert_eq!(labels.index_select::<0, _>(&Tensor::from([1, 1, 0, 2])), Tensor::from([8, 8, 7, 9]));
        let masks = Tensor::from([[true, false]]);
        assert_eq!(masks.index_select::<-1, _>(&Tensor::from([1])), Tensor::from([[false]]));
    }

    #[test]
    #[should_panic(
        expected = "index_select: index 3 at position [1] is out of range for axis -1, which has size 3"
    )]
    fn an_index_after_the_end_is_named() {
        let _ = Tensor::<Rank2<2, 3>>::ones().index_select::<-1, _>(&Tensor::from([0, 3]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn the_gradient_agrees_with_differences(seed: u64, i in proptest::array::uniform5(0..3_i64)) {
            let x = Tensor::<Rank3<3, 3, 3>, f64>::randn(&mut Rng::seed(seed));
            let i = Tensor::from(i);
            gradcheck(x.clone(), |x| x.index_select::<0, _>(&i).powi(2).sum()).unwrap();
            gradcheck(x.clone(), |x| x.index_select::<1, _>(&i).powi(2).sum()).unwrap();
            gradcheck(x, |x| x.index_select::<-1, _>(&i).powi(2).sum()).unwrap();
        }

        #[test]
        fn rows_agree_with_a_loop(i in proptest::array::uniform5(0..3_i64)) {
            let x = Tensor::<Rank1<24>, i64>::arange().reshape::<Rank3<2, 3, 4>>();
            let y = x.clone().index_select::<1, _>(&Tensor::from(i)).to_array::<[[[i64; 4]; 5]; 2]>();
            let x = x.to_array::<[[[i64; 4]; 3]; 2]>();
            for o in 0..2 {
                for k in 0..5 {
                    prop_assert_eq!(y[o][k], x[o][i[k] as usize]);
                }
            }
        }
    }
}
