//! The steps of the optimizers: one vectorized pass over the value, the gradient and the state.
//!
//! The options are of the type of the parameter, and the operations are in PyTorch's order, so that the results
//! differ from PyTorch's by no more than the rounding of single operations. Large parameters are cut into parts for
//! threads. Floor: the bytes of the gradient, and twice those of the value and of each row of the state.

use super::optim_variants::{AdadeltaStep, AdamaxStep, NAdamStep, RAdamStep};
use crate::element::Float;
use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::simd::{Kernel, Mask, Simd, Vector, dispatch};
use crate::kernel::threads::for_each_row_chunk;

/// The update of the value, which is the first row, and of the state, which are the others.
pub(super) trait Step<E: Coefficients, const N: usize>: Copy + Sync {
    /// The rows after the step. Must be `#[inline(always)]`.
    fn of<V: Vector<E>>(self, grad: V, rows: [V; N]) -> [V; N];
}

/// A step of some elements.
struct Update<'a, E, F, const N: usize> {
    grad: &'a [E],
    rows: [&'a mut [E]; N],
    step: F,
}

impl<E: Coefficients, F: Step<E, N>, const N: usize> Kernel for Update<'_, E, F, N> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let Update { grad, mut rows, step } = self;
        let lanes = E::V::<S>::LANES;
        for i in (0..grad.len()).step_by(lanes) {
            let whole = grad.len() - i >= lanes;
            let load = |x: &[E]| if whole { E::V::<S>::load(x) } else { E::V::<S>::load_partial(x, E::ZERO) };
            let mut x = [E::V::<S>::zero(); N];
            for (x, row) in x.iter_mut().zip(&rows) {
                *x = load(&row[i..]);
            }
            for (y, row) in step.of(load(&grad[i..]), x).into_iter().zip(&mut rows) {
                if whole { y.store(&mut row[i..]) } else { y.store_partial(&mut row[i..]) }
            }
        }
    }
}

/// The elements of a part, where a step is cut into parts, and those from which on it is.
const PART: usize = 32 * 1024;
const LARGE: usize = 4 * PART;

fn update<E: Coefficients, F: Step<E, N>, const N: usize>(grad: &[E], rows: [&mut [E]; N], step: F) {
    assert!(rows.iter().all(|row| row.len() == grad.len()), "a row has as many elements as the gradient");
    if grad.len() < LARGE {
        return dispatch(Update { grad, rows, step });
    }
    for_each_row_chunk(rows, PART, |part, rows| {
        let from = part * PART;
        dispatch(Update { grad: &grad[from..from + rows[0].len()], rows, step });
    });
}

/// The gradient that is followed, uphill or downhill, with the weight decay.
#[derive(Clone, Copy)]
pub struct Followed<E> {
    /// -1 to go uphill.
    sign: E,
    /// `None` instead of 0, because 0 times infinity is NaN.
    weight_decay: Option<E>,
}

impl<E: Float> Followed<E> {
    pub(crate) fn new(maximize: bool, weight_decay: f64) -> Self {
        Followed {
            sign: E::from_f64(if maximize { -1.0 } else { 1.0 }),
            weight_decay: (weight_decay != 0.0).then(|| E::from_f64(weight_decay)),
        }
    }
}

impl<E: Coefficients> Followed<E> {
    #[inline(always)]
    pub(super) fn of<V: Vector<E>>(self, grad: V, value: V) -> V {
        let grad = grad * V::splat(self.sign);
        match self.weight_decay {
            Some(factor) => grad + V::splat(factor) * value,
            None => grad,
        }
    }
}

/// As `torch.lerp`, which goes from the nearer end.
#[inline(always)]
pub(super) fn lerp<E: Coefficients, V: Vector<E>>(from: V, to: V, weight: E) -> V {
    if weight < E::from_f64(0.5) {
        from + V::splat(weight) * (to - from)
    } else {
        to - (to - from) * V::splat(E::one() - weight)
    }
}

/// The options of a step of gradient descent.
#[derive(Clone, Copy)]
pub struct SgdStep<E> {
    pub(crate) lr: E,
    pub(crate) momentum: E,
    /// The share of the gradient that goes into the momentum: 1 - dampening.
    pub(crate) fresh: E,
    pub(crate) nesterov: bool,
    pub(crate) followed: Followed<E>,
}

impl<E: Coefficients> Step<E, 1> for SgdStep<E> {
    #[inline(always)]
    fn of<V: Vector<E>>(self, grad: V, [value]: [V; 1]) -> [V; 1] {
        [value - V::splat(self.lr) * self.followed.of(grad, value)]
    }
}

/// A step with momentum, which is initialized to the first gradient.
#[derive(Clone, Copy)]
struct Momentum<E> {
    step: SgdStep<E>,
    first: bool,
}

