//! `unfold`: the windows of images as columns, and dL/dx is the sum of dL/dy over the windows that have the element. `fold`
//! is that sum, and its gradient is `unfold`.

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::conv::unfold::{Unfolding, fold, unfold};
use crate::ops::support::lawful::Lawful;
use crate::ops::support::results::{ContextOf, ElementOf, FlowOf, ShapeOf, Unary};
use crate::shape::{Columns, FoldShape, ImageWindow, Law, Shape, UnfoldShape, Window, Windows};
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

/// The windows `V` of images `X`, a tensor, as columns.
pub type Unfolded<X, V> = Unary<
    ShapeOf<X>,
    ElementOf<X>,
    ContextOf<X>,
    FlowOf<X>,
    <ShapeOf<X> as UnfoldShape<V>>::Unfolded,
    Lawful<UnfoldBackward, Windows<ShapeOf<X>, V>>,
>;

/// Images of height `H` and width `W` from the columns `X`, a tensor, of their windows `V`.
pub type Folded<X, const H: usize, const W: usize, V> = Unary<
    ShapeOf<X>,
    ElementOf<X>,
    ContextOf<X>,
    FlowOf<X>,
    <ShapeOf<X> as FoldShape<H, W, V>>::Folded,
    Lawful<FoldBackward, Columns<<ShapeOf<X> as FoldShape<H, W, V>>::Columns, H, W, V>>,
>;

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
    /// window fits is checked when the program is built. [`unfold_rect`](Self::unfold_rect) has a window of its own for each
    /// axis.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]]);
    /// let y = x.unfold::<2, 1, 0, 1>().with_shape();
    /// assert_eq!(y, Tensor::from([[[1.0, 2.0], [2.0, 3.0], [4.0, 5.0], [5.0, 6.0]]]));
    /// ```
    #[rustfmt::skip]
    pub fn unfold< // `x.unfold::<3, 1, 0, 1>()`
        const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize,
    >(
        self,
    ) -> Unfolded<Self, Window<K, STRIDE, PADDING, DILATION>>
    where
        S: UnfoldShape<Window<K, STRIDE, PADDING, DILATION>>,
    {
        let () = Windows::<S, Window<K, STRIDE, PADDING, DILATION>>::HOLDS;
        self.unfolded::<Window<K, STRIDE, PADDING, DILATION>>()
    }

    /// The windows of images as columns, with a [`Window`] for the height and one for the width. PyTorch's
    /// `F.unfold(x, (KH, KW), (DH, DW), (PH, PW), (SH, SW))`.
    ///
    /// In: `[B, C, H, W]`. Out: `[B, C KH KW, L]` as for [`unfold`](Self::unfold).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]]);
    /// let y = x.unfold_rect::<Window<1>, Window<2>>().with_shape();
    /// assert_eq!(y, Tensor::from([[[1.0, 2.0, 4.0, 5.0], [2.0, 3.0, 5.0, 6.0]]]));
    /// ```
    pub fn unfold_rect<WH, WW>(self) -> Unfolded<Self, (WH, WW)>
    where
        S: UnfoldShape<(WH, WW)>,
        (WH, WW): ImageWindow,
    {
        let () = Windows::<S, (WH, WW)>::HOLDS;
        self.unfolded::<(WH, WW)>()
    }

    fn unfolded<V: ImageWindow>(self) -> Unfolded<Self, V>
    where
        S: UnfoldShape<V>,
    {
        let sizes = Unfolding { planes: S::PLANES, axes: S::MOVING };
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
    /// column for each position is checked when the program is built. [`fold_rect`](Self::fold_rect) has a window of its own
    /// for each axis.
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
    ) -> Folded<Self, H, W, Window<K, STRIDE, PADDING, DILATION>>
    where
        S: FoldShape<H, W, Window<K, STRIDE, PADDING, DILATION>>,
    {
        let () = Columns::<S::Columns, H, W, Window<K, STRIDE, PADDING, DILATION>>::HOLDS;
        self.folded::<H, W, Window<K, STRIDE, PADDING, DILATION>>()
    }

    /// Images of height `H` and width `W` from the columns of their windows, with a [`Window`] for the height and one for the
    /// width. PyTorch's `F.fold(x, (H, W), (KH, KW), (DH, DW), (PH, PW), (SH, SW))`.
    ///
    /// In: `[B, C KH KW, L]` with L positions of the window. Out: `[B, C, H, W]` as for [`fold`](Self::fold).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank4<1, 1, 2, 3>, f64>::ones();
    /// let counts = x.unfold_rect::<Window<1>, Window<2>>().fold_rect::<2, 3, Window<1>, Window<2>>();
    /// assert_eq!(counts.with_shape(), Tensor::from([[[[1.0, 2.0, 1.0], [1.0, 2.0, 1.0]]]]));
    /// ```
    pub fn fold_rect<const H: usize, const W: usize, WH, WW>(self) -> Folded<Self, H, W, (WH, WW)>
    where
        S: FoldShape<H, W, (WH, WW)>,
        (WH, WW): ImageWindow,
    {
        let () = Columns::<S::Columns, H, W, (WH, WW)>::HOLDS;
        self.folded::<H, W, (WH, WW)>()
    }

    fn folded<const H: usize, const W: usize, V: ImageWindow>(self) -> Folded<Self, H, W, V>
    where
        S: FoldShape<H, W, V>,
    {
        let sizes = Unfolding { planes: S::PLANES, axes: S::MOVING };
        let (x, flow) = self.into_waiting();
        Tensor::from_parts(
            fold(x.as_slice(), &sizes),
            Waiting::into_inner(flow).then(|| Lawful::new(FoldBackward { sizes })),
        )
    }
}
