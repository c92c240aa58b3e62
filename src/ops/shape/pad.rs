//! y = x with more or fewer elements at the ends of its last axis, of its last two or its last three. New elements are a
//! constant, or copies of elements of x (see `reflect_pad` and `replicate_pad`); dL/dx = dL/dy inside, plus what flows
//! to the copies, and 0 where elements were taken away.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::shape::pad::{Edge, pad, pad_by_value, unpad};
use crate::ops::support::lawful::Lawful;
use crate::ops::support::results::Unary;
use crate::shape::{
    Axis, Law, Matrices, Pad2d, Pad3d, PadAmounts, Padded2dShape, Padded3dShape, PaddedShape, Shape, Volumes,
};
use crate::tensor::Tensor;

/// The backward pass of `pad` and its relatives: one axis after the other, the last one first.
pub struct PadBackward {
    /// None where the new elements are a constant.
    edge: Option<Edge>,
    steps: [Step; 3],
}

/// An axis, and how many elements its two ends get.
#[derive(Clone, Copy)]
struct Step {
    along: AxisLayout,
    amounts: [isize; 2],
}

impl Step {
    fn is_nothing(&self) -> bool {
        self.amounts == [0, 0]
    }
}

/// The steps for a shape of these sizes, with the amounts of the last axis first.
fn steps(sizes: &[usize], amounts: [[isize; 2]; 3]) -> [Step; 3] {
    let mut inner = 1;
    let mut before = sizes;
    amounts.map(|amounts| {
        let (size, outer) = before.split_last().map_or((1, before), |(size, outer)| (*size, outer));
        let along = AxisLayout { outer: outer.iter().product(), size, inner };
        before = outer;
        inner *= size.strict_add_signed(amounts[0] + amounts[1]);
        Step { along, amounts }
    })
}

impl<S: Shape, T: Shape, E: Element> Pullback<S, T, E> for PadBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let mut grad = grad.data;
        let Some(edge) = self.edge else {
            // Added elements are taken away, and those taken away are added as zeros.
            let sizes = self.steps.map(|Step { along, amounts: [l, r] }| along.size.strict_add_signed(l + r));
            let amounts = self.steps.map(|step| step.amounts.map(|amount| -amount));
            let outer = self.steps[2].along.outer;
            return Tensor::constant(pad_by_value(grad.as_slice(), outer, sizes, amounts, E::default()));
        };
        for step in self.steps.iter().rev().filter(|step| !step.is_nothing()) {
            grad = unpad(grad.as_slice(), step.along, step.amounts, edge);
        }
        Tensor::constant(grad)
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// `L` elements `value` in front of the last axis and `R` after it. PyTorch's `pad(x, (L, R), value=value)`.
    ///
    /// In: `[.., D]`. Out: `[.., L + D + R]`, an expression. Negative amounts take elements away; that there are as many
    /// is checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, 2.0]);
    /// assert_eq!(x.clone().pad::<1, 2>(0.0).with_shape(), Tensor::from([0.0, 1.0, 2.0, 0.0, 0.0]));
    /// assert_eq!(x.pad::<-1, 2>(0.0).with_shape(), Tensor::from([2.0, 0.0, 0.0]));
    /// ```
    // rustc shows the next line where an argument is too many.
    #[rustfmt::skip]
    pub fn pad<const L: isize, const R: isize>( // `x.pad::<1, 1>(0.0)`
        self,
        value: E,
    ) -> Unary<S, E, C, F, PaddedShape<S, L, R>, Lawful<PadBackward, PadAmounts<S, -1, L, R>>>
    where
        S: Axis<-1>,
    {
        let () = PadAmounts::<S, -1, L, R>::HOLDS;
        self.padded_by_value(value, [[L, R], [0, 0], [0, 0]])
    }

    /// `L` and `R` elements `value` at the ends of the last axis, `T` and `B` at those of the one before.
    /// PyTorch's `pad(x, (L, R, T, B), value=value)`.
    ///
    /// In: `[.., H, W]`. Out: `[.., T + H + B, L + W + R]`, expressions. Negative amounts take elements away.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0]]).pad2d::<1, 0, 0, 1>(9.0);
    /// assert_eq!(x.with_shape(), Tensor::from([[9.0, 1.0, 2.0], [9.0, 9.0, 9.0]]));
    /// ```
    #[rustfmt::skip]
    pub fn pad2d<const L: isize, const R: isize, const T: isize, const B: isize>( // `x.pad2d::<1, 1, 1, 1>(0.0)`
        self,
        value: E,
    ) -> Unary<
        S,
        E,
        C,
        F,
        Padded2dShape<S, L, R, T, B>,
        Lawful<PadBackward, (PadAmounts<S, -1, L, R>, PadAmounts<S, -2, T, B>)>,
    >
    where
        S: Matrices + Pad2d<L, R, T, B>,
    {
        let () = PadAmounts::<S, -1, L, R>::HOLDS;
        let () = PadAmounts::<S, -2, T, B>::HOLDS;
        self.padded_by_value(value, [[L, R], [T, B], [0, 0]])
    }

    /// `L` and `R` elements `value` at the ends of the last axis, `T` and `B` at those of the one before, `FRONT` and
    /// `BACK` at those of the third from the back. PyTorch's `pad(x, (L, R, T, B, FRONT, BACK), value=value)`.
    ///
    /// In: `[.., D, H, W]`. Out: `[.., FRONT + D + BACK, T + H + B, L + W + R]`, expressions. Negative amounts take
    /// elements away.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[1.0, 2.0]]]).pad3d::<-1, 0, 0, 1, 1, 0>(9.0);
    /// assert_eq!(x.with_shape(), Tensor::from([[[9.0], [9.0]], [[2.0], [9.0]]]));
    /// ```
    pub fn pad3d<
        const L: isize,
        const R: isize,
        const T: isize,
        const B: isize,
        const FRONT: isize,
        const BACK: isize,
    >(
        self,
        value: E,
    ) -> Unary<
        S,
        E,
        C,
        F,
        Padded3dShape<S, L, R, T, B, FRONT, BACK>,
        Lawful<
            PadBackward,
            (PadAmounts<S, -1, L, R>, (PadAmounts<S, -2, T, B>, PadAmounts<S, -3, FRONT, BACK>)),
        >,
    >
    where
        S: Volumes + Pad3d<L, R, T, B, FRONT, BACK>,
    {
        let () = PadAmounts::<S, -1, L, R>::HOLDS;
        let () = PadAmounts::<S, -2, T, B>::HOLDS;
        let () = PadAmounts::<S, -3, FRONT, BACK>::HOLDS;
        self.padded_by_value(value, [[L, R], [T, B], [FRONT, BACK]])
    }

    fn padded_by_value<U: Shape, L: Law>(
        self,
        value: E,
        amounts: [[isize; 2]; 3],
    ) -> Unary<S, E, C, F, U, Lawful<PadBackward, L>> {
        let (x, flow) = self.into_waiting();
        let steps = steps(S::SIZES, amounts);
        let sizes = steps.map(|step| step.along.size);
        let y = pad_by_value(x.as_slice(), steps[2].along.outer, sizes, amounts, value);
        let backward = || Lawful::new(PadBackward { edge: None, steps });
        Tensor::from_parts(y, Waiting::into_inner(flow).then(backward))
    }

    pub(in crate::ops) fn padded<U: Shape, L: Law>(
        self,
        edge: Edge,
        amounts: [[isize; 2]; 3],
    ) -> Unary<S, E, C, F, U, Lawful<PadBackward, L>> {
        let (mut x, flow) = self.into_waiting();
        let steps = steps(S::SIZES, amounts);
        for step in steps.iter().filter(|step| !step.is_nothing()) {
            x = pad(x.as_slice(), step.along, step.amounts, edge);
        }
        Tensor::from_parts(
            x,
            Waiting::into_inner(flow).then(|| Lawful::new(PadBackward { edge: Some(edge), steps })),
        )
    }
}

