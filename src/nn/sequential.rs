//! Tuples of layers, in sequence.

use super::{Forward, Init, Module, Name, Visitor, VisitorMut};
use crate::element::Element;
use crate::graph::{InputOf, Mode};
use crate::module::total_parameters;
use crate::rng::Rng;
use crate::shape::Shape;
use crate::tensor::{Input, Traced};

macro_rules! impl_sequential {
    ($($layer:ident $index:tt)+) => {
        #[diagnostic::do_not_recommend]
        impl<$($layer: Module),+> Module for ($($layer,)+) {
            const NUM_PARAMETERS: Option<usize> = total_parameters(&[$($layer::NUM_PARAMETERS),+]);

            fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
                $(visitor.enter(Name::Index($index)); self.$index.visit(visitor); visitor.leave();)+
            }
            fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, visitor: &mut V) {
                $(visitor.enter(Name::Index($index)); self.$index.visit_mut(visitor); visitor.leave();)+
            }
        }

        impl<$($layer: Init),+> Init for ($($layer,)+) {
            fn new(rng: &mut Rng) -> Self {
                ($($layer::new(rng),)+)
            }
        }

        impl_sequential!(@forward [S] [I] [] [$($layer $index)+] $($layer)+);
    };
    // Chains the shapes: each layer takes what the one before it puts out.
    (@forward [$($shape:tt)+] [$input:ident] [$($bound:tt)*] [$($all:tt)+] $layer:ident $next:ident $($rest:ident)*) => {
        impl_sequential!(@forward [<$layer as Forward<$($shape)+, E, $input>>::Output] [E]
            [$($bound)* $layer: Forward<$($shape)+, E, $input>,] [$($all)+] $next $($rest)*);
    };
    (@forward [$($shape:tt)+] [$input:ident] [$($bound:tt)*] [$first:ident $zero:tt $($layer:ident $index:tt)*] $last:ident) => {
        impl<S, E, I, $first, $($layer),*> Forward<S, E, I> for ($first, $($layer,)*)
        where
            S: Shape,
            E: Element + InputOf<E>,
            I: InputOf<E>,
            $($bound)*
            $last: Forward<$($shape)+, E, $input>,
        {
            type Output = <$last as Forward<$($shape)+, E, $input>>::Output;
            fn forward<Mo: Mode>(&self, x: Input<S, Mo, I>) -> impl Traced<Self::Output, Mo, E> {
                let x = self.0.call(x);
                $(let x = self.$index.call(x);)*
                x
            }
        }
    };
}
impl_sequential!(L0 0);
impl_sequential!(L0 0 L1 1);
impl_sequential!(L0 0 L1 1 L2 2);
impl_sequential!(L0 0 L1 1 L2 2 L3 3);
impl_sequential!(L0 0 L1 1 L2 2 L3 3 L4 4);
impl_sequential!(L0 0 L1 1 L2 2 L3 3 L4 4 L5 5);
impl_sequential!(L0 0 L1 1 L2 2 L3 3 L4 4 L5 5 L6 6);
impl_sequential!(L0 0 L1 1 L2 2 L3 3 L4 4 L5 5 L6 6 L7 7);
impl_sequential!(L0 0 L1 1 L2 2 L3 3 L4 4 L5 5 L6 6 L7 7 L8 8);
impl_sequential!(L0 0 L1 1 L2 2 L3 3 L4 4 L5 5 L6 6 L7 7 L8 8 L9 9);
impl_sequential!(L0 0 L1 1 L2 2 L3 3 L4 4 L5 5 L6 6 L7 7 L8 8 L9 9 L10 10);
impl_sequential!(L0 0 L1 1 L2 2 L3 3 L4 4 L5 5 L6 6 L7 7 L8 8 L9 9 L10 10 L11 11);
