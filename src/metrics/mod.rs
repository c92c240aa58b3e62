//! Metrics. Each accumulates over batches of any size, a smaller last one included, and
//! gives the value for all examples at once: scikit-learn's, under scikit-learn's names.
//!
//! `update` takes tensors and batches; `update_slices` takes slices of any length, such as the elements of
//! [`TensorRows`](crate::data::TensorRows).
//!
//! Without examples a metric is NaN. A ratio with a divisor of 0 is 0, as in scikit-learn; each metric documents it.
//!
//! ```
//! use typegrad::metrics::{ConfusionMatrix, Mean};
//! use typegrad::prelude::*;
//! let mut confusion = ConfusionMatrix::<2>::new();
//! let mut loss = Mean::new();
//! for scores in [Tensor::from([[2.0, 0.0], [0.0, 1.0]]), Tensor::from([[0.0, 3.0], [0.0, 1.0]])] {
//!     let labels = Tensor::from([0, 1]);
//!     confusion.update(&scores.argmax_axis::<-1>(), &labels);
//!     loss.update(scores.cross_entropy(&labels).item(), 2);
//! }
//! assert_eq!(confusion.accuracy(), 0.75);
//! assert!(loss.value() > 0.0);
//! ```

mod accuracy;
mod auroc;
mod confusion;
mod mean;
mod regression;
mod top_k;

pub use crate::options::Reported;
pub use accuracy::accuracy;
pub use auroc::Auroc;
pub use confusion::{Average, ConfusionMatrix};
pub use mean::Mean;
pub use regression::Regression;

/// Panics if there are not as many predictions as targets.
#[track_caller]
fn same_length(metric: &str, predicted: usize, targets: usize) {
    assert!(predicted == targets, "{metric}: {predicted} predictions, but {targets} targets");
}
