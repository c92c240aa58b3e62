//! The connectionist temporal classification: the probability that a sequence of distributions spells a target, over all
//! alignments, by the forward and backward recursions of Graves et al. (2006), in f64 and in logarithms.
//!
//! T (2 S + 1) sums for each example, where S is the length of its target; those of a step are computed as vectors.

use crate::element::Float;
use crate::kernel::math::{exp, logarithm::ln};
use crate::kernel::simd::{Kernel, Simd, Vector, dispatch};
use crate::storage::Storage;

/// One example: rows of `stride` elements of the type of the tensor, from `first`, of which `classes` are its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Example<'a, E> {
    pub(crate) log_probs: &'a [E],
    pub(crate) first: usize,
    pub(crate) stride: usize,
    pub(crate) classes: usize,
    pub(crate) steps: usize,
}

/// The logarithm of 0.
const NEVER: f64 = f64::NEG_INFINITY;
/// At least the lanes of a vector of f64.
const LANES: usize = 8;
/// The positions before the first and after the last one, which no alignment reaches.
const EDGE: usize = 2;

/// The target with a blank before and after each label.
fn extended(target: &[i64], blank: usize) -> Storage<i64> {
    let blank = blank as i64;
    Storage::from_fn(2 * target.len() + 1, |i| if i % 2 == 0 { blank } else { target[i / 2] })
}

/// The loss of an example, and where it is needed its gradient: p - (the share of the alignments that pass there), with the
/// scale 1, as in PyTorch for the logarithms of a softmax. `into` has the steps and classes of the tensor.
pub(crate) fn ctc<E: Float>(
    rows: Example<'_, E>,
    target: &[i64],
    blank: usize,
    zero_infinity: bool,
    into: Option<&mut [E]>,
) -> f64 {
    let Example { log_probs, first, stride, classes, steps } = rows;
    let mut logs = Storage::unspecified(steps * classes);
    for (t, logs) in logs.make_mut().chunks_exact_mut(classes).enumerate() {
        let row = &log_probs[first + t * stride..][..classes];
        logs.iter_mut().zip(row).for_each(|(log, x)| *log = x.as_f64());
    }
    let labels = extended(target, blank);
    let lattice = Lattice::new(logs, classes, steps, &labels, blank);
    let alpha = lattice.forward();
    let loss = lattice.loss(alpha.as_slice());
    let Some(into) = into else { return if loss == f64::INFINITY && zero_infinity { 0.0 } else { loss } };
    if loss == f64::INFINITY && zero_infinity {
        return 0.0;
    }
    for (t, grad) in lattice.gradient(alpha.as_slice(), loss).chunks_exact(classes).enumerate() {
        let row = &mut into[first + t * stride..][..classes];
        row.iter_mut().zip(grad).for_each(|(to, x)| *to = E::from_f64(*x));
    }
    loss
}

/// The positions of an extended target at each step. A row of them has an [`EDGE`], the positions, as many as whole
/// vectors have, and an edge: what is not a position is [`NEVER`].
struct Lattice<'a> {
    /// The logarithms of the distributions, `[steps, classes]`.
    logs: Storage<f64>,
    classes: usize,
    steps: usize,
    labels: &'a [i64],
    /// For each position 0 if it may follow the one before the last, another label that is not a blank; else `NEVER`.
    skips: Storage<f64>,
    row: usize,
}

impl<'a> Lattice<'a> {
    fn new(logs: Storage<f64>, classes: usize, steps: usize, labels: &'a [i64], blank: usize) -> Self {
        let row = labels.len().next_multiple_of(LANES) + 2 * EDGE;
        let skip =
            |s: usize| s >= 2 && s < labels.len() && labels[s] != blank as i64 && labels[s] != labels[s - 2];
        let skips = Storage::from_fn(row, |s| if skip(s) { 0.0 } else { NEVER });
        Lattice { logs, classes, steps, labels, skips, row }
    }

    /// The logarithms of the probabilities of the labels at step `t`, in the form of a row without its first edge.
    fn logs_of_labels(&self, t: usize, out: &mut [f64]) {
        let logs = &self.logs[t * self.classes..][..self.classes];
        out.iter_mut().zip(self.labels).for_each(|(out, label)| *out = logs[*label as usize]);
    }

    /// A row in which position `s` alone is reached.
    fn only(&self, s: usize) -> Storage<f64> {
        let mut row = Storage::filled(self.row, NEVER);
        row.make_mut()[EDGE + s] = 0.0;
        row
    }

    /// The logarithms of the sums over all beginnings, a row for each step.
    fn forward(&self) -> Storage<f64> {
        let (before, mut logs) = (self.only(0), Storage::filled(self.row, NEVER));
        Storage::written(self.steps * self.row, |alpha| {
            for t in 0..self.steps {
                let (done, rest) = alpha.split_at_mut(t * self.row);
                let near = if t == 0 { before.as_slice() } else { &done[(t - 1) * self.row..] };
                self.logs_of_labels(t, logs.make_mut());
                self.step([EDGE - 1, EDGE - 2, 0], near, &logs, &mut rest[..self.row]);
            }
        })
    }

