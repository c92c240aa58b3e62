//! y = tensors one behind the other along an axis, and the gradient of each is its part of dL/dy.
//!
//! [`cat`](Tensors::cat) joins along an axis that is there: the sizes of that axis add up, all others are equal.
//! [`stack`](Tensors::stack) joins along a new axis: all shapes are equal. Both take an array of tensors of one
//! type, or a tuple of up to eight operands whose graphs may differ; its first is a tensor.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Pullback2, PullbackN, Pulled};
use crate::kernel::shape::concat::{cut, join};
use crate::ops::shape::reshape::ReshapeBackward;
use crate::ops::support::rhs::Operand;
use crate::shape::{Axis, CatWith, Const, Dim, Expr, InsertAxis, Product, Shape, StackWith};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `cat` and `stack`: memory is `rows` rows, which each operand has a part of.
pub struct CatBackward {
    rows: usize,
}

impl<A: Shape, B: Shape, T: Shape, E: Element> Pullback2<A, B, T, E> for CatBackward {
    fn pull(self, grad: Tensor<T, E>, wanted: (bool, bool)) -> Pulled<A, B, E> {
        let rows = self.rows.max(1);
        let (a, b) = (A::NUMEL / rows, B::NUMEL / rows);
        let part = |start, width| cut(grad.as_slice(), a + b, start, width);
        let left = wanted.0.then(|| Tensor::constant(part(0, a)));
        (left, wanted.1.then(|| Tensor::constant(part(a, b))))
    }
}

impl<S: Shape, T: Shape, E: Element, const N: usize> PullbackN<S, T, E, N> for CatBackward {
    fn pull(self, grad: Tensor<T, E>) -> [Tensor<S, E>; N] {
        let width = S::NUMEL / self.rows.max(1);
        std::array::from_fn(|i| Tensor::constant(cut(grad.as_slice(), N * width, i * width, width)))
    }
}

/// `cat` and `stack` of an array or a tuple of tensors.
pub trait Tensors: Sized {
    /// The tensors one behind the other along the axis `I`. PyTorch's `torch.cat(tensors, dim=I)`.
    ///
    /// In: shapes that are equal but for the axis `I`. Out: that shape, with the sum at the axis `I`: an
    /// expression, which [`with_shape`](Tensor::with_shape) writes as a literal.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let a = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// let b = Tensor::from([[5.0], [6.0]]);
    /// let y: Tensor<Rank2<2, 5>, f64> = (a.clone(), b, a).cat::<1>().with_shape();
    /// assert_eq!(y, Tensor::from([[1.0, 2.0, 5.0, 1.0, 2.0], [3.0, 4.0, 6.0, 3.0, 4.0]]));
    /// ```
    fn cat<const I: isize>(self) -> <Self as Cat<I>>::Output
    where
        Self: Cat<I>,
    {
        self.cat_all()
    }

    /// The tensors one behind the other along a new axis at position `I`. PyTorch's
    /// `torch.stack(tensors, dim=I)`.
    ///
    /// In: `N` tensors of shape `S`. Out: `S` with `N` put in at position `I`, where `-1` is the end.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (a, b) = (Tensor::from([1.0, 2.0, 3.0]), Tensor::from([4.0, 5.0, 6.0]));
    /// assert_eq!([a.clone(), b.clone()].stack::<0>(), Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]));
    /// assert_eq!((a, b).stack::<-1>(), Tensor::from([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]));
    /// ```
    fn stack<const I: isize>(self) -> <Self as Stack<I>>::Output
    where
        Self: Stack<I>,
    {
        self.stack_all()
    }
}

/// What can be concatenated along the axis `I`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be concatenated along axis {I}",
    label = "not an array or a tuple of tensors",
    note = "the first of a tuple is a tensor; the others may be parameters, `&param`, too"
)]
pub trait Cat<const I: isize> {
    /// The result.
    type Output;
    #[doc(hidden)]
    fn cat_all(self) -> Self::Output;
}

