//! Every operation of a vector against the same operation of its elements, at every level.

use super::{
    Kernel, Level, MOST_LANES, Mask, Simd, SimdFloat, Vector, dispatch, dot, level, max, sum, with_level,
};
use std::fmt::Debug;

/// Runs `f` with every runner of kernels: at each level that the machine has, and with the portable vectors of other
/// machines.
macro_rules! with_each_runner {
    (|$run:ident| $body:block) => {
        at_each_level(|| {
            macro_rules! $run {
                ($kernel:expr) => {
                    dispatch($kernel)
                };
            }
            $body
        });
        {
            macro_rules! $run {
                ($kernel:expr) => {
                    $kernel.run::<super::portable::Baseline>()
                };
            }
            $body
        }
    };
}

/// Runs `f` at every level that the machine has.
fn at_each_level(f: impl Fn()) {
    for l in Level::ALL {
        with_level(l, || {
            assert!(level() <= l);
            f();
        });
    }
}

/// Bits of a float, with all NaNs alike.
trait Same: SimdFloat + Debug {
    fn key(self) -> u64;
    fn bits(self) -> u64;
    fn of_bits(bits: u64) -> Self;
}

macro_rules! same {
    ($($t:ident $u:ident),*) => { $(
        impl Same for $t {
            fn key(self) -> u64 {
                if self.is_nan() { u64::MAX } else { self.to_bits().into() }
            }
            fn bits(self) -> u64 {
                self.to_bits().into()
            }
            fn of_bits(bits: u64) -> Self {
                $t::from_bits(bits as $u)
            }
        }
    )* };
}
same!(f32 u32, f64 u64);

fn special<E: Same>() -> Vec<E> {
    let x =
        [0.0, 1.0, 0.5, 1.5, 2.5, 0.499_999_97, 3.0, 8_388_607.5, 8_388_609.0, 4.5e15, 1e30, f64::INFINITY];
    let mut x: Vec<E> = x.into_iter().flat_map(|x| [E::from_f64(x), E::from_f64(-x)]).collect();
    x.extend([
        E::from_f64(f64::NAN),
        num_traits::Float::min_positive_value(),
        num_traits::Float::max_value(),
    ]);
    x.extend([E::of_bits(1), E::from_f64(0.1), E::from_f64(-7.25), E::from_f64(1e-30)]);
    x
}

/// The operation of number `op` on each pair of elements, by vectors, or by those of long functions.
struct Pairs<'a, E> {
    op: usize,
    long: bool,
    x: &'a [E],
    y: &'a [E],
    z: &'a mut [E],
}

const OPS: usize = 28;

impl<E: Same> Kernel for Pairs<'_, E> {
    type Output = bool;
    #[inline(always)]
    fn run<S: Simd>(self) -> bool {
        if self.long { self.in_vectors::<E::Long<S>>() } else { self.in_vectors::<E::V<S>>() }
    }
}

impl<E: Same> Pairs<'_, E> {
    #[inline(always)]
    fn in_vectors<V: Vector<E>>(self) -> bool {
        let lanes = V::LANES;
        let one = V::splat(E::from_f64(1.0));
        let zero = V::zero();
        let choose = |m| V::select(m, one, zero);
        let (xs, ys) = (self.x.chunks(lanes), self.y.chunks(lanes));
        for ((x, y), z) in xs.zip(ys).zip(self.z.chunks_mut(lanes)) {
            let x = V::load_partial(x, E::ZERO);
            let y = V::load_partial(y, E::ZERO);
            let r = match self.op {
                0 => x + y,
                1 => x - y,
                2 => x * y,
                3 => x / y,
                4 => -x,
                5 => x.sqrt(),
                6 => x.round(),
                7 => x.min(y),
                8 => x.max(y),
                9 => x.min_nan(y),
                10 => x.max_nan(y),
                11 => x.abs(),
                12 => x.abs().with_sign_of(y),
                13 => choose(x.lt(y)),
                14 => choose(x.le(y)),
                15 => choose(x.gt(y)),
                16 => choose(x.ge(y)),
                17 => choose(x.eq(y)),
                18 => choose(x.ne(y).and(x.lt(y).not())),
                19 => choose(x.lt(y).or(y.ne(y))),
                20 => x.bit_and(y),
                21 => x.bit_or(y),
                22 => x.bit_xor(y),
                23 => x.int_add(y).bit_xor(one),
                24 => x.shl(5),
                25 => x.shr(7),
                26 => x.int_sub(y).bit_xor(one),
                _ => x.mul_add(y, one) + x.neg_mul_add(y, one),
            };
            r.store_partial(z);
        }
        V::FMA
    }
}

