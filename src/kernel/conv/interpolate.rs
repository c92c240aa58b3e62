//! Images of another size: the nearest element, or between four of them.

use crate::element::Float;
use crate::kernel::axis::lanes::for_each_part;
use crate::kernel::axis::long_sums::{FEW, LongSums};
use crate::kernel::memory::List;
use crate::storage::Storage;

/// Where an element of the new axis comes from: between two elements of the old one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Source {
    low: usize,
    high: usize,
    /// The weight of `high`; that of `low` is 1 minus it.
    weight: f64,
}

/// The nearest element on the left: ⌊i input / output⌋, exactly.
pub(crate) fn nearest(input: usize, output: usize) -> List<Source> {
    let one = |i: usize| {
        let at = i * input / output;
        Source { low: at, high: at, weight: 0.0 }
    };
    (0..output).map(one).collect()
}

/// Between the two elements beside. `align_corners`: the first and the last element stay where they are; else an
/// element is an interval, and the ends of the axes meet.
pub(crate) fn linear(input: usize, output: usize, align_corners: bool) -> List<Source> {
    let one = |i: usize| {
        let at = if align_corners {
            if output > 1 { i as f64 * ((input - 1) as f64 / (output - 1) as f64) } else { 0.0 }
        } else {
            ((i as f64 + 0.5) * (input as f64 / output as f64) - 0.5).max(0.0)
        };
        let at = at.min((input - 1) as f64);
        let low = at as usize;
        Source { low, high: (low + 1).min(input - 1), weight: at - low as f64 }
    };
    (0..output).map(one).collect()
}

/// The planes, and where the rows and columns of the result come from.
#[derive(Clone, Debug)]
pub struct Resampling {
    pub(crate) planes: usize,
    pub(crate) input: [usize; 2],
    pub(crate) sources: [List<Source>; 2],
}

impl Resampling {
    fn places(&self) -> usize {
        self.sources[0].len() * self.sources[1].len()
    }

    fn plane(&self) -> usize {
        self.input[0] * self.input[1]
    }

    /// The columns, with their weights as elements.
    fn columns<E: Float>(&self) -> List<(usize, usize, E)> {
        self.sources[1].iter().map(|source| (source.low, source.high, E::from_f64(source.weight))).collect()
    }

    /// How many columns in sequence each old column is copied to, if they are copies.
    fn copies(&self) -> Option<usize> {
        let columns = &self.sources[1];
        let count = columns.len() / self.input[1].max(1);
        let is_copy = |(i, column): (usize, &Source)| column.weight == 0.0 && column.low == i / count;
        (count > 0 && columns.iter().enumerate().all(is_copy)).then_some(count)
    }
}

/// Between a and b. An element of weight 0 is left out, so that infinity times 0 does not become NaN.
#[inline]
fn between<E: Float>(a: E, b: E, weight: E) -> E {
    if weight == E::zero() { a } else { a * (E::one() - weight) + b * weight }
}

/// The elements that are read and computed for one of the result.
const COST: usize = 4;

/// The images of the new size: a row between two rows of the old ones, then its elements between two of that row.
#[inline(never)]
pub(crate) fn resample<E: Float>(x: &[E], sizes: &Resampling) -> Storage<E> {
    let (plane, places) = (sizes.plane(), sizes.places());
    if places * plane == 0 {
        return Storage::filled(sizes.planes * places, E::zero());
    }
    let (width, columns, copies) = (sizes.input[1], sizes.columns(), sizes.copies());
    Storage::written(sizes.planes * places, |y| {
        for_each_part(y, places, COST, |at, y| {
            let mut line = List::filled(width, E::zero());
            for (x, y) in x[at / places * plane..].chunks_exact(plane).zip(y.chunks_exact_mut(places)) {
                for (i, row) in sizes.sources[0].iter().enumerate() {
                    let (before, y) = y[..(i + 1) * columns.len()].split_at_mut(i * columns.len());
                    if i > 0 && sizes.sources[0][i - 1] == *row {
                        y.copy_from_slice(&before[before.len() - y.len()..]);
                        continue;
                    }
                    let (low, high) = (&x[row.low * width..][..width], &x[row.high * width..][..width]);
                    let weight = E::from_f64(row.weight);
                    line.copy_from_slice(low);
                    if weight != E::zero() {
                        line.iter_mut().zip(high).for_each(|(low, high)| *low = between(*low, *high, weight));
                    }
                    row_of(&line, &columns, copies, y);
                }
            }
        });
    })
}

/// The elements of a row between those of a row of the old width.
#[inline]
fn row_of<E: Float>(line: &[E], columns: &[(usize, usize, E)], copies: Option<usize>, y: &mut [E]) {
    match copies {
        Some(2) => y.as_chunks_mut().0.iter_mut().zip(line).for_each(|(y, x)| *y = [*x; 2]),
        Some(count) => y.chunks_exact_mut(count).zip(line).for_each(|(y, x)| y.fill(*x)),
        None => {
            for ((low, high, weight), y) in columns.iter().zip(y) {
                *y = between(line[*low], line[*high], *weight);
            }
        }
    }
}

