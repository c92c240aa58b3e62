//! Two vectors as one.

use super::{Mask, SimdFloat, Vector};
use std::ops::{Add, Div, Mul, Neg, Sub};

/// Two vectors, the lanes of the second after those of the first. Each operation is done with both.
///
/// Most instructions of an exponential need the result of the previous one, so the latency of each counts. A processor computes
/// several vectors at once only as far as the window of instructions that it looks at reaches; in the window there are twice as
/// many that can run if the instructions of two vectors alternate. With AVX2 (Zen 3), the elementary functions take 0.8 of the
/// time; with AVX-512, which has twice the registers, two such vectors are one again, and most of the functions take 0.7 to
/// 0.9 of the time of one vector (Zen 5). Their bits are the same.
#[derive(Clone, Copy)]
pub(crate) struct Two<V>(V, V);

impl<M: Mask> Mask for Two<M> {
    const LANES: u32 = 2 * M::LANES;
    #[inline(always)]
    fn and(self, other: Self) -> Self {
        Self(self.0.and(other.0), self.1.and(other.1))
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        Self(self.0.or(other.0), self.1.or(other.1))
    }
    #[inline(always)]
    fn not(self) -> Self {
        Self(self.0.not(), self.1.not())
    }
    #[inline(always)]
    fn any(self) -> bool {
        self.0.or(self.1).any()
    }
    #[inline(always)]
    fn first(self) -> u32 {
        if self.0.any() { self.0.first() } else { M::LANES + self.1.first() }
    }
}

macro_rules! operators {
    ($($trait:ident $f:ident),*) => { $(
        impl<V: $trait<Output = V>> $trait for Two<V> {
            type Output = Self;
            #[inline(always)]
            fn $f(self, other: Self) -> Self {
                Self(self.0.$f(other.0), self.1.$f(other.1))
            }
        }
    )* };
}
operators!(Add add, Sub sub, Mul mul, Div div);

impl<V: Neg<Output = V>> Neg for Two<V> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0, -self.1)
    }
}

macro_rules! of_both {
    ($($f:ident($($x:ident),*) -> $Result:ty;)*) => { $(
        #[inline(always)]
        fn $f(self $(, $x: Self)*) -> $Result {
            Two(self.0.$f($($x.0),*), self.1.$f($($x.1),*))
        }
    )* };
}

impl<E: SimdFloat, V: Vector<E>> Vector<E> for Two<V> {
    type Mask = Two<V::Mask>;
    const FMA: bool = V::FMA;
    const MASKED: bool = V::MASKED;
    const LANES: usize = 2 * V::LANES;

