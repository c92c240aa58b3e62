//! y = x with more or fewer elements at the ends of its last axis, of its last two or its last three. New elements are a
//! constant, or copies of elements of x (see `reflect_pad` and `replicate_pad`); dL/dx = dL/dy inside, plus what flows
//! to the copies, and 0 where elements were taken away.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::shape::pad::{Edge, pad, unpad};
use crate::ops::support::lawful::Lawful;
use crate::ops::support::results::Unary;
use crate::shape::{
    Axis, Law, Matrices, Pad2d, Pad3d, PadAmounts, Padded2dShape, Padded3dShape, PaddedShape, Shape, Volumes,
};
use crate::tensor::Tensor;

/// The backward pass of `pad` and its relatives: one axis after the other, the last one first.
pub struct PadBackward<E> {
    edge: Edge<E>,
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

impl<S: Shape, T: Shape, E: Element> Pullback<S, T, E> for PadBackward<E> {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let mut grad = grad.data;
        for step in self.steps.iter().rev().filter(|step| !step.is_nothing()) {
            grad = unpad(grad.as_slice(), step.along, step.amounts, self.edge);
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
    ) -> Unary<S, E, C, F, PaddedShape<S, L, R>, Lawful<PadBackward<E>, PadAmounts<S, -1, L, R>>>
    where
        S: Axis<-1>,
    {
        let () = PadAmounts::<S, -1, L, R>::HOLDS;
        self.padded(Edge::Constant(value), [[L, R], [0, 0], [0, 0]])
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
        Lawful<PadBackward<E>, (PadAmounts<S, -1, L, R>, PadAmounts<S, -2, T, B>)>,
    >
    where
        S: Matrices + Pad2d<L, R, T, B>,
    {
        let () = PadAmounts::<S, -1, L, R>::HOLDS;
        let () = PadAmounts::<S, -2, T, B>::HOLDS;
        self.padded(Edge::Constant(value), [[L, R], [T, B], [0, 0]])
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
            PadBackward<E>,
            (PadAmounts<S, -1, L, R>, (PadAmounts<S, -2, T, B>, PadAmounts<S, -3, FRONT, BACK>)),
        >,
    >
    where
        S: Volumes + Pad3d<L, R, T, B, FRONT, BACK>,
    {
        let () = PadAmounts::<S, -1, L, R>::HOLDS;
        let () = PadAmounts::<S, -2, T, B>::HOLDS;
        let () = PadAmounts::<S, -3, FRONT, BACK>::HOLDS;
        self.padded(Edge::Constant(value), [[L, R], [T, B], [FRONT, BACK]])
    }

    pub(in crate::ops) fn padded<U: Shape, L: Law>(
        self,
        edge: Edge<E>,
        amounts: [[isize; 2]; 3],
    ) -> Unary<S, E, C, F, U, Lawful<PadBackward<E>, L>> {
        let (mut x, flow) = self.into_waiting();
        let steps = steps(S::SIZES, amounts);
        for step in steps.iter().filter(|step| !step.is_nothing()) {
            x = pad(x.as_slice(), step.along, step.amounts, edge);
        }
        Tensor::from_parts(x, Waiting::into_inner(flow).then(|| Lawful::new(PadBackward { edge, steps })))
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
            ) -> Unary<S, E, C, F, PaddedShape<S, L, R>, Lawful<PadBackward<E>, $law>>
            where
                S: Axis<-1>,
            {
                $(let () = $holds;)+
                self.padded($edge, [[L, R], [0, 0], [0, 0]])
            }

            $(#[$doc2])*
            pub fn $pad2d<const L: isize, const R: isize, const T: isize, const B: isize>(
                self,
            ) -> Unary<S, E, C, F, Padded2dShape<S, L, R, T, B>, Lawful<PadBackward<E>, $law2>>
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
            ) -> Unary<S, E, C, F, Padded3dShape<S, L, R, T, B, FRONT, BACK>, Lawful<PadBackward<E>, $law3>>
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

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    type X = Rank3<2, 3, 4>;

    /// Element-wise, with the source of each index along one axis.
    fn naive(source: impl Fn(isize, isize) -> Option<isize>) -> Tensor<Rank3<2, 6, 7>, i64> {
        Tensor::from_fn(|n| {
            let (c, i, j) = ((n / 42) as isize, (n / 7 % 6) as isize - 1, (n % 7) as isize - 2);
            match (source(i, 3), source(j, 4)) {
                (Some(i), Some(j)) => (c * 12 + i * 4 + j) as i64,
                _ => -1,
            }
        })
    }

    #[test]
    fn each_kind_agrees_with_its_definition() {
        let x = Tensor::<X, i64>::from_fn(|i| i as i64);
        let inside = |i, n| (0..n).contains(&i).then_some(i);
        let mirrored = |i: isize, n: isize| Some(if i < 0 { -i } else { i.min(2 * n - 2 - i) });
        assert_eq!(x.clone().pad2d::<2, 1, 1, 2>(-1).with_shape(), naive(inside));
        assert_eq!(x.clone().reflect_pad2d::<2, 1, 1, 2>().with_shape(), naive(mirrored));
        assert_eq!(x.replicate_pad2d::<2, 1, 1, 2>().with_shape(), naive(|i, n| Some(i.clamp(0, n - 1))));
    }

    /// Values and gradients of PyTorch 2.15.
    #[test]
    fn gradients_of_copies_are_those_of_pytorch() {
        let x = Param::new(Tensor::<Rank2<3, 4>, f64>::from_fn(|i| i as f64));
        let w = Tensor::<Rank2<6, 7>, f64>::from_fn(|i| i as f64);
        let y = x.track().reflect_pad2d::<2, 1, 1, 2>().with_shape::<Rank2<6, 7>>();
        assert_eq!(y.as_slice()[..7], [6.0, 5.0, 4.0, 5.0, 6.0, 7.0, 6.0]);
        (y * w.clone()).sum().backward();
        let reflected = [[46.0, 92.0, 146.0, 52.0], [48.0, 96.0, 156.0, 57.0], [23.0, 46.0, 73.0, 26.0]];
        assert_eq!(x.grad().unwrap(), Tensor::from(reflected));
        let x = Param::new(x.value().clone());
        (x.track().replicate_pad2d::<2, 1, 1, 2>().with_shape::<Rank2<6, 7>>() * w).sum().backward();
        let replicated = [[27.0, 13.0, 15.0, 36.0], [45.0, 17.0, 18.0, 39.0], [261.0, 93.0, 96.0, 201.0]];
        assert_eq!(x.grad().unwrap(), Tensor::from(replicated));
    }

    #[test]
    fn padding_of_an_empty_axis_and_of_zero_amounts() {
        let x = Tensor::<Rank2<2, 0>>::zeros();
        assert_eq!(x.pad::<1, 2>(5.0).to_vec(), [5.0; 6]);
        let x = Tensor::<Rank2<2, 2>>::zeros();
        assert_eq!(x.clone().reflect_pad::<0, 0>().data.as_ptr(), x.data.as_ptr());
    }

    #[test]
    fn gradients_agree_with_differences() {
        let x = Tensor::<X, f64>::randn(&mut Rng::seed(13));
        let w = Tensor::<Rank3<2, 6, 7>, f64>::randn(&mut Rng::seed(14));
        type Y = Rank3<2, 6, 7>;
        gradcheck((x.clone(), w.clone()), |(x, w)| {
            (x.pad2d::<2, 1, 1, 2>(3.0).with_shape::<Y>().powi(2) * w).sum()
        })
        .unwrap();
        gradcheck((x.clone(), w.clone()), |(x, w)| {
            (x.reflect_pad2d::<2, 1, 1, 2>().with_shape::<Y>().powi(2) * w).sum()
        })
        .unwrap();
        gradcheck((x.clone(), w), |(x, w)| {
            (x.replicate_pad2d::<2, 1, 1, 2>().with_shape::<Y>().powi(2) * w).sum()
        })
        .unwrap();
        gradcheck(x.clone(), |x| x.pad::<1, 2>(1.0).powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.reflect_pad::<3, 2>().powi(2).sum()).unwrap();
        gradcheck(x, |x| x.replicate_pad::<4, 5>().powi(2).sum()).unwrap();
    }

    /// The definition: element `i` comes from `i - left`, if that exists.
    #[test]
    fn negative_amounts_take_elements_away_along_every_axis() {
        let x = Tensor::<Rank3<3, 4, 5>, i64>::from_fn(|i| i as i64);
        let y = x.clone().pad3d::<-1, 2, 3, -2, -2, -1>(-7).with_shape::<Rank3<0, 5, 6>>();
        assert!(y.to_vec().is_empty());
        let y = x.clone().pad3d::<-1, 2, 3, -2, -2, 1>(-7).to_vec();
        let inside = |i: isize, n: isize| (0..n).contains(&i);
        let expected = (0..2 * 5 * 6).map(|n| {
            let (a, b, c) = (n / 30 + 2, n / 6 % 5 - 3, n % 6 + 1);
            if inside(a, 3) && inside(b, 4) && inside(c, 5) { (a * 20 + b * 5 + c) as i64 } else { -7 }
        });
        assert_eq!(y, expected.collect::<Vec<_>>());
        assert!(x.clone().pad::<-3, -2>(0).to_vec().is_empty());
        assert_eq!(x.select_at::<0, 0>().select_at::<0, 0>().pad::<-5, 2>(9).to_vec(), [9, 9]);
    }

    #[test]
    fn gradients_of_three_axes_agree_with_differences() {
        let x = Tensor::<Rank4<2, 2, 3, 3>, f64>::randn(&mut Rng::seed(15));
        gradcheck(x.clone(), |x| x.pad3d::<1, -1, -2, 2, 0, 1>(0.5).powi(3).sum()).unwrap();
        gradcheck(x.clone(), |x| x.reflect_pad3d::<2, -1, -1, 2, 1, 0>().powi(3).sum()).unwrap();
        gradcheck(x.clone(), |x| x.replicate_pad3d::<1, -2, -1, 3, 4, 1>().powi(3).sum()).unwrap();
        gradcheck(x, |x| x.pad::<-3, 1>(2.0).powi(3).sum()).unwrap();
    }
}