impl<E: Coefficients> Step<E, 2> for Momentum<E> {
    #[inline(always)]
    fn of<V: Vector<E>>(self, grad: V, [value, buffer]: [V; 2]) -> [V; 2] {
        let Momentum { step, first } = self;
        let (momentum, fresh) = (V::splat(step.momentum), V::splat(step.fresh));
        let grad = step.followed.of(grad, value);
        let buffer = if first { grad } else { buffer * momentum + fresh * grad };
        let change = if step.nesterov { grad + momentum * buffer } else { buffer };
        [value - V::splat(step.lr) * change, buffer]
    }
}

/// How the means of g and g² of Adam and its variants move.
#[derive(Clone, Copy)]
pub struct Means<E> {
    /// 1 - β₁
    pub(crate) weight1: E,
    pub(crate) beta2: E,
    /// 1 - β₂
    pub(crate) weight2: E,
    /// The factor of the value before the step, where the decay is decoupled from the gradient.
    pub(crate) kept: Option<E>,
    pub(crate) followed: Followed<E>,
}

impl<E: Coefficients> Means<E> {
    /// Lets the value decay, and moves the means. Returns the gradient that they follow, too.
    #[inline(always)]
    pub(super) fn moved<V: Vector<E>>(self, grad: V, [value, m, v]: [V; 3]) -> (V, [V; 3]) {
        let value = if let Some(kept) = self.kept { value * V::splat(kept) } else { value };
        let grad = self.followed.of(grad, value);
        let m = lerp(m, grad, self.weight1);
        (grad, [value, m, v * V::splat(self.beta2) + V::splat(self.weight2) * grad * grad])
    }
}

/// The options of a step of Adam.
#[derive(Clone, Copy)]
pub struct AdamStep<E> {
    /// lr / (1 - β₁ᵗ)
    pub(crate) size: E,
    /// √(1 - β₂ᵗ)
    pub(crate) root: E,
    pub(crate) eps: E,
    pub(crate) means: Means<E>,
}

/// The value after the step along m / √v.
#[inline(always)]
fn moved<E: Coefficients, V: Vector<E>>(step: AdamStep<E>, value: V, m: V, v: V) -> V {
    value - V::splat(step.size) * m / (v.sqrt() / V::splat(step.root) + V::splat(step.eps))
}

impl<E: Coefficients> Step<E, 3> for AdamStep<E> {
    #[inline(always)]
    fn of<V: Vector<E>>(self, grad: V, rows: [V; 3]) -> [V; 3] {
        let (_, [value, m, v]) = self.means.moved(grad, rows);
        [moved(self, value, m, v), m, v]
    }
}

/// AMSGrad, with the largest v so far.
impl<E: Coefficients> Step<E, 4> for AdamStep<E> {
    #[inline(always)]
    fn of<V: Vector<E>>(self, grad: V, [value, m, v, largest]: [V; 4]) -> [V; 4] {
        let (_, [value, m, v]) = self.means.moved(grad, [value, m, v]);
        let largest = V::select(v.gt(largest).or(v.ne(v)), v, largest);
        [moved(self, value, m, largest), m, v, largest]
    }
}

/// The options of a step of RMSprop.
#[derive(Clone, Copy)]
pub struct RmsPropStep<E> {
    pub(crate) lr: E,
    pub(crate) alpha: E,
    /// 1 - α
    pub(crate) weight: E,
    pub(crate) eps: E,
    pub(crate) momentum: E,
    pub(crate) followed: Followed<E>,
}

/// The value, the mean of g², and the other rows: the mean of g where it is centered, the momentum where there is one.
#[derive(Clone, Copy)]
struct RmsProp<E, const CENTERED: bool, const MOMENTUM: bool>(RmsPropStep<E>);

impl<E: Coefficients, const CENTERED: bool, const MOMENTUM: bool, const N: usize> Step<E, N>
    for RmsProp<E, CENTERED, MOMENTUM>
{
    #[inline(always)]
    fn of<V: Vector<E>>(self, grad: V, mut rows: [V; N]) -> [V; N] {
        let step = self.0;
        let (lr, weight) = (V::splat(step.lr), V::splat(step.weight));
        let grad = step.followed.of(grad, rows[0]);
        rows[1] = rows[1] * V::splat(step.alpha) + weight * grad * grad;
        let mut variance = rows[1];
        if CENTERED {
            rows[2] = lerp(rows[2], grad, step.weight);
            variance = variance - rows[2] * rows[2];
        }
        let scale = variance.sqrt() + V::splat(step.eps);
        if MOMENTUM {
            rows[N - 1] = rows[N - 1] * V::splat(step.momentum) + grad / scale;
            rows[0] = rows[0] - lr * rows[N - 1];
        } else {
            rows[0] = rows[0] - lr * grad / scale;
        }
        rows
    }
}

/// The options of a step of Adagrad.
#[derive(Clone, Copy)]
pub struct AdagradStep<E> {
    pub(crate) lr: E,
    pub(crate) eps: E,
    pub(crate) followed: Followed<E>,
}

impl<E: Coefficients> Step<E, 2> for AdagradStep<E> {
    #[inline(always)]
    fn of<V: Vector<E>>(self, grad: V, [value, sum]: [V; 2]) -> [V; 2] {
        let grad = self.followed.of(grad, value);
        let sum = sum + grad * grad;
        [value - V::splat(self.lr) * grad / (sum.sqrt() + V::splat(self.eps)), sum]
    }
}