fn scalar<E: Same>(op: usize, x: E, y: E, fma: bool) -> E {
    let (one, zero) = (E::from_f64(1.0), E::ZERO);
    let truth = |b: bool| if b { one } else { zero };
    let nan = E::from_f64(f64::NAN);
    match op {
        0 => x + y,
        1 => x - y,
        2 => x * y,
        3 => x / y,
        4 => -x,
        5 => x.sqrt(),
        6 => E::from_f64(x.as_f64().round_ties_even()),
        7 => {
            if x < y {
                x
            } else {
                y
            }
        }
        8 => {
            if x > y {
                x
            } else {
                y
            }
        }
        9 => {
            if x.is_nan() || y.is_nan() {
                nan
            } else if x < y {
                x
            } else {
                y
            }
        }
        10 => {
            if x.is_nan() || y.is_nan() {
                nan
            } else if x > y {
                x
            } else {
                y
            }
        }
        11 => x.abs(),
        12 => E::of_bits((x.abs().bits()) | (y.bits() ^ y.abs().bits())),
        13 => truth(x < y),
        14 => truth(x <= y),
        15 => truth(x > y),
        16 => truth(x >= y),
        17 => truth(x == y),
        18 => truth(x != y && (x > y || x.is_nan() || y.is_nan())),
        19 => truth(x < y || y.is_nan()),
        20 => E::of_bits(x.bits() & y.bits()),
        21 => E::of_bits(x.bits() | y.bits()),
        22 => E::of_bits(x.bits() ^ y.bits()),
        23 => E::of_bits(x.bits().wrapping_add(y.bits()) ^ one.bits()),
        24 => E::of_bits(x.bits() << 5),
        25 => E::of_bits(x.bits() >> 7),
        26 => E::of_bits(x.bits().wrapping_sub(y.bits()) ^ one.bits()),
        _ if fma => x.mul_add(y, one) + (-x).mul_add(y, one),
        _ => (x * y + one) + (one - x * y),
    }
}

fn operations<E: Same>() {
    let special = special::<E>();
    let pairs: Vec<(E, E)> = special.iter().flat_map(|&x| special.iter().map(move |&y| (x, y))).collect();
    let (x, y): (Vec<E>, Vec<E>) = pairs.into_iter().unzip();
    with_each_runner!(|run| {
        for (op, long) in (0..OPS).flat_map(|op| [(op, false), (op, true)]) {
            let mut z = vec![E::ZERO; x.len()];
            let fma = run!(Pairs { op, long, x: &x, y: &y, z: &mut z });
            for ((&x, &y), &z) in x.iter().zip(&y).zip(&z) {
                let expected = scalar(op, x, y, fma);
                assert_eq!(
                    z.key(),
                    expected.key(),
                    "{op}: {x:?} {y:?} gave {z:?}, not {expected:?}, {}",
                    level()
                );
            }
        }
    });
}

#[test]
fn every_operation_is_that_of_the_elements() {
    operations::<f32>();
    operations::<f64>();
}

/// The pairs of lanes of two vectors, or of two of those of long functions, taken apart, and together again.
struct Unzipped<'a, E> {
    long: bool,
    x: &'a [E],
}

