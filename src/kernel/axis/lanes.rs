//! Lanes: the elements along an axis, one after another.
//!
//! On the last axis lanes are pieces of memory. On another a few neighbors are gathered at a time, so that each kernel
//! is written once, for rows. A function gets blocks of whole lanes that fit into L1; threads share
//! the blocks. Their bounds depend on sizes only.

use crate::element::Element;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::gemm::transpose;
use crate::kernel::threads::{self, for_each_chunk, for_each_chunk2};
use crate::storage::Storage;

/// From so many elements on, threads share the lanes.
pub(crate) const PARALLEL: usize = 1 << 17;

/// The elements of what one thread takes at a time.
pub(crate) const PART: usize = 1 << 14;

/// The bytes of a block that is read.
const READ: usize = 1 << 14;

/// The bytes of a block that is copied before it is changed: both are to stay in L1.
const COPIED: usize = 1 << 13;

/// The lanes of a block.
const fn block_of<E>(size: usize, bytes: usize) -> usize {
    let most = bytes / size_of::<E>() / size;
    if most == 0 { 1 } else { most }
}

/// The lanes of a block that is copied, and the blocks of a task.
const fn blocks_of<E>(AxisLayout { size, inner, .. }: AxisLayout) -> (usize, usize) {
    let size = if size == 0 { 1 } else { size };
    let block = if inner == 1 { block_of::<E>(size, COPIED) } else { inner };
    let lanes = if size < PART { PART / size } else { 1 };
    (block, if block == 0 { lanes } else { lanes.div_ceil(block) })
}

/// The bytes of the lanes that are gathered at once: a line of the cache of each row.
const GATHERED: usize = 64;

/// Calls `f` for pieces of `out` of whole blocks of `block` elements (the last one may be shorter), with the index of
/// their first element. `cost` is the number of elements that are read for one of `out`.
pub(crate) fn for_each_part<O: Send>(
    out: &mut [O],
    block: usize,
    cost: usize,
    f: impl Fn(usize, &mut [O]) + Sync,
) {
    let part = (PART / cost.max(1)).max(1).next_multiple_of(block);
    if out.len() <= part || !threads::is_worth_parts(out.len() * cost, PARALLEL) {
        if !out.is_empty() {
            f(0, out);
        }
    } else {
        for_each_chunk(out, part, |i, out| f(i * part, out));
    }
}

/// f(lane) for each lane: a reduction along the axis. Lanes without elements are given too.
#[inline(never)]
pub(crate) fn reduce<E: Element, O: Element>(
    x: &[E],
    along: AxisLayout,
    f: impl Fn(&[E]) -> O + Sync,
) -> Storage<O> {
    let size = along.size;
    reduce_blocks(x, along, |lanes, out| {
        for (i, out) in out.iter_mut().enumerate() {
            *out = f(&lanes[i * size..][..size]);
        }
    })
}

/// The same with a function that reduces a block of lanes, one after another, to as many results.
#[inline(never)]
pub(crate) fn reduce_blocks<E: Element, O: Element>(
    x: &[E],
    along: AxisLayout,
    f: impl Fn(&[E], &mut [O]) + Sync,
) -> Storage<O> {
    let AxisLayout { outer, size, inner } = along;
    let mut out = Storage::unspecified(outer * inner);
    if size == 0 {
        f(&[], out.make_mut());
    } else if inner == 1 {
        let block = block_of::<E>(size, READ);
        for_each_part(out.make_mut(), block, size, |at, out| {
            for (out, x) in out.chunks_mut(block).zip(x[at * size..].chunks(block * size)) {
                f(&x[..out.len() * size], out);
            }
        });
    } else if inner > 0 {
        let gathered = gathered::<E>(size);
        for_each_part(out.make_mut(), if outer == 1 { gathered } else { inner }, size, |at, out| {
            let mut lanes = Storage::unspecified(gathered * size);
            for (o, out) in out.chunks_mut(inner).enumerate() {
                let first = (at / inner + o) * size * inner + at % inner;
                for (i, out) in out.chunks_mut(gathered).enumerate() {
                    let lanes = &mut lanes.make_mut()[..out.len() * size];
                    gather(lanes, size, &x[first + i * gathered..], inner);
                    f(lanes, out);
                }
            }
        });
    }
    out
}

/// f(first, lanes) for blocks of lanes, which it changes in place, with the number of the first one; in the memory of `x`
/// if nothing else holds it.
#[inline(never)]
pub(crate) fn update<E: Element>(
    x: Storage<E>,
    along: AxisLayout,
    f: impl Fn(usize, &mut [E]) + Sync,
) -> Storage<E> {
    let mut nothing = vec![(); along.outer * along.inner];
    update_and_reduce(x, None, &mut nothing, along, |first, x, _, _| f(first, x))
}

