//! L = mean over the rows of ln Σ eˣ - x[label], and dL/dx = (softmax(x) - one-hot(label)) / B.
//!
//! The gradient does not depend on anything that comes later but a factor, so the forward pass computes it while
//! the exponentials are at hand. It is the one buffer that is saved.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback};
use crate::kernel::pointwise::map;
use crate::kernel::softmax;
use crate::shape::Dim;
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `cross_entropy`.
pub struct CrossEntropyBackward<E> {
    slope: Storage<E>,
}

impl<B: Dim, K: Dim, E: Float> Pullback<(B, K), (), E> for CrossEntropyBackward<E> {
    fn pull(self, grad: Tensor<(), E>) -> Tensor<(B, K), E> {
        let g = grad.item();
        Tensor::constant(if g == E::one() { self.slope } else { map(self.slope, |d| d * g) })
    }
}

impl<B, K, E, C, F> Tensor<(B, K), E, Graph<C, F>>
where
    B: Dim,
    K: Dim,
    E: Float,
    C: Context,
    F: Flow<(B, K), E>,
{
    /// The mean of -ln softmax(x)\[label\] over the rows: the loss of a classifier, from its scores. PyTorch's
    /// `torch.nn.functional.cross_entropy` with class indices.
    ///
    /// In: scores `[B, K]`, before any softmax, and labels `[B]`, each in `0..K`, or -100 for a row that does not
    /// count (PyTorch's `ignore_index`). Out: a scalar; NaN if no row counts.
    ///
    /// # Panics
    /// If a label is neither in `0..K` nor -100; the message names the row, the label and K.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let scores = Tensor::from([[0.0_f64, 0.0], [1000.0, 0.0]]);
    /// let loss = scores.cross_entropy(&Tensor::from([1, 0]));
    /// assert!((loss.item() - 0.5 * 2.0_f64.ln()).abs() < 1e-15);
    /// ```
    pub fn cross_entropy<D, H>(
        self,
        labels: &Tensor<(B,), i64, Graph<D, H>>,
    ) -> Tensor<(), E, Graph<C, F::Then<(), CrossEntropyBackward<E>>>> {
        let (x, flow) = self.into_parts();
        let (loss, slope) = softmax::cross_entropy(x, labels.as_slice(), K::SIZE, F::TRACKED);
        let flow = flow.then(|| CrossEntropyBackward { slope: slope.unwrap_or_else(Storage::empty) });
        Tensor::from_parts(Storage::filled(1, loss), flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    // Values of PyTorch 2.
    #[test]
    fn the_loss_and_its_gradient_are_those_of_pytorch() {
        let x = Param::new(Tensor::from([[1.0_f64, 2.0, 3.0], [1.0, -1.0, 0.5]]));
        let loss = x.track().cross_entropy(&Tensor::from([0, 2])).backward();
        assert!((loss - 1.7312814420431857).abs() < 1e-15);
        let want = [
            -0.4549847134148098,
            0.12236423552739882,
            0.3326204778874109,
            0.2870484964838473,
            0.03884778957428529,
            -0.3258962860581326,
        ];
        for (g, want) in x.grad().unwrap().to_vec().into_iter().zip(want) {
            assert!((g - want).abs() < 1e-15, "{g} {want}");
        }
    }

    #[test]
    fn tracked_and_untracked_agree_and_the_scores_of_others_stay() {
        let x = Tensor::<Rank2<5, 7>>::randn(&mut Rng::seed(2));
        let labels = Tensor::from([0, 6, 3, 3, 1]);
        let before = x.to_vec();
        let p = Param::new(x.clone());
        let tracked = p.track().cross_entropy(&labels).item();
        assert_eq!(p.value().to_vec(), before);
        let untracked = x.cross_entropy(&labels).item();
        assert_eq!(tracked, untracked);
        let oracle = p.value().clone().log_softmax::<1>().to_array::<[[f32; 7]; 5]>();
        let oracle: f32 = oracle.iter().zip(labels.to_vec()).map(|(row, label)| -row[label as usize]).sum();
        assert!((tracked - oracle / 5.0).abs() < 1e-6);
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let x = Tensor::<Rank2<4, 3>, f64>::randn(&mut Rng::seed(1));
        let labels = Tensor::from([0, 2, 1, 2]);
        gradcheck(x.clone(), |x| x.cross_entropy(&labels)).unwrap();
        gradcheck(x, |x| x.cross_entropy(&labels).powi(2)).unwrap();
    }

    #[test]
    fn scores_of_any_size_have_a_finite_loss() {
        let x = Tensor::from([[1e30_f32, -1e30], [0.0, 90.0]]);
        assert_eq!(x.clone().cross_entropy(&Tensor::from([0, 1])).item(), 0.0);
        let p = Param::new(x);
        p.track().cross_entropy(&Tensor::from([1, 0])).backward();
        assert!(p.grad().unwrap().to_vec().iter().all(|g| g.is_finite()));
        assert!(Tensor::<Rank2<0, 3>>::zeros().cross_entropy(&Tensor::zeros()).item().is_nan());
    }

    // PyTorch: F.cross_entropy(tensor([[1., 2, 3], [4, 5, 6], [1, -1, 0.5]]), tensor([0, -100, 2])).
    #[test]
    fn a_row_with_the_label_of_none_does_not_count() {
        let x = Param::new(Tensor::from([[1.0_f64, 2.0, 3.0], [4.0, 5.0, 6.0], [1.0, -1.0, 0.5]]));
        let loss = x.track().cross_entropy(&Tensor::from([0, -100, 2])).backward();
        assert!((loss - 1.7312814420431857).abs() < 1e-15);
        assert_eq!(x.grad().unwrap().to_vec()[3..6], [0.0; 3]);
        assert!((x.grad().unwrap().to_vec()[0] + 0.4549847134148098).abs() < 1e-15);
        assert!(x.value().clone().cross_entropy(&Tensor::from([-100; 3])).item().is_nan());
    }

    #[test]
    #[should_panic(expected = "the label of row 1 is 3, but there are 3 classes, 0..3")]
    fn a_label_that_is_too_large_panics() {
        let _ = Tensor::<Rank2<2, 3>>::zeros().cross_entropy(&Tensor::from([0, 3]));
    }

    #[test]
    #[should_panic(expected = "the label of row 0 is -1, but there are 3 classes, 0..3")]
    fn a_negative_label_panics() {
        let p = Param::new(Tensor::<Rank2<2, 3>>::zeros());
        p.track().cross_entropy(&Tensor::from([-1, 0])).backward();
    }
}
