//! Gradients that the many steps of a recurrence add to: after some terms, with their rounding errors.

use crate::element::Element;
use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;

/// The terms that are added in sequence.
const FEW: usize = 8;

/// The number of terms of a sum so far, and the rounding errors of more than a few: a `Vec` of its elements.
type Sum = (usize, Option<Box<dyn Any>>);

thread_local! {
    /// The sums of the recurrence that runs back on this thread, by their place in memory.
    static SUMS: RefCell<Option<HashMap<usize, Sum>>> = const { RefCell::new(None) };
}

/// Runs the steps of a recurrence back, which add gradients to the same sums.
pub(super) fn steps(run: impl FnOnce()) {
    /// Ends the outermost recurrence, also in a panic.
    struct End(bool);
    impl Drop for End {
        fn drop(&mut self) {
            if self.0 {
                SUMS.take();
            }
        }
    }
    let _end = End(SUMS.with_borrow_mut(|sums| {
        let outermost = sums.is_none();
        sums.get_or_insert_default();
        outermost
    }));
    run();
}

/// A new sum lies at this place.
pub(super) fn begin<T>(place: *const T) {
    SUMS.with_borrow_mut(|sums| sums.as_mut().map(|sums| sums.remove(&place.addr())));
}

/// Adds the terms to the sum at this place.
pub(super) fn add<E: Element, T>(place: *const T, sum: &mut [E], terms: &[E]) {
    SUMS.with_borrow_mut(|sums| {
        let Some(sums) = sums else { return E::accumulate(sum, terms) };
        let (count, errors) = sums.entry(place.addr()).or_default();
        *count += 1;
        if *count <= FEW {
            return E::accumulate(sum, terms);
        }
        let errors = errors.get_or_insert_with(|| Box::new(vec![E::default(); sum.len()]));
        if let Some(errors) = errors.downcast_mut::<Vec<E>>() {
            // The sum is always the nearest number to itself and its error, which may be dropped at the end.
            E::accumulate_exactly(sum, errors, terms);
        }
    });
}
