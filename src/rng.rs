//! Random numbers, the same on every machine.

use rand::{Rng as _, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

/// The source of every random number in this crate: explicit, seeded, and portable.
///
/// The same seed gives the same numbers on every machine and in every version of this crate: the generator is
/// xoshiro256++, and the logarithms in the tails of the normal distribution are those of the `libm` crate.
/// PyTorch's `torch.Generator`; its numbers are others.
///
/// ```
/// use typegrad::prelude::*;
/// let mut rng = Rng::seed(7);
/// assert_ne!(Tensor::<Rank1<8>>::randn(&mut rng), Tensor::randn(&mut rng));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rng(Xoshiro256PlusPlus);

impl Rng {
    /// A generator that starts from `seed`. PyTorch's `manual_seed`.
    #[must_use]
    pub fn seed(seed: u64) -> Self {
        Rng(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A draw from the uniform distribution on [0, 1).
    pub fn uniform(&mut self) -> f64 {
        // The 53 upper bits, as many as a double has: every result is a multiple of 2^-53.
        (self.bits() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// A draw from the standard normal distribution.
    pub fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.0)
    }

    /// A draw from the whole numbers below `bound`, all equally likely.
    ///
    /// # Panics
    /// If `bound` is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        assert!(bound > 0, "no number is below 0");
        let bound = bound as u64;
        // Multiply and shift; what would favour small results is drawn again (Lemire 2019).
        let threshold = bound.wrapping_neg() % bound;
        loop {
            let wide = u128::from(self.bits()) * u128::from(bound);
            if wide as u64 >= threshold {
                return (wide >> 64) as usize;
            }
        }
    }

    /// Puts the items in a random order, all orders equally likely.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}
