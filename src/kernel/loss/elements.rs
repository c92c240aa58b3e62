//! Element-wise losses: the reduced values and the local gradients of up to three operands, in one pass.
//!
//! Values are computed a block at a time, which stays in L1, and summed. Blocks depend on sizes only.
//!
//! Floor: the operations of a formula, and the bytes of operands and gradients.

#![allow(clippy::needless_range_loop, reason = "loops over registers, which are unrolled")]

use super::{BLOCK, Reduce, Reduction};
use crate::element::Float;
use crate::kernel::axis::lanes::PARALLEL;
use crate::kernel::elementwise::pointwise::at_level;
use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::simd::{Kernel, MOST_LANES, Simd, Vector, dispatch};
use crate::kernel::threads;
use crate::storage::Storage;
use std::marker::PhantomData;

/// A loss of numbers x, t and p, lane by lane.
pub(super) trait Formula<E: Coefficients>: Copy {
    /// Whether it has many instructions.
    const LONG: bool;
    /// The value, and the gradients with respect to x, t and p. Must be `#[inline(always)]`.
    fn of<V: Vector<E>>(self, operands: [V; 3]) -> [V; 4];
}

/// An operand of which no gradient is asked.
#[derive(Clone, Copy)]
pub(crate) enum Constant<'a, E> {
    /// There is none.
    Nothing,
    /// Numbers, which repeat if they are fewer than the elements.
    Numbers(&'a [E]),
    /// Integers: 1 or -1.
    Signs(&'a [i64]),
}

impl<E: Float> Constant<'_, E> {
    /// The elements from `first` on, as many as `to` has.
    fn write(self, first: usize, to: &mut [E]) {
        match self {
            Constant::Nothing => {}
            Constant::Numbers(numbers) => {
                let mut at = first % numbers.len();
                let mut to = to;
                while !to.is_empty() {
                    let (now, later) = to.split_at_mut(to.len().min(numbers.len() - at));
                    now.copy_from_slice(&numbers[at..][..now.len()]);
                    (to, at) = (later, 0);
                }
            }
            Constant::Signs(signs) => {
                let one = E::one();
                let pairs = to.iter_mut().zip(&signs[first..]);
                at_level(
                    #[inline(always)]
                    || pairs.for_each(|(to, sign)| *to = if *sign > 0 { one } else { -one }),
                );
            }
        }
    }
}

/// The operands and the results of a loss of `n` elements.
///
/// Invariant: `n` elements can be read from each pointer of `from` that is not null, and written to each of `gradients` and
/// `values` that is not null; `sums` has one for each block. Of these addresses only those of an operand and of its own
/// gradient may be the same.
pub struct Job<'a, E> {
    n: usize,
    from: [*const E; 3],
    gradients: [*mut E; 3],
    /// After the operands that have elements.
    constant: Constant<'a, E>,
    weight: Constant<'a, E>,
    scale: E,
    /// One for each element, or null.
    values: *mut E,
    /// The sum of each block, if values are null.
    sums: *mut E,
    borrowed: PhantomData<&'a mut [E]>,
}

// SAFETY: threads compute disjoint blocks (see `elements`), and elements are `Send` and `Sync`.
unsafe impl<E: Send + Sync> Sync for Job<'_, E> {}

/// Memory for a block: for operands that do not lie in memory as they are needed, and for results.
struct Scratch<'a, E> {
    operands: [&'a mut [E]; 3],
    weight: &'a mut [E],
    results: [&'a mut [E]; 4],
}

impl<'a, E> Scratch<'a, E> {
    /// Parts of `len` elements.
    fn new(memory: &'a mut [E], len: usize) -> Self {
        let mut parts = memory.chunks_exact_mut(len);
        let mut next = || parts.next().expect("eight parts");
        Scratch {
            operands: [next(), next(), next()],
            weight: next(),
            results: [next(), next(), next(), next()],
        }
    }
}

/// `n` elements that a formula is computed for.
///
/// Invariant: n is a multiple of the lanes of every level; as many elements can be read from each of `from` and `weight`, and
/// written to each of `to` that is not null. Each of `to` may be the address of one of `from`, and is apart from the others.
struct Block<E> {
    n: usize,
    from: [*const E; 3],
    /// Null if there is none.
    weight: *const E,
    /// Values and gradients; null where they are not needed.
    to: [*mut E; 4],
    scale: E,
}

/// A formula of the elements of a block.
struct Computed<E, F>(Block<E>, F);

impl<E: Coefficients, F: Formula<E>> Kernel for Computed<E, F> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        if F::LONG { self.in_vectors::<E::Long<S>>() } else { self.in_vectors::<E::Pair<S>>() }
    }
}

