//! The shapes of pooling and of other operations on the last axes of images and signals.

use super::refused::{NO_NUMBER, NOR_THIS, Nothing, refuse};
use super::window::{WindowCheck, WindowSizes};
use super::{Const, Dim, Expr, Law, Message, Product, Shape, Window, WindowAxis};
use crate::kernel::conv::pool::Moving;
use std::marker::PhantomData;

/// Windows `W` move over the last `AXES` axes of a tensor of shape `Self`: `[B, C, L]` for one, `[B, C, H, W]` for two,
/// `[B, C, D, H, W]` for three.
///
/// `W` is a [`Window`] that is the same along each axis, or a tuple of one for each axis.
#[diagnostic::on_unimplemented(
    message = "max_pool{AXES}d and avg_pool{AXES}d cannot take an input of shape `{Self}`",
    label = "the input has the shape `{Self}`",
    note = "1d takes signals `[B, C, L]`, 2d images `[B, C, H, W]`, 3d volumes `[B, C, D, H, W]`; a batch of one is `x.unsqueeze::<0>()`"
)]
pub trait Pool<const AXES: usize, W>: Shape {
    /// `[B, C, L']`, `[B, C, H', W']` or `[B, C, D', H', W']`.
    type Output: Shape;
    /// The result of the windows over planes: of volumes `[B, C, D, H', W']`, of others the output.
    #[doc(hidden)]
    type Planes: Shape;
    /// That the windows fit. A result names it in place of [`Pooling`], whose bound rustc would report once more, at the next use
    /// of the result.
    #[doc(hidden)]
    type Fits<const MAX: bool>: Law;
    /// The number of signals or planes: batch times channels, and of volumes times the depth.
    #[doc(hidden)]
    const PLANES: usize;
    #[doc(hidden)]
    const MOVING: [Moving; 2];
    /// The number of volumes, and the windows over the depth of [`Planes`](Self::Planes).
    #[doc(hidden)]
    const DEPTHS: (usize, [Moving; 2]) = (0, [Moving::NONE; 2]);
    #[doc(hidden)]
    const SPATIAL: &'static [usize];
    #[doc(hidden)]
    const WINDOWS: &'static [WindowSizes];
}

/// A window that moves along an axis.
pub(super) const fn moving(input: usize, window: WindowSizes) -> Moving {
    let WindowSizes { kernel, stride, padding, dilation, .. } = window;
    Moving { input, output: window.places(input), kernel, stride, padding, dilation }
}

type Places<W, D> = <W as WindowAxis>::Places<D>;

#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, L: Dim, const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize>
    Pool<1, Window<K, STRIDE, PADDING, DILATION>> for (B, C, L)
{
    type Output = (B, C, Places<Window<K, STRIDE, PADDING, DILATION>, L>);
    type Planes = Self::Output;
    type Fits<const MAX: bool> = Pooling<Self, MAX, 1, Window<K, STRIDE, PADDING, DILATION>>;
    const PLANES: usize = B::SIZE * C::SIZE;
    const MOVING: [Moving; 2] =
        [Moving::NONE, moving(L::SIZE, WindowSizes::new(K, STRIDE, PADDING, DILATION))];
    const SPATIAL: &'static [usize] = &[L::SIZE];
    const WINDOWS: &'static [WindowSizes] = &[WindowSizes::new(K, STRIDE, PADDING, DILATION)];
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
> Pool<2, Window<K, STRIDE, PADDING, DILATION>> for (B, C, H, W)
{
    type Output = (
        B,
        C,
        Places<Window<K, STRIDE, PADDING, DILATION>, H>,
        Places<Window<K, STRIDE, PADDING, DILATION>, W>,
    );
    type Planes = Self::Output;
    type Fits<const MAX: bool> = Pooling<Self, MAX, 2, Window<K, STRIDE, PADDING, DILATION>>;
    const PLANES: usize = B::SIZE * C::SIZE;
    const MOVING: [Moving; 2] = [
        moving(H::SIZE, WindowSizes::new(K, STRIDE, PADDING, DILATION)),
        moving(W::SIZE, WindowSizes::new(K, STRIDE, PADDING, DILATION)),
    ];
    const SPATIAL: &'static [usize] = &[H::SIZE, W::SIZE];
    const WINDOWS: &'static [WindowSizes] = &[WindowSizes::new(K, STRIDE, PADDING, DILATION); 2];
}

#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, H: Dim, W: Dim, WH: WindowAxis, WW: WindowAxis> Pool<2, (WH, WW)> for (B, C, H, W) {
    type Output = (B, C, WH::Places<H>, WW::Places<W>);
    type Planes = Self::Output;
    type Fits<const MAX: bool> = Pooling<Self, MAX, 2, (WH, WW)>;
    const PLANES: usize = B::SIZE * C::SIZE;
    const MOVING: [Moving; 2] = [moving(H::SIZE, WH::SIZES), moving(W::SIZE, WW::SIZES)];
    const SPATIAL: &'static [usize] = &[H::SIZE, W::SIZE];
    const WINDOWS: &'static [WindowSizes] = &[WH::SIZES, WW::SIZES];
}

