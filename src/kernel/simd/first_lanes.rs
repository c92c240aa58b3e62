//! Stores of the first lanes of 256-bit vectors.
//!
//! Not by the masked store of AVX: it takes 17 cycles on Zen 3, as much as a dozen of these stores.

use std::arch::x86_64::*;

/// Writes the first `n` lanes to `to`.
///
/// # Safety
/// The machine has AVX. `n` is at most 8, and `n` elements can be written.
#[inline(always)]
pub(crate) unsafe fn store_first_ps(mut to: *mut f32, n: usize, x: __m256) {
    // SAFETY: a store for each power of two in `n`, `n` elements in all.
    unsafe {
        if n & 8 != 0 {
            return _mm256_storeu_ps(to, x);
        }
        let mut left = _mm256_castps256_ps128(x);
        if n & 4 != 0 {
            _mm_storeu_ps(to, left);
            (to, left) = (to.add(4), _mm256_extractf128_ps::<1>(x));
        }
        if n & 2 != 0 {
            _mm_storel_pd(to.cast(), _mm_castps_pd(left));
            (to, left) = (to.add(2), _mm_movehl_ps(left, left));
        }
        if n & 1 != 0 {
            _mm_store_ss(to, left);
        }
    }
}

/// Writes the first `n` lanes to `to`.
///
/// # Safety
/// The machine has AVX. `n` is at most 4, and `n` elements can be written.
#[inline(always)]
pub(crate) unsafe fn store_first_pd(mut to: *mut f64, n: usize, x: __m256d) {
    // SAFETY: as above.
    unsafe {
        if n & 4 != 0 {
            return _mm256_storeu_pd(to, x);
        }
        let mut left = _mm256_castpd256_pd128(x);
        if n & 2 != 0 {
            _mm_storeu_pd(to, left);
            (to, left) = (to.add(2), _mm256_extractf128_pd::<1>(x));
        }
        if n & 1 != 0 {
            _mm_store_sd(to, left);
        }
    }
}
