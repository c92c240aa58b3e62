//! Cumulative products, maxima and minima along an axis. Lanes are computed side by side: one would wait for the last step of its
//! own.

use crate::element::{Element, Numeric};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes::{self, PARALLEL, PART};
use crate::kernel::axis::scan_lanes;
use crate::kernel::elementwise::pointwise::at_level;
use crate::kernel::simd::{Kernel, Mask, Simd, SimdFloat, Vector, dispatch};
use crate::kernel::threads::for_each_chunk2;
use crate::storage::Storage;

/// The running values of an element type, compiled in this crate.
pub trait Running: Sized {
    /// The largest or the smallest elements so far along lanes of `size`, and their positions; a NaN counts as better than a number.
    /// With `inner` above 1 the lanes lie side by side.
    #[doc(hidden)]
    fn best_so_far(x: &[Self], sizes: [usize; 2], largest: bool, values: &mut [Self], positions: &mut [i64]);
    /// The gradient of [`best_so_far`](Self::best_so_far): each element of g is added where it came from.
    #[doc(hidden)]
    fn best_so_far_back(g: &mut [Self], sizes: [usize; 2], positions: &[i64]);
}

/// The products of an element type, compiled in this crate.
pub trait RunningProducts: Sized {
    /// The products of each element and those before it, along lanes of `size`.
    #[doc(hidden)]
    fn running_products(lanes: &mut [Self], size: usize);
    /// pᵢ sᵢ in place of gᵢ, with the product p of what is before and sᵢ = gᵢ + xᵢ₊₁ sᵢ₊₁.
    #[doc(hidden)]
    fn running_products_back(g: &mut [Self], x: &[Self], size: usize);
}

/// The lanes that are computed side by side.
const LANES: usize = 8;

#[inline(always)]
fn best<E: Copy + PartialOrd>(
    x: &[E],
    [size, inner]: [usize; 2],
    values: &mut [E],
    positions: &mut [i64],
    beats: impl Fn(E, E) -> bool,
) {
    if inner > 1 {
        let blocks = values.chunks_exact_mut(size * inner).zip(positions.chunks_exact_mut(size * inner));
        for ((values, positions), x) in blocks.zip(x.chunks_exact(size * inner)) {
            values[..inner].copy_from_slice(&x[..inner]);
            positions[..inner].fill(0);
            for row in 1..size {
                let (before, values) = values[(row - 1) * inner..].split_at_mut(inner);
                let (earlier, positions) = positions[(row - 1) * inner..].split_at_mut(inner);
                let (values, positions) = (&mut values[..inner], &mut positions[..inner]);
                let x = &x[row * inner..][..inner];
                for i in 0..inner {
                    let later = beats(x[i], before[i]);
                    values[i] = if later { x[i] } else { before[i] };
                    positions[i] = if later { row as i64 } else { earlier[i] };
                }
            }
        }
        return;
    }
    let lanes = values.chunks_exact_mut(size).zip(positions.chunks_exact_mut(size)).zip(x.chunks_exact(size));
    for ((values, positions), x) in lanes {
        best_of_part(x, 0, &mut (x[0], 0), values, positions, &beats);
    }
}

/// [`best`] of lanes of floats, one after another in memory.
struct BestOfLanes<'a, E> {
    x: &'a [E],
    size: usize,
    largest: bool,
    values: &'a mut [E],
    positions: &'a mut [i64],
}

impl<E: SimdFloat> Kernel for BestOfLanes<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let BestOfLanes { x, size, largest, values, positions } = self;
        let count = E::V::<S>::LANES;
        let lanes =
            values.chunks_exact_mut(size).zip(positions.chunks_exact_mut(size)).zip(x.chunks_exact(size));
        for ((values, positions), x) in lanes {
            let mut best = (x[0], 0);
            let mut at = 0;
            while at < size {
                let end = size.min(at + count);
                let (part, values, positions) = (&x[at..end], &mut values[at..end], &mut positions[at..end]);
                // In a random order the best so far is rarely exceeded.
                let v = E::V::<S>::splat(best.0);
                let x = E::V::<S>::load_partial(part, best.0);
                let better = if largest { x.gt(v) } else { x.lt(v) };
                if part.len() == count && !better.or(x.eq(v)).or(x.ne(x)).any() {
                    v.store(values);
                    positions.fill(best.1);
                } else {
                    let beats = |x: E, best: E| (if largest { x >= best } else { x <= best }) | x.is_nan();
                    best_of_part(part, at as i64, &mut best, values, positions, &beats);
                }
                at = end;
            }
        }
    }
}

