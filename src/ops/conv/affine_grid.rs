//! y = θ (x, y, 1) for each pixel of an image, and dL/dθ = Σ dL/dy (x, y, 1).

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::axis::long_sums::LongSums;
use crate::ops::support::results::Unary;
use crate::shape::{AffineShape, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The positions of the pixels of an image.
#[derive(Clone, Copy, Debug)]
struct Pixels {
    image: [usize; 2],
    align_corners: bool,
}

impl Pixels {
    /// The coordinate of pixel `i` of `size`, from -1 to 1.
    fn coordinate<E: Float>(&self, i: usize, size: usize) -> E {
        let (place, size) = (i as f64, size as f64);
        E::from_f64(if !self.align_corners {
            (2.0 * place + 1.0) / size - 1.0
        } else if size > 1.0 {
            2.0 * place / (size - 1.0) - 1.0
        } else {
            0.0
        })
    }

    /// (x, y, 1) of each pixel, row by row.
    fn all<E: Float>(self) -> impl Iterator<Item = [E; 3]> {
        let [high, wide] = self.image;
        (0..high * wide)
            .map(move |i| [self.coordinate(i % wide, wide), self.coordinate(i / wide, high), E::one()])
    }
}

/// The backward pass of `affine_grid`.
pub struct AffineGridBackward {
    pixels: Pixels,
}

impl<S: Shape, T: Shape, E: Float> Pullback<S, T, E> for AffineGridBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let [high, wide] = self.pixels.image;
        let mut sums = Storage::filled(S::NUMEL, E::zero());
        let grids = grad.as_slice().chunks((2 * high * wide).max(1));
        for (sums, grid) in sums.make_mut().as_chunks_mut::<6>().0.iter_mut().zip(grids) {
            let mut sums = LongSums::new(sums);
            for (g, pixel) in grid.as_chunks::<2>().0.iter().zip(self.pixels.all::<E>()) {
                for (i, sum) in sums.more(1).iter_mut().enumerate() {
                    *sum += g[i / 3] * pixel[i % 3];
                }
            }
            sums.finish();
        }
        Tensor::constant(sums)
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
    pub fn affine_grid<const H: usize, const W: usize>(
        self,
        align_corners: bool,
    ) -> Unary<S, E, C, F, S::Grid, AffineGridBackward>
    where
        S: AffineShape<H, W>,
    {
        let pixels = Pixels { image: [H, W], align_corners };
        let (theta, flow) = self.into_waiting();
        let mut grid = Storage::unspecified(S::Grid::NUMEL);
        let grids = grid.make_mut().chunks_mut((2 * H * W).max(1));
        for (grid, map) in grids.zip(theta.as_chunks::<6>().0) {
            for (place, [x, y, one]) in grid.as_chunks_mut::<2>().0.iter_mut().zip(pixels.all::<E>()) {
                *place = [0, 3].map(|row| map[row] * x + map[row + 1] * y + map[row + 2] * one);
            }
        }
        Tensor::from_parts(grid, Waiting::into_inner(flow).then(|| AffineGridBackward { pixels }))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences() {
        let theta = Tensor::<Rank3<2, 2, 3>, f64>::randn(&mut Rng::seed(1));
        gradcheck(theta.clone(), |x| x.affine_grid::<3, 4>(false).powi(2).sum()).unwrap();
        gradcheck(theta.clone(), |x| x.affine_grid::<1, 4>(true).powi(3).sum()).unwrap();
        assert!(theta.affine_grid::<0, 4>(true).to_vec().is_empty());
    }
}
