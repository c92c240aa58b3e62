//! Sums of the gradients of the many steps of a recurrence: after a few terms, with compensation for rounding errors.

use crate::element::Element;
use crate::state_data::StateData;
use crate::storage::Storage;
use std::cell::RefCell;
use std::collections::HashMap;

/// The terms that are added in sequence.
const FEW: usize = 8;

/// The number of terms of a sum so far, and the rounding errors of more than a few.
type Sum = (usize, Option<StateData>);

/// The sums of the recurrence whose backward pass runs on a thread, by their address.
struct Sums {
    running: bool,
    /// Empty between recurrences, but kept, so that a steady step allocates nothing.
    of: Option<HashMap<usize, Sum>>,
}

thread_local! {
    static SUMS: RefCell<Sums> = const { RefCell::new(Sums { running: false, of: None }) };
}

/// Runs the backward pass of the steps of a recurrence, which add gradients to the same sums.
pub(super) fn steps(run: impl FnOnce()) {
    /// Ends the outermost recurrence, also in a panic.
    struct End(bool);
    impl Drop for End {
        fn drop(&mut self) {
            if self.0 {
                SUMS.with_borrow_mut(|sums| {
                    sums.running = false;
                    sums.of.get_or_insert_default().clear();
                });
            }
        }
    }
    let _end = End(SUMS.with_borrow_mut(|sums| !std::mem::replace(&mut sums.running, true)));
    run();
}

/// A new sum lies at this place.
pub(super) fn begin<T>(place: *const T) {
    begin_at(place.addr());
}

/// Adds the terms to the sum at this place.
pub(super) fn add<E: Element, T>(place: *const T, sum: &mut [E], terms: &[E]) {
    let Some(errors) = errors_of(place.addr()) else { return E::accumulate(sum, terms) };
    let before = errors.and_then(|errors| E::from_state(&errors).cloned());
    let mut after = before.unwrap_or_else(|| Storage::filled(sum.len(), E::default()));
    // The sum is always the nearest number to itself and its error, which may be dropped at the end.
    E::accumulate_exactly(sum, after.make_mut(), terms);
    keep(place.addr(), E::to_state(after));
}

// Not generic, so that the map is compiled in this crate and not in each program.

fn begin_at(place: usize) {
    SUMS.with_borrow_mut(|sums| sums.of.as_mut().map(|of| of.remove(&place)));
}

/// The rounding errors of the sum at this place, where one more term needs them; inside, `None` if there are none yet.
fn errors_of(place: usize) -> Option<Option<StateData>> {
    SUMS.with_borrow_mut(|sums| {
        if !sums.running {
            return None;
        }
        let (count, errors) = sums.of.get_or_insert_default().entry(place).or_default();
        *count += 1;
        (*count > FEW).then(|| errors.take())
    })
}

fn keep(place: usize, errors: StateData) {
    SUMS.with_borrow_mut(|sums| {
        if let Some((_, kept)) = sums.of.as_mut().and_then(|of| of.get_mut(&place)) {
            *kept = Some(errors);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;

    /// The sum of a number and of `count` terms that are too small for it, each.
    fn sum(place: &u8, count: usize) -> f32 {
        begin(place);
        let mut sum = [1.0_f32];
        (0..count).for_each(|_| add(place, &mut sum, &[f32::EPSILON / 4.0]));
        sum[0]
    }

    #[test]
    fn sums_of_many_steps_are_compensated_and_others_are_not() {
        let place = &0;
        // Terms of a quarter of the last digit vanish one by one, and together they do not.
        assert_eq!(sum(place, 1000), 1.0);
        let exact = |count: usize| 1.0 + f32::EPSILON / 4.0 * count as f32;
        steps(|| {
            assert_eq!(sum(place, FEW), 1.0);
            for count in [400, 800] {
                // A new sum at the same place has no errors of the last one.
                let error = (sum(place, FEW + count) - exact(count)).abs();
                assert!(error <= f32::EPSILON, "{error:e} after {count} terms");
            }
        });
        assert_eq!(sum(place, 1000), 1.0);
    }

    #[test]
    fn each_place_has_its_own_errors() {
        let places = [0_u8, 1];
        let mut sums = [[1.0_f32, 0.0], [0.0, 1.0]];
        let small = f32::EPSILON / 4.0;
        steps(|| {
            for place in &places {
                begin(place);
            }
            for _ in 0..FEW + 400 {
                add(&places[0], &mut sums[0], &[small, 1.0]);
                add(&places[1], &mut sums[1], &[1.0, -small]);
            }
        });
        let all = (FEW + 400) as f32;
        let near = |got: f32, want: f32| assert!((got - want).abs() <= f32::EPSILON, "{got}, not {want}");
        near(sums[0][0], 1.0 + 400.0 * small);
        near(sums[1][1], 1.0 - 400.0 * small);
        assert_eq!([sums[0][1], sums[1][0]], [all, all]);
    }

    /// A sum that lives longer than a recurrence, as that of a parameter, starts anew in the next one.
    #[test]
    fn nothing_is_left_of_an_earlier_recurrence() {
        let (place, mut sum) = (&0, [1.0_f32]);
        begin(place);
        // The last term is in the error, and then dropped.
        steps(|| (0..FEW + 1).for_each(|_| add(place, &mut sum, &[f32::EPSILON / 4.0])));
        steps(|| (0..FEW).for_each(|_| add(place, &mut sum, &[f32::EPSILON / 4.0])));
        assert_eq!(sum, [1.0]);
    }

    #[test]
    fn a_recurrence_in_a_step_does_not_end_the_outer_one() {
        let place = &0;
        steps(|| {
            steps(|| ());
            assert!(sum(place, FEW + 400) > 1.0);
        });
        assert_eq!(sum(place, FEW + 400), 1.0);
    }

    #[test]
    fn a_panic_ends_the_recurrence() {
        let place = &0;
        assert!(catch_unwind(|| steps(|| panic!("as it is meant to"))).is_err());
        assert_eq!(sum(place, 1000), 1.0);
    }
}
