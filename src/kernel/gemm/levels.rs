//! The innermost loops of each element type at each level.

use super::tile::{Tile, dots, tile, transpose};
use super::vector::Vector;
use crate::kernel::simd::Level;

/// One tile. Unsafe as [`tile`] is.
pub(super) type TileFn<E> = unsafe fn(&Tile<E>);

/// `out[i * out_row + r] = x[i] · y[r]`, for the sizes (rows of x, k, rows of y), the contiguous rows of x and y with
/// their distances, and the result.
pub(super) type DotsFn<E> = unsafe fn([usize; 3], (*const E, usize), (*const E, usize), (*mut E, usize));
/// Unsafe as [`transpose`] is, whose arguments it takes.
pub(super) type TransposeFn<E> = unsafe fn([usize; 2], (*const E, usize), (*mut E, usize));

/// The loops of one level. They are called only if the machine has that level.
pub(super) struct Kernels<E: 'static> {
    /// The length of a vector.
    pub lanes: usize,
    /// Tiles of one vector of columns, with 1, 2, .. rows.
    pub narrow: &'static [TileFn<E>],
    /// Tiles of two vectors of columns, with 1, 2, .. rows.
    pub wide: &'static [TileFn<E>],
    /// Tiles of one row, with 1, 2, 4 and 8 vectors of columns.
    pub row: [TileFn<E>; 4],
    /// The dot products of one row with all others, and of a few rows: a function with loops for one row only begins faster.
    pub dots: [DotsFn<E>; 2],
    /// The same of one short row, finished and written to C, for columns in groups of so many.
    pub row_dots: Option<(usize, TileFn<E>)>,
    /// [`transpose`].
    pub transpose: TransposeFn<E>,
}

impl<E> Kernels<E> {
    /// The columns of a panel of B.
    pub(super) fn panel(&self) -> usize {
        2 * self.lanes
    }
}

/// Element types that have these loops.
pub trait Levels: Copy + Default + PartialOrd + std::ops::Add<Output = Self> + Send + Sync + 'static {
    #[doc(hidden)]
    #[expect(private_interfaces, reason = "the trait is public for `Gemm` only")]
    fn kernels(level: Level) -> &'static Kernels<Self>;
}

/// [`DotsFn`]: at most `MOST` rows of x at a time, in groups of nearly one size, with `R` rows of y at a time, then one.
///
/// # Safety
/// The machine has the instructions of `V`; the pointers are valid for the sizes.
#[inline(always)]
unsafe fn all_dots<V: Vector, const W: usize, const MOST: usize, const R: usize>(
    [m, k, n]: [usize; 3],
    (mut x, x_row): (*const V::Element, usize),
    y: (*const V::Element, usize),
    (mut out, out_row): (*mut V::Element, usize),
) {
    /// `M` rows of x and all rows of y.
    #[inline(always)]
    unsafe fn rows<V: Vector, const W: usize, const M: usize, const R: usize>(
        [k, n]: [usize; 2],
        x: (*const V::Element, usize),
        (y, y_row): (*const V::Element, usize),
        (out, out_row): (*mut V::Element, usize),
    ) {
        let mut r = 0;
        // SAFETY: `r` plus the rows that are read stays within `n`.
        unsafe {
            while r + R <= n {
                let sums = dots::<V, W, M, R>(k, x, (y.add(r * y_row), y_row));
                for m in 0..M {
                    let to = out.add(m * out_row + r).cast::<[V::Element; R]>();
                    to.write(*sums[m].as_ptr().cast());
                }
                r += R;
            }
            while r < n {
                let sums = dots::<V, W, M, 1>(k, x, (y.add(r * y_row), y_row));
                for m in 0..M {
                    *out.add(m * out_row + r) = sums[m][0];
                }
                r += 1;
            }
        }
    }
    let mut left = m;
    while left > 0 {
        // Groups of nearly one size.
        let here = if left <= MOST { left } else { left.div_ceil(left.div_ceil(MOST)) };
        let (from, to) = ((x, x_row), (out, out_row));
        // SAFETY: `here` rows of x are left at `x` and at `out`.
        unsafe {
            match here {
                6 if MOST >= 6 => rows::<V, W, 6, R>([k, n], from, y, to),
                5 if MOST >= 5 => rows::<V, W, 5, R>([k, n], from, y, to),
                4 if MOST >= 4 => rows::<V, W, 4, R>([k, n], from, y, to),
                3 if MOST >= 3 => rows::<V, W, 3, R>([k, n], from, y, to),
                2 if MOST >= 2 => rows::<V, W, 2, R>([k, n], from, y, to),
                _ => rows::<V, W, 1, 4>([k, n], from, y, to),
            }
        }
        (x, out) = (x.wrapping_add(here * x_row), out.wrapping_add(here * out_row));
        left -= here;
    }
}

