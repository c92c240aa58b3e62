//! Datasets, batches and files of data. PyTorch's `torch.utils.data`.
//!
//! ```
//! use typegrad::data::{Batch, Dataset, TensorDataset};
//! use typegrad::prelude::*;
//!
//! let mut rng = Rng::seed(0);
//! let x = Tensor::<Rank2<96, 2>>::randn(&mut rng);
//! let y = Tensor::<Rank1<96>, i64>::from_fn(|i| i64::from(x.as_slice()[2 * i] > 0.0));
//! let train = TensorDataset::new(x, y).batches::<32>();
//!
//! let mut net = Linear::<2, 2>::new(&mut rng);
//! let mut adam = Adam::new(0.05);
//! for _ in 0..20 {
//!     for Batch { data: (x, y), .. } in train.epoch(&mut rng).prefetch(2) {
//!         net.zero_grad();
//!         net.train(x).cross_entropy(&y).backward();
//!         adam.step(&mut net);
//!     }
//! }
//! ```
//!
//! | | |
//! |---|---|
//! | [`Dataset`] | examples by index: vectors, slices, [`TensorDataset`], [`TensorRows`], [`ConcatDataset`], or your own type |
//! | [`DataLoader`] | shuffled batches of a constant size, from [`Dataset::batches`] |
//! | [`PaddedBatch`] | a tensor of a batch, whose last rows may be padding; losses and metrics do not count it |
//! | [`ShardedLoader`] | several batches for each step, from [`DataLoader::shards`] |
//! | [`Prefetch`] | computes the next batches on other threads |
//! | [`Csv`], [`read_idx`], [`read_npy`], `ImageFolder`, `Npz` | files; the last two with the features `images` and `npz` |
//! | [`Dataset::random_split`], [`Dataset::k_folds`] | parts of a dataset, optionally with the same share of each class |
//! | [`Dataset::map_random`], [`transforms`], [`Dataset::mixup`] | augmentation that resumes bit-identically |
//! | [`InferRows`] | a network on any number of rows, for a service |
//! | [`text`] | tokens of a vocabulary, whose size is in its type |

mod binary;
mod collate;
mod concat;
mod csv;
mod dataset;
mod error;
mod idx;
#[cfg(feature = "images")]
mod images;
mod infer;
mod loader;
mod map_random;
mod mixup;
mod npy;
#[cfg(feature = "npz")]
mod npz;
mod prefetch;
mod rows;
mod sampler;
mod shards;
mod split;
mod stats;
pub mod text;
mod torch_options;
pub mod transforms;

pub use crate::tensor::{PaddedBatch, WrongLength};
pub use collate::Collate;
pub use concat::ConcatDataset;
pub use csv::{Column, Csv, Missing};
pub use dataset::{Batched, Dataset, Map, Padded, Subset};
pub use error::DataError;
pub use idx::{parse_idx, read_idx};
#[cfg(feature = "images")]
pub use images::{ImageFolder, read_image};
pub use infer::{InferRows, InferredRows, RowChunks};
pub use loader::{Batch, DataLoader, Epoch, Full, Position, RealRows};
pub use map_random::MapRandom;
pub use mixup::{Class, Mix, Mixup};
pub use npy::{read_npy, read_npy_rows, write_npy};
#[cfg(feature = "npz")]
pub use npz::{Npz, NpzWriter};
pub use prefetch::Prefetch;
pub use rows::{DifferentLengths, TensorDataset, TensorRows};
pub use sampler::balanced_weights;
pub use shards::{ShardedLoader, Shards};
pub use split::SplitSize;
