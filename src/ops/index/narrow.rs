//! y = a part of x along one axis, and dL/dx = dL/dy at that part and 0 elsewhere. `select` takes one element of
//! the axis and leaves the axis out.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Pullback};
use crate::kernel::shape::concat::{cut, put};
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Const, Dim, Expr, Message, Shape, Span};
use crate::tensor::Tensor;

/// The backward pass of `narrow`, `select` and what is made of them.
pub struct NarrowBackward {
    row: usize,
    start: usize,
    width: usize,
}

impl<S: Shape, T: Shape, E: Element> Pullback<S, T, E> for NarrowBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(put(grad.as_slice(), S::NUMEL, self.row, self.start, self.width))
    }
}

/// The range of a `narrow`, compared with the axis when the program is built.
struct Range<S, const I: isize, const START: usize, const LEN: usize>(S);

impl<S: Axis<I>, const I: isize, const START: usize, const LEN: usize> Range<S, I, START, LEN> {
    const FITS: bool = START <= <S::Dim as Dim>::SIZE && LEN <= <S::Dim as Dim>::SIZE - START;
    const MESSAGE: Message = Message::new()
        .text("narrow is out of range: ")
        .number(LEN)
        .text(" elements from ")
        .number(START)
        .text(" on, but axis ")
        .signed(I)
        .text(" of the tensor has size ")
        .number(<S::Dim as Dim>::SIZE);
    const TEXT: &'static str = Self::MESSAGE.as_str();
}

/// The range of a `slice`, compared with the axis when the program is built.
struct Slice<S, const I: isize, const START: usize, const END: usize>(S);

impl<S: Axis<I>, const I: isize, const START: usize, const END: usize> Slice<S, I, START, END> {
    const FITS: bool = START <= END && END <= <S::Dim as Dim>::SIZE;
    const MESSAGE: Message = Message::new()
        .text("slice is out of range: from ")
        .number(START)
        .text(" to ")
        .number(END)
        .text(", but axis ")
        .signed(I)
        .text(" of the tensor has size ")
        .number(<S::Dim as Dim>::SIZE);
    const TEXT: &'static str = Self::MESSAGE.as_str();
}

/// The constant index of a `select_at`, compared with the axis when the program is built.
struct Index<S, const I: isize, const K: isize>(S);

impl<S: Axis<I>, const I: isize, const K: isize> Index<S, I, K> {
    const SIZE: usize = <S::Dim as Dim>::SIZE;
    const FITS: bool = if K < 0 { K.unsigned_abs() <= Self::SIZE } else { (K as usize) < Self::SIZE };
    const AT: usize = if K < 0 { Self::SIZE - K.unsigned_abs() } else { K as usize };
    const MESSAGE: Message = Message::new()
        .text("select_at is out of range: index ")
        .signed(K)
        .text(", but axis ")
        .signed(I)
        .text(" of the tensor has size ")
        .number(Self::SIZE);
    const TEXT: &'static str = Self::MESSAGE.as_str();
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// `LEN` elements along the axis `I`, from the index `START` on. PyTorch's `narrow(I, START, LEN)`, or a slice.
    ///
    /// In: `S`. Out: `S` with `LEN` at the axis `I`. That the axis is long enough is checked when the program is
    /// built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// assert_eq!(x.narrow::<1, 1, 2>(), Tensor::from([[2.0, 3.0], [5.0, 6.0]]));
    /// ```
    pub fn narrow<const I: isize, const START: usize, const LEN: usize>(
        self,
    ) -> Unary<S, E, C, F, S::With<Const<LEN>>, NarrowBackward>
    where
        S: Axis<I>,
    {
        const { assert!(Range::<S, I, START, LEN>::FITS, "{}", Range::<S, I, START, LEN>::TEXT) };
        self.part::<I, _>(START, LEN)
    }

    /// The elements along the axis `I` from the index `START` up to, and without, the index `END`. PyTorch's
    /// `x[START:END]` on that axis.
    ///
    /// In: `S`. Out: `S` with the computed dimension `Expr<Span<START, END>>` at the axis `I`, which
    /// [`with_shape`](Tensor::with_shape) writes as a literal. That the range lies inside the axis is checked when the
    /// program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// assert_eq!(x.slice::<-1, 1, 3>().with_shape(), Tensor::from([[2.0, 3.0], [5.0, 6.0]]));
    /// ```
    pub fn slice<const I: isize, const START: usize, const END: usize>(
        self,
    ) -> Unary<S, E, C, F, S::With<Expr<Span<START, END>>>, NarrowBackward>
    where
        S: Axis<I>,
    {
        const { assert!(Slice::<S, I, START, END>::FITS, "{}", Slice::<S, I, START, END>::TEXT) };
        self.part::<I, _>(START, END.saturating_sub(START))
    }

