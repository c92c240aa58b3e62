//! Matrix products.

use crate::element::{Element, Float};
use crate::kernel::elementwise::number::Arithmetic;
use crate::kernel::gemm::{self, Epilogue, Factor, HasScratch, multiply_batch};
use crate::kernel::simd::{Level, level};
use crate::storage::Storage;

/// The matrix products of an element type.
pub trait Gemm: Element + HasScratch {
    /// C = A B for A of `m` x `k` and B of `k` x `n`, with the strides (row, column) of A and B; C is row-major.
    #[doc(hidden)]
    fn gemm(sizes: [usize; 3], a: (&[Self], [usize; 2]), b: (&[Self], [usize; 2]), c: &mut [Self]) {
        Self::gemm_onto(Self::default(), sizes, a, b, c);
    }
    /// C = β C + A B, as [`gemm`](Gemm::gemm).
    #[doc(hidden)]
    fn gemm_onto(
        beta: Self,
        sizes: [usize; 3],
        a: (&[Self], [usize; 2]),
        b: (&[Self], [usize; 2]),
        c: &mut [Self],
    );
}

/// How the elements of a matrix follow one another: as they are read, or the transpose of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    Normal,
    Transposed,
}

impl Layout {
    /// The layout of the transpose.
    pub(crate) fn flipped(self) -> Self {
        match self {
            Layout::Normal => Layout::Transposed,
            Layout::Transposed => Layout::Normal,
        }
    }

    /// The strides of a matrix that is read as `rows` x `columns`.
    fn strides(self, rows: usize, columns: usize) -> [usize; 2] {
        match self {
            Layout::Normal => [columns, 1],
            Layout::Transposed => [1, rows],
        }
    }
}

/// The multiply-adds above which matrixmultiply, which has loops for AArch64, is called on machines without levels.
const SMALL: usize = 32 * 32 * 32;

/// The elements of a row from which on a product of a column and a row is computed row by row: what bounds it is to write it.
const ROW: usize = 64;

macro_rules! impl_gemm {
    ($($t:ty, $other:path);*) => { $(
        impl Gemm for $t {
            fn gemm_onto(
                beta: $t,
                sizes: [usize; 3],
                a: (&[Self], [usize; 2]),
                (b, b_strides): (&[Self], [usize; 2]),
                c: &mut [Self],
            ) {
                let [m, k, n] = sizes;
                let rows = (a.1[0] == 1 || m == 1) && (b_strides[1] == 1 || n == 1);
                if k == 1 && rows && beta == 0.0 && n >= ROW {
                    return <$t as Arithmetic>::products(&a.0[..m], &b[..n], &mut c[..m * n]);
                }
                if level() == Level::Baseline && m * k * n > SMALL {
                    gemm::check_all(sizes, a, (b, b_strides), (c, n));
                    let (a, [ra, ca], [rb, cb]) = (a.0, a.1, b_strides);
                    // SAFETY: the largest offset that the sizes and strides give was compared with the length of each
                    // slice above, and no size is negative as isize because the slices exist. `c` is borrowed uniquely,
                    // so it overlaps neither `a` nor `b`; all of it is initialized.
                    return unsafe {
                        $other(
                            m,
                            k,
                            n,
                            1.0,
                            a.as_ptr(),
                            ra as isize,
                            ca as isize,
                            b.as_ptr(),
                            rb as isize,
                            cb as isize,
                            beta,
                            c.as_mut_ptr(),
                            n as isize,
                            1,
                        )
                    };
                }
                if beta != 0.0 && beta != 1.0 {
                    c.iter_mut().for_each(|c| *c *= beta);
                }
                gemm::multiply(sizes, a, Factor::Plain(b, b_strides), (c, n), beta != 0.0, Epilogue::Nothing);
            }
        }
    )* };
}
impl_gemm!(f32, matrixmultiply::sgemm; f64, matrixmultiply::dgemm);

/// A B for A read as `m` x `k` and B read as `k` x `n`.
#[inline(never)]
pub(crate) fn matmul<E: Gemm>(sizes: [usize; 3], a: (&[E], Layout), b: (&[E], Layout)) -> Storage<E> {
    let [m, k, n] = sizes;
    Storage::written(m * n, |c| E::gemm(sizes, (a.0, a.1.strides(m, k)), (b.0, b.1.strides(k, n)), c))
}

/// As [`matmul`], with what is done to each element of the result.
#[inline(never)]
pub(crate) fn matmul_then<E: Gemm>(
    [m, k, n]: [usize; 3],
    a: (&[E], Layout),
    b: (&[E], Layout),
    epilogue: Epilogue<'_, E>,
) -> Storage<E> {
    let (a, b) = ((a.0, a.1.strides(m, k)), Factor::Plain(b.0, b.1.strides(k, n)));
    Storage::written(m * n, |c| gemm::multiply([m, k, n], a, b, (c, n), false, epilogue))
}

/// The sizes of a product of batches of matrices: `m` x `k` times `k` x `n`, once for each of `batch`. A side that
/// has fewer matrices than the result is shared: it repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batched {
    left: usize,
    right: usize,
    batch: usize,
    m: usize,
    k: usize,
    n: usize,
}

/// Consecutive matrices: the elements, how each is read, and how many there are.
type Matrices<'a, E> = (&'a [E], Layout, usize);

