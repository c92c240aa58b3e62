//! Element-wise, by closures: for integers and masks, and for what has no name in the tables of
//! [`number`](super::number) and [`float`](super::float).
//!
//! These loops are compiled for the baseline only, which takes 16 bytes at a time: as much as memory delivers. Where more
//! is gained, as for comparisons of floats, the caller writes a loop in [`at_level`].

use crate::element::Element;
use crate::kernel::axis::axis::{AxisLayout, repeat};
use crate::kernel::simd::{Kernel, Simd, dispatch};
use crate::storage::Storage;

/// The right operand: a number, or the elements of a tensor.
#[derive(Clone)]
pub enum Value<E> {
    /// One number for all elements.
    Scalar(E),
    /// Elements, which repeat if there are fewer than on the other side.
    Many(Storage<E>),
    /// Elements, each of which stands for so many next to each other: as many as on the other side.
    Each(Storage<E>, usize),
}

impl<E: Element> Value<E> {
    /// The elements in memory; one of a number.
    pub(crate) fn into_storage(self) -> Storage<E> {
        match self {
            Value::Scalar(x) => Storage::filled(1, x),
            Value::Many(x) => x,
            Value::Each(x, size) => repeat(&x, AxisLayout { outer: x.len(), size, inner: 1 }),
        }
    }
}

/// Loops that are compiled for each level.
struct AtLevel<F>(F);

impl<R, F: FnOnce() -> R> Kernel for AtLevel<F> {
    type Output = R;
    #[inline(always)]
    fn run<S: Simd>(self) -> R {
        self.0()
    }
}

/// Runs `loops` with the instructions of the level.
pub(crate) fn at_level<R>(loops: impl FnOnce() -> R) -> R {
    dispatch(AtLevel(loops))
}

/// `x` = f(x) for each x.
fn in_place<E: Copy>(x: &mut [E], f: impl Fn(E) -> E) {
    x.iter_mut().for_each(|x| *x = f(*x));
}

/// to = f(x) for each x.
#[inline(always)]
pub(super) fn between<E: Copy, O>(x: &[E], to: &mut [O], f: impl Fn(E) -> O) {
    x.iter().zip(to).for_each(|(x, to)| *to = f(*x));
}

/// to = f(a, b) for each pair, where `a` and `b` have one row or more, and `to` has all.
#[inline(always)]
pub(super) fn pairs<A: Copy, B: Copy, O>(a: &[A], b: &[B], to: &mut [O], f: impl Fn(A, B) -> O) {
    let len = a.len().min(b.len()).max(1);
    for (i, to) in to.chunks_mut(len).enumerate() {
        let (a, b) = (row(a, i, len), row(b, i, len));
        to.iter_mut().zip(a.iter().zip(b)).for_each(|(to, (a, b))| *to = f(*a, *b));
    }
}

/// Row `i` of rows of `len` elements; the first, if there is one only.
#[inline(always)]
pub(super) fn row<E>(x: &[E], i: usize, len: usize) -> &[E] {
    if x.len() > len { &x[i * len..(i + 1) * len] } else { x }
}

/// f(x) for each x, in the memory of `x` if nothing else holds it.
#[inline(never)]
pub(crate) fn map<E: Element>(mut x: Storage<E>, f: impl Fn(E) -> E) -> Storage<E> {
    if let Some(elements) = x.unique() {
        in_place(elements, f);
        return x;
    }
    map_to(x.as_slice(), f)
}

/// f(x) for each x, where the result has elements of another type.
#[inline(never)]
pub(crate) fn map_to<E: Element, O: Element>(x: &[E], f: impl Fn(E) -> O) -> Storage<O> {
    Storage::written(x.len(), |to| between(x, to, f))
}

/// f(a, b) for each pair; the shorter side repeats. In the memory of an operand of the length of the result, if
/// nothing else holds it.
#[inline(never)]
pub(crate) fn zip<E: Element>(mut a: Storage<E>, mut b: Storage<E>, f: impl Fn(E, E) -> E) -> Storage<E> {
    if a.is_empty() || b.is_empty() {
        return Storage::empty();
    }
    if a.len() >= b.len()
        && let Some(left) = a.unique()
    {
        for left in left.chunks_mut(b.len()) {
            left.iter_mut().zip(b.as_slice()).for_each(|(a, b)| *a = f(*a, *b));
        }
        return a;
    }
    if b.len() >= a.len()
        && let Some(right) = b.unique()
    {
        for right in right.chunks_mut(a.len()) {
            a.as_slice().iter().zip(right).for_each(|(a, b)| *b = f(*a, *b));
        }
        return b;
    }
    zip_to(a.as_slice(), b.as_slice(), f)
}

/// f(a, b) where `b` may be one number.
pub(crate) fn zip_value<E: Element>(a: Storage<E>, b: Value<E>, f: impl Fn(E, E) -> E) -> Storage<E> {
    match b {
        Value::Scalar(b) => map(a, |a| f(a, b)),
        b => zip(a, b.into_storage(), f),
    }
}