    /// `LEN` elements along the axis `I`, from an index that is known at run time. PyTorch's
    /// `narrow(I, start, LEN)`.
    ///
    /// In: `S`. Out: `S` with `LEN` at the axis `I`.
    ///
    /// # Panics
    /// If the axis is too short.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank1<6>>::arange();
    /// for start in [0, 3] {
    ///     assert_eq!(x.clone().narrow_from::<0, 3>(start).as_slice()[0], start as f32);
    /// }
    /// ```
    #[track_caller]
    pub fn narrow_from<const I: isize, const LEN: usize>(
        self,
        start: usize,
    ) -> Unary<S, E, C, F, S::With<Const<LEN>>, NarrowBackward>
    where
        S: Axis<I>,
    {
        let size = <S::Dim as Dim>::SIZE;
        assert!(
            start <= size && LEN <= size - start,
            "narrow is out of range: {LEN} elements from {start} on, but axis {I} of the tensor has size {size}"
        );
        self.part::<I, _>(start, LEN)
    }

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
    pub fn select_at<const I: isize, const K: isize>(self) -> Unary<S, E, C, F, S::Removed, NarrowBackward>
    where
        S: Axis<I>,
    {
        const { assert!(Index::<S, I, K>::FITS, "{}", Index::<S, I, K>::TEXT) };
        self.part::<I, _>(Index::<S, I, K>::AT, 1)
    }

    /// A part of the axis `I` that is known to be there, under the shape `T`.
    pub(crate) fn part<const I: isize, T: Shape>(
        self,
        start: usize,
        len: usize,
    ) -> Unary<S, E, C, F, T, NarrowBackward>
    where
        S: Axis<I>,
    {
        let inner = <S as Axis<I>>::INNER;
        let (row, start, width) = (<S::Dim as Dim>::SIZE * inner, start * inner, len * inner);
        let (x, flow) = self.into_parts();
        let flow = flow.then(|| NarrowBackward { row, start, width });
        let y = if row == width { x } else { cut(x.as_slice(), row, start, width) };
        Tensor::from_parts(y, flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn parts_along_each_axis_agree_with_indexing() {
        let x = Tensor::<Rank3<3, 4, 5>, i64>::from_fn(|i| i as i64);
        let array = x.to_array::<[[[i64; 5]; 4]; 3]>();
        let y = x.clone().narrow::<1, 1, 2>().to_array::<[[[i64; 5]; 2]; 3]>();
        let z = x.clone().narrow_from::<-1, 3>(2).to_array::<[[[i64; 3]; 4]; 3]>();
        for a in 0..3 {
            assert_eq!(x.clone().select::<0>(a).to_array::<[[i64; 5]; 4]>(), array[a]);
            assert_eq!(y[a], array[a][1..3]);
            for b in 0..4 {
                assert_eq!(z[a][b], array[a][b][2..5]);
                assert_eq!(x.clone().select::<1>(b).to_array::<[[i64; 5]; 3]>()[a], array[a][b]);
            }
            let last = x.clone().select_at::<2, -1>().to_array::<[[i64; 4]; 3]>();
            assert_eq!(last[a], array[a].map(|row| row[4]));
        }
    }

    #[test]
    fn a_part_may_be_empty_or_the_whole() {
        let x = Tensor::<Rank2<2, 3>>::ones();
        assert!(x.clone().narrow::<1, 3, 0>().to_vec().is_empty());
        assert_eq!(x.clone().narrow::<0, 0, 2>().data.as_ptr(), x.data.as_ptr());
    }

    #[test]
    #[should_panic(expected = "select is out of range: index 3, but axis -1 of the tensor has size 3")]
    fn an_index_out_of_range_is_named() {
        let _ = Tensor::<Rank2<2, 3>>::ones().select::<-1>(3);
    }

    #[test]
    #[should_panic(expected = "2 elements from 2 on, but axis 1 of the tensor has size 3")]
    fn a_range_out_of_range_is_named() {
        let _ = Tensor::<Rank2<2, 3>>::ones().narrow_from::<1, 2>(2);
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let x = Tensor::<Rank3<2, 4, 3>, f64>::randn(&mut Rng::seed(2));
        gradcheck(x.clone(), |x| x.narrow::<1, 1, 2>().powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.narrow::<-1, 0, 3>().powi(3).sum()).unwrap();
        gradcheck(x.clone(), |x| (x.clone().select::<0>(1) * x.select_at::<0, 0>().powi(2)).sum()).unwrap();
        gradcheck(x, |x| x.select::<2>(1).powi(2).sum()).unwrap();
    }

    #[test]
    fn a_slice_is_what_lies_between_its_ends_and_hands_its_gradient_back() {
        let x = Tensor::<Rank3<2, 4, 3>, f64>::randn(&mut Rng::seed(5));
        let part: Tensor<Rank3<2, 2, 3>, f64> = x.clone().slice::<1, 1, 3>().with_shape();
        for (i, got) in part.as_slice().iter().enumerate() {
            let (outer, row, inner) = (i / 6, i / 3 % 2, i % 3);
            assert_eq!(*got, x.as_slice()[outer * 12 + (row + 1) * 3 + inner]);
        }
        assert!(x.clone().slice::<0, 1, 1>().as_slice().is_empty());
        crate::gradcheck(x, |x| x.slice::<-2, 0, 3>().square().sum()).unwrap();
    }
}
