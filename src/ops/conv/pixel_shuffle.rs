//! Channels moved into the plane, and back: every element keeps its value, and dL/dx is dL/dy at its new position.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::shape::strided::View;
use crate::ops::shape::permute::ViewBackward;
use crate::ops::support::lawful::Lawful;
use crate::ops::support::results::Rearranged;
use crate::shape::{Law, PixelShape, Shape, Shuffles, Unshuffles};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// Images `R` times as high and wide, whose pixels are taken from R² channels. PyTorch's `pixel_shuffle(R)`.
    ///
    /// In: `[.., C R R, H, W]`, with a batch or without. Out: `[.., C, H R, W R]`, expressions.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let y = Tensor::from([[[[1, 2]], [[3, 4]], [[5, 6]], [[7, 8]]]]).pixel_shuffle::<2>();
    /// assert_eq!(y.with_shape(), Tensor::from([[[[1, 3, 2, 4], [5, 7, 6, 8]]]]));
    /// ```
    #[rustfmt::skip]
    pub fn pixel_shuffle<const R: usize>( // `x.pixel_shuffle::<2>()`
        self,
    ) -> Rearranged<S, E, C, F, S::Shuffled, Lawful<ViewBackward, Shuffles<S, R>>>
    where
        S: PixelShape<R>,
    {
        let () = Shuffles::<S, R>::HOLDS;
        let [n, c, h, w] = S::NCHW;
        self.rearranged_by(View::of(&[n, c / (R * R), R, R, h, w]).permute(&[0, 1, 4, 2, 5, 3]), Lawful::new)
    }

    /// Images with R² times as many channels and a height and width divided by `R`: the inverse of
    /// [`pixel_shuffle`](Self::pixel_shuffle). PyTorch's `pixel_unshuffle(R)`.
    ///
    /// In: `[.., C, H R, W R]`, with a batch or without. Out: `[.., C R R, H, W]`, expressions.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let y = Tensor::from([[[1, 3, 2, 4], [5, 7, 6, 8]]]).pixel_unshuffle::<2>();
    /// assert_eq!(y.with_shape(), Tensor::from([[[1, 2]], [[3, 4]], [[5, 6]], [[7, 8]]]));
    /// ```
    #[rustfmt::skip]
    pub fn pixel_unshuffle<const R: usize>( // `x.pixel_unshuffle::<2>()`
        self,
    ) -> Rearranged<S, E, C, F, S::Unshuffled, Lawful<ViewBackward, Unshuffles<S, R>>>
    where
        S: PixelShape<R>,
    {
        let () = Unshuffles::<S, R>::HOLDS;
        let [n, c, h, w] = S::NCHW;
        self.rearranged_by(View::of(&[n, c, h / R, R, w / R, R]).permute(&[0, 1, 3, 5, 2, 4]), Lawful::new)
    }
}
