//! l = -(t ln σ(x) + (1 - t) ln (1 - σ(x))) = (1 - t) x + ln (1 + e⁻ˣ), and dl/dx = σ(x) - t; with a weight p of the
//! positive side, l = (1 - t) x + (1 + (p - 1) t) ln (1 + e⁻ˣ).

use super::local_gradients::{Formula, factors};
use super::reductions::{pair_loss, pair_method};
use super::results::SizesOfTwo;
use super::takes::{KindOf, Logits};
use super::{SameShapeOperand, Unweighted, Weights};
use crate::element::Float;
use crate::kernel::loss::formulas::ElementLoss;
use crate::shape::{Law, Shape};
use crate::tensor::{RowsOf, Tensor};

/// The binary cross entropy of scores x, before the sigmoid, and targets t. PyTorch's `torch.nn.BCEWithLogitsLoss`.
///
/// In: x and t of one shape, t from 0 to 1. Out: a scalar, or that shape.
///
/// ```
/// use typegrad::prelude::*;
/// let (x, t) = (Tensor::from([0.0, 0.0]), Tensor::from([1.0, 0.0]));
/// let each = BceWithLogitsLoss::new().pos_weight(Tensor::from([3.0, 3.0])).none(x, t);
/// assert_eq!(each, Tensor::from([3.0 * 2.0_f64.ln(), 2.0_f64.ln()])); // a target of 1 counts three times
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BceWithLogitsLoss<W = Unweighted, P = Unweighted> {
    weight: W,
    pos_weight: P,
}

impl Default for BceWithLogitsLoss {
    fn default() -> Self {
        Self::new()
    }
}

impl BceWithLogitsLoss {
    /// The loss without weights.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // options are methods: `BceWithLogitsLoss::new().pos_weight(w)`
        BceWithLogitsLoss { weight: Unweighted, pos_weight: Unweighted }
    }
}

impl<W, P> BceWithLogitsLoss<W, P> {
    /// Sets a factor for each element, or for each of the last axes.
    #[must_use]
    pub fn weight<S: Shape, E: Float>(self, weight: Tensor<S, E>) -> BceWithLogitsLoss<Tensor<S, E>, P> {
        BceWithLogitsLoss { weight, pos_weight: self.pos_weight }
    }

    /// The weight of positive targets: more than 1 raises the recall of rare classes. Commonly one for each
    /// class, which is the last axis.
    #[must_use]
    pub fn pos_weight<S: Shape, E: Float>(
        self,
        pos_weight: Tensor<S, E>,
    ) -> BceWithLogitsLoss<W, Tensor<S, E>> {
        BceWithLogitsLoss { weight: self.weight, pos_weight }
    }

    fn formula<S: Shape, E: Float>(&self, _: &[E]) -> Formula<'_, E>
    where
        W: Weights<S, E>,
        P: Weights<S, E>,
    {
        let weight = factors(self.weight.weights());
        match self.pos_weight.weights() {
            None => Formula { weight, ..Formula::plain(ElementLoss::BceWithLogits) },
            constant => {
                let loss = ElementLoss::WeightedBceWithLogits;
                Formula { constant: factors(constant), weight, ..Formula::plain(loss) }
            }
        }
    }
}

pair_loss!(binary_cross_entropy_with_logits, BceWithLogitsLoss<W, P>, BinaryCrossEntropyWithLogitsBackward, takes Logits::<KindOf<X>>::HOLDS, opposite: false);