#[diagnostic::do_not_recommend]
impl<
    B: Dim,
    C: Dim,
    D: Dim,
    H: Dim,
    W: Dim,
    const K: usize,
    const STRIDE: usize,
    const PADDING: usize,
    const DILATION: usize,
> Pool<3, Window<K, STRIDE, PADDING, DILATION>> for (B, C, D, H, W)
{
    type Output = <Self as Pool<3, Cube<K, STRIDE, PADDING, DILATION>>>::Output;
    type Planes = <Self as Pool<3, Cube<K, STRIDE, PADDING, DILATION>>>::Planes;
    type Fits<const MAX: bool> = Pooling<Self, MAX, 3, Window<K, STRIDE, PADDING, DILATION>>;
    const PLANES: usize = <Self as Pool<3, Cube<K, STRIDE, PADDING, DILATION>>>::PLANES;
    const MOVING: [Moving; 2] = <Self as Pool<3, Cube<K, STRIDE, PADDING, DILATION>>>::MOVING;
    const DEPTHS: (usize, [Moving; 2]) = <Self as Pool<3, Cube<K, STRIDE, PADDING, DILATION>>>::DEPTHS;
    const SPATIAL: &'static [usize] = <Self as Pool<3, Cube<K, STRIDE, PADDING, DILATION>>>::SPATIAL;
    const WINDOWS: &'static [WindowSizes] = <Self as Pool<3, Cube<K, STRIDE, PADDING, DILATION>>>::WINDOWS;
}

/// The same window along the depth, the height and the width.
type Cube<const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize> = (
    Window<K, STRIDE, PADDING, DILATION>,
    Window<K, STRIDE, PADDING, DILATION>,
    Window<K, STRIDE, PADDING, DILATION>,
);

#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, D: Dim, H: Dim, W: Dim, WD: WindowAxis, WH: WindowAxis, WW: WindowAxis>
    Pool<3, (WD, WH, WW)> for (B, C, D, H, W)
{
    type Output = (B, C, WD::Places<D>, WH::Places<H>, WW::Places<W>);
    type Planes = (B, C, D, WH::Places<H>, WW::Places<W>);
    type Fits<const MAX: bool> = Pooling<Self, MAX, 3, (WD, WH, WW)>;
    const PLANES: usize = B::SIZE * C::SIZE * D::SIZE;
    const MOVING: [Moving; 2] = [moving(H::SIZE, WH::SIZES), moving(W::SIZE, WW::SIZES)];
    const DEPTHS: (usize, [Moving; 2]) = {
        let [height, width] = <Self as Pool<3, (WD, WH, WW)>>::MOVING;
        let plane = height.output * width.output;
        let beside = Moving { input: plane, output: plane, ..Moving::NONE };
        (B::SIZE * C::SIZE, [moving(D::SIZE, WD::SIZES), beside])
    };
    const SPATIAL: &'static [usize] = &[D::SIZE, H::SIZE, W::SIZE];
    const WINDOWS: &'static [WindowSizes] = &[WD::SIZES, WH::SIZES, WW::SIZES];
}

/// Implements `Pool` for shapes that it does not take.
macro_rules! refuse_pool {
    ($axes:literal, $windows:ty: $($dims:tt)*) => {
        refuse!($($dims)* of Pool<$axes, $windows>: {
            type Output = Self;
            type Planes = Self;
            type Fits<const MAX: bool> = ();
            const PLANES: usize = 0;
            const MOVING: [Moving; 2] = [Moving::NONE; 2];
            const SPATIAL: &'static [usize] = &[];
            const WINDOWS: &'static [WindowSizes] = &[];
        });
    };
}
refuse_pool!(1, Window<NO_NUMBER>: [] [A] [A B] [A B C D] [A B C D E] [A B C D E F]);
refuse_pool!(1, Window<NOR_THIS>: [] [A] [A B] [A B C D] [A B C D E] [A B C D E F]);
refuse_pool!(2, Window<NO_NUMBER>: [] [A] [A B] [A B C] [A B C D E] [A B C D E F]);
refuse_pool!(2, Window<NOR_THIS>: [] [A] [A B] [A B C] [A B C D E] [A B C D E F]);
refuse_pool!(2, (Nothing<0>, Nothing<0>): [] [A] [A B] [A B C] [A B C D E] [A B C D E F]);
refuse_pool!(2, (Nothing<1>, Nothing<1>): [] [A] [A B] [A B C] [A B C D E] [A B C D E F]);
refuse_pool!(3, Window<NO_NUMBER>: [] [A] [A B] [A B C] [A B C D] [A B C D E F]);
refuse_pool!(3, Window<NOR_THIS>: [] [A] [A B] [A B C] [A B C D] [A B C D E F]);
refuse_pool!(3, (Nothing<0>, Nothing<0>, Nothing<0>): [] [A] [A B] [A B C] [A B C D] [A B C D E F]);
refuse_pool!(3, (Nothing<1>, Nothing<1>, Nothing<1>): [] [A] [A B] [A B C] [A B C D] [A B C D E F]);

