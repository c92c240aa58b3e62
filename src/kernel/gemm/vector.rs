//! Vectors of elements, one type per level.
//!
//! This trait is not [`simd::Vector`](crate::kernel::simd::Vector), for three reasons. The columns that are left of a tile are
//! selected by a mask that is made once for all k loads; a partial load there makes its mask each time and blends a filling
//! value in. Tiles at the baseline of AArch64 multiply and add with one rounding, which elementary functions do not. And
//! tiles are functions in a table, chosen by the sizes of a product, where a [`Kernel`](crate::kernel::simd::Kernel) is
//! generic over the level. The operations that both need, loads and arithmetic, are one intrinsic each.

/// A vector of `LEN` elements.
///
/// # Safety
/// Every function needs the instructions of the level that the vector belongs to, and valid pointers.
pub(super) trait Vector: Copy {
    type Element: Copy + Default;
    /// Selects the first lanes.
    type Mask: Copy;
    const LEN: usize;
    /// Selects the first `len` lanes, for `len` up to `LEN`.
    unsafe fn first(len: usize) -> Self::Mask;
    unsafe fn zero() -> Self;
    unsafe fn splat(x: Self::Element) -> Self;
    unsafe fn load(from: *const Self::Element) -> Self;
    /// Zero where the mask does not select; nothing is read there.
    unsafe fn load_first(from: *const Self::Element, mask: Self::Mask) -> Self;
    unsafe fn store(self, to: *mut Self::Element);
    /// Nothing is written where the mask does not select.
    unsafe fn store_first(self, to: *mut Self::Element, mask: Self::Mask);
    /// `self + a * b`, rounded once where the level has FMA.
    unsafe fn fused(self, a: Self, b: Self) -> Self;
    unsafe fn add(self, other: Self) -> Self;
    /// The larger of each lane and 0; NaN stays NaN.
    unsafe fn relu(self) -> Self;
    /// The sum of the lanes of each vector: the upper half is added to the lower one until one lane is left.
    unsafe fn sums(vectors: [Self; 4]) -> [Self::Element; 4];
    /// The side of the blocks of [`transpose`](Self::transpose).
    const SIDE: usize;
    /// Transposes a block: `to[r * to_row + c] = from[c * apart + r]`.
    unsafe fn transpose(from: *const Self::Element, apart: usize, to: *mut Self::Element, to_row: usize);
    /// Transposes a matrix that is narrower than a block.
    unsafe fn transpose_narrow(
        sizes: [usize; 2],
        from: (*const Self::Element, usize),
        to: (*mut Self::Element, usize),
    );
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Vector;
    use crate::kernel::gemm::tile::{transpose, transpose_elements};
    use crate::kernel::gemm::transpose_x86::*;
    use crate::kernel::simd::{store_first_pd, store_first_ps};
    use std::arch::x86_64::*;

