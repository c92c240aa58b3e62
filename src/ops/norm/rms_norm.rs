//! y = x / √(mean of x² + ε) w along the last axis; see `layer_norm`.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::norm::layer_norm::RowLayout;
use crate::ops::norm::affine::{AffineOperand, Normalized};
use crate::ops::norm::layer_norm::LayerNormBackward;
use crate::shape::{Axis, Dim, Shape};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// x / √(mean of x² + `eps`) `weight` along the last axis. PyTorch's
    /// `torch.nn.functional.rms_norm(x, (N,), weight, eps)`.
    ///
    /// In: `[.., N]` and `[N]`, or `()` without a weight; an `eps` of `None` is the machine epsilon of the elements. Out:
    /// `[.., N]`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[4.0, 4.0], [-3.0, 3.0]]);
    /// assert_eq!(x.clone().rms_norm((), 0.0), Tensor::from([[1.0, 1.0], [-1.0, 1.0]]));
    /// assert_eq!(x.rms_norm(Tensor::from([1.0, 2.0]), 0.0), Tensor::from([[1.0, 2.0], [-1.0, 2.0]]));
    /// ```
    ///
    /// # Panics
    /// If `eps` is negative or NaN.
    #[track_caller]
    pub fn rms_norm<W>(
        self,
        weight: W,
        eps: impl Into<Option<f64>>,
    ) -> Normalized<S, E, C, F, (S::Dim,), W, (), LayerNormBackward<E>>
    where
        S: Axis<-1>,
        W: AffineOperand<C, (S::Dim,), E>,
    {
        let rows = RowLayout { size: S::Dim::SIZE, groups: 1, inner: 1, centered: false };
        self.norm_rows(weight, (), rows, eps.into().unwrap_or(E::epsilon().as_f64()))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradients_agree_with_differences() {
        let rng = &mut Rng::seed(1);
        let (x, w) = (Tensor::<Rank2<3, 4>, f64>::randn(rng), Tensor::<Rank1<4>, f64>::randn(rng));
        let b = Tensor::<Rank1<4>, f64>::randn(rng);
        gradcheck((x.clone(), w.clone()), |(x, w)| x.rms_norm(w, None).powi(3).sum()).unwrap();
        gradcheck((x.clone(), w, b), |(x, w, b)| x.layer_norm(w, b, 1e-3).powi(3).sum()).unwrap();
        gradcheck(x, |x| x.layer_norm((), (), 1e-3).powi(3).sum()).unwrap();
    }

    #[test]
    #[should_panic(expected = "eps must be at least 0, but got -1")]
    fn eps_is_not_negative() {
        let _ = Tensor::from([1.0, 2.0]).rms_norm((), -1.0);
    }
}