/// Floats, as parameters of optimizers. Compiled in this crate.
pub trait Steps: Sized {
    /// A step without momentum.
    #[doc(hidden)]
    fn sgd(value: &mut [Self], grad: &[Self], step: SgdStep<Self>);
    /// A step with momentum, which is initialized to the first gradient.
    #[doc(hidden)]
    fn sgd_with_momentum(
        value: &mut [Self],
        grad: &[Self],
        momentum: &mut [Self],
        first: bool,
        step: SgdStep<Self>,
    );
    /// A step of Adam. `moments` holds m and v, and for AMSGrad the largest v after them.
    #[doc(hidden)]
    fn adam(value: &mut [Self], grad: &[Self], moments: &mut [Self], step: AdamStep<Self>);
    /// A step of RMSprop. `mean` is empty where it is not centered, `momentum` where there is none.
    #[doc(hidden)]
    fn rms_prop(
        value: &mut [Self],
        grad: &[Self],
        square: &mut [Self],
        mean: &mut [Self],
        momentum: &mut [Self],
        step: RmsPropStep<Self>,
    );
    /// A step of Adagrad. `sum` is that of all g² so far.
    #[doc(hidden)]
    fn adagrad(value: &mut [Self], grad: &[Self], sum: &mut [Self], step: AdagradStep<Self>);
    /// A step of NAdam. `moments` holds m and v.
    #[doc(hidden)]
    fn nadam(value: &mut [Self], grad: &[Self], moments: &mut [Self], step: NAdamStep<Self>);
    /// A step of RAdam. `moments` holds m and v.
    #[doc(hidden)]
    fn radam(value: &mut [Self], grad: &[Self], moments: &mut [Self], step: RAdamStep<Self>);
    /// A step of Adamax. `moments` holds m and the largest gradient.
    #[doc(hidden)]
    fn adamax(value: &mut [Self], grad: &[Self], moments: &mut [Self], step: AdamaxStep<Self>);
    /// A step of Adadelta. `moments` holds the means of g² and of the squares of the steps.
    #[doc(hidden)]
    fn adadelta(value: &mut [Self], grad: &[Self], moments: &mut [Self], step: AdadeltaStep<Self>);
}

/// The value and the two rows of moments.
fn three<'a, E>(value: &'a mut [E], moments: &'a mut [E]) -> [&'a mut [E]; 3] {
    let (first, second) = moments.split_at_mut(value.len());
    [value, first, second]
}

macro_rules! impl_steps {
    ($($t:ty),*) => { $(
        impl Steps for $t {
            fn sgd(value: &mut [Self], grad: &[Self], step: SgdStep<Self>) {
                update(grad, [value], step);
            }
            fn sgd_with_momentum(
                value: &mut [Self],
                grad: &[Self],
                momentum: &mut [Self],
                first: bool,
                step: SgdStep<Self>,
            ) {
                update(grad, [value, momentum], Momentum { step, first });
            }
            fn adam(value: &mut [Self], grad: &[Self], moments: &mut [Self], step: AdamStep<Self>) {
                let (m, rest) = moments.split_at_mut(value.len());
                let (v, largest) = rest.split_at_mut(value.len());
                if largest.is_empty() {
                    update(grad, [value, m, v], step);
                } else {
                    update(grad, [value, m, v, largest], step);
                }
            }
            fn rms_prop(
                value: &mut [Self],
                grad: &[Self],
                square: &mut [Self],
                mean: &mut [Self],
                momentum: &mut [Self],
                step: RmsPropStep<Self>,
            ) {
                match (mean.is_empty(), momentum.is_empty()) {
                    (true, true) => update(grad, [value, square], RmsProp::<_, false, false>(step)),
                    (true, false) => update(grad, [value, square, momentum], RmsProp::<_, false, true>(step)),
                    (false, true) => update(grad, [value, square, mean], RmsProp::<_, true, false>(step)),
                    (false, false) => {
                        update(grad, [value, square, mean, momentum], RmsProp::<_, true, true>(step));
                    }
                }
            }
            fn adagrad(value: &mut [Self], grad: &[Self], sum: &mut [Self], step: AdagradStep<Self>) {
                update(grad, [value, sum], step);
            }
            fn nadam(value: &mut [Self], grad: &[Self], moments: &mut [Self], step: NAdamStep<Self>) {
                update(grad, three(value, moments), step);
            }
            fn radam(value: &mut [Self], grad: &[Self], moments: &mut [Self], step: RAdamStep<Self>) {
                update(grad, three(value, moments), step);
            }
            fn adamax(value: &mut [Self], grad: &[Self], moments: &mut [Self], step: AdamaxStep<Self>) {
                update(grad, three(value, moments), step);
            }
            fn adadelta(value: &mut [Self], grad: &[Self], moments: &mut [Self], step: AdadeltaStep<Self>) {
                update(grad, three(value, moments), step);
            }
        }
    )* };
}
impl_steps!(f32, f64);