impl<E: Same> Kernel for Unzipped<'_, E> {
    type Output = [Vec<E>; 2];
    #[inline(always)]
    fn run<S: Simd>(self) -> [Vec<E>; 2] {
        if self.long { self.in_vectors::<E::Long<S>>() } else { self.in_vectors::<E::V<S>>() }
    }
}

impl<E: Same> Unzipped<'_, E> {
    #[inline(always)]
    fn in_vectors<V: Vector<E>>(self) -> [Vec<E>; 2] {
        let lanes = V::LANES;
        let mut out = [vec![E::ZERO; 2 * lanes], vec![E::ZERO; 2 * lanes]];
        let (even, odd) = V::load(self.x).unzip(V::load(&self.x[lanes..]));
        even.store(&mut out[0]);
        odd.store(&mut out[0][lanes..]);
        let (first, next) = even.zip(odd);
        first.store(&mut out[1]);
        next.store(&mut out[1][lanes..]);
        out
    }
}

fn pairs<E: Same>() {
    let x: Vec<E> = (0..2 * MOST_LANES).map(|i| E::from_f64(i as f64)).collect();
    with_each_runner!(|run| {
        for long in [false, true] {
            let [apart, together] = run!(Unzipped { long, x: &x });
            let n = apart.len();
            let odd = x[1..n].iter().step_by(2);
            let expected: Vec<E> = x[..n].iter().step_by(2).chain(odd).copied().collect();
            assert_eq!(apart, expected);
            assert_eq!(together, x[..n]);
        }
    });
}

#[test]
fn pairs_of_lanes_are_taken_apart() {
    pairs::<f32>();
    pairs::<f64>();
}

/// Copies through vectors, whole and partial ones.
struct Copied<'a, E> {
    long: bool,
    from: &'a [E],
    to: &'a mut [E],
    fill: E,
}

impl<E: Same> Kernel for Copied<'_, E> {
    type Output = Vec<E>;
    #[inline(always)]
    fn run<S: Simd>(self) -> Vec<E> {
        if self.long { self.in_vectors::<E::Long<S>>() } else { self.in_vectors::<E::V<S>>() }
    }
}

impl<E: Same> Copied<'_, E> {
    #[inline(always)]
    fn in_vectors<V: Vector<E>>(self) -> Vec<E> {
        let lanes = V::LANES;
        let mut last = vec![E::ZERO; lanes];
        for (from, to) in self.from.chunks(lanes).zip(self.to.chunks_mut(lanes)) {
            if from.len() == lanes {
                V::load(from).store(to);
            } else {
                let v = V::load_partial(from, self.fill);
                v.store_partial(to);
                v.store(&mut last);
                last.drain(..from.len());
            }
        }
        last
    }
}

fn copies<E: Same>() {
    let x: Vec<E> = (0..150).map(|i| E::from_f64(f64::from(i) + 1.0)).collect();
    let (fill, guard) = (E::from_f64(-5.0), E::from_f64(-1.0));
    with_each_runner!(|run| {
        for (offset, long) in (0..9).flat_map(|offset| [(offset, false), (offset, true)]) {
            for n in 0..=140 {
                let mut to = [guard; 160];
                let (from, part) = (&x[offset..offset + n], &mut to[offset..offset + n]);
                let filled = run!(Copied { long, from, to: part, fill });
                assert_eq!(to[offset..offset + n], x[offset..offset + n]);
                assert!(to[..offset].iter().chain(&to[offset + n..]).all(|&x| x == guard));
                assert!(filled.iter().all(|&x| x == fill) || filled.iter().all(|&x| x == E::ZERO));
            }
        }
    });
}

#[test]
fn partial_vectors_do_not_write_after_their_end() {
    copies::<f32>();
    copies::<f64>();
}

#[test]
#[should_panic(expected = "LANES")]
fn a_whole_vector_needs_enough_elements() {
    struct Short;
    impl Kernel for Short {
        type Output = f32;
        #[inline(always)]
        fn run<S: Simd>(self) -> f32 {
            S::F32::load(&[1.0; 3]).reduce_sum()
        }
    }
    dispatch(Short);
}