macro_rules! kernels {
    ($name:ident, $(#[$feature:meta])* $t:ty, $v:ty, [$w:literal $most:literal $r:literal], $row_dots:expr,
     narrow: $($narrow:literal)*, wide: $($wide:literal)*) => {
        static $name: Kernels<$t> = {
            $(#[$feature])*
            unsafe fn of<const M: usize, const N: usize>(t: &Tile<$t>) {
                // SAFETY: the caller's promise; the features are those of the vector.
                unsafe { tile::<$v, M, N>(t) }
            }
            $(#[$feature])*
            unsafe fn dots(sizes: [usize; 3], x: (*const $t, usize), y: (*const $t, usize), out: (*mut $t, usize)) {
                // SAFETY: as above.
                unsafe { all_dots::<$v, $w, $most, $r>(sizes, x, y, out) }
            }
            $(#[$feature])*
            unsafe fn dots_of_one(
                sizes: [usize; 3],
                x: (*const $t, usize),
                y: (*const $t, usize),
                out: (*mut $t, usize),
            ) {
                // SAFETY: as above.
                unsafe { all_dots::<$v, $w, 1, $r>(sizes, x, y, out) }
            }
            $(#[$feature])*
            unsafe fn turn(sizes: [usize; 2], from: (*const $t, usize), to: (*mut $t, usize)) {
                // SAFETY: as above.
                unsafe { transpose::<$v>(sizes, from, to) }
            }
            Kernels {
                lanes: <$v as Vector>::LEN,
                narrow: &[$(of::<$narrow, 1>),*],
                wide: &[$(of::<$wide, 2>),*],
                row: [of::<1, 1>, of::<1, 2>, of::<1, 4>, of::<1, 8>],
                dots: [dots_of_one, dots],
                row_dots: $row_dots,
                transpose: turn,
            }
        };
    };
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::super::row_dots_x86;
    use super::*;
    use std::arch::x86_64::{__m128, __m128d, __m256, __m256d, __m512, __m512d};

    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
    unsafe fn row_dots(t: &Tile<f32>) {
        // SAFETY: the caller's promise; the features are those that it needs.
        unsafe { row_dots_x86::row_dots(t) }
    }

    kernels!(F32_512, #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")] f32, __m512, [1 6 4],
        Some((row_dots_x86::COLUMNS, row_dots)),
        narrow: 1 2 3 4 5 6 7 8 9 10 11 12, wide: 1 2 3 4 5 6 7 8 9 10 11 12);
    kernels!(F64_512, #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")] f64, __m512d, [1 6 4], None,
        narrow: 1 2 3 4 5 6 7 8 9 10 11 12, wide: 1 2 3 4 5 6 7 8 9 10 11 12);
    kernels!(F32_256, #[target_feature(enable = "avx2,fma")] f32, __m256, [2 3 2], None,
        narrow: 1 2 3 4 5 6 7 8, wide: 1 2 3 4 5 6);
    kernels!(F64_256, #[target_feature(enable = "avx2,fma")] f64, __m256d, [2 3 2], None,
        narrow: 1 2 3 4 5 6 7 8, wide: 1 2 3 4 5 6);

    kernels!(F32, f32, __m128, [4 1 4], None, narrow: 1 2 3 4, wide: 1 2 3 4);
    kernels!(F64, f64, __m128d, [4 1 4], None, narrow: 1 2 3 4, wide: 1 2 3 4);

    pub(super) fn f32(level: Level) -> &'static Kernels<f32> {
        match level {
            Level::Avx512 => &F32_512,
            Level::Avx2 => &F32_256,
            Level::Baseline => &F32,
        }
    }
    pub(super) fn f64(level: Level) -> &'static Kernels<f64> {
        match level {
            Level::Avx512 => &F64_512,
            Level::Avx2 => &F64_256,
            Level::Baseline => &F64,
        }
    }
}

#[cfg(any(test, not(target_arch = "x86_64")))]
mod portable {
    use super::super::vector::Portable;
    use super::*;
    kernels!(F32, f32, Portable<f32, 4>, [4 1 4], None, narrow: 1 2 3 4, wide: 1 2 3 4);
    kernels!(F64, f64, Portable<f64, 2>, [4 1 4], None, narrow: 1 2 3 4, wide: 1 2 3 4);

    pub(super) fn f32() -> &'static Kernels<f32> {
        &F32
    }
    pub(super) fn f64() -> &'static Kernels<f64> {
        &F64
    }
}

// Whether this thread takes the loops of other machines than this one.
#[cfg(test)]
thread_local!(pub(super) static PORTABLE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) });

macro_rules! impl_levels {
    ($t:ident) => {
        impl Levels for $t {
            #[expect(private_interfaces, reason = "the trait is public for `Gemm` only")]
            fn kernels(level: Level) -> &'static Kernels<$t> {
                #[cfg(test)]
                if PORTABLE.get() {
                    return portable::$t();
                }
                #[cfg(target_arch = "x86_64")]
                return x86::$t(level);
                #[cfg(not(target_arch = "x86_64"))]
                {
                    let _ = level;
                    portable::$t()
                }
            }
        }
    };
}
impl_levels!(f32);
impl_levels!(f64);
