//! Transposes of square blocks in registers: `to[r * to_row + c] = from[c * apart + r]`.
//!
//! A vector is put together from parts of several columns, so that four of them are transposed within their quarters and
//! stored as whole rows. A row of a block of AVX-512 is a line of the cache, which is written once.

use std::arch::x86_64::*;

/// A block of 16 x 16.
#[inline(always)]
pub(super) unsafe fn transpose_16(from: *const f32, apart: usize, to: *mut f32, to_row: usize) {
    // SAFETY: the caller's blocks are valid for sixteen parts of sixteen elements.
    unsafe {
        // The quarters of a vector take four elements each, from parts c, c + 4, c + 8 and c + 12.
        let load = |c: usize, r: usize| {
            let quarter = |i: usize| _mm_loadu_ps(from.add((c + 4 * i) * apart + r));
            let x = _mm512_castps128_ps512(quarter(0));
            let x = _mm512_insertf32x4::<1>(x, quarter(1));
            _mm512_insertf32x4::<3>(_mm512_insertf32x4::<2>(x, quarter(2)), quarter(3))
        };
        let store = |r: usize, x| _mm512_storeu_ps(to.add(r * to_row), x);
        for r in [0, 4, 8, 12] {
            let (a, b, c, d) = (load(0, r), load(1, r), load(2, r), load(3, r));
            let (ab, ab_high) = (_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
            let (cd, cd_high) = (_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
            store(r, _mm512_shuffle_ps::<0b01_00_01_00>(ab, cd));
            store(r + 1, _mm512_shuffle_ps::<0b11_10_11_10>(ab, cd));
            store(r + 2, _mm512_shuffle_ps::<0b01_00_01_00>(ab_high, cd_high));
            store(r + 3, _mm512_shuffle_ps::<0b11_10_11_10>(ab_high, cd_high));
        }
    }
}
/// A block of 8 x 8.
#[inline(always)]
pub(super) unsafe fn transpose_8_64(from: *const f64, apart: usize, to: *mut f64, to_row: usize) {
    // SAFETY: the caller's blocks are valid for eight parts of eight elements.
    unsafe {
        let load = |c: usize, r: usize| {
            let quarter = |i: usize| _mm_loadu_pd(from.add((c + 2 * i) * apart + r));
            let x = _mm512_castpd128_pd512(quarter(0));
            let x = _mm512_insertf64x2::<1>(x, quarter(1));
            _mm512_insertf64x2::<3>(_mm512_insertf64x2::<2>(x, quarter(2)), quarter(3))
        };
        for r in [0, 2, 4, 6] {
            let (a, b) = (load(0, r), load(1, r));
            _mm512_storeu_pd(to.add(r * to_row), _mm512_unpacklo_pd(a, b));
            _mm512_storeu_pd(to.add((r + 1) * to_row), _mm512_unpackhi_pd(a, b));
        }
    }
}
/// A block of 8 x 8.
#[inline(always)]
pub(super) unsafe fn transpose_8(from: *const f32, apart: usize, to: *mut f32, to_row: usize) {
    // SAFETY: the caller's blocks are valid for eight parts of eight elements.
    unsafe {
        // Both halves of a vector take four elements, from parts c and c + 4.
        let load = |c: usize, r: usize| {
            let low = _mm256_castps128_ps256(_mm_loadu_ps(from.add(c * apart + r)));
            _mm256_insertf128_ps::<1>(low, _mm_loadu_ps(from.add((c + 4) * apart + r)))
        };
        let store = |r: usize, x| _mm256_storeu_ps(to.add(r * to_row), x);
        for r in [0, 4] {
            let (a, b, c, d) = (load(0, r), load(1, r), load(2, r), load(3, r));
            let (ab, ab_high) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
            let (cd, cd_high) = (_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
            store(r, _mm256_shuffle_ps::<0b01_00_01_00>(ab, cd));
            store(r + 1, _mm256_shuffle_ps::<0b11_10_11_10>(ab, cd));
            store(r + 2, _mm256_shuffle_ps::<0b01_00_01_00>(ab_high, cd_high));
            store(r + 3, _mm256_shuffle_ps::<0b11_10_11_10>(ab_high, cd_high));
        }
    }
}
/// A block of 4 x 4.
#[inline(always)]
pub(super) unsafe fn transpose_4(from: *const f64, apart: usize, to: *mut f64, to_row: usize) {
    // SAFETY: the caller's blocks are valid for four parts of four elements.
    unsafe {
        let load = |c: usize, r: usize| {
            let low = _mm256_castpd128_pd256(_mm_loadu_pd(from.add(c * apart + r)));
            _mm256_insertf128_pd::<1>(low, _mm_loadu_pd(from.add((c + 2) * apart + r)))
        };
        for r in [0, 2] {
            let (a, b) = (load(0, r), load(1, r));
            _mm256_storeu_pd(to.add(r * to_row), _mm256_unpacklo_pd(a, b));
            _mm256_storeu_pd(to.add((r + 1) * to_row), _mm256_unpackhi_pd(a, b));
        }
    }
}
