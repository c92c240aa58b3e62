//! y = one element of an axis of x, which the result lacks, and dL/dx = dL/dy there and 0 elsewhere.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::ops::index::narrow::NarrowBackward;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Dim, Law, Message, Shape};
use crate::tensor::Tensor;
use std::fmt::Display;

/// The constant index of a `select_at`, compared with the axis when the program is built.
pub struct Index<D, const I: isize, const K: isize>(D);

impl<D: Dim, const I: isize, const K: isize> Index<D, I, K> {
    const AT: usize = if K < 0 { D::SIZE.saturating_sub(K.unsigned_abs()) } else { K as usize };
}

impl<D: Dim, const I: isize, const K: isize> Law for Index<D, I, K> {
    const WRONG: Option<Message> =
        if (K < 0 && K.unsigned_abs() <= D::SIZE) || (K >= 0 && (K as usize) < D::SIZE) {
            None
        } else {
            let message = Message::new()
                .text("select_at is out of range: index ")
                .signed(K)
                .text(", but axis ")
                .signed(I)
                .text(" of the tensor has size ")
                .number(D::SIZE);
            Some(message)
        };
}

/// A number as an index of an axis: a negative one counts from the end.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an index of an axis",
    label = "not an integer",
    note = "an index is one integer; `x.index_select::<0, _>(&indices)` takes a tensor of them, `x.slice::<0, 2, 5>()` a range"
)]
pub trait AxisIndex: Copy + Display {
    /// The position in an axis of this size. Nothing if there is none.
    fn position(self, size: usize) -> Option<usize>;
}

macro_rules! impl_axis_index {
    ($($t:ty)*) => { $(
        #[diagnostic::do_not_recommend]
        impl AxisIndex for $t {
            fn position(self, size: usize) -> Option<usize> {
                let (index, size) = (i128::from(self as i64), size as i128);
                let index = if index < 0 { index + size } else { index };
                (0..size).contains(&index).then_some(index as usize)
            }
        }
    )* };
}
impl_axis_index!(i32 i64 isize);

#[diagnostic::do_not_recommend]
impl AxisIndex for usize {
    fn position(self, size: usize) -> Option<usize> {
        (self < size).then_some(self)
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The elements at `index` of the axis `I`, where `-1` is the last. PyTorch's `select(I, index)`, or `x[index]` for the axis 0.
    ///
    /// In: `S`. Out: `S` without the axis `I`. The index is an `usize`, `isize`, `i32` or `i64`.
    ///
    /// # Panics
    /// If the axis has no such index.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// assert_eq!(x.clone().select::<-1>(2), Tensor::from([3.0, 6.0]));
    /// assert_eq!(x.select::<0>(-1), Tensor::from([4.0, 5.0, 6.0]));
    /// ```
    // rustc shows the next line where an argument is too many.
    #[rustfmt::skip]
    #[track_caller]
    pub fn select<const I: isize>( // `x.select::<0>(1)`
        self,
        index: impl AxisIndex,
    ) -> Unary<S, E, C, F, S::RemovedAxis, NarrowBackward>
    where
        S: Axis<I>,
    {
        let size = <S::Dim as Dim>::SIZE;
        let Some(position) = index.position(size) else {
            panic!("select is out of range: index {index}, but axis {I} of the tensor has size {size}");
        };
        self.part::<I, _>(position, 1)
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
    #[rustfmt::skip]
    pub fn select_at<const I: isize, const K: isize>( // `x.select_at::<0, -1>()`
        self,
    ) -> Unary<S, E, C, F, S::Removed, NarrowBackward<Index<S::AxisDim, I, K>>>
    where
        S: Axis<I>,
    {
        let () = Index::<S::Dim, I, K>::HOLDS;
        self.part_by_law::<I, _, _>(Index::<S::Dim, I, K>::AT, 1)
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
    #[should_panic(expected = "select is out of range: index -4, but axis -1 of the tensor has size 3")]
    fn a_negative_index_out_of_range_is_named() {
        let _ = Tensor::<Rank2<2, 3>>::ones().select::<-1>(-4);
    }

    /// Expected positions: PyTorch's, by `torch.arange(5)[index]`.
    #[test]
    fn negative_indices_count_from_the_end() {
        let x = Tensor::<Rank1<5>, i64>::arange();
        for (index, want) in [(0, 0), (4, 4), (-1, 4), (-2, 3), (-5, 0)] {
            assert_eq!(x.clone().select::<0>(index).item(), want);
            assert_eq!(x.clone().select::<0>(i64::from(index)).item(), want);
            assert_eq!(x.clone().select::<0>(index as isize).item(), want);
        }
        use super::AxisIndex;
        assert_eq!(
            (i64::MIN.position(5), i64::MAX.position(5), usize::MAX.position(5), 0_usize.position(0)),
            (None, None, None, None)
        );
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let x = Tensor::<Rank3<2, 4, 3>, f64>::randn(&mut Rng::seed(2));
        gradcheck(x.clone(), |x| (x.clone().select::<0>(1) * x.select_at::<0, 0>().powi(2)).sum()).unwrap();
        gradcheck(x, |x| x.select::<2>(1).powi(2).sum()).unwrap();
    }
}
