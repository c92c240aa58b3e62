//! `unfold`: the windows of images as columns, and dL/dx is the sum of dL/dy over the windows that have the element. `fold`
//! is that sum, and its gradient is `unfold`.

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::conv::unfold::{Unfolding, fold, unfold};
use crate::ops::support::lawful::Lawful;
use crate::ops::support::results::Unary;
use crate::shape::{Columns, FoldShape, Law, Shape, UnfoldShape, Window, WindowSizes, Windows};
use crate::tensor::Tensor;

/// The backward pass of `unfold`.
pub struct UnfoldBackward {
    sizes: Unfolding,
}

impl<S: Shape, T: Shape, E: Numeric> Pullback<S, T, E> for UnfoldBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(fold(grad.as_slice(), &self.sizes))
    }
}

/// The backward pass of `fold`.
pub struct FoldBackward {
    sizes: Unfolding,
}

impl<S: Shape, T: Shape, E: Numeric> Pullback<S, T, E> for FoldBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(unfold(grad.as_slice(), &self.sizes))
    }
}

fn sizes(planes: usize, image: [usize; 2], window: WindowSizes) -> Unfolding {
    let WindowSizes { kernel, stride, padding, dilation, .. } = window;
    Unfolding {
        planes,
        image,
        places: image.map(|size| window.places(size)),
        kernel,
        stride,
        padding,
        dilation,
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
{
    /// The windows of images as columns (im2col). PyTorch's `F.unfold(x, K, DILATION, PADDING, STRIDE)`.
    ///
    /// In: `[B, C, H, W]`. Out: `[B, C K K, L]` with L positions of the window, expressions. In the padding is 0. That the
    /// window fits is checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]]);
    /// let y = x.unfold::<2, 1, 0, 1>().with_shape();
    /// assert_eq!(y, Tensor::from([[[1.0, 2.0], [2.0, 3.0], [4.0, 5.0], [5.0, 6.0]]]));
    /// ```
    pub fn unfold<const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize>(
        self,
    ) -> Unary<S, E, C, F, S::Unfolded, Lawful<UnfoldBackward, Windows<S, K, STRIDE, PADDING, DILATION>>>
    where
        S: UnfoldShape<K, STRIDE, PADDING, DILATION>,
    {
        let () = Windows::<S, K, STRIDE, PADDING, DILATION>::HOLDS;
        let sizes = sizes(S::PLANES, S::IMAGE, Windows::<S, K, STRIDE, PADDING, DILATION>::WINDOW);
        let (x, flow) = self.into_waiting();
        Tensor::from_parts(
            unfold(x.as_slice(), &sizes),
            Waiting::into_inner(flow).then(|| Lawful::new(UnfoldBackward { sizes })),
        )
    }

    /// Images of height `H` and width `W` from the columns of their windows, which are added up where they overlap. PyTorch's
    /// `F.fold(x, (H, W), K, DILATION, PADDING, STRIDE)`.
    ///
    /// In: `[B, C K K, L]` with L positions of the window. Out: `[B, C, H, W]`, where C is an expression. That there is a
    /// column for each position is checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank4<1, 1, 2, 3>, f64>::ones();
    /// let counts = x.unfold::<2, 1, 0, 1>().fold::<2, 3, 2, 1, 0, 1>().with_shape();
    /// assert_eq!(counts, Tensor::from([[[[1.0, 2.0, 1.0], [1.0, 2.0, 1.0]]]]));
    /// ```
    pub fn fold<
        const H: usize,
        const W: usize,
        const K: usize,
        const STRIDE: usize,
        const PADDING: usize,
        const DILATION: usize,
    >(
        self,
    ) -> Unary<
        S,
        E,
        C,
        F,
        S::Folded,
        Lawful<FoldBackward, Columns<S::Columns, H, W, Window<K, STRIDE, PADDING, DILATION>>>,
    >
    where
        S: FoldShape<H, W, K>,
    {
        let () = Columns::<S::Columns, H, W, Window<K, STRIDE, PADDING, DILATION>>::HOLDS;
        let sizes = sizes(S::PLANES, [H, W], WindowSizes::new(K, STRIDE, PADDING, DILATION));
        let (x, flow) = self.into_waiting();
        Tensor::from_parts(
            fold(x.as_slice(), &sizes),
            Waiting::into_inner(flow).then(|| Lawful::new(FoldBackward { sizes })),
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn a_convolution_is_a_product_with_the_columns() {
        let rng = &mut Rng::seed(1);
        let (x, w) =
            (Tensor::<Rank4<2, 3, 7, 6>, f64>::randn(rng), Tensor::<Rank4<4, 3, 3, 3>, f64>::randn(rng));
        let columns = x.clone().unfold::<3, 2, 1, 2>().with_shape::<Rank3<2, 27, 6>>();
        let y = w.clone().reshape::<Rank2<4, 27>>().matmul(columns).reshape::<Rank4<2, 4, 3, 2>>();
        assert!(y.allclose(x.conv2d::<Conv<2, 1, 2>, _>(w).with_shape::<Rank4<2, 4, 3, 2>>()));
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let rng = &mut Rng::seed(1);
        let x = Tensor::<Rank4<2, 2, 5, 4>, f64>::randn(rng);
        gradcheck(x.clone(), |x| x.unfold::<3, 2, 1, 1>().powi(2).sum()).unwrap();
        gradcheck(x, |x| x.unfold::<2, 1, 0, 2>().powi(2).sum()).unwrap();
        let columns = Tensor::<Rank3<2, 18, 6>, f64>::randn(rng);
        gradcheck(columns, |x| x.fold::<5, 4, 3, 2, 1, 1>().powi(2).sum()).unwrap();
    }
}
