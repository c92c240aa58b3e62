//! Random numbers, the same on every machine.

use crate::kernel::elementwise::pointwise::at_level;
use rand::{Rng as _, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// The source of every random number in this crate: explicit, seeded, and portable.
///
/// The same seed gives the same numbers on every machine and in every version of this crate: the generator is
/// xoshiro256++, and distributions are computed only with operations that IEEE 754 rounds exactly. A clone
/// continues with the same numbers. PyTorch's `torch.Generator`; its numbers differ.
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

    /// The state of the generator, for a file.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        // bincode's fixed integers are the four words, little-endian; the generator shows them to serde only.
        let config = bincode::config::legacy();
        let mut bytes = [0; 32];
        bincode::serde::encode_into_slice(&self.0, &mut bytes, config).expect("four words are 32 bytes");
        bytes
    }

    /// The generator of this state. `None` if all bytes are 0, a state that no generator reaches and none leaves.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Option<Self> {
        (bytes != [0; 32]).then(|| Rng(Xoshiro256PlusPlus::from_seed(bytes)))
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A draw from the uniform distribution on [0, 1).
    pub fn uniform(&mut self) -> f64 {
        unit(self.bits())
    }

    /// A draw from the standard normal distribution.
    ///
    /// The polar method of Marsaglia: of a point in the unit circle, one coordinate is used, so that the state of the
    /// generator stays four words. Not `rand_distr`: its logarithms are those of `num-traits`, which are the
    /// platform's as soon as any crate of a program turns on the feature `std` of `num-traits`, as this one does.
    pub fn normal(&mut self) -> f64 {
        loop {
            let (u, v) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let square = u * u + v * v;
            if 0.0 < square && square < 1.0 {
                return u * (-2.0 * ln(square) / square).sqrt();
            }
        }
    }

    /// Fills a slice with draws of [`normal`](Self::normal), whose logarithms and roots are computed with vectors.
    pub(crate) fn normals(&mut self, out: &mut [f64]) {
        let (mut bits, mut points, mut squares) = ([[0; 2]; POINTS], [[0.0; 2]; POINTS], [1.0; POINTS]);
        for out in out.chunks_mut(POINTS) {
            let mut count = 0;
            while count < out.len() {
                // Exactly as many points as are missing. Bits first, then numbers, with vectors.
                let missing = out.len() - count;
                let (bits, points) = (&mut bits[..missing], &mut points[..missing]);
                bits.iter_mut().flatten().for_each(|bits| *bits = self.bits());
                at_level(|| {
                    for ([u, square], [first, second]) in points.iter_mut().zip(&*bits) {
                        let v = 2.0 * unit(*second) - 1.0;
                        *u = 2.0 * unit(*first) - 1.0;
                        *square = *u * *u + v * v;
                    }
                });
                for [u, square] in points {
                    (out[count], squares[count]) = (*u, *square);
                    // The next point takes the place of one that is not in the circle.
                    count += usize::from(0.0 < *square && *square < 1.0);
                }
            }
            at_level(|| {
                for (u, square) in out.iter_mut().zip(&squares) {
                    *u *= (-2.0 * ln(*square) / *square).sqrt();
                }
            });
        }
    }

    /// A draw from the integers below `bound`, all equally likely.
    ///
    /// # Panics
    /// If `bound` is 0.
    #[track_caller]
    pub fn below(&mut self, bound: usize) -> usize {
        assert!(bound > 0, "below: the bound must be at least 1, but it is 0");
        self.below_u64(bound as u64) as usize
    }

    /// A draw from the integers below `bound`, which is not 0.
    pub(crate) fn below_u64(&mut self, bound: u64) -> u64 {
        // Multiply and shift; what would favor small results is drawn again (Lemire 2019).
        let threshold = bound.wrapping_neg() % bound;
        loop {
            let wide = u128::from(self.bits()) * u128::from(bound);
            if wide as u64 >= threshold {
                return (wide >> 64) as u64;
            }
        }
    }

    /// A seed that follows from two numbers, so that the seeds of all pairs look independent: the finalizer of SplitMix64
    /// (Steele, Lea, Flood 2014), once for each.
    pub(crate) fn hash(a: u64, b: u64) -> u64 {
        let mix = |mut z: u64| {
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        };
        // 0 is the fixed point of the finalizer.
        mix(mix(a.wrapping_add(0x9e37_79b9_7f4a_7c15)) ^ b)
    }

    /// Puts the items in a random order, all orders equally likely.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

