//! The loss of sequences whose alignment with the targets is not known: connectionist temporal classification.

use super::takes::LogLabels;
use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::loss::ctc::{Example, ctc};
use crate::kernel::memory::List;
use crate::ops::Unary;
use crate::shape::{Dim, Law, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of a CTC loss.
pub struct CtcLossBackward<E> {
    /// The gradients of the examples, `[T, N, C]`, if each had the weight 1.
    gradients: Storage<E>,
    weights: List<E>,
}

impl<T: Dim, N: Dim, C: Dim, U: Shape, E: Float> Pullback<(T, N, C), U, E> for CtcLossBackward<E> {
    fn pull(self, grad: Tensor<U, E>) -> Tensor<(T, N, C), E> {
        let CtcLossBackward { mut gradients, weights } = self;
        let of = |n: usize| weights[n] * grad.as_slice()[if U::RANK == 0 { 0 } else { n }];
        for (i, row) in gradients.make_mut().chunks_mut(C::SIZE.max(1)).enumerate() {
            let g = of(i % N::SIZE);
            row.iter_mut().for_each(|x| *x = if x.is_zero() { *x } else { *x * g });
        }
        Tensor::constant(gradients)
    }
}

/// The negative logarithm of the probability that a sequence spells its target, over all alignments. PyTorch's
/// `torch.nn.CTCLoss`.
///
/// In: logarithms of probabilities `[T, N, C]`, such as those of `log_softmax`; targets `[N, S]`, of classes that are not the
/// blank; and for each example the number of steps and of labels that count. Out: a scalar, or `[N]`. The mean divides each
/// loss by the number of its labels first, as PyTorch does.
///
/// ```
/// use typegrad::prelude::*;
/// let scores = Tensor::<Rank3<4, 1, 3>, f64>::zeros(); // each of the three classes has the probability 1/3
/// let targets = Tensor::from([[1, 2]]);
/// let loss = CtcLoss::new().sum(scores.log_softmax::<-1>(), &targets, &[4], &[2]);
/// // 15 of the 81 paths of 4 steps spell "1 2".
/// assert!((loss.item() - (81.0_f64 / 15.0).ln()).abs() < 1e-12);
/// ```
///
/// The batches of a loader, of which the last may be partial, are combined by `zip`, and [`none`](Self::none) gives a loss
/// for each example:
///
/// ```
/// use typegrad::data::{Batch, Dataset, TensorDataset};
/// use typegrad::prelude::*;
/// let (x, y) = (Tensor::<Rank3<5, 6, 3>>::ones(), Tensor::<Rank2<5, 2>, i64>::ones());
/// let net = Linear::<3, 4>::new(&mut Rng::seed(0)); // scores [N, T, C]
/// for Batch { data: (x, y), .. } in TensorDataset::new(x, y).batches::<4>().in_order() {
///     let losses = net.train(x).zip(&y, |scores, y| {
///         CtcLoss::new().none(scores.log_softmax::<-1>().transpose::<0, 1>(), y, &[6; 4], &[2; 4])
///     });
///     losses.mean().backward();
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CtcLoss {
    blank: usize,
    zero_infinity: bool,
}

/// How the losses of the examples become one.
#[derive(Clone, Copy)]
enum Reduction {
    Mean,
    Sum,
    None,
}

impl CtcLoss {
    /// The blank is class 0; a target that does not fit into its steps has an infinite loss.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // options are methods: `CtcLoss::new().blank(28).zero_infinity(true)`
        CtcLoss::default()
    }

    /// Sets the class of the blank. PyTorch's `blank`, 0 by default.
    #[must_use]
    pub fn blank(self, blank: usize) -> Self {
        CtcLoss { blank, ..self }
    }

    /// Sets whether an infinite loss is 0, with the gradient 0. PyTorch's `zero_infinity`.
    #[must_use]
    pub fn zero_infinity(self, zero_infinity: bool) -> Self {
        CtcLoss { zero_infinity, ..self }
    }

    /// The mean of the losses, each divided by the number of its labels. In: see [`CtcLoss`]. Out: a scalar.
    ///
    /// # Panics
    /// If a length is larger than the axis, or a label is not a class.
    #[track_caller]
    pub fn mean<T: Dim, N: Dim, K: Dim, S: Dim, E: Float, C: Context, F: Flow<(T, N, K), E>>(
        &self,
        log_probs: Tensor<(T, N, K), E, Graph<C, F>>,
        targets: &Tensor<(N, S), i64>,
        input_lengths: &[usize],
        target_lengths: &[usize],
    ) -> Unary<(T, N, K), E, C, F, (), CtcLossBackward<E>> {
        let () = LogLabels::<F::Kind>::HOLDS;
        self.run(log_probs, targets, [input_lengths, target_lengths], Reduction::Mean)
    }

    /// The sum of the losses. In: see [`CtcLoss`]. Out: a scalar.
    ///
    /// # Panics
    /// As [`mean`](Self::mean).
    #[track_caller]
    pub fn sum<T: Dim, N: Dim, K: Dim, S: Dim, E: Float, C: Context, F: Flow<(T, N, K), E>>(
        &self,
        log_probs: Tensor<(T, N, K), E, Graph<C, F>>,
        targets: &Tensor<(N, S), i64>,
        input_lengths: &[usize],
        target_lengths: &[usize],
    ) -> Unary<(T, N, K), E, C, F, (), CtcLossBackward<E>> {
        let () = LogLabels::<F::Kind>::HOLDS;
        self.run(log_probs, targets, [input_lengths, target_lengths], Reduction::Sum)
    }

    /// The loss of each example. In: see [`CtcLoss`]. Out: `[N]`.
    ///
    /// # Panics
    /// As [`mean`](Self::mean).
    #[track_caller]
    pub fn none<T: Dim, N: Dim, K: Dim, S: Dim, E: Float, C: Context, F: Flow<(T, N, K), E>>(
        &self,
        log_probs: Tensor<(T, N, K), E, Graph<C, F>>,
        targets: &Tensor<(N, S), i64>,
        input_lengths: &[usize],
        target_lengths: &[usize],
    ) -> Unary<(T, N, K), E, C, F, (N,), CtcLossBackward<E>> {
        let () = LogLabels::<F::Kind>::HOLDS;
        self.run(log_probs, targets, [input_lengths, target_lengths], Reduction::None)
    }

    #[track_caller]
    fn run<T: Dim, N: Dim, K: Dim, S: Dim, U: Shape, E: Float, C: Context, F: Flow<(T, N, K), E>>(
        &self,
        log_probs: Tensor<(T, N, K), E, Graph<C, F>>,
        targets: &Tensor<(N, S), i64>,
        [steps, lengths]: [&[usize]; 2],
        reduction: Reduction,
    ) -> Unary<(T, N, K), E, C, F, U, CtcLossBackward<E>> {
        let (batch, classes) = (N::SIZE, K::SIZE);
        for (name, given, size) in [("input", steps, T::SIZE), ("target", lengths, S::SIZE)] {
            let count = given.len();
            assert!(count == batch, "ctc_loss: {count} {name} lengths for a batch of {batch}");
            if let Some(n) = given.iter().position(|length| *length > size) {
                let long = given[n];
                panic!("ctc_loss: the {name} length {long} of example {n} is larger than the axis, {size}");
            }
        }
        assert!(self.blank < classes, "ctc_loss: the blank {} is not one of {classes} classes", self.blank);
        let (x, flow) = log_probs.into_waiting();
        let mut gradients = Storage::filled(if F::TRACKED { x.len() } else { 0 }, E::zero());
        let mut losses = List::with_capacity(batch);
        for n in 0..batch {
            let target = &targets.as_slice()[n * S::SIZE..][..lengths[n]];
            let wrong = |label: &i64| *label < 0 || *label as usize >= classes;
            if let Some(s) = target.iter().position(wrong) {
                let label = target[s];
                panic!(
                    "ctc_loss: the label {label} at [{n}, {s}] is out of range: there are {classes} classes, 0..{classes}"
                );
            }
            let rows = Example {
                log_probs: x.as_slice(),
                first: n * classes,
                stride: batch * classes,
                classes,
                steps: steps[n],
            };
            let into = F::TRACKED.then(|| gradients.make_mut());
            losses.push(ctc(rows, target, self.blank, self.zero_infinity, into));
        }
        let weight = |n: usize| match reduction {
            Reduction::Mean => 1.0 / (lengths[n].max(1) * batch) as f64,
            Reduction::Sum | Reduction::None => 1.0,
        };
        let value = match reduction {
            Reduction::None => Storage::collect(losses.into_iter().map(E::from_f64)),
            _ => Storage::filled(1, E::from_f64(losses.iter().enumerate().map(|(n, l)| l * weight(n)).sum())),
        };
        let weights = (0..batch).map(|n| E::from_f64(weight(n))).collect();
        Tensor::from_parts(value, Waiting::into_inner(flow).then(|| CtcLossBackward { gradients, weights }))
    }
}

