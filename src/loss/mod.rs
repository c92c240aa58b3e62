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
//! Each is one operation. The forward pass computes the local gradients; the backward pass scales them.

mod bce;
mod bce_with_logits;
mod classes;
mod cosine_embedding;
mod cosine_similarity;
mod cross_entropy;
mod ctc;
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
mod results;
mod same_shape;
mod smooth_l1;
mod soft_margin;
mod takes;
mod triplet_margin;
mod weights;

pub use bce::BceLoss;
pub use bce_with_logits::BceWithLogitsLoss;
pub use classes::{
    ClassAxis, ClassLoss, ClassTarget, ClassesAt, LastAxisClasses, RowsOfScores, ScoresFor, TakesLabels,
};
pub use cosine_embedding::CosineEmbeddingLoss;
pub use cross_entropy::CrossEntropyLoss;
pub use ctc::CtcLoss;
pub use gaussian_nll::GaussianNllLoss;
pub use hinge_embedding::HingeEmbeddingLoss;
pub use huber::HuberLoss;
pub use kl_div::KlDivLoss;
pub use l1::L1Loss;
pub use margin_ranking::MarginRankingLoss;
pub use mse::MseLoss;
pub use multi_margin::MultiMarginLoss;
pub use nll::NllLoss;
pub use poisson_nll::PoissonNllLoss;
pub use results::{
    ContextOfTwo, Criterion, EachOfOne, EachOfThree, EachOfTwo, EachRow, LossOfClasses, LossOfLabels,
    LossOfOne, LossOfThree, LossOfTwo, OfThree, OfTwo, SecondOf,
};
pub use same_shape::SameShapeOperand;
pub use smooth_l1::SmoothL1Loss;
pub use soft_margin::SoftMarginLoss;
pub use triplet_margin::TripletMarginLoss;
pub use weights::{ClassWeights, Unweighted, Weighted, Weights};

/// The types that graphs consist of. Programs do not name them.
#[doc(hidden)]
pub use self::{
    bce::BinaryCrossEntropyBackward, bce_with_logits::BinaryCrossEntropyWithLogitsBackward,
    cosine_embedding::CosineEmbeddingLossBackward, cosine_similarity::CosineSimilarityBackward,
    cross_entropy::CrossEntropyBackward, ctc::CtcLossBackward, gaussian_nll::GaussianNllLossBackward,
    hinge_embedding::HingeEmbeddingLossBackward, huber::HuberLossBackward, kl_div::KlDivBackward,
    l1::L1LossBackward, margin_ranking::MarginRankingLossBackward, mse::MseLossBackward,
    multi_margin::MultiMarginLossBackward, nll::NllLossBackward, poisson_nll::PoissonNllLossBackward,
    smooth_l1::SmoothL1LossBackward, soft_margin::SoftMarginLossBackward,
    triplet_margin::TripletMarginLossBackward,
};