impl Batched {
    /// From the number of matrices on each side and in the result, and the sizes of one product.
    pub(crate) const fn new([left, right, batch]: [usize; 3], [m, k, n]: [usize; 3]) -> Self {
        Batched { left, right, batch, m, k, n }
    }

    /// The products.
    pub(crate) fn product<E: Float>(self, a: &[E], b: &[E]) -> Storage<E> {
        let Batched { left, right, batch, m, k, n } = self;
        if [left, right, batch, m, n] == [1; 5] {
            return Storage::filled(1, E::dot_of(a, b));
        }
        if right == 1 && left == batch {
            // The rows of all matrices on the left are those of one.
            return matmul([batch * m, k, n], (a, Layout::Normal), (b, Layout::Normal));
        }
        each(batch, [m, k, n], (a, Layout::Normal, left), (b, Layout::Normal, right), batch)
    }

    /// dL/dA = dL/dC Bᵀ, summed where A was shared.
    pub(crate) fn left_gradient<E: Float>(self, grad: &[E], b: &[E]) -> Storage<E> {
        let Batched { left, right, batch, m, k, n } = self;
        if right == 1 && left == batch {
            return matmul([batch * m, n, k], (grad, Layout::Normal), (b, Layout::Transposed));
        }
        each(batch, [m, n, k], (grad, Layout::Normal, batch), (b, Layout::Transposed, right), left)
    }

    /// dL/dB = Aᵀ dL/dC, summed where B was shared.
    pub(crate) fn right_gradient<E: Float>(self, a: &[E], grad: &[E]) -> Storage<E> {
        let Batched { left, right, batch, m, k, n } = self;
        if right == 1 && left == batch {
            return matmul([k, batch * m, n], (a, Layout::Transposed), (grad, Layout::Normal));
        }
        each(batch, [k, m, n], (a, Layout::Transposed, left), (grad, Layout::Normal, batch), right)
    }
}

/// `batch` products of `m` x `k` and `k` x `n`, into `count` results: the sum of those that share one.
#[inline(never)]
pub(crate) fn each<E: Float>(
    batch: usize,
    [m, k, n]: [usize; 3],
    (a, a_layout, a_count): Matrices<'_, E>,
    (b, b_layout, b_count): Matrices<'_, E>,
    count: usize,
) -> Storage<E> {
    // No call for each number of an element-wise product.
    const SHORT: usize = 16;
    if m == 1 && n == 1 && count == batch && k < SHORT {
        let dot = |i: usize| {
            let (a, b) = (&a[i % a_count * k..][..k], &b[i % b_count * k..][..k]);
            a.iter().zip(b).map(|(a, b)| *a * *b).sum()
        };
        return Storage::from_fn(count, dot);
    }
    let (a, b) = ((a, a_layout.strides(m, k), a_count), (b, b_layout.strides(k, n), b_count));
    Storage::written(count * m * n, |c| multiply_batch(batch, [m, k, n], a, b, (c, count)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(
        m: usize,
        k: usize,
        n: usize,
        a: impl Fn(usize, usize) -> f64,
        b: impl Fn(usize, usize) -> f64,
    ) -> Vec<f64> {
        let dot = |i, j| (0..k).map(|p| a(i, p) * b(p, j)).sum();
        (0..m * n).map(|ij| dot(ij / n, ij % n)).collect()
    }

    #[test]
    fn each_layout_agrees_with_the_definition() {
        let (m, k, n) = (3, 4, 5);
        let a: Vec<f64> = (0..12).map(|i| f64::from(i) - 5.0).collect();
        let b: Vec<f64> = (0..20).map(|i| f64::from(i * i) / 7.0).collect();
        for (la, lb) in [
            (Layout::Normal, Layout::Normal),
            (Layout::Transposed, Layout::Normal),
            (Layout::Normal, Layout::Transposed),
            (Layout::Transposed, Layout::Transposed),
        ] {
            let at = |i: usize, p: usize| if la == Layout::Normal { a[i * k + p] } else { a[p * m + i] };
            let bt = |p: usize, j: usize| if lb == Layout::Normal { b[p * n + j] } else { b[j * k + p] };
            let c = matmul([m, k, n], (&a, la), (&b, lb));
            for (c, want) in c.as_slice().iter().zip(naive(m, k, n, at, bt)) {
                assert!((c - want).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn a_product_can_be_accumulated() {
        let mut c = [1.0, 2.0, 3.0, 4.0];
        f64::gemm_onto(1.0, [2, 1, 2], (&[1.0, 2.0], [1, 1]), (&[10.0, 20.0], [2, 1]), &mut c);
        assert_eq!(c, [11.0, 22.0, 23.0, 44.0]);
        f64::gemm_onto(1.0, [2, 0, 2], (&[], [0, 1]), (&[], [2, 1]), &mut c);
        assert_eq!(c, [11.0, 22.0, 23.0, 44.0]);
    }

    #[test]
    fn an_empty_inner_size_gives_zeros() {
        assert_eq!(
            matmul::<f32>([2, 0, 2], (&[], Layout::Normal), (&[], Layout::Normal)).as_slice(),
            [0.0; 4]
        );
    }

    #[test]
    #[should_panic(expected = "left matrix is too short")]
    fn a_slice_that_is_too_short_is_not_read() {
        f32::gemm([2, 2, 1], (&[1.0; 3], [2, 1]), (&[1.0; 2], [1, 1]), &mut [0.0; 2]);
    }
}
