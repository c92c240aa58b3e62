//! Products of many terms: sums of products of at most [`DEPTH`] terms, added pairwise, so that the error does not grow with
//! the number of terms.

use super::scratch::{HasScratch, ScratchBuffer};
use super::{Epilogue, Factor, multiply};

/// The most terms that are summed in one product.
pub(super) const DEPTH: usize = 2048;

/// [`multiply`] for `k` above [`DEPTH`].
pub(super) fn multiply_deep<E: HasScratch>(
    [m, k, n]: [usize; 3],
    (a, a_strides): (&[E], [usize; 2]),
    (b, b_strides): (&[E], [usize; 2]),
    (c, c_row): (&mut [E], usize),
    add: bool,
    epilogue: Epilogue<'_, E>,
) {
    // Half of the blocks of DEPTH terms; there are two or more.
    let half = k.div_ceil(DEPTH).div_ceil(2) * DEPTH;
    multiply([m, half, n], (a, a_strides), Factor::Plain(b, b_strides), (c, c_row), add, Epilogue::Nothing);
    let mut rest: ScratchBuffer<E> = ScratchBuffer::take(m * n);
    let (a, b) = (&a[half * a_strides[1]..], &b[half * b_strides[0]..]);
    multiply(
        [m, k - half, n],
        (a, a_strides),
        Factor::Plain(b, b_strides),
        (&mut rest, n),
        false,
        Epilogue::Nothing,
    );
    let finish = epilogue.finish(m, n);
    for (i, rest) in rest.chunks_exact(n).enumerate() {
        // SAFETY: i is below m, and `rest` has n sums; `finish` compared the lengths of the biases with these.
        unsafe { finish.at(i, 0).write(rest, &mut c[i * c_row..][..n], true) };
    }
}
