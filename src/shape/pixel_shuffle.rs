//! The shapes of `pixel_shuffle` and `pixel_unshuffle`.

use super::refused::{NO_NUMBER, NOR_THIS, refuse};
use super::{Const, Dim, Expr, Law, Message, Part, Product, Shape};
use std::marker::PhantomData;

pub(super) type Square<D, const K: usize> = Expr<Product<Expr<Product<D, Const<K>>>, Const<K>>>;
pub(super) type SquareRoot<D, const K: usize> = Expr<Part<Expr<Part<D, K>>, K>>;

/// Images of shape `Self` whose channels are moved into the plane: `[.., C R R, H, W]`.
#[diagnostic::on_unimplemented(
    message = "the pixels of a tensor of shape `{Self}` cannot be shuffled",
    label = "not images `[B, C, H, W]` or one image `[C, H, W]`",
    note = "`pixel_shuffle` takes `[C R R, H, W]`, by `x.reshape::<Rank3<4, 8, 8>>()`; `pixel_unshuffle` of one plane, `x.unsqueeze::<0>()`"
)]
pub trait PixelShape<const R: usize>: Shape {
    /// `[.., C, H R, W R]` from `[.., C R R, H, W]`.
    type Shuffled: Shape;
    /// `[.., C R R, H, W]` from `[.., C, H R, W R]`.
    type Unshuffled: Shape;
    /// The sizes, with 1 for a batch that is not there.
    #[doc(hidden)]
    const NCHW: [usize; 4];
}

macro_rules! impl_pixels {
    ($($batch:ident)?) => {
        #[diagnostic::do_not_recommend]
        impl<$($batch: Dim,)? C: Dim, H: Dim, W: Dim, const R: usize> PixelShape<R> for ($($batch,)? C, H, W) {
            type Shuffled =
                ($($batch,)? SquareRoot<C, R>, Expr<Product<H, Const<R>>>, Expr<Product<W, Const<R>>>);
            type Unshuffled = ($($batch,)? Square<C, R>, Expr<Part<H, R>>, Expr<Part<W, R>>);
            const NCHW: [usize; 4] = [1 $(* $batch::SIZE)?, C::SIZE, H::SIZE, W::SIZE];
        }
    };
}
impl_pixels!();
impl_pixels!(B);

/// Implements `PixelShape` for shapes that it does not take.
macro_rules! refuse_pixels {
    ($($r:ident)*) => { $(
        refuse!([] [A] [A B] [A B C D E] [A B C D E F] of PixelShape<$r>: {
            type Shuffled = Self;
            type Unshuffled = Self;
            const NCHW: [usize; 4] = [0; 4];
        });
    )* };
}
refuse_pixels!(NO_NUMBER NOR_THIS);

/// The channels can be divided.
pub struct Shuffles<S, const R: usize>(PhantomData<S>);

// Of any shape: rustc would name this bound where the one of the method is not satisfied.
impl<S: Shape, const R: usize> Law for Shuffles<S, R> {
    const WRONG: Option<Message> = if let [.., c, _, _] = S::SIZES
        && R > 0
        && c.is_multiple_of(R * R)
    {
        None
    } else {
        let message = Message::new()
            .text("pixel_shuffle needs a number of channels that is a multiple of ")
            .number(R * R)
            .text(": the tensor has the shape ")
            .sizes(S::SIZES);
        Some(message)
    };
}

/// The height and the width can be divided.
pub struct Unshuffles<S, const R: usize>(PhantomData<S>);

impl<S: Shape, const R: usize> Law for Unshuffles<S, R> {
    const WRONG: Option<Message> = if let [.., h, w] = S::SIZES
        && R > 0
        && h.is_multiple_of(R)
        && w.is_multiple_of(R)
    {
        None
    } else {
        let message = Message::new()
            .text("pixel_unshuffle needs a height and a width that are multiples of ")
            .number(R)
            .text(": the tensor has the shape ")
            .sizes(S::SIZES);
        Some(message)
    };
}
