//! Data: examples, batches of them, and the files they come from.
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
//! | [`Dataset`] | examples by number: vectors, slices, [`TensorDataset`], [`TensorRows`], or a type of yours |
//! | [`DataLoader`] | shuffled batches of a constant size, from [`Dataset::batches`] |
//! | [`PaddedBatch`] | a tensor of a batch: its last rows may be padding, which counts nowhere |
//! | [`ShardedLoader`] | several batches for each step, from [`DataLoader::shards`] |
//! | [`Prefetch`] | the next batches, made by a thread |
//! | [`Csv`], [`read_idx`], [`read_npy`] | files |

mod binary;
mod collate;
mod csv;
mod dataset;
mod error;
mod idx;
mod loader;
mod npy;
mod prefetch;
mod rows;
mod shards;

pub use crate::tensor::{PaddedBatch, WrongLength};
pub use collate::Collate;
pub use csv::{Column, Csv};
pub use dataset::{Batched, Dataset, Map, Padded, Subset};
pub use error::DataError;
pub use idx::{parse_idx, read_idx};
pub use loader::{Batch, DataLoader, Epoch, Full, Position, RealRows};
pub use npy::{read_npy, read_npy_rows, write_npy};
pub use prefetch::Prefetch;
pub use rows::{DifferentLengths, TensorDataset, TensorRows};
pub use shards::{ShardedLoader, Shards};