/// f(lanes of x, out) for blocks of lanes, in the memory of `x` if nothing else holds it: then `out` has the lanes, and x is
/// missing.
#[inline(never)]
pub(crate) fn update_from<E: Element>(
    x: Storage<E>,
    along: AxisLayout,
    f: impl Fn(Option<&[E]>, &mut [E]) + Sync,
) -> Storage<E> {
    let mut nothing = vec![(); along.outer * along.inner];
    if along.inner > 1 {
        return update_and_reduce(x, None, &mut nothing, along, |_, lanes, _, _| f(None, lanes));
    }
    let (block, part) = blocks_of::<E>(along);
    in_blocks((x, None), &mut nothing, (block * along.size, block), part, |_, (out, x, _), _| f(x, out))
}

/// f(first, lanes of x, lanes of y) for blocks of pairs of lanes, of which it changes the first; in the memory of `x` if
/// nothing else holds it.
#[inline(never)]
pub(crate) fn update_with<E: Element>(
    x: Storage<E>,
    y: &[E],
    along: AxisLayout,
    f: impl Fn(usize, &mut [E], &[E]) + Sync,
) -> Storage<E> {
    let mut nothing = vec![(); along.outer * along.inner];
    update_and_reduce(x, Some(y), &mut nothing, along, |first, x, y, _| f(first, x, y))
}

/// f(first, lanes of x, lanes of y, results) for blocks of lanes, with a result for each lane; y may be missing.
pub(crate) fn update_and_reduce<E: Element, O: Send>(
    x: Storage<E>,
    y: Option<&[E]>,
    results: &mut [O],
    along: AxisLayout,
    f: impl Fn(usize, &mut [E], &[E], &mut [O]) + Sync,
) -> Storage<E> {
    let AxisLayout { size, inner, .. } = along;
    let (block, part) = blocks_of::<E>(along);
    in_blocks((x, y), results, (block * size, block), part, |i, (out, x, y), results| {
        let first = i * block;
        if inner > 1 {
            columns(first, (out, x, y), results, (size, inner), &f);
        } else {
            x.into_iter().for_each(|x| out.copy_from_slice(x));
            f(first, out, y.unwrap_or(&[]), results);
        }
    })
}

/// f(o, block of x, block of y, results) for the blocks of `size` rows of `inner` elements, as they lie in memory, with a
/// result for each column; it changes the first, in the memory of `x` if nothing else holds it. y may be missing.
#[inline(never)]
pub(crate) fn update_blocks<E: Element, O: Send>(
    x: Storage<E>,
    y: Option<&[E]>,
    results: &mut [O],
    along: AxisLayout,
    f: impl Fn(usize, &mut [E], &[E], &mut [O]) + Sync,
) -> Storage<E> {
    let AxisLayout { size, inner, .. } = along;
    let block = size * inner;
    in_blocks((x, y), results, (block, inner), (PART / block.max(1)).max(1), |i, (out, x, y), results| {
        x.into_iter().for_each(|x| out.copy_from_slice(x));
        f(i, out, y.unwrap_or(&[]), results);
    })
}

/// f(first, (out, x, y), results) for blocks of `rows` rows of `size` elements, with the number of the first one and a result for
/// each. The output is in the memory of `x` if nothing else holds it, and then x is missing. y may be missing.
#[inline(never)]
pub(crate) fn update_rows<E: Element, O: Send>(
    x: Storage<E>,
    y: Option<&[E]>,
    results: &mut [O],
    [rows, size]: [usize; 2],
    f: impl Fn(usize, (&mut [E], Option<&[E]>, Option<&[E]>), &mut [O]) + Sync,
) -> Storage<E> {
    let part = (PART / (rows * size)).max(1);
    in_blocks((x, y), results, (rows * size, rows), part, |i, block, results| f(i * rows, block, results))
}

/// f(i, block of the output, of x and of y, results) for blocks of `size` elements, which have `lanes` results each; `part`
/// blocks are a task. The output is in the memory of `x` if nothing else holds it, and then x is missing. y may be missing.
#[inline(always)]
fn in_blocks<E: Element, O: Send>(
    (x, y): (Storage<E>, Option<&[E]>),
    results: &mut [O],
    (size, lanes): (usize, usize),
    part: usize,
    f: impl Fn(usize, (&mut [E], Option<&[E]>, Option<&[E]>), &mut [O]) + Sync,
) -> Storage<E> {
    if x.is_empty() {
        return x;
    }
    let (mut out, x) = output(x);
    let x = x.as_deref();
    let task = |first: usize, out: &mut [E], results: &mut [O]| {
        for (i, (out, results)) in out.chunks_mut(size).zip(results.chunks_mut(lanes)).enumerate() {
            let start = (first + i) * size;
            let range = start..start + out.len();
            f(first + i, (out, x.map(|x| &x[range.clone()]), y.map(|y| &y[range])), results);
        }
    };
    if out.len() < PARALLEL || results.len() <= part * lanes {
        task(0, out.make_mut(), results);
    } else {
        for_each_chunk2((out.make_mut(), part * size), (results, part * lanes), |i, out, results| {
            task(i * part, out, results);
        });
    }
    out
}

