//! Random numbers, the same on every machine.

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

/// No type is.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a generator of random numbers is built by `seed`, from an integer",
    label = "not `Rng::seed`",
    note = "write `Rng::seed(0)`: the same seed gives the same numbers"
)]
pub trait NamedSeed {}

impl Rng {
    /// A generator that starts from `seed`. PyTorch's `manual_seed`.
    #[must_use]
    pub fn seed(seed: u64) -> Self {
        Rng(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// Another name of [`seed`](Self::seed), which does not exist. The type of the result is not known, so that nothing is
    /// reported where it is used.
    #[doc(hidden)]
    #[allow(clippy::new_ret_no_self, reason = "it never returns")]
    // rustc shows the next line where the seed is missing.
    #[rustfmt::skip]
    pub fn new<A: NamedSeed, R>(_: A) -> R { unreachable!() } // `Rng::seed(0)`

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
    /// The ziggurat of Marsaglia and Tsang (2000) with 256 layers, in the form of Doornik (2005): the layer and the number
    /// come from different bits of one word, and 98.8 % of all draws take nothing else. Not `rand_distr`: its
    /// logarithms are those of `num-traits`, which are the platform's as soon as any crate of a program turns on the
    /// feature `std` of `num-traits`, as this one does.
    pub fn normal(&mut self) -> f64 {
        loop {
            let bits = self.bits();
            let layer = (bits & 255) as usize;
            // Uniform on [-1, 1), a multiple of 2^-52.
            let u = (bits as i64 >> 11) as f64 * (2.0 / (1_u64 << 53) as f64);
            let x = u * LAYERS.ends[layer];
            if x.abs() < LAYERS.ends[layer + 1] {
                return x;
            }
            if let Some(x) = self.normal_beside(layer, x) {
                return x;
            }
        }
    }

    /// A draw for a number of a layer that is not below the whole next layer. In the lowest layer it is from the tail; in
    /// another one it is the number, if a random height in the layer is below the density.
    #[cold]
    fn normal_beside(&mut self, layer: usize, x: f64) -> Option<f64> {
        if layer > 0 {
            let [low, high] = [LAYERS.densities[layer], LAYERS.densities[layer + 1]];
            let height = low + self.uniform() * (high - low);
            return (ln(height) < -0.5 * x * x).then_some(x);
        }
        // Marsaglia (1964).
        loop {
            let beyond = -ln(1.0 - self.uniform()) / TAIL;
            if -2.0 * ln(1.0 - self.uniform()) >= beyond * beyond {
                return Some((TAIL + beyond).copysign(x));
            }
        }
    }

    /// Fills a slice with draws of [`normal`](Self::normal).
    pub(crate) fn normals(&mut self, out: &mut [f64]) {
        // The state stays in registers.
        let mut rng = self.clone();
        out.iter_mut().for_each(|x| *x = rng.normal());
        *self = rng;
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
        // Multiply and shift; what would favor small results is drawn again (Lemire 2019). The threshold is below the bound, so the
        // division is rarely needed.
        loop {
            let wide = u128::from(self.bits()) * u128::from(bound);
            let low = wide as u64;
            if low >= bound || low >= bound.wrapping_neg() % bound {
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

/// Where the tail of the normal distribution begins, exp(-x²/2) there, and the area of a layer, which is that of the
/// lowest rectangle and the tail: the numbers with which the 255th layer ends at the density 1, computed with 40 digits.
const TAIL: f64 = 3.654_152_885_361_009;
const TAIL_DENSITY: f64 = 0.001_260_285_930_498_597_6;
const AREA: f64 = 0.004_928_673_233_974_655;

/// Layers of equal area below exp(-x²/2), from the lowest.
struct Layers {
    /// Where a layer ends; the lowest is a rectangle as large as the layer with the tail.
    ends: [f64; 257],
    /// The density at these ends, the lower edge of a layer; that of the lowest one is 0.
    densities: [f64; 257],
}

static LAYERS: Layers = {
    let mut layers = Layers { ends: [0.0; 257], densities: [0.0; 257] };
    (layers.ends[0], layers.ends[1], layers.densities[1]) = (AREA / TAIL_DENSITY, TAIL, TAIL_DENSITY);
    let mut i = 1;
    while i < 255 {
        layers.densities[i + 1] = layers.densities[i] + AREA / layers.ends[i];
        layers.ends[i + 1] = root(-2.0 * ln(layers.densities[i + 1]));
        i += 1;
    }
    layers.densities[256] = 1.0;
    layers
};

/// A number in [0, 1) of random bits: the 53 upper ones, as many as a double has. Every result is a multiple of 2^-53.
#[inline(always)]
fn unit(bits: u64) -> f64 {
    (bits >> 11) as i64 as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// The natural logarithm of a positive, normal number: bit-identical on every machine, unlike `f64::ln`.
///
/// x = m 2ᵉ with m between √½ and √2, and ln m = 2 artanh s with s = (m - 1) / (m + 1), |s| < 0.172, whose series
/// ends where its terms are too small for a double.
const fn ln(x: f64) -> f64 {
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
    let (mut series, mut k) = (0.0, 11);
    while k > 0 {
        series = series * square + 1.0 / (2 * k + 1) as f64;
        k -= 1;
    }
    exponent * std::f64::consts::LN_2 + 2.0 * (s + s * square * series)
}

/// The square root of a number between 1/100 and 100, by Newton's method: `f64::sqrt` is not constant.
const fn root(x: f64) -> f64 {
    let (mut y, mut step) = (1.0, 0);
    while step < 12 {
        y = 0.5 * (y + x / y);
        step += 1;
    }
    y
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

    /// The expected numbers are those of a Python program in doubles, whose tables agree to 13 digits with ones of 40 digits.
    #[test]
    fn normal_draws_are_the_same_everywhere() {
        let expected = [
            0.22743262333957223,
            0.8987581895545639,
            -0.9216075305818848,
            1.7633235223206463,
            -0.11656456605859387,
            1.373531144406579,
        ];
        assert_eq!(draw(6, Rng::normal), expected);
        // Beside the next layer, and in the tail.
        let draws = draw(20_000, Rng::normal);
        assert_eq!([draws[429], draws[473]], [-0.21220133090851082, -0.3836087052753837]);
        assert_eq!([draws[5504], draws[19721]], [-4.366313541227991, -3.88934016200966]);
    }

    #[test]
    fn all_layers_have_the_same_area_and_end_at_the_density() {
        let Layers { ends, densities } = &LAYERS;
        for i in 1..256 {
            assert!(
                ((densities[i + 1] - densities[i]) * ends[i] - AREA).abs() < 1e-13 * AREA.max(ends[i]),
                "{i}"
            );
            assert!(((-0.5 * ends[i] * ends[i]).exp() - densities[i]).abs() < 1e-14, "{i}");
        }
        assert!((ends[0] * densities[1] - AREA).abs() < 1e-17);
        assert_eq!((ends[256], densities[256]), (0.0, 1.0));
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

    /// The share of numbers below x, by the series of the error function.
    fn below(x: f64) -> f64 {
        let (mut term, mut sum, mut k) = (x, x, 1.0);
        while term.abs() > 1e-18 {
            term *= x * x / (2.0 * k + 1.0);
            sum += term;
            k += 1.0;
        }
        0.5 + sum * (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt()
    }

    #[test]
    fn normal_draws_fall_into_all_cells_as_often_as_they_should() {
        // Cells of 0.02 within the layers, and the tail.
        let cells = 400;
        let mut counts = vec![0_usize; cells];
        let n = 2_000_000;
        let cell = |x: f64| (((x + 4.0) * 50.0).max(0.0) as usize).min(cells - 1);
        let mut rng = Rng::seed(11);
        (0..n).for_each(|_| counts[cell(rng.normal())] += 1);
        let end = |i: usize| match i {
            0 => 0.0,
            i if i == cells => 1.0,
            i => below(i as f64 / 50.0 - 4.0),
        };
        let expected = |i: usize| n as f64 * (end(i + 1) - end(i));
        let sum: f64 = (0..cells).map(|i| (counts[i] as f64 - expected(i)).powi(2) / expected(i)).sum();
        // 399 degrees of freedom: the mean is 399, the deviation 28.
        assert!((300.0..500.0).contains(&sum), "{sum}");
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
