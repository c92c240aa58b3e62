//! Random changes of images, for [`map_random`](crate::data::Dataset::map_random): torchvision's `transforms`.
//!
//! An image is a tensor `[C, H, W]`. Each transform takes the generator of its example, so that it is the same in a resumed epoch.
//!
//! ```
//! use typegrad::data::transforms::{Normalize, RandomAffine, RandomCrop, RandomHorizontalFlip};
//! use typegrad::data::{Dataset, TensorDataset};
//! use typegrad::prelude::*;
//!
//! let images = Tensor::<Rank4<6, 3, 32, 32>>::rand(&mut Rng::seed(0));
//! let data = TensorDataset::new(images, Tensor::from([0, 1, 0, 1, 0, 1]));
//! let crop = RandomCrop::<32, 32, 4>::new(); // out of an image with 4 zeros around it
//! let jitter = RandomAffine::new(10.0).translate(0.1, 0.1).scale(0.9, 1.1);
//! let normalize = Normalize::new([0.49, 0.48, 0.45], [0.25, 0.24, 0.26]);
//! let train = data.map_random(move |(image, label), rng| {
//!     let image = RandomHorizontalFlip::new().apply(image, rng);
//!     let image = jitter.apply(crop.apply(image, rng), rng);
//!     (normalize.apply(image), label)
//! });
//! for batch in train.batches::<4>().epoch(&mut Rng::seed(1)).workers(2) {
//!     let _: PaddedBatch<Tensor<Rank4<4, 3, 32, 32>>> = batch.data.0;
//! }
//! ```

mod affine;
mod crop;
mod flip;
mod normalize;

pub use affine::{Affine, RandomAffine};
pub use crop::RandomCrop;
pub use flip::{RandomHorizontalFlip, RandomVerticalFlip};
pub use normalize::Normalize;
