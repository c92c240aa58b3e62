//! Text as numbers: bytes, or words of a vocabulary.
//!
//! The size of a vocabulary is a constant, `V`, and is that of the [`Embedding<V, D>`](crate::nn::Embedding) it is for: a file with
//! more or fewer words is an error where it is loaded instead of an index out of range during training.
//!
//! ```
//! use typegrad::data::Dataset;
//! use typegrad::data::text::{TokenWindows, WordTokenizer};
//! use typegrad::prelude::*;
//!
//! const V: usize = 8;
//! const T: usize = 4;
//! let text = "The cat sat. The cat sat on the mat. The mat sat on the cat.";
//! let words = WordTokenizer::<V>::build([text])?;
//! let rng = &mut Rng::seed(0);
//! let net = <(Embedding<V, 16>, Linear<16, V>)>::new(rng);
//! for batch in TokenWindows::<T>::new(words.encode(text)).batches::<2>().epoch(rng) {
//!     let (tokens, next) = batch.data;
//!     net.train(tokens).cross_entropy_axis::<-1, _>(&next).backward();
//! }
//! assert_eq!(words.decode(&words.encode("The dog sat.")), "the <unk> sat .");
//! # Ok::<(), typegrad::data::DataError>(())
//! ```

mod byte;
mod windows;
mod word;

pub use byte::ByteTokenizer;
pub use windows::TokenWindows;
pub use word::WordTokenizer;
