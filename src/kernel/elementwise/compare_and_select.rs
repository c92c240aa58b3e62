//! Masks: comparisons, truth values, and what they choose. Compiled in this crate for each element type and level.

use super::pointwise::{Value, at_level, between, pairs, row, zip_value};
use crate::element::Element;
use crate::storage::Storage;
use std::borrow::Cow;
use std::hint::select_unpredictable;

/// A comparison of two elements.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are those of the operations")]
pub enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// A function of two truth values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are those of the operations")]
pub enum Logic {
    And,
    Or,
    Xor,
}

/// Elements, as operands of comparisons and choices.
pub trait Comparable: Sized {
    /// Whether the comparison holds for each pair; the shorter side repeats.
    #[doc(hidden)]
    fn compare(comparison: Comparison, a: &[Self], b: &Value<Self>) -> Storage<bool>;
    /// The function of the truth of each pair, every element but 0 being true; the shorter side repeats.
    #[doc(hidden)]
    fn logic(logic: Logic, a: &[Self], b: &Value<Self>) -> Storage<bool>;
    /// Whether each element is 0.
    #[doc(hidden)]
    fn not(x: &[Self]) -> Storage<bool>;
    /// Of `len` elements, those of `a` where the mask is true, and those of `b` elsewhere; what is shorter repeats.
    #[doc(hidden)]
    fn select(len: usize, mask: &[bool], a: &[Self], b: &Value<Self>) -> Storage<Self>;
    /// `x` with `value` where the mask, which may repeat, is `at`; in the memory of `x` if nothing else holds it.
    #[doc(hidden)]
    fn fill(x: Storage<Self>, mask: &[bool], at: bool, value: Self) -> Storage<Self>;
}

macro_rules! impl_comparable {
    ($($t:ty, $level:literal);*) => { $(
        impl Comparable for $t {
            fn compare(comparison: Comparison, a: &[Self], b: &Value<Self>) -> Storage<bool> {
                compare::<$t, $level>(comparison, a, b)
            }
            fn logic(logic: Logic, a: &[Self], b: &Value<Self>) -> Storage<bool> {
                let truth = |x: $t| x != <$t>::default();
                match b {
                    // One loop: truth or its negation, or a constant.
                    Value::Scalar(b) => {
                        let table = [false, true].map(|a| logic.of(a, truth(*b)));
                        let (differs, first) = (table[0] ^ table[1], table[0]);
                        each::<_, $level>(a, move |a| (truth(a) & differs) ^ first)
                    }
                    b => {
                        // One loop, too: a ^ b, or a & b, or both.
                        let (either, both) = (logic != Logic::And, logic != Logic::Xor);
                        each_pair(a, &b.clone().into_storage(), move |a, b| {
                            let (a, b) = (truth(a), truth(b));
                            ((a ^ b) & either) | (a & b & both)
                        })
                    }
                }
            }
            fn not(x: &[Self]) -> Storage<bool> {
                compare::<$t, $level>(Comparison::Eq, x, &Value::Scalar(<$t>::default()))
            }
            fn select(len: usize, mask: &[bool], a: &[Self], b: &Value<Self>) -> Storage<Self> {
                select(len, mask, a, b)
            }
            fn fill(x: Storage<Self>, mask: &[bool], at: bool, value: Self) -> Storage<Self> {
                fill(x, mask, at, value)
            }
        }
    )* };
}
// Floats and a number with the instruction set of the machine. Integers and masks at the baseline, as all their operations.
impl_comparable!(f32, true; f64, true; i64, false; bool, false);

impl Logic {
    /// The function of two truth values.
    fn of(self, a: bool, b: bool) -> bool {
        match self {
            Logic::And => a & b,
            Logic::Or => a | b,
            Logic::Xor => a ^ b,
        }
    }
}

/// f(x) for each x, with the instruction set of the machine or at the baseline.
fn each<E: Element, const LEVEL: bool>(x: &[E], f: impl Fn(E) -> bool) -> Storage<bool> {
    Storage::written(x.len(), |to| {
        if LEVEL {
            at_level(
                #[inline(always)]
                || between(x, to, f),
            );
        } else {
            between(x, to, f);
        }
    })
}

/// f(a, b) for each pair; the shorter side repeats. At the baseline but for masks, of which a vector holds the most.
fn each_pair<E: Element>(a: &[E], b: &[E], f: impl Fn(E, E) -> bool) -> Storage<bool> {
    let len = if a.is_empty() || b.is_empty() { 0 } else { a.len().max(b.len()) };
    Storage::written(len, |to| {
        if size_of::<E>() == 1 {
            at_level(
                #[inline(always)]
                || pairs(a, b, to, f),
            );
        } else {
            pairs(a, b, to, f);
        }
    })
}

