//! y = the elements of x between two indices of one axis, and dL/dx = dL/dy at that part and 0 elsewhere.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::ops::index::narrow::NarrowBackward;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Dim, Expr, Law, Message, Shape, Span};
use crate::tensor::Tensor;

/// The range of a `slice`, compared with the axis when the program is built.
pub struct Slice<D, const I: isize, const START: usize, const END: usize>(D);

impl<D: Dim, const I: isize, const START: usize, const END: usize> Law for Slice<D, I, START, END> {
    const WRONG: Option<Message> = if START <= END && END <= D::SIZE {
        None
    } else {
        let message = Message::new()
            .text("slice is out of range: from ")
            .number(START)
            .text(" to ")
            .number(END)
            .text(", but axis ")
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
    #[rustfmt::skip]
    pub fn slice<const I: isize, const START: usize, const END: usize>( // `x.slice::<0, 1, 3>()`
        self,
    ) -> Unary<S, E, C, F, S::With<Expr<Span<START, END>>>, NarrowBackward<Slice<S::AxisDim, I, START, END>>>
    where
        S: Axis<I>,
    {
        let () = Slice::<S::Dim, I, START, END>::HOLDS;
        self.part_by_law::<I, _, _>(START, END.saturating_sub(START))
    }
}
