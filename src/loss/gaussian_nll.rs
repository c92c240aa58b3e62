//! l = (ln v + (x - t)² / v) / 2 for a variance v, and dl/dx = (x - t) / v = -dl/dt, dl/dv = (1 / v - (x - t)² / v²) / 2.
//! With `full`, ln (2π) / 2 is added.

use super::SameShapeOperand;
use super::local_gradients::{backward, three_elements};
use super::reductions::{of_batches, reductions};
use super::results::{ContextOfTwo, OfThree, SecondOf, SizesOfThree};
use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::loss::Reduce;
use crate::kernel::loss::formulas::ElementLoss;
use crate::options;
use crate::shape::{Is, Law, Shape};
use crate::tensor::{RowsOf, Tensor};

backward!(for GaussianNllLoss: GaussianNllLossBackward of gaussian_nll_loss, three tensors);

/// The negative log-likelihood of t under a normal distribution with mean x and a variance. PyTorch's `torch.nn.GaussianNLLLoss`.
///
/// In: the mean x, t and the variance, of one shape. Out: a scalar, or that shape.
///
/// ```
/// use typegrad::prelude::*;
/// let (x, t, var) = (Tensor::from([1.0, 2.0]), Tensor::from([1.0, 4.0]), Tensor::from([1.0, 4.0]));
/// let each = GaussianNllLoss::new().none(x, t, var);
/// assert_eq!(each, Tensor::from([0.0, 0.5 * (4.0_f64.ln() + 1.0)]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GaussianNllLoss {
    full: bool,
    eps: f64,
}

impl Default for GaussianNllLoss {
    fn default() -> Self {
        Self::new()
    }
}

impl GaussianNllLoss {
    /// The loss without the constant term, and with variances clamped to at least 1e-6.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // options are methods: `GaussianNllLoss::new().full(true)`
        GaussianNllLoss { full: false, eps: 1e-6 }
    }

    /// Sets whether the constant ln (2π) / 2 is added.
    #[must_use]
    pub fn full(self, full: bool) -> Self {
        GaussianNllLoss { full, ..self }
    }

    /// Sets the lower bound of the variance. As in PyTorch, the clamp is not differentiated.
    ///
    /// # Panics
    /// If it is not positive.
    #[must_use]
    #[track_caller]
    pub fn eps(self, eps: f64) -> Self {
        GaussianNllLoss { eps: options::positive("eps", eps), ..self }
    }

    reductions! {
        (target: R1, var: R2) -> LossOfThree, EachOfThree [R1 R2],
        takes SizesOfThree::<X, R1, R2>::HOLDS,
        over <X::Shape as Shape>::NUMEL as f64,
        none X::Shape,
        where {
            R1: RowsOf<X, Inner: SameShapeOperand<X::Context, X::Shape, X::Element>>,
            R2: RowsOf<X, Inner: SameShapeOperand<ContextOfTwo<X, R1>, X::Shape, X::Element>>,
        }
    }

    #[track_caller]
    fn run<T, S, E, C, F, R1, R2>(
        &self,
        x: Tensor<S, E, Graph<C, F>>,
        target: R1,
        var: R2,
        reduce: Reduce,
    ) -> OfThree<T, Tensor<S, E, Graph<C, F>>, R1, R2, GaussianNllLossBackward<E>>
    where
        T: Shape,
        S: Shape,
        E: Float,
        C: Context,
        F: Flow<S, E>,
        R1: SameShapeOperand<C, S, E>,
        R2: SameShapeOperand<C::Or<R1::Context>, S, E>,
    {
        let addend = if self.full { 0.5 * std::f64::consts::TAU.ln() } else { 0.0 };
        let loss = ElementLoss::GaussianNll(E::from_f64(self.eps), E::from_f64(addend));
        three_elements(x, target, var, reduce, GaussianNllLossBackward, |[_, _, var]| {
            let var = &var.as_slice()[..reduce.rows.part(var.len())];
            let negative = |i: usize| {
                format!("gaussian_nll_loss: the variance must not be negative, but element {i} is {}", var[i])
            };
            E::below_zero(var).map_or(Ok(loss), |i| Err(negative(i)))
        })
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The mean of (ln v + (x - t)² / v) / 2: the negative log-likelihood of t under a normal distribution with mean x and variance v.
    /// PyTorch's `torch.nn.functional.gaussian_nll_loss`. [`GaussianNllLoss`] has `full`, `eps` and the other
    /// reductions.
    ///
    /// In: three times `S`; the other two are constants, tracked tensors or `&Param`s. Out: a scalar.
    ///
    /// # Panics
    /// If a variance is negative.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (x, t, v) = (Tensor::from([1.0, 3.0]), Tensor::from([0.0, 0.0]), Tensor::from([1.0, 1.0]));
    /// assert_eq!(x.gaussian_nll_loss(t, v).item(), 2.5);
    /// ```
    #[track_caller]
    pub fn gaussian_nll_loss<R, V>(self, target: R, var: V) -> R::Mean<V>
    where
        R: SecondOf<S, E, C, F, GaussianNllLossBackward<E>>,
        V: SameShapeOperand<C::Or<R::Context>, S, E>,
    {
        let () = SizesOfThree::<Self, R, V>::HOLDS;
        Is::of(GaussianNllLoss::new().mean_of(self, target, var))
    }
}

of_batches! {
    gaussian_nll_loss(self, target: R1, var: R2) -> LossOfThree<(), Self, R1, R2, GaussianNllLoss>,
    GaussianNllLoss::new(),
    takes SizesOfThree::<Self, R1, R2>::HOLDS,
    where {
        R1: RowsOf<Self, Inner: SameShapeOperand<C, S, E>>,
        R2: RowsOf<Self, Inner: SameShapeOperand<ContextOfTwo<Self, R1>, S, E>>,
    }
}
