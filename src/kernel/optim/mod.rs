//! The steps of the optimizers: one vectorized pass over the value, the gradient and the state.
//!
//! The options are of the type of the parameter, and the operations are in PyTorch's order, so that the results
//! differ from PyTorch's by no more than the rounding of single operations. Large parameters are cut into parts for
//! threads. Floor: the bytes of the gradient, and twice those of the value and of each row of the state.

mod adadelta;
mod adagrad;
mod adam;
mod adamax;
mod nadam;
mod radam;
mod rms_prop;
mod sgd;

pub use adadelta::AdadeltaStep;
pub use adagrad::AdagradStep;
pub use adam::AdamStep;
pub use adamax::AdamaxStep;
pub use nadam::NAdamStep;
pub use radam::RAdamStep;
pub use rms_prop::RmsPropStep;
pub use sgd::SgdStep;

use crate::element::Float;
use crate::kernel::math::arithmetic::{near_end, near_start};
use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::simd::{Kernel, Simd, Vector, dispatch};
use crate::kernel::threads::for_each_row_chunk;
use rms_prop::RmsProp;
use sgd::Momentum;

/// The update of the value, which is the first row, and of the state, which are the others.
trait Step<E: Coefficients, const N: usize>: Copy + Sync {
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
    fn of<V: Vector<E>>(self, grad: V, value: V) -> V {
        let grad = grad * V::splat(self.sign);
        match self.weight_decay {
            Some(factor) => grad + V::splat(factor) * value,
            None => grad,
        }
    }
}

/// As `torch.lerp` with one weight for all elements, which goes from the nearer end.
#[inline(always)]
fn lerp_by<E: Coefficients, V: Vector<E>>(from: V, to: V, weight: E) -> V {
    let w = V::splat(weight);
    if weight.abs() < E::from_f64(0.5) { near_start(from, to, w) } else { near_end::<E, V>(from, to, w) }
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
    fn moved<V: Vector<E>>(self, grad: V, [value, m, v]: [V; 3]) -> (V, [V; 3]) {
        let value = if let Some(kept) = self.kept { value * V::splat(kept) } else { value };
        let grad = self.followed.of(grad, value);
        let m = lerp_by(m, grad, self.weight1);
        (grad, [value, m, v * V::splat(self.beta2) + V::splat(self.weight2) * grad * grad])
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
