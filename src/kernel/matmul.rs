//! Matrix products.

use crate::element::Element;
use crate::storage::Storage;

/// The matrix products of an element type.
pub trait Gemm: Element {
    /// C = A B for A of `m` x `k` and B of `k` x `n`, with the strides (row, column) of A and B; C is row-major.
    #[doc(hidden)]
    fn gemm(sizes: [usize; 3], a: (&[Self], [usize; 2]), b: (&[Self], [usize; 2]), c: &mut [Self]);
}

/// How the elements of a matrix follow one another: as they are read, or the transpose of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    Normal,
    Transposed,
}

impl Layout {
    /// The strides of a matrix that is read as `rows` x `columns`.
    fn strides(self, rows: usize, columns: usize) -> [usize; 2] {
        match self {
            Layout::Normal => [columns, 1],
            Layout::Transposed => [1, rows],
        }
    }
}

macro_rules! impl_gemm {
    ($t:ty, $gemm:path) => {
        impl Gemm for $t {
            fn gemm(
                [m, k, n]: [usize; 3],
                (a, [ra, ca]): (&[Self], [usize; 2]),
                (b, [rb, cb]): (&[Self], [usize; 2]),
                c: &mut [Self],
            ) {
                let last = |rows: usize, columns: usize, [r, s]: [usize; 2]| {
                    (rows.max(1) - 1) * r + (columns.max(1) - 1) * s
                };
                assert!(m * k == 0 || last(m, k, [ra, ca]) < a.len(), "the left matrix is too short");
                assert!(k * n == 0 || last(k, n, [rb, cb]) < b.len(), "the right matrix is too short");
                assert!(m * n <= c.len(), "the result is too short");
                // SAFETY: the largest offset that the sizes and strides give was compared with the length of
                // each slice above, and no size is negative as isize because the slices exist. `c` is borrowed
                // uniquely, so it overlaps neither `a` nor `b`; beta is 0, so it is only written.
                unsafe {
                    $gemm(
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
                        0.0,
                        c.as_mut_ptr(),
                        n as isize,
                        1,
                    );
                }
            }
        }
    };
}
impl_gemm!(f32, matrixmultiply::sgemm);
impl_gemm!(f64, matrixmultiply::dgemm);

/// A B for A read as `m` x `k` and B read as `k` x `n`.
#[inline(never)]
pub(crate) fn matmul<E: Gemm>(sizes: [usize; 3], a: (&[E], Layout), b: (&[E], Layout)) -> Storage<E> {
    let [m, k, n] = sizes;
    let mut c = Storage::filled(m * n, E::default());
    E::gemm(sizes, (a.0, a.1.strides(m, k)), (b.0, b.1.strides(k, n)), c.make_mut());
    c
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
