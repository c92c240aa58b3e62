//! Axes of size 1, repeated.

use crate::element::Element;
use crate::kernel::axis::axis::{AxisLayout, repeat, sum};
use crate::kernel::elementwise::pointwise::Value;
use crate::storage::Storage;

/// The axes that must be repeated: those that are 1 in `from` and another size in `to`, as axes of the tensor that is
/// `from` before it and `to` after it. `from` may lack leading axes of `to`.
fn stretched<'a>(from: &'a [usize], to: &'a [usize]) -> impl DoubleEndedIterator<Item = AxisLayout> + 'a {
    let added = to.len() - from.len();
    (0..to.len()).filter_map(move |i| {
        let size = if i < added { 1 } else { from[i - added] };
        let outer = from[..i.saturating_sub(added)].iter().product();
        (size != to[i]).then(|| AxisLayout { outer, size: to[i], inner: to[i + 1..].iter().product() })
    })
}

/// The tensor with the sizes `from`, repeated to the sizes `to`.
#[inline(never)]
pub(crate) fn expand<E: Element>(x: Storage<E>, from: &[usize], to: &[usize]) -> Storage<E> {
    // The last axis first: the copies are small for as long as possible.
    stretched(from, to).rev().fold(x, |x, along| repeat(x.as_slice(), along))
}

/// The same as an operand, which is not in memory if the last axes alone are repeated.
#[inline(never)]
pub(crate) fn expanded<E: Element>(x: Storage<E>, from: &[usize], to: &[usize]) -> Value<E> {
    let mut axes = stretched(from, to);
    match (axes.next(), axes.next()) {
        (Some(AxisLayout { size, inner: 1, .. }), None) => Value::Each(x, size),
        _ => Value::Many(expand(x, from, to)),
    }
}

/// The sums over what [`expand`] repeated: its gradient.
#[inline(never)]
pub(crate) fn collapse<E: Element>(grad: Storage<E>, from: &[usize], to: &[usize]) -> Storage<E> {
    stretched(from, to).fold(grad, |grad, along| sum(&grad, along))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expanding_and_collapsing_agree_with_the_definition() {
        for (from, to) in [
            (&[2, 1, 3][..], &[2, 4, 3][..]),
            (&[1, 2, 1], &[3, 2, 5]),
            (&[1, 1], &[2, 3, 4]),
            (&[2, 3], &[2, 3]),
            (&[], &[2, 2]),
            (&[3, 1], &[3, 7]),
            (&[1, 3], &[0, 3]),
        ] {
            let (n, m) = (from.iter().product::<usize>(), to.iter().product::<usize>());
            // The element of `from` that element `i` of `to` repeats.
            let source = |mut i: usize| {
                let (mut at, mut step) = (0, 1);
                for axis in (0..to.len()).rev() {
                    let index = i % to[axis];
                    i /= to[axis];
                    if let Some(own) = (axis + from.len()).checked_sub(to.len()) {
                        at += if from[own] == 1 { 0 } else { index * step };
                        step *= from[own];
                    }
                }
                at
            };
            let x: Vec<f64> = (0..n).map(|i| (i + 1) as f64).collect();
            let want: Vec<f64> = (0..m).map(|i| x[source(i)]).collect();
            assert_eq!(expand(Storage::from_slice(&x), from, to).as_slice(), want);
            assert_eq!(expanded(Storage::from_slice(&x), from, to).into_storage().as_slice(), want);
            let grad: Vec<f64> = (0..m).map(|i| (i * i) as f64).collect();
            let mut sums = vec![0.0; n];
            grad.iter().enumerate().for_each(|(i, g)| sums[source(i)] += g);
            assert_eq!(collapse(Storage::from_slice(&grad), from, to).as_slice(), sums);
        }
    }
}