impl<E: Coefficients, F: Formula<E>> Computed<E, F> {
    #[inline(always)]
    fn in_vectors<V: Vector<E>>(self) {
        let Self(Block { n, from, weight, to, scale }, formula) = self;
        let mut i = 0;
        while i < n {
            // SAFETY: by the invariant there are a vector's elements from i on, as i is below n, and both are multiples of
            // the lanes.
            unsafe {
                let mut operands = [V::zero(); 3];
                for j in 0..3 {
                    operands[j] = V::load_ptr(from[j].add(i));
                }
                let mut results = formula.of(operands);
                if !weight.is_null() {
                    let w = V::load_ptr(weight.add(i));
                    for j in 0..4 {
                        results[j] = results[j] * w;
                    }
                }
                results[0].store_ptr(to[0].add(i));
                for j in 1..4 {
                    if !to[j].is_null() {
                        (results[j] * V::splat(scale)).store_ptr(to[j].add(i));
                    }
                }
            }
            i += V::LANES;
        }
    }
}

/// Computes block `i` of a job.
fn block<E: Coefficients>(
    job: &Job<'_, E>,
    i: usize,
    scratch: &mut Scratch<'_, E>,
    compute: &dyn Fn(Block<E>),
) {
    let first = i * BLOCK;
    let n = BLOCK.min(job.n - first);
    // A last part is computed in the scratch, since only whole vectors are.
    let whole = n == BLOCK;
    job.constant.write(first, &mut scratch.operands[2][..n]);
    // A missing operand is read from another one and not used.
    let constant = scratch.operands[2].as_ptr();
    let mut from = [constant; 3];
    for ((to, from), operand) in from.iter_mut().zip(job.from).zip(&mut scratch.operands) {
        if from.is_null() {
            continue;
        }
        let at = from.wrapping_add(first);
        *to = at;
        if !whole {
            // SAFETY: by the invariant of the job there are `n` elements, and nothing writes them now.
            operand[..n].copy_from_slice(unsafe { std::slice::from_raw_parts(at, n) });
            *to = operand.as_ptr();
        }
    }
    let weight = if let Constant::Nothing = job.weight {
        std::ptr::null()
    } else {
        job.weight.write(first, &mut scratch.weight[..n]);
        scratch.weight.as_ptr()
    };
    let [x, t, p] = job.gradients;
    let to = [job.values, x, t, p];
    let mut results = to;
    for ((result, to), own) in results.iter_mut().zip(to).zip(&mut scratch.results) {
        if !to.is_null() {
            *result = if whole { to.wrapping_add(first) } else { own.as_mut_ptr() };
        }
    }
    if job.values.is_null() {
        results[0] = scratch.results[0].as_mut_ptr();
    }
    // The invariant: the scratch has n elements, rounded up, and a whole block has none less.
    compute(Block { n: n.next_multiple_of(MOST_LANES), from, weight, to: results, scale: job.scale });
    if job.values.is_null() {
        // SAFETY: by the invariant of the job there is a sum for each block, and this block is computed once.
        unsafe { *job.sums.add(i) = E::total(&scratch.results[0][..n]) };
    }
    if !whole {
        for (to, own) in to.into_iter().zip(&scratch.results).filter(|(to, _)| !to.is_null()) {
            // SAFETY: by the invariant of the job there are `n` elements from `first` on, which belong to this block.
            unsafe { std::slice::from_raw_parts_mut(to.add(first), n) }.copy_from_slice(&own[..n]);
        }
    }
}

