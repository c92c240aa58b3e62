//! y = a part of x along one axis, and dL/dx = dL/dy at that part and 0 elsewhere.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::shape::concat::{narrow, narrow_backward};
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Broken, Const, Dim, Law, Message, Shape};
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// The backward pass of `narrow`, `select` and the operations built from them, whose sizes obey the law `L`.
pub struct NarrowBackward<L = ()> {
    row: usize,
    start: usize,
    width: usize,
    law: PhantomData<fn() -> L>,
}

impl<S: Shape, T: Shape, E: Element, L: Law> Pullback<S, T, E> for NarrowBackward<L> {
    const BROKEN: Broken = L::BROKEN;
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(narrow_backward(grad.as_slice(), S::NUMEL, self.row, self.start, self.width))
    }
}

/// The range of a `narrow`, compared with the dimension `D` of the axis `I` when the program is built.
pub struct Range<D, const I: isize, const START: usize, const LEN: usize>(D);

impl<D: Dim, const I: isize, const START: usize, const LEN: usize> Law for Range<D, I, START, LEN> {
    const WRONG: Option<Message> = if START <= D::SIZE && LEN <= D::SIZE - START {
        None
    } else {
        let message = Message::new()
            .text("narrow is out of range: ")
            .number(LEN)
            .text(" elements from ")
            .number(START)
            .text(" on, but axis ")
            .signed(I)
            .text(" of the tensor has size ")
            .number(D::SIZE);
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
    #[rustfmt::skip]
    pub fn narrow<const I: isize, const START: usize, const LEN: usize>( // `x.narrow::<0, 1, 2>()`
        self,
    ) -> Unary<S, E, C, F, S::With<Const<LEN>>, NarrowBackward<Range<S::AxisDim, I, START, LEN>>>
    where
        S: Axis<I>,
    {
        let () = Range::<S::Dim, I, START, LEN>::HOLDS;
        self.part_by_law::<I, _, _>(START, LEN)
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

    /// A part of the axis `I` that is known to be there, under the shape `T`.
    pub(crate) fn part<const I: isize, T: Shape>(
        self,
        start: usize,
        len: usize,
    ) -> Unary<S, E, C, F, T, NarrowBackward>
    where
        S: Axis<I>,
    {
        self.part_by_law(start, len)
    }

    /// The same, where the law `L` says that it is there.
    pub(in crate::ops) fn part_by_law<const I: isize, T: Shape, L: Law>(
        self,
        start: usize,
        len: usize,
    ) -> Unary<S, E, C, F, T, NarrowBackward<L>>
    where
        S: Axis<I>,
    {
        let inner = <S as Axis<I>>::INNER;
        let (row, start, width) = (<S::Dim as Dim>::SIZE * inner, start * inner, len * inner);
        let (x, flow) = self.into_parts();
        let flow = Waiting::new(flow.then(|| NarrowBackward { row, start, width, law: PhantomData }));
        let y = if row == width { x } else { narrow(x.as_slice(), row, start, width) };
        Tensor::from_waiting(y, flow)
    }
}
