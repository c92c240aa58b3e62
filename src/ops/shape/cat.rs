//! y = tensors concatenated along an axis; the gradient of each is its part of dL/dy. The sizes of that axis
//! add up, all others are equal.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Pullback2, PullbackN, Pulled};
use crate::kernel::memory::List;
use crate::kernel::shape::concat::{concat, narrow};
use crate::ops::shape::tensors::for_each_axis;
use crate::ops::support::lhs::Leads;
use crate::ops::support::results::Merged;
use crate::ops::support::rhs::{HasContext, Operand};
use crate::shape::{Axis, Broken, CatWith, CattedSizes, Const, Expr, Law, Message, Product, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// The backward pass of `cat` and `stack`: memory is `rows` rows, which each operand has a part of.
pub struct CatBackward {
    pub(in crate::ops) rows: usize,
}

/// Whether two tensors of the sizes `a` and `b` are joined to `t` along one axis: at every other axis they are equal.
const fn join_to(a: &[usize], b: &[usize], t: &[usize]) -> bool {
    let mut axis = 0;
    while axis < t.len() {
        let mut equal = t[axis] == a[axis] + b[axis];
        let mut other = 0;
        while other < t.len() {
            equal = equal && (other == axis || a[other] == b[other]);
            other += 1;
        }
        if equal {
            return true;
        }
        axis += 1;
    }
    false
}

/// A tensor of shape `A` and one of shape `B`, some of whose sizes are computed, joined to the shape `T`.
struct ComputedCat<A, B, T>(PhantomData<(A, B, T)>);

impl<A: Shape, B: Shape, T: Shape> Law for ComputedCat<A, B, T> {
    const WRONG: Option<Message> =
        if A::RANK != T::RANK || B::RANK != T::RANK || join_to(A::SIZES, B::SIZES, T::SIZES) {
            None
        } else {
            let message = Message::new()
                .text("cat: a tensor of shape ")
                .sizes(A::SIZES)
                .text(" and one of shape ")
                .sizes(B::SIZES)
                .text(" differ at another axis than the concatenated one");
            Some(message)
        };
}

impl<A: Shape, B: Shape, T: Shape, E: Element> Pullback2<A, B, T, E> for CatBackward {
    const BROKEN: Broken = ComputedCat::<A, B, T>::BROKEN;
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<A, B, E> {
        let rows = self.rows.max(1);
        let (a, b) = (A::NUMEL / rows, B::NUMEL / rows);
        let part = |start, width| narrow(grad.as_slice(), a + b, start, width);
        let left = needs_grad.0.then(|| Tensor::constant(part(0, a)));
        (left, needs_grad.1.then(|| Tensor::constant(part(a, b))))
    }
}

impl<S: Shape, T: Shape, E: Element, const N: usize> PullbackN<S, T, E, N> for CatBackward {
    fn pull(self, grad: Tensor<T, E>) -> [Tensor<S, E>; N] {
        let width = S::NUMEL / self.rows.max(1);
        std::array::from_fn(|i| Tensor::constant(narrow(grad.as_slice(), N * width, i * width, width)))
    }
}

/// Operands that can be concatenated along the axis `I`.
pub trait Cat<const I: isize>: Catted<I, Type = Self::Output> {
    /// The result.
    type Output;
    /// The law of computed sizes.
    #[doc(hidden)]
    type Sizes: Law;
    #[doc(hidden)]
    fn cat(self) -> Self::Output;
}

/// The result of [`Cat`] again, for a signature, as [`HasAxis`](crate::shape::HasAxis).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be concatenated along axis {I}",
    label = "an axis counts from 0 at the front, or from -1 at the back"
)]
pub trait Catted<const I: isize> {
    type Type;
}

for_each_axis!(Cat::cat, Catted, CatAll::cat_all);

/// [`Cat`] for every axis.
pub trait CatAll<const I: isize> {
    type Output;
    type Sizes: Law;
    fn cat_all(self) -> Self::Output;
}

