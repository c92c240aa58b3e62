//! l = -(t ln x + (1 - t) ln (1 - x)), with logarithms of at least -100; dl/dx = (x - t) / (x (1 - x)),
//! dl/dt = ln (1 - x) - ln x.

use super::local_gradients::{Formula, factors};
use super::reductions::{pair_loss, pair_method};
use super::results::SizesOfTwo;
use super::takes::{KindOf, Probabilities};
use super::{SameShapeOperand, Unweighted, Weights};
use crate::element::Float;
use crate::kernel::loss::formulas::ElementLoss;
use crate::shape::{Law, Shape};
use crate::tensor::{RowsOf, Tensor};

/// The binary cross entropy of probabilities x and targets t. PyTorch's `torch.nn.BCELoss`.
///
/// [`BceWithLogitsLoss`](super::BceWithLogitsLoss) takes scores, and loses no digits where x is near 0 or 1.
///
/// In: x and t of one shape, both from 0 to 1. Out: a scalar, or that shape.
///
/// ```
/// use typegrad::prelude::*;
/// let (x, t) = (Tensor::from([0.5, 0.5]), Tensor::from([1.0, 0.0]));
/// let each = BceLoss::new().weight(Tensor::from([1.0, 0.0])).none(x, t);
/// assert_eq!(each, Tensor::from([2.0_f64.ln(), 0.0]));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BceLoss<W = Unweighted> {
    weight: W,
}

impl Default for BceLoss {
    fn default() -> Self {
        Self::new()
    }
}

impl BceLoss {
    /// The loss without weights.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // options are methods: `BceLoss::new().weight(w)`
        BceLoss { weight: Unweighted }
    }

    /// Sets a factor for each element, or for each of the last axes.
    #[must_use]
    pub fn weight<S: Shape, E: Float>(self, weight: Tensor<S, E>) -> BceLoss<Tensor<S, E>> {
        BceLoss { weight }
    }
}

impl<W> BceLoss<W> {
    fn formula<S: Shape, E: Float>(&self, x: &[E]) -> Formula<'_, E>
    where
        W: Weights<S, E>,
    {
        let outside = |i: usize| {
            format!(
                "binary_cross_entropy: element {i} of the input is {}, but all are between 0 and 1; \
                 is it a score, for binary_cross_entropy_with_logits?",
                x[i]
            )
        };
        let problem = E::outside_of_unit(x).map(outside);
        Formula { weight: factors(self.weight.weights()), problem, ..Formula::plain(ElementLoss::Bce) }
    }
}

pair_loss!(binary_cross_entropy, BceLoss<W>, BinaryCrossEntropyBackward, takes Probabilities::<KindOf<X>>::HOLDS, opposite: false);

pair_method! {
    /// The mean of -(t ln x + (1 - t) ln (1 - x)), for probabilities x of the class 1. PyTorch's
    /// `torch.nn.functional.binary_cross_entropy`. [`BceLoss`] has weights and the other reductions. For scores, which
    /// are not yet probabilities, there is [`binary_cross_entropy_with_logits`](Tensor::binary_cross_entropy_with_logits).
    ///
    /// In: x and a target, both `S`. The target is a constant, a tracked tensor or a `&Param`. Out: a scalar.
    ///
    /// # Panics
    /// If an element of x is not between 0 and 1.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([0.5_f64, 0.0]);
    /// let loss = x.binary_cross_entropy(&Tensor::from([1.0, 1.0]));
    /// assert!((loss.item() - (2.0_f64.ln() + 100.0) / 2.0).abs() < 1e-12); // a logarithm is at least -100
    /// ```
    fn binary_cross_entropy(target) by BceLoss,
    takes { let () = Probabilities::<F::Kind>::HOLDS; SizesOfTwo::<Self, R>::HOLDS },
    of tensors [R: SameShapeOperand<C, S, E>],
    of batches [R: RowsOf<Self, Inner: SameShapeOperand<C, S, E>>],
    consumes self // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
}
