//! The instruction sets. Only this module knows which vectors the machine has; a *level* is one of its instruction sets:
//! the baseline, AVX2 with FMA, or AVX-512.
//!
//! A [`Kernel`] is written once, generic over [`Simd`]; [`dispatch`] runs it at the best level of the machine, inside a
//! function that has the target features of the level. Whatever is `#[inline(always)]` in `run` is compiled with them:
//! plain loops over slices are vectorized at the width of the level, without a mention of [`Vector`]; products,
//! reductions and polynomials use vectors explicitly, since the optimizer is not reliable there.
//!
//! # Rules for kernels
//! - `run` and every function that it calls in its loops are `#[inline(always)]`; what is not inlined is compiled for
//!   the baseline. `core`'s array `map` and `from_fn`, an iterator's `fold` and a closure that is passed by reference may
//!   not be inlined: `nm -C` of the library then lists the intrinsics that they call (`core_arch`).
//! - [`Vector::mul_add`] is one rounding where [`Vector::FMA`], two elsewhere; never `f32::mul_add`, which is a call of
//!   `fmaf` at the baseline.
//! - Loops over functions of many instructions use [`SimdFloat::Long`], which is two vectors with AVX2 and four with
//!   AVX-512: see [`two`].
//! - The levels with FMA are bit-identical; see [`row`] for sums that do not depend on the number of lanes.
//! - Call `dispatch` for each operation, not for each row: it costs a few nanoseconds and is not inlined.
//!
//! # Safety
//! [`Avx2`](x86::Avx2) and [`Avx512`](x86::Avx512) are private to this module. Code outside of it reaches their vectors
//! only through the `S` of a `Kernel::run`, and `dispatch` chooses an `S` only after the machine was found to have it.
//! Every call of an intrinsic in `x86` relies on this.

#[cfg(target_arch = "x86_64")]
#[macro_use]
mod avx512_macros;
mod fetch;
#[cfg(target_arch = "x86_64")]
mod first_lanes;
#[cfg(any(test, not(target_arch = "x86_64")))]
mod portable;
mod row;
#[cfg(target_arch = "x86_64")]
mod sse2;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod two;
mod vector;
#[cfg(target_arch = "x86_64")]
mod x86;

use std::fmt::{self, Display, Formatter};
use std::sync::atomic::{AtomicU8, Ordering};

pub(crate) use fetch::{fetch, fetch_next};
#[cfg(target_arch = "x86_64")]
pub(crate) use first_lanes::{store_first_pd, store_first_ps};
pub(crate) use row::{
    Leaf, MOST, Term, UNROLLED, dot, halve, max, max_number, min, pairwise, product, product_of_all, sum,
    sum_of,
};
pub(crate) use vector::{Mask, SimdFloat, Vector};

/// At least as many lanes as a vector of long functions has.
pub(crate) const MOST_LANES: usize = 64;

/// An instruction set, from the poorest to the richest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// The instructions of every machine of the target: SSE2 on x86-64, NEON on AArch64.
    Baseline,
    /// 256-bit vectors with FMA.
    Avx2,
    /// 512-bit vectors: AVX-512 F, BW, DQ and VL.
    Avx512,
}

impl Level {
    /// The levels, from the poorest to the richest.
    pub const ALL: [Self; 3] = [Self::Baseline, Self::Avx2, Self::Avx512];

    /// Its name, as the environment variable `TYPEGRAD_LEVEL` takes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    /// The best level of this machine.
    fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            let avx512 = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl");
            return if avx512 { Self::Avx512 } else { Self::Avx2 };
        }
        Self::Baseline
    }
}

impl Display for Level {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The level of the process, and 1; 0 until it is known.
static LEVEL: AtomicU8 = AtomicU8::new(0);

/// The machine's best level, or a poorer one that `TYPEGRAD_LEVEL` asks for.
#[cold]
fn choose() -> Level {
    let best = Level::detect();
    let asked = std::env::var("TYPEGRAD_LEVEL").ok();
    let asked = asked.and_then(|name| Level::ALL.into_iter().find(|level| level.name() == name));
    let level = asked.map_or(best, |level| level.min(best));
    LEVEL.store(level as u8 + 1, Ordering::Relaxed);
    level
}

/// The level of the process.
fn chosen() -> Level {
    // Inlined into each `dispatch`, so no more than a load and a comparison.
    match LEVEL.load(Ordering::Relaxed) {
        1 => Level::Baseline,
        2 => Level::Avx2,
        3 => Level::Avx512,
        _ => choose(),
    }
}

#[cfg(test)]
thread_local!(static FORCED: std::cell::Cell<Option<Level>> = const { std::cell::Cell::new(None) });

/// The level at which [`dispatch`] runs kernels on this thread.
pub(crate) fn level() -> Level {
    #[cfg(test)]
    if let Some(level) = FORCED.get() {
        return level;
    }
    chosen()
}

/// Runs `f` at `level`, or at the machine's best if that is poorer; in tests.
#[cfg(test)]
pub(crate) fn with_level<R>(level: Level, f: impl FnOnce() -> R) -> R {
    struct Restore(Option<Level>);
    impl Drop for Restore {
        fn drop(&mut self) {
            FORCED.set(self.0);
        }
    }
    let _restore = Restore(FORCED.replace(Some(level.min(chosen()))));
    f()
}

/// The vectors of a level.
pub(crate) trait Simd: Copy + Send + Sync + 'static {
    /// The level.
    const LEVEL: Level;
    /// A vector of `f32`.
    type F32: Vector<f32>;
    /// A vector of `f64`.
    type F64: Vector<f64>;
    /// One, two or four vectors of `f32`, for [`SimdFloat::Long`].
    type LongF32: Vector<f32>;
    /// One, two or four vectors of `f64`, for [`SimdFloat::Long`].
    type LongF64: Vector<f64>;
    /// One or two vectors of `f32`, for [`SimdFloat::Pair`].
    type PairF32: Vector<f32>;
    /// One or two vectors of `f64`, for [`SimdFloat::Pair`].
    type PairF64: Vector<f64>;
    /// The `f32` at `from` as `f64`, as many as a vector of `f64` has lanes.
    ///
    /// # Safety
    /// They can be read.
    unsafe fn widen_ptr(from: *const f32) -> Self::F64;
    /// The lanes as `f64`, in order.
    fn widen(x: Self::F32) -> [Self::F64; 2];
}

/// A computation that is compiled once for each level.
pub(crate) trait Kernel {
    /// The type of the result.
    type Output;
    /// Computes with the vectors of `S`. Must be `#[inline(always)]`.
    fn run<S: Simd>(self) -> Self::Output;
}

/// Runs a kernel at the level of this thread.
pub(crate) fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    match level() {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: `level` is at most what `Level::detect` found, so the machine has these features.
        Level::Avx512 => unsafe { x86::run_avx512(kernel) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        Level::Avx2 => unsafe { x86::run_avx2(kernel) },
        #[cfg(target_arch = "x86_64")]
        Level::Baseline => kernel.run::<sse2::Sse2>(),
        #[cfg(not(target_arch = "x86_64"))]
        _ => kernel.run::<portable::Baseline>(),
    }
}