/// What can be stacked at position `I`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stacked at position {I}",
    label = "not an array or a tuple of tensors",
    note = "the first of a tuple is a tensor; the others may be parameters, `&param`, too"
)]
pub trait Stack<const I: isize> {
    /// The result.
    type Output;
    #[doc(hidden)]
    fn stack_all(self) -> Self::Output;
}

impl<S, E, C, F, const N: usize> Tensors for [Tensor<S, E, Graph<C, F>>; N] {}

impl<S, E, C, F, const N: usize, const I: isize> Cat<I> for [Tensor<S, E, Graph<C, F>>; N]
where
    S: Axis<I>,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    type Output = Tensor<
        S::With<Expr<Product<Const<N>, S::Dim>>>,
        E,
        Graph<C, F::Merge<S::With<Expr<Product<Const<N>, S::Dim>>>, N, CatBackward>>,
    >;
    fn cat_all(self) -> Self::Output {
        join_array(self, <S as Axis<I>>::OUTER)
    }
}

impl<S, E, C, F, const N: usize, const I: isize> Stack<I> for [Tensor<S, E, Graph<C, F>>; N]
where
    S: InsertAxis<I>,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    type Output = Tensor<S::Inserted<Const<N>>, E, Graph<C, F::Merge<S::Inserted<Const<N>>, N, CatBackward>>>;
    fn stack_all(self) -> Self::Output {
        join_array(self, <S as InsertAxis<I>>::OUTER)
    }
}

fn join_array<S, T, E, C, F, const N: usize>(
    tensors: [Tensor<S, E, Graph<C, F>>; N],
    rows: usize,
) -> Tensor<T, E, Graph<C, F::Merge<T, N, CatBackward>>>
where
    S: Shape,
    T: Shape,
    E: Element,
    F: Flow<S, E>,
{
    const { assert!(N > 0, "cat and stack need at least one tensor") };
    let mut parts = Vec::with_capacity(N);
    let flows = tensors.map(|tensor| {
        let (x, flow) = tensor.into_parts();
        parts.push(x);
        flow
    });
    Tensor::from_parts(join(&parts, rows), F::merge(flows, || CatBackward { rows }))
}

/// The operands of a tuple, put one by one behind what is there: a tensor of shape `S` with the flow `F`, in
/// context `C`. The flows are joined two by two; the elements are copied once, at the end.
pub trait CatOnto<const I: isize, S: Shape, E: Element, C: Context, F: Flow<S, E>> {
    /// The shape of the result.
    type Shape: Shape;
    /// Its context.
    type Context: Context;
    /// Its flow.
    type Flow: Flow<Self::Shape, E>;
    #[doc(hidden)]
    fn cat_onto(self, flow: F, parts: &mut Vec<Storage<E>>) -> Self::Flow;
}

/// As [`CatOnto`], where what is there is a stack of `D` tensors of shape `S`.
pub trait StackOnto<const I: isize, S: InsertAxis<I>, D: Dim, E: Element, C: Context, F> {
    /// The number of tensors in the result.
    type Count: Dim;
    /// Its context.
    type Context: Context;
    /// Its flow.
    type Flow: Flow<S::Inserted<Self::Count>, E>;
    #[doc(hidden)]
    fn stack_onto(self, flow: F, parts: &mut Vec<Storage<E>>) -> Self::Flow;
}

impl<const I: isize, S: Shape, E: Element, C: Context, F: Flow<S, E>> CatOnto<I, S, E, C, F> for () {
    type Shape = S;
    type Context = C;
    type Flow = F;
    fn cat_onto(self, flow: F, _: &mut Vec<Storage<E>>) -> F {
        flow
    }
}

impl<const I: isize, S, D, E, C, F> StackOnto<I, S, D, E, C, F> for ()
where
    S: InsertAxis<I>,
    D: Dim,
    E: Element,
    C: Context,
    F: Flow<S::Inserted<D>, E>,
{
    type Count = D;
    type Context = C;
    type Flow = F;
    fn stack_onto(self, flow: F, _: &mut Vec<Storage<E>>) -> F {
        flow
    }
}

/// The number after a number.
pub trait Next: Dim {
    /// One more.
    type Next: Dim;
}

