//! The shapes of pooling and of other operations on the last axes of images and signals.

use super::{Const, Convolved, Dim, Expr, Message, Product, Shape, Window};
use crate::kernel::conv::pool::Moving;
use std::marker::PhantomData;

/// Windows of size `K` move over the last `AXES` axes of a tensor of shape `Self`: `[B, C, L]` for one, `[B, C, H, W]` for
/// two.
#[diagnostic::on_unimplemented(
    message = "pooling over {AXES} axes cannot take an input of shape `{Self}`",
    label = "the input has the shape `{Self}`",
    note = "over one axis it takes signals `[B, C, L]`, over two axes images `[B, C, H, W]`"
)]
pub trait Pool<
    const AXES: usize,
    const K: usize,
    const STRIDE: usize,
    const PADDING: usize,
    const DILATION: usize,
>: Shape
{
    /// `[B, C, L']` or `[B, C, H', W']`.
    type Output: Shape;
    /// The number of signals or images: batch times channels.
    #[doc(hidden)]
    const PLANES: usize;
    #[doc(hidden)]
    const MOVING: [Moving; 2];
    #[doc(hidden)]
    const SPATIAL: &'static [usize];
}

const fn moving(input: usize, output: usize, [kernel, stride, padding, dilation]: [usize; 4]) -> Moving {
    Moving { input, output, kernel, stride, padding, dilation }
}

type Places<D, const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize> =
    Expr<Convolved<D, Const<K>, STRIDE, PADDING, DILATION>>;

#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, L: Dim, const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize>
    Pool<1, K, STRIDE, PADDING, DILATION> for (B, C, L)
{
    type Output = (B, C, Places<L, K, STRIDE, PADDING, DILATION>);
    const PLANES: usize = B::SIZE * C::SIZE;
    const MOVING: [Moving; 2] = [
        Moving::NONE,
        moving(L::SIZE, <Places<L, K, STRIDE, PADDING, DILATION>>::SIZE, [K, STRIDE, PADDING, DILATION]),
    ];
    const SPATIAL: &'static [usize] = &[L::SIZE];
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
> Pool<2, K, STRIDE, PADDING, DILATION> for (B, C, H, W)
{
    type Output = (B, C, Places<H, K, STRIDE, PADDING, DILATION>, Places<W, K, STRIDE, PADDING, DILATION>);
    const PLANES: usize = B::SIZE * C::SIZE;
    const MOVING: [Moving; 2] = [
        moving(H::SIZE, <Places<H, K, STRIDE, PADDING, DILATION>>::SIZE, [K, STRIDE, PADDING, DILATION]),
        moving(W::SIZE, <Places<W, K, STRIDE, PADDING, DILATION>>::SIZE, [K, STRIDE, PADDING, DILATION]),
    ];
    const SPATIAL: &'static [usize] = &[H::SIZE, W::SIZE];
}

/// The window of a pooling, compared with its input when the program is built.
pub(crate) struct Pooling<
    S,
    const MAX: bool,
    const AXES: usize,
    const K: usize,
    const STRIDE: usize,
    const PADDING: usize,
    const DILATION: usize,
>(PhantomData<S>);

impl<
    S,
    const MAX: bool,
    const AXES: usize,
    const K: usize,
    const STRIDE: usize,
    const PADDING: usize,
    const DILATION: usize,
> Pooling<S, MAX, AXES, K, STRIDE, PADDING, DILATION>
where
    S: Pool<AXES, K, STRIDE, PADDING, DILATION>,
{
    const NAME: &'static str = match (MAX, AXES) {
        (true, 1) => "max_pool1d",
        (true, _) => "max_pool2d",
        (false, 1) => "avg_pool1d",
        (false, _) => "avg_pool2d",
    };
    const WINDOW: Window<'static> = Window {
        name: Self::NAME,
        input: S::SPATIAL,
        kernel: &[K; AXES],
        stride: STRIDE,
        padding: PADDING,
        dilation: DILATION,
    };
    const MESSAGE: Message = if PADDING > K / 2 {
        Message::new()
            .text("the padding of ")
            .text(Self::NAME)
            .text(" is at most half of its kernel: it is ")
            .number(PADDING)
            .text(", and the kernel has the size ")
            .sizes(&[K; AXES])
    } else {
        Self::WINDOW.message()
    };
    const TEXT: &'static str = Self::MESSAGE.as_str();
    pub(crate) const FITS: () = assert!(PADDING <= K / 2 && Self::WINDOW.fits(), "{}", Self::TEXT);
}

