//! Pairs of numbers turned by angles: two multiplications and an addition for each number, with one table of angles.

use crate::element::Float;
use crate::kernel::axis::lanes::for_each_part;
use crate::kernel::elementwise::pointwise::at_level;
use crate::kernel::memory::List;
use crate::storage::Storage;

/// The first position, the base of the angles, and the numbers of rows and columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    pub(crate) start: usize,
    pub(crate) base: f64,
    pub(crate) sizes: [usize; 2],
}

impl Turn {
    /// The cosine and the sine of each angle, computed in f64, row by row.
    fn table<E: Float>(&self) -> List<[E; 2]> {
        let [rows, width] = self.sizes;
        let rates: List<_> = (0..width / 2).map(|i| self.base.powf(-2.0 * i as f64 / width as f64)).collect();
        let angles =
            (self.start..self.start + rows).flat_map(|row| rates.iter().map(move |rate| row as f64 * rate));
        angles.map(|angle| [E::from_f64(angle.cos()), E::from_f64(angle.sin())]).collect()
    }
}

/// The pairs of `x` turned, or turned back, in the memory of `x` if nothing else holds it.
#[inline(never)]
pub(crate) fn rotate<E: Float>(mut x: Storage<E>, turn: &Turn, back: bool) -> Storage<E> {
    let table = turn.table::<E>();
    let block = 2 * table.len();
    if block > 0 {
        let sign = if back { -E::one() } else { E::one() };
        for_each_part(x.make_mut(), block, 1, |_, x| {
            at_level(
                #[inline(always)]
                || {
                    for x in x.chunks_exact_mut(block) {
                        for ([a, b], [cos, sin]) in x.as_chunks_mut::<2>().0.iter_mut().zip(&table) {
                            let sin = sign * *sin;
                            (*a, *b) = (*a * *cos - *b * sin, *b * *cos + *a * sin);
                        }
                    }
                },
            );
        });
    }
    x
}