impl<S, E, C, F, const N: usize, const I: isize> CatAll<I> for [Tensor<S, E, Graph<C, F>>; N]
where
    S: Axis<I>,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    type Output = Merged<S, E, C, F, S::With<Expr<Product<Const<N>, S::Dim>>>, CatBackward, N>;
    type Sizes = AtLeastOne<N>;
    fn cat_all(self) -> Self::Output {
        join_array(self, <S as Axis<I>>::OUTER)
    }
}

/// An array of `N` tensors has one.
pub struct AtLeastOne<const N: usize>;

impl<const N: usize> Law for AtLeastOne<N> {
    const WRONG: Option<Message> =
        if N > 0 { None } else { Some(Message::new().text("cat and stack need at least one tensor")) };
}

pub(in crate::ops) fn join_array<S, T, E, C, F, const N: usize>(
    tensors: [Tensor<S, E, Graph<C, F>>; N],
    rows: usize,
) -> Merged<S, E, C, F, T, CatBackward, N>
where
    S: Shape,
    T: Shape,
    E: Element,
    F: Flow<S, E>,
{
    let mut parts = List::with_capacity(N);
    let flows = tensors.map(|tensor| {
        let (x, flow) = tensor.into_parts();
        parts.push(x);
        flow
    });
    Tensor::from_parts(concat(&parts, rows), F::merge(flows, || CatBackward { rows }))
}

/// A type or a value of each operand, as pairs: the first one, and the pairs of the others.
macro_rules! pairs {
    () => { $crate::ops::shape::cat::End };
    ($first:ident $($rest:ident)*) => { ($first, $crate::ops::shape::cat::pairs!($($rest)*)) };
}
pub(in crate::ops) use pairs;

/// The end of pairs. A type that is not a tuple, so that rustc does not propose it in place of one.
#[derive(Debug)]
pub struct End;

/// The tensors of an array, and the operands of a tuple as pairs, whose first is a tensor. Whether they fit each other is a bound
/// of `All`, not of an implementation: none need be proposed by rustc.
#[diagnostic::on_unimplemented(
    message = "`cat` and `stack` do not join `{Self}`",
    label = "not an array of tensors, or a tuple of two to eight",
    note = "operands are tensors and parameters, `&param`; more than eight are an array, or nested: `((a, b).cat::<1>(), c).cat::<1>()`",
    note = "for `x.expand()` write `x.broadcast_to::<S>()`, of a parameter inside `forward` `self.p.traced::<M>().broadcast_to::<S>()`"
)]
pub trait Operands {
    type All;
    fn all(self) -> Self::All;
}

#[diagnostic::do_not_recommend]
impl<S, E, G, const N: usize> Operands for [Tensor<S, E, G>; N] {
    type All = Self;
    fn all(self) -> Self {
        self
    }
}

