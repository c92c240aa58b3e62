//! y = one element of an axis of x, which the result lacks, and dL/dx = dL/dy there and 0 elsewhere.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::ops::index::narrow::NarrowBackward;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Dim, Law, Message, Shape};
use crate::tensor::Tensor;

/// The constant index of a `select_at`, compared with the axis when the program is built.
pub struct Index<S, const I: isize, const K: isize>(S);

impl<S: Axis<I>, const I: isize, const K: isize> Index<S, I, K> {
    const SIZE: usize = <S::Dim as Dim>::SIZE;
    const AT: usize = if K < 0 { Self::SIZE.saturating_sub(K.unsigned_abs()) } else { K as usize };
}

impl<S: Axis<I>, const I: isize, const K: isize> Law for Index<S, I, K> {
    const WRONG: Option<Message> =
        if (K < 0 && K.unsigned_abs() <= Self::SIZE) || (K >= 0 && (K as usize) < Self::SIZE) {
            None
        } else {
            let message = Message::new()
                .text("select_at is out of range: index ")
                .signed(K)
                .text(", but axis ")
                .signed(I)
                .text(" of the tensor has size ")
                .number(Self::SIZE);
            Some(message)
        };
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The elements at `index` of the axis `I`. PyTorch's `select(I, index)`, or `x[index]` for the axis 0.
    ///
    /// In: `S`. Out: `S` without the axis `I`.
    ///
    /// # Panics
    /// If the axis has no such index.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// assert_eq!(x.select::<-1>(2), Tensor::from([3.0, 6.0]));
    /// ```
    #[track_caller]
    pub fn select<const I: isize>(self, index: usize) -> Unary<S, E, C, F, S::Removed, NarrowBackward>
    where
        S: Axis<I>,
    {
        let size = <S::Dim as Dim>::SIZE;
        assert!(
            index < size,
            "select is out of range: index {index}, but axis {I} of the tensor has size {size}"
        );
        self.part::<I, _>(index, 1)
    }

    /// The elements at the index `K` of the axis `I`, where `-1` is the last. PyTorch's `select(I, K)`.
    ///
    /// In: `S`. Out: `S` without the axis `I`. That the axis has such an index is checked when the program is
    /// built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// assert_eq!(x.select_at::<0, -1>(), Tensor::from([4.0, 5.0, 6.0]));
    /// ```
    pub fn select_at<const I: isize, const K: isize>(
        self,
    ) -> Unary<S, E, C, F, S::Removed, NarrowBackward<Index<S, I, K>>>
    where
        S: Axis<I>,
    {
        let () = Index::<S, I, K>::HOLDS;
        self.part_by_law::<I, _, _>(Index::<S, I, K>::AT, 1)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn elements_of_each_axis_agree_with_indexing() {
        let x = Tensor::<Rank3<3, 4, 5>, i64>::from_fn(|i| i as i64);
        let array = x.to_array::<[[[i64; 5]; 4]; 3]>();
        for a in 0..3 {
            assert_eq!(x.clone().select::<0>(a).to_array::<[[i64; 5]; 4]>(), array[a]);
            for (b, want) in array[a].iter().enumerate() {
                assert_eq!(x.clone().select::<1>(b).to_array::<[[i64; 5]; 3]>()[a], *want);
            }
            let last = x.clone().select_at::<2, -1>().to_array::<[[i64; 4]; 3]>();
            assert_eq!(last[a], array[a].map(|row| row[4]));
        }
    }

    #[test]
    #[should_panic(expected = "select is out of range: index 3, but axis -1 of the tensor has size 3")]
    fn an_index_out_of_range_is_named() {
        let _ = Tensor::<Rank2<2, 3>>::ones().select::<-1>(3);
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let x = Tensor::<Rank3<2, 4, 3>, f64>::randn(&mut Rng::seed(2));
        gradcheck(x.clone(), |x| (x.clone().select::<0>(1) * x.select_at::<0, 0>().powi(2)).sum()).unwrap();
        gradcheck(x, |x| x.select::<2>(1).powi(2).sum()).unwrap();
    }
}
