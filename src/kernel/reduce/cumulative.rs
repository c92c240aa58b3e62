//! Cumulative sums, products, maxima and minima along an axis. Lanes are computed side by side: one would wait for the last step of
//! its own.

use super::product::{products_of_floats, products_of_numbers};
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
    /// The product of each lane of `size` elements.
    #[doc(hidden)]
    fn products_of_lanes(lanes: &[Self], size: usize, out: &mut [Self]);
    /// The products of each element and those before it, along lanes of `size`.
    #[doc(hidden)]
    fn running_products(lanes: &mut [Self], size: usize);
    /// pᵢ sᵢ in place of gᵢ, with the product p of what is before and sᵢ = gᵢ + xᵢ₊₁ sᵢ₊₁.
    #[doc(hidden)]
    fn running_products_back(g: &mut [Self], x: &[Self], size: usize);
}

/// A vector whose first better element is before this one is computed without vectors.
const FEW: usize = 4;

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
            let beats = |x: E, best: E| (if largest { x >= best } else { x <= best }) | x.is_nan();
            let (mut best, mut at) = ((x[0], 0), 0);
            while at < size {
                let part = at..size.min(at + count);
                // In a random order the best so far is rarely exceeded.
                let v = E::V::<S>::splat(best.0);
                let next = E::V::<S>::load_up_to(&x[part.clone()], best.0);
                let exceeds = if largest { next.gt(v) } else { next.lt(v) };
                let better = exceeds.or(next.eq(v)).or(next.ne(next));
                let same = if better.any() { (better.first() as usize).min(part.len()) } else { part.len() };
                if same < FEW.min(part.len()) {
                    best_of_part(
                        &x[part.clone()],
                        at as i64,
                        &mut best,
                        &mut values[part.clone()],
                        &mut positions[part.clone()],
                        &beats,
                    );
                    at = part.end;
                    continue;
                }
                // The lanes from the better element on are overwritten.
                v.store_up_to(&mut values[part.clone()]);
                positions[part.clone()].fill(best.1);
                at += same;
                if at < part.end {
                    best = (x[at], at as i64);
                    (values[at], positions[at]) = best;
                    at += 1;
                }
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
    ($($t:ident $wide:ident $one:literal $zero:literal $products:ident)*) => { $(
        impl RunningProducts for $t {
            fn products_of_lanes(lanes: &[$t], size: usize, out: &mut [$t]) {
                $products(lanes, size, out);
            }
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
                    let dx = g * *product;
                    *product *= x;
                    dx
                });
            }
        }
    )* };
}
running_products! {
    f32 f64 1.0 0.0 products_of_floats
    f64 f64 1.0 0.0 products_of_floats
    i64 i64 1 0 products_of_numbers
}

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
        lanes::for_each_part(grad.make_mut(), part, 1, |at, g| {
            E::best_so_far_back(g, [along.size, along.inner], &positions[at..][..g.len()]);
        });
    }
    grad
}

/// The sums of each element and those before it.
#[inline(never)]
pub(crate) fn running_sum<E: Numeric>(x: Storage<E>, along: AxisLayout) -> Storage<E> {
    lanes::update(x, along, |_, lanes| E::running_sums(lanes, along.size, false))
}

/// The sums of each element and those after it.
#[inline(never)]
pub(crate) fn running_sum_backward<E: Numeric>(grad: Storage<E>, along: AxisLayout) -> Storage<E> {
    lanes::update(grad, along, |_, lanes| E::running_sums(lanes, along.size, true))
}
