//! The range of a reduction: all elements, one axis or several.
//!
//! Axes next to each other are one axis of memory. Others are brought together first, so that every reduction is
//! written once, for one axis; its gradient is brought back.

use crate::element::{Element, Numeric};
use crate::kernel::axis::axis::{self, AxisLayout};
use crate::kernel::axis::lanes;
use crate::kernel::elementwise::pointwise::at_level;
use crate::kernel::shape::strided::{self, View};
use crate::storage::Storage;
use num_traits::NumCast;

/// The elements that are reduced to one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReduceOver {
    /// The axis of memory, after [`gather`](ReduceOver::gather).
    pub(crate) along: AxisLayout,
    apart: Option<Apart>,
}

/// Axes that are not next to each other.
#[derive(Clone, Copy, Debug)]
struct Apart {
    sizes: &'static [usize],
    positions: &'static [usize],
}

impl ReduceOver {
    /// An axis that is one in memory.
    pub(crate) const fn along(along: AxisLayout) -> Self {
        ReduceOver { along, apart: None }
    }

    /// The axes at `positions`, in ascending order, of a tensor of these sizes.
    pub(crate) const fn positions(sizes: &'static [usize], positions: &'static [usize]) -> Self {
        let (first, last) = (positions[0], positions[positions.len() - 1]);
        let mut along = AxisLayout { outer: 1, size: 1, inner: 1 };
        let apart = last - first + 1 > positions.len();
        let (mut axis, mut named) = (0, 0);
        while axis < sizes.len() {
            if named < positions.len() && positions[named] == axis {
                along.size *= sizes[axis];
                named += 1;
            } else if apart || axis < first {
                along.outer *= sizes[axis];
            } else {
                along.inner *= sizes[axis];
            }
            axis += 1;
        }
        ReduceOver { along, apart: if apart { Some(Apart { sizes, positions }) } else { None } }
    }

    /// The elements in an order in which the lanes run along one axis of memory.
    pub(crate) fn gather<E: Element>(&self, x: Storage<E>) -> Storage<E> {
        let Some(apart) = self.apart else { return x };
        strided::gather(&x, &apart.view())
    }

    /// The sums over the lanes: those over one axis after the other, from the last one, where they are apart.
    pub(crate) fn sum<E: Element>(&self, x: Storage<E>) -> Storage<E> {
        let Some(Apart { sizes, positions }) = self.apart else { return axis::sum(&x, self.along) };
        let mut left = [1; 6];
        left[..sizes.len()].copy_from_slice(sizes);
        positions.iter().rev().fold(x, |x, position| {
            let size = std::mem::replace(&mut left[*position], 1);
            let (outer, inner) = left.split_at(*position);
            axis::sum(&x, AxisLayout { outer: outer.iter().product(), size, inner: inner.iter().product() })
        })
    }

    /// The elements back in the order of the tensor.
    pub(crate) fn scatter<E: Element>(&self, x: Storage<E>) -> Storage<E> {
        let Some(apart) = self.apart else { return x };
        strided::scatter(&x, x.len(), &apart.view())
    }
}

impl Apart {
    /// The gathered elements: the named axes run fastest, each group in its own order.
    fn view(&self) -> View {
        let mut order = [0; 6];
        let (mut count, rank) = (0, self.sizes.len());
        for named in [false, true] {
            for axis in (0..rank).filter(|axis| self.positions.contains(axis) == named) {
                order[count] = axis;
                count += 1;
            }
        }
        View::of(self.sizes).permute(&order[..rank])
    }
}

/// The gradient of a reduction: f(lane of x, its number) in place of x.
pub(super) fn pull<E: Element>(
    x: Storage<E>,
    along: AxisLayout,
    f: impl Fn(&mut [E], usize) + Sync,
) -> Storage<E> {
    lanes::update(x, along, |first, lanes| {
        at_level(
            #[inline(always)]
            || {
                for (i, lane) in lanes.chunks_exact_mut(along.size).enumerate() {
                    f(lane, first + i);
                }
            },
        );
    })
}

/// A count, as a number of the element type.
pub(crate) fn number<E: Numeric>(count: usize) -> E {
    <E as NumCast>::from(count).unwrap_or_else(E::zero)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_next_to_each_other_are_one_axis() {
        let along = |positions| ReduceOver::positions(&[2, 3, 4, 5], positions).along;
        assert_eq!(along(&[1, 2]), AxisLayout { outer: 2, size: 12, inner: 5 });
        assert_eq!(along(&[1, 2, 3]), AxisLayout { outer: 2, size: 60, inner: 1 });
        assert_eq!(along(&[0, 2, 3]), AxisLayout { outer: 3, size: 40, inner: 1 });
    }

    #[test]
    fn others_are_brought_together_and_back() {
        let x: Vec<i64> = (0..24).collect();
        let lanes = ReduceOver::positions(&[2, 3, 4], &[0, 2]);
        let gathered = lanes.gather(Storage::from_slice(&x));
        let mut want = Vec::new();
        for b in 0..3 {
            for a in 0..2 {
                (0..4).for_each(|c| want.push(x[(a * 3 + b) * 4 + c]));
            }
        }
        assert_eq!(gathered.as_slice(), want);
        let sums: Vec<i64> = want.chunks(8).map(|lane| lane.iter().sum()).collect();
        assert_eq!(lanes.sum(Storage::from_slice(&x)).as_slice(), sums);
        assert_eq!(lanes.scatter(gathered).as_slice(), x);
        let lanes = ReduceOver::positions(&[2, 3, 2, 2], &[1, 3]);
        assert_eq!(lanes.scatter(lanes.gather(Storage::from_slice(&x))).as_slice(), x);
        let lanes = ReduceOver::positions(&[2, 3, 0], &[0, 2]);
        assert_eq!(lanes.gather(Storage::<i64>::empty()).len(), 0);
    }
}