/// The best so far of a part of a lane, whose first element is at `from`.
#[inline(always)]
fn best_of_part<E: Copy>(
    x: &[E],
    from: i64,
    best: &mut (E, i64),
    values: &mut [E],
    positions: &mut [i64],
    beats: &impl Fn(E, E) -> bool,
) {
    for (at, (x, (value, position))) in (from..).zip(x.iter().zip(values.iter_mut().zip(positions))) {
        *best = if beats(*x, best.0) { (*x, at) } else { *best };
        (*value, *position) = *best;
    }
}

/// `add` collects the elements from the last one on, and `take` takes the sum where they came from.
#[inline(always)]
fn best_back<E: Copy, A: Copy>(
    g: &mut [E],
    [size, inner]: [usize; 2],
    positions: &[i64],
    (zero, nothing): (E, A),
    add: impl Fn(A, E) -> A,
    take: impl Fn(A) -> E,
) {
    // A row of sums, or as many as there are lanes side by side.
    let mut row = vec![nothing; if inner > 1 { inner } else { 0 }];
    let lanes = if inner > 1 { 1 } else { LANES };
    for (g, positions) in g.chunks_mut(lanes * size * inner).zip(positions.chunks(lanes * size * inner)) {
        if inner > 1 {
            row.fill(nothing);
            for i in (0..size).rev() {
                let (g, positions) = (&mut g[i * inner..][..inner], &positions[i * inner..][..inner]);
                for (sum, (g, from)) in row.iter_mut().zip(g.iter_mut().zip(positions)) {
                    (*g, *sum) = one_back(*sum, *g, *from == i as i64, (zero, nothing), &add, &take);
                }
            }
            continue;
        }
        let count = g.len() / size;
        let mut sums = [nothing; LANES];
        for i in (0..size).rev() {
            for (lane, sum) in sums.iter_mut().enumerate().take(count) {
                let at = lane * size + i;
                let own = positions[at] == i as i64;
                (g[at], *sum) = one_back(*sum, g[at], own, (zero, nothing), &add, &take);
            }
        }
    }
}

#[inline(always)]
fn one_back<E: Copy, A: Copy>(
    sum: A,
    g: E,
    own: bool,
    (zero, nothing): (E, A),
    add: impl Fn(A, E) -> A,
    take: impl Fn(A) -> E,
) -> (E, A) {
    let sum = add(sum, g);
    if own { (take(sum), nothing) } else { (zero, sum) }
}

/// Lanes of floats have a kernel of their own.
macro_rules! lanes_of_floats {
    (float $x:ident, $size:expr, $largest:ident, $values:ident, $positions:ident) => {
        return dispatch(BestOfLanes {
            x: $x,
            size: $size,
            largest: $largest,
            values: $values,
            positions: $positions,
        })
    };
    (other $($rest:tt)*) => {};
}

/// An element that stands for no number.
macro_rules! not_a_number {
    (float $x:ident) => {
        $x.is_nan()
    };
    (other $x:ident) => {
        false
    };
}

macro_rules! running {
    ($($t:ident $kind:ident $zero:literal $nothing:expr, $add:expr, $take:expr;)*) => { $(
        impl Running for $t {
            fn best_so_far(
                x: &[$t],
                sizes: [usize; 2],
                largest: bool,
                values: &mut [$t],
                positions: &mut [i64],
            ) {
                if sizes[1] == 1 {
                    lanes_of_floats!($kind x, sizes[0], largest, values, positions);
                }
                at_level(
                    #[inline(always)]
                    || if largest {
                        best(x, sizes, values, positions, #[inline(always)] |x, best| {
                            (x >= best) | not_a_number!($kind x)
                        });
                    } else {
                        best(x, sizes, values, positions, #[inline(always)] |x, best| {
                            (x <= best) | not_a_number!($kind x)
                        });
                    },
                );
            }
            fn best_so_far_back(g: &mut [$t], sizes: [usize; 2], positions: &[i64]) {
                at_level(
                    #[inline(always)]
                    || best_back(g, sizes, positions, ($zero, $nothing), $add, $take),
                );
            }
        }
    )* };
}
running! {
    f32 float 0.0 0.0_f64, #[inline(always)] |sum, g| sum + f64::from(g), #[inline(always)] |sum| sum as f32;
    f64 float 0.0 [0.0_f64; 2], with_error, #[inline(always)] |[sum, error]: [f64; 2]| sum + error;
    i64 other 0 0_i64, #[inline(always)] |sum, g| sum + g, #[inline(always)] |sum| sum;
    bool other false false, #[inline(always)] |_, _| false, #[inline(always)] |_| false;
}