/// The points that are drawn at once.
const POINTS: usize = 64;

/// A number in [0, 1) of random bits: the 53 upper ones, as many as a double has. Every result is a multiple of 2^-53.
#[inline(always)]
fn unit(bits: u64) -> f64 {
    (bits >> 11) as i64 as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// The natural logarithm of a positive, normal number: bit-identical on every machine, unlike `f64::ln`.
///
/// x = m 2ᵉ with m between √½ and √2, and ln m = 2 artanh s with s = (m - 1) / (m + 1), |s| < 0.172, whose series
/// ends where its terms are too small for a double.
#[inline(always)]
fn ln(x: f64) -> f64 {
    const MANTISSA: u64 = (1 << 52) - 1;
    let bits = x.to_bits();
    let mut exponent = (bits >> 52) as f64 - 1023.0;
    let mut m = f64::from_bits(bits & MANTISSA | 1.0_f64.to_bits());
    if m > std::f64::consts::SQRT_2 {
        m *= 0.5;
        exponent += 1.0;
    }
    let s = (m - 1.0) / (m + 1.0);
    let square = s * s;
    let series = (1..=11).rev().fold(0.0, |sum, k| sum * square + 1.0 / f64::from(2 * k + 1));
    exponent * std::f64::consts::LN_2 + 2.0 * (s + s * square * series)
}

#[cfg(test)]
mod tests {
    use super::*;

    // The expected numbers are those of a Python program of 30 lines, written from the papers, that gives the
    // numbers of the C program at https://prng.di.unimi.it for the state 1, 2, 3, 4.

    fn draw<T>(count: usize, mut f: impl FnMut(&mut Rng) -> T) -> Vec<T> {
        let mut rng = Rng::seed(7);
        (0..count).map(|_| f(&mut rng)).collect()
    }

    #[test]
    fn words_equal_xoshiro256plusplus_seeded_by_splitmix64() {
        let bits = |seed| {
            let mut rng = Rng::seed(seed);
            [(); 4].map(|()| rng.bits())
        };
        assert_eq!(bits(0), [0x53175d61490b23df, 0x61da6f3dc380d507, 0x5c0fdf91ec9a7bfc, 0x2eebf8c3bbe5e1a]);
        assert_eq!(
            bits(42),
            [0xd0764d4f4476689f, 0x519e4174576f3791, 0xfbe07cfb0c24ed8c, 0xb37d9f600cd835b8]
        );
        let last = [0x56ccf8ce948e27b2, 0xe68588432e5a5b90, 0xe3e9b5a48119ca8b, 0x460f19495532ae73];
        assert_eq!(bits(u64::MAX), last);
    }

    #[test]
    fn the_draws_are_the_same_everywhere() {
        let uniform = [0.05536043647833311, 0.17211585444811772, 0.7175761283586594, 0.42720981929150526];
        assert_eq!(draw(4, Rng::uniform), uniform);
        assert_eq!(draw(16, |rng| rng.below(10)), [0, 1, 7, 4, 9, 4, 7, 3, 9, 0, 1, 1, 7, 1, 4, 0]);
        // Half of the draws below this bound are drawn again.
        let wide = [510609901762332830, 6618471596617772089, 8888190287168176571, 4295358383878398532];
        assert_eq!(draw(4, |rng| rng.below_u64((1 << 63) + 1)), wide);
        let mut items = [0, 1, 2, 3, 4, 5, 6, 7];
        Rng::seed(7).shuffle(&mut items);
        assert_eq!(items, [7, 5, 6, 3, 2, 4, 1, 0]);
    }

    #[test]
    fn normal_draws_are_the_same_everywhere() {
        // With the logarithm of Python, which is the platform's, one of the six ends in another bit.
        let expected = [
            1.674036445441065,
            0.5378981681989655,
            1.2079282540944534,
            0.32834061497569145,
            -0.012389036451004693,
            -0.4115374992476508,
        ];
        assert_eq!(draw(6, Rng::normal), expected);
    }

    #[test]
    fn many_normal_draws_are_those_of_as_many_calls() {
        let (mut one, mut many) = (Rng::seed(5), Rng::seed(5));
        for n in (0..40).chain([255, 256, 257, 1000]) {
            let mut out = vec![0.0; n];
            many.normals(&mut out);
            assert!(out.iter().all(|x| *x == one.normal()));
            assert_eq!(one, many, "no number is drawn too many");
        }
    }

    #[test]
    fn logarithms_are_exact_to_the_last_bits() {
        let mut rng = Rng::seed(1);
        for i in 0..20_000 {
            let x = rng.uniform() / f64::from(1 << (i % 30)) + f64::MIN_POSITIVE;
            assert!((ln(x) - x.ln()).abs() <= 4.0 * f64::EPSILON * x.ln().abs(), "{x}");
        }
        assert_eq!(ln(1.0), 0.0);
    }

    #[test]
    fn a_clone_continues_with_the_same_numbers() {
        let mut rng = Rng::seed(3);
        rng.normal();
        let mut clone = rng.clone();
        assert_eq!([(); 9].map(|()| rng.normal().to_bits()), [(); 9].map(|()| clone.normal().to_bits()));
        assert_eq!(rng, clone);
    }

    #[test]
    fn the_state_goes_through_bytes() {
        let mut rng = Rng::seed(3);
        rng.normal();
        assert_eq!(Rng::from_bytes(rng.to_bytes()), Some(rng.clone()));
        // The four words of the authors' program, little-endian.
        let mut words = [0; 32];
        (0..4).for_each(|i| words[8 * i] = i as u8 + 1);
        let mut rng = Rng::from_bytes(words).unwrap();
        assert_eq!([(); 3].map(|()| rng.bits()), [41943041, 58720359, 3588806011781223]);
        assert_eq!(Rng::from_bytes([0; 32]), None);
    }

    /// Σ (observed - expected)² / expected, which is about the number of cells less one.
    fn chi_square(observed: &[usize]) -> f64 {
        let expected = observed.iter().sum::<usize>() as f64 / observed.len() as f64;
        observed.iter().map(|o| (*o as f64 - expected).powi(2) / expected).sum()
    }

    #[test]
    fn all_numbers_below_a_bound_are_equally_likely() {
        let mut counts = [0; 7];
        draw(70_000, |rng| counts[rng.below(7)] += 1);
        // 6 degrees of freedom: more than 22.5 in one of 1000 seeds.
        assert!(chi_square(&counts) < 22.5, "{counts:?}");
        // Plain multiply and shift would hit every third number twice as often.
        let mut thirds = [0; 3];
        draw(30_000, |rng| thirds[(rng.below_u64(3 << 62) % 3) as usize] += 1);
        assert!(chi_square(&thirds) < 13.8, "{thirds:?}");
    }

    #[test]
    fn all_orders_are_equally_likely() {
        let mut counts = [0; 27];
        draw(60_000, |rng| {
            let mut items = [0, 1, 2];
            rng.shuffle(&mut items);
            counts[items[0] * 9 + items[1] * 3 + items[2]] += 1;
        });
        let orders: Vec<_> = counts.into_iter().filter(|count| *count > 0).collect();
        assert_eq!(orders.len(), 6);
        assert!(chi_square(&orders) < 20.5, "{orders:?}");
    }

    #[test]
    fn normal_draws_have_the_moments_of_the_normal_distribution() {
        let x = draw(200_000, Rng::normal);
        let moment = |n| x.iter().map(|x| x.powi(n)).sum::<f64>() / x.len() as f64;
        // Four standard errors each: √(variance of xⁿ / 200000).
        for (n, expected, variance) in [(1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)] {
            let error = 4.0 * (variance / 200_000.0_f64).sqrt();
            assert!((moment(n) - expected).abs() < error, "moment {n} is {}", moment(n));
        }
        // Beyond 2 lie 4.55 percent, beyond 3.5 lie 0.0465 percent.
        let beyond = |limit: f64| x.iter().filter(|x| x.abs() > limit).count();
        assert!(beyond(2.0).abs_diff(9100) < 400 && beyond(3.5).abs_diff(93) < 40);
    }
}
