//! Losses, one in each file. PyTorch's `torch.nn.functional` and the losses of `torch.nn`.
//!
//! A loss has two spellings. The method of a tensor, PyTorch's function, is the mean with the default options:
//! `scores.cross_entropy(&labels)`. The type, PyTorch's class, has the options and the three reductions:
//!
//! ```
//! use typegrad::prelude::*;
//! let scores = Tensor::from([[2.0, 0.0], [0.0, 1.0]]);
//! let labels = Tensor::from([0, 1]);
//! let criterion = CrossEntropyLoss::new().label_smoothing(0.1);
//! let mean = criterion.mean(scores.clone(), &labels);
//! let sum = criterion.sum(scores.clone(), &labels);
//! let each: Tensor<Rank1<2>, f64> = criterion.none(scores, &labels);
//! assert_eq!(sum.item(), mean.item() * 2.0);
//! assert_eq!(each.to_vec().iter().sum::<f64>(), sum.item());
//! ```
//!
//! Each is one operation. What flows back is the slope, which the forward pass computes, times a factor.

mod bce;
mod bce_with_logits;
mod classes;
mod cosine_embedding;
mod cross_entropy;
mod gaussian_nll;
mod hinge_embedding;
mod huber;
mod kl_div;
mod l1;
mod local_gradients;
mod margin_ranking;
mod mse;
mod multi_margin;
mod nll;
mod poisson_nll;
mod reductions;
mod same_shape;
mod smooth_l1;
mod soft_margin;
mod triplet_margin;
mod weights;

pub use bce::{BceLoss, BinaryCrossEntropyBackward};
pub use bce_with_logits::{BceWithLogitsLoss, BinaryCrossEntropyWithLogitsBackward};
pub use classes::{ClassAxis, ClassTarget, ClassesAt, LastAxisClasses, TakesLabels};
pub use cosine_embedding::{CosineEmbeddingLoss, CosineEmbeddingLossBackward, CosineSimilarityBackward};
pub use cross_entropy::{CrossEntropyBackward, CrossEntropyLoss};
pub use gaussian_nll::{GaussianNllLoss, GaussianNllLossBackward};
pub use hinge_embedding::{HingeEmbeddingLoss, HingeEmbeddingLossBackward};
pub use huber::{HuberLoss, HuberLossBackward};
pub use kl_div::{KlDivBackward, KlDivLoss};
pub use l1::{L1Loss, L1LossBackward};
pub use margin_ranking::{MarginRankingLoss, MarginRankingLossBackward};
pub use mse::{MseLoss, MseLossBackward};
pub use multi_margin::{MultiMarginLoss, MultiMarginLossBackward};
pub use nll::{NllLoss, NllLossBackward};
pub use poisson_nll::{PoissonNllLoss, PoissonNllLossBackward};
pub use same_shape::SameShapeOperand;
pub use smooth_l1::{SmoothL1Loss, SmoothL1LossBackward};
pub use soft_margin::{SoftMarginLoss, SoftMarginLossBackward};
pub use triplet_margin::{TripletMarginLoss, TripletMarginLossBackward};
pub use weights::{ClassWeights, Unweighted, Weighted, Weights};