struct RowReductions<'a, E>(&'a [E], &'a [E]);

impl<E: Same> Kernel for RowReductions<'_, E> {
    type Output = [E; 4];
    #[inline(always)]
    fn run<S: Simd>(self) -> [E; 4] {
        let least = E::V::<S>::load_partial(self.0, E::ZERO).reduce_min();
        [sum::<S, E>(self.0), max::<S, E>(self.0), least, dot::<S, E>(self.0, self.1)]
    }
}

fn reductions<E: Same>(tolerance: f64) {
    let x: Vec<E> = (0..200u32).map(|i| E::from_f64(f64::from(i * 7919 % 401) / 64.3 - 3.0)).collect();
    let y: Vec<E> = (0..200u32).map(|i| E::from_f64(f64::from(i * 104_729 % 307) / 99.1 - 1.0)).collect();
    for n in 0..=140 {
        for offset in 0..5 {
            let (x, y) = (&x[offset..offset + n], &y[offset..offset + n]);
            let all: Vec<[E; 4]> =
                Level::ALL.into_iter().map(|l| with_level(l, || dispatch(RowReductions(x, y)))).collect();
            let exact: f64 = x.iter().map(|x| x.as_f64()).sum();
            let product: f64 = x.iter().zip(y).map(|(x, y)| x.as_f64() * y.as_f64()).sum();
            for r in &all {
                assert!((r[0].as_f64() - exact).abs() <= tolerance, "{n}: {r:?} {exact}");
                assert!((r[3].as_f64() - product).abs() <= 4.0 * tolerance, "{n}: {r:?} {product}");
                assert_eq!(r[1], x.iter().copied().fold(E::NEG_INFINITY, num_traits::Float::max));
            }
            assert_eq!(all[0][0].key(), all[1][0].key(), "the sum depends on the level");
            assert_eq!(all[1][0].key(), all[2][0].key(), "the sum depends on the level");
            assert_eq!(all[1][3].key(), all[2][3].key(), "the product depends on the width");
        }
    }
    at_each_level(|| {
        for n in 1..=70 {
            for i in 0..n {
                let mut x = x[..n].to_vec();
                x[i] = E::from_f64(f64::NAN);
                assert!(dispatch(RowReductions(&x, &x))[1].is_nan(), "{i} of {n}");
            }
        }
    });
}

#[test]
fn sums_and_largest_elements_are_the_same_at_every_level() {
    reductions::<f32>(2e-4);
    reductions::<f64>(1e-12);
}

#[test]
fn long_sums_stay_accurate() {
    const N: usize = (1 << 20) + 37;
    let equal = vec![0.1f32; N];
    let alternating: Vec<f32> = (0..N).map(|i| if i % 2 == 0 { 1.1 } else { -0.9 }).collect();
    let mut huge = equal.clone();
    huge[777_777] = 1e9;
    for x in [equal, alternating, huge] {
        let exact: f64 = x.iter().map(|&x| f64::from(x)).sum();
        let magnitude: f64 = x.iter().map(|&x| f64::from(x.abs())).sum();
        let squares: f64 = x.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
        let sums = Level::ALL.map(|l| with_level(l, || dispatch(RowReductions(&x, &x))));
        for [sum, _, _, dot] in sums {
            assert!((f64::from(sum) - exact).abs() <= 1e-6 * magnitude, "{sum} is not {exact}");
            assert!((f64::from(dot) - squares).abs() <= 1e-6 * squares, "{dot} is not {squares}");
        }
        assert_eq!(sums[0][0], sums[1][0]);
        assert_eq!(sums[1], sums[2]);
    }
}

#[test]
fn a_level_has_a_name_and_an_order() {
    assert!(Level::Baseline < Level::Avx2 && Level::Avx2 < Level::Avx512);
    assert_eq!(Level::ALL.map(|l| l.to_string()), ["baseline", "avx2", "avx512"]);
    with_level(Level::Baseline, || assert_eq!(level(), Level::Baseline));
}