/// Computes all blocks of a job, on all threads if there are many.
pub(super) fn run<E: Coefficients>(job: &Job<'_, E>, formula: impl Formula<E> + Sync) {
    for_each_block(job, &|block| dispatch(Computed(block, formula)));
}

/// The part of [`run`] that is the same for all formulas.
#[inline(never)]
fn for_each_block<E: Coefficients>(job: &Job<'_, E>, compute: &(dyn Fn(Block<E>) + Sync)) {
    let blocks = job.n.div_ceil(BLOCK);
    let part = if job.n < PARALLEL { blocks.max(1) } else { 16 };
    threads::run(blocks.div_ceil(part), &|i| {
        let len = BLOCK.min(job.n.next_multiple_of(MOST_LANES));
        let mut memory = Storage::unspecified(8 * len);
        let mut scratch = Scratch::new(memory.make_mut(), len);
        (i * part..blocks.min((i + 1) * part)).for_each(|i| block(job, i, &mut scratch, compute));
    });
}

/// The reduced values of a loss of the first operands, which have a gradient each, and of a constant after them; and the
/// gradients that are needed: then in the memory of the operand if nothing else holds it. Values and gradients are
/// multiplied by the weight.
pub(crate) fn elements<E: Float, const N: usize>(
    loss: super::formulas::ElementLoss<E>,
    mut operands: [Storage<E>; N],
    (constant, weight): (Constant<'_, E>, Constant<'_, E>),
    needs_grad: [bool; N],
    reduce: Reduce,
) -> (Storage<E>, [Option<Storage<E>>; N]) {
    let len = operands[0].len();
    let n = reduce.rows.part(len);
    for constant in [constant, weight] {
        match constant {
            Constant::Nothing => {}
            Constant::Numbers(numbers) => assert!(!numbers.is_empty() || n == 0, "numbers to repeat"),
            Constant::Signs(signs) => assert!(signs.len() >= n, "a sign for each element"),
        }
    }
    let mut from = [std::ptr::null(); 3];
    let mut to = [std::ptr::null_mut(); 3];
    let mut gradients = [const { None }; N];
    for (i, operand) in operands.iter_mut().enumerate() {
        assert_eq!(operand.len(), len, "operands of one length");
        from[i] = operand.as_ptr();
        if needs_grad[i] {
            let mut gradient = if operand.unique().is_some() {
                std::mem::replace(operand, Storage::empty())
            } else {
                Storage::unspecified(len)
            };
            let elements = gradient.make_mut();
            elements[n..].fill(E::zero());
            to[i] = elements.as_mut_ptr();
            if operand.is_empty() {
                from[i] = to[i].cast_const();
            }
            gradients[i] = Some(gradient);
        }
    }
    let each = reduce.reduction == Reduction::None;
    let mut results = Storage::unspecified(if each { len } else { n.div_ceil(BLOCK) });
    let elements = results.make_mut();
    let (values, sums) = if each {
        elements[n..].fill(E::zero());
        (elements.as_mut_ptr(), std::ptr::null_mut())
    } else {
        (std::ptr::null_mut(), elements.as_mut_ptr())
    };
    // The invariant: operands and gradients have at least n elements, live until the end of this function, and are not used
    // before. A gradient has the memory of its operand or its own.
    let scale = reduce.scale();
    E::element_loss(
        loss,
        &Job { n, from, gradients: to, constant, weight, scale, values, sums, borrowed: PhantomData },
    );
    drop(operands);
    (if each { results } else { reduce.total(&results) }, gradients)
}

#[cfg(test)]
mod tests {
    use super::super::RealRows;
    use super::super::formulas::ElementLoss;
    use super::*;
    use crate::kernel::simd::{Level, with_level};
    use crate::kernel::threads::inline;

