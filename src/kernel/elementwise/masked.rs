//! A choice, element by element.

use crate::element::Element;
use crate::kernel::elementwise::pointwise::Value;
use crate::storage::Storage;

/// Element `i` of `x`, which repeats.
fn at<E: Element>(x: &[E], i: usize) -> E {
    x[i % x.len()]
}

/// Of `len` elements, those of `a` where the mask is true, and those of `b` elsewhere; what is shorter repeats.
#[inline(never)]
pub(crate) fn select<E: Element>(len: usize, mask: &[bool], a: &[E], b: &Value<E>) -> Storage<E> {
    match b {
        Value::Scalar(b) if mask.len() == len && a.len() == len => {
            Storage::collect(mask.iter().zip(a).map(|(mask, a)| if *mask { *a } else { *b }))
        }
        Value::Scalar(b) => Storage::from_fn(len, |i| if at(mask, i) { at(a, i) } else { *b }),
        Value::Many(b) => {
            let b = b.as_slice();
            if mask.len() == len && a.len() == len && b.len() == len {
                let pairs = mask.iter().zip(a.iter().zip(b));
                return Storage::collect(pairs.map(|(mask, (a, b))| if *mask { *a } else { *b }));
            }
            Storage::from_fn(len, |i| if at(mask, i) { at(a, i) } else { at(b, i) })
        }
    }
}

/// `x` with `value` where the mask, which may repeat, is `at`; in the memory of `x` if nothing else holds it.
#[inline(never)]
pub(crate) fn fill<E: Element>(mut x: Storage<E>, mask: &[bool], at: bool, value: E) -> Storage<E> {
    for part in x.make_mut().chunks_mut(mask.len().max(1)) {
        part.iter_mut().zip(mask).for_each(|(x, mask)| *x = if *mask == at { value } else { *x });
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_of_the_three_may_repeat() {
        let mask = [true, false];
        let (long, short) = ([1., 2., 3., 4.], [8., 9.]);
        let many = |x: &[f64]| Value::Many(Storage::from_slice(x));
        assert_eq!(select(4, &mask, &long, &many(&short)).as_slice(), [1., 9., 3., 9.]);
        assert_eq!(select(4, &mask, &short, &many(&long)).as_slice(), [8., 2., 8., 4.]);
        assert_eq!(select(4, &mask, &long, &Value::Scalar(0.)).as_slice(), [1., 0., 3., 0.]);
        assert_eq!(select(2, &mask, &short, &many(&[1., 2.])).as_slice(), [8., 2.]);
        assert!(select::<f64>(0, &[], &[], &Value::Scalar(0.)).as_slice().is_empty());
        assert_eq!(fill(Storage::from_slice(&long), &mask, true, 0.).as_slice(), [0., 2., 0., 4.]);
        assert_eq!(fill(Storage::from_slice(&long), &mask, false, 0.).as_slice(), [1., 0., 3., 0.]);
    }
}
