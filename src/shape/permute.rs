//! Orders of axes.

use super::{Axis, Dim, Law, Message, Shape};
use std::marker::PhantomData;

/// A tensor of shape `Self` can be permuted to the order `O`, which is one of [`Axes1`](super::Axes1) to
/// [`Axes6`](super::Axes6) and names each axis once.
#[diagnostic::on_unimplemented(
    message = "`{O}` is not an order of the axes of a tensor of shape `{Self}`",
    label = "each axis of `{Self}` must be named once",
    note = "write as many axes as the tensor has: `x.permute::<Axes3<2, 0, 1>>()`"
)]
pub trait Permute<O>: Shape {
    /// The shape in that order.
    type Permuted: Shape;
    /// The axes, as they were written.
    const ORDER: &'static [isize];
    /// The positions of the axes, from the front.
    const POSITIONS: &'static [usize];
}

macro_rules! impl_permute {
    ($axes:ident $($dim:ident $index:ident)+) => {
        impl<$($dim: Dim,)+ $(const $index: isize),+> Permute<super::$axes<$($index),+>> for ($($dim,)+)
        where
            $(Self: Axis<$index>),+
        {
            type Permuted = ($(<Self as Axis<$index>>::Dim,)+);
            const ORDER: &'static [isize] = &[$($index),+];
            const POSITIONS: &'static [usize] = &[$(<<Self as Axis<$index>>::Position as Dim>::SIZE),+];
        }
    };
}
impl_permute!(Axes1 A I);
impl_permute!(Axes2 A I B J);
impl_permute!(Axes3 A I B J C K);
impl_permute!(Axes4 A I B J C K D L);
impl_permute!(Axes5 A I B J C K D L E M);
impl_permute!(Axes6 A I B J C K D L E M F N);

/// The order of a `permute`, looked at when the program is built.
pub struct Order<S, O>(PhantomData<(S, O)>);

impl<S: Permute<O>, O> Law for Order<S, O> {
    const WRONG: Option<Message> = {
        let order = S::POSITIONS;
        let mut once = true;
        let mut i = 0;
        while i < order.len() {
            let mut j = 0;
            while j < i {
                once = once && order[i] != order[j];
                j += 1;
            }
            i += 1;
        }
        if once {
            None
        } else {
            let mut text = Message::new().text("permute must name each axis once: the order is [");
            let mut i = 0;
            while i < S::ORDER.len() {
                if i > 0 {
                    text = text.text(", ");
                }
                text = text.signed(S::ORDER[i]);
                i += 1;
            }
            Some(text.text("], the tensor has the shape ").sizes(S::SIZES))
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Axes3, Rank3};
    use std::any::TypeId;

    fn same<A: 'static, B: 'static>() -> bool {
        TypeId::of::<A>() == TypeId::of::<B>()
    }

    #[test]
    fn an_order_gives_the_shape_and_the_positions() {
        type S = Rank3<2, 3, 4>;
        assert!(same::<<S as Permute<Axes3<2, 0, -2>>>::Permuted, Rank3<4, 2, 3>>());
        assert_eq!(<S as Permute<Axes3<2, 0, -2>>>::POSITIONS, [2, 0, 1]);
    }
}