/// The lanes of one block of memory that lie across its rows of `inner` elements.
fn columns<E: Element, O>(
    first: usize,
    (out, x, y): (&mut [E], Option<&[E]>, Option<&[E]>),
    results: &mut [O],
    (size, inner): (usize, usize),
    f: &impl Fn(usize, &mut [E], &[E], &mut [O]),
) {
    let gathered = gathered::<E>(size);
    let mut both = Storage::unspecified(gathered * size * if y.is_some() { 2 } else { 1 });
    let (lanes, others) = both.make_mut().split_at_mut(gathered * size);
    for (i, results) in results.chunks_mut(gathered).enumerate() {
        let (column, count) = (i * gathered, results.len() * size);
        let lanes = &mut lanes[..count];
        gather(lanes, size, x.map_or(&out[column..], |x| &x[column..]), inner);
        let others = match y {
            Some(y) => {
                gather(&mut others[..count], size, &y[column..], inner);
                &others[..count]
            }
            None => &[],
        };
        f(first + column, lanes, others, results);
        scatter(&mut out[column..], lanes, size, inner);
    }
}

/// Where the results of x go, and x where that is another position: it is copied block by block, while it is in L1.
fn output<E: Element>(mut x: Storage<E>) -> (Storage<E>, Option<Storage<E>>) {
    if x.unique().is_some() { (x, None) } else { (Storage::unspecified(x.len()), Some(x)) }
}

/// How many lanes of this size are gathered at once.
pub(crate) fn gathered<E>(size: usize) -> usize {
    ((1 << 16) / size).clamp(1, (GATHERED / size_of::<E>()).min(16))
}

/// Lanes of `size` from neighboring columns of rows of `stride`.
fn gather<E: Element>(lanes: &mut [E], size: usize, from: &[E], stride: usize) {
    transpose([lanes.len() / size, size], (from, stride), (lanes, size));
}

/// The backward pass of [`gather`].
fn scatter<E: Element>(to: &mut [E], lanes: &[E], size: usize, stride: usize) {
    transpose([size, lanes.len() / size], (lanes, size), (to, stride));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From (4, 40_000, 1) on they are many enough for threads.
    const PLACES: [(usize, usize, usize); 9] = [
        (1, 24, 1),
        (4, 6, 1),
        (2, 3, 4),
        (1, 4, 6),
        (24, 1, 1),
        (4, 40_000, 1),
        (40_001, 4, 1),
        (37, 113, 41),
        (1, 97, 2003),
    ];

    /// The elements of a lane, by the definition of row-major order.
    fn lane(x: &[i64], (outer, inner): (usize, usize), along: AxisLayout) -> Vec<i64> {
        (0..along.size).map(|s| x[(outer * along.size + s) * along.inner + inner]).collect()
    }

    #[test]
    fn each_lane_is_visited_once_and_in_order() {
        for (outer, size, inner) in PLACES {
            let x: Vec<i64> = (0..(outer * size * inner) as i64).map(|i| i * i % 1009).collect();
            let along = AxisLayout { outer, size, inner };
            let numbers = reduce(&x, along, |lane| lane.iter().zip(1..).map(|(x, i)| x * i).sum::<i64>());
            let reversed = update(Storage::from_slice(&x), along, |first, lanes| {
                for (i, lane) in lanes.chunks_exact_mut(size).enumerate() {
                    lane.reverse();
                    lane[0] += (first + i) as i64;
                }
            });
            let held = Storage::from_slice(&x);
            let mut firsts = vec![0; outer * inner];
            let both = update_and_reduce(held.clone(), Some(&x), &mut firsts, along, |_, a, b, firsts| {
                firsts.iter_mut().zip(b.chunks_exact(size)).for_each(|(first, b)| *first = b[0]);
                a.iter_mut().zip(b).for_each(|(a, b)| *a = 2 * *a + *b);
            });
            assert_eq!(held.as_slice(), x);
            assert!(both.iter().zip(&x).all(|(both, x)| *both == 3 * x));
            for i in 0..outer * inner {
                let mut want = lane(&x, (i / inner, i % inner), along);
                assert_eq!(numbers[i], want.iter().zip(1..).map(|(x, i)| x * i).sum::<i64>());
                assert_eq!(firsts[i], want[0]);
                want.reverse();
                want[0] += i as i64;
                assert_eq!(lane(&reversed, (i / inner, i % inner), along), want);
            }
        }
    }

    #[test]
    fn lanes_without_elements_are_reduced_and_never_read() {
        let along = AxisLayout { outer: 2, size: 0, inner: 3 };
        assert_eq!(reduce::<i64, i64>(&[], along, |lane| lane.len() as i64 + 7).as_slice(), [7; 6]);
        assert_eq!(update::<i64>(Storage::empty(), along, |_, _| panic!()).len(), 0);
        let along = AxisLayout { outer: 0, size: 3, inner: 1 };
        assert_eq!(reduce::<i64, i64>(&[], along, |_| panic!()).len(), 0);
        assert_eq!(update_with::<i64>(Storage::empty(), &[], along, |_, _, _| panic!()).len(), 0);
    }
}
