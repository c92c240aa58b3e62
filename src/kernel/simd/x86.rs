//! Vectors of 256 and 512 bits on x86-64.

use super::first_lanes::{store_first_pd, store_first_ps};
use super::two::Two;
use super::{Kernel, Level, Mask, Simd, Vector};
use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// Calls intrinsics that need nothing but their features.
macro_rules! intrinsic {
    ($e:expr) => {{
        // SAFETY: `Avx2` and `Avx512` are reached only through `dispatch` (see `simd`), so the machine has the features.
        unsafe { $e }
    }};
}

/// 256-bit vectors with FMA.
#[derive(Clone, Copy)]
pub(super) struct Avx2;

impl Simd for Avx2 {
    const LEVEL: Level = Level::Avx2;
    type F32 = F32x8;
    type F64 = F64x4;
    type LongF32 = Two<F32x8>;
    type LongF64 = Two<F64x4>;
    type PairF32 = Two<F32x8>;
    type PairF64 = Two<F64x4>;
    #[inline(always)]
    unsafe fn widen_ptr(from: *const f32) -> F64x4 {
        // SAFETY: the caller's, and as in `intrinsic`; the pointer need not be aligned.
        F64x4(unsafe { _mm256_cvtps_pd(_mm_loadu_ps(from)) })
    }
    #[inline(always)]
    fn widen(x: F32x8) -> [F64x4; 2] {
        let low = intrinsic!(_mm256_cvtps_pd(_mm256_castps256_ps128(x.0)));
        [F64x4(low), F64x4(intrinsic!(_mm256_cvtps_pd(_mm256_extractf128_ps::<1>(x.0))))]
    }
}

/// Runs a kernel with AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
pub(super) fn run_avx2<K: Kernel>(kernel: K) -> K::Output {
    kernel.run::<Avx2>()
}

/// 512-bit vectors.
#[derive(Clone, Copy)]
pub(super) struct Avx512;

impl Simd for Avx512 {
    const LEVEL: Level = Level::Avx512;
    type F32 = F32x16;
    type F64 = F64x8;
    type LongF32 = Two<Two<F32x16>>;
    type LongF64 = Two<Two<F64x8>>;
    type PairF32 = F32x16;
    type PairF64 = F64x8;
    #[inline(always)]
    unsafe fn widen_ptr(from: *const f32) -> F64x8 {
        // SAFETY: the caller's, and as in `intrinsic`; the pointer need not be aligned.
        F64x8(unsafe { _mm512_cvtps_pd(_mm256_loadu_ps(from)) })
    }
    #[inline(always)]
    fn widen(x: F32x16) -> [F64x8; 2] {
        let low = intrinsic!(_mm512_cvtps_pd(_mm512_castps512_ps256(x.0)));
        [F64x8(low), F64x8(intrinsic!(_mm512_cvtps_pd(_mm512_extractf32x8_ps::<1>(x.0))))]
    }
}

/// Runs a kernel with AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
pub(super) fn run_avx512<K: Kernel>(kernel: K) -> K::Output {
    kernel.run::<Avx512>()
}

