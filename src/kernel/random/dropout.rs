//! Dropout masks as bits, and their application.

use crate::element::Float;
use crate::kernel::memory::Buffer;
use crate::rng::Rng;
use crate::storage::Storage;

/// 64 bits to a word, from the lowest.
pub(crate) type Bits = Buffer<u64>;

/// A bit for each of `len` elements, 64 to a word, from the lowest: 0, which drops, with the probability `p`.
///
/// A uniform number U in [0, 1) is below p if it is smaller at the first binary digit where the two differ. Each word
/// that is drawn is the next digit of 64 such numbers. The probability is exact, to 2⁻⁶⁴, and yet a mask takes one
/// word of randomness for 64 elements if p is 1/2, two if it is 1/4, and about eight whatever it is: half of the
/// numbers that are undecided are decided by each digit.
#[inline(never)]
pub(crate) fn mask(len: usize, p: f64, rng: &mut Rng) -> Bits {
    let words = len.div_ceil(64);
    let mut bits = Bits::unspecified(words);
    let out = bits.as_mut_slice().expect("a buffer that nothing else holds");
    if p >= 1.0 {
        out.fill(0);
        return bits;
    }
    // The digits of p, the first one highest. After the last 1 nothing is below p any more.
    let digits = (p * (1_u128 << 64) as f64) as u64;
    let mut word = || {
        let (mut kept, mut undecided, mut digits) = (u64::MAX, u64::MAX, digits);
        while digits != 0 && undecided != 0 {
            let drawn = rng.bits();
            if digits >> 63 == 1 {
                kept &= !undecided | drawn;
                undecided &= drawn;
            } else {
                undecided &= !drawn;
            }
            digits <<= 1;
        }
        kept
    };
    out.iter_mut().for_each(|out| *out = word());
    bits
}

/// x times `scale` where the bit is 1, and times 0 elsewhere; each bit is for `inner` elements next to each other. In
/// the memory of `x` if nothing else holds it.
#[inline(never)]
pub(crate) fn apply<E: Float>(mut x: Storage<E>, mask: &[u64], scale: E, inner: usize) -> Storage<E> {
    if inner == 0 {
        return x;
    }
    let factor = |bit: u64| if bit & 1 == 1 { scale } else { E::zero() };
    let elements = x.make_mut();
    if inner > 1 {
        for (i, block) in elements.chunks_exact_mut(inner).enumerate() {
            let factor = factor(mask[i / 64] >> (i % 64));
            block.iter_mut().for_each(|x| *x *= factor);
        }
        return x;
    }
    // Four bits at a time choose one of 16 rows of factors.
    let rows: [[E; 4]; 16] =
        std::array::from_fn(|row| std::array::from_fn(|column| factor(row as u64 >> column)));
    for (block, word) in elements.chunks_mut(64).zip(mask) {
        let mut word = *word;
        let (fours, rest) = block.as_chunks_mut::<4>();
        for four in fours {
            let row = &rows[(word & 15) as usize];
            four.iter_mut().zip(row).for_each(|(x, factor)| *x *= *factor);
            word >>= 4;
        }
        for (i, x) in rest.iter_mut().enumerate() {
            *x *= factor(word >> i);
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ones(mask: &[u64]) -> u32 {
        mask.iter().map(|word| word.count_ones()).sum()
    }

    /// The definition: one number for each element, its digits taken from the words one by one.
    #[test]
    fn an_element_is_dropped_if_its_number_is_below_p() {
        for p in [0.5, 0.25, 0.75, 0.1, 0.9, 0.3125, 1e-3] {
            let mask = mask(64 * 50, p, &mut Rng::seed(3));
            let mut rng = Rng::seed(3);
            for kept in mask.as_slice() {
                // As many words as the 64 numbers need until the last is decided, and all digits of p are seen.
                let (mut u, mut place, mut rest) = ([0.0; 64], 0.5, p);
                let decided = |u: f64, place: f64| !(u <= p && p < u + 2.0 * place);
                while rest > 0.0 && !u.iter().all(|u| decided(*u, place)) {
                    let word = rng.bits();
                    u.iter_mut().enumerate().for_each(|(i, u)| *u += place * (word >> i & 1) as f64);
                    rest = (rest * 2.0).fract();
                    place /= 2.0;
                }
                for (i, u) in u.into_iter().enumerate() {
                    assert_eq!(kept >> i & 1 == 0, u < p, "p = {p}");
                }
            }
        }
    }

    #[test]
    fn the_share_of_dropped_elements_is_the_probability() {
        let n = 1 << 20;
        for p in [0.5, 0.25, 0.1, 0.3, 0.9, 0.999, 1e-3] {
            let dropped = f64::from(n as u32 - ones(mask(n, p, &mut Rng::seed(1)).as_slice()));
            let (mean, deviation) = (n as f64 * p, (n as f64 * p * (1.0 - p)).sqrt());
            assert!((dropped - mean).abs() < 4.0 * deviation, "p = {p}: {dropped}, not {mean}");
        }
        assert_eq!(ones(mask(1000, 1.0, &mut Rng::seed(1)).as_slice()), 0);
    }

    #[test]
    fn elements_are_dropped_independently() {
        // How often one element is dropped together with one that is 1, 7 or 64 further: p² of all.
        let (n, p) = (1 << 20, 0.3);
        let mask = mask(n, p, &mut Rng::seed(2));
        let mask = mask.as_slice();
        let dropped = |i: usize| mask[i / 64] >> (i % 64) & 1 == 0;
        for distance in [1, 7, 64] {
            let both = (0..n - distance).filter(|i| dropped(*i) && dropped(i + distance)).count() as f64;
            let mean = (n - distance) as f64 * p * p;
            assert!((both - mean).abs() < 5.0 * mean.sqrt(), "{distance}: {both}, not {mean}");
        }
    }

    #[test]
    fn a_fair_coin_takes_one_word_for_64_elements() {
        let (mut rng, mut other) = (Rng::seed(1), Rng::seed(1));
        assert_eq!(mask(130, 0.5, &mut rng).as_slice(), [(); 3].map(|()| other.bits()));
        assert_eq!(rng, other);
    }

    #[test]
    fn the_mask_is_applied_to_elements_and_to_blocks() {
        for len in [0, 1, 3, 4, 63, 64, 65, 200] {
            let mask = mask(len, 0.4, &mut Rng::seed(5));
            let mask = mask.as_slice();
            let kept = |i: usize| if mask[i / 64] >> (i % 64) & 1 == 1 { 3.0 } else { 0.0 };
            for inner in [1, 2, 5] {
                let x: Vec<f64> = (0..len * inner).map(|i| i as f64 + 1.0).collect();
                let y = apply(Storage::from_slice(&x), mask, 3.0, inner);
                assert!(y.as_slice().iter().enumerate().all(|(i, y)| *y == x[i] * kept(i / inner)));
            }
        }
        assert_eq!(apply(Storage::<f32>::empty(), &[1], 2.0, 0).len(), 0);
    }
}
