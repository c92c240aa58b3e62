//! Vectors of 128 bits on x86-64, whose every machine has SSE2. Intrinsics, and not the arrays of `portable`: the optimizer
//! needs several times as long for those.
//!
//! Some macros are those of `x86`, word for word: each calls the `intrinsic!` of its own file, because what makes the calls
//! sound differs.

use super::vector::round_by_adding;
use super::{Level, Mask, Simd, Vector};
use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// 128-bit vectors without FMA.
#[derive(Clone, Copy)]
pub(super) struct Sse2;

macro_rules! intrinsic {
    ($e:expr) => {{
        // SAFETY: every x86-64 has SSE2, and these intrinsics need nothing else.
        unsafe { $e }
    }};
}

impl Simd for Sse2 {
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
        F64x2(unsafe { _mm_set_pd((*from.add(1)).into(), (*from).into()) })
    }
    #[inline(always)]
    fn widen(x: F32x4) -> [F64x2; 2] {
        let high = F64x2(intrinsic!(_mm_cvtps_pd(_mm_movehl_ps(x.0, x.0))));
        [F64x2(intrinsic!(_mm_cvtps_pd(x.0))), high]
    }
}

macro_rules! binary {
    ($($name:ident $f:ident),*) => { $(
        #[inline(always)]
        fn $name(self, other: Self) -> Self {
            Self(intrinsic!($f(self.0, other.0)))
        }
    )* };
}

macro_rules! operator {
    ($vector:ident: $($trait:ident $name:ident $f:ident),*) => { $(
        impl $trait for $vector {
            type Output = Self;
            binary!($name $f);
        }
    )* };
}

/// Operations on the lanes as integers: casts there and back are free.
macro_rules! integer {
    ($from:ident $to:ident: $($name:ident $f:ident),*; $($shift:ident $g:ident),*) => {
        $(#[inline(always)]
        fn $name(self, other: Self) -> Self {
            Self(intrinsic!($to($f($from(self.0), $from(other.0)))))
        })*
        $(#[inline(always)]
        fn $shift(self, n: u32) -> Self {
            Self(intrinsic!($to($g($from(self.0), _mm_cvtsi32_si128(n as i32)))))
        })*
    };
}

macro_rules! compare {
    ($mask:ident: $($name:ident $f:ident),*) => { $(
        #[inline(always)]
        fn $name(self, other: Self) -> $mask {
            $mask(intrinsic!($f(self.0, other.0)))
        }
    )* };
}

