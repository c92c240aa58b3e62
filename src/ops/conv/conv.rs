//! y[b, o, p] = Σ w[o, c, k] x[b, c, p stride + k dilation - padding] over the channels c of the group of o and the
//! elements k of the kernel, where x is 0 outside; dL/dx is the transposed convolution of dL/dy with w, and dL/dw the
//! sum over batch and positions of dL/dy times the windows of x.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::kernel::conv::conv::{Convolution, Finish};
use crate::ops::support::results::{ElementOf, Joined, JoinedTo, OperandShape, ShapeOf};
use crate::ops::support::rhs::Operand;
use crate::shape::conv_fits::{Conv1dFits, Conv2dFits, RectConv2dFits};
use crate::shape::{Broken, Conv1dShape, Conv2dShape, Law, RectConv2dShape, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// The backward pass of `conv1d` and `conv2d`.
pub struct ConvBackward<E, L = ()> {
    x: Storage<E>,
    weight: Storage<E>,
    sizes: &'static Convolution,
    law: PhantomData<fn() -> L>,
}

impl<S: Shape, W: Shape, T: Shape, E: Float, L: Law> Pullback2<S, W, T, E> for ConvBackward<E, L> {
    const BROKEN: Broken = L::BROKEN;
    const MULTIPLY_ADDS: usize = T::NUMEL * filter::<W>();
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<S, W, E> {
        let ConvBackward { x, weight, sizes, .. } = self;
        let grad = grad.as_slice();
        let dx = needs_grad.0.then(|| Tensor::constant(E::input_gradient(grad, weight.as_slice(), sizes)));
        (dx, needs_grad.1.then(|| Tensor::constant(E::weight_gradient(x.as_slice(), grad, sizes))))
    }
}

/// The number of elements of one filter, where the first axis of the weight counts the filters.
pub(in crate::ops) const fn filter<W: Shape>() -> usize {
    if W::RANK == 0 || W::SIZES[0] == 0 { 0 } else { W::NUMEL / W::SIZES[0] }
}

/// The convolution of signals `X`, a tensor, with a weight `R`.
pub type Convolved1d<X, R, O> = JoinedTo<
    X,
    R,
    <OperandShape<X, R> as Conv1dShape<ShapeOf<X>, O>>::Convolved,
    ConvBackward<ElementOf<X>, <OperandShape<X, R> as Conv1dShape<ShapeOf<X>, O>>::Fits>,
>;

/// The convolution of images `X`, a tensor, with a weight `R`.
pub type Convolved2d<X, R, O> = JoinedTo<
    X,
    R,
    <OperandShape<X, R> as Conv2dShape<ShapeOf<X>, O>>::Convolved,
    ConvBackward<ElementOf<X>, <OperandShape<X, R> as Conv2dShape<ShapeOf<X>, O>>::Fits>,
>;

/// The convolution of images `X`, a tensor, with a weight `R` and a window for each axis.
pub type RectConvolved2d<X, R, WH, WW, const GROUPS: usize> = JoinedTo<
    X,
    R,
    <OperandShape<X, R> as RectConv2dShape<ShapeOf<X>, WH, WW, GROUPS>>::Convolved,
    ConvBackward<ElementOf<X>, <OperandShape<X, R> as RectConv2dShape<ShapeOf<X>, WH, WW, GROUPS>>::Fits>,
>;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The convolution of signals with a weight. PyTorch's `conv1d(x, weight, None, STRIDE, PADDING, DILATION, GROUPS)`, where `O` is [`Conv<STRIDE, PADDING, DILATION, GROUPS>`](crate::Conv);
    /// a bias is added by [`add_channels`](Self::add_channels).
    ///
    /// In: `[B, C, L]` and a weight `[O, C / GROUPS, K]`. Out: `[B, O, L']`, where
    /// L' = (L + 2 PADDING - DILATION (K - 1) - 1) / STRIDE + 1, an expression. That the channels and the kernel fit is
    /// checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[1.0, 2.0, 3.0, 4.0]]]);
    /// let w = Tensor::from([[[1.0, -1.0]]]);
    /// let y = x.conv1d::<Conv, _>(w);
    /// assert_eq!(y.with_shape(), Tensor::from([[[-1.0, -1.0, -1.0]]]));
    /// ```
    #[rustfmt::skip]
    pub fn conv1d<O, R>(self, weight: R) -> Convolved1d<Self, R, O> // `x.conv1d::<Conv<1, 1>, _>(w)`: stride, padding
    where
        R: Operand<C, E, Shape: Conv1dShape<S, O>>,
    {
        let () = Conv1dFits::<R::Shape, S, O>::HOLDS;
        self.convolved(weight, None, &<R::Shape as Conv1dShape<S, O>>::CONVOLUTION)
    }

    /// The convolution of images with a weight. PyTorch's `conv2d(x, weight, None, STRIDE, PADDING, DILATION, GROUPS)`, where `O` is
    /// [`Conv<STRIDE, PADDING, DILATION, GROUPS>`](crate::Conv); a
    /// bias is added by [`add_channels`](Self::add_channels).
    ///
    /// In: `[B, C, H, W]` and a weight `[O, C / GROUPS, KH, KW]`. Out: `[B, O, H', W']`, where
    /// H' = (H + 2 PADDING - DILATION (KH - 1) - 1) / STRIDE + 1, an expression, and W' likewise. That the channels and the
    /// kernel fit is checked when the program is built. [`conv2d_rect`](Self::conv2d_rect) has a window of its own for each
    /// axis.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank4<8, 3, 32, 32>>::ones();
    /// let w = Tensor::<Rank4<16, 3, 5, 3>>::ones();
    /// let y: Tensor<Rank4<8, 16, 15, 16>> = x.conv2d::<Conv<2, 1>, _>(w).with_shape();
    /// ```
    #[rustfmt::skip]
    pub fn conv2d<O, R>(self, weight: R) -> Convolved2d<Self, R, O> // `x.conv2d::<Conv<1, 1>, _>(w)`: stride, padding
    where
        R: Operand<C, E, Shape: Conv2dShape<S, O>>,
    {
        let () = Conv2dFits::<R::Shape, S, O>::HOLDS;
        self.convolved(weight, None, &<R::Shape as Conv2dShape<S, O>>::CONVOLUTION)
    }

    /// The convolution of images with a weight, with a [`Window`](crate::Window) for the height and one for the width.
    /// PyTorch's `conv2d(x, weight, None, (SH, SW), (PH, PW), (DH, DW), GROUPS)`.
    ///
    /// In: `[B, C, H, W]` and a weight `[O, C / GROUPS, KH, KW]`. Out: `[B, O, H', W']` as for
    /// [`conv2d`](Self::conv2d). That the windows have the size of the kernel is checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank4<8, 3, 32, 32>>::ones();
    /// let w = Tensor::<Rank4<16, 3, 1, 7>>::ones();
    /// let y = x.conv2d_rect::<Window<1>, Window<7, 2, 3>, 1, _>(w);
    /// let y: Tensor<Rank4<8, 16, 32, 16>> = y.with_shape();
    /// ```
    pub fn conv2d_rect<WH, WW, const GROUPS: usize, R>(
        self,
        weight: R,
    ) -> RectConvolved2d<Self, R, WH, WW, GROUPS>
    where
        R: Operand<C, E, Shape: RectConv2dShape<S, WH, WW, GROUPS>>,
    {
        let () = RectConv2dFits::<R::Shape, S, WH, WW, GROUPS>::HOLDS;
        self.convolved(weight, None, &<R::Shape as RectConv2dShape<S, WH, WW, GROUPS>>::CONVOLUTION)
    }

    /// A convolution of these sizes plus a bias, with a result shape given by the caller. The graph does not contain the bias yet:
    /// [`with_bias`](Self::with_bias) follows.
    pub(crate) fn convolved<R, T, L>(
        self,
        weight: R,
        bias: Option<&[E]>,
        sizes: &'static Convolution,
    ) -> Joined<S, E, C, F, R, T, ConvBackward<E, L>>
    where
        R: Operand<C, E>,
        T: Shape,
        L: Law,
    {
        let (x, flow) = self.into_waiting();
        let (weight, rhs) = weight.into_operand();
        let y = E::convolve(x.as_slice(), weight.as_slice(), sizes, Finish { bias, ..Finish::default() });
        Tensor::from_parts(
            y,
            Waiting::into_inner(flow).join(rhs, || ConvBackward { x, weight, sizes, law: PhantomData }),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck;
    use crate::prelude::*;
    use proptest::prelude::{ProptestConfig, proptest};

    /// So many images that the last block of them has fewer: what the frame holds of the block before is not read.
    #[test]
    fn an_infinity_in_one_of_many_images_stays_in_its_group_and_at_the_weights_that_meet_it() {
        const B: usize = 1000;
        let counted = [225e3, 240e3, 225e3, 240e3, 256e3, 240e3, 225e3, 240e3, 225e3_f32];
        let gradient = |x: Tensor<Rank4<B, 2, 16, 16>>| {
            let w = Param::new(Tensor::<Rank4<2, 1, 3, 3>>::ones());
            x.conv2d::<Conv<1, 1, 1, 2>, _>(&w).sum().backward();
            w.grad().unwrap().to_vec()
        };
        for wrong in [f32::INFINITY, f32::NAN] {
            // The first pixel of channel 1 of image 50, which the last row and column of the weights do not meet.
            let at = (50 * 2 + 1) * 256;
            let got = gradient(Tensor::from_fn(|i| if i == at { wrong } else { 1.0 }));
            assert_eq!(got[..9], counted);
            for (k, (got, counted)) in got[9..].iter().zip(counted).enumerate() {
                let meets = k / 3 < 2 && k % 3 < 2;
                assert!(if meets { !got.is_finite() } else { *got == counted }, "{wrong}: {k}, {got}");
            }
        }
    }

    fn index(at: [usize; 4], sizes: &[usize]) -> usize {
        at.iter().zip(sizes).fold(0, |place, (i, size)| place * size + i)
    }

    /// The definition, element-wise.
    fn naive(
        (x, xs): (&[f64], &[usize]),
        (w, ws): (&[f64], &[usize]),
        ys: &[usize],
        [stride, padding, dilation, groups]: [usize; 4],
    ) -> Vec<f64> {
        let mut y = Vec::new();
        for at in 0..ys.iter().product() {
            let (b, o) = (at / (ys[1] * ys[2] * ys[3]), at / (ys[2] * ys[3]) % ys[1]);
            let (i, j) = (at / ys[3] % ys[2], at % ys[3]);
            let mut sum = 0.0;
            for c in 0..ws[1] {
                for (k, l) in (0..ws[2]).flat_map(|k| (0..ws[3]).map(move |l| (k, l))) {
                    let (row, column) = (i * stride + k * dilation, j * stride + l * dilation);
                    let inside = |p: usize, size| p >= padding && p < size + padding;
                    if inside(row, xs[2]) && inside(column, xs[3]) {
                        let channel = o / (ys[1] / groups) * ws[1] + c;
                        let x = x[index([b, channel, row - padding, column - padding], xs)];
                        sum += w[index([o, c, k, l], ws)] * x;
                    }
                }
            }
            y.push(sum);
        }
        y
    }

    /// Small integers: their products and sums are exact in any order.
    fn integers<S: Shape>(seed: u64) -> Tensor<S, f64> {
        let mut rng = Rng::seed(seed);
        Tensor::from_fn(|_| rng.below(19) as f64 - 9.0)
    }

    fn agrees<S, W, const STRIDE: usize, const PADDING: usize, const DILATION: usize, const GROUPS: usize>(
        seed: u64,
    ) where
        S: Shape,
        W: Conv2dShape<S, Conv<STRIDE, PADDING, DILATION, GROUPS>>,
    {
        let (x, w) = (integers::<S>(seed), integers::<W>(seed + 1));
        let want = naive(
            (x.as_slice(), S::SIZES),
            (w.as_slice(), <W as Shape>::SIZES),
            <W::Convolved as Shape>::SIZES,
            [STRIDE, PADDING, DILATION, GROUPS],
        );
        assert_eq!(x.clone().conv2d::<Conv<STRIDE, PADDING, DILATION, GROUPS>, _>(&w).to_vec(), want);
        gradcheck((x, w), |(x, w)| x.conv2d::<Conv<STRIDE, PADDING, DILATION, GROUPS>, _>(w).powi(2).sum())
            .unwrap();
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]
        #[test]
        fn convolutions_and_gradients_agree_with_the_definition(seed in 0..u64::MAX / 2) {
            agrees::<Rank4<2, 2, 4, 5>, Rank4<3, 2, 3, 3>, 1, 0, 1, 1>(seed);
            agrees::<Rank4<1, 2, 4, 3>, Rank4<3, 2, 3, 3>, 1, 1, 1, 1>(seed);
            agrees::<Rank4<1, 2, 5, 4>, Rank4<4, 2, 2, 3>, 2, 1, 1, 1>(seed);
            agrees::<Rank4<1, 1, 6, 5>, Rank4<3, 1, 2, 3>, 1, 2, 2, 1>(seed);
            agrees::<Rank4<2, 4, 3, 3>, Rank4<6, 2, 2, 2>, 1, 1, 1, 2>(seed);
            agrees::<Rank4<2, 3, 4, 4>, Rank4<3, 1, 3, 3>, 1, 1, 1, 3>(seed);
            agrees::<Rank4<1, 3, 5, 5>, Rank4<6, 1, 2, 2>, 3, 1, 2, 3>(seed);
            agrees::<Rank4<2, 3, 2, 2>, Rank4<4, 3, 1, 1>, 1, 0, 1, 1>(seed);
            agrees::<Rank4<2, 3, 3, 2>, Rank4<4, 3, 1, 1>, 2, 1, 1, 1>(seed);
        }
    }

    #[test]
    fn gradients_of_signals_agree_with_differences() {
        let rng = &mut Rng::seed(7);
        let (x, w) = (Tensor::<Rank3<2, 4, 5>, f64>::randn(rng), Tensor::<Rank3<6, 2, 3>, f64>::randn(rng));
        gradcheck((x, w), |(x, w)| x.conv1d::<Conv<2, 1, 1, 2>, _>(w).powi(2).sum()).unwrap();
    }

    #[test]
    fn convolutions_without_channels_or_images() {
        agrees::<Rank4<2, 0, 3, 3>, Rank4<2, 0, 2, 2>, 1, 0, 1, 1>(0);
        agrees::<Rank4<0, 2, 3, 3>, Rank4<4, 2, 2, 2>, 1, 0, 1, 1>(0);
    }
}