    /// A row from the next or the last one: for position s, the sum of those at s, and at the two offsets; the second
    /// counts where `skips` from the third offset on says so.
    fn step(&self, offsets: [usize; 3], near: &[f64], logs: &[f64], out: &mut [f64]) {
        dispatch(Step { offsets, near, skips: &self.skips, logs, out });
        out[..EDGE].fill(NEVER);
        out[EDGE + self.labels.len()..].fill(NEVER);
    }

    /// The negative logarithm of the probability of the target.
    fn loss(&self, alpha: &[f64]) -> f64 {
        let before = self.only(0);
        let last = if self.steps == 0 { &before } else { &alpha[(self.steps - 1) * self.row..] };
        let end = EDGE + self.labels.len();
        // Without a step, the first position alone is reached, and a target must end there.
        let (a, b) = (last[end - 1], if self.steps == 0 { NEVER } else { last[end - 2] });
        let most = a.max(b);
        -(if most == NEVER { most } else { most + (-(a - b).abs()).exp().ln_1p() })
    }

    /// The gradient, `[steps, classes]`.
    fn gradient(&self, alpha: &[f64], loss: f64) -> Storage<f64> {
        let Lattice { classes, steps, row, labels, .. } = *self;
        if !loss.is_finite() {
            return Storage::filled(steps * classes, f64::NAN);
        }
        let mut probabilities = self.logs.clone();
        dispatch(Exp(probabilities.make_mut()));
        let (mut later, mut beta) = (self.only(labels.len() - 1), Storage::unspecified(row));
        let (mut logs, mut shares) = (Storage::filled(row, NEVER), Storage::unspecified(row));
        for (t, grad) in probabilities.make_mut().chunks_exact_mut(classes).enumerate().rev() {
            self.logs_of_labels(t, logs.make_mut());
            self.step([EDGE + 1, EDGE + 2, EDGE], &later, &logs, beta.make_mut());
            let alpha = &alpha[t * row..][..row];
            dispatch(Shares { alpha, beta: &beta, logs: &logs, loss, out: shares.make_mut() });
            labels.iter().zip(shares.iter()).for_each(|(label, share)| grad[*label as usize] -= share);
            std::mem::swap(&mut later, &mut beta);
        }
        probabilities
    }
}

/// See [`Lattice::step`].
struct Step<'a> {
    offsets: [usize; 3],
    near: &'a [f64],
    skips: &'a [f64],
    logs: &'a [f64],
    out: &'a mut [f64],
}

impl Kernel for Step<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let Step { offsets: [one, two, skip], near, skips, logs, out } = self;
        let never = S::F64::splat(NEVER);
        for s in (0..out.len() - 2 * EDGE).step_by(S::F64::LANES) {
            let (a, b) = (S::F64::load(&near[EDGE + s..]), S::F64::load(&near[one + s..]));
            let c = S::F64::load(&near[two + s..]) + S::F64::load(&skips[skip + s..]);
            let most = a.max(b).max(c);
            // Where all three are -∞, so is the result; subtracting -∞ would give NaN.
            let most = S::F64::select(most.eq(never), S::F64::zero(), most);
            let sum = exp(a - most) + exp(b - most) + exp(c - most);
            (ln(sum) + most + S::F64::load(&logs[s..])).store(&mut out[EDGE + s..]);
        }
    }
}

/// The share of the alignments that pass at each position, from `alpha` and `beta`, both of which have the
/// probability of the label.
struct Shares<'a> {
    alpha: &'a [f64],
    beta: &'a [f64],
    logs: &'a [f64],
    loss: f64,
    out: &'a mut [f64],
}

impl Kernel for Shares<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let Shares { alpha, beta, logs, loss, out } = self;
        let (loss, never) = (S::F64::splat(loss), S::F64::splat(NEVER));
        for s in (0..out.len() - 2 * EDGE).step_by(S::F64::LANES) {
            let both = S::F64::load(&alpha[EDGE + s..]) + S::F64::load(&beta[EDGE + s..]);
            let share = exp(both + loss - S::F64::load(&logs[s..]));
            // Of a class whose probability is 0, too.
            S::F64::select(both.eq(never), S::F64::zero(), share).store(&mut out[s..]);
        }
    }
}

/// eˣ of each element, in place.
struct Exp<'a>(&'a mut [f64]);

impl Kernel for Exp<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        for x in self.0.chunks_mut(S::F64::LANES) {
            exp(S::F64::load_partial(x, 0.0)).store_partial(x);
        }
    }
}