#[cfg(test)]
mod tests {
    use super::CtcLoss;
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_of_scores() {
        let x = Tensor::<Rank3<6, 2, 4>, f64>::randn(&mut Rng::seed(1));
        let targets = Tensor::from([[1, 1, 3], [2, 1, 0]]);
        let loss = CtcLoss::new();
        gradcheck(x.clone(), |x| loss.mean(x.log_softmax::<-1>(), &targets, &[6, 5], &[3, 2])).unwrap();
        gradcheck(x, |x| loss.none(x.log_softmax::<-1>(), &targets, &[6, 4], &[3, 0]).powi(2).sum()).unwrap();
    }

    /// Against the definition: every path is tried.
    #[test]
    fn the_loss_agrees_with_a_sum_over_all_paths() {
        let x = Tensor::<Rank3<5, 1, 3>, f64>::randn(&mut Rng::seed(2)).log_softmax::<-1>();
        for target in [vec![], vec![1], vec![1, 2], vec![2, 2], vec![1, 2, 1]] {
            let mut sum = 0.0;
            for path in 0..3_usize.pow(5) {
                let path: Vec<_> = (0..5).map(|t| path / 3_usize.pow(t) % 3).collect();
                let mut spelled: Vec<_> = path.clone();
                spelled.dedup();
                spelled.retain(|class| *class != 0);
                if spelled == target {
                    let log: f64 =
                        path.iter().enumerate().map(|(t, class)| x.as_slice()[t * 3 + class]).sum();
                    sum += log.exp();
                }
            }
            let labels =
                Tensor::<Rank2<1, 3>, i64>::from_fn(|i| target.get(i).map_or(0, |label| *label as i64));
            let loss = CtcLoss::new().sum(x.clone(), &labels, &[5], &[target.len()]).item();
            assert!((loss + sum.ln()).abs() < 1e-12, "{target:?}: {loss} and {}", -sum.ln());
        }
    }

    #[test]
    #[should_panic(expected = "ctc_loss: the input length 7 of example 0 is larger than the axis, 6")]
    fn a_length_is_at_most_that_of_the_axis() {
        let x = Tensor::<Rank3<6, 1, 4>>::ones();
        let _ = CtcLoss::new().mean(x, &Tensor::from([[1]]), &[7], &[1]);
    }

    #[test]
    #[should_panic(expected = "ctc_loss: the label 4 at [1, 0] is out of range: there are 4 classes, 0..4")]
    fn a_label_is_a_class() {
        let x = Tensor::<Rank3<6, 2, 4>>::ones();
        let _ = CtcLoss::new().mean(x, &Tensor::from([[1], [4]]), &[6, 6], &[1, 1]);
    }
}
