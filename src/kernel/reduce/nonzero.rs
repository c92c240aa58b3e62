//! Elements that are not zero.

use crate::element::Element;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes;
use crate::kernel::elementwise::pointwise::at_level;
use crate::storage::Storage;

/// Whether `x` counts as true.
#[inline(always)]
fn is_nonzero<E: Element>(x: &E) -> bool {
    *x != E::default()
}

/// The elements that are looked at before a loop stops early: a loop that stops has no vectors.
const BLOCK: usize = 256;

/// Their number.
pub(crate) fn count<E: Element>(x: &[E]) -> i64 {
    at_level(
        #[inline(always)]
        || count_of(x),
    )
}

/// Whether every element is one.
pub(crate) fn all<E: Element>(x: &[E]) -> bool {
    at_level(
        #[inline(always)]
        || all_of(x),
    )
}

/// Whether there is one.
pub(crate) fn any<E: Element>(x: &[E]) -> bool {
    at_level(
        #[inline(always)]
        || any_of(x),
    )
}

#[inline(always)]
fn count_of<E: Element>(lane: &[E]) -> i64 {
    let of_block = |block: &[E]| block.iter().map(|x| u32::from(is_nonzero(x))).sum::<u32>();
    lane.chunks(BLOCK).map(|block| i64::from(of_block(block))).sum()
}

#[inline(always)]
fn all_of<E: Element>(lane: &[E]) -> bool {
    lane.chunks(BLOCK).all(|block| block.iter().fold(true, |all, x| all & is_nonzero(x)))
}

#[inline(always)]
fn any_of<E: Element>(lane: &[E]) -> bool {
    lane.chunks(BLOCK).any(|block| block.iter().fold(false, |any, x| any | is_nonzero(x)))
}

/// The number of each lane.
pub(crate) fn counts<E: Element>(x: &[E], along: AxisLayout) -> Storage<i64> {
    of_lanes(x, along, count_of, 0, |count, yes| count + i64::from(yes))
}

/// Whether every element of each lane is one.
pub(crate) fn all_of_lanes<E: Element>(x: &[E], along: AxisLayout) -> Storage<bool> {
    of_lanes(x, along, all_of, true, |all, yes| all & yes)
}

/// Whether there is one in each lane.
pub(crate) fn any_of_lanes<E: Element>(x: &[E], along: AxisLayout) -> Storage<bool> {
    of_lanes(x, along, any_of, false, |any, yes| any | yes)
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
        return lanes::reduce_blocks(x, along, |lanes, results| {
            at_level(
                #[inline(always)]
                || {
                    for (i, result) in results.iter_mut().enumerate() {
                        *result = f(&lanes[i * size..][..size]);
                    }
                },
            );
        });
    }
    let mut results = Storage::filled(outer * inner, first);
    lanes::for_each_part(results.make_mut(), inner, size, |at, results| {
        at_level(
            #[inline(always)]
            || {
                let blocks = x[at * size..].chunks_exact(size * inner);
                for (results, block) in results.chunks_exact_mut(inner).zip(blocks) {
                    for row in block.chunks_exact(inner) {
                        results
                            .iter_mut()
                            .zip(row)
                            .for_each(|(result, x)| *result = next(*result, is_nonzero(x)));
                    }
                }
            },
        );
    });
    results
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::simd::{Level, with_level};

    #[test]
    fn the_last_element_of_a_long_lane_counts() {
        fn check<E: Element>(zero: E, one: E) {
            for (size, lanes) in [1, 255, 256, 257, 700].into_iter().flat_map(|size| [(size, 1), (size, 3)]) {
                for (others, last, number) in [(zero, one, 1), (one, zero, size as i64 - 1)] {
                    let lane = |i: usize| if (i + 1).is_multiple_of(size) { last } else { others };
                    let x: Vec<E> = (0..size * lanes).map(lane).collect();
                    let along = AxisLayout { outer: lanes, size, inner: 1 };
                    assert_eq!(counts(&x, along).as_slice(), vec![number; lanes]);
                    assert_eq!(all_of_lanes(&x, along).as_slice(), vec![number == size as i64; lanes]);
                    assert_eq!(any_of_lanes(&x, along).as_slice(), vec![number > 0; lanes]);
                    assert_eq!(count(&x), number * lanes as i64);
                    assert_eq!((all(&x), any(&x)), (number == size as i64, number > 0));
                }
            }
        }
        for level in Level::ALL {
            with_level(level, || {
                check(0.0_f32, f32::NAN);
                check(-0.0_f64, 1.0);
                check(0_i64, 2);
                check(false, true);
            });
        }
    }

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
