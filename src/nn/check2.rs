//! Checks of a network with two inputs at compile time.

use super::Forward2;
use super::check::{wrong_in, wrong_with_loss};
use crate::element::Element;
use crate::graph::{
    CheckMode, ChecksInput, InputOf, Scope, Train, outline_of, reaches_parameters, refused_by,
};
use crate::module::Call2;
use crate::shape::Shape;

/// [`check`](super::check) of a network with two inputs, of the shapes `S` and `R`.
///
/// `#[module(inputs = (S, R))]` and [`check!`](crate::check) call it:
///
/// ```compile_fail,E0080
/// use typegrad::prelude::*;
///
/// #[derive(Module)]
/// #[module(inputs = (Rank2<8, 64>, Rank2<8, 32>))]
/// struct Pair {
///     image: Linear<64, 16>,
///     text: Linear<32, 16>, // in `Pair`: no gradient reaches `text` (528 elements)
/// }
///
/// impl<const B: usize> Forward2<Rank2<B, 64>, Rank2<B, 32>> for Pair {
///     type Output = Rank2<B, 16>;
///     fn forward2<M: Mode>(
///         &self,
///         image: Shared<Rank2<B, 64>, M>,
///         text: Shared<Rank2<B, 32>, M>,
///     ) -> impl Traced<Self::Output, M> {
///         self.image.call(image) + self.text.call(text).detach()
///     }
/// }
/// ```
#[track_caller]
pub const fn check2<L, S, R, E, I, J>()
where
    L: Forward2<S, R, E, I, J>,
    S: Shape,
    R: Shape,
    E: Element,
    I: InputOf<E>,
    J: InputOf<E>,
{
    let Some(run) = Call2::<L>::RUN else { return };
    let inside = outline_of::<(_, _, _), _>(<L as Forward2<S, R, E, I, J>>::forward2::<CheckMode>);
    if let Some(message) = wrong_in(run, L::TYPE_LAW, inside) {
        panic!("{}", message.as_str())
    }
}

/// [`check_loss`](super::check_loss) of a network with two inputs, of the shapes `S` and `R`.
///
/// `#[module(inputs = (S, R), loss = T)]` and [`check!`](crate::check) call it.
#[track_caller]
pub const fn check_loss2<L, S, R, E, I, J, T>()
where
    L: Forward2<S, R, E, I, J>,
    S: Shape,
    R: Shape,
    E: Element,
    I: InputOf<E>,
    J: InputOf<E>,
    T: ChecksInput,
{
    check2::<L, S, R, E, I, J>();
    let Some(run) = Call2::<L>::RUN else { return };
    let refused = refused_by::<T, L, (_, _, _), _>(<L as Forward2<S, R, E, I, J>>::forward2::<CheckMode>);
    let reaches = reaches_parameters::<(_, _, _), _>(<L as Forward2<S, R, E, I, J>>::forward2::<Train>);
    if let Some(message) = wrong_with_loss(run, refused, reaches) {
        panic!("{}", message.as_str())
    }
}

/// The elements that [`check!`](crate::check) is given after a shape.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the type of the elements of a network",
    label = "the elements of a tensor are `f32`, `f64`, `i64` or `bool`",
    note = "a network with two inputs is checked with the shapes of both: `check!(Net, inputs = (Rank2<8, 64>, Rank1<8>))`"
)]
pub trait CheckedElements {
    #[doc(hidden)]
    type Elements: Element;
}

// One for each, and not one for all elements, whose error would be that of `Element`, beside another one.
macro_rules! checked_elements {
    ($($element:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl CheckedElements for $element {
            type Elements = $element;
        }
    )* };
}
checked_elements!(f32, f64, i64, bool);
