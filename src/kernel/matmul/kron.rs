//! Kronecker products: the product of each element of one tensor and each of another.

use crate::element::Numeric;
use crate::kernel::axis::axis::total_of;
use crate::kernel::memory::List;
use crate::storage::Storage;

/// Calls `f` for each pair of rows, along the last axis, of two tensors with as many axes, with the indices of the rows and
/// that of the row of the result.
fn rows(a: &[usize], b: &[usize], mut f: impl FnMut(usize, usize, usize)) {
    let lead = a.len() - 1;
    let (rows_a, rows_b): (usize, usize) = (a[..lead].iter().product(), b[..lead].iter().product());
    for i in 0..rows_a {
        for j in 0..rows_b {
            let (mut rest_a, mut rest_b, mut row, mut stride) = (i, j, 0, 1);
            for axis in (0..lead).rev() {
                row += (rest_a % a[axis] * b[axis] + rest_b % b[axis]) * stride;
                stride *= a[axis] * b[axis];
                (rest_a, rest_b) = (rest_a / a[axis], rest_b / b[axis]);
            }
            f(i, j, row);
        }
    }
}

/// The last axes.
fn widths(a: &[usize], b: &[usize]) -> [usize; 2] {
    [a[a.len() - 1], b[b.len() - 1]]
}

/// The product of tensors of these sizes.
#[inline(never)]
pub(crate) fn kron<E: Numeric>(x: (&[E], &[usize]), y: (&[E], &[usize])) -> Storage<E> {
    let [wide_a, wide_b] = widths(x.1, y.1);
    let wide = wide_a * wide_b;
    Storage::written(x.0.len() * y.0.len(), |out| {
        if wide > 0 {
            rows(x.1, y.1, |i, j, row| {
                let (a, b) = (&x.0[i * wide_a..][..wide_a], &y.0[j * wide_b..][..wide_b]);
                for (out, a) in out[row * wide..][..wide].chunks_exact_mut(wide_b).zip(a) {
                    out.iter_mut().zip(b).for_each(|(out, b)| *out = *a * *b);
                }
            });
        }
    })
}

/// Its gradients: the sums of those of the products with the elements of the other side.
#[inline(never)]
pub(crate) fn kron_backward<E: Numeric>(
    g: &[E],
    x: (&[E], &[usize]),
    y: (&[E], &[usize]),
    left: bool,
) -> Storage<E> {
    let [wide_a, wide_b] = widths(x.1, y.1);
    let wide = wide_a * wide_b;
    let mut sums = Storage::filled(if left { x.0.len() } else { y.0.len() }, E::zero());
    let (out, mut errors) =
        (sums.make_mut(), List::filled(if left { x.0.len() } else { y.0.len() }, E::zero()));
    let mut terms = List::new();
    if wide > 0 {
        rows(x.1, y.1, |i, j, row| {
            let (a, b) = (&x.0[i * wide_a..][..wide_a], &y.0[j * wide_b..][..wide_b]);
            let g = g[row * wide..][..wide].chunks_exact(wide_b);
            if left {
                terms.clear();
                terms.extend(g.map(|g| total_of(g.iter().zip(b).map(|(g, b)| *g * *b))));
                let row = i * wide_a..(i + 1) * wide_a;
                E::accumulate_exactly(&mut out[row.clone()], &mut errors[row], &terms);
                return;
            }
            let row = j * wide_b..(j + 1) * wide_b;
            for (g, a) in g.zip(a) {
                terms.clear();
                terms.extend(g.iter().map(|g| *a * *g));
                E::accumulate_exactly(&mut out[row.clone()], &mut errors[row.clone()], &terms);
            }
        });
    }
    E::accumulate(out, &errors);
    sums
}
