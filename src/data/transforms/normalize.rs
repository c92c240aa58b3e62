//! The scale of the channels.

use crate::element::Float;
use crate::shape::Rank3;
use crate::storage::Storage;
use crate::tensor::Tensor;

/// (x - mean) / std in each channel. PyTorch's `transforms.Normalize(mean, std)`.
///
/// ```
/// use typegrad::data::transforms::Normalize;
/// use typegrad::prelude::*;
/// let image = Tensor::from([[[0.5, 1.0]], [[0.0, 1.0]]]); // two channels
/// let normalized = Normalize::new([0.5, 0.0], [0.25, 2.0]).apply(image);
/// assert_eq!(normalized, Tensor::from([[[0.0, 2.0]], [[0.0, 0.5]]]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normalize<const C: usize> {
    mean: [f64; C],
    std: [f64; C],
}

impl<const C: usize> Normalize<C> {
    /// A transform with the mean and the standard deviation of each channel.
    ///
    /// # Panics
    /// If a standard deviation is 0.
    #[must_use]
    #[track_caller]
    pub fn new(mean: [f64; C], std: [f64; C]) -> Self {
        let zero = std.iter().position(|std| *std == 0.0);
        assert!(zero.is_none(), "the standard deviation of channel {} is 0", zero.unwrap_or(0));
        Normalize { mean, std }
    }

    /// The normalized image. In and out: `[C, H, W]`.
    pub fn apply<const H: usize, const W: usize, E: Float>(
        &self,
        image: Tensor<Rank3<C, H, W>, E>,
    ) -> Tensor<Rank3<C, H, W>, E> {
        let (mean, std) = (self.mean.map(E::from_f64), self.std.map(E::from_f64));
        let image = image.as_slice();
        let one = |i: usize| (image[i] - mean[i / (H * W)]) / std[i / (H * W)];
        Tensor::constant(Storage::from_fn(C * H * W, one))
    }
}