/// Whether the comparison holds for each pair, in as few loops as possible: each is compiled for each type.
fn compare<E: Element + PartialOrd, const LEVEL: bool>(
    comparison: Comparison,
    a: &[E],
    b: &Value<E>,
) -> Storage<bool> {
    let differ = comparison == Comparison::Ne;
    match b {
        Value::Scalar(b) => {
            let b = *b;
            match comparison {
                Comparison::Eq | Comparison::Ne => each::<_, LEVEL>(a, |a| (a == b) ^ differ),
                Comparison::Lt => each::<_, LEVEL>(a, |a| a < b),
                Comparison::Le => each::<_, LEVEL>(a, |a| a <= b),
                Comparison::Gt => each::<_, LEVEL>(a, |a| a > b),
                Comparison::Ge => each::<_, LEVEL>(a, |a| a >= b),
            }
        }
        b => {
            let b = &*b.clone().into_storage();
            let (left, right) =
                if matches!(comparison, Comparison::Gt | Comparison::Ge) { (b, a) } else { (a, b) };
            match comparison {
                Comparison::Eq | Comparison::Ne => each_pair(a, b, |a, b| (a == b) ^ differ),
                Comparison::Lt | Comparison::Gt => each_pair(left, right, |a, b| a < b),
                Comparison::Le | Comparison::Ge => each_pair(left, right, |a, b| a <= b),
            }
        }
    }
}

/// The function of each pair of masks, in the memory of one of them if nothing else holds it; the shorter side repeats.
pub(crate) fn combine(logic: Logic, mut a: Storage<bool>, b: Value<bool>) -> Storage<bool> {
    // One loop for the three: a ^ b, or a & b, or both.
    let (either, both) = (logic != Logic::And, logic != Logic::Xor);
    let f = move |a, b| ((a ^ b) & either) | (a & b & both);
    match b {
        Value::Many(mut b) if a.len() == b.len() => {
            if a.unique().is_some() || b.unique().is_some() {
                return zip_value(a, Value::Many(b), f);
            }
            Storage::written(a.len(), |to| {
                at_level(
                    #[inline(always)]
                    || pairs(&a, &b, to, f),
                )
            })
        }
        b => zip_value(a, b, f),
    }
}

/// `!x` for each x, in the memory of `x` if nothing else holds it.
pub(crate) fn invert(x: Storage<bool>) -> Storage<bool> {
    super::pointwise::map(x, |x| !x)
}

fn select<E: Element>(len: usize, mask: &[bool], a: &[E], b: &Value<E>) -> Storage<E> {
    let (number, many) = match b {
        Value::Scalar(b) => (Some(*b), Storage::empty()),
        b => (None, b.clone().into_storage()),
    };
    let period = mask.len().min(a.len()).min(if number.is_some() { usize::MAX } else { many.len() });
    if len == 0 {
        return Storage::empty();
    }
    // Of three lengths, that in the middle starts again at each of its ends.
    let (mask, a, many) = (whole(mask, period, len), whole(a, period, len), whole(&many, period, len));
    Storage::written(len, |to| {
        at_level(
            #[inline(always)]
            || {
                for (i, to) in to.chunks_mut(period).enumerate() {
                    let triples = to.iter_mut().zip(row(&mask, i, period)).zip(row(&a, i, period));
                    // Both are read whatever the mask is: no branch.
                    if let Some(b) = number {
                        for ((to, mask), a) in triples {
                            *to = select_unpredictable(*mask, *a, b);
                        }
                    } else {
                        for (((to, mask), a), b) in triples.zip(row(&many, i, period)) {
                            *to = select_unpredictable(*mask, *a, *b);
                        }
                    }
                }
            },
        );
    })
}

/// `x` as often as it takes for `len` elements, unless it has as many, or those of a period or none.
fn whole<E: Element>(x: &[E], period: usize, len: usize) -> Cow<'_, [E]> {
    if x.is_empty() || x.len() == period || x.len() == len {
        Cow::Borrowed(x)
    } else {
        Cow::Owned(x.iter().copied().cycle().take(len).collect())
    }
}

fn fill<E: Element>(mut x: Storage<E>, mask: &[bool], at: bool, value: E) -> Storage<E> {
    if let Some(to) = x.unique() {
        at_level(
            #[inline(always)]
            || {
                for part in to.chunks_mut(mask.len().max(1)) {
                    for (x, mask) in part.iter_mut().zip(mask) {
                        *x = select_unpredictable(*mask == at, value, *x);
                    }
                }
            },
        );
        return x;
    }
    let from = x.as_slice();
    Storage::written(from.len(), |to| {
        at_level(
            #[inline(always)]
            || {
                let len = mask.len().max(1);
                for (to, x) in to.chunks_mut(len).zip(from.chunks(len)) {
                    for ((to, x), mask) in to.iter_mut().zip(x).zip(mask) {
                        *to = select_unpredictable(*mask == at, value, *x);
                    }
                }
            },
        );
    })
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
        let held = Storage::from_slice(&long);
        assert_eq!(fill(held.clone(), &mask, false, 0.).as_slice(), [1., 0., 3., 0.]);
        assert_eq!(held.as_slice(), long);
    }
}
