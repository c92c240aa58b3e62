//! Parts of a long sequence of tokens.

use crate::data::Dataset;
use crate::shape::{Law, Rank1, number_law};
use crate::storage::Storage;
use crate::tensor::Tensor;

number_law!(Tokens: |n| n > 0, "a window has at least one token");

/// The first `T` tokens; after the end, `padding`.
pub(super) fn fixed<const T: usize>(tokens: &[i64], padding: i64) -> Tensor<Rank1<T>, i64> {
    Tensor::constant(Storage::from_fn(T, |i| tokens.get(i).copied().unwrap_or(padding)))
}

/// The windows of `T` tokens of a sequence, each with the token that follows each of its tokens: the examples of a language model.
///
/// Example i starts at the token i `stride`, where `stride` is `T` by default, so that no token is predicted twice. Tokens
/// at the end that do not fill a window are not used.
///
/// ```
/// use typegrad::data::Dataset;
/// use typegrad::data::text::TokenWindows;
/// use typegrad::prelude::*;
/// let windows = TokenWindows::<3>::new(vec![10, 11, 12, 13, 14, 15, 16, 17]);
/// assert_eq!(windows.len(), 2);
/// assert_eq!(windows.get(1), (Tensor::from([13, 14, 15]), Tensor::from([14, 15, 16])));
/// assert_eq!(windows.stride(1).len(), 5);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenWindows<const T: usize> {
    tokens: Vec<i64>,
    stride: usize,
}

impl<const T: usize> TokenWindows<T> {
    /// The windows of a sequence of tokens.
    #[must_use]
    pub fn new(tokens: Vec<i64>) -> Self {
        let () = Tokens::<T>::HOLDS;
        TokenWindows { tokens, stride: T }
    }

    /// Sets the number of tokens from the start of a window to the start of the next, `T` by default.
    ///
    /// # Panics
    /// If it is 0.
    #[must_use]
    #[track_caller]
    pub fn stride(mut self, stride: usize) -> Self {
        assert!(stride > 0, "the stride must be at least 1, but it is 0");
        self.stride = stride;
        self
    }
}

impl<const T: usize> Dataset for TokenWindows<T> {
    type Example = (Tensor<Rank1<T>, i64>, Tensor<Rank1<T>, i64>);
    fn len(&self) -> usize {
        self.tokens.len().checked_sub(T + 1).map_or(0, |rest| rest / self.stride + 1)
    }
    fn get(&self, index: usize) -> Self::Example {
        let tokens = &self.tokens[index * self.stride..][..T + 1];
        (fixed(&tokens[..T], 0), fixed(&tokens[1..], 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_whole_and_none_is_forgotten() {
        for len in 0..12 {
            for stride in 1..5 {
                let tokens: Vec<i64> = (0..len).collect();
                let windows = TokenWindows::<3>::new(tokens.clone()).stride(stride);
                let expected: Vec<_> =
                    tokens.windows(4).step_by(stride).map(|w| (w[..3].to_vec(), w[1..].to_vec())).collect();
                let got: Vec<_> = (0..windows.len()).map(|i| windows.get(i)).collect();
                let got: Vec<_> = got.into_iter().map(|(x, y)| (x.to_vec(), y.to_vec())).collect();
                assert_eq!(got, expected, "{len} {stride}");
            }
        }
    }
}