    fn numbers<E: Float>(n: usize, seed: u64) -> Vec<E> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f64 / (1 << 24) as f64
        };
        (0..n).map(|_| E::from_f64(next() * 0.98 + 0.01)).collect()
    }

    /// The loss of one element, and its gradients with respect to x, t and the third.
    type Naive = fn(f64, f64, f64) -> [f64; 4];

    fn losses<E: Float>() -> Vec<(ElementLoss<E>, Naive)> {
        let half = E::from_f64(0.5);
        vec![
            (ElementLoss::Mse, |x, t, _| [(x - t).powi(2), 2.0 * (x - t), 2.0 * (t - x), 0.0]),
            (ElementLoss::L1, |x, t, _| [(x - t).abs(), (x - t).signum(), (t - x).signum(), 0.0]),
            (ElementLoss::SmoothL1(half), |x, t, _| {
                let d = x - t;
                let near = d.abs() < 0.5;
                let dx = if near { d / 0.5 } else { d.signum() };
                [if near { d * d } else { d.abs() - 0.25 }, dx, -dx, 0.0]
            }),
            (ElementLoss::Huber(half), |x, t, _| {
                let d = x - t;
                let value = if d.abs() < 0.5 { d * d / 2.0 } else { 0.5 * (d.abs() - 0.25) };
                [value, d.clamp(-0.5, 0.5), -d.clamp(-0.5, 0.5), 0.0]
            }),
            (ElementLoss::Bce, |x, t, _| {
                let value = -(t * x.ln() + (1.0 - t) * (1.0 - x).ln());
                [value, (x - t) / (x * (1.0 - x)), (1.0 - x).ln() - x.ln(), 0.0]
            }),
            (ElementLoss::BceWithLogits, |x, t, _| {
                let soft = (-x).exp().ln_1p();
                [(1.0 - t) * x + soft, 1.0 / (1.0 + (-x).exp()) - t, -x, 0.0]
            }),
            (ElementLoss::WeightedBceWithLogits, |x, t, p| {
                let (soft, s) = ((-x).exp().ln_1p(), 1.0 / (1.0 + (-x).exp()));
                let value = (1.0 - t) * x + (1.0 + (p - 1.0) * t) * soft;
                [value, (1.0 - t) * s - p * t * (1.0 - s), (p - 1.0) * soft - x, 0.0]
            }),
            (ElementLoss::KlDiv, |x, t, _| [t * (t.ln() - x), -t, t.ln() - x + 1.0, 0.0]),
            (ElementLoss::KlDivLog, |x, t, _| [t.exp() * (t - x), -t.exp(), t.exp() * (t - x + 1.0), 0.0]),
            (ElementLoss::PoissonLog, |x, t, _| [x.exp() - t * x, x.exp() - t, -x, 0.0]),
            (ElementLoss::Poisson(half), |x, t, _| {
                [x - t * (x + 0.5).ln(), 1.0 - t / (x + 0.5), -(x + 0.5).ln(), 0.0]
            }),
            (ElementLoss::SoftMargin, |x, t, _| {
                [(-t * x).exp().ln_1p(), -t / (1.0 + (t * x).exp()), 0.0, 0.0]
            }),
            (ElementLoss::MarginRanking(half), |a, b, y| {
                let missing = -y * (a - b) + 0.5;
                if missing > 0.0 { [missing, -y, y, 0.0] } else { [0.0; 4] }
            }),
            (ElementLoss::GaussianNll(E::zero(), half), |x, t, v| {
                let d = x - t;
                let value = 0.5 * (v.ln() + d * d / v) + 0.5;
                [value, d / v, -d / v, 0.5 * (1.0 / v - d * d / (v * v))]
            }),
        ]
    }

    fn agree<E: Float>(n: usize, digits: f64) {
        let (x, t, p) = (numbers::<E>(n, 1), numbers::<E>(n, 2), numbers::<E>(n, 3));
        let storage = |x: &[E]| Storage::from_slice(x);
        let each = Reduce::new(Reduction::None, RealRows::ALL);
        for (loss, naive) in losses::<E>() {
            let (values, gradients) = elements(
                loss,
                [storage(&x), storage(&t), storage(&p)],
                (Constant::Nothing, Constant::Numbers(&[E::from_f64(2.0)])),
                [true; 3],
                each,
            );
            for i in 0..n {
                let want = naive(x[i].as_f64(), t[i].as_f64(), p[i].as_f64());
                let got = [&values]
                    .into_iter()
                    .chain(gradients.iter().flatten())
                    .map(|storage| storage.as_slice()[i].as_f64());
                // Only a loss that has a gradient for the operand says something about it.
                for (j, (got, want)) in got.zip(want).enumerate().filter(|(_, (_, want))| *want != 0.0) {
                    let close = (got - 2.0 * want).abs() <= digits * (1.0 + want.abs());
                    assert!(close, "{loss:?}, gradient {j} of element {i} of {n}: {got}, not {}", 2.0 * want);
                }
            }
        }
    }

    #[test]
    fn values_and_gradients_of_every_remainder_agree_with_the_formulas_at_every_level() {
        for level in Level::ALL {
            with_level(level, || {
                for n in (0..=70).chain([BLOCK - 1, BLOCK, 2 * BLOCK + 7]) {
                    agree::<f32>(n, 4e-6);
                    agree::<f64>(n, 1e-14);
                }
            });
        }
    }

    #[test]
    fn labels_and_repeated_numbers_are_the_operand_after_the_others() {
        let n = 2 * BLOCK + 5;
        let (a, b) = (numbers::<f64>(n, 4), numbers::<f64>(n, 5));
        let signs: Vec<i64> = (0..n as i64).map(|i| if i % 3 == 0 { 1 } else { -1 }).collect();
        let few = numbers::<f64>(7, 6);
        let each = Reduce::new(Reduction::None, RealRows::ALL);
        let run = |loss, constant| {
            let operands = [Storage::from_slice(&a), Storage::from_slice(&b)];
            elements(loss, operands, (constant, Constant::Numbers(&few)), [false; 2], each).0
        };
        let by_sign = run(ElementLoss::MarginRanking(0.1), Constant::Signs(&signs));
        let by_number = run(ElementLoss::WeightedBceWithLogits, Constant::Numbers(&few));
        for i in 0..n {
            let w = few[i % 7];
            let want = (-signs[i] as f64 * (a[i] - b[i]) + 0.1).max(0.0) * w;
            assert!((by_sign.as_slice()[i] - want).abs() < 1e-14);
            let want = ((1.0 - b[i]) * a[i] + (1.0 + (w - 1.0) * b[i]) * (-a[i]).exp().ln_1p()) * w;
            assert!((by_number.as_slice()[i] - want).abs() < 1e-14);
        }
    }

    #[test]
    fn bits_do_not_depend_on_threads_and_memory_that_nothing_holds_is_reused() {
        let n = PARALLEL + 333;
        let (x, t) = (numbers::<f32>(n, 7), numbers::<f32>(n, 8));
        let (held, target) = (Storage::from_slice(&x), Storage::from_slice(&t));
        let mean = Reduce::new(Reduction::Over(n as f64), RealRows::ALL);
        let run = |x| {
            let constants = (Constant::Nothing, Constant::Nothing);
            elements(ElementLoss::BceWithLogits, [x, target.clone()], constants, [true, false], mean)
        };
        let (value, [dx, none]) = run(held.clone());
        assert!(none.is_none() && held.as_slice() == x);
        let free = Storage::from_slice(&x);
        let at = free.as_ptr();
        let (alone, [alone_dx, _]) = inline(|| run(free));
        assert_eq!(value.as_slice()[0].to_bits(), alone.as_slice()[0].to_bits());
        assert_eq!(alone_dx.as_ref().map(|dx| dx.as_ptr()), Some(at));
        assert_eq!(dx.unwrap().as_slice(), alone_dx.unwrap().as_slice());
    }
}
