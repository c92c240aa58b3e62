//! The kernels of distances and of their gradients, for each norm.

#![allow(clippy::needless_range_loop, reason = "loops over registers, which are unrolled")]

use crate::kernel::axis::sums_of_products::{SquaredDifferences, sums_of_products};
use crate::kernel::elementwise::number::sign;
use crate::kernel::math::arithmetic::constant;
use crate::kernel::math::{Coefficients, pow};
use crate::kernel::simd::{Kernel, Mask, Simd, Vector, dispatch};
use std::marker::PhantomData;

/// The terms that are added in sequence before their sum is added to others, and the number of such sums likewise.
const DEPTH: usize = 64;
/// The columns that lie side by side: a multiple of the lanes of two vectors.
pub(crate) const PANEL: usize = 32;
/// The rows of a tile.
pub(crate) const HEIGHT: usize = 4;
/// From so many rows of A on, B is transposed.
pub(crate) const FEW: usize = 4;

/// The rows of B as columns: `count` of them, in panels of [`PANEL`] columns and `width` rows each. After the last column there
/// are zeros.
#[derive(Clone, Copy)]
pub struct Columns<'a, E> {
    pub(crate) panels: &'a [E],
    pub(crate) width: usize,
    pub(crate) count: usize,
}

/// The distances of an element type, compiled in this crate.
pub trait Distances: Sized {
    /// The distance of each row of A to each column, and NaN where terms leave the range.
    #[doc(hidden)]
    fn distances(a: &[Self], columns: Columns<'_, Self>, p: f64, out: &mut [Self]);
    /// The Euclidean distance of each row of A to each row of B, of `width` elements, and NaN where terms leave the range.
    #[doc(hidden)]
    fn euclidean(a: &[Self], b: &[Self], width: usize, out: &mut [Self]);
    /// Σ g sign(a - b) (|a - b| / y)^(p - 1) over the rows b, without those whose y is 0, for `rows` rows a: 1 or [`HEIGHT`]. g and
    /// y, which have a number of each row a for each b, are overwritten.
    #[doc(hidden)]
    fn distance_gradients(rows: usize, ab: [&[Self]; 2], gy: [&mut [Self]; 2], p: f64, out: &mut [Self]);
}

macro_rules! distances {
    ($($t:ty),*) => { $(
        impl Distances for $t {
            fn distances(a: &[Self], columns: Columns<'_, Self>, p: f64, out: &mut [Self]) {
                if p == 0.0 {
                    dispatch(Tiles { a, columns, out, norm: Count });
                } else if p == 1.0 {
                    dispatch(Tiles { a, columns, out, norm: Absolute });
                } else if p == 2.0 {
                    dispatch(Tiles { a, columns, out, norm: Euclidean });
                } else if p.is_infinite() {
                    dispatch(Tiles { a, columns, out, norm: Largest });
                } else {
                    dispatch(Tiles { a, columns, out, norm: Power(p as $t) });
                }
            }
            fn euclidean(a: &[Self], b: &[Self], width: usize, out: &mut [Self]) {
                dispatch(Pairs { a, b, width, out });
            }
            fn distance_gradients(
                rows: usize,
                [a, b]: [&[Self]; 2],
                [g, y]: [&mut [Self]; 2],
                p: f64,
                out: &mut [Self],
            ) {
                // Equal rows have no direction: 0, as in PyTorch.
                for (g, y) in g.iter_mut().zip(&mut *y) {
                    if *y == 0.0 {
                        (*g, *y) = (0.0, 1.0);
                    }
                }
                // Unless a distance is so small that g / y is infinite.
                let quotients = p == 2.0 && g.iter().zip(&*y).all(|(g, y)| (g / y).is_finite());
                if quotients {
                    g.iter_mut().zip(&*y).for_each(|(g, y)| *g /= y);
                    dispatch(Gradients { rows, a, b, g, y, out, norm: Quotients });
                } else if p == 2.0 {
                    dispatch(Gradients { rows, a, b, g, y, out, norm: Euclidean });
                } else if p == 1.0 {
                    dispatch(Gradients { rows, a, b, g, y, out, norm: Absolute });
                } else if p.is_infinite() {
                    dispatch(Gradients { rows, a, b, g, y, out, norm: Largest });
                } else {
                    dispatch(Gradients { rows, a, b, g, y, out, norm: Power(p as $t) });
                }
            }
        }
    )* };
}
distances!(f32, f64);

/// A norm of differences d, lane by lane. Functions must be `#[inline(always)]`.
trait Norm<E: Coefficients>: Copy {
    /// The rows of a tile, 1 or [`HEIGHT`].
    const ROWS: usize = HEIGHT;
    /// The term of a difference, added to the others.
    fn add<V: Vector<E>>(self, d: V, sum: V) -> V;
    /// Two sums as one.
    #[inline(always)]
    fn combine<V: Vector<E>>(self, a: V, b: V) -> V {
        a + b
    }
    /// The norm of a sum, and NaN where terms have left the range.
    #[inline(always)]
    fn root<V: Vector<E>>(self, sum: V) -> V {
        sum
    }
}

/// The gradient of a norm. Functions must be `#[inline(always)]`.
trait NormGradient<E: Coefficients>: Copy {
    /// That for a difference d, of a norm y, times g, added to others.
    fn add<V: Vector<E>>(self, d: V, g: V, y: V, sum: V) -> V;
}

/// The number of differences that are not 0; NaN if one is NaN.
#[derive(Clone, Copy)]
struct Count;
/// p = 1.
#[derive(Clone, Copy)]
struct Absolute;
/// p = 2.
#[derive(Clone, Copy)]
struct Euclidean;
/// p = 2, where g is divided by y.
#[derive(Clone, Copy)]
struct Quotients;
/// p = ∞.
#[derive(Clone, Copy)]
struct Largest;
/// Any other p.
#[derive(Clone, Copy)]
struct Power<E>(E);

/// `root` where neither the sum nor its terms have left the range.
#[inline(always)]
fn in_range<E: Coefficients, V: Vector<E>>(sum: V, root: V) -> V {
    let least = E::min_positive_value() / E::epsilon();
    let exact = sum.gt(V::splat(least)).and(sum.lt(constant(f64::INFINITY)));
    V::select(exact, root, constant(f64::NAN))
}

impl<E: Coefficients> Norm<E> for Count {
    #[inline(always)]
    fn add<V: Vector<E>>(self, d: V, sum: V) -> V {
        let count = V::select(d.ne(V::zero()), constant(1.0), V::zero());
        sum + V::select(d.eq(d), count, d)
    }
}

impl<E: Coefficients> Norm<E> for Absolute {
    #[inline(always)]
    fn add<V: Vector<E>>(self, d: V, sum: V) -> V {
        sum + d.abs()
    }
}

impl<E: Coefficients> NormGradient<E> for Absolute {
    #[inline(always)]
    fn add<V: Vector<E>>(self, d: V, g: V, _: V, sum: V) -> V {
        g.mul_add(V::select(d.eq(d), sign(d), d), sum) // the sign of NaN is 0
    }
}

impl<E: Coefficients> Norm<E> for Euclidean {
    #[inline(always)]
    fn add<V: Vector<E>>(self, d: V, sum: V) -> V {
        d.mul_add(d, sum)
    }
    #[inline(always)]
    fn root<V: Vector<E>>(self, sum: V) -> V {
        in_range(sum, sum.sqrt())
    }
}

impl<E: Coefficients> NormGradient<E> for Euclidean {
    #[inline(always)]
    fn add<V: Vector<E>>(self, d: V, g: V, y: V, sum: V) -> V {
        g.mul_add(d / y, sum)
    }
}

impl<E: Coefficients> NormGradient<E> for Quotients {
    #[inline(always)]
    fn add<V: Vector<E>>(self, d: V, g: V, _: V, sum: V) -> V {
        g.mul_add(d, sum)
    }
}

impl<E: Coefficients> Norm<E> for Largest {
    #[inline(always)]
    fn add<V: Vector<E>>(self, d: V, sum: V) -> V {
        d.abs().max_nan(sum)
    }
    #[inline(always)]
    fn combine<V: Vector<E>>(self, a: V, b: V) -> V {
        a.max_nan(b)
    }
}

impl<E: Coefficients> NormGradient<E> for Largest {
    #[inline(always)]
    fn add<V: Vector<E>>(self, d: V, g: V, y: V, sum: V) -> V {
        V::select(d.abs().eq(y), g.mul_add(sign(d), sum), sum)
    }
}

impl<E: Coefficients> Norm<E> for Power<E> {
    const ROWS: usize = 1;
    #[inline(always)]
    fn add<V: Vector<E>>(self, d: V, sum: V) -> V {
        sum + pow(d.abs(), V::splat(self.0))
    }
    #[inline(always)]
    fn root<V: Vector<E>>(self, sum: V) -> V {
        in_range(sum, pow(sum, V::splat(self.0.recip())))
    }
}

impl<E: Coefficients> NormGradient<E> for Power<E> {
    #[inline(always)]
    fn add<V: Vector<E>>(self, d: V, g: V, y: V, sum: V) -> V {
        let term = g * sign(d) * pow(d.abs() / y, V::splat(self.0 - E::one()));
        V::select(d.eq(V::zero()), sum, sum + term)
    }
}

struct Tiles<'a, E, F> {
    a: &'a [E],
    columns: Columns<'a, E>,
    out: &'a mut [E],
    norm: F,
}

