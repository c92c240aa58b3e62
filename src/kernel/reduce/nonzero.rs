//! Elements that are not zero.

use crate::element::Element;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes;
use crate::kernel::elementwise::pointwise::at_level;
use crate::storage::Storage;

/// Whether `x` counts as true.
fn is_nonzero<E: Element>(x: &E) -> bool {
    *x != E::default()
}

/// Their number.
pub(crate) fn count<E: Element>(lane: &[E]) -> i64 {
    lane.iter().filter(|x| is_nonzero(*x)).count() as i64
}

/// Whether every element is one.
pub(crate) fn all<E: Element>(lane: &[E]) -> bool {
    lane.iter().all(is_nonzero)
}

/// Whether there is one.
pub(crate) fn any<E: Element>(lane: &[E]) -> bool {
    lane.iter().any(is_nonzero)
}

/// The number of each lane.
pub(crate) fn counts<E: Element>(x: &[E], along: AxisLayout) -> Storage<i64> {
    of_lanes(x, along, count, 0, |count, yes| count + i64::from(yes))
}

/// Whether every element of each lane is one.
pub(crate) fn all_of_lanes<E: Element>(x: &[E], along: AxisLayout) -> Storage<bool> {
    of_lanes(x, along, all, true, |all, yes| all & yes)
}

/// Whether there is one in each lane.
pub(crate) fn any_of_lanes<E: Element>(x: &[E], along: AxisLayout) -> Storage<bool> {
    of_lanes(x, along, any, false, |any, yes| any | yes)
}

/// `f` of each lane; where lanes lie side by side the results of all, row by row, from `first` and whether an element is one.
fn of_lanes<E: Element, O: Element>(
    x: &[E],
    along: AxisLayout,
    f: impl Fn(&[E]) -> O + Sync,
    first: O,
    next: impl Fn(O, bool) -> O + Sync,
) -> Storage<O> {
    let AxisLayout { outer, size, inner } = along;
    if inner <= 1 || size == 0 {
        return lanes::reduce(x, along, f);
    }
    let mut results = Storage::filled(outer * inner, first);
    lanes::parts(results.make_mut(), inner, size, |at, results| {
        at_level(|| {
            let blocks = x[at * size..].chunks_exact(size * inner);
            for (results, block) in results.chunks_exact_mut(inner).zip(blocks) {
                for row in block.chunks_exact(inner) {
                    results
                        .iter_mut()
                        .zip(row)
                        .for_each(|(result, x)| *result = next(*result, is_nonzero(x)));
                }
            }
        });
    });
    results
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::simd::{Level, with_level};

    #[test]
    fn lanes_side_by_side_have_the_results_of_each() {
        for level in Level::ALL {
            with_level(level, || {
                for (outer, size, inner) in
                    [(1, 3, 70), (4, 5, 17), (3, 1, 2), (2, 0, 3), (5, 4, 1), (300, 97, 9)]
                {
                    let along = AxisLayout { outer, size, inner };
                    let zero_at = |i: usize| i * 7919 % 11 < 4 || i * 31 % 101 < 60;
                    let x: Vec<f32> = (0..outer * size * inner)
                        .map(|i| {
                            if zero_at(i) {
                                -0.0
                            } else if i % 5 == 0 {
                                f32::NAN
                            } else {
                                1.5
                            }
                        })
                        .collect();
                    let lane = |i: usize| -> Vec<f32> {
                        (0..size).map(|s| x[(i / inner * size + s) * inner + i % inner]).collect()
                    };
                    let (counts, all_of, any_of) =
                        (counts(&x, along), all_of_lanes(&x, along), any_of_lanes(&x, along));
                    for i in 0..outer * inner {
                        let ones = lane(i).iter().filter(|x| **x != 0.0).count();
                        assert_eq!(counts[i], ones as i64);
                        assert_eq!((all_of[i], any_of[i]), (ones == size, ones > 0));
                    }
                }
            });
        }
    }
}
