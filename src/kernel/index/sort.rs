//! The order of the elements along an axis.
//!
//! The kernels give positions; the elements are gathered by them, and so is the gradient.

use crate::element::Element;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::elementwise::pointwise::at_level;
use crate::kernel::memory::List;
use crate::storage::Storage;

/// Which end comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// From the smallest to the largest.
    Ascending,
    /// From the largest to the smallest.
    Descending,
}

/// An element and its position as one number, so that a comparison of numbers is one of elements, and of positions where
/// these are equal: no two are, and an unstable sort is as good as a stable one.
trait Key: Ord + Copy + Default {
    /// The element as an integer in the same order, and the position.
    fn new(element: u64, position: usize) -> Self;
    fn position(self) -> i64;
}

/// Integers of 32 bits.
impl Key for u64 {
    #[inline(always)]
    fn new(element: u64, position: usize) -> u64 {
        element << 32 | position as u64
    }
    #[inline(always)]
    fn position(self) -> i64 {
        i64::from(self as u32)
    }
}

impl Key for u128 {
    #[inline(always)]
    fn new(element: u64, position: usize) -> u128 {
        u128::from(element) << 64 | position as u128
    }
    #[inline(always)]
    fn position(self) -> i64 {
        self as i64
    }
}

/// An integer in the order of floats, where NaN is larger than every number, as in PyTorch. Zeros of both signs are equal.
macro_rules! float_key {
    ($x:ident, $integer:ty) => {{
        let bits = ($x + 0.0).to_bits();
        let sign: $integer = 1 << (<$integer>::BITS - 1);
        let ordered = if bits & sign == 0 { bits | sign } else { !bits };
        if $x.is_nan() { <$integer>::MAX } else { ordered }
    }};
}

/// The first of these keys in order, as many as `first` has, for few.
fn first_few<K: Key>(keys: &[K], first: &mut [K]) {
    let count = first.len();
    first.copy_from_slice(&keys[..count]);
    first.sort_unstable();
    let mut last = first[count - 1];
    for key in &keys[count..] {
        // Rarely true: k ln n / k times of n, if the order is random.
        if *key < last {
            let mut at = count - 1;
            while at > 0 && first[at - 1] > *key {
                first[at] = first[at - 1];
                at -= 1;
            }
            first[at] = *key;
            last = first[count - 1];
        }
    }
}

/// The number of elements up to which [`first_few`] finds them.
const FEW: usize = 16;

/// Which positions of a row are asked for.
#[derive(Clone, Copy)]
pub enum Which<'a, E> {
    /// So many, in order.
    First(usize),
    /// The one at the position of the order that this function finds.
    Place(&'a dyn Fn(&[E]) -> usize),
}

/// Elements that can be sorted, compiled in this crate.
pub trait Ordered: Sized {
    /// The positions of some elements of each row of an axis in their order; of equal elements the earlier comes first.
    /// `along` is the number of elements of the axes before it, its size, and that of the axes after it.
    #[doc(hidden)]
    fn positions(
        x: &[Self],
        along: [usize; 3],
        order: Order,
        count: usize,
        which: Which<'_, Self>,
    ) -> Storage<i64>;
}

macro_rules! ordered {
    ($($t:ty, $Key:ty, $width:literal, |$x:ident| $key:expr;)*) => { $(
        impl Ordered for $t {
            fn positions(
                x: &[$t],
                [outer, size, inner]: [usize; 3],
                order: Order,
                count: usize,
                which: Which<'_, $t>,
            ) -> Storage<i64> {
                assert!(size as u64 <= u64::from(u32::MAX), "an axis of less than 2^32 elements");
                let mut out = Storage::unspecified(outer * count * inner);
                let result = out.make_mut();
                if result.is_empty() {
                    return out;
                }
                let flip = if order == Order::Descending { u64::MAX >> (64 - $width) } else { 0 };
                let mut row = List::filled(size, <$t>::default());
                let mut keys = List::filled(size, <$Key>::default());
                let mut few = [<$Key>::default(); FEW];
                for o in 0..outer {
                    for i in 0..inner {
                        if inner == 1 {
                            row.copy_from_slice(&x[o * size..][..size]);
                        } else {
                            let column = x[o * size * inner + i..].iter().step_by(inner);
                            row.iter_mut().zip(column).for_each(|(row, x)| *row = *x);
                        }
                        at_level(#[inline(always)] || {
                            for (position, (key, x)) in keys.iter_mut().zip(&row).enumerate() {
                                let $x = *x;
                                *key = <$Key as Key>::new(u64::from($key) ^ flip, position);
                            }
                        });
                        let first = match which {
                            Which::First(n) if n <= FEW && 4 * n <= size => {
                                first_few(&keys, &mut few[..n]);
                                &few[..n]
                            }
                            Which::First(n) => {
                                if n < size {
                                    keys.select_nth_unstable(n - 1);
                                }
                                keys[..n].sort_unstable();
                                &keys[..n]
                            }
                            Which::Place(place) => {
                                few[0] = *keys.select_nth_unstable(place(&row)).1;
                                &few[..1]
                            }
                        };
                        for (k, key) in first.iter().enumerate() {
                            result[(o * count + k) * inner + i] = key.position();
                        }
                    }
                }
                out
            }
        }
    )* };
}
ordered! {
    f32, u64, 32, |x| float_key!(x, u32);
    f64, u128, 64, |x| float_key!(x, u64);
    i64, u128, 64, |x| x as u64 ^ 1 << 63;
    bool, u64, 32, |x| x;
}