impl<E: Coefficients, F: Norm<E>> Kernel for Tiles<'_, E, F> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let Tiles { a, columns: Columns { panels, width, count }, out, norm } = self;
        let rows = out.len() / count;
        let lanes = E::V::<S>::LANES;
        assert!(a.len() == rows * width && panels.len() == count.div_ceil(PANEL) * PANEL * width);
        // A panel stays in L1.
        for column in (0..count).step_by(2 * lanes) {
            let of = panels.as_ptr().wrapping_add(column / PANEL * PANEL * width + column % PANEL);
            let vectors = if count - column > lanes { 2 } else { 1 };
            let mut row = 0;
            while row < rows {
                let height = if rows - row >= F::ROWS { F::ROWS } else { 1 };
                let a = a[row * width..].as_ptr();
                let tile = Tile::<E, F, S> { a, of, width, norm, level: PhantomData };
                let mut results = [[E::V::<S>::zero(); 2]; HEIGHT];
                // SAFETY: `height` rows of A follow; a panel is a multiple of two vectors wide, of which `column` is one, and has a row
                // for each element of a row.
                unsafe {
                    if height == HEIGHT {
                        tile.run::<HEIGHT, 2>(&mut results);
                    } else {
                        tile.run::<1, 2>(&mut results);
                    }
                }
                for i in 0..height {
                    for j in 0..vectors {
                        let to = &mut out[(row + i) * count..][column + j * lanes..count];
                        results[i][j].store_partial(to);
                    }
                }
                row += height;
            }
        }
    }
}

