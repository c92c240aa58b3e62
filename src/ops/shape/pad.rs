//! y = x with more elements at the ends of its last axis, or of its last two. They are a constant, or copies of
//! elements of x (mirrored at the end, or the end itself); dL/dx = dL/dy inside, plus what flows to the copies.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Pullback};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::shape::pad::{Edge, pad, unpad};
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Dim, Expr, Matrices, Message, Padded, Shape};
use crate::tensor::Tensor;

/// The backward pass of `pad` and its relatives: one axis after the other, the last one first.
pub struct PadBackward<E> {
    edge: Edge<E>,
    steps: [Step; 2],
}

/// An axis, and how many elements its two ends get.
#[derive(Clone, Copy)]
struct Step {
    along: AxisLayout,
    amounts: [usize; 2],
}

impl Step {
    fn is_nothing(&self) -> bool {
        self.amounts == [0, 0]
    }
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

/// The amounts of a `reflect_pad` and the size of the axis, compared when the program is built.
struct Mirror<S, const I: isize, const L: usize, const R: usize>(S);

impl<S: Axis<I>, const I: isize, const L: usize, const R: usize> Mirror<S, I, L, R> {
    const SIZE: usize = <S::Dim as Dim>::SIZE;
    const REFLECTS: bool = (L == 0 && R == 0) || (L < Self::SIZE && R < Self::SIZE);
    const REPLICATES: bool = (L == 0 && R == 0) || Self::SIZE > 0;
    const MESSAGE: Message = Message::new()
        .text("reflect_pad must add less than the size of the axis at each end: it adds ")
        .number(L)
        .text(" and ")
        .number(R)
        .text(", but axis ")
        .signed(I)
        .text(" of the tensor has size ")
        .number(Self::SIZE);
    const TEXT: &'static str = Self::MESSAGE.as_str();
}

/// The shape `S` with `L` and `R` more at the ends of its last axis.
pub type PaddedShape<S, const L: usize, const R: usize> =
    <S as Axis<-1>>::With<Expr<Padded<<S as Axis<-1>>::Dim, L, R>>>;

/// A shape with `L` and `R` more at the ends of its last axis, and `T` and `B` at those of the one before.
///
/// A shape of fewer axes is its own, so that the type of the result can always be written, and the error that the
/// user sees is that of [`Matrices`].
pub trait Pad2d<const L: usize, const R: usize, const T: usize, const B: usize>: Shape {
    /// The shape with more elements.
    type Padded: Shape;
}

impl<const L: usize, const R: usize, const T: usize, const B: usize> Pad2d<L, R, T, B> for () {
    type Padded = ();
}

impl<D: Dim, const L: usize, const R: usize, const T: usize, const B: usize> Pad2d<L, R, T, B> for (D,) {
    type Padded = (D,);
}

macro_rules! impl_pad2d {
    ($($lead:ident)*) => {
        impl<$($lead: Dim,)* M: Dim, N: Dim, const L: usize, const R: usize, const T: usize, const B: usize>
            Pad2d<L, R, T, B> for ($($lead,)* M, N)
        {
            type Padded = ($($lead,)* Expr<Padded<M, T, B>>, Expr<Padded<N, L, R>>);
        }
    };
}
impl_pad2d!();
impl_pad2d!(A);
impl_pad2d!(A C);
impl_pad2d!(A C D);
impl_pad2d!(A C D E);

/// The shape `S` with `L` and `R` more at the ends of its last axis, and `T` and `B` at those of the one before.
pub type Padded2dShape<S, const L: usize, const R: usize, const T: usize, const B: usize> =
    <S as Pad2d<L, R, T, B>>::Padded;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// `L` elements `value` in front of the last axis and `R` behind. PyTorch's `pad(x, (L, R), value=value)`.
    ///
    /// In: `[.., D]`. Out: `[.., L + D + R]`, an expression.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, 2.0]).pad::<1, 2>(0.0);
    /// assert_eq!(x.with_shape(), Tensor::from([0.0, 1.0, 2.0, 0.0, 0.0]));
    /// ```
    pub fn pad<const L: usize, const R: usize>(
        self,
        value: E,
    ) -> Unary<S, E, C, F, PaddedShape<S, L, R>, PadBackward<E>>
    where
        S: Axis<-1>,
    {
        self.pad_last::<_, L, R>(Edge::Constant(value))
    }

    /// `L` elements in front of the last axis and `R` behind, mirrored at its ends. PyTorch's
    /// `pad(x, (L, R), mode="reflect")`.
    ///
    /// In: `[.., D]`. Out: `[.., L + D + R]`, an expression. That both are less than `D` is checked when the
    /// program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, 2.0, 3.0]).reflect_pad::<2, 1>();
    /// assert_eq!(x.with_shape(), Tensor::from([3.0, 2.0, 1.0, 2.0, 3.0, 2.0]));
    /// ```
    pub fn reflect_pad<const L: usize, const R: usize>(
        self,
    ) -> Unary<S, E, C, F, PaddedShape<S, L, R>, PadBackward<E>>
    where
        S: Axis<-1>,
    {
        const { assert!(Mirror::<S, -1, L, R>::REFLECTS, "{}", Mirror::<S, -1, L, R>::TEXT) };
        self.pad_last::<_, L, R>(Edge::Reflect)
    }

