//! Each byte of a text is a token.

use super::windows::fixed;
use crate::shape::Rank1;
use crate::tensor::Tensor;

/// The bytes of a text as tokens from 0 to 255: no text is unknown. For `Embedding<{ ByteTokenizer::VOCAB }, D>`.
///
/// ```
/// use typegrad::data::text::ByteTokenizer;
/// use typegrad::prelude::*;
/// let net = Embedding::<{ ByteTokenizer::VOCAB }, 8>::new(&mut Rng::seed(0));
/// let tokens: Tensor<Rank1<4>, i64> = ByteTokenizer.encode_fixed("né", 0); // é is two bytes, and the 0 is padding
/// assert_eq!(tokens, Tensor::from([110, 195, 169, 0]));
/// let _: Tensor<Rank2<4, 8>> = net.infer(tokens.clone());
/// assert_eq!(ByteTokenizer.decode(&tokens.as_slice()[..3]), "né");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByteTokenizer;

impl ByteTokenizer {
    /// The number of tokens.
    pub const VOCAB: usize = 256;

    /// The tokens of a text.
    #[must_use]
    pub fn encode(&self, text: &str) -> Vec<i64> {
        text.bytes().map(i64::from).collect()
    }

    /// The first `T` tokens of a text; after its end, `padding`.
    pub fn encode_fixed<const T: usize>(&self, text: &str, padding: i64) -> Tensor<Rank1<T>, i64> {
        fixed(&self.encode(text), padding)
    }

    /// The text of tokens. Bytes that are not UTF-8 become the character U+FFFD, and so does a token that is not a byte.
    #[must_use]
    pub fn decode(&self, tokens: &[i64]) -> String {
        // 0xff is in no UTF-8.
        let bytes: Vec<u8> = tokens.iter().map(|token| u8::try_from(*token).unwrap_or(0xff)).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