/// Implements `Mask` for 256-bit vectors whose lanes are all ones or zeros.
macro_rules! mask_256 {
    ($mask:ident $inner:ident $lane:ident $and:ident $or:ident $xor:ident $from:ident $movemask:ident) => {
        #[derive(Clone, Copy)]
        pub(crate) struct $mask($inner);

        impl Mask for $mask {
            const LANES: u32 = (size_of::<$inner>() / size_of::<$lane>()) as u32;
            #[inline(always)]
            fn and(self, other: Self) -> Self {
                Self(intrinsic!($and(self.0, other.0)))
            }
            #[inline(always)]
            fn or(self, other: Self) -> Self {
                Self(intrinsic!($or(self.0, other.0)))
            }
            #[inline(always)]
            fn not(self) -> Self {
                Self(intrinsic!($xor(self.0, $from(_mm256_set1_epi32(-1)))))
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
    };
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
    ($from:ident $to:ident: $($name:ident $f:ident),*) => { $(
        #[inline(always)]
        fn $name(self, other: Self) -> Self {
            Self(intrinsic!($to($f($from(self.0), $from(other.0)))))
        }
    )* };
}

macro_rules! shift {
    ($from:ident $to:ident $set1:ident $int:ident: $($name:ident $f:ident),*) => { $(
        #[inline(always)]
        fn $name(self, n: u32) -> Self {
            Self(intrinsic!($to($f($from(self.0), $set1(n as $int)))))
        }
    )* };
}

/// Implements `Vector`. The comparisons, partial loads and reductions, which differ in kind, come from `$rest`.
macro_rules! vector {
    (
        $vector:ident($inner:ident) $mask:ident $float:ident $bits:ident $int:ident $lanes:literal:
        $set1:ident $set1_int:ident $loadu:ident $storeu:ident $from:ident $to:ident
        $add:ident $sub:ident $mul:ident $div:ident $sqrt:ident $min:ident $max:ident $fmadd:ident $fnmadd:ident
        $and:ident $or:ident $xor:ident $int_add:ident $int_sub:ident $sllv:ident $srlv:ident $($rest:tt)*
    ) => {
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
            const FMA: bool = true;
            const MASKED: bool = size_of::<$inner>() == 64;
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
                // SAFETY: the caller's, and as in `intrinsic`; the pointer need not be aligned.
                Self(unsafe { $loadu(from) })
            }
            #[inline(always)]
            unsafe fn store_ptr(self, to: *mut $float) {
                // SAFETY: the caller's, and as in `intrinsic`; the pointer need not be aligned.
                unsafe { $storeu(to, self.0) }
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                Self(intrinsic!($sqrt(self.0)))
            }
            #[inline(always)]
            fn mul_add(self, a: Self, b: Self) -> Self {
                Self(intrinsic!($fmadd(self.0, a.0, b.0)))
            }
            #[inline(always)]
            fn neg_mul_add(self, a: Self, b: Self) -> Self {
                Self(intrinsic!($fnmadd(self.0, a.0, b.0)))
            }
            binary!(min $min, max $max, bit_and $and, bit_or $or, bit_xor $xor);
            integer!($from $to: int_add $int_add, int_sub $int_sub);
            shift!($from $to $set1_int $int: shl $sllv, shr $srlv);
            $($rest)*
        }
    };
}

macro_rules! compare {
    ($mask:ident $cmp:ident) => {
        #[inline(always)]
        fn lt(self, other: Self) -> $mask {
            $mask(intrinsic!($cmp::<_CMP_LT_OQ>(self.0, other.0)))
        }
        #[inline(always)]
        fn le(self, other: Self) -> $mask {
            $mask(intrinsic!($cmp::<_CMP_LE_OQ>(self.0, other.0)))
        }
        #[inline(always)]
        fn eq(self, other: Self) -> $mask {
            $mask(intrinsic!($cmp::<_CMP_EQ_OQ>(self.0, other.0)))
        }
        #[inline(always)]
        fn ne(self, other: Self) -> $mask {
            $mask(intrinsic!($cmp::<_CMP_NEQ_UQ>(self.0, other.0)))
        }
    };
}

/// The methods of 256-bit vectors whose masks are vectors.
macro_rules! rest_256 {
    (
        $vector:ident $mask:ident $float:ident $int:ident: $set1:ident $cmp:ident $blendv:ident $round:ident
        $maskload:ident $store_first:ident $cmpgt:ident $set1_int:ident $lanes:expr, $to:ident
    ) => {
        compare!($mask $cmp);
        #[inline(always)]
        fn select(mask: $mask, yes: Self, no: Self) -> Self {
            Self(intrinsic!($blendv(no.0, yes.0, mask.0)))
        }
        #[inline(always)]
        fn round(self) -> Self {
            Self(intrinsic!($round::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(self.0)))
        }
        #[inline(always)]
        unsafe fn load_first(from: *const $float, n: usize, fill: $float) -> Self {
            // SAFETY: the caller's, and as in `intrinsic`; lanes from n on are not read.
            unsafe {
                let first = $cmpgt($set1_int(n as $int), $lanes);
                Self($blendv($set1(fill), $maskload(from, first), $to(first)))
            }
        }
        #[inline(always)]
        unsafe fn store_first(self, to: *mut $float, n: usize) {
            // SAFETY: the caller's, and as in `intrinsic`.
            unsafe { $store_first(to, n, self.0) }
        }
    };
}

mask_256!(M32x8 __m256 f32 _mm256_and_ps _mm256_or_ps _mm256_xor_ps _mm256_castsi256_ps _mm256_movemask_ps);
mask_256!(M64x4 __m256d f64 _mm256_and_pd _mm256_or_pd _mm256_xor_pd _mm256_castsi256_pd _mm256_movemask_pd);
mask_512!(M32x16 __mmask16);
mask_512!(M64x8 __mmask8);