    #[inline(always)]
    fn splat(x: E) -> Self {
        Self(V::splat(x), V::splat(x))
    }
    #[inline(always)]
    fn splat_bits(bits: E::Bits) -> Self {
        Self(V::splat_bits(bits), V::splat_bits(bits))
    }
    #[inline(always)]
    unsafe fn load_ptr(from: *const E) -> Self {
        // SAFETY: the caller's: the lanes of two vectors.
        unsafe { Self(V::load_ptr(from), V::load_ptr(from.add(V::LANES))) }
    }
    #[inline(always)]
    unsafe fn store_ptr(self, to: *mut E) {
        // SAFETY: the caller's: the lanes of two vectors.
        unsafe {
            self.0.store_ptr(to);
            self.1.store_ptr(to.add(V::LANES));
        }
    }
    #[inline(always)]
    unsafe fn load_first(from: *const E, n: usize, fill: E) -> Self {
        // SAFETY: the caller's: `n` elements, or those of one vector and after them n less its lanes.
        unsafe {
            if V::MASKED {
                let first = n.min(V::LANES);
                return Self(
                    V::load_first(from, first, fill),
                    V::load_first(from.add(first), n - first, fill),
                );
            }
            match n.checked_sub(V::LANES) {
                None | Some(0) => Self(V::load_first(from, n, fill), V::splat(fill)),
                Some(more) => Self(V::load_ptr(from), V::load_first(from.add(V::LANES), more, fill)),
            }
        }
    }
    #[inline(always)]
    unsafe fn store_first(self, to: *mut E, n: usize) {
        // SAFETY: the caller's: `n` elements, or those of one vector and after them n less its lanes.
        unsafe {
            if V::MASKED {
                let first = n.min(V::LANES);
                self.0.store_first(to, first);
                return self.1.store_first(to.add(first), n - first);
            }
            match n.checked_sub(V::LANES) {
                None | Some(0) => self.0.store_first(to, n),
                Some(more) => {
                    self.0.store_ptr(to);
                    self.1.store_first(to.add(V::LANES), more);
                }
            }
        }
    }
    of_both! {
        mul_add(a, b) -> Self;
        neg_mul_add(a, b) -> Self;
        scale(n) -> Self;
        sqrt() -> Self;
        round() -> Self;
        min(other) -> Self;
        max(other) -> Self;
        lt(other) -> Self::Mask;
        le(other) -> Self::Mask;
        eq(other) -> Self::Mask;
        ne(other) -> Self::Mask;
        bit_and(other) -> Self;
        bit_or(other) -> Self;
        bit_xor(other) -> Self;
        int_add(other) -> Self;
        int_sub(other) -> Self;
    }
    #[inline(always)]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Self(V::select(mask.0, yes.0, no.0), V::select(mask.1, yes.1, no.1))
    }
    #[inline(always)]
    fn unzip(self, next: Self) -> (Self, Self) {
        let ((even, odd), (next_even, next_odd)) = (self.0.unzip(self.1), next.0.unzip(next.1));
        (Self(even, next_even), Self(odd, next_odd))
    }
    #[inline(always)]
    fn zip(self, odd: Self) -> (Self, Self) {
        let ((a, b), (c, d)) = (self.0.zip(odd.0), self.1.zip(odd.1));
        (Self(a, b), Self(c, d))
    }
    #[inline(always)]
    fn shl(self, n: u32) -> Self {
        Self(self.0.shl(n), self.1.shl(n))
    }
    #[inline(always)]
    fn shr(self, n: u32) -> Self {
        Self(self.0.shr(n), self.1.shr(n))
    }
    #[inline(always)]
    fn reduce_sum(self) -> E {
        (self.0 + self.1).reduce_sum()
    }
    #[inline(always)]
    fn largest(self) -> E {
        self.0.max(self.1).largest()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Kernel, Level, MOST_LANES, Simd, dispatch, with_level};
    use super::*;

    /// The sum, the largest, the smallest and the index of the largest of as many elements as a vector of long functions has.
    struct OfLanes<'a, E>(&'a [E]);

    impl<E: SimdFloat> Kernel for OfLanes<'_, E> {
        type Output = ([E; 3], usize, usize);
        #[inline(always)]
        fn run<S: Simd>(self) -> ([E; 3], usize, usize) {
            let x = E::Long::<S>::load(self.0);
            let found = x.eq(E::Long::<S>::splat(x.reduce_max()));
            assert!(found.any() && !found.and(found.not()).any());
            ([x.reduce_sum(), x.reduce_max(), x.reduce_min()], found.first() as usize, E::Long::<S>::LANES)
        }
    }

    fn lanes<E: SimdFloat>() {
        for largest in 0..MOST_LANES {
            let x: Vec<E> = (0..MOST_LANES)
                .map(|i| E::from_f64(if i == largest { 9.0 } else { (i % 7) as f64 - 3.0 }))
                .collect();
            for level in Level::ALL {
                let ([sum, max, min], at, lanes) = with_level(level, || dispatch(OfLanes(&x)));
                let x = &x[..lanes];
                assert_eq!(sum, x.iter().copied().sum(), "small integers");
                assert_eq!(max, x.iter().copied().fold(E::NEG_INFINITY, E::max));
                assert_eq!(min, x.iter().copied().fold(-E::NEG_INFINITY, E::min));
                assert_eq!(Some(at), x.iter().position(|y| *y == max));
            }
        }
    }

    #[test]
    fn the_lanes_of_a_vector_of_long_functions_are_reduced_and_found() {
        lanes::<f32>();
        lanes::<f64>();
    }
}
