//! One error for a tuple of more layers than there are impls for.

use super::{Forward, Init, Module, Name, Visitor, VisitorMut};
use crate::graph::Mode;
use crate::rng::Rng;
use crate::shape::Shape;
use crate::tensor::{Input, Tensor, Traced};

/// A tuple that is not too long to run.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a tuple has at most twelve layers, and this one has more",
    label = "a tuple that is too long",
    note = "put some into a tuple of their own, which is a layer: `(Linear<8, 4>, Relu, (Linear<4, 4>, Relu, Linear<4, 2>))`",
    note = "equal layers are an array: `[(Linear<8, 8>, Relu); 7]`"
)]
pub trait TwelveAtMost {
    type Output: Shape;
}
/// Tuples that are modules, but too long to run, so that the message above is printed where they are run, and no other elsewhere.
macro_rules! too_long {
    ([$($layer:ident $index:tt)+]) => {
        #[doc(hidden)]
        #[diagnostic::do_not_recommend]
        impl<$($layer: Module),+> Module for ($($layer,)+) {
            fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
                $(self.$index.visit_part(Name::Index($index), visitor);)+
            }
            fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, visitor: &mut V) {
                $(self.$index.visit_part_mut(Name::Index($index), visitor);)+
            }
        }
        #[doc(hidden)]
        impl<$($layer: Init),+> Init for ($($layer,)+) {
            fn new(rng: &mut Rng) -> Self {
                ($($layer::new(rng),)+)
            }
        }
        too_long!(@forward $($layer)+);
    };
    (@forward $($layer:ident)+) => {
        #[doc(hidden)]
        impl<S: Shape, $($layer),+> Forward<S> for ($($layer),+)
        where
            ($($layer),+): Module + TwelveAtMost,
        {
            type Output = <($($layer),+) as TwelveAtMost>::Output;
            fn forward<Mo: Mode>(&self, _: Input<S, Mo>) -> impl Traced<Self::Output, Mo> {
                Tensor::<Self::Output>::zeros().within::<Mo>()
            }
        }
    };
    ([$($all:tt)+] $layer:ident $index:tt $($rest:tt)*) => {
        too_long!([$($all)+]);
        too_long!([$($all)+ $layer $index] $($rest)*);
    };
}
too_long!(
    [L0 0 L1 1 L2 2 L3 3 L4 4 L5 5 L6 6 L7 7 L8 8 L9 9 L10 10 L11 11 L12 12]
    L13 13 L14 14 L15 15 L16 16 L17 17 L18 18 L19 19 L20 20 L21 21 L22 22 L23 23
);
