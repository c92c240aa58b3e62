//! y = tensors stacked along a new axis; the gradient of each is its part of dL/dy. All shapes are
//! equal.

use crate::element::Element;
use crate::graph::{Anything, Context, Flow, Graph};
use crate::kernel::memory::List;
use crate::kernel::shape::concat::concat;
use crate::ops::shape::cat::{AtLeastOne, CatBackward, End, Operands, Pair, join_array};
use crate::ops::shape::reshape::ReshapeBackward;
use crate::ops::shape::tensors::for_each_axis;
use crate::ops::support::lawful::Lawful;
use crate::ops::support::results::Merged;
use crate::ops::support::rhs::Operand;
use crate::shape::{Const, Dim, InsertAxis, Law, StackWith, StackedSizes};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// Operands that can be stacked at position `I`.
pub trait Stack<const I: isize>: Stacked<I, Type = Self::Output> {
    /// The result.
    type Output;
    /// The law of computed sizes.
    #[doc(hidden)]
    type Sizes: Law;
    #[doc(hidden)]
    fn stack(self) -> Self::Output;
}

/// The result of [`Stack`] again, for a signature, as [`HasAxis`](crate::shape::HasAxis).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stacked at position {I}",
    label = "a position counts from 0 at the front, or from -1, after the last axis, at the back"
)]
pub trait Stacked<const I: isize> {
    type Type;
}

for_each_axis!(Stack::stack, Stacked, StackAll::stack_all);

/// [`Stack`] for every position.
pub trait StackAll<const I: isize> {
    type Output;
    type Sizes: Law;
    fn stack_all(self) -> Self::Output;
}

impl<S, E, C, F, const N: usize, const I: isize> StackAll<I> for [Tensor<S, E, Graph<C, F>>; N]
where
    S: InsertAxis<I>,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    type Output = Merged<S, E, C, F, S::Inserted<Const<N>>, CatBackward, N>;
    type Sizes = AtLeastOne<N>;
    fn stack_all(self) -> Self::Output {
        join_array(self, <S as InsertAxis<I>>::OUTER)
    }
}

/// As [`CatOnto`](super::cat::CatOnto), where what is there is a stack of `D` tensors of shape `S`.
pub trait StackOnto<const I: isize, S: InsertAxis<I>, D: Dim, E: Element, C: Context, F> {
    /// The number of tensors in the result.
    type Count: Dim;
    /// Its context.
    type Context: Context;
    /// Its flow.
    type Flow: Flow<S::Inserted<Self::Count>, E>;
    /// The law of computed sizes.
    type Sizes: Law;
    #[doc(hidden)]
    fn stack_onto(self, flow: F, parts: &mut List<Storage<E>>) -> Self::Flow;
}

