//! The shapes of `unfold`, `fold`, pixel shuffling, and grids for sampling images.

use super::window::{Window, WindowCheck, WindowSizes};
use super::{
    Const, ConvOptions, Convolved, Dim, Expr, Law, Message, Part, Product, Shape, channels_message,
    convolution, groups_divide, groups_message,
};
use crate::kernel::conv::conv::Convolution;
use crate::kernel::conv::depth::Depth;
use std::marker::PhantomData;

type Square<D, const K: usize> = Expr<Product<Expr<Product<D, Const<K>>>, Const<K>>>;
type SquareRoot<D, const K: usize> = Expr<Part<Expr<Part<D, K>>, K>>;
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
pub(crate) struct Windows<S, const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize>(
    PhantomData<S>,
);

impl<S, const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize>
    Windows<S, K, STRIDE, PADDING, DILATION>
where
    S: UnfoldShape<K, STRIDE, PADDING, DILATION>,
{
    pub(crate) const WINDOW: WindowSizes = WindowSizes::new(K, STRIDE, PADDING, DILATION);
}

impl<S, const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize> Law
    for Windows<S, K, STRIDE, PADDING, DILATION>
where
    S: UnfoldShape<K, STRIDE, PADDING, DILATION>,
{
    const WRONG: Option<Message> = {
        let check = WindowCheck { name: "unfold", input: &S::IMAGE, windows: &[Self::WINDOW; 2] };
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

/// Images of shape `Self` whose channels are moved into the plane: `[.., C R R, H, W]`.
#[diagnostic::on_unimplemented(
    message = "the pixels of a tensor of shape `{Self}` cannot be shuffled",
    label = "not images `[B, C, H, W]` or one image `[C, H, W]`"
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

/// The channels can be divided.
pub struct Shuffles<S, const R: usize>(PhantomData<S>);

impl<S: PixelShape<R>, const R: usize> Law for Shuffles<S, R> {
    const WRONG: Option<Message> = if R > 0 && S::NCHW[1].is_multiple_of(R * R) {
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
pub(crate) struct Unshuffles<S, const R: usize>(PhantomData<S>);

impl<S: PixelShape<R>, const R: usize> Law for Unshuffles<S, R> {
    const WRONG: Option<Message> = if R > 0 && S::NCHW[2].is_multiple_of(R) && S::NCHW[3].is_multiple_of(R) {
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

/// A grid of shape `Self` says where images of shape `S` are sampled: `[B, H', W', 2]` for `[B, C, H, W]`.
#[diagnostic::on_unimplemented(
    message = "grid_sample cannot sample images of shape `{S}` at a grid of shape `{Self}`",
    label = "grid_sample takes images `[B, C, H, W]` and a grid `[B, H', W', 2]`"
)]
pub trait GridShape<S>: Shape {
    /// `[B, C, H', W']`.
    type Sampled: Shape;
    /// Batch, channels, height and width of the images, and the positions of the grid.
    #[doc(hidden)]
    const SIZES: [usize; 5];
}

#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, H: Dim, W: Dim, P: Dim, Q: Dim> GridShape<(B, C, H, W)> for (B, P, Q, Const<2>) {
    type Sampled = (B, C, P, Q);
    const SIZES: [usize; 5] = [B::SIZE, C::SIZE, H::SIZE, W::SIZE, P::SIZE * Q::SIZE];
}

/// Affine maps of the plane, of shape `Self`: `[B, 2, 3]`.
#[diagnostic::on_unimplemented(
    message = "affine_grid cannot make a grid of a tensor of shape `{Self}`",
    label = "not affine maps `[B, 2, 3]`"
)]
pub trait AffineShape<const H: usize, const W: usize>: Shape {
    /// `[B, H, W, 2]`.
    type Grid: Shape;
}

#[diagnostic::do_not_recommend]
impl<B: Dim, const H: usize, const W: usize> AffineShape<H, W> for (B, Const<2>, Const<3>) {
    type Grid = (B, Const<H>, Const<W>, Const<2>);
}

/// A weight `W` can be moved over volumes `S`.
pub(crate) struct Conv3dFits<W, S, O>(PhantomData<fn() -> (W, S, O)>);

impl<W, S, O> Law for Conv3dFits<W, S, O>
where
    W: Conv3dShape<S, O>,
{
    const WRONG: Option<Message> = W::WRONG;
}

/// A weight of shape `Self` can be moved over volumes of shape `S`: `[O, C / groups, KD, KH, KW]` over `[B, C, D, H, W]`.
#[diagnostic::on_unimplemented(
    message = "conv3d cannot convolve a tensor of shape `{S}` with a weight of shape `{Self}`",
    label = "conv3d takes an input `[B, C, D, H, W]` and a weight `[O, C / groups, KD, KH, KW]`"
)]
pub trait Conv3dShape<S, O>: Shape {
    /// `[B, O, D', H', W']`.
    type Convolved: Shape;
    #[doc(hidden)]
    const DEPTH: Depth;
    #[doc(hidden)]
    const IMAGES: Convolution;
    #[doc(hidden)]
    const WRONG: Option<Message>;
}

#[rustfmt::skip]
#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, D: Dim, H: Dim, W: Dim, N: Dim, P: Dim, KD: Dim, KH: Dim, KW: Dim, O: ConvOptions>
    Conv3dShape<(B, C, D, H, W), O> for (N, P, KD, KH, KW)
{
    type Convolved = (
        B,
        N,
        O::Places<D, KD>,
        O::Places<H, KH>,
        O::Places<W, KW>,
    );
    const DEPTH: Depth = Depth {
        batch: B::SIZE,
        channels: C::SIZE,
        depth: D::SIZE,
        plane: H::SIZE * W::SIZE,
        places: O::WINDOW.with_kernel(KD::SIZE).places(D::SIZE),
        kernel: KD::SIZE,
        stride: O::WINDOW.stride,
        padding: O::WINDOW.padding,
        dilation: O::WINDOW.dilation,
    };
    const IMAGES: Convolution = convolution(
        B::SIZE * O::WINDOW.with_kernel(KD::SIZE).places(D::SIZE),
        [C::SIZE * KD::SIZE, N::SIZE],
        O::GROUPS,
        [H::SIZE, W::SIZE],
        [
            O::WINDOW.with_kernel(KH::SIZE),
            O::WINDOW.with_kernel(KW::SIZE),
        ],
    );
    const WRONG: Option<Message> = {
        let deep = O::WINDOW.with_kernel(KD::SIZE);
        let depth = WindowCheck { name: "conv3d along the depth", input: &[D::SIZE], windows: &[deep] };
        let planes = WindowCheck {
            name: "conv3d",
            input: &[H::SIZE, W::SIZE],
            windows: &[
                O::WINDOW.with_kernel(KH::SIZE),
                O::WINDOW.with_kernel(KW::SIZE),
            ],
        };
        if C::SIZE != P::SIZE * O::GROUPS {
            Some(channels_message("conv3d", P::SIZE * O::GROUPS, C::SIZE))
        } else if !groups_divide([C::SIZE, N::SIZE], O::GROUPS) {
            Some(groups_message("conv3d", [C::SIZE, N::SIZE], O::GROUPS))
        } else if !depth.fits() {
            Some(depth.message())
        } else if !planes.fits() {
            Some(planes.message())
        } else {
            None
        }
    };
}
