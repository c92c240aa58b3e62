//! l = max(0, m + d(a, p) - d(a, n)), where d is the norm of the difference plus ε; dl/da = d'(a, p) - d'(a, n),
//! dl/dp = -d'(a, p), dl/dn = d'(a, n). With `swap`, d(p, n) takes the place of d(a, n) where it is smaller.

use super::SameShapeOperand;
use super::local_gradients::{backward, three_lanes};
use super::reductions::{of_batches, reductions};
use super::results::{ContextOfTwo, LossOfThree};
use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::elementwise::scalar::sign;
use crate::kernel::loss::Reduce;
use crate::shape::{Axis, Shape};
use crate::tensor::{GivesRows, KeepsRows, MaybePadded, RowsOf, Tensor};
use std::cell::RefCell;

backward!(TripletMarginLossBackward of triplet_margin_loss, three tensors);

/// A distance of two lanes.
#[derive(Clone, Copy)]
struct Distance<E> {
    norm: E,
    p: E,
    eps: E,
    /// The number of differences that attain the norm, which share its gradient if p is infinite.
    ties: E,
}

impl<E: Float> Distance<E> {
    /// The gradient with respect to an element of the first lane.
    fn slope(&self, a: E, b: E) -> E {
        let d = a - b + self.eps;
        if self.norm == E::zero() {
            E::zero()
        } else if self.p == E::one() {
            sign(d)
        } else if self.p.is_infinite() {
            if d.abs() == self.norm { sign(d) / self.ties } else { E::zero() }
        } else if self.p == E::from_f64(2.0) {
            d / self.norm
        } else {
            sign(d) * (d.abs() / self.norm).powf(self.p - E::one())
        }
    }
}

/// An anchor shall be nearer to what is like it than to what is not, by a margin. PyTorch's
/// `torch.nn.TripletMarginLoss`.
///
/// The distances are along the last axis: three tensors `[B, N]`.
///
/// Out: a scalar, or `[B]`.
///
/// ```
/// use typegrad::prelude::*;
/// let (anchor, positive) = (Tensor::from([[0.0_f32, 0.0]]), Tensor::from([[3.0, 4.0]]));
/// let negative = Tensor::from([[3.0, 6.0]]);
/// let criterion = TripletMarginLoss::new().margin(2.0).swap(true); // the positive is 2 from the negative
/// assert!((criterion.mean(anchor, positive, negative).item() - 5.0).abs() < 1e-4);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TripletMarginLoss {
    margin: f64,
    p: f64,
    eps: f64,
    swap: bool,
}

impl Default for TripletMarginLoss {
    fn default() -> Self {
        Self::new()
    }
}

impl TripletMarginLoss {
    /// The loss with margin 1, the norm p = 2, ε = 1e-6, and no swap.
    #[must_use]
    pub fn new() -> Self {
        TripletMarginLoss { margin: 1.0, p: 2.0, eps: 1e-6, swap: false }
    }

    /// Sets the margin by which the positive must be nearer than the negative.
    ///
    /// # Panics
    /// If it is not positive.
    #[must_use]
    #[track_caller]
    pub fn margin(self, margin: f64) -> Self {
        assert!(margin > 0.0, "margin must be greater than 0, got {margin}");
        TripletMarginLoss { margin, ..self }
    }

    /// Sets the norm: Σ |d|ᵖ to the power 1 / p, for p of at least 1, which may be infinity.
    ///
    /// # Panics
    /// If p is less than 1.
    #[must_use]
    #[track_caller]
    pub fn p(self, p: f64) -> Self {
        assert!(p >= 1.0, "the p of a norm must be at least 1, got {p}");
        TripletMarginLoss { p, ..self }
    }

    /// Sets the number added to each difference, so that the norm has a gradient at 0.
    #[must_use]
    pub fn eps(self, eps: f64) -> Self {
        TripletMarginLoss { eps, ..self }
    }

    /// Sets whether the distance of p and n counts where it is smaller than that of the anchor and n.
    #[must_use]
    pub fn swap(self, swap: bool) -> Self {
        TripletMarginLoss { swap, ..self }
    }

    reductions! {
        (positive: R1, negative: R2) -> LossOfThree<T, X, R1, R2; TripletMarginLossBackward>,
        over (<X::Shape as Axis<-1>>::OUTER * <X::Shape as Axis<-1>>::INNER) as f64,
        none <X::Shape as Axis<-1>>::Removed,
        where {
            X::Shape: Axis<-1>,
            R1: RowsOf<X, Inner: SameShapeOperand<X::Context, X::Shape, X::Element>>,
            R2: RowsOf<X, Inner: SameShapeOperand<ContextOfTwo<X, R1>, X::Shape, X::Element>>,
            X: GivesRows<<<X as MaybePadded>::Shape as Axis<-1>>::Removed>,
        }
    }

