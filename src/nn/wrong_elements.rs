//! One error for an input whose elements have another type: layers with parameters accept [`Elsewhere`] with elements of every
//! type.

use super::affine::MaybeParam;
use super::bias::Bias;
use super::{BatchNorm1d, BatchNorm2d, Conv1d, Conv2d, Forward, LayerNorm, Linear};
use crate::element::Float;
use crate::graph::Mode;
use crate::shape::{Elsewhere, Rank1};
use crate::tensor::{Input, Traced};

macro_rules! takes_elsewhere {
    ($([$($generics:tt)*] $layer:ty;)*) => { $(
        #[doc(hidden)]
        #[diagnostic::do_not_recommend]
        impl<$($generics)*, Any: Float> Forward<Elsewhere, Any> for $layer {
            type Output = Elsewhere;
            fn forward<M: Mode>(&self, x: Input<Elsewhere, M, Any>) -> impl Traced<Self::Output, M, Any> {
                x
            }
        }
    )* };
}
takes_elsewhere! {
    [const I: usize, const O: usize, E: Float, B: Bias<Rank1<O>, E>] Linear<I, O, E, B>;
    [const N: usize, E: Float, W: MaybeParam<Rank1<N>, E>, B: MaybeParam<Rank1<N>, E>] LayerNorm<N, E, W, B>;
    [const N: usize, E: Float, W: MaybeParam<Rank1<N>, E>, B: MaybeParam<Rank1<N>, E>] BatchNorm1d<N, E, W, B>;
    [const N: usize, E: Float, W: MaybeParam<Rank1<N>, E>, B: MaybeParam<Rank1<N>, E>] BatchNorm2d<N, E, W, B>;
    [
        const I: usize, const O: usize, const K: usize, const STRIDE: usize, const PADDING: usize,
        const DILATION: usize, const GROUPS: usize, E: Float, B: Bias<Rank1<O>, E>
    ] Conv1d<I, O, K, STRIDE, PADDING, DILATION, GROUPS, E, B>;
    [
        const I: usize, const O: usize, const K: usize, const STRIDE: usize, const PADDING: usize,
        const DILATION: usize, const GROUPS: usize, E: Float, B: Bias<Rank1<O>, E>
    ] Conv2d<I, O, K, STRIDE, PADDING, DILATION, GROUPS, E, B>;
}