/// The positions of the elements in order; equal elements keep theirs.
pub(crate) fn argsort<E: Element>(x: &[E], along: AxisLayout, order: Order) -> Storage<i64> {
    first(x, along, along.size, order)
}

/// The positions of the first `count` elements in order; of equal elements the earlier comes first.
pub(crate) fn first<E: Element>(x: &[E], along: AxisLayout, count: usize, order: Order) -> Storage<i64> {
    E::positions(x, [along.outer, along.size, along.inner], order, count, Which::First(count))
}

/// The position of the element at one place of the ascending order, which `place` finds for each row.
pub(crate) fn nth<E: Element>(x: &[E], along: AxisLayout, place: impl Fn(&[E]) -> usize) -> Storage<i64> {
    let axis = [along.outer, along.size, along.inner];
    E::positions(x, axis, Order::Ascending, 1, Which::Place(&place))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: AxisLayout = AxisLayout { outer: 1, size: 9, inner: 1 };
    const X: [f32; 9] = [3.0, f32::NAN, -1.0, 3.0, 0.0, -0.0, f32::INFINITY, f32::NAN, f32::NEG_INFINITY];

    #[test]
    fn nan_is_the_largest_and_equal_elements_keep_their_order() {
        // torch.sort(x, stable=True), and descending=True
        assert_eq!(argsort(&X, ROW, Order::Ascending).as_slice(), [8, 2, 4, 5, 0, 3, 6, 1, 7]);
        assert_eq!(argsort(&X, ROW, Order::Descending).as_slice(), [1, 7, 6, 0, 3, 4, 5, 2, 8]);
    }

    #[test]
    fn the_first_ones_are_those_of_the_whole_order() {
        for order in [Order::Ascending, Order::Descending] {
            let all = argsort(&X, ROW, order);
            for count in 0..=9 {
                assert_eq!(first(&X, ROW, count, order).as_slice(), &all.as_slice()[..count]);
            }
        }
    }

    #[test]
    fn the_first_few_and_the_positions_of_long_rows_are_those_of_a_stable_sort() {
        let x: Vec<i64> = (0..401_i64).map(|i| (i * i * 7919 + i * 31) % 97 - 48).collect();
        let floats: Vec<f64> = x.iter().map(|x| if *x == 0 { -0.0 } else { *x as f64 * 1e-3 }).collect();
        let row = AxisLayout { outer: 1, size: x.len(), inner: 1 };
        let mut want: Vec<i64> = (0..401).collect();
        want.sort_by_key(|i| x[*i as usize]);
        let mut descending: Vec<i64> = (0..401).collect();
        descending.sort_by_key(|i| -x[*i as usize]);
        for count in [0, 1, 5, 16, 17, 100, 400, 401] {
            assert_eq!(first(&x, row, count, Order::Ascending).as_slice(), &want[..count]);
            assert_eq!(first(&floats, row, count, Order::Ascending).as_slice(), &want[..count]);
            assert_eq!(first(&floats, row, count, Order::Descending).as_slice(), &descending[..count]);
        }
        for place in [0, 7, 200, 400] {
            assert_eq!(nth(&floats, row, |_| place).as_slice(), [want[place]]);
        }
        let truth = [true, false, true, false];
        let row = AxisLayout { outer: 1, size: 4, inner: 1 };
        assert_eq!(argsort(&truth, row, Order::Descending).as_slice(), [0, 2, 1, 3]);
        let ends = [i64::MAX, i64::MIN, 0, -1];
        assert_eq!(argsort(&ends, row, Order::Ascending).as_slice(), [1, 3, 2, 0]);
    }

    #[test]
    fn rows_of_an_inner_axis_are_sorted_each_for_itself() {
        let along = AxisLayout { outer: 2, size: 3, inner: 2 };
        let x = [5, 0, 3, 1, 4, 2, /**/ 1, 9, 1, 8, 0, 7];
        let got = argsort(&x, along, Order::Ascending);
        assert_eq!(got.as_slice(), [1, 0, 2, 1, 0, 2, /**/ 2, 2, 0, 1, 1, 0]);
        assert_eq!(
            argsort::<i64>(&[], AxisLayout { outer: 2, size: 0, inner: 3 }, Order::Ascending).len(),
            0
        );
    }
}
