//! The connectionist temporal classification: the probability that a sequence of distributions spells a target, over all
//! alignments, by the forward and backward recursions of Graves et al. (2006), in f64 and in logarithms.
//!
//! T (2 S + 1) sums for each example, where S is the length of its target.

use crate::element::Float;

/// One example: rows of `stride` elements of the type of the tensor, from `first`, of which `classes` are its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Example<'a, E> {
    pub(crate) log_probs: &'a [E],
    pub(crate) first: usize,
    pub(crate) stride: usize,
    pub(crate) classes: usize,
    pub(crate) steps: usize,
}

impl<E: Float> Example<'_, E> {
    fn at(&self, t: usize, class: usize) -> f64 {
        self.log_probs[self.first + t * self.stride + class].as_f64()
    }
}

/// ln(eᵃ + eᵇ).
fn add(a: f64, b: f64) -> f64 {
    let most = a.max(b);
    if most == f64::NEG_INFINITY { most } else { most + (-(a - b).abs()).exp().ln_1p() }
}

/// The target with a blank before and after each label.
fn extended(target: &[i64], blank: usize) -> Vec<usize> {
    let labels = target.iter().flat_map(|label| [*label as usize, blank]);
    std::iter::once(blank).chain(labels).collect()
}

/// Whether position `s` may follow position `s - 2`: another label, not a blank.
fn skips(labels: &[usize], s: usize, blank: usize) -> bool {
    s >= 2 && labels[s] != blank && labels[s] != labels[s - 2]
}

/// The logarithms of the sums over all beginnings, for each step and position.
fn forward<E: Float>(rows: &Example<'_, E>, labels: &[usize], blank: usize) -> Vec<f64> {
    let (places, never) = (labels.len(), f64::NEG_INFINITY);
    let mut alpha = vec![never; rows.steps * places];
    for t in 0..rows.steps {
        for s in 0..places {
            let before = if t == 0 {
                if s < 2 { 0.0 } else { never }
            } else {
                let last = &alpha[(t - 1) * places..t * places];
                let mut sum = last[s];
                if s >= 1 {
                    sum = add(sum, last[s - 1]);
                }
                if skips(labels, s, blank) {
                    sum = add(sum, last[s - 2]);
                }
                sum
            };
            alpha[t * places + s] = before + rows.at(t, labels[s]);
        }
    }
    alpha
}

/// The negative logarithm of the probability of the target.
fn loss(alpha: &[f64], rows_steps: usize, places: usize) -> f64 {
    if rows_steps == 0 {
        return if places == 1 { 0.0 } else { f64::INFINITY };
    }
    let last = &alpha[(rows_steps - 1) * places..];
    -(if places > 1 { add(last[places - 1], last[places - 2]) } else { last[0] })
}

/// The loss of an example, and where it is wanted its gradient: p - (the share of the alignments that pass there), with the
/// scale 1, as in PyTorch for the logarithms of a softmax. `into` has the steps and classes of the tensor.
pub(crate) fn ctc<E: Float>(
    rows: Example<'_, E>,
    target: &[i64],
    blank: usize,
    zero_infinity: bool,
    into: Option<&mut [E]>,
) -> f64 {
    let labels = extended(target, blank);
    let (places, steps) = (labels.len(), rows.steps);
    let alpha = forward(&rows, &labels, blank);
    let loss = loss(&alpha, steps, places);
    if loss == f64::INFINITY && zero_infinity {
        return 0.0;
    }
    let Some(into) = into else { return loss };
    let never = f64::NEG_INFINITY;
    let mut beta = vec![never; places];
    for t in (0..steps).rev() {
        let later = std::mem::replace(&mut beta, vec![never; places]);
        for s in 0..places {
            let after = if t + 1 == steps {
                if s + 2 >= places { 0.0 } else { never }
            } else {
                let mut sum = later[s];
                if s + 1 < places {
                    sum = add(sum, later[s + 1]);
                }
                if s + 2 < places && skips(&labels, s + 2, blank) {
                    sum = add(sum, later[s + 2]);
                }
                sum
            };
            beta[s] = after + rows.at(t, labels[s]);
        }
        let mut shares = vec![never; rows.classes];
        for (s, label) in labels.iter().enumerate() {
            shares[*label] = add(shares[*label], alpha[t * places + s] + beta[s]);
        }
        for (class, share) in shares.into_iter().enumerate() {
            let log = rows.at(t, class);
            // A class that is not in the target has no share, also where its probability is 0.
            let share = if share == never && loss.is_finite() { 0.0 } else { (share + loss - log).exp() };
            into[rows.first + t * rows.stride + class] = E::from_f64(log.exp() - share);
        }
    }
    loss
}