/// The windows of a pooling, compared with its input when the program is built.
pub struct Pooling<S, const MAX: bool, const AXES: usize, W>(PhantomData<(S, W)>);

impl<S, const MAX: bool, const AXES: usize, W> Pooling<S, MAX, AXES, W>
where
    S: Pool<AXES, W>,
{
    const CHECK: WindowCheck<'static> = WindowCheck {
        name: match (MAX, AXES) {
            (true, 1) => "max_pool1d",
            (true, 2) => "max_pool2d",
            (true, _) => "max_pool3d",
            (false, 1) => "avg_pool1d",
            (false, 2) => "avg_pool2d",
            (false, _) => "avg_pool3d",
        },
        input: S::SPATIAL,
        windows: S::WINDOWS,
    };
}

impl<S, const MAX: bool, const AXES: usize, W> Law for Pooling<S, MAX, AXES, W>
where
    S: Pool<AXES, W>,
{
    const WRONG: Option<Message> = Self::CHECK.wrong_pooling(MAX, S::LOST);
}

/// The last axes of a tensor of shape `Self` can get the sizes `T`: `[B, C, L]` one, `[B, C, H, W]` two.
#[diagnostic::on_unimplemented(
    message = "an input of shape `{Self}` cannot be brought to the size `{T}`",
    label = "the input has the shape `{Self}`",
    note = "images `[B, C, H, W]` get two sizes, signals `[B, C, L]` one, by `adaptive_avg_pool1d`; `interpolate` takes images only, one is `x.unsqueeze::<0>()`"
)]
pub trait Resize<T>: Shape {
    /// The shape with these sizes.
    type Output: Shape;
    /// That there is something to start from, as [`Pool::Fits`].
    #[doc(hidden)]
    type Fits: Law;
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
    type Fits = Resizing<Self, (T,)>;
    const PLANES: usize = B::SIZE * C::SIZE;
    const INPUT: [usize; 2] = [1, L::SIZE];
    const OUTPUT: [usize; 2] = [1, T::SIZE];
}

#[diagnostic::do_not_recommend]
impl<B: Dim, C: Dim, H: Dim, W: Dim, T: Dim, U: Dim> Resize<(T, U)> for (B, C, H, W) {
    type Output = (B, C, T, U);
    type Fits = Resizing<Self, (T, U)>;
    const PLANES: usize = B::SIZE * C::SIZE;
    const INPUT: [usize; 2] = [H::SIZE, W::SIZE];
    const OUTPUT: [usize; 2] = [T::SIZE, U::SIZE];
}

/// Implements `Resize` for shapes that it does not take.
macro_rules! refuse_resize {
    ($size:ty: $($dims:tt)*) => {
        refuse!($($dims)* of Resize<$size>: {
            type Output = Self;
            type Fits = ();
            const PLANES: usize = 0;
            const INPUT: [usize; 2] = [0; 2];
            const OUTPUT: [usize; 2] = [0; 2];
        });
    };
}
refuse_resize!((Const<NO_NUMBER>,): [] [A] [A B] [A B C D] [A B C D E] [A B C D E F]);
refuse_resize!((Const<NOR_THIS>,): [] [A] [A B] [A B C D] [A B C D E] [A B C D E F]);
refuse_resize!((Const<NO_NUMBER>, Const<NO_NUMBER>): [] [A] [A B] [A B C] [A B C D E] [A B C D E F]);
refuse_resize!((Const<NOR_THIS>, Const<NOR_THIS>): [] [A] [A B] [A B C] [A B C D E] [A B C D E F]);

/// Images of shape `Self` can be enlarged `SCALE` times along both axes.
#[diagnostic::on_unimplemented(
    message = "upsampling cannot take an input of shape `{Self}`",
    label = "the input has the shape `{Self}`",
    note = "it takes images `[B, C, H, W]`; one image is `x.unsqueeze::<0>()`"
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

/// Implements `Scale` for shapes that it does not take.
macro_rules! refuse_scale {
    ($($scale:ident)*) => { $(
        refuse!([] [A] [A B] [A B C] [A B C D E] [A B C D E F] of Scale<$scale>: {
            type Scaled = Self;
            const PLANES: usize = 0;
            const FROM: [usize; 2] = [0; 2];
            const TO: [usize; 2] = [0; 2];
        });
    )* };
}
refuse_scale!(NO_NUMBER NOR_THIS);

/// A resize of a tensor of shape `S`, which needs something to start from.
pub struct Resizing<S, T>(PhantomData<(S, T)>);

impl<S: Resize<T>, T: Shape> Law for Resizing<S, T> {
    const WRONG: Option<Message> = if S::INPUT[0] * S::INPUT[1] > 0 || S::OUTPUT[0] * S::OUTPUT[1] == 0 {
        None
    } else {
        let message = Message::new()
            .text("the size ")
            .sizes(T::SIZES)
            .text(" cannot be made from a tensor of shape ")
            .sizes(<S as Shape>::SIZES)
            .text(", which has nothing to start from");
        Some(message)
    };
}
