//! The shapes of `grid_sample` and `affine_grid`.

use super::{Axis, Const, Dim, Shape};

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
    label = "not affine maps `[B, 2, 3]`",
    note = "one map is `x.unsqueeze::<0>()`"
)]
pub trait AffineShape: Axis<0> {}

#[diagnostic::do_not_recommend]
impl<B: Dim> AffineShape for (B, Const<2>, Const<3>) {}