    /// `L` copies of the first element in front of the last axis, and `R` of the last one behind. PyTorch's
    /// `pad(x, (L, R), mode="replicate")`.
    ///
    /// In: `[.., D]`. Out: `[.., L + D + R]`, an expression.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, 2.0]).replicate_pad::<2, 1>();
    /// assert_eq!(x.with_shape(), Tensor::from([1.0, 1.0, 1.0, 2.0, 2.0]));
    /// ```
    pub fn replicate_pad<const L: usize, const R: usize>(
        self,
    ) -> Unary<S, E, C, F, PaddedShape<S, L, R>, PadBackward<E>>
    where
        S: Axis<-1>,
    {
        const { assert!(Mirror::<S, -1, L, R>::REPLICATES, "replicate_pad needs an axis with an element to copy") };
        self.pad_last::<_, L, R>(Edge::Replicate)
    }

    /// `L` and `R` elements `value` at the ends of the last axis, `T` and `B` at those of the one before.
    /// PyTorch's `pad(x, (L, R, T, B), value=value)`.
    ///
    /// In: `[.., H, W]`. Out: `[.., T + H + B, L + W + R]`, expressions.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0]]).pad2d::<1, 0, 0, 1>(9.0);
    /// assert_eq!(x.with_shape(), Tensor::from([[9.0, 1.0, 2.0], [9.0, 9.0, 9.0]]));
    /// ```
    pub fn pad2d<const L: usize, const R: usize, const T: usize, const B: usize>(
        self,
        value: E,
    ) -> Unary<S, E, C, F, Padded2dShape<S, L, R, T, B>, PadBackward<E>>
    where
        S: Matrices + Pad2d<L, R, T, B>,
    {
        self.pad_last_two::<_, L, R, T, B>(Edge::Constant(value))
    }

    /// `L` and `R` elements at the ends of the last axis, `T` and `B` at those of the one before, mirrored.
    /// PyTorch's `pad(x, (L, R, T, B), mode="reflect")`.
    ///
    /// In: `[.., H, W]`. Out: `[.., T + H + B, L + W + R]`, expressions. That the amounts are less than the sizes
    /// is checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]).reflect_pad2d::<1, 0, 1, 0>();
    /// assert_eq!(x.with_shape(), Tensor::from([[4.0, 3.0, 4.0], [2.0, 1.0, 2.0], [4.0, 3.0, 4.0]]));
    /// ```
    pub fn reflect_pad2d<const L: usize, const R: usize, const T: usize, const B: usize>(
        self,
    ) -> Unary<S, E, C, F, Padded2dShape<S, L, R, T, B>, PadBackward<E>>
    where
        S: Matrices + Pad2d<L, R, T, B>,
    {
        const { assert!(Mirror::<S, -1, L, R>::REFLECTS, "{}", Mirror::<S, -1, L, R>::TEXT) };
        const { assert!(Mirror::<S, -2, T, B>::REFLECTS, "{}", Mirror::<S, -2, T, B>::TEXT) };
        self.pad_last_two::<_, L, R, T, B>(Edge::Reflect)
    }

    /// `L` and `R` copies of the ends of the last axis, then `T` and `B` of those of the one before. PyTorch's
    /// `pad(x, (L, R, T, B), mode="replicate")`.
    ///
    /// In: `[.., H, W]`. Out: `[.., T + H + B, L + W + R]`, expressions.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0]]).replicate_pad2d::<1, 0, 0, 1>();
    /// assert_eq!(x.with_shape(), Tensor::from([[1.0, 1.0, 2.0], [1.0, 1.0, 2.0]]));
    /// ```
    pub fn replicate_pad2d<const L: usize, const R: usize, const T: usize, const B: usize>(
        self,
    ) -> Unary<S, E, C, F, Padded2dShape<S, L, R, T, B>, PadBackward<E>>
    where
        S: Matrices + Pad2d<L, R, T, B>,
    {
        const {
            let fits = Mirror::<S, -1, L, R>::REPLICATES && Mirror::<S, -2, T, B>::REPLICATES;
            assert!(fits, "replicate_pad2d needs axes with an element to copy");
        }
        self.pad_last_two::<_, L, R, T, B>(Edge::Replicate)
    }

    fn pad_last<U: Shape, const L: usize, const R: usize>(
        self,
        edge: Edge<E>,
    ) -> Unary<S, E, C, F, U, PadBackward<E>>
    where
        S: Axis<-1>,
    {
        let along = AxisLayout::of::<S, -1>();
        self.padded(edge, [Step { along, amounts: [L, R] }, Step { along, amounts: [0, 0] }])
    }

    fn pad_last_two<U: Shape, const L: usize, const R: usize, const T: usize, const B: usize>(
        self,
        edge: Edge<E>,
    ) -> Unary<S, E, C, F, U, PadBackward<E>>
    where
        S: Matrices,
    {
        let columns = Step { along: AxisLayout::of::<S, -1>(), amounts: [L, R] };
        let mut along = AxisLayout::of::<S, -2>();
        along.inner += L + R;
        self.padded(edge, [columns, Step { along, amounts: [T, B] }])
    }

    fn padded<U: Shape>(self, edge: Edge<E>, steps: [Step; 2]) -> Unary<S, E, C, F, U, PadBackward<E>> {
        let (mut x, flow) = self.into_parts();
        for step in steps.iter().filter(|step| !step.is_nothing()) {
            x = pad(x.as_slice(), step.along, step.amounts, edge);
        }
        Tensor::from_parts(x, flow.then(|| PadBackward { edge, steps }))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    type X = Rank3<2, 3, 4>;

    /// Element by element, with the source of each index along one axis.
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
    fn an_empty_axis_is_filled_and_nothing_keeps_the_memory() {
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
}