macro_rules! impl_next {
    ($($n:literal)*) => { $(
        impl Next for Const<$n> {
            type Next = Const<{ $n + 1 }>;
        }
    )* };
}
impl_next!(1 2 3 4 5 6 7);

/// The shape of a tensor of shape `S` with one of shape `B` behind it.
type Catted<S, B, const I: isize> = <S as CatWith<I, B>>::Output;
/// Its flow.
type CatFlow<F, S, E, R, B, Y> = <F as Flow<S, E>>::Join<Y, B, R, CatBackward>;

macro_rules! impl_tuple {
    ($($rest:ident)*) => {
        impl<const I: isize, S, E, C, F, R, $($rest),*> CatOnto<I, S, E, C, F> for (R, $($rest,)*)
        where
            S: CatWith<I, R::Shape>,
            E: Element,
            C: Context,
            F: Flow<S, E>,
            R: Operand<C, E>,
            ($($rest,)*): CatOnto<
                I,
                Catted<S, R::Shape, I>,
                E,
                C::Or<R::Context>,
                CatFlow<F, S, E, R::Flow, R::Shape, Catted<S, R::Shape, I>>,
            >,
        {
            type Shape = <($($rest,)*) as CatOnto<
                I,
                Catted<S, R::Shape, I>,
                E,
                C::Or<R::Context>,
                CatFlow<F, S, E, R::Flow, R::Shape, Catted<S, R::Shape, I>>,
            >>::Shape;
            type Context = <($($rest,)*) as CatOnto<
                I,
                Catted<S, R::Shape, I>,
                E,
                C::Or<R::Context>,
                CatFlow<F, S, E, R::Flow, R::Shape, Catted<S, R::Shape, I>>,
            >>::Context;
            type Flow = <($($rest,)*) as CatOnto<
                I,
                Catted<S, R::Shape, I>,
                E,
                C::Or<R::Context>,
                CatFlow<F, S, E, R::Flow, R::Shape, Catted<S, R::Shape, I>>,
            >>::Flow;
            #[allow(non_snake_case, reason = "operands are named by their types")]
            fn cat_onto(self, flow: F, parts: &mut Vec<Storage<E>>) -> Self::Flow {
                let (operand, $($rest,)*) = self;
                let (x, rhs) = operand.into_operand();
                parts.push(x);
                let flow = flow.join(rhs, || CatBackward { rows: <S as Axis<I>>::OUTER });
                ($($rest,)*).cat_onto(flow, parts)
            }
        }

        impl<const I: isize, S, D, E, C, F, R, $($rest),*> StackOnto<I, S, D, E, C, F> for (R, $($rest,)*)
        where
            S: StackWith<I, R::Shape>,
            D: Next,
            E: Element,
            C: Context,
            F: Flow<S::Inserted<D>, E>,
            R: Operand<C, E>,
            ($($rest,)*): StackOnto<
                I,
                S,
                D::Next,
                E,
                C::Or<R::Context>,
                CatFlow<F, S::Inserted<D>, E, R::Flow, R::Shape, S::Inserted<D::Next>>,
            >,
        {
            type Count = <($($rest,)*) as StackOnto<
                I,
                S,
                D::Next,
                E,
                C::Or<R::Context>,
                CatFlow<F, S::Inserted<D>, E, R::Flow, R::Shape, S::Inserted<D::Next>>,
            >>::Count;
            type Context = <($($rest,)*) as StackOnto<
                I,
                S,
                D::Next,
                E,
                C::Or<R::Context>,
                CatFlow<F, S::Inserted<D>, E, R::Flow, R::Shape, S::Inserted<D::Next>>,
            >>::Context;
            type Flow = <($($rest,)*) as StackOnto<
                I,
                S,
                D::Next,
                E,
                C::Or<R::Context>,
                CatFlow<F, S::Inserted<D>, E, R::Flow, R::Shape, S::Inserted<D::Next>>,
            >>::Flow;
            #[allow(non_snake_case, reason = "operands are named by their types")]
            fn stack_onto(self, flow: F, parts: &mut Vec<Storage<E>>) -> Self::Flow {
                let (operand, $($rest,)*) = self;
                let (x, rhs) = operand.into_operand();
                parts.push(x);
                let flow = flow.join(rhs, || CatBackward { rows: <S as InsertAxis<I>>::OUTER });
                ($($rest,)*).stack_onto(flow, parts)
            }
        }

        impl<S, E, C, F, R, $($rest),*> Tensors for (Tensor<S, E, Graph<C, F>>, R, $($rest,)*) {}

        impl<const I: isize, S, E, C, F, R, $($rest),*> Cat<I> for (Tensor<S, E, Graph<C, F>>, R, $($rest,)*)
        where
            S: Axis<I>,
            E: Element,
            C: Context,
            F: Flow<S, E>,
            (R, $($rest,)*): CatOnto<I, S, E, C, F>,
        {
            type Output = Tensor<
                <(R, $($rest,)*) as CatOnto<I, S, E, C, F>>::Shape,
                E,
                Graph<
                    <(R, $($rest,)*) as CatOnto<I, S, E, C, F>>::Context,
                    <(R, $($rest,)*) as CatOnto<I, S, E, C, F>>::Flow,
                >,
            >;
            #[allow(non_snake_case, reason = "operands are named by their types")]
            fn cat_all(self) -> Self::Output {
                let (first, operand, $($rest,)*) = self;
                let (x, flow) = first.into_parts();
                let mut parts = vec![x];
                let flow = (operand, $($rest,)*).cat_onto(flow, &mut parts);
                Tensor::from_parts(join(&parts, <S as Axis<I>>::OUTER), flow)
            }
        }

        impl<const I: isize, S, E, C, F, R, $($rest),*> Stack<I>
            for (Tensor<S, E, Graph<C, F>>, R, $($rest,)*)
        where
            S: InsertAxis<I>,
            E: Element,
            C: Context,
            F: Flow<S, E>,
            (R, $($rest,)*): StackOnto<
                I,
                S,
                Const<1>,
                E,
                C,
                F::Then<S::Inserted<Const<1>>, ReshapeBackward>,
            >,
        {
            type Output = Tensor<
                S::Inserted<<(R, $($rest,)*) as StackOnto<
                    I,
                    S,
                    Const<1>,
                    E,
                    C,
                    F::Then<S::Inserted<Const<1>>, ReshapeBackward>,
                >>::Count>,
                E,
                Graph<
                    <(R, $($rest,)*) as StackOnto<
                        I,
                        S,
                        Const<1>,
                        E,
                        C,
                        F::Then<S::Inserted<Const<1>>, ReshapeBackward>,
                    >>::Context,
                    <(R, $($rest,)*) as StackOnto<
                        I,
                        S,
                        Const<1>,
                        E,
                        C,
                        F::Then<S::Inserted<Const<1>>, ReshapeBackward>,
                    >>::Flow,
                >,
            >;
            #[allow(non_snake_case, reason = "operands are named by their types")]
            fn stack_all(self) -> Self::Output {
                let (first, operand, $($rest,)*) = self;
                let (x, flow) = first.into_parts();
                let flow = flow.then(|| ReshapeBackward);
                let mut parts = vec![x];
                let flow = (operand, $($rest,)*).stack_onto(flow, &mut parts);
                Tensor::from_parts(join(&parts, <S as InsertAxis<I>>::OUTER), flow)
            }
        }
    };
}
impl_tuple!();
impl_tuple!(R2);
impl_tuple!(R2 R3);
impl_tuple!(R2 R3 R4);
impl_tuple!(R2 R3 R4 R5);
impl_tuple!(R2 R3 R4 R5 R6);
impl_tuple!(R2 R3 R4 R5 R6 R7);

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    fn numbers<S: Shape>(from: i64) -> Tensor<S, i64> {
        Tensor::from_fn(|i| from + i as i64)
    }

    #[test]
    fn arrays_and_tuples_are_joined_along_each_axis() {
        let (a, b) = (numbers::<Rank2<2, 3>>(0), numbers::<Rank2<2, 3>>(10));
        let rows = Tensor::from([[0, 1, 2], [3, 4, 5], [10, 11, 12], [13, 14, 15]]);
        let columns = Tensor::from([[0, 1, 2, 10, 11, 12], [3, 4, 5, 13, 14, 15]]);
        assert_eq!([a.clone(), b.clone()].cat::<0>().with_shape::<Rank2<4, 3>>(), rows);
        assert_eq!((a.clone(), &b).cat::<-2>().with_shape::<Rank2<4, 3>>(), rows);
        assert_eq!([a.clone(), b.clone()].cat::<-1>().with_shape::<Rank2<2, 6>>(), columns);
        assert_eq!((a, b).cat::<1>().with_shape::<Rank2<2, 6>>(), columns);
    }

    #[test]
    fn a_stack_takes_every_position() {
        let (a, b) = (numbers::<Rank2<2, 2>>(0), numbers::<Rank2<2, 2>>(4));
        let first = Tensor::from([[[0, 1], [2, 3]], [[4, 5], [6, 7]]]);
        let middle = Tensor::from([[[0, 1], [4, 5]], [[2, 3], [6, 7]]]);
        let last = Tensor::from([[[0, 4], [1, 5]], [[2, 6], [3, 7]]]);
        assert_eq!([a.clone(), b.clone()].stack::<-3>(), first);
        assert_eq!((a.clone(), &b).stack::<0>(), first);
        assert_eq!([a.clone(), b.clone()].stack::<1>(), middle);
        assert_eq!((a.clone(), &b).stack::<-2>(), middle);
        assert_eq!([a.clone(), b.clone()].stack::<2>(), last);
        assert_eq!((a, b).stack::<-1>(), last);
        assert_eq!([Tensor::from(1), Tensor::from(2)].stack::<0>(), Tensor::from([1, 2]));
    }

    #[test]
    fn constants_parameters_and_tracked_tensors_meet() {
        let (w, v) = (Param::new(Tensor::from([1.0, 2.0])), Param::new(Tensor::from([3.0])));
        let y = (Tensor::from([5.0]), &w, v.track() * 2.0).cat::<0>().with_shape::<Rank1<4>>();
        assert_eq!(y, Tensor::from([5.0, 1.0, 2.0, 6.0]));
        (y * Tensor::from([1.0, 2.0, 3.0, 4.0])).sum().backward();
        assert_eq!(w.grad().unwrap(), Tensor::from([2.0, 3.0]));
        assert_eq!(v.grad().unwrap(), Tensor::from([8.0]));
        let y = (Tensor::from([5.0, 6.0]), &w, w.track(), &w).stack::<1>();
        (y * Tensor::from([1.0, 2.0, 3.0, 4.0])).sum().backward();
        assert_eq!(w.grad().unwrap(), Tensor::from([11.0, 12.0]));
    }

    #[test]
    fn gradients_agree_with_differences() {
        let rng = &mut Rng::seed(3);
        let a = Tensor::<Rank2<2, 3>, f64>::randn(rng);
        let b = Tensor::<Rank2<2, 3>, f64>::randn(rng);
        let c = Tensor::<Rank2<2, 1>, f64>::randn(rng);
        gradcheck((a.clone(), b.clone(), c), |(a, b, c)| (b.relu(), a, c).cat::<1>().powi(2).sum()).unwrap();
        let w = Tensor::<Rank3<2, 3, 2>, f64>::randn(rng);
        gradcheck((a.clone(), b.clone(), w), |(a, b, w)| (([a, b].stack::<-1>()).powi(2) * w).sum()).unwrap();
        let w = Tensor::<Rank3<3, 2, 3>, f64>::randn(rng);
        gradcheck((a.clone(), b.clone(), w), |(a, b, w)| ((a.clone(), b, a).stack::<0>().powi(2) * w).sum())
            .unwrap();
        let w = Tensor::<Rank2<2, 6>, f64>::randn(rng);
        gradcheck((a, b, w), |(a, b, w)| ([a, b].cat::<-1>().with_shape::<Rank2<2, 6>>().powi(2) * w).sum())
            .unwrap();
    }
}
