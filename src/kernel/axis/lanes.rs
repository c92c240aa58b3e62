//! One lane at a time: the elements along an axis, side by side.
//!
//! On the last axis a lane is a piece of memory. On another it is gathered first, so that each function of a lane
//! is written once, for a slice.

use crate::element::Element;
use crate::kernel::axis::axis::AxisLayout;
use crate::storage::Storage;

/// f(lane) for each lane: a reduction along the axis. Lanes without elements are given too.
#[inline(never)]
pub(crate) fn reduce<E: Element, O: Element>(
    x: &[E],
    along: AxisLayout,
    mut f: impl FnMut(&[E]) -> O,
) -> Storage<O> {
    let AxisLayout { outer, size, inner } = along;
    if size == 0 {
        return Storage::from_fn(outer * inner, |_| f(&[]));
    }
    if inner == 1 {
        return Storage::collect(x.chunks_exact(size).map(f));
    }
    let mut lane = vec![E::default(); size];
    Storage::from_fn(outer * inner, |i| {
        gather(&mut lane, &x[i / inner * size * inner + i % inner..], inner);
        f(&lane)
    })
}

/// f(lane) for each lane, which it changes in place; in the memory of `x` if nothing else holds it.
#[inline(never)]
pub(crate) fn update<E: Element>(
    mut x: Storage<E>,
    along: AxisLayout,
    mut f: impl FnMut(&mut [E]),
) -> Storage<E> {
    let AxisLayout { size, inner, .. } = along;
    if size * inner == 0 {
        return x;
    }
    let elements = x.make_mut();
    if inner == 1 {
        elements.chunks_exact_mut(size).for_each(f);
        return x;
    }
    let mut lane = vec![E::default(); size];
    for block in elements.chunks_exact_mut(size * inner) {
        for i in 0..inner {
            gather(&mut lane, &block[i..], inner);
            f(&mut lane);
            scatter(&mut block[i..], &lane, inner);
        }
    }
    x
}

/// f(lane of x, lane of y) for each pair of lanes, of which it changes the first; in the memory of `x` if nothing
/// else holds it.
#[inline(never)]
pub(crate) fn update_with<E: Element>(
    mut x: Storage<E>,
    y: &[E],
    along: AxisLayout,
    mut f: impl FnMut(&mut [E], &[E]),
) -> Storage<E> {
    let AxisLayout { size, inner, .. } = along;
    if size * inner == 0 {
        return x;
    }
    let elements = x.make_mut();
    if inner == 1 {
        elements.chunks_exact_mut(size).zip(y.chunks_exact(size)).for_each(|(x, y)| f(x, y));
        return x;
    }
    let (mut lane, mut other) = (vec![E::default(); size], vec![E::default(); size]);
    for (block, y) in elements.chunks_exact_mut(size * inner).zip(y.chunks_exact(size * inner)) {
        for i in 0..inner {
            gather(&mut lane, &block[i..], inner);
            gather(&mut other, &y[i..], inner);
            f(&mut lane, &other);
            scatter(&mut block[i..], &lane, inner);
        }
    }
    x
}

fn gather<E: Copy>(lane: &mut [E], from: &[E], stride: usize) {
    lane.iter_mut().zip(from.iter().step_by(stride)).for_each(|(lane, x)| *lane = *x);
}

fn scatter<E: Copy>(to: &mut [E], lane: &[E], stride: usize) {
    to.iter_mut().step_by(stride).zip(lane).for_each(|(x, lane)| *x = *lane);
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: [(usize, usize, usize); 5] = [(1, 24, 1), (4, 6, 1), (2, 3, 4), (1, 4, 6), (24, 1, 1)];

    /// The elements of a lane, by the definition of row-major order.
    fn lane(x: &[i64], (outer, inner): (usize, usize), along: AxisLayout) -> Vec<i64> {
        (0..along.size).map(|s| x[(outer * along.size + s) * along.inner + inner]).collect()
    }

    #[test]
    fn each_lane_is_visited_once_and_in_order() {
        let x: Vec<i64> = (0..24).map(|i| i * i).collect();
        for (outer, size, inner) in PLACES {
            let along = AxisLayout { outer, size, inner };
            let mut lanes = Vec::new();
            let first = reduce(&x, along, |lane| {
                lanes.push(lane.to_vec());
                lane[0]
            });
            let reversed = update(Storage::from_slice(&x), along, |lane| lane.reverse());
            let firsts = update_with(Storage::from_slice(&x), &x, along, |a, b| a.fill(b[0]));
            assert_eq!(lanes.len(), outer * inner);
            for (i, got) in lanes.into_iter().enumerate() {
                let mut want = lane(&x, (i / inner, i % inner), along);
                assert_eq!(got, want);
                assert_eq!(first.as_slice()[i], want[0]);
                assert_eq!(lane(firsts.as_slice(), (i / inner, i % inner), along), vec![want[0]; size]);
                want.reverse();
                assert_eq!(lane(reversed.as_slice(), (i / inner, i % inner), along), want);
            }
        }
    }

    #[test]
    fn lanes_without_elements_are_reduced_and_never_read() {
        let along = AxisLayout { outer: 2, size: 0, inner: 3 };
        assert_eq!(reduce::<i64, i64>(&[], along, |lane| lane.len() as i64 + 7).as_slice(), [7; 6]);
        assert_eq!(update::<i64>(Storage::empty(), along, |_| panic!()).len(), 0);
        let along = AxisLayout { outer: 0, size: 3, inner: 1 };
        assert_eq!(reduce::<i64, i64>(&[], along, |_| panic!()).len(), 0);
        assert_eq!(update_with::<i64>(Storage::empty(), &[], along, |_, _| panic!()).len(), 0);
    }
}