pair_method! {
    /// The mean of -(t ln σ(x) + (1 - t) ln (1 - σ(x))), for scores x of the class 1. PyTorch's
    /// `torch.nn.functional.binary_cross_entropy_with_logits`. [`BceWithLogitsLoss`] has `weight`, `pos_weight` and the
    /// other reductions.
    ///
    /// In: x and a target, both `S`. The sigmoid of scores as x does not build. The target is a constant, a tracked tensor or a `&Param`. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let scores = Tensor::from([0.0_f64, 1000.0]);
    /// let loss = scores.clone().binary_cross_entropy_with_logits(&Tensor::from([1.0, 1.0]));
    /// assert_eq!(loss.item(), 2.0_f64.ln() / 2.0);
    /// let rare = BceWithLogitsLoss::new().pos_weight(Tensor::from([3.0, 1.0]));
    /// assert_eq!(rare.sum(scores, Tensor::from([1.0, 1.0])).item(), 3.0 * 2.0_f64.ln());
    /// ```
    fn binary_cross_entropy_with_logits(target) by BceWithLogitsLoss,
    takes { let () = Logits::<F::Kind>::HOLDS; SizesOfTwo::<Self, R>::HOLDS },
    of tensors [R: SameShapeOperand<C, S, E>],
    of batches [R: RowsOf<Self, Inner: SameShapeOperand<C, S, E>>],
    consumes self // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences() {
        let rng = &mut Rng::seed(3);
        let x = Tensor::<Rank2<2, 3>, f64>::randn(rng);
        let t = Tensor::<Rank2<2, 3>, f64>::uniform(0.1, 0.9, rng);
        let loss = BceWithLogitsLoss::new();
        gradcheck((x.clone(), t.clone()), |(x, t)| loss.mean(x, t)).unwrap();
        gradcheck((x.clone(), t.clone()), |(x, t)| loss.sum(x, t).powi(2)).unwrap();
        gradcheck((x.clone(), t.clone()), |(x, t)| loss.none(x, t).powi(2).sum()).unwrap();
    }

    // Values of PyTorch 2.15.
    #[test]
    fn the_gradient_of_a_label_is_infinite_where_the_score_is() {
        let x = Tensor::from([f64::INFINITY, f64::NEG_INFINITY]);
        let t = Param::new(Tensor::from([0.3, 0.3]));
        BceWithLogitsLoss::new().sum(x.clone(), t.track()).backward();
        assert_eq!(t.grad().unwrap().to_vec(), [f64::NEG_INFINITY, f64::INFINITY]);
        for p in [0.5, 1.0, 2.0] {
            t.zero_grad();
            BceWithLogitsLoss::new().pos_weight(Tensor::from(p)).sum(x.clone(), t.track()).backward();
            assert_eq!(t.grad().unwrap().to_vec(), [f64::NEG_INFINITY, f64::INFINITY], "{p}");
        }
    }

    // σ(x) - t, and (1 - t) σ(x) - p t (1 - σ(x)) with p = 3, in 60 digits.
    #[test]
    fn a_small_gradient_keeps_its_digits() {
        let gradient =
            |x: [f32; 5], t: f32, loss: BceWithLogitsLoss<crate::loss::Unweighted, Tensor<(), f32>>| {
                let x = Param::new(Tensor::from(x));
                loss.sum(x.track(), Tensor::<Rank1<5>>::full(t)).backward();
                x.grad().unwrap().to_vec()
            };
        let close = |got: Vec<f32>, want: [f32; 5]| {
            got.iter()
                .zip(want)
                .for_each(|(got, want)| assert!((got - want).abs() <= 2e-7 * want.abs(), "{got} {want}"));
        };
        let sigma = [4.539_787e-5, 1.125_351_6e-7, 4.139_937_7e-8, 2.061_153_6e-9, 9.357_623e-14];
        let (no, yes) = ([-10.0, -16.0, -17.0, -20.0, -30.0], [10.0, 16.0, 17.0, 20.0, 30.0]);
        for p in [1.0, 3.0] {
            let loss = BceWithLogitsLoss::new().pos_weight(Tensor::from(p));
            close(gradient(no, 0.0, loss.clone()), sigma);
            close(gradient(yes, 1.0, loss), sigma.map(|s| -p * s));
        }
    }

    // ln(1 + e⁻ˣ) in 60 digits: the loss of a score that is right. The sum of the score and -ln σ has lost them, or is 0.
    #[test]
    fn a_small_loss_keeps_its_digits() {
        const WANT: [f64; 5] = [
            4.539_889_921_686_465e-5,
            1.125_351_683_871_768_2e-7,
            4.139_937_633_089_747e-8,
            2.061_153_620_314_381e-9,
            9.357_622_968_839_737e-14,
        ];
        let scores = [10.0, 16.0, 17.0, 20.0, 30.0];
        for (label, sign) in [(0.0, -1.0), (1.0, 1.0)] {
            for p in [1.0, 3.0] {
                let factor = if label == 1.0 { p } else { 1.0 };
                let (x, t) = (Tensor::from(scores.map(|x| sign * x)), Tensor::<Rank1<5>, f64>::full(label));
                let narrow = BceWithLogitsLoss::new().pos_weight(Tensor::from(p as f32));
                let narrow = narrow.none(x.clone().float(), t.clone().float()).double();
                let wide = BceWithLogitsLoss::new().pos_weight(Tensor::from(p)).none(x, t);
                assert!(narrow.isclose_with(Tensor::from(WANT) * factor, 3e-7, 0.0, false).all().item());
                assert!(wide.isclose_with(Tensor::from(WANT) * factor, 5e-16, 0.0, false).all().item());
            }
        }
        // A score of minus infinity is the worst for the label 1; PyTorch multiplies it by 0.
        let infinite =
            Tensor::from([f32::NEG_INFINITY]).binary_cross_entropy_with_logits(Tensor::from([1.0]));
        assert_eq!(infinite.item(), f32::INFINITY);
    }

    #[test]
    fn weights_repeat_along_the_leading_axes() {
        let rng = &mut Rng::seed(4);
        let x = Tensor::<Rank2<2, 3>, f64>::randn(rng);
        let t = Tensor::<Rank2<2, 3>, f64>::uniform(0.1, 0.9, rng);
        let positive = BceWithLogitsLoss::new().pos_weight(Tensor::from([1.0, 0.5, 2.0]));
        gradcheck((x.clone(), t.clone()), |(x, t)| positive.none(x, t).powi(2).sum()).unwrap();
        let both = positive.weight(Tensor::<Rank2<2, 3>, f64>::randn(rng));
        gradcheck((x, t), |(x, t)| both.mean(x, t).powi(2)).unwrap();
    }
}
