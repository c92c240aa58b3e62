//! How many elements are in each of equally wide bins. There is no gradient, so this takes a reference: the tensor can still
//! be used.

use crate::element::Float;
use crate::graph::Graph;
use crate::kernel::reduce::histc::extent;
use crate::shape::{Law, Rank1, Shape, number_law};
use crate::tensor::Tensor;

number_law!(Bins: |n| n > 0, "histc needs at least one bin");

impl<S: Shape, E: Float, C, F> Tensor<S, E, Graph<C, F>> {
    /// How many elements are in each of `BINS` equally wide bins from `min` to `max`. PyTorch's `histc(bins, min, max)`.
    ///
    /// In: any shape. Out: `[BINS]`, numbers of the type of the elements. The last bin has its upper end, too; what is
    /// outside, and NaN, is not counted. Where `min` and `max` are equal, the smallest and the largest element take their
    /// position.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([0.5, 1.5, 1.75, 4.0, 9.0]);
    /// assert_eq!(x.histc::<4>(0.0, 4.0), Tensor::from([1.0, 2.0, 0.0, 1.0]));
    /// ```
    ///
    /// # Panics
    /// If `max` is less than `min`, or one of them is not finite; also where the elements are the ends.
    #[rustfmt::skip]
    #[track_caller]
    pub fn histc<const BINS: usize>(&self, min: E, max: E) -> Tensor<Rank1<BINS>, E> { // `x.histc::<10>(0.0, 1.0)`
        let () = Bins::<BINS>::HOLDS;
        let x = self.as_slice();
        let (mut low, mut high) = (min, max);
        if low == high && !x.is_empty() {
            [low, high] = extent(x);
        }
        if low == high {
            (low, high) = (low - E::one(), high + E::one());
        }
        let finite = low.is_finite() && high.is_finite();
        assert!(
            finite && low <= high,
            "histc: the range must be finite, from min to max, but it is {low} to {high}"
        );
        Tensor::constant(E::histogram_of(x, [low, high], BINS))
    }
}
