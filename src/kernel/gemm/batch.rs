//! Many products of one size in one call.

use super::blocked::{Right, Task};
use super::many_terms::DEPTH;
use super::pack::Matrix;
use super::row::Path;
use super::scratch::HasScratch;
use super::tile::Finish;
use super::{Epilogue, Factor, PART, SharedTask, check, multiply, run, run_part, turn};
use crate::kernel::simd::level;
use crate::kernel::threads;

/// Consecutive matrices: the elements, the strides (row, column) of each, and how many they are.
pub(crate) type Matrices<'a, E> = (&'a [E], [usize; 2], usize);

/// Matrix i of C, of `count`, is the sum of the products of matrices j of A and j of B for j = i, i + count, .. below
/// `batch`. A side of fewer matrices repeats. C is not read.
///
/// # Panics
/// If a slice does not have the elements of its matrices.
#[inline(never)]
pub(crate) fn multiply_batch<E: HasScratch>(
    batch: usize,
    [m, k, n]: [usize; 3],
    (a, a_strides, a_count): Matrices<'_, E>,
    (b, b_strides, b_count): Matrices<'_, E>,
    (c, count): (&mut [E], usize),
) {
    assert_eq!([a.len(), b.len(), c.len()], [a_count * m * k, b_count * k * n, count * m * n]);
    let (c, without) = c.split_at_mut(count.min(batch) * m * n);
    without.fill(E::default());
    if c.is_empty() {
        return;
    }
    let count = count.min(batch);
    assert!(a_count > 0 && b_count > 0, "a side has no matrices");
    check([m, k], &a[..m * k], a_strides, "left");
    check([k, n], &b[..k * n], b_strides, "right");
    if k > DEPTH {
        for i in 0..count {
            for j in (i..batch).step_by(count) {
                let left = (&a[j % a_count * (m * k)..][..m * k], a_strides);
                let right = Factor::Plain(&b[j % b_count * (k * n)..][..k * n], b_strides);
                let c = &mut c[i * (m * n)..][..m * n];
                multiply([m, k, n], left, right, (c, n), j >= count, Epilogue::Nothing);
            }
        }
        return;
    }
    let kernels = E::kernels(level());
    let task = Task {
        m,
        k,
        n,
        a: Matrix { at: a.as_ptr(), row: a_strides[0], column: a_strides[1] },
        b: Right::Plain(Matrix { at: b.as_ptr(), row: b_strides[0], column: b_strides[1] }),
        c: c.as_mut_ptr(),
        c_row: n,
        add: false,
        finish: Finish::NONE,
    };
    let shared = &SharedTask(task);
    let product = |i: usize, j: usize| {
        let task = shared.0;
        let right = Matrix {
            at: b.as_ptr().wrapping_add(j % b_count * (k * n)),
            row: b_strides[0],
            column: b_strides[1],
        };
        let mut product = Task {
            a: Matrix { at: task.a.at.wrapping_add(j % a_count * (m * k)), ..task.a },
            b: Right::Plain(right),
            c: task.c.wrapping_add(i * (m * n)),
            add: j >= count,
            ..task
        };
        turn(&mut product);
        product
    };
    let work = (m * n * k.max(1)).saturating_mul(batch);
    let parts = threads::num_parts(work, PART).min(count);
    if parts <= 1 || count < threads::num_threads() {
        for i in 0..count {
            for j in (i..batch).step_by(count) {
                // SAFETY: each slice has the elements of all its matrices, and each matrix was checked with its
                // strides. C is borrowed uniquely.
                unsafe { run(kernels, &product(i, j)) };
            }
        }
        return;
    }
    let path = Path::of(&product(0, 0));
    let each = count.div_ceil(parts);
    threads::run(parts, &|part| {
        for i in (part * each..count).take(each) {
            for j in (i..batch).step_by(count) {
                // SAFETY: as above; parts write disjoint matrices of C, and all products have the path of the first,
                // which depends on the sizes and strides.
                unsafe { run_part(kernels, path, &product(i, j)) };
            }
        }
    });
}
