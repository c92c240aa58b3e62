//! The shapes of `unfold` and `fold`.

use super::pixel_shuffle::{Square, SquareRoot};
use super::pool::moving;
use super::refused::{NO_NUMBER, NOR_THIS, Nothing, refuse};
use super::window::{Convolved, Window, WindowAxis, WindowCheck, WindowSizes};
use super::{Const, Dim, Expr, Law, Message, Product, Shape};
use crate::kernel::conv::pool::Moving;
use std::marker::PhantomData;

/// A window over images: a [`Window`] that is the same along both axes, or one for the height and one for the width.
pub trait ImageWindow {
    /// `D` times the number of elements of the window.
    type Times<D: Dim>: Dim;
    /// `D` divided by the number of elements of the window.
    type Part<D: Dim>: Dim;
    /// The number of positions of the window on images of height `H` and width `W`.
    type Places<H: Dim, W: Dim>: Dim;
    #[doc(hidden)]
    const SIZES: [WindowSizes; 2];
    /// The names of the two methods.
    #[doc(hidden)]
    const NAMES: [&str; 2];
}

impl<const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize> ImageWindow
    for Window<K, STRIDE, PADDING, DILATION>
{
    type Times<D: Dim> = Square<D, K>;
    type Part<D: Dim> = SquareRoot<D, K>;
    type Places<H: Dim, W: Dim> = Expr<
        Product<
            Expr<Convolved<H, Const<K>, STRIDE, PADDING, DILATION>>,
            Expr<Convolved<W, Const<K>, STRIDE, PADDING, DILATION>>,
        >,
    >;
    const SIZES: [WindowSizes; 2] = [WindowSizes::new(K, STRIDE, PADDING, DILATION); 2];
    const NAMES: [&str; 2] = ["unfold", "fold"];
}

impl<WH: WindowAxis, WW: WindowAxis> ImageWindow for (WH, WW) {
    type Times<D: Dim> = WW::Times<WH::Times<D>>;
    type Part<D: Dim> = WW::Part<WH::Part<D>>;
    type Places<H: Dim, W: Dim> = Expr<Product<WH::Places<H>, WW::Places<W>>>;
    const SIZES: [WindowSizes; 2] = [WH::SIZES, WW::SIZES];
    const NAMES: [&str; 2] = ["unfold_rect", "fold_rect"];
}

const fn moving_over(image: [usize; 2], windows: [WindowSizes; 2]) -> [Moving; 2] {
    [moving(image[0], windows[0]), moving(image[1], windows[1])]
}

/// Images of shape `Self`, whose windows `V` are laid out as columns: `[B, C, H, W]`.
#[diagnostic::on_unimplemented(
    message = "windows are taken of images, and not of a tensor of shape `{Self}`",
    label = "not images `[B, C, H, W]`",
    note = "one channel of one image is `x.reshape::<Rank4<1, 1, 28, 28>>()`, one image `x.unsqueeze::<0>()`"
)]
pub trait UnfoldShape<V>: Shape {
    /// `[B, C KH KW, L]`, with L positions of the window.
    type Unfolded: Shape;
    #[doc(hidden)]
    const PLANES: usize;
    #[doc(hidden)]
    const MOVING: [Moving; 2];
}

#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, H: Dim, W: Dim, V: ImageWindow> UnfoldShape<V> for (B, C, H, W) {
    type Unfolded = (B, V::Times<C>, V::Places<H, W>);
    const PLANES: usize = B::SIZE * C::SIZE;
    const MOVING: [Moving; 2] = moving_over([H::SIZE, W::SIZE], V::SIZES);
}

/// Implements the traits of `unfold` and `fold` for shapes that they do not take.
macro_rules! refuse_windows {
    ($($windows:ty),*) => { $(
        refuse!([] [A] [A B] [A B C] [A B C D E] [A B C D E F] of UnfoldShape<$windows>: {
            type Unfolded = Self;
            const PLANES: usize = 0;
            const MOVING: [Moving; 2] = [Moving::NONE; 2];
        });
        refuse!([] [A] [A B] [A B C D] [A B C D E] [A B C D E F] of FoldShape<0, 0, $windows>: {
            type Folded = Self;
            type Columns = Self;
            const PLANES: usize = 0;
            const MOVING: [Moving; 2] = [Moving::NONE; 2];
        });
    )* };
}
refuse_windows!(Window<NO_NUMBER>, Window<NOR_THIS>, (Nothing<0>, Nothing<0>), (Nothing<1>, Nothing<1>));

/// The windows `V` of `unfold` fit into the images.
pub struct Windows<S, V>(PhantomData<(S, V)>);

impl<S, V> Law for Windows<S, V>
where
    // Any shape: rustc would name this bound where the one of the method is not satisfied.
    S: Shape,
    V: ImageWindow,
{
    const WRONG: Option<Message> = {
        let image = if let [.., h, w] = S::SIZES { &[*h, *w] } else { &[0, 0] };
        let check = WindowCheck { name: V::NAMES[0], input: image, windows: &V::SIZES };
        if check.fits() { None } else { Some(check.message()) }
    };
}

/// Columns of shape `Self`, of windows `V`, that are put together to images of height and width `H` and `W`:
/// `[B, C KH KW, L]`.
#[diagnostic::on_unimplemented(
    message = "images are put together from columns, and not from a tensor of shape `{Self}`",
    label = "not columns `[B, C KH KW, L]`",
    note = "the columns of one image are `x.unsqueeze::<0>()`"
)]
pub trait FoldShape<const H: usize, const W: usize, V>: Shape {
    /// `[B, C, H, W]`.
    type Folded: Shape;
    /// C KH KW and L.
    #[doc(hidden)]
    type Columns: Shape;
    #[doc(hidden)]
    const PLANES: usize;
    #[doc(hidden)]
    const MOVING: [Moving; 2];
}

#[diagnostic::do_not_recommend]
impl<B: Dim, D: Dim, L: Dim, const H: usize, const W: usize, V: ImageWindow> FoldShape<H, W, V>
    for (B, D, L)
{
    type Folded = (B, V::Part<D>, Const<H>, Const<W>);
    type Columns = (D, L);
    const PLANES: usize = B::SIZE * <V::Part<D> as Dim>::SIZE;
    const MOVING: [Moving; 2] = moving_over([H, W], V::SIZES);
}

/// The columns of a `fold`, `S`, are those of the windows `V` of the images.
pub struct Columns<S, const H: usize, const W: usize, V>(PhantomData<(S, V)>);

impl<S, const H: usize, const W: usize, V> Law for Columns<S, H, W, V>
where
    S: Shape,
    V: ImageWindow,
{
    const WRONG: Option<Message> = {
        let [high, wide] = V::SIZES;
        let taps = high.kernel * wide.kernel;
        let (rows, columns) = (S::SIZES[0], S::SIZES[1]);
        let places = high.places(H) * wide.places(W);
        if taps == 0 || !rows.is_multiple_of(taps) {
            let message =
                Message::new().text(V::NAMES[1]).text(" takes columns of whole windows: a window has ");
            Some(message.number(taps).text(" elements for each channel, the columns have ").number(rows))
        } else if places != columns {
            let message = Message::new()
                .text(V::NAMES[1])
                .text(" takes a column for each position of the window: there are ");
            let message = message.number(places).text(" positions on images of ").sizes(&[H, W]);
            Some(message.text(", and ").number(columns).text(" columns"))
        } else {
            None
        }
    };
}
