//! Sums of many terms that come in sequence, such as the blocks of a batch or the windows over an element.

use crate::element::Element;
use crate::kernel::memory::List;

/// The most terms that are added in sequence.
pub(crate) const FEW: usize = 64;

/// Sums in a slice of zeros: after every [`FEW`] terms what was added goes to sums in twice the precision.
pub(crate) struct LongSums<'a, E> {
    part: &'a mut [E],
    /// The number of terms in `part`.
    terms: usize,
    /// The sums of all terms before those, and their rounding errors; empty as long as there are none.
    total: List<E>,
    errors: List<E>,
}

impl<'a, E: Element> LongSums<'a, E> {
    pub(crate) fn new(part: &'a mut [E]) -> Self {
        LongSums { part, terms: 0, total: List::new(), errors: List::new() }
    }

    /// The sums, for a caller that adds up to so many terms to each of them in sequence.
    #[inline(always)]
    pub(crate) fn more(&mut self, terms: usize) -> &mut [E] {
        if self.terms > 0 && self.terms + terms > FEW {
            self.begin();
        }
        self.terms += terms;
        self.part
    }

    #[cold]
    fn begin(&mut self) {
        self.put_aside();
        self.part.fill(E::default());
        self.terms = 0;
    }

    fn put_aside(&mut self) {
        if self.total.is_empty() {
            self.total.resize(self.part.len(), E::default());
            self.errors.resize(self.part.len(), E::default());
        }
        E::accumulate_exactly(&mut self.total, &mut self.errors, self.part);
    }

    /// Leaves the sums of all terms in the slice.
    pub(crate) fn finish(mut self) {
        if !self.total.is_empty() {
            self.put_aside();
            self.part.copy_from_slice(&self.total);
            E::accumulate(self.part, &self.errors);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_equal_terms_keep_their_digits_and_few_are_added_in_order() {
        let of = |count: usize, step: usize| {
            let mut sums = [0.0_f32; 2];
            let mut long = LongSums::new(&mut sums);
            for _ in 0..count / step {
                for sum in long.more(step) {
                    (0..step).for_each(|_| *sum += 0.1);
                }
            }
            long.finish();
            sums
        };
        let in_order = |count: usize| (0..count).fold(0.0_f32, |sum, _| sum + 0.1);
        assert_eq!((of(64, 1), of(63, 9)), ([in_order(64); 2], [in_order(63); 2]));
        for step in [1, 16, 48] {
            let want = 0.1_f32 as f64 * ((1 << 20) / step * step) as f64;
            let [sum, other] = of(1 << 20, step).map(f64::from);
            assert!(sum == other && (sum - want).abs() < 1e-6 * want, "{step}: {sum} {want}");
        }
        assert!((f64::from(in_order(1 << 20)) / 104_857.6 - 1.0).abs() > 1e-3);
    }

    #[test]
    fn infinities_and_nan_stay() {
        let mut sums = [0.0_f64; 3];
        let mut long = LongSums::new(&mut sums);
        for i in 0..200 {
            let more = long.more(1);
            more[0] += if i == 3 { f64::INFINITY } else { 1.0 };
            more[1] += if i == 150 { f64::NAN } else { 1.0 };
            more[2] += 1.0;
        }
        long.finish();
        assert!(sums[0] == f64::INFINITY && sums[1].is_nan() && sums[2] == 200.0);
    }
}