/// The last axes of a tensor of shape `Self` can get the sizes `T`: `[B, C, L]` one, `[B, C, H, W]` two.
#[diagnostic::on_unimplemented(
    message = "an input of shape `{Self}` cannot be brought to the size `{T}`",
    label = "the input has the shape `{Self}`",
    note = "signals `[B, C, L]` get one new size, images `[B, C, H, W]` two"
)]
pub trait Resize<T>: Shape {
    /// The shape with these sizes.
    type Output: Shape;
    #[doc(hidden)]
    const PLANES: usize;
    #[doc(hidden)]
    const INPUT: [usize; 2];
    #[doc(hidden)]
    const OUTPUT: [usize; 2];
}

#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, L: Dim, T: Dim> Resize<(T,)> for (B, C, L) {
    type Output = (B, C, T);
    const PLANES: usize = B::SIZE * C::SIZE;
    const INPUT: [usize; 2] = [1, L::SIZE];
    const OUTPUT: [usize; 2] = [1, T::SIZE];
}

#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, H: Dim, W: Dim, T: Dim, U: Dim> Resize<(T, U)> for (B, C, H, W) {
    type Output = (B, C, T, U);
    const PLANES: usize = B::SIZE * C::SIZE;
    const INPUT: [usize; 2] = [H::SIZE, W::SIZE];
    const OUTPUT: [usize; 2] = [T::SIZE, U::SIZE];
}

/// Images of shape `Self` can be enlarged `SCALE` times along both axes.
#[diagnostic::on_unimplemented(
    message = "upsampling cannot take an input of shape `{Self}`",
    label = "the input has the shape `{Self}`",
    note = "it takes images `[B, C, H, W]`"
)]
pub trait Scale<const SCALE: usize>: Shape {
    /// The shape with the new sizes.
    type Scaled: Shape;
    #[doc(hidden)]
    const PLANES: usize;
    #[doc(hidden)]
    const FROM: [usize; 2];
    #[doc(hidden)]
    const TO: [usize; 2];
}

#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, H: Dim, W: Dim, const SCALE: usize> Scale<SCALE> for (B, C, H, W) {
    type Scaled = (B, C, Expr<Product<H, Const<SCALE>>>, Expr<Product<W, Const<SCALE>>>);
    const PLANES: usize = B::SIZE * C::SIZE;
    const FROM: [usize; 2] = [H::SIZE, W::SIZE];
    const TO: [usize; 2] = [H::SIZE * SCALE, W::SIZE * SCALE];
}

/// A resize of a tensor of shape `S`, which needs something to start from.
pub(crate) struct Resizing<S, T>(PhantomData<(S, T)>);

impl<S: Resize<T>, T: Shape> Resizing<S, T> {
    const MESSAGE: Message = Message::new()
        .text("the size ")
        .sizes(T::SIZES)
        .text(" cannot be made from a tensor of shape ")
        .sizes(<S as Shape>::SIZES)
        .text(", which has nothing to start from");
    const TEXT: &'static str = Self::MESSAGE.as_str();
    pub(crate) const POSSIBLE: () = {
        let possible = S::INPUT[0] * S::INPUT[1] > 0 || S::OUTPUT[0] * S::OUTPUT[1] == 0;
        assert!(possible, "{}", Self::TEXT)
    };
}