    macro_rules! impl_vector {
        ($vector:ty, $element:ty, $mask:ty, $len:literal, $first:expr, $zero:ident $splat:ident $load:ident
         $store:ident $fused:ident $add:ident $max:ident, $load_first:expr, $store_first:expr, $sums:ident,
         $side:literal $transpose:ident, $narrow:expr) => {
            // SAFETY (all functions): the caller has the instructions of this level, and pointers that are valid for the
            // lanes that are read or written; unaligned forms are used throughout.
            #[allow(clippy::undocumented_unsafe_blocks, reason = "one proof for all, above")]
            impl Vector for $vector {
                type Element = $element;
                type Mask = $mask;
                const LEN: usize = $len;
                #[inline(always)]
                unsafe fn first(len: usize) -> $mask {
                    unsafe { $first(len) }
                }
                #[inline(always)]
                unsafe fn zero() -> Self {
                    unsafe { $zero() }
                }
                #[inline(always)]
                unsafe fn splat(x: $element) -> Self {
                    unsafe { $splat(x) }
                }
                #[inline(always)]
                unsafe fn load(from: *const $element) -> Self {
                    unsafe { $load(from) }
                }
                #[inline(always)]
                unsafe fn load_first(from: *const $element, mask: $mask) -> Self {
                    unsafe { $load_first(from, mask) }
                }
                #[inline(always)]
                unsafe fn store(self, to: *mut $element) {
                    unsafe { $store(to, self) }
                }
                #[inline(always)]
                unsafe fn store_first(self, to: *mut $element, mask: $mask) {
                    unsafe { $store_first(to, mask, self) }
                }
                #[inline(always)]
                unsafe fn fused(self, a: Self, b: Self) -> Self {
                    unsafe { $fused(a, b, self) }
                }
                #[inline(always)]
                unsafe fn add(self, other: Self) -> Self {
                    unsafe { $add(self, other) }
                }
                #[inline(always)]
                unsafe fn relu(self) -> Self {
                    // The second operand is the result where one is NaN.
                    unsafe { $max($zero(), self) }
                }
                #[inline(always)]
                unsafe fn sums(vectors: [Self; 4]) -> [$element; 4] {
                    unsafe { $sums(vectors) }
                }
                const SIDE: usize = $side;
                #[inline(always)]
                unsafe fn transpose(from: *const $element, apart: usize, to: *mut $element, to_row: usize) {
                    unsafe { $transpose(from, apart, to, to_row) }
                }
                #[inline(always)]
                unsafe fn transpose_narrow(
                    sizes: [usize; 2],
                    from: (*const $element, usize),
                    to: (*mut $element, usize),
                ) {
                    unsafe { $narrow(sizes, from, to) }
                }
            }
        };
    }

    /// 2⁰ + .. of the first `len` lanes.
    #[inline(always)]
    fn bits(len: usize) -> u32 {
        (1 << len) - 1
    }
    #[inline(always)]
    unsafe fn first16(len: usize) -> __mmask16 {
        bits(len) as u16
    }
    #[inline(always)]
    unsafe fn first8(len: usize) -> __mmask8 {
        bits(len) as u8
    }
    impl_vector!(__m512, f32, __mmask16, 16, first16, _mm512_setzero_ps _mm512_set1_ps _mm512_loadu_ps
        _mm512_storeu_ps _mm512_fmadd_ps _mm512_add_ps _mm512_max_ps,
        |from, mask| _mm512_maskz_loadu_ps(mask, from),
        |to, mask, x| _mm512_mask_storeu_ps(to, mask, x), sums_16, 16 transpose_16, transpose::<__m256>);
    impl_vector!(__m512d, f64, __mmask8, 8, first8, _mm512_setzero_pd _mm512_set1_pd _mm512_loadu_pd
        _mm512_storeu_pd _mm512_fmadd_pd _mm512_add_pd _mm512_max_pd,
        |from, mask| _mm512_maskz_loadu_pd(mask, from),
        |to, mask, x| _mm512_mask_storeu_pd(to, mask, x), sums_8, 8 transpose_8_64, transpose::<__m256d>);

