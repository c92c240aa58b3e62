//! y = images read at the positions of a grid: the mean of four pixels weighted by their distance, or the nearest one. dL/dx is
//! dL/dy with these weights, and dL/dgrid with their derivatives.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::kernel::conv::grid_sample::{Mode, Outside, Sampling, grid_gradient, image_gradient, sample};
use crate::ops::support::results::Joined;
use crate::ops::support::rhs::Operand;
use crate::shape::{GridShape, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `grid_sample`.
pub struct GridSampleBackward<E> {
    x: Storage<E>,
    grid: Storage<E>,
    sizes: Sampling,
}

impl<A: Shape, B: Shape, T: Shape, E: Float> Pullback2<A, B, T, E> for GridSampleBackward<E> {
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<A, B, E> {
        let GridSampleBackward { x, grid, sizes } = self;
        let (g, x, grid) = (grad.as_slice(), x.as_slice(), grid.as_slice());
        let dx = needs_grad.0.then(|| Tensor::constant(image_gradient(g, grid, &sizes)));
        (dx, needs_grad.1.then(|| Tensor::constant(grid_gradient(g, x, grid, &sizes))))
    }
}

/// The options of [`grid_sample`](Tensor::grid_sample_with). By default the mode is bilinear, what is outside is 0, and the
/// ends of the axes, -1 and 1, are the edges of the outermost pixels.
///
/// ```
/// use typegrad::nn::GridSample;
/// use typegrad::prelude::*;
/// let x = Tensor::from([[[[1.0, 3.0]]]]);
/// let grid = Tensor::from([[[[1.5, 0.0]]]]);
/// let y = x.grid_sample_with(grid, GridSample::new().border().align_corners(true));
/// assert_eq!(y, Tensor::from([[[[3.0]]]]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridSample {
    mode: Mode,
    outside: Outside,
    align_corners: bool,
}

impl GridSample {
    /// The options by default.
    #[must_use]
    pub const fn new() -> Self {
        GridSample { mode: Mode::Bilinear, outside: Outside::Zeros, align_corners: false }
    }

    /// The nearest pixel, without a gradient for the grid. PyTorch's `mode="nearest"`.
    #[must_use]
    pub const fn nearest(self) -> Self {
        GridSample { mode: Mode::Nearest, ..self }
    }

    /// Outside are the pixels of the border. PyTorch's `padding_mode="border"`.
    #[must_use]
    pub const fn border(self) -> Self {
        GridSample { outside: Outside::Border, ..self }
    }

    /// Outside are the pixels inside, reflected. PyTorch's `padding_mode="reflection"`.
    #[must_use]
    pub const fn reflection(self) -> Self {
        GridSample { outside: Outside::Reflection, ..self }
    }

    /// Sets whether -1 and 1 are the centers of the outermost pixels. PyTorch's `align_corners`.
    #[must_use]
    pub const fn align_corners(self, align_corners: bool) -> Self {
        GridSample { align_corners, ..self }
    }
}

impl Default for GridSample {
    fn default() -> Self {
        Self::new()
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The images at the positions of a grid, between their pixels. PyTorch's `F.grid_sample(x, grid)`.
    ///
    /// In: `[B, C, H, W]`, and a grid `[B, H', W', 2]` of positions (x, y), from -1 to 1. Out: `[B, C, H', W']`. Outside of an
    /// image is 0; at a position that is not finite the result is NaN. [`affine_grid`](Self::affine_grid) makes a grid.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[1.0, 3.0]]]]);
    /// assert_eq!(x.grid_sample(Tensor::from([[[[0.0, 0.0]]]])), Tensor::from([[[[2.0]]]]));
    /// ```
    pub fn grid_sample<R>(
        self,
        grid: R,
    ) -> Joined<S, E, C, F, R, <R::Shape as GridShape<S>>::Sampled, GridSampleBackward<E>>
    where
        R: Operand<C, E, Shape: GridShape<S>>,
    {
        self.grid_sample_with(grid, GridSample::new())
    }

    /// The images at the positions of a grid, with options. PyTorch's
    /// `F.grid_sample(x, grid, mode, padding_mode, align_corners)`.
    ///
    /// In and out as [`grid_sample`](Self::grid_sample).
    ///
    /// ```
    /// use typegrad::nn::GridSample;
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[1.0, 3.0]]]]);
    /// let y = x.grid_sample_with(Tensor::from([[[[-9.0, 0.0]]]]), GridSample::new().nearest().border());
    /// assert_eq!(y, Tensor::from([[[[1.0]]]]));
    /// ```
    pub fn grid_sample_with<R>(
        self,
        grid: R,
        options: GridSample,
    ) -> Joined<S, E, C, F, R, <R::Shape as GridShape<S>>::Sampled, GridSampleBackward<E>>
    where
        R: Operand<C, E, Shape: GridShape<S>>,
    {
        let [batch, channels, high, wide, places] = <R::Shape as GridShape<S>>::SIZES;
        let GridSample { mode, outside, align_corners } = options;
        let sizes = Sampling { batch, channels, image: [high, wide], places, mode, outside, align_corners };
        let (x, flow) = self.into_waiting();
        let (grid, rhs) = grid.into_operand();
        let y = sample(x.as_slice(), grid.as_slice(), &sizes);
        Tensor::from_parts(y, Waiting::into_inner(flow).join(rhs, || GridSampleBackward { x, grid, sizes }))
    }
}

#[cfg(test)]
mod tests {
    use super::GridSample;
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_for_images_and_grids() {
        let rng = &mut Rng::seed(1);
        let x = Tensor::<Rank4<2, 3, 4, 5>, f64>::randn(rng);
        let grid = Tensor::<Rank4<2, 2, 3, 2>, f64>::uniform(-1.4, 1.4, rng);
        for options in [GridSample::new(), GridSample::new().border(), GridSample::new().reflection()] {
            for options in [options, options.align_corners(true)] {
                gradcheck((x.clone(), grid.clone()), |(x, grid)| {
                    x.grid_sample_with(grid, options).powi(2).sum()
                })
                .unwrap();
            }
        }
        // The gradient of the grid is 0, unless a position is within the step of the differences of a border of pixels.
        let grid = Tensor::<Rank4<2, 2, 3, 2>, f64>::uniform(-1.4, 1.4, &mut Rng::seed(2));
        let options = GridSample::new().nearest();
        gradcheck((x, grid), |(x, grid)| x.grid_sample_with(grid, options).powi(2).sum()).unwrap();
    }

    /// PyTorch documents that NaN counts as -1; its gradient crashes there.
    #[test]
    fn nan_is_the_first_pixel_where_positions_do_not_leave_the_image() {
        let x = Tensor::<Rank4<1, 3, 2, 2>, f64>::randn(&mut Rng::seed(1));
        let [nan, first] =
            [f64::NAN, -1.0].map(|x| Tensor::<Rank4<1, 1, 2, 2>, f64>::from([[[[x, 0.2], [0.5, x]]]]));
        for options in [GridSample::new().border(), GridSample::new().reflection()] {
            for options in [options, options.nearest()] {
                let y = x.clone().grid_sample_with(nan.clone(), options);
                assert_eq!(y, x.clone().grid_sample_with(first.clone(), options));
                let grid = Param::new(nan.clone());
                x.clone().grid_sample_with(grid.track(), options).sum().backward();
                assert!(grid.grad().unwrap().isfinite().all().item());
            }
        }
    }
}
