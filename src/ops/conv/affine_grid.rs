//! y = θ (x, y, 1) for each pixel of an image, and dL/dθ = Σ dL/dy (x, y, 1).

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::conv::affine_grid::Pixels;
use crate::ops::support::results::Unary;
use crate::shape::{AffineShape, Const, Dim, Shape};
use crate::tensor::Tensor;

/// The backward pass of `affine_grid`.
pub struct AffineGridBackward {
    pixels: Pixels,
}

impl<S: Shape, T: Shape, E: Float> Pullback<S, T, E> for AffineGridBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(E::affine_grid_back(grad.as_slice(), self.pixels, S::NUMEL))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The positions where affine maps put the pixels of images of height `H` and width `W`: a grid for
    /// [`grid_sample`](Self::grid_sample). PyTorch's `F.affine_grid(theta, (B, C, H, W), align_corners)`, whose default is
    /// `false`.
    ///
    /// In: maps `[B, 2, 3]`. Out: `[B, H, W, 2]`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let mirror = Tensor::from([[[-1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]]);
    /// let x = Tensor::from([[[[1.0, 2.0], [3.0, 4.0]]]]);
    /// let y = x.grid_sample(mirror.affine_grid::<2, 2>(false));
    /// assert_eq!(y, Tensor::from([[[[2.0, 1.0], [4.0, 3.0]]]]));
    /// ```
    #[rustfmt::skip]
    pub fn affine_grid<const H: usize, const W: usize>( // `theta.affine_grid::<8, 8>(false)`
        self,
        align_corners: bool,
    ) -> Unary<S, E, C, F, (S::AxisDim, Const<H>, Const<W>, Const<2>), AffineGridBackward>
    where
        S: AffineShape,
    {
        let pixels = Pixels { image: [H, W], align_corners };
        let (theta, flow) = self.into_waiting();
        let grid = E::affine_grid_of(theta.as_slice(), pixels, S::AxisDim::SIZE * H * W * 2);
        Tensor::from_parts(grid, Waiting::into_inner(flow).then(|| AffineGridBackward { pixels }))
    }
}
