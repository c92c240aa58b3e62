//! Vectors as plain arrays of 128 bits: what compilers turn into SSE2, NEON or wasm's SIMD.

use super::vector::round_by_adding;
use super::{Level, Mask, Simd, Vector};
use std::ops::{Add, Div, Mul, Neg, Sub};

/// The level without target features.
#[derive(Clone, Copy)]
pub(super) struct Baseline;

impl Simd for Baseline {
    const LEVEL: Level = Level::Baseline;
    type F32 = F32x4;
    type F64 = F64x2;
    type LongF32 = F32x4;
    type LongF64 = F64x2;
    type PairF32 = F32x4;
    type PairF64 = F64x2;
    #[inline(always)]
    unsafe fn widen_ptr(from: *const f32) -> F64x2 {
        // SAFETY: the caller's: two elements can be read.
        F64x2(unsafe { [(*from).into(), (*from.add(1)).into()] })
    }
    #[inline(always)]
    fn widen(F32x4([a, b, c, d]): F32x4) -> [F64x2; 2] {
        [F64x2([a.into(), b.into()]), F64x2([c.into(), d.into()])]
    }
}

macro_rules! operator {
    ($vector:ident $trait:ident $method:ident $op:tt) => {
        impl $trait for $vector {
            type Output = Self;
            #[inline(always)]
            fn $method(mut self, other: Self) -> Self {
                for (x, y) in self.0.iter_mut().zip(other.0) {
                    *x $op y;
                }
                self
            }
        }
    };
}

/// A method that computes each lane from that of one or two vectors.
macro_rules! lanes {
    ($name:ident |$x:ident| $e:expr) => {
        #[inline(always)]
        fn $name(mut self) -> Self {
            for x in &mut self.0 {
                let $x = *x;
                *x = $e;
            }
            self
        }
    };
    ($name:ident |$x:ident, $y:ident| $e:expr) => {
        #[inline(always)]
        fn $name(mut self, other: Self) -> Self {
            for (x, $y) in self.0.iter_mut().zip(other.0) {
                let $x = *x;
                *x = $e;
            }
            self
        }
    };
}

macro_rules! compare {
    ($mask:ident $bits:ident $lanes:literal $name:ident $op:tt) => {
        #[inline(always)]
        fn $name(self, other: Self) -> $mask {
            let mut mask = [0; $lanes];
            for ((m, x), y) in mask.iter_mut().zip(self.0).zip(other.0) {
                *m = $bits::from(x $op y).wrapping_neg();
            }
            $mask(mask)
        }
    };
}

