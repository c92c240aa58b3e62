//! y = mean of x over windows, one for each element of the result. The gradient is that of other means.

use crate::element::{Element, Float};
use crate::graph::{Context, Flow, Graph};
use crate::kernel::conv::pool::Windows;
use crate::ops::conv::avg_pool::AvgPoolBackward;
use crate::ops::support::results::Unary;
use crate::shape::{Const, Law, Resize, Resizing, Shape};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The means of windows, one for each element of the result, which cover the input evenly and overlap where it does
    /// not divide. PyTorch's `adaptive_avg_pool1d`.
    ///
    /// In: `[B, C, L0]`. Out: `[B, C, L]`. That there is an element to start from is checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[1.0, 3.0, 2.0]]]);
    /// assert_eq!(x.adaptive_avg_pool1d::<2>(), Tensor::from([[[2.0, 2.5]]]));
    /// ```
    #[rustfmt::skip]
    pub fn adaptive_avg_pool1d<const L: usize>( // `x.adaptive_avg_pool1d::<2>()`
        self,
    ) -> Unary<S, E, C, F, S::Output, AvgPoolBackward<S::Fits>>
    where
        E: Float,
        S: Resize<(Const<L>,)>,
    {
        let () = Resizing::<S, (Const<L>,)>::HOLDS;
        self.mean_of(Windows::adaptive(S::PLANES, S::INPUT, S::OUTPUT))
    }

    /// The means of windows, one for each element of the result, which cover the input evenly and overlap where it does
    /// not divide. PyTorch's `adaptive_avg_pool2d`.
    ///
    /// In: `[B, C, H0, W0]`. Out: `[B, C, H, W]`. That there is an element to start from is checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[1.0, 3.0], [2.0, 0.0]]]]);
    /// assert_eq!(x.adaptive_avg_pool2d::<1, 2>(), Tensor::from([[[[1.5, 1.5]]]]));
    /// ```
    #[rustfmt::skip]
    pub fn adaptive_avg_pool2d<const H: usize, const W: usize>( // `x.adaptive_avg_pool2d::<1, 1>()`
        self,
    ) -> Unary<S, E, C, F, S::Output, AvgPoolBackward<S::Fits>>
    where
        E: Float,
        S: Resize<(Const<H>, Const<W>)>,
    {
        let () = Resizing::<S, (Const<H>, Const<W>)>::HOLDS;
        self.mean_of(Windows::adaptive(
            S::PLANES,
            S::INPUT,
            S::OUTPUT,
        ))
    }
}
