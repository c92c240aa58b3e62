//! The shapes of `unfold` and `fold`.

use super::pixel_shuffle::{Square, SquareRoot};
use super::window::{Window, WindowCheck, WindowSizes};
use super::{Const, Convolved, Dim, Expr, Law, Message, Product, Shape};
use std::marker::PhantomData;

type Places<D, const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize> =
    Expr<Convolved<D, Const<K>, STRIDE, PADDING, DILATION>>;

/// Images of shape `Self`, whose windows are laid out as columns: `[B, C, H, W]`.
#[diagnostic::on_unimplemented(
    message = "unfold cannot take windows of a tensor of shape `{Self}`",
    label = "not images `[B, C, H, W]`"
)]
pub trait UnfoldShape<const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize>:
    Shape
{
    /// `[B, C K K, L]`, with L positions of the window.
    type Unfolded: Shape;
    #[doc(hidden)]
    const PLANES: usize;
    #[doc(hidden)]
    const IMAGE: [usize; 2];
}

#[diagnostic::do_not_recommend]
impl<
    B: Dim,
    C: Dim,
    H: Dim,
    W: Dim,
    const K: usize,
    const STRIDE: usize,
    const PADDING: usize,
    const DILATION: usize,
> UnfoldShape<K, STRIDE, PADDING, DILATION> for (B, C, H, W)
{
    type Unfolded = (
        B,
        Square<C, K>,
        Expr<Product<Places<H, K, STRIDE, PADDING, DILATION>, Places<W, K, STRIDE, PADDING, DILATION>>>,
    );
    const PLANES: usize = B::SIZE * C::SIZE;
    const IMAGE: [usize; 2] = [H::SIZE, W::SIZE];
}

/// The windows of `unfold` fit into the images.
pub struct Windows<S, const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize>(
    PhantomData<S>,
);

impl<S, const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize>
    Windows<S, K, STRIDE, PADDING, DILATION>
{
    pub(crate) const WINDOW: WindowSizes = WindowSizes::new(K, STRIDE, PADDING, DILATION);
}

impl<S, const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize> Law
    for Windows<S, K, STRIDE, PADDING, DILATION>
where
    // Any shape: rustc would name this bound where the one of the method is not satisfied.
    S: Shape,
{
    const WRONG: Option<Message> = {
        let image = if let [.., h, w] = S::SIZES { &[*h, *w] } else { &[0, 0] };
        let check = WindowCheck { name: "unfold", input: image, windows: &[Self::WINDOW; 2] };
        if check.fits() { None } else { Some(check.message()) }
    };
}

/// Columns of shape `Self` that are put together to images of height and width `H` and `W`: `[B, C K K, L]`.
#[diagnostic::on_unimplemented(
    message = "fold cannot combine the columns of a tensor of shape `{Self}`",
    label = "not columns `[B, C K K, L]`"
)]
pub trait FoldShape<const H: usize, const W: usize, const K: usize>: Shape {
    /// `[B, C, H, W]`.
    type Folded: Shape;
    /// C K K and L.
    #[doc(hidden)]
    type Columns: Shape;
    #[doc(hidden)]
    const PLANES: usize;
}

#[diagnostic::do_not_recommend]
impl<B: Dim, D: Dim, L: Dim, const H: usize, const W: usize, const K: usize> FoldShape<H, W, K>
    for (B, D, L)
{
    type Folded = (B, SquareRoot<D, K>, Const<H>, Const<W>);
    type Columns = (D, L);
    const PLANES: usize = B::SIZE * <SquareRoot<D, K> as Dim>::SIZE;
}

/// The columns of a `fold`, `S`, are those of the windows `V` of the images.
pub struct Columns<S, const H: usize, const W: usize, V>(PhantomData<(S, V)>);

impl<
    S,
    const H: usize,
    const W: usize,
    const K: usize,
    const STRIDE: usize,
    const PADDING: usize,
    const DILATION: usize,
> Law for Columns<S, H, W, Window<K, STRIDE, PADDING, DILATION>>
where
    S: Shape,
{
    const WRONG: Option<Message> = {
        let window = WindowSizes::new(K, STRIDE, PADDING, DILATION);
        let (rows, columns) = (S::SIZES[0], S::SIZES[1]);
        let places = window.places(H) * window.places(W);
        if K == 0 || !rows.is_multiple_of(K * K) {
            let message =
                Message::new().text("fold takes columns of whole windows: a window has ").number(K * K);
            Some(message.text(" elements for each channel, the columns have ").number(rows))
        } else if places != columns {
            let message =
                Message::new().text("fold takes a column for each position of the window: there are ");
            let message = message.number(places).text(" positions on images of ").sizes(&[H, W]);
            Some(message.text(", and ").number(columns).text(" columns"))
        } else {
            None
        }
    };
}