macro_rules! impl_tuple {
    ($($rest:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<S, E, G, R, $($rest),*> Operands for (Tensor<S, E, G>, R, $($rest,)*) {
            type All = (Tensor<S, E, G>, pairs!(R $($rest)*));
            #[allow(non_snake_case, reason = "operands are named by their types")]
            fn all(self) -> Self::All {
                let (first, second, $($rest,)*) = self;
                pairs!(first second $($rest)*)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'a, P, R, $($rest),*> Operands for (&'a P, R, $($rest,)*)
        where
            (R, $($rest,)*): HasContext,
            &'a P: Leads<<(R, $($rest,)*) as HasContext>::Here>,
        {
            type All = (<&'a P as Leads<<(R, $($rest,)*) as HasContext>::Here>>::Tensor, pairs!(R $($rest)*));
            #[allow(non_snake_case, reason = "operands are named by their types")]
            fn all(self) -> Self::All {
                let (first, second, $($rest,)*) = self;
                (first.lead(), pairs!(second $($rest)*))
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

/// The first operand and the pairs of the others. A trait, so that what is implemented for each pair is implemented for each type
/// that is one: rustc does not list such an impl in an error of another bound.
pub trait Pair {
    type First;
    type Rest;
    fn split(self) -> (Self::First, Self::Rest);
}

impl<First, Rest> Pair for (First, Rest) {
    type First = First;
    type Rest = Rest;
    fn split(self) -> (First, Rest) {
        self
    }
}

/// Appends operands, as pairs, to an accumulated tensor of shape `S` with the flow `F`, in
/// context `C`. Flows are joined pairwise; the elements are copied once, at the end.
pub trait CatOnto<const I: isize, S: Shape, E: Element, C: Context, F: Flow<S, E>> {
    /// The shape of the result.
    type Shape: Shape;
    /// Its context.
    type Context: Context;
    /// Its flow.
    type Flow: Flow<Self::Shape, E>;
    /// The law of computed sizes.
    type Sizes: Law;
    #[doc(hidden)]
    fn cat_onto(self, flow: F, parts: &mut List<Storage<E>>) -> Self::Flow;
}

#[diagnostic::do_not_recommend]
impl<const I: isize, S: Shape, E: Element, C: Context, F: Flow<S, E>> CatOnto<I, S, E, C, F> for End {
    type Shape = S;
    type Context = C;
    type Flow = F;
    type Sizes = ();
    fn cat_onto(self, flow: F, _: &mut List<Storage<E>>) -> F {
        flow
    }
}

/// The shape of a tensor of shape `S` concatenated with one of shape `B`.
type CattedShape<S, B, const I: isize> = <S as CatWith<I, B>>::Output;
/// Its flow.
type CatFlow<F, S, E, R, B, Y> = <F as Flow<S, E>>::Join<Y, B, R, CatBackward>;

/// The shape, the context and the flow of the first operand `P::First`.
type FirstShape<P, E, C> = <<P as Pair>::First as Operand<C, E>>::Shape;
type FirstContext<P, E, C> = <<P as Pair>::First as Operand<C, E>>::Context;
type FirstFlow<P, E, C> = <<P as Pair>::First as Operand<C, E>>::Flow;

/// The result of [`CatOnto`] for the operands that follow the first one.
macro_rules! after_one {
    ($what:ident) => {
        <P::Rest as CatOnto<
            I,
            CattedShape<S, FirstShape<P, E, C>, I>,
            E,
            C::Or<FirstContext<P, E, C>>,
            CatFlow<F, S, E, FirstFlow<P, E, C>, FirstShape<P, E, C>, CattedShape<S, FirstShape<P, E, C>, I>>,
        >>::$what
    };
}

impl<const I: isize, S, E, C, F, P> CatOnto<I, S, E, C, F> for P
where
    P: Pair<
            First: Operand<C, E>,
            Rest: CatOnto<
                I,
                CattedShape<S, FirstShape<P, E, C>, I>,
                E,
                C::Or<FirstContext<P, E, C>>,
                CatFlow<
                    F,
                    S,
                    E,
                    FirstFlow<P, E, C>,
                    FirstShape<P, E, C>,
                    CattedShape<S, FirstShape<P, E, C>, I>,
                >,
            >,
        >,
    S: CatWith<I, FirstShape<P, E, C>>,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    type Shape = after_one!(Shape);
    type Context = after_one!(Context);
    type Flow = after_one!(Flow);
    type Sizes = (CattedSizes<S, FirstShape<P, E, C>, I>, after_one!(Sizes));
    fn cat_onto(self, flow: F, parts: &mut List<Storage<E>>) -> Self::Flow {
        let (operand, rest) = self.split();
        let (x, rhs) = operand.into_operand();
        parts.push(x);
        let flow = flow.join(rhs, || CatBackward { rows: <S as Axis<I>>::OUTER });
        rest.cat_onto(flow, parts)
    }
}

impl<const I: isize, S, E, C, F, P> CatAll<I> for (Tensor<S, E, Graph<C, F>>, P)
where
    S: Axis<I>,
    E: Element,
    C: Context,
    F: Flow<S, E>,
    P: CatOnto<I, S, E, C, F>,
{
    type Output = Tensor<
        <P as CatOnto<I, S, E, C, F>>::Shape,
        E,
        Graph<<P as CatOnto<I, S, E, C, F>>::Context, <P as CatOnto<I, S, E, C, F>>::Flow>,
    >;
    type Sizes = <P as CatOnto<I, S, E, C, F>>::Sizes;
    fn cat_all(self) -> Self::Output {
        let (first, rest) = self;
        let (x, flow) = first.into_parts();
        let mut parts = List::from_iter([x]);
        let flow = rest.cat_onto(flow, &mut parts);
        Tensor::from_parts(concat(&parts, <S as Axis<I>>::OUTER), flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::graph::{Context, Flow, Graph, Infer, Train};
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
    fn constants_parameters_and_tracked_tensors_meet() {
        let (w, v) = (Param::new(Tensor::from([1.0, 2.0])), Param::new(Tensor::from([3.0])));
        let y = (Tensor::from([5.0]), &w, v.track() * 2.0).cat::<0>().with_shape::<Rank1<4>>();
        assert_eq!(y, Tensor::from([5.0, 1.0, 2.0, 6.0]));
        (y * Tensor::from([1.0, 2.0, 3.0, 4.0])).sum().backward();
        assert_eq!(w.grad().unwrap(), Tensor::from([2.0, 3.0]));
        assert_eq!(v.grad().unwrap(), Tensor::from([8.0]));
    }

    #[test]
    fn parameters_and_references_may_come_first() {
        let (w, v) = (Param::new(Tensor::from([1.0, 2.0])), Param::new(Tensor::from([3.0])));
        let x = Tensor::from([5.0]);
        let y = (&w, &v, x.clone()).cat::<0>().with_shape::<Rank1<4>>();
        assert_eq!(y, Tensor::from([1.0, 2.0, 3.0, 5.0]));
        (y * Tensor::from([1.0, 2.0, 3.0, 4.0])).sum().backward();
        assert_eq!(w.grad().unwrap(), Tensor::from([1.0, 2.0]));
        assert_eq!(v.grad().unwrap(), Tensor::from([3.0]));
        (&v, v.track() * 2.0).stack::<0>().sum().backward();
        assert_eq!(v.grad().unwrap(), Tensor::from([6.0]));
        assert_eq!((&x, &v).stack::<-1>(), Tensor::from([[5.0, 3.0]]));
    }

    #[test]
    fn a_tensor_of_a_module_decides_whether_the_parameters_before_it_are_tracked() {
        fn tracked<S: Shape, C: Context, F: Flow<S, f64>>(_: &Tensor<S, f64, Graph<C, F>>) -> bool {
            F::TRACKED
        }
        let (w, x) = (Param::new(Tensor::from([1.0, 2.0])), Tensor::from([3.0]));
        assert!(tracked(&(&w, &w, x.clone().within::<Train>()).cat::<0>()));
        assert!(!tracked(&(&w, &w, x.within::<Infer>()).cat::<0>()));
    }

    #[test]
    fn gradients_agree_with_differences() {
        let rng = &mut Rng::seed(3);
        let a = Tensor::<Rank2<2, 3>, f64>::randn(rng);
        let b = Tensor::<Rank2<2, 3>, f64>::randn(rng);
        let c = Tensor::<Rank2<2, 1>, f64>::randn(rng);
        gradcheck((a.clone(), b.clone(), c), |(a, b, c)| (b.relu(), a, c).cat::<1>().powi(2).sum()).unwrap();
        let w = Tensor::<Rank2<2, 6>, f64>::randn(rng);
        gradcheck((a, b, w), |(a, b, w)| ([a, b].cat::<-1>().with_shape::<Rank2<2, 6>>().powi(2) * w).sum())
            .unwrap();
    }
}