/// A sum and its rounding errors (Neumaier).
#[inline(always)]
fn with_error([sum, errors]: [f64; 2], x: f64) -> [f64; 2] {
    let next = sum + x;
    let of_x = next - sum;
    let error = (sum - (next - of_x)) + (x - of_x);
    // An infinite sum has no error.
    [next, errors + if error.is_finite() { error } else { 0.0 }]
}

macro_rules! running_products {
    ($($t:ident $wide:ident $one:literal $zero:literal)*) => { $(
        impl RunningProducts for $t {
            fn running_products(lanes: &mut [$t], size: usize) {
                scan_lanes::along(lanes, size, $one, false, #[inline(always)] |product, x| {
                    *product *= x;
                    *product
                });
            }
            fn running_products_back(g: &mut [$t], x: &[$t], size: usize) {
                // In f64: the last of them is a sum over the whole lane.
                scan_lanes::along_with(g, x, size, [$zero; 2], true, #[inline(always)] |[next, sum], g, x| {
                    *sum = g as $wide + *next * *sum;
                    *next = x as $wide;
                    *sum as $t
                });
                scan_lanes::along_with(g, x, size, $one, false, #[inline(always)] |product, g, x| {
                    let slope = g * *product;
                    *product *= x;
                    slope
                });
            }
        }
    )* };
}
running_products! { f32 f64 1.0 0.0 f64 f64 1.0 0.0 i64 i64 1 0 }

/// The products of each element and those before it.
#[inline(never)]
pub(crate) fn running_product<E: Numeric>(x: Storage<E>, along: AxisLayout) -> Storage<E> {
    lanes::update(x, along, |_, lanes| E::running_products(lanes, along.size))
}

/// The gradient of [`running_product`]. Nothing is divided, so zeros are not a case of their own.
#[inline(never)]
pub(crate) fn running_product_backward<E: Numeric>(
    grad: Storage<E>,
    x: &[E],
    along: AxisLayout,
) -> Storage<E> {
    lanes::update_with(grad, x, along, |_, g, x| E::running_products_back(g, x, along.size))
}

/// The elements of a part: whole blocks of lanes.
fn part(AxisLayout { size, inner, .. }: AxisLayout, len: usize) -> usize {
    let block = size * inner * if inner > 1 { 1 } else { LANES };
    if len < PARALLEL { len } else { PART.next_multiple_of(block) }
}

/// The largest or the smallest elements so far along the axis, and their positions.
#[inline(never)]
pub(crate) fn best_so_far<E: Element>(
    x: &[E],
    along: AxisLayout,
    largest: bool,
) -> (Storage<E>, Storage<i64>) {
    let (mut values, mut positions) = (Storage::unspecified(x.len()), Storage::unspecified(x.len()));
    if !x.is_empty() {
        let part = part(along, x.len());
        let results = ((values.make_mut(), part), (positions.make_mut(), part));
        for_each_chunk2(results.0, results.1, |i, values, positions| {
            let x = &x[i * part..][..values.len()];
            E::best_so_far(x, [along.size, along.inner], largest, values, positions);
        });
    }
    (values, positions)
}