macro_rules! vector {
    ($vector:ident $mask:ident $float:ident $bits:ident $lanes:literal $mantissa:literal) => {
        #[derive(Clone, Copy)]
        #[repr(align(16))]
        pub(crate) struct $vector([$float; $lanes]);

        /// All bits of a lane are ones, or zeros.
        #[derive(Clone, Copy)]
        pub(crate) struct $mask([$bits; $lanes]);

        impl Mask for $mask {
            const LANES: u32 = $lanes;
            lanes!(and |x, y| x & y);
            lanes!(or |x, y| x | y);
            lanes!(not |x| !x);
            #[inline(always)]
            fn any(self) -> bool {
                let mut any = 0;
                for m in self.0 {
                    any |= m;
                }
                any != 0
            }
            #[inline(always)]
            fn first(self) -> u32 {
                let mut lane = 0;
                for m in self.0 {
                    if m != 0 {
                        break;
                    }
                    lane += 1;
                }
                lane
            }
        }

        operator!($vector Add add +=);
        operator!($vector Sub sub -=);
        operator!($vector Mul mul *=);
        operator!($vector Div div /=);
        impl Neg for $vector {
            type Output = Self;
            lanes!(neg |x| -x);
        }

        impl Vector<$float> for $vector {
            type Mask = $mask;
            const FMA: bool = false;
            const MASKED: bool = false;
            const LANES: usize = $lanes;
            #[inline(always)]
            fn splat(x: $float) -> Self {
                Self([x; $lanes])
            }
            #[inline(always)]
            fn splat_bits(bits: $bits) -> Self {
                Self([$float::from_bits(bits); $lanes])
            }
            #[inline(always)]
            unsafe fn load_ptr(from: *const $float) -> Self {
                // SAFETY: the caller's; an array has the alignment of its elements.
                Self(unsafe { *from.cast::<[$float; $lanes]>() })
            }
            #[inline(always)]
            unsafe fn store_ptr(self, to: *mut $float) {
                // SAFETY: the caller's; an array has the alignment of its elements.
                unsafe { *to.cast::<[$float; $lanes]>() = self.0 }
            }
            #[inline(always)]
            unsafe fn load_first(from: *const $float, n: usize, fill: $float) -> Self {
                let mut v = [fill; $lanes];
                for (i, x) in v.iter_mut().enumerate() {
                    if i < n {
                        // SAFETY: the caller's, for i below n.
                        *x = unsafe { *from.add(i) };
                    }
                }
                Self(v)
            }
            #[inline(always)]
            unsafe fn store_first(self, to: *mut $float, n: usize) {
                for (i, x) in self.0.into_iter().enumerate() {
                    if i < n {
                        // SAFETY: the caller's, for i below n.
                        unsafe { *to.add(i) = x };
                    }
                }
            }
            #[inline(always)]
            fn mul_add(self, a: Self, b: Self) -> Self {
                self * a + b
            }
            #[inline(always)]
            fn neg_mul_add(self, a: Self, b: Self) -> Self {
                b - self * a
            }
            #[inline(always)]
            fn round(self) -> Self {
                round_by_adding(self, Self::splat((1u64 << $mantissa) as $float))
            }
            lanes!(sqrt |x| x.sqrt());
            lanes!(min |x, y| if x < y { x } else { y });
            lanes!(max |x, y| if x > y { x } else { y });
            compare!($mask $bits $lanes lt <);
            compare!($mask $bits $lanes le <=);
            compare!($mask $bits $lanes eq ==);
            compare!($mask $bits $lanes ne !=);
            #[inline(always)]
            fn select(mask: $mask, yes: Self, mut no: Self) -> Self {
                for ((n, y), m) in no.0.iter_mut().zip(yes.0).zip(mask.0) {
                    *n = $float::from_bits((y.to_bits() & m) | (n.to_bits() & !m));
                }
                no
            }
            #[inline(always)]
            fn unzip(self, next: Self) -> (Self, Self) {
                let (mut even, mut odd) = (self, self);
                for i in 0..$lanes / 2 {
                    (even.0[i], odd.0[i]) = (self.0[2 * i], self.0[2 * i + 1]);
                    (even.0[$lanes / 2 + i], odd.0[$lanes / 2 + i]) = (next.0[2 * i], next.0[2 * i + 1]);
                }
                (even, odd)
            }
            #[inline(always)]
            fn zip(self, odd: Self) -> (Self, Self) {
                let (mut first, mut next) = (self, self);
                for i in 0..$lanes / 2 {
                    (first.0[2 * i], first.0[2 * i + 1]) = (self.0[i], odd.0[i]);
                    (next.0[2 * i], next.0[2 * i + 1]) = (self.0[$lanes / 2 + i], odd.0[$lanes / 2 + i]);
                }
                (first, next)
            }
            lanes!(bit_and |x, y| $float::from_bits(x.to_bits() & y.to_bits()));
            lanes!(bit_or |x, y| $float::from_bits(x.to_bits() | y.to_bits()));
            lanes!(bit_xor |x, y| $float::from_bits(x.to_bits() ^ y.to_bits()));
            lanes!(int_add |x, y| $float::from_bits(x.to_bits().wrapping_add(y.to_bits())));
            lanes!(int_sub |x, y| $float::from_bits(x.to_bits().wrapping_sub(y.to_bits())));
            #[inline(always)]
            fn shl(mut self, n: u32) -> Self {
                for x in &mut self.0 {
                    *x = $float::from_bits(x.to_bits() << n);
                }
                self
            }
            #[inline(always)]
            fn shr(mut self, n: u32) -> Self {
                for x in &mut self.0 {
                    *x = $float::from_bits(x.to_bits() >> n);
                }
                self
            }
            #[inline(always)]
            fn reduce_sum(self) -> $float {
                let mut v = self.0;
                let mut half = $lanes / 2;
                while half > 0 {
                    for i in 0..half {
                        v[i] += v[i + half];
                    }
                    half /= 2;
                }
                v[0]
            }
            #[inline(always)]
            fn largest(self) -> $float {
                let mut max = self.0[0];
                for x in self.0 {
                    max = if x > max { x } else { max };
                }
                max
            }
        }
    };
}

vector!(F32x4 M32x4 f32 u32 4 23);
vector!(F64x2 M64x2 f64 u64 2 52);