/// f(a, b) where either may be one number.
pub(crate) fn zip_values<E: Element>(a: Value<E>, b: Value<E>, f: impl Fn(E, E) -> E) -> Storage<E> {
    match (a, b) {
        (Value::Scalar(a), Value::Scalar(b)) => Storage::filled(1, f(a, b)),
        (Value::Scalar(a), b) => map(b.into_storage(), |b| f(a, b)),
        (a, b) => zip_value(a.into_storage(), b, f),
    }
}

/// f(a, b) for each pair, with a result of another type; the shorter side repeats.
#[inline(never)]
pub(crate) fn zip_to<E: Element, O: Element>(a: &[E], b: &[E], f: impl Fn(E, E) -> O) -> Storage<O> {
    let len = a.len().max(b.len());
    if a.is_empty() || b.is_empty() {
        return Storage::empty();
    }
    Storage::written(len, |to| pairs(a, b, to, f))
}

/// f(a, b) with a result of another type, where `b` may be one number.
pub(crate) fn zip_value_to<E: Element, O: Element>(
    a: &[E],
    b: &Value<E>,
    f: impl Fn(E, E) -> O,
) -> Storage<O> {
    match b {
        Value::Scalar(b) => map_to(a, |a| f(a, *b)),
        b => zip_to(a, b.clone().into_storage().as_slice(), f),
    }
}

/// f(g, a, b) for each g, in the memory of `grad` if nothing else holds it; the shorter of `a` and `b` repeats.
#[inline(never)]
pub(crate) fn zip_grad<E: Element>(
    mut grad: Storage<E>,
    a: &Value<E>,
    b: &Value<E>,
    f: impl Fn(E, E, E) -> E,
) -> Storage<E> {
    let (a, b) = (a.clone().into_storage(), b.clone().into_storage());
    for (i, g) in grad.make_mut().iter_mut().enumerate() {
        *g = f(*g, a[i % a.len()], b[i % b.len()]);
    }
    grad
}

/// The sum over the repetitions of a side that has `len` elements: the gradient of repeating it.
#[inline(never)]
pub(crate) fn fold<E: Element>(grad: Storage<E>, len: usize) -> Storage<E> {
    if grad.len() == len {
        return grad;
    }
    let mut sum = Storage::unspecified(len);
    E::sum_rows(&grad, sum.make_mut());
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s(x: &[f32]) -> Storage<f32> {
        Storage::from_slice(x)
    }

    #[test]
    fn the_shorter_side_repeats_on_either_side() {
        let minus = |a: f32, b: f32| a - b;
        assert_eq!(zip(s(&[1., 2., 3., 4.]), s(&[1., 0.]), minus).as_slice(), [0., 2., 2., 4.]);
        assert_eq!(zip(s(&[1., 0.]), s(&[1., 2., 3., 4.]), minus).as_slice(), [0., -2., -2., -4.]);
        let held = s(&[1., 2., 3., 4.]);
        assert_eq!(zip(held.clone(), s(&[1., 0.]), minus).as_slice(), [0., 2., 2., 4.]);
        assert_eq!(held.as_slice(), [1., 2., 3., 4.]);
    }

    #[test]
    fn memory_with_one_owner_is_reused() {
        let x = s(&[1., 2.]);
        let at = x.as_ptr();
        assert_eq!(map(x, |x| x + 1.).as_ptr(), at);
        let (a, b) = (s(&[1., 2.]), s(&[3., 4.]));
        let (held, at) = (a.clone(), b.as_ptr());
        let out = zip(a, b, |a, b| a - b);
        assert_eq!((out.as_ptr(), out.as_slice(), held.as_slice()), (at, &[-2., -2.][..], &[1., 2.][..]));
    }

    #[test]
    fn a_gradient_meets_both_operands_whichever_repeats() {
        let f = |g: f32, a: f32, b: f32| g * 100. + a * 10. + b;
        let many = |x: &[f32]| Value::Many(s(x));
        let (long, short, grad) = (many(&[1., 2., 3., 4.]), many(&[5., 6.]), &[0., 1., 0., 1.][..]);
        assert_eq!(zip_grad(s(grad), &long, &short, f).as_slice(), [15., 126., 35., 146.]);
        assert_eq!(zip_grad(s(grad), &short, &long, f).as_slice(), [51., 162., 53., 164.]);
        assert_eq!(zip_grad(s(grad), &long, &Value::Scalar(7.), f).as_slice(), [17., 127., 37., 147.]);
        assert!(zip_grad(s(&[]), &many(&[]), &short, f).as_slice().is_empty());
    }

    #[test]
    fn a_result_of_another_type_repeats_the_shorter_side_too() {
        let below = |a: f32, b: f32| a < b;
        assert_eq!(zip_to(&[1., 2., 3., 4.], &[2., 4.], below).as_slice(), [true, true, false, false]);
        assert_eq!(zip_to(&[2., 4.], &[1., 2., 3., 5.], below).as_slice(), [false, false, true, true]);
        assert!(zip_to(&[], &[1.], below).as_slice().is_empty());
    }

    #[test]
    fn folding_sums_over_the_repetitions() {
        assert_eq!(fold(s(&[1., 2., 3., 4., 5., 6.]), 2).as_slice(), [9., 12.]);
        assert_eq!(fold(s(&[1., 2.]), 2).as_slice(), [1., 2.]);
        assert!(fold(s(&[]), 0).as_slice().is_empty());
    }
}
