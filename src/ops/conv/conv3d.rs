//! The convolution of volumes with a weight: that of images, whose channels are the windows along the depth.
//!
//! dL/dx is the adjoint of both, and dL/dw the product of dL/dy and the windows, which are laid out once more.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::kernel::conv::conv::{Convolution, Finish};
use crate::kernel::conv::depth::{Depth, fold_depth, unfold_depth};
use crate::kernel::shape::strided::{View, gather};
use crate::ops::support::lawful::Lawful;
use crate::ops::support::results::{ElementOf, JoinedTo, OperandShape, ShapeOf};
use crate::ops::support::rhs::Operand;
use crate::shape::{Conv3dFits, Conv3dShape, Law, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `conv3d`.
pub struct Conv3dBackward<E> {
    x: Storage<E>,
    weight: Storage<E>,
    depth: Depth,
    images: &'static Convolution,
}

/// `[N, a, b, plane]` as `[N, b, a, plane]`.
fn exchanged<E: Float>(x: &[E], [n, a, b, plane]: [usize; 4]) -> Storage<E> {
    gather(x, &View::of(&[n, a, b, plane]).swap(1, 2))
}

impl<S: Shape, W: Shape, T: Shape, E: Float> Pullback2<S, W, T, E> for Conv3dBackward<E> {
    const MULTIPLY_ADDS: usize = T::NUMEL * (W::NUMEL / if W::SIZES[0] == 0 { 1 } else { W::SIZES[0] });
    fn pull(self, grad: Tensor<T, E>, wanted: (bool, bool)) -> Pulled<S, W, E> {
        let Conv3dBackward { x, weight, depth, images } = self;
        let [n, out, places] = [T::SIZES[0], T::SIZES[1], T::SIZES[2]];
        let grad = exchanged(grad.as_slice(), [n, out, places, T::SIZES[3] * T::SIZES[4]]);
        let dx = wanted.0.then(|| {
            let windows = E::input_gradient(grad.as_slice(), weight.as_slice(), images);
            Tensor::constant(fold_depth(windows.as_slice(), &depth))
        });
        let dw = wanted.1.then(|| {
            let windows = unfold_depth(x.as_slice(), &depth);
            Tensor::constant(E::weight_gradient(windows.as_slice(), grad.as_slice(), images))
        });
        (dx, dw)
    }
}

/// The convolution of volumes `X`, a tensor, with a weight `R`.
pub type Convolved3d<X, R, O> = JoinedTo<
    X,
    R,
    <OperandShape<X, R> as Conv3dShape<ShapeOf<X>, O>>::Convolved,
    Lawful<Conv3dBackward<ElementOf<X>>, Conv3dFits<OperandShape<X, R>, ShapeOf<X>, O>>,
>;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The convolution of volumes with a weight. PyTorch's `conv3d(x, weight, None, STRIDE, PADDING, DILATION, GROUPS)`,
    /// where `O` is [`Conv<STRIDE, PADDING, DILATION, GROUPS>`](crate::Conv).
    ///
    /// In: `[B, C, D, H, W]` and a weight `[O, C / GROUPS, KD, KH, KW]`. Out: `[B, O, D', H', W']`, where
    /// D' = (D + 2 PADDING - DILATION (KD - 1) - 1) / STRIDE + 1, an expression, and H' and W' likewise.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank5<2, 3, 4, 5, 5>>::ones();
    /// let w = Tensor::<Rank5<6, 3, 3, 3, 3>>::ones();
    /// let y = x.conv3d::<Conv<1, 1>, _>(w);
    /// let y: Tensor<Rank5<2, 6, 4, 5, 5>> = y.with_shape();
    /// assert_eq!(y.amax().item(), 81.0);
    /// ```
    pub fn conv3d<O, R>(self, weight: R) -> Convolved3d<Self, R, O>
    where
        R: Operand<C, E, Shape: Conv3dShape<S, O>>,
    {
        let () = Conv3dFits::<R::Shape, S, O>::HOLDS;
        let depth = <R::Shape as Conv3dShape<S, O>>::DEPTH;
        let images = &<R::Shape as Conv3dShape<S, O>>::IMAGES;
        let (x, flow) = self.into_waiting();
        let (weight, rhs) = weight.into_operand();
        let windows = unfold_depth(x.as_slice(), &depth);
        let y = E::convolve(windows.as_slice(), weight.as_slice(), images, Finish::default());
        let plane = images.output[0] * images.output[1];
        let y = exchanged(y.as_slice(), [depth.batch, depth.places, images.channels[1], plane]);
        Tensor::from_parts(
            y,
            Waiting::into_inner(flow).join(rhs, || Lawful::new(Conv3dBackward { x, weight, depth, images })),
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences() {
        let rng = &mut Rng::seed(1);
        let (x, w) = (
            Tensor::<Rank5<2, 2, 3, 4, 3>, f64>::randn(rng),
            Tensor::<Rank5<3, 2, 2, 3, 2>, f64>::randn(rng),
        );
        gradcheck((x, w), |(x, w)| x.conv3d::<Conv<1, 1>, _>(w).powi(2).sum()).unwrap();
        let (x, w) = (
            Tensor::<Rank5<1, 4, 5, 3, 4>, f64>::randn(rng),
            Tensor::<Rank5<2, 2, 2, 1, 2>, f64>::randn(rng),
        );
        gradcheck((x, w), |(x, w)| x.conv3d::<Conv<2, 1, 2, 2>, _>(w).powi(2).sum()).unwrap();
    }
}