/// The most elements of the new axis that an element of the old one is part of.
fn most_terms(sources: &[Source], input: usize) -> usize {
    let mut counts = List::filled(input, 0_usize);
    for source in sources {
        counts[source.low] += 1;
        counts[source.high] += usize::from(source.weight != 0.0);
    }
    counts.into_iter().max().unwrap_or(0)
}

/// The gradient of [`resample`].
#[inline(never)]
pub(crate) fn resample_gradient<E: Float>(grad: &[E], sizes: &Resampling) -> Storage<E> {
    let (plane, places) = (sizes.plane(), sizes.places());
    if places * plane == 0 {
        return Storage::filled(sizes.planes * plane, E::zero());
    }
    let (width, columns) = (sizes.input[1], sizes.columns());
    let [rows_long, columns_long] =
        [0, 1].map(|axis| usize::from(most_terms(&sizes.sources[axis], sizes.input[axis]) > FEW));
    let copies = sizes.copies().filter(|_| columns_long == 0);
    Storage::written(sizes.planes * plane, |x| {
        x.fill(E::zero());
        for_each_part(x, plane, COST * places.div_ceil(plane), |at, x| {
            let mut line = List::filled(width, E::zero());
            for (x, grad) in x.chunks_exact_mut(plane).zip(grad[at / plane * places..].chunks_exact(places)) {
                let mut x = LongSums::new(x);
                for (row, grad) in sizes.sources[0].iter().zip(grad.chunks_exact(columns.len())) {
                    match copies {
                        Some(count) => sums_of_copies(grad, count, &mut line),
                        None => line_of(grad, &columns, columns_long, &mut line),
                    }
                    let x = x.more(rows_long);
                    for (at, part) in [(row.low, 1.0 - row.weight), (row.high, row.weight)] {
                        if part != 0.0 {
                            let part = E::from_f64(part);
                            let sums = x[at * width..][..width].iter_mut();
                            sums.zip(&line).for_each(|(x, line)| *x += *line * part);
                        }
                    }
                }
                x.finish();
            }
        });
    })
}

/// The sums of `count` neighbors.
#[inline]
fn sums_of_copies<E: Float>(grad: &[E], count: usize, line: &mut [E]) {
    let sum = |of: &[E]| of.iter().fold(E::zero(), |sum, g| sum + *g);
    match count {
        2 => grad.as_chunks().0.iter().zip(line).for_each(|(g, x): (&[E; 2], _)| *x = sum(g)),
        _ => grad.chunks_exact(count).zip(line).for_each(|(g, x)| *x = sum(g)),
    }
}

/// The gradient of a row of the old width. `long` is 1 if an element may have too many terms for one sum, else 0.
#[inline]
fn line_of<E: Float>(grad: &[E], columns: &[(usize, usize, E)], long: usize, line: &mut [E]) {
    line.fill(E::zero());
    let mut sums = LongSums::new(line);
    for ((low, high, weight), grad) in columns.iter().zip(grad) {
        let line = sums.more(long);
        if *weight == E::zero() {
            line[*low] += *grad;
        } else {
            line[*low] += *grad * (E::one() - *weight);
            line[*high] += *grad * *weight;
        }
    }
    sums.finish();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_element_is_exact() {
        let of = |input, output| nearest(input, output).iter().map(|s| s.low).collect::<Vec<_>>();
        assert_eq!(of(2, 5), [0, 0, 0, 1, 1]);
        // In f32, 3 * (8 / 24) is less than 1.
        assert!((0..24).all(|i| of(8, 24)[i] == i / 3));
    }

    #[test]
    fn many_planes_have_the_results_of_each() {
        for (input, output) in
            [([16, 16], [32, 32]), ([16, 16], [48, 80]), ([40, 31], [23, 9]), ([9, 40], [40, 33])]
        {
            for of_axis in [nearest, |input, output| linear(input, output, false)] {
                let sources = [0, 1].map(|axis| of_axis(input[axis], output[axis]));
                let sizes = Resampling { planes: 150, input, sources };
                let numbers = |n: usize| (0..n).map(|i| (i * i % 1009) as f32).collect::<Vec<_>>();
                let (x, grad) = (numbers(150 * sizes.plane()), numbers(150 * sizes.places()));
                let (y, dx) = (resample(&x, &sizes), resample_gradient(&grad, &sizes));
                let one = Resampling { planes: 1, ..sizes };
                let of_each = x.chunks(one.plane()).flat_map(|x| resample(x, &one).to_vec());
                assert!(y.iter().copied().eq(of_each), "{input:?} {output:?}");
                let of_each =
                    grad.chunks(one.places()).flat_map(|grad| resample_gradient(grad, &one).to_vec());
                assert!(dx.iter().copied().eq(of_each), "{input:?} {output:?}");
            }
        }
    }

    #[test]
    fn aligned_corners_stay_where_they_are() {
        let of = |input, output, aligned| {
            linear(input, output, aligned).iter().map(|s| s.low as f64 + s.weight).collect::<Vec<_>>()
        };
        assert_eq!(of(3, 5, true), [0.0, 0.5, 1.0, 1.5, 2.0]);
        assert_eq!(of(2, 4, false), [0.0, 0.25, 0.75, 1.0]);
        assert_eq!(of(4, 1, true), [0.0]);
    }
}