#[diagnostic::do_not_recommend]
impl<const I: isize, S, D, E, C, F> StackOnto<I, S, D, E, C, F> for End
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
    type Sizes = ();
    fn stack_onto(self, flow: F, _: &mut List<Storage<E>>) -> F {
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

/// The flow of a stack `F` of tensors of shape `T`, which has the shape `S`, with one more operand.
type StackFlow<F, S, T, E, R, B, Y> =
    <F as Flow<S, E>>::Join<Y, B, R, Lawful<CatBackward, StackedSizes<T, B>>>;

/// The shape, the context and the flow of the first operand `P::First`.
type FirstShape<P, E, C> = <<P as Pair>::First as Operand<C, E>>::Shape;
type FirstContext<P, E, C> = <<P as Pair>::First as Operand<C, E>>::Context;
type FirstFlow<P, E, C> = <<P as Pair>::First as Operand<C, E>>::Flow;

/// The result of [`StackOnto`] for the operands that follow the first one.
macro_rules! after_one {
    ($what:ident) => {
        <P::Rest as StackOnto<
            I,
            S,
            D::Next,
            E,
            C::Or<FirstContext<P, E, C>>,
            StackFlow<F, S::Inserted<D>, S, E, FirstFlow<P, E, C>, FirstShape<P, E, C>, S::Inserted<D::Next>>,
        >>::$what
    };
}

/// The result of [`StackOnto`] for the operands after the tensor, which is a stack of one.
macro_rules! onto_first {
    ($what:ident) => {
        <P as StackOnto<I, S, Const<1>, E, C, F::Then<S::Inserted<Const<1>>, ReshapeBackward, Anything>>>::$what
    };
}

impl<const I: isize, S, D, E, C, F, P> StackOnto<I, S, D, E, C, F> for P
where
    P: Pair<
            First: Operand<C, E>,
            Rest: StackOnto<
                I,
                S,
                D::Next,
                E,
                C::Or<FirstContext<P, E, C>>,
                StackFlow<
                    F,
                    S::Inserted<D>,
                    S,
                    E,
                    FirstFlow<P, E, C>,
                    FirstShape<P, E, C>,
                    S::Inserted<D::Next>,
                >,
            >,
        >,
    S: StackWith<I, FirstShape<P, E, C>>,
    D: Next,
    E: Element,
    C: Context,
    F: Flow<S::Inserted<D>, E>,
{
    type Count = after_one!(Count);
    type Context = after_one!(Context);
    type Flow = after_one!(Flow);
    type Sizes = (StackedSizes<S, FirstShape<P, E, C>>, after_one!(Sizes));
    fn stack_onto(self, flow: F, parts: &mut List<Storage<E>>) -> Self::Flow {
        let (operand, rest) = self.split();
        let (x, rhs) = operand.into_operand();
        parts.push(x);
        let flow = flow.join(rhs, || Lawful::new(CatBackward { rows: <S as InsertAxis<I>>::OUTER }));
        rest.stack_onto(flow, parts)
    }
}

impl<const I: isize, S, E, C, F, P> StackAll<I> for (Tensor<S, E, Graph<C, F>>, P)
where
    S: InsertAxis<I>,
    E: Element,
    C: Context,
    F: Flow<S, E>,
    P: StackOnto<I, S, Const<1>, E, C, F::Then<S::Inserted<Const<1>>, ReshapeBackward, Anything>>,
{
    type Output = Tensor<S::Inserted<onto_first!(Count)>, E, Graph<onto_first!(Context), onto_first!(Flow)>>;
    type Sizes = onto_first!(Sizes);
    fn stack_all(self) -> Self::Output {
        let (first, rest) = self;
        let (x, flow) = first.into_parts();
        let flow = flow.then(|| ReshapeBackward);
        let mut parts = List::from_iter([x]);
        let flow = rest.stack_onto(flow, &mut parts);
        Tensor::from_parts(concat(&parts, <S as InsertAxis<I>>::OUTER), flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    fn numbers<S: Shape>(from: i64) -> Tensor<S, i64> {
        Tensor::from_fn(|i| from + i as i64)
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
        let w = Param::new(Tensor::from([1.0, 2.0]));
        let y = (Tensor::from([5.0, 6.0]), &w, w.track(), &w).stack::<1>();
        (y * Tensor::from([[1.0, 2.0, 3.0, 4.0]; 2])).sum().backward();
        assert_eq!(w.grad().unwrap(), Tensor::from([9.0, 9.0]));
    }

    #[test]
    fn gradients_agree_with_differences() {
        let rng = &mut Rng::seed(3);
        let a = Tensor::<Rank2<2, 3>, f64>::randn(rng);
        let b = Tensor::<Rank2<2, 3>, f64>::randn(rng);
        let w = Tensor::<Rank3<2, 3, 2>, f64>::randn(rng);
        gradcheck((a.clone(), b.clone(), w), |(a, b, w)| (([a, b].stack::<-1>()).powi(2) * w).sum()).unwrap();
        let w = Tensor::<Rank3<3, 2, 3>, f64>::randn(rng);
        gradcheck((a, b, w), |(a, b, w)| ((a.clone(), b, a).stack::<0>().powi(2) * w).sum()).unwrap();
    }
}