/// Implements `Mask`, whose lanes are all ones or zeros, and `Vector`. The operations that move lanes are in `$rest`.
macro_rules! vector {
    (
        $vector:ident($inner:ident) $mask:ident $float:ident $bits:ident $int:ident $lanes:literal $mantissa:literal:
        $set1:ident $set1_int:ident $loadu:ident $storeu:ident $from:ident $to:ident $movemask:ident
        $add:ident $sub:ident $mul:ident $div:ident $sqrt:ident $min:ident $max:ident
        $and:ident $andnot:ident $or:ident $xor:ident $int_add:ident $int_sub:ident $sll:ident $srl:ident
        $lt:ident $le:ident $eq:ident $ne:ident $($rest:tt)*
    ) => {
        #[derive(Clone, Copy)]
        pub(crate) struct $mask($inner);

        impl Mask for $mask {
            const LANES: u32 = $lanes;
            binary!(and $and, or $or);
            #[inline(always)]
            fn not(self) -> Self {
                Self(intrinsic!($andnot(self.0, $to(_mm_set1_epi32(-1)))))
            }
            #[inline(always)]
            fn any(self) -> bool {
                intrinsic!($movemask(self.0)) != 0
            }
            #[inline(always)]
            fn first(self) -> u32 {
                intrinsic!($movemask(self.0)).trailing_zeros()
            }
        }

        #[derive(Clone, Copy)]
        pub(crate) struct $vector($inner);

        operator!($vector: Add add $add, Sub sub $sub, Mul mul $mul, Div div $div);
        impl Neg for $vector {
            type Output = Self;
            #[inline(always)]
            fn neg(self) -> Self {
                Self(intrinsic!($xor(self.0, $set1(-0.0))))
            }
        }

        impl Vector<$float> for $vector {
            type Mask = $mask;
            const FMA: bool = false;
            const MASKED: bool = false;
            const LANES: usize = $lanes;
            #[inline(always)]
            fn splat(x: $float) -> Self {
                Self(intrinsic!($set1(x)))
            }
            #[inline(always)]
            fn splat_bits(bits: $bits) -> Self {
                Self(intrinsic!($to($set1_int(bits as $int))))
            }
            #[inline(always)]
            unsafe fn load_ptr(from: *const $float) -> Self {
                // SAFETY: the caller's; the pointer need not be aligned.
                Self(unsafe { $loadu(from) })
            }
            #[inline(always)]
            unsafe fn store_ptr(self, to: *mut $float) {
                // SAFETY: the caller's; the pointer need not be aligned.
                unsafe { $storeu(to, self.0) }
            }
            // Not inlined: with a branch for each lane it would be a third of the code of most kernels.
            #[inline(never)]
            unsafe fn load_first(from: *const $float, n: usize, fill: $float) -> Self {
                let mut lanes = [fill; $lanes];
                // SAFETY: the caller's, for lanes below n; the array has all lanes.
                unsafe {
                    for i in 0..$lanes {
                        if i < n {
                            lanes[i] = *from.add(i);
                        }
                    }
                    Self($loadu(lanes.as_ptr()))
                }
            }
            #[inline(never)]
            unsafe fn store_first(self, to: *mut $float, n: usize) {
                let mut lanes = [0.0; $lanes];
                // SAFETY: the array has all lanes; the caller's, for lanes below n.
                unsafe {
                    $storeu(lanes.as_mut_ptr(), self.0);
                    for i in 0..$lanes {
                        if i < n {
                            *to.add(i) = lanes[i];
                        }
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
            fn sqrt(self) -> Self {
                Self(intrinsic!($sqrt(self.0)))
            }
            #[inline(always)]
            fn round(self) -> Self {
                round_by_adding(self, Self::splat((1u64 << $mantissa) as $float))
            }
            #[inline(always)]
            fn select(mask: $mask, yes: Self, no: Self) -> Self {
                Self(intrinsic!($or($and(mask.0, yes.0), $andnot(mask.0, no.0))))
            }
            binary!(min $min, max $max, bit_and $and, bit_or $or, bit_xor $xor);
            integer!($from $to: int_add $int_add, int_sub $int_sub; shl $sll, shr $srl);
            compare!($mask: lt $lt, le $le, eq $eq, ne $ne);
            $($rest)*
        }
    };
}

vector!(F32x4(__m128) M32x4 f32 u32 i32 4 23:
    _mm_set1_ps _mm_set1_epi32 _mm_loadu_ps _mm_storeu_ps _mm_castps_si128 _mm_castsi128_ps _mm_movemask_ps
    _mm_add_ps _mm_sub_ps _mm_mul_ps _mm_div_ps _mm_sqrt_ps _mm_min_ps _mm_max_ps
    _mm_and_ps _mm_andnot_ps _mm_or_ps _mm_xor_ps _mm_add_epi32 _mm_sub_epi32 _mm_sll_epi32 _mm_srl_epi32
    _mm_cmplt_ps _mm_cmple_ps _mm_cmpeq_ps _mm_cmpneq_ps
    #[inline(always)]
    fn unzip(self, next: Self) -> (Self, Self) {
        let even = intrinsic!(_mm_shuffle_ps::<0b10_00_10_00>(self.0, next.0));
        (Self(even), Self(intrinsic!(_mm_shuffle_ps::<0b11_01_11_01>(self.0, next.0))))
    }
    #[inline(always)]
    fn zip(self, odd: Self) -> (Self, Self) {
        (Self(intrinsic!(_mm_unpacklo_ps(self.0, odd.0))), Self(intrinsic!(_mm_unpackhi_ps(self.0, odd.0))))
    }
    #[inline(always)]
    fn reduce_sum(self) -> f32 {
        intrinsic!({
            let x = _mm_add_ps(self.0, _mm_movehl_ps(self.0, self.0));
            _mm_cvtss_f32(_mm_add_ss(x, _mm_shuffle_ps::<1>(x, x)))
        })
    }
    #[inline(always)]
    fn largest(self) -> f32 {
        let x = self.max(Self(intrinsic!(_mm_movehl_ps(self.0, self.0))));
        let x = x.max(Self(intrinsic!(_mm_shuffle_ps::<1>(x.0, x.0))));
        intrinsic!(_mm_cvtss_f32(x.0))
    }
);

vector!(F64x2(__m128d) M64x2 f64 u64 i64 2 52:
    _mm_set1_pd _mm_set1_epi64x _mm_loadu_pd _mm_storeu_pd _mm_castpd_si128 _mm_castsi128_pd _mm_movemask_pd
    _mm_add_pd _mm_sub_pd _mm_mul_pd _mm_div_pd _mm_sqrt_pd _mm_min_pd _mm_max_pd
    _mm_and_pd _mm_andnot_pd _mm_or_pd _mm_xor_pd _mm_add_epi64 _mm_sub_epi64 _mm_sll_epi64 _mm_srl_epi64
    _mm_cmplt_pd _mm_cmple_pd _mm_cmpeq_pd _mm_cmpneq_pd
    #[inline(always)]
    fn unzip(self, next: Self) -> (Self, Self) {
        (Self(intrinsic!(_mm_unpacklo_pd(self.0, next.0))), Self(intrinsic!(_mm_unpackhi_pd(self.0, next.0))))
    }
    #[inline(always)]
    fn zip(self, odd: Self) -> (Self, Self) {
        self.unzip(odd)
    }
    #[inline(always)]
    fn reduce_sum(self) -> f64 {
        intrinsic!(_mm_cvtsd_f64(_mm_add_sd(self.0, _mm_unpackhi_pd(self.0, self.0))))
    }
    #[inline(always)]
    fn largest(self) -> f64 {
        let x = self.max(Self(intrinsic!(_mm_unpackhi_pd(self.0, self.0))));
        intrinsic!(_mm_cvtsd_f64(x.0))
    }
);
