//! y = the elements of x along an axis in order, and dL/dx = dL/dy brought back to where they came from.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::index::sort::{Order, argsort};
use crate::ops::index::gather::GatherBackward;
use crate::ops::support::results::{ShapeOf, WithPositions};
use crate::shape::{Axis, Shape};
use crate::tensor::Tensor;

/// The elements of a tensor `X` in another order, and the positions that they had: what [`sort`](Tensor::sort) returns.
pub type Sorted<X> = WithPositions<X, ShapeOf<X>, GatherBackward>;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The elements along the axis `I` from the smallest to the largest, and the positions that they had. PyTorch's
    /// `sort(dim=I, stable=True)`.
    ///
    /// In: `S`. Out: two tensors of shape `S`; the positions are a constant. Equal elements keep their order. NaN
    /// comes last.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (sorted, positions) = Tensor::from([3.0, 1.0, 2.0]).sort::<0>();
    /// assert_eq!(sorted, Tensor::from([1.0, 2.0, 3.0]));
    /// assert_eq!(positions, Tensor::from([1, 2, 0]));
    /// ```
    #[rustfmt::skip]
    pub fn sort<const I: isize>(self) -> Sorted<Self> // `x.sort::<-1>()`
    where
        S: Axis<I>,
    {
        self.sort_along(AxisLayout::of::<S, I>(), Order::Ascending)
    }

    /// The elements along the axis `I` from the largest to the smallest, and the positions that they had. PyTorch's
    /// `sort(dim=I, descending=True, stable=True)`.
    ///
    /// In: `S`. Out: two tensors of shape `S`; the positions are a constant. Equal elements keep their order. NaN
    /// comes first.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (sorted, positions) = Tensor::from([3.0, 1.0, 2.0]).sort_descending::<0>();
    /// assert_eq!(sorted, Tensor::from([3.0, 2.0, 1.0]));
    /// assert_eq!(positions, Tensor::from([0, 2, 1]));
    /// ```
    #[rustfmt::skip]
    pub fn sort_descending<const I: isize>(self) -> Sorted<Self> // `x.sort_descending::<-1>()`
    where
        S: Axis<I>,
    {
        self.sort_along(AxisLayout::of::<S, I>(), Order::Descending)
    }

    fn sort_along(self, along: AxisLayout, order: Order) -> Sorted<Self> {
        let positions = argsort(self.data.as_slice(), along, order);
        (self.gather_along(along, positions.clone()), Tensor::constant(positions))
    }

    /// The positions that [`sort`](Self::sort) gives. PyTorch's `argsort(dim=I, stable=True)`.
    ///
    /// In: `S`. Out: positions of shape `S`, with which [`take_along`](Self::take_along) sorts.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([3.0, 1.0, 2.0]).argsort::<0>(), Tensor::from([1, 2, 0]));
    /// ```
    #[rustfmt::skip]
    pub fn argsort<const I: isize>(&self) -> Tensor<S, i64> // `x.argsort::<-1>()`
    where
        S: Axis<I>,
    {
        Tensor::constant(argsort(self.data.as_slice(), AxisLayout::of::<S, I>(), Order::Ascending))
    }

    /// The positions that [`sort_descending`](Self::sort_descending) gives. PyTorch's
    /// `argsort(dim=I, descending=True, stable=True)`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([3.0, 1.0, 2.0]).argsort_descending::<0>(), Tensor::from([0, 2, 1]));
    /// ```
    #[rustfmt::skip]
    pub fn argsort_descending<const I: isize>(&self) -> Tensor<S, i64> // `x.argsort_descending::<-1>()`
    where
        S: Axis<I>,
    {
        Tensor::constant(argsort(self.data.as_slice(), AxisLayout::of::<S, I>(), Order::Descending))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;
    use proptest::array::uniform6;
    use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};

    #[test]
    fn the_gradient_goes_back_to_where_the_elements_came_from() {
        let x = Param::new(Tensor::from([[3.0, 1.0, 2.0], [4.0, 6.0, 5.0]]));
        let (y, positions) = x.track().sort::<-1>();
        assert_eq!(positions, Tensor::from([[1, 2, 0], [0, 2, 1]]));
        (y * Tensor::from([[1.0, 10.0, 100.0]; 2])).sum().backward();
        // torch: the gradient of (x.sort(-1).values * w).sum()
        assert_eq!(x.grad().unwrap(), Tensor::from([[100.0, 1.0, 10.0], [1.0, 100.0, 10.0]]));
    }

    #[test]
    fn columns_masks_and_integers_are_sorted() {
        let x = Tensor::from([[3, 0], [1, 2], [2, 1]]);
        assert_eq!(x.clone().sort::<0>().0, Tensor::from([[1, 0], [2, 1], [3, 2]]));
        assert_eq!(x.sort_descending::<-2>().1, Tensor::from([[0, 1], [2, 2], [1, 0]]));
        assert_eq!(Tensor::from([true, false, true]).argsort::<0>(), Tensor::from([1, 0, 2]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn the_gradient_agrees_with_differences(seed: u64) {
            // Far enough apart that no difference changes the order.
            let mut x: [f64; 12] = std::array::from_fn(|i| i as f64 / 4.0);
            Rng::seed(seed).shuffle(&mut x);
            let x = Tensor::<Rank3<2, 3, 2>, f64>::from_fn(|i| x[i]);
            let w = Tensor::<Rank3<2, 3, 2>, f64>::randn(&mut Rng::seed(seed));
            gradcheck(x.clone(), |x| (x.sort::<1>().0 * &w).sum()).unwrap();
            gradcheck(x, |x| (x.sort_descending::<-1>().0 * &w).sum()).unwrap();
        }

        #[test]
        fn the_result_is_in_order_and_a_permutation(x in uniform6(-3..3_i64)) {
            let (y, positions) = Tensor::from(x).sort::<0>();
            let (y, positions) = (y.to_vec(), positions.to_vec());
            for k in 0..6 {
                prop_assert_eq!(y[k], x[positions[k] as usize]);
            }
            for k in 1..6 {
                prop_assert!(y[k - 1] < y[k] || (y[k - 1] == y[k] && positions[k - 1] < positions[k]));
            }
        }
    }
}
