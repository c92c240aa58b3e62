//! Kronecker products: the product of each element of one tensor and each of another.

use crate::element::Numeric;
use crate::kernel::elementwise::pointwise::at_level;
use crate::kernel::shape::strided::{View, gather};
use crate::storage::Storage;

/// The largest number of axes of a tensor.
const AXES: usize = 6;

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
    needs_grad: (bool, bool),
) -> (Option<Storage<E>>, Option<Storage<E>>) {
    // The gradient of the product of element i of x and element j of y at [i, j].
    let axes = x.1.len();
    let (mut sizes, mut order) = ([1; 2 * AXES], [0; 2 * AXES]);
    for axis in 0..axes {
        (sizes[2 * axis], sizes[2 * axis + 1]) = (x.1[axis], y.1[axis]);
        (order[axis], order[axes + axis]) = (2 * axis, 2 * axis + 1);
    }
    let pairs = gather(g, &View::of(&sizes[..2 * axes]).permute(&order[..2 * axes]));
    let wide = y.0.len();
    let left = needs_grad.0.then(|| {
        let terms = Storage::written(pairs.len(), |out| {
            at_level(
                #[inline(always)]
                || {
                    for (out, g) in
                        out.chunks_exact_mut(wide.max(1)).zip(pairs.as_slice().chunks_exact(wide.max(1)))
                    {
                        out.iter_mut().zip(g).zip(y.0).for_each(|((out, g), y)| *out = *g * *y);
                    }
                },
            );
        });
        Storage::written(x.0.len(), |out| E::sum_lanes(terms.as_slice(), wide, out))
    });
    let right = needs_grad.1.then(|| {
        let mut terms = pairs;
        at_level(
            #[inline(always)]
            || {
                for (g, x) in terms.make_mut().chunks_exact_mut(wide.max(1)).zip(x.0) {
                    g.iter_mut().for_each(|g| *g *= *x);
                }
            },
        );
        Storage::written(wide, |out| E::sum_rows(terms.as_slice(), out))
    });
    (left, right)
}