    fn run<T, S, E, C, F, R1, R2>(
        &self,
        x: Tensor<S, E, Graph<C, F>>,
        positive: R1,
        negative: R2,
        reduce: Reduce,
    ) -> LossOfThree<T, Tensor<S, E, Graph<C, F>>, R1, R2, TripletMarginLossBackward<E>>
    where
        T: Shape,
        S: Axis<-1>,
        E: Float,
        C: Context,
        F: Flow<S, E>,
        R1: SameShapeOperand<C, S, E>,
        R2: SameShapeOperand<C::Or<R1::Context>, S, E>,
    {
        let along = AxisLayout::of::<S, -1>();
        let differences = RefCell::new(Vec::with_capacity(along.size));
        three_lanes(x, positive, negative, along, reduce, TripletMarginLossBackward, |_, lanes| {
            self.lane(lanes, &mut differences.borrow_mut())
        })
    }

    /// The norm of a - b + ε, and for its gradient the power of it, or the number of elements that attain the maximum.
    fn distance<E: Float>(&self, a: &[E], b: &[E], differences: &mut Vec<E>) -> Distance<E> {
        let (p, eps) = (E::from_f64(self.p), E::from_f64(self.eps));
        differences.clear();
        differences.extend(a.iter().zip(b).map(|(a, b)| *a - *b + eps));
        let mut norm = [E::zero()];
        E::norm(differences, differences.len(), self.p, &mut norm);
        let [norm] = norm;
        let ties = E::from_f64(differences.iter().filter(|d| d.abs() == norm).count() as f64);
        Distance { norm, p, eps, ties }
    }

    fn lane<E: Float>(&self, lanes: &mut [Vec<E>; 3], differences: &mut Vec<E>) -> E {
        let [a, p, n] = lanes;
        let (one, half) = (E::one(), E::from_f64(0.5));
        let near = self.distance(a, p, differences);
        let far = self.distance(a, n, differences);
        let across = if self.swap { self.distance(p, n, differences) } else { far };
        // PyTorch's minimum of two equal distances has half of the gradient of each.
        let share = if !self.swap || far.norm < across.norm {
            one
        } else if across.norm < far.norm {
            E::zero()
        } else {
            half
        };
        let nearest = if across.norm < far.norm { across.norm } else { far.norm };
        let missing = near.norm + E::from_f64(self.margin) - nearest;
        let active = if missing > E::zero() { one } else { E::zero() };
        for ((a, p), n) in a.iter_mut().zip(p).zip(n) {
            let d = near.slope(*a, *p);
            let to_far = far.slope(*a, *n) * share;
            let to_across = if share < one { across.slope(*p, *n) * (one - share) } else { E::zero() };
            *a = (d - to_far) * active;
            *p = (-d - to_across) * active;
            *n = (to_far + to_across) * active;
        }
        // A NaN stays one.
        if missing <= E::zero() { E::zero() } else { missing }
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The mean over the rows of max(0, 1 + |a - p| - |a - n|): the positive example should be nearer to the anchor than the negative
    /// one. PyTorch's `torch.nn.functional.triplet_margin_loss`. [`TripletMarginLoss`] has `margin`, `p`, `eps`, `swap`
    /// and the other reductions.
    ///
    /// In: three times `[B, N]`; the other two are constants, tracked tensors or `&Param`s. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (a, p, n) = (Tensor::from([[0.0_f64, 0.0]]), Tensor::from([[3.0, 4.0]]), Tensor::from([[0.0, 5.5]]));
    /// assert!((a.triplet_margin_loss(p, n).item() - 0.5).abs() < 1e-5);
    /// ```
    pub fn triplet_margin_loss<R1, R2>(
        self,
        positive: R1,
        negative: R2,
    ) -> LossOfThree<(), Self, R1, R2, TripletMarginLossBackward<E>>
    where
        S: Axis<-1>,
        R1: SameShapeOperand<C, S, E>,
        R2: SameShapeOperand<C::Or<R1::Context>, S, E>,
    {
        TripletMarginLoss::new().mean(self, positive, negative)
    }
}

of_batches! {
    triplet_margin_loss(positive: R1, negative: R2) -> LossOfThree<(), Self, R1, R2, TripletMarginLossBackward<E>>,
    TripletMarginLoss::new(),
    where {
        S: Axis<-1>,
        R1: RowsOf<Self, Inner: SameShapeOperand<C, S, E>>,
        R2: RowsOf<Self, Inner: SameShapeOperand<ContextOfTwo<Self, R1>, S, E>>,
        <S as Axis<-1>>::Removed: KeepsRows<S>,
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences() {
        let rng = &mut Rng::seed(1);
        let mut draw = || Tensor::<Rank2<4, 3>, f64>::randn(rng);
        let all = (draw(), draw(), draw());
        let loss = TripletMarginLoss::new().margin(3.0);
        for loss in [loss, loss.p(1.0), loss.p(3.5), loss.p(f64::INFINITY), loss.swap(true)] {
            gradcheck(all.clone(), |(a, p, n)| loss.mean(a, p, n)).unwrap();
            gradcheck(all.clone(), |(a, p, n)| loss.none(a, p, n).powi(2).sum()).unwrap();
        }
        gradcheck(all, |(a, p, n)| a.triplet_margin_loss(p, n)).unwrap();
    }
}