/// Rows of A, and columns of a panel from the first one of a tile on.
struct Tile<E, F, S> {
    a: *const E,
    of: *const E,
    width: usize,
    norm: F,
    level: PhantomData<S>,
}

impl<E: Coefficients, F: Norm<E>, S: Simd> Tile<E, F, S> {
    /// # Safety
    /// H rows of `width` elements can be read from `a`, and W vectors in each of `width` rows of the panel.
    #[inline(always)]
    unsafe fn run<const H: usize, const W: usize>(&self, results: &mut [[E::V<S>; 2]; HEIGHT]) {
        let Tile { a, of, width, norm, .. } = *self;
        let lanes = E::V::<S>::LANES;
        let mut total = [[E::V::<S>::zero(); W]; H];
        for outer in (0..width).step_by(DEPTH * DEPTH) {
            let mut parts = [[E::V::<S>::zero(); W]; H];
            for from in (outer..width.min(outer + DEPTH * DEPTH)).step_by(DEPTH) {
                let mut sums = [[E::V::<S>::zero(); W]; H];
                for k in from..width.min(from + DEPTH) {
                    let mut b = [E::V::<S>::zero(); W];
                    for j in 0..W {
                        // SAFETY: k is below the width; the caller's promise.
                        b[j] = unsafe { E::V::<S>::load_ptr(of.add(k * PANEL + j * lanes)) };
                    }
                    for i in 0..H {
                        // SAFETY: as above.
                        let a = E::V::<S>::splat(unsafe { *a.add(i * width + k) });
                        for j in 0..W {
                            sums[i][j] = norm.add(a - b[j], sums[i][j]);
                        }
                    }
                }
                for i in 0..H {
                    for j in 0..W {
                        parts[i][j] = norm.combine(parts[i][j], sums[i][j]);
                    }
                }
            }
            for i in 0..H {
                for j in 0..W {
                    total[i][j] = norm.combine(total[i][j], parts[i][j]);
                }
            }
        }
        for i in 0..H {
            for j in 0..W {
                results[i][j] = norm.root(total[i][j]);
            }
        }
    }
}