vector!(F32x8(__m256) M32x8 f32 u32 i32 8:
    _mm256_set1_ps _mm256_set1_epi32 _mm256_loadu_ps _mm256_storeu_ps _mm256_castps_si256 _mm256_castsi256_ps
    _mm256_add_ps _mm256_sub_ps _mm256_mul_ps _mm256_div_ps _mm256_sqrt_ps _mm256_min_ps _mm256_max_ps
    _mm256_fmadd_ps _mm256_fnmadd_ps _mm256_and_ps _mm256_or_ps _mm256_xor_ps
    _mm256_add_epi32 _mm256_sub_epi32 _mm256_sllv_epi32 _mm256_srlv_epi32
    rest_256!(F32x8 M32x8 f32 i32: _mm256_set1_ps _mm256_cmp_ps _mm256_blendv_ps _mm256_round_ps
        _mm256_maskload_ps store_first_ps _mm256_cmpgt_epi32 _mm256_set1_epi32
        _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), _mm256_castsi256_ps);
    #[inline(always)]
    fn unzip(self, next: Self) -> (Self, Self) {
        let halves = |x| intrinsic!(_mm256_permute4x64_pd::<0b11_01_10_00>(_mm256_castps_pd(x)));
        let even = halves(intrinsic!(_mm256_shuffle_ps::<0b10_00_10_00>(self.0, next.0)));
        let odd = halves(intrinsic!(_mm256_shuffle_ps::<0b11_01_11_01>(self.0, next.0)));
        (Self(intrinsic!(_mm256_castpd_ps(even))), Self(intrinsic!(_mm256_castpd_ps(odd))))
    }
    #[inline(always)]
    fn zip(self, odd: Self) -> (Self, Self) {
        let low = intrinsic!(_mm256_unpacklo_ps(self.0, odd.0));
        let high = intrinsic!(_mm256_unpackhi_ps(self.0, odd.0));
        let first = intrinsic!(_mm256_permute2f128_ps::<0x20>(low, high));
        (Self(first), Self(intrinsic!(_mm256_permute2f128_ps::<0x31>(low, high))))
    }
    #[inline(always)]
    fn reduce_sum(self) -> f32 {
        intrinsic!({
            let x = _mm_add_ps(_mm256_castps256_ps128(self.0), _mm256_extractf128_ps::<1>(self.0));
            let x = _mm_add_ps(x, _mm_movehl_ps(x, x));
            _mm_cvtss_f32(_mm_add_ss(x, _mm_shuffle_ps::<1>(x, x)))
        })
    }
    #[inline(always)]
    fn largest(self) -> f32 {
        intrinsic!({
            let x = _mm_max_ps(_mm256_castps256_ps128(self.0), _mm256_extractf128_ps::<1>(self.0));
            let x = _mm_max_ps(x, _mm_movehl_ps(x, x));
            _mm_cvtss_f32(_mm_max_ss(x, _mm_shuffle_ps::<1>(x, x)))
        })
    }
);

vector!(F64x4(__m256d) M64x4 f64 u64 i64 4:
    _mm256_set1_pd _mm256_set1_epi64x _mm256_loadu_pd _mm256_storeu_pd _mm256_castpd_si256 _mm256_castsi256_pd
    _mm256_add_pd _mm256_sub_pd _mm256_mul_pd _mm256_div_pd _mm256_sqrt_pd _mm256_min_pd _mm256_max_pd
    _mm256_fmadd_pd _mm256_fnmadd_pd _mm256_and_pd _mm256_or_pd _mm256_xor_pd
    _mm256_add_epi64 _mm256_sub_epi64 _mm256_sllv_epi64 _mm256_srlv_epi64
    rest_256!(F64x4 M64x4 f64 i64: _mm256_set1_pd _mm256_cmp_pd _mm256_blendv_pd _mm256_round_pd
        _mm256_maskload_pd store_first_pd _mm256_cmpgt_epi64 _mm256_set1_epi64x
        _mm256_setr_epi64x(0, 1, 2, 3), _mm256_castsi256_pd);
    #[inline(always)]
    fn unzip(self, next: Self) -> (Self, Self) {
        let (low, high) = (intrinsic!(_mm256_unpacklo_pd(self.0, next.0)), intrinsic!(_mm256_unpackhi_pd(self.0, next.0)));
        let even = intrinsic!(_mm256_permute4x64_pd::<0b11_01_10_00>(low));
        (Self(even), Self(intrinsic!(_mm256_permute4x64_pd::<0b11_01_10_00>(high))))
    }
    #[inline(always)]
    fn zip(self, odd: Self) -> (Self, Self) {
        let (low, high) = (intrinsic!(_mm256_unpacklo_pd(self.0, odd.0)), intrinsic!(_mm256_unpackhi_pd(self.0, odd.0)));
        let first = intrinsic!(_mm256_permute2f128_pd::<0x20>(low, high));
        (Self(first), Self(intrinsic!(_mm256_permute2f128_pd::<0x31>(low, high))))
    }
    #[inline(always)]
    fn reduce_sum(self) -> f64 {
        intrinsic!({
            let x = _mm_add_pd(_mm256_castpd256_pd128(self.0), _mm256_extractf128_pd::<1>(self.0));
            _mm_cvtsd_f64(_mm_add_sd(x, _mm_unpackhi_pd(x, x)))
        })
    }
    #[inline(always)]
    fn largest(self) -> f64 {
        intrinsic!({
            let x = _mm_max_pd(_mm256_castpd256_pd128(self.0), _mm256_extractf128_pd::<1>(self.0));
            _mm_cvtsd_f64(_mm_max_sd(x, _mm_unpackhi_pd(x, x)))
        })
    }
);