    // SAFETY (four functions): called by the vectors of their level only, and pure but for the store to a local array.
    #[inline(always)]
    unsafe fn sums_16([a, b, c, d]: [__m512; 4]) -> [f32; 4] {
        // SAFETY: above.
        unsafe {
            let half = |x| _mm256_add_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps::<1>(x));
            sums_8_32([half(a), half(b), half(c), half(d)])
        }
    }
    #[inline(always)]
    unsafe fn sums_8_32([a, b, c, d]: [__m256; 4]) -> [f32; 4] {
        // SAFETY: above.
        unsafe {
            let half = |x| _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps::<1>(x));
            let (a, b, c, d) = (half(a), half(b), half(c), half(d));
            // Lanes 0 and 1 plus lanes 2 and 3: a0 a1 b0 b1, and c0 c1 d0 d1.
            let ab = _mm_add_ps(_mm_movelh_ps(a, b), _mm_movehl_ps(b, a));
            let cd = _mm_add_ps(_mm_movelh_ps(c, d), _mm_movehl_ps(d, c));
            let sums =
                _mm_add_ps(_mm_shuffle_ps::<0b10_00_10_00>(ab, cd), _mm_shuffle_ps::<0b11_01_11_01>(ab, cd));
            let mut out = [0.0; 4];
            _mm_storeu_ps(out.as_mut_ptr(), sums);
            out
        }
    }
    #[inline(always)]
    unsafe fn sums_8([a, b, c, d]: [__m512d; 4]) -> [f64; 4] {
        // SAFETY: above.
        unsafe {
            let half = |x| _mm256_add_pd(_mm512_castpd512_pd256(x), _mm512_extractf64x4_pd::<1>(x));
            sums_4([half(a), half(b), half(c), half(d)])
        }
    }
    #[inline(always)]
    unsafe fn sums_4([a, b, c, d]: [__m256d; 4]) -> [f64; 4] {
        // SAFETY: above.
        unsafe {
            let half = |x| _mm_add_pd(_mm256_castpd256_pd128(x), _mm256_extractf128_pd::<1>(x));
            let (a, b, c, d) = (half(a), half(b), half(c), half(d));
            let mut out = [0.0; 4];
            _mm_storeu_pd(out.as_mut_ptr(), _mm_add_pd(_mm_unpacklo_pd(a, b), _mm_unpackhi_pd(a, b)));
            _mm_storeu_pd(out.as_mut_ptr().add(2), _mm_add_pd(_mm_unpacklo_pd(c, d), _mm_unpackhi_pd(c, d)));
            out
        }
    }

    /// The first lanes, for loads by a mask and stores by their number.
    #[derive(Clone, Copy)]
    pub(in super::super) struct First {
        len: usize,
        mask: __m256i,
    }

    static ONES_THEN_ZEROS_32: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];
    static ONES_THEN_ZEROS_64: [i64; 8] = [-1, -1, -1, -1, 0, 0, 0, 0];
    #[inline(always)]
    unsafe fn first_32(len: usize) -> First {
        debug_assert!(len <= 8);
        // SAFETY: `len` is at most 8, so 8 of the 16 integers begin at 8 - `len`.
        First { len, mask: unsafe { _mm256_loadu_si256(ONES_THEN_ZEROS_32.as_ptr().add(8 - len).cast()) } }
    }
    #[inline(always)]
    unsafe fn first_64(len: usize) -> First {
        debug_assert!(len <= 4);
        // SAFETY: `len` is at most 4, so 4 of the 8 integers begin at 4 - `len`.
        First { len, mask: unsafe { _mm256_loadu_si256(ONES_THEN_ZEROS_64.as_ptr().add(4 - len).cast()) } }
    }
    impl_vector!(__m256, f32, First, 8, first_32, _mm256_setzero_ps _mm256_set1_ps _mm256_loadu_ps
        _mm256_storeu_ps _mm256_fmadd_ps _mm256_add_ps _mm256_max_ps,
        |from, first: First| _mm256_maskload_ps(from, first.mask),
        |to, first: First, x| store_first_ps(to, first.len, x), sums_8_32, 8 transpose_8, transpose_elements);
    impl_vector!(__m256d, f64, First, 4, first_64, _mm256_setzero_pd _mm256_set1_pd _mm256_loadu_pd
        _mm256_storeu_pd _mm256_fmadd_pd _mm256_add_pd _mm256_max_pd,
        |from, first: First| _mm256_maskload_pd(from, first.mask),
        |to, first: First, x| store_first_pd(to, first.len, x), sums_4, 4 transpose_4, transpose_elements);

    // The baseline: the intrinsics of SSE2, with a product and a sum in place of a multiply-add.
    macro_rules! impl_128 {
        ($vector:ty, $t:ty, $len:literal, $zero:ident $set1:ident $loadu:ident $storeu:ident $add:ident $mul:ident $max:ident,
         $load_first:ident $store_first:ident $fused:ident $sums:ident $transpose:ident) => {
            #[inline(always)]
            unsafe fn $load_first(from: *const $t, len: usize) -> $vector {
                let mut lanes = [0.0; $len];
                // SAFETY: the caller's pointer is valid for the lanes below `len`; the array has all lanes.
                unsafe {
                    for i in 0..$len {
                        if i < len {
                            lanes[i] = *from.add(i);
                        }
                    }
                    $loadu(lanes.as_ptr())
                }
            }
            #[inline(always)]
            unsafe fn $store_first(to: *mut $t, len: usize, x: $vector) {
                let mut lanes = [0.0; $len];
                // SAFETY: as above.
                unsafe {
                    $storeu(lanes.as_mut_ptr(), x);
                    for i in 0..$len {
                        if i < len {
                            *to.add(i) = lanes[i];
                        }
                    }
                }
            }
            #[inline(always)]
            unsafe fn $fused(a: $vector, b: $vector, sum: $vector) -> $vector {
                // SAFETY: every x86-64 has SSE2.
                unsafe { $add(sum, $mul(a, b)) }
            }
            /// A block of 4 x 4.
            #[inline(always)]
            unsafe fn $transpose(from: *const $t, apart: usize, to: *mut $t, to_row: usize) {
                for c in 0..4 {
                    for r in 0..4 {
                        // SAFETY: the caller's blocks are valid for four parts of four elements.
                        unsafe { *to.add(r * to_row + c) = *from.add(c * apart + r) };
                    }
                }
            }
            impl_vector!($vector, $t, usize, $len, number, $zero $set1 $loadu $storeu $fused $add $max,
                $load_first, $store_first, $sums, 4 $transpose, transpose_elements);
        };
    }
    /// As a mask: the number of lanes.
    ///
    /// # Safety
    /// None; unsafe as the masks of the other levels.
    #[inline(always)]
    unsafe fn number(len: usize) -> usize {
        len
    }
    #[inline(always)]
    unsafe fn sums_4_32([a, b, c, d]: [__m128; 4]) -> [f32; 4] {
        // SAFETY: every x86-64 has SSE2, and the array has four lanes.
        unsafe {
            // Lanes 0 and 1 plus lanes 2 and 3, as in `sums_8_32`.
            let ab = _mm_add_ps(_mm_movelh_ps(a, b), _mm_movehl_ps(b, a));
            let cd = _mm_add_ps(_mm_movelh_ps(c, d), _mm_movehl_ps(d, c));
            let sums =
                _mm_add_ps(_mm_shuffle_ps::<0b10_00_10_00>(ab, cd), _mm_shuffle_ps::<0b11_01_11_01>(ab, cd));
            let mut out = [0.0; 4];
            _mm_storeu_ps(out.as_mut_ptr(), sums);
            out
        }
    }
    #[inline(always)]
    unsafe fn sums_2([a, b, c, d]: [__m128d; 4]) -> [f64; 4] {
        let mut out = [0.0; 4];
        // SAFETY: the array has four lanes.
        unsafe {
            _mm_storeu_pd(out.as_mut_ptr(), _mm_add_pd(_mm_unpacklo_pd(a, b), _mm_unpackhi_pd(a, b)));
            _mm_storeu_pd(out.as_mut_ptr().add(2), _mm_add_pd(_mm_unpacklo_pd(c, d), _mm_unpackhi_pd(c, d)));
        }
        out
    }
    impl_128!(__m128, f32, 4, _mm_setzero_ps _mm_set1_ps _mm_loadu_ps _mm_storeu_ps _mm_add_ps _mm_mul_ps _mm_max_ps,
        load_first_4 store_first_4 fused_4 sums_4_32 transpose_4_32);
    impl_128!(__m128d, f64, 2, _mm_setzero_pd _mm_set1_pd _mm_loadu_pd _mm_storeu_pd _mm_add_pd _mm_mul_pd _mm_max_pd,
        load_first_2 store_first_2 fused_2 sums_2 transpose_4_64);
}

