//! Reductions of the rows of a table for each bag of indices, and the gradient of the table.

use crate::element::Float;
use crate::kernel::memory::List;
use crate::storage::Storage;

/// In place of a row that is left out.
const NO_ROW: i64 = -1;

/// Up to so many terms are added in sequence.
const FEW: usize = 64;

/// The rows that are there.
fn present(rows: &[i64]) -> impl Iterator<Item = usize> {
    rows.iter().filter(|row| **row != NO_ROW).map(|row| *row as usize)
}

/// The rows of some bags: of a maximum, the row that each feature came from; else the rows, and the number by which they are
/// divided.
pub struct Bags<E> {
    /// A row of each element of a bag, or of each feature; [`NO_ROW`] where there is none.
    rows: List<i64>,
    divisors: List<E>,
    bag: usize,
    max: bool,
}

/// For each of some `bags` of indices the sum of rows of `width` elements, their mean, or the largest of each feature.
pub(crate) fn embedding_bag<E: Float>(
    x: &[E],
    ids: &[i64],
    [bags, bag, width]: [usize; 3],
    [mean, max]: [bool; 2],
    padding_idx: Option<usize>,
) -> (Storage<E>, Bags<E>) {
    let left_out = |id: i64| padding_idx.is_some_and(|padding| id == padding as i64);
    let rows: List<_> = ids.iter().map(|id| if left_out(*id) { NO_ROW } else { *id }).collect();
    let (mut divisors, mut best) =
        (List::with_capacity(bags), List::filled(if max { bags * width } else { 0 }, NO_ROW));
    let mut y = Storage::filled(bags * width, E::zero());
    let (out, mut errors) = (y.make_mut(), List::filled(if bag > FEW { width } else { 0 }, E::zero()));
    let mut of_bag = List::with_capacity(bag);
    for b in 0..bags {
        let out = &mut out[b * width..][..width];
        of_bag.clear();
        of_bag.extend(present(&rows[b * bag..][..bag]).map(|row| row as i64));
        let count = of_bag.len().max(1);
        divisors.push(if mean { E::from_f64(count as f64) } else { E::one() });
        if max {
            E::largest_of_rows(x, &of_bag, out, &mut best[b * width..][..width]);
            continue;
        }
        errors.fill(E::zero());
        for row in &of_bag {
            let x = &x[*row as usize * width..][..width];
            if errors.is_empty() {
                E::accumulate(out, x);
            } else {
                E::accumulate_exactly(out, &mut errors, x);
            }
        }
        if !errors.is_empty() {
            E::accumulate(out, &errors);
        }
        if mean {
            out.iter_mut().for_each(|out| *out /= divisors[b]);
        }
    }
    let rows = if max { best } else { rows };
    (y, Bags { rows, divisors, bag, max })
}

/// The gradient of a table of some rows of `width` elements.
pub(crate) fn embedding_bag_backward<E: Float>(
    grad: &[E],
    bags: &Bags<E>,
    [rows, width]: [usize; 2],
) -> Storage<E> {
    let mut sums = Storage::filled(rows * width, E::zero());
    let table = sums.make_mut();
    // Rows come in no order: where a sum has many terms, it keeps its rounding errors.
    let mut counts = List::filled(rows, 0_usize);
    present(&bags.rows).for_each(|row| counts[row] += 1);
    let terms = if bags.max { FEW * width } else { FEW };
    let mut errors =
        List::filled(if counts.iter().any(|count| *count > terms) { rows * width } else { 0 }, E::zero());
    if bags.max {
        for (i, (g, row)) in grad.iter().zip(&bags.rows).enumerate() {
            if *row != NO_ROW {
                let at = *row as usize * width + i % width;
                if errors.is_empty() {
                    table[at] += *g;
                } else {
                    E::accumulate_exactly(&mut table[at..=at], &mut errors[at..=at], &[*g]);
                }
            }
        }
    } else if width > 0 && bags.bag > 0 {
        let of_bags = bags.rows.chunks(bags.bag).zip(&bags.divisors);
        for (g, (rows, divisor)) in grad.chunks(width).zip(of_bags) {
            let shares: List<_> = g.iter().map(|g| *g / *divisor).collect();
            for row in present(rows) {
                let row = row * width..(row + 1) * width;
                if errors.is_empty() {
                    E::accumulate(&mut table[row], &shares);
                } else {
                    E::accumulate_exactly(&mut table[row.clone()], &mut errors[row], &shares);
                }
            }
        }
    }
    if !errors.is_empty() {
        E::accumulate(table, &errors);
    }
    sums
}