/// Writes the three methods of a padding whose new elements are those of x: along the last axis, the last two and the last three.
/// Each has a list of the requirements on its amounts, written there so that it is the place that rustc shows, and their type.
macro_rules! pad_by {
    (
        $edge:expr;
        $(#[$doc:meta])* fn $pad:ident() by [$($holds:expr),+], $law:ty;
        $(#[$doc2:meta])* fn $pad2d:ident() by [$($holds2:expr),+], $law2:ty;
        $(#[$doc3:meta])* fn $pad3d:ident() by [$($holds3:expr),+], $law3:ty;
    ) => {
        impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
        where
            S: Shape,
            E: Element,
            C: Context,
            F: Flow<S, E>,
        {
            $(#[$doc])*
            pub fn $pad<const L: isize, const R: isize>(
                self,
            ) -> Unary<S, E, C, F, PaddedShape<S, L, R>, Lawful<PadBackward, $law>>
            where
                S: Axis<-1>,
            {
                $(let () = $holds;)+
                self.padded($edge, [[L, R], [0, 0], [0, 0]])
            }

            $(#[$doc2])*
            pub fn $pad2d<const L: isize, const R: isize, const T: isize, const B: isize>(
                self,
            ) -> Unary<S, E, C, F, Padded2dShape<S, L, R, T, B>, Lawful<PadBackward, $law2>>
            where
                S: Matrices + Pad2d<L, R, T, B>,
            {
                $(let () = $holds2;)+
                self.padded($edge, [[L, R], [T, B], [0, 0]])
            }

            $(#[$doc3])*
            pub fn $pad3d<
                const L: isize,
                const R: isize,
                const T: isize,
                const B: isize,
                const FRONT: isize,
                const BACK: isize,
            >(
                self,
            ) -> Unary<S, E, C, F, Padded3dShape<S, L, R, T, B, FRONT, BACK>, Lawful<PadBackward, $law3>>
            where
                S: Volumes + Pad3d<L, R, T, B, FRONT, BACK>,
            {
                $(let () = $holds3;)+
                self.padded($edge, [[L, R], [T, B], [FRONT, BACK]])
            }
        }
    };
}
pub(super) use pad_by;