vector!(F32x16(__m512) M32x16 f32 u32 i32 16:
    _mm512_set1_ps _mm512_set1_epi32 _mm512_loadu_ps _mm512_storeu_ps _mm512_castps_si512 _mm512_castsi512_ps
    _mm512_add_ps _mm512_sub_ps _mm512_mul_ps _mm512_div_ps _mm512_sqrt_ps _mm512_min_ps _mm512_max_ps
    _mm512_fmadd_ps _mm512_fnmadd_ps _mm512_and_ps _mm512_or_ps _mm512_xor_ps
    _mm512_add_epi32 _mm512_sub_epi32 _mm512_sllv_epi32 _mm512_srlv_epi32
    rest_512!(F32x16 M32x16 f32 __mmask16: _mm512_set1_ps _mm512_cmp_ps_mask _mm512_mask_blend_ps
        _mm512_roundscale_ps _mm512_scalef_ps _mm512_mask_loadu_ps _mm512_mask_storeu_ps);
    pairs_512!(_mm512_permutex2var_ps
        _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30),
        _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31),
        _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23),
        _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31));
    #[inline(always)]
    fn reduce_sum(self) -> f32 {
        let high = F32x8(intrinsic!(_mm512_extractf32x8_ps::<1>(self.0)));
        (F32x8(intrinsic!(_mm512_castps512_ps256(self.0))) + high).reduce_sum()
    }
    #[inline(always)]
    fn largest(self) -> f32 {
        let high = F32x8(intrinsic!(_mm512_extractf32x8_ps::<1>(self.0)));
        F32x8(intrinsic!(_mm512_castps512_ps256(self.0))).max(high).largest()
    }
);

vector!(F64x8(__m512d) M64x8 f64 u64 i64 8:
    _mm512_set1_pd _mm512_set1_epi64 _mm512_loadu_pd _mm512_storeu_pd _mm512_castpd_si512 _mm512_castsi512_pd
    _mm512_add_pd _mm512_sub_pd _mm512_mul_pd _mm512_div_pd _mm512_sqrt_pd _mm512_min_pd _mm512_max_pd
    _mm512_fmadd_pd _mm512_fnmadd_pd _mm512_and_pd _mm512_or_pd _mm512_xor_pd
    _mm512_add_epi64 _mm512_sub_epi64 _mm512_sllv_epi64 _mm512_srlv_epi64
    rest_512!(F64x8 M64x8 f64 __mmask8: _mm512_set1_pd _mm512_cmp_pd_mask _mm512_mask_blend_pd
        _mm512_roundscale_pd _mm512_scalef_pd _mm512_mask_loadu_pd _mm512_mask_storeu_pd);
    pairs_512!(_mm512_permutex2var_pd
        _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14), _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15),
        _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11), _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15));
    #[inline(always)]
    fn reduce_sum(self) -> f64 {
        let high = F64x4(intrinsic!(_mm512_extractf64x4_pd::<1>(self.0)));
        (F64x4(intrinsic!(_mm512_castpd512_pd256(self.0))) + high).reduce_sum()
    }
    #[inline(always)]
    fn largest(self) -> f64 {
        let high = F64x4(intrinsic!(_mm512_extractf64x4_pd::<1>(self.0)));
        F64x4(intrinsic!(_mm512_castpd512_pd256(self.0))).max(high).largest()
    }
);