/// A vector for machines other than x86-64: the compiler chooses the instructions. Tests compile it on every machine.
#[cfg(any(test, not(target_arch = "x86_64")))]
#[derive(Clone, Copy)]
pub(super) struct Portable<E, const LEN: usize>([E; LEN]);

#[cfg(any(test, not(target_arch = "x86_64")))]
macro_rules! impl_portable {
    ($t:ty, $len:literal) => {
        impl Vector for Portable<$t, $len> {
            type Element = $t;
            type Mask = usize;
            const LEN: usize = $len;
            #[inline(always)]
            unsafe fn first(len: usize) -> usize {
                len
            }
            #[inline(always)]
            unsafe fn zero() -> Self {
                Portable([0.0; $len])
            }
            #[inline(always)]
            unsafe fn splat(x: $t) -> Self {
                Portable([x; $len])
            }
            #[inline(always)]
            unsafe fn load(from: *const $t) -> Self {
                // SAFETY: the caller's pointer is valid for all lanes; an array has the alignment of its elements.
                Portable(unsafe { from.cast::<[$t; $len]>().read() })
            }
            #[inline(always)]
            unsafe fn load_first(from: *const $t, len: usize) -> Self {
                let mut x = [0.0; $len];
                // SAFETY: the caller's pointer is valid for the first `len` lanes, which are at most all.
                unsafe { std::ptr::copy_nonoverlapping(from, x.as_mut_ptr(), len) };
                Portable(x)
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $t) {
                // SAFETY: as in `load`.
                unsafe { to.cast::<[$t; $len]>().write(self.0) };
            }
            #[inline(always)]
            unsafe fn store_first(self, to: *mut $t, len: usize) {
                // SAFETY: as in `load_first`.
                unsafe { std::ptr::copy_nonoverlapping(self.0.as_ptr(), to, len) };
            }
            #[inline(always)]
            unsafe fn fused(self, a: Self, b: Self) -> Self {
                let mut sum = self.0;
                for (sum, (a, b)) in sum.iter_mut().zip(a.0.into_iter().zip(b.0)) {
                    *sum = if cfg!(any(target_feature = "fma", target_arch = "aarch64")) {
                        a.mul_add(b, *sum)
                    } else {
                        *sum + a * b
                    };
                }
                Portable(sum)
            }
            #[inline(always)]
            unsafe fn add(self, other: Self) -> Self {
                let mut sum = self.0;
                for (sum, x) in sum.iter_mut().zip(other.0) {
                    *sum += x;
                }
                Portable(sum)
            }
            #[inline(always)]
            unsafe fn relu(self) -> Self {
                let mut out = self.0;
                for x in &mut out {
                    *x = if *x < 0.0 { 0.0 } else { *x };
                }
                Portable(out)
            }
            #[inline(always)]
            unsafe fn sums(vectors: [Self; 4]) -> [$t; 4] {
                let mut out = [0.0; 4];
                for (out, Portable(mut x)) in out.iter_mut().zip(vectors) {
                    let mut half = $len / 2;
                    while half > 0 {
                        for i in 0..half {
                            x[i] += x[i + half];
                        }
                        half /= 2;
                    }
                    *out = x[0];
                }
                out
            }
            const SIDE: usize = 4;
            #[inline(always)]
            unsafe fn transpose(from: *const $t, apart: usize, to: *mut $t, to_row: usize) {
                for c in 0..4 {
                    for r in 0..4 {
                        // SAFETY: the caller's blocks are valid for four parts of four elements.
                        unsafe { *to.add(r * to_row + c) = *from.add(c * apart + r) };
                    }
                }
            }
            #[inline(always)]
            unsafe fn transpose_narrow(sizes: [usize; 2], from: (*const $t, usize), to: (*mut $t, usize)) {
                // SAFETY: the caller's promise.
                unsafe { super::tile::transpose_elements(sizes, from, to) }
            }
        }
    };
}
#[cfg(any(test, not(target_arch = "x86_64")))]
impl_portable!(f32, 4);
#[cfg(any(test, not(target_arch = "x86_64")))]
impl_portable!(f64, 2);