/// The gradient of [`best_so_far`].
#[inline(never)]
pub(crate) fn best_so_far_backward<E: Element>(
    mut grad: Storage<E>,
    along: AxisLayout,
    positions: &[i64],
) -> Storage<E> {
    if !grad.is_empty() {
        let part = part(along, grad.len());
        lanes::parts(grad.make_mut(), part, 1, |at, g| {
            E::best_so_far_back(g, [along.size, along.inner], &positions[at..][..g.len()]);
        });
    }
    grad
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUTS: [(usize, usize, usize); 9] = [
        (1, 7, 1),
        (8, 5, 1),
        (19, 33, 1),
        (3, 1, 1),
        (2, 5, 3),
        (1, 9, 70),
        (5, 1, 4),
        // Enough for threads.
        (1001, 137, 1),
        (3, 700, 67),
    ];

    fn check<E: Element>(make: impl Fn(usize) -> E, beats: impl Fn(E, E) -> bool, largest: bool) {
        for (outer, size, inner) in LAYOUTS {
            let along = AxisLayout { outer, size, inner };
            let x: Vec<E> = (0..outer * size * inner).map(&make).collect();
            let (values, positions) = best_so_far(&x, along, largest);
            let g: Vec<E> = (0..x.len()).map(|i| make(3 * i + 1)).collect();
            let back = best_so_far_backward(Storage::from_slice(&g), along, positions.as_slice());
            let mut want_back = vec![vec![]; x.len()];
            for lane in 0..outer * inner {
                let at = |s: usize| (lane / inner * size + s) * inner + lane % inner;
                let mut best = 0;
                for s in 0..size {
                    if beats(x[at(s)], x[at(best)]) {
                        best = s;
                    }
                    assert_eq!(positions[at(s)], best as i64, "{along:?}");
                    let same = values[at(s)] == x[at(best)] || x[at(best)] != x[at(best)];
                    assert!(same, "{along:?}");
                    want_back[at(best)].push(g[at(s)]);
                }
            }
            for (got, terms) in back.iter().zip(&want_back) {
                assert_eq!(*got, terms.iter().fold(E::default(), |sum, term| plus(sum, *term)), "{along:?}");
            }
        }
    }

    /// Of integers, so that sums are exact.
    fn plus<E: Element>(a: E, b: E) -> E {
        let mut sum = [a];
        E::accumulate(&mut sum, &[b]);
        sum[0]
    }

    #[test]
    fn the_best_so_far_and_its_gradient_agree_with_a_loop() {
        let number = |i: usize| ((i * i + 3 * i) % 101) as i64 - 50;
        check(number, |x, best| x >= best, true);
        check(number, |x, best| x <= best, false);
        check(|i| number(i) as f32, |x, best| x >= best, true);
        check(|i| number(i) as f64, |x, best| x <= best, false);
        check(|i| i % 3 == 1, |x, best| x >= best, true);
    }

    #[test]
    fn a_nan_is_better_than_every_number() {
        let nan = f64::NAN;
        for largest in [true, false] {
            let along = AxisLayout { outer: 1, size: 5, inner: 1 };
            let (values, positions) = best_so_far(&[1.0, 2.0, nan, 0.0, nan], along, largest);
            assert!(values[2].is_nan() && values[3].is_nan() && values[4].is_nan());
            assert_eq!(positions.as_slice()[2..], [2, 2, 4]);
        }
    }

    #[test]
    fn products_and_their_gradients_agree_with_a_loop() {
        for (outer, size, inner) in LAYOUTS {
            let along = AxisLayout { outer, size, inner };
            let sign = |i: usize| [1_i64, -1, 1, 2, 0][(i * i + i / 5) % 5].min(1);
            let (x, g) =
                (Storage::collect((0..outer * size * inner).map(sign)), |i: usize| (i % 7) as i64 - 3);
            let grad = Storage::collect((0..x.len()).map(g));
            let y = running_product(x.clone(), along);
            let back = running_product_backward(grad, &x, along);
            for lane in (0..outer * inner).step_by(outer * inner / 5 + 1) {
                let at = |s: usize| (lane / inner * size + s) * inner + lane % inner;
                for s in (0..size).step_by(size / 9 + 1) {
                    assert_eq!(y[at(s)], (0..=s).map(|s| x[at(s)]).product::<i64>());
                    let others = |to: usize| (0..=to).filter(|k| *k != s).map(|k| x[at(k)]).product::<i64>();
                    let want: i64 = (s..size).map(|to| g(at(to)) * others(to)).sum();
                    assert_eq!(back[at(s)], want, "{along:?}");
                }
            }
        }
    }
}
