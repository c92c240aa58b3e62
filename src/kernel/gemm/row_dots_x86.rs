//! One short row x by sixteen columns at a time: their sums end in one vector, which is finished and stored as it is.

use super::tile::Tile;
use std::arch::x86_64::*;

/// The columns whose sums are one vector.
pub(super) const COLUMNS: usize = 16;

/// `tile.columns`, a multiple of [`COLUMNS`], of one row: the products of x and of the columns of B, which are contiguous and
/// `b_step` apart. The bits are those of `tile::dots`.
///
/// # Safety
/// The machine has AVX-512. The pointers are valid for these sizes, and nothing else accesses this part of C.
#[inline(always)]
pub(super) unsafe fn row_dots(tile: &Tile<f32>) {
    let (k, x) = (tile.k, tile.a[0]);
    let left = k % COLUMNS;
    let mask = (1 << left) - 1;
    // SAFETY: the caller's promise: columns j.. are within B, C and the biases, and the mask selects what is left of x and of a
    // column.
    unsafe {
        for j in (0..tile.columns).step_by(COLUMNS) {
            let columns = tile.b.add(j * tile.b_step);
            let mut sums = [_mm512_setzero_ps(); COLUMNS];
            for at in (0..k - left).step_by(COLUMNS) {
                let x = _mm512_loadu_ps(x.add(at));
                for c in 0..COLUMNS {
                    let y = _mm512_loadu_ps(columns.add(c * tile.b_step + at));
                    sums[c] = _mm512_fmadd_ps(x, y, sums[c]);
                }
            }
            if left > 0 {
                let at = k - left;
                let x = _mm512_maskz_loadu_ps(mask, x.add(at));
                for c in 0..COLUMNS {
                    let y = _mm512_maskz_loadu_ps(mask, columns.add(c * tile.b_step + at));
                    sums[c] = _mm512_fmadd_ps(x, y, sums[c]);
                }
            }
            let mut sum = totals(sums);
            let to = tile.c.add(j);
            if tile.add {
                sum = _mm512_add_ps(_mm512_loadu_ps(to), sum);
            }
            if !tile.finish.columns.is_null() {
                sum = _mm512_add_ps(sum, _mm512_loadu_ps(tile.finish.columns.add(j)));
            }
            if !tile.finish.rows.is_null() {
                sum = _mm512_add_ps(sum, _mm512_set1_ps(*tile.finish.rows));
            }
            if tile.finish.relu {
                // NaN stays NaN, and -0 stays -0.
                sum = _mm512_maskz_mov_ps(_mm512_cmp_ps_mask::<_CMP_NLT_UQ>(sum, _mm512_setzero_ps()), sum);
            }
            _mm512_storeu_ps(to, sum);
        }
    }
}

/// The sum of each vector, halved until one element is left; those of several vectors lie in one as soon as they fit.
///
/// # Safety
/// The machine has AVX-512.
#[inline(always)]
unsafe fn totals(v: [__m512; COLUMNS]) -> __m512 {
    // SAFETY: the caller's promise.
    unsafe {
        let (a, b) = (quarters(v[0], v[1], v[2], v[3]), quarters(v[4], v[5], v[6], v[7]));
        let (c, d) = (quarters(v[8], v[9], v[10], v[11]), quarters(v[12], v[13], v[14], v[15]));
        let (a, b) = (pairs(a, b), pairs(c, d));
        let sums =
            _mm512_add_ps(_mm512_shuffle_ps::<0b10_00_10_00>(a, b), _mm512_shuffle_ps::<0b11_01_11_01>(a, b));
        // They are those of vectors 0, 4, 8, 12, 1, 5, ..
        let order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        _mm512_permutexvar_ps(order, sums)
    }
}

/// Elements 0 to 7 plus 8 to 15 of two vectors.
///
/// # Safety
/// As [`totals`].
#[inline(always)]
unsafe fn halves(a: __m512, b: __m512) -> __m512 {
    // SAFETY: the caller's promise.
    unsafe {
        _mm512_add_ps(
            _mm512_shuffle_f32x4::<0b01_00_01_00>(a, b),
            _mm512_shuffle_f32x4::<0b11_10_11_10>(a, b),
        )
    }
}

/// Elements 0 to 3 plus 4 to 7 of the halves of four vectors.
///
/// # Safety
/// As [`totals`].
#[inline(always)]
unsafe fn quarters(a: __m512, b: __m512, c: __m512, d: __m512) -> __m512 {
    // SAFETY: the caller's promise.
    unsafe {
        let (ab, cd) = (halves(a, b), halves(c, d));
        _mm512_add_ps(
            _mm512_shuffle_f32x4::<0b10_00_10_00>(ab, cd),
            _mm512_shuffle_f32x4::<0b11_01_11_01>(ab, cd),
        )
    }
}

/// Elements 0 and 1 plus 2 and 3 of the quarters of eight vectors: those of 0, 4; 1, 5; 2, 6; 3, 7.
///
/// # Safety
/// As [`totals`].
#[inline(always)]
unsafe fn pairs(a: __m512, b: __m512) -> __m512 {
    // SAFETY: the caller's promise.
    unsafe {
        let (a, b) = (_mm512_castps_pd(a), _mm512_castps_pd(b));
        let (low, high) = (_mm512_unpacklo_pd(a, b), _mm512_unpackhi_pd(a, b));
        _mm512_add_ps(_mm512_castpd_ps(low), _mm512_castpd_ps(high))
    }
}