struct Pairs<'a, E> {
    a: &'a [E],
    b: &'a [E],
    width: usize,
    out: &'a mut [E],
}

impl<E: Coefficients> Kernel for Pairs<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let Pairs { a, b, width, out } = self;
        let count = b.len() / width.max(1);
        for (i, out) in out.iter_mut().enumerate() {
            let (a, b) = (&a[i / count * width..][..width], &b[i % count * width..][..width]);
            let [sum] = sums_of_products::<S, E, 2, 1>([a, b], [E::ZERO; 2], SquaredDifferences(E::ZERO));
            let sum = E::from_f64(sum);
            let exact = sum.is_finite() && sum > E::min_positive_value() / E::epsilon();
            *out = if exact { sum.sqrt() } else { E::nan() };
        }
    }
}

struct Gradients<'a, E, F> {
    rows: usize,
    a: &'a [E],
    b: &'a [E],
    g: &'a [E],
    y: &'a [E],
    out: &'a mut [E],
    norm: F,
}

impl<E: Coefficients, F: NormGradient<E>> Kernel for Gradients<'_, E, F> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let Gradients { rows, a, b, g, y, out, norm } = self;
        if a.is_empty() || g.is_empty() {
            return out.fill(E::ZERO);
        }
        let lanes = E::V::<S>::LANES;
        let (width, count) = (a.len() / rows, g.len() / rows);
        assert!((rows == 1 || rows == HEIGHT) && a.len() == width * rows && out.len() == a.len());
        assert!(b.len() == count * width && g.len() == count * rows && y.len() == g.len());
        for at in (0..width).step_by(lanes) {
            let n = lanes.min(width - at);
            // SAFETY: the sizes are compared above; `n` elements follow in each row.
            unsafe {
                let block = GradientTile::<E, F, S> {
                    a: a.as_ptr().add(at),
                    b: b.as_ptr().add(at),
                    g,
                    y,
                    out: out.as_mut_ptr().add(at),
                    width,
                    count,
                    n,
                    norm,
                    level: PhantomData,
                };
                if rows == HEIGHT { block.run::<HEIGHT>() } else { block.run::<1>() }
            }
        }
    }
}

/// `n` neighboring elements of rows of A, of all rows of B, and of the result.
struct GradientTile<'a, E, F, S> {
    a: *const E,
    b: *const E,
    g: &'a [E],
    y: &'a [E],
    out: *mut E,
    width: usize,
    count: usize,
    n: usize,
    norm: F,
    level: PhantomData<S>,
}

impl<E: Coefficients, F: NormGradient<E>, S: Simd> GradientTile<'_, E, F, S> {
    /// # Safety
    /// `n` elements, at most the lanes, can be read in each of H rows of `a` and `count` rows of `b`, and written in H rows of `out`;
    /// g and y have H numbers for each row of `b`.
    #[inline(always)]
    unsafe fn run<const H: usize>(self) {
        let GradientTile { a, b, g, y, out, width, count, n, norm, .. } = self;
        let whole = n == E::V::<S>::LANES;
        // SAFETY: the caller's promise.
        unsafe {
            let mut rows = [E::V::<S>::zero(); H];
            let mut sums = [E::V::<S>::zero(); H];
            for i in 0..H {
                rows[i] = E::V::<S>::load_first(a.add(i * width), n, E::ZERO);
            }
            for j in 0..count {
                let b = b.add(j * width);
                let b = if whole { E::V::<S>::load_ptr(b) } else { E::V::<S>::load_first(b, n, E::ZERO) };
                for i in 0..H {
                    let g = E::V::<S>::splat(*g.get_unchecked(j * H + i));
                    let y = E::V::<S>::splat(*y.get_unchecked(j * H + i));
                    sums[i] = norm.add(rows[i] - b, g, y, sums[i]);
                }
            }
            for i in 0..H {
                sums[i].store_first(out.add(i * width), n);
            }
        }
    }
}
