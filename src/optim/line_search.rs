//! The line search of [`Lbfgs`](super::Lbfgs): a step that satisfies the strong Wolfe conditions, as PyTorch's `_strong_wolfe`.

/// How much of the descent that the slope promises a step must have, and how much less steep it must be after it.
const ENOUGH: f64 = 1e-4;
const FLATTER: f64 = 0.9;

/// A point on the line: the length of the step, the loss, its gradient and its slope along the line.
#[derive(Clone)]
pub(super) struct Point {
    pub(super) t: f64,
    pub(super) loss: f64,
    pub(super) grad: Vec<f64>,
    pub(super) slope: f64,
}

/// The minimum of the cubic with the losses and slopes of two points, inside the bounds.
fn cubic(a: &Point, b: &Point, bounds: Option<(f64, f64)>) -> f64 {
    let (low, high) = bounds.unwrap_or((a.t.min(b.t), a.t.max(b.t)));
    let d1 = a.slope + b.slope - 3.0 * (a.loss - b.loss) / (a.t - b.t);
    let square = d1 * d1 - a.slope * b.slope;
    // NaN, too: the middle.
    if square.is_nan() || square < 0.0 {
        return f64::midpoint(low, high);
    }
    let d2 = square.sqrt();
    let minimum = if a.t <= b.t {
        b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2.0 * d2))
    } else {
        a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2.0 * d2))
    };
    minimum.max(low).min(high)
}

/// The point of the step, and how often the loss was computed. `start` is the point of the step 0, `t` the first step that is
/// tried, and `longest` the largest element of the direction.
pub(super) fn strong_wolfe(
    mut at: impl FnMut(f64) -> Point,
    start: &Point,
    t: f64,
    longest: f64,
    tolerance: f64,
    most: usize,
) -> (Point, usize) {
    let mut new = at(t);
    let (mut evaluations, mut iterations) = (1, 0);
    let too_high = |new: &Point| new.loss > start.loss + ENOUGH * new.t * start.slope;
    let is_flat = |new: &Point| new.slope.abs() <= -FLATTER * start.slope;

    let mut previous = start.clone();
    let mut bracket = None;
    while iterations < most {
        if too_high(&new) || iterations > 1 && new.loss >= previous.loss || !is_flat(&new) && new.slope >= 0.0
        {
            bracket = Some([previous.clone(), new.clone()]);
            break;
        }
        if is_flat(&new) {
            return (new, evaluations);
        }
        let bounds = (new.t + 0.01 * (new.t - previous.t), new.t * 10.0);
        let next = at(cubic(&previous, &new, Some(bounds)));
        previous = std::mem::replace(&mut new, next);
        evaluations += 1;
        iterations += 1;
    }
    let mut bracket = bracket.unwrap_or_else(|| [start.clone(), new]);
    let mut low = usize::from(bracket[0].loss > bracket[1].loss);
    let mut stuck = false;
    while iterations < most {
        let (from, to) = (bracket[0].t.min(bracket[1].t), bracket[0].t.max(bracket[1].t));
        if (to - from) * longest < tolerance {
            break;
        }
        let mut t = cubic(&bracket[0], &bracket[1], None);
        // A step near an end of the bracket shortens it little: that is allowed once, then the step is moved a tenth of the bracket inside.
        let margin = 0.1 * (to - from);
        if (to - t).min(t - from) < margin {
            if stuck || t >= to || t <= from {
                t = if (t - to).abs() < (t - from).abs() { to - margin } else { from + margin };
                stuck = false;
            } else {
                stuck = true;
            }
        } else {
            stuck = false;
        }
        let new = at(t);
        evaluations += 1;
        iterations += 1;
        let high = 1 - low;
        if too_high(&new) || new.loss >= bracket[low].loss {
            bracket[high] = new;
            low = usize::from(bracket[0].loss > bracket[1].loss);
            continue;
        }
        let done = is_flat(&new);
        if !done && new.slope * (bracket[high].t - bracket[low].t) >= 0.0 {
            bracket[high] = bracket[low].clone();
        }
        bracket[low] = new;
        if done {
            break;
        }
    }
    (bracket[low].clone(), evaluations)
}
