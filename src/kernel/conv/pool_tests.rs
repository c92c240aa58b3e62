//! Pooling against its definition, at every level.

use super::avg_pool::AvgPool;
use super::max_pool::MaxPool;
use super::pool::{Moving, Windows, adaptive};
use crate::element::Float;
use crate::kernel::simd::{Level, with_level};
use crate::rng::Rng;

/// The elements inside a window at each position, as indices.
fn windows_of(planes: usize, axes: &[Moving; 2]) -> Vec<Vec<usize>> {
    let inside = |axis: &Moving, i: usize| -> Vec<usize> {
        let taps = (0..axis.kernel).map(|k| i * axis.stride + k * axis.dilation);
        taps.filter(|at| (axis.padding..axis.padding + axis.input).contains(at))
            .map(|at| at - axis.padding)
            .collect()
    };
    let [rows, columns] = axes;
    let mut windows = Vec::new();
    for at in 0..planes * rows.output * columns.output {
        let (plane, i, j) =
            (at / (rows.output * columns.output), at / columns.output % rows.output, at % columns.output);
        let (down, across) = (inside(rows, i), inside(columns, j));
        let line = |row: &usize| (plane * rows.input + row) * columns.input;
        windows
            .push(down.iter().flat_map(|row| across.iter().map(move |column| line(row) + column)).collect());
    }
    windows
}

/// The first of the largest elements, and the last NaN if there is one; -∞ and no gradient without elements.
fn naive_max(x: &[f64], windows: &[Vec<usize>], grad: &[f64]) -> [Vec<f64>; 2] {
    let mut dx = vec![0.0; x.len()];
    let one = |(window, grad): (&Vec<usize>, &f64)| {
        let largest = window
            .iter()
            .copied()
            .reduce(|best, at| if x[at] > x[best] || x[at].is_nan() { at } else { best });
        largest.map_or(f64::NEG_INFINITY, |at| {
            dx[at] += grad;
            x[at]
        })
    };
    [windows.iter().zip(grad).map(one).collect(), dx]
}

/// The mean over the elements inside, or over `counted`; 0 without elements.
fn naive_mean(x: &[f64], windows: &[Vec<usize>], grad: &[f64], counted: Option<usize>) -> [Vec<f64>; 2] {
    let mut dx = vec![0.0; x.len()];
    let one = |(window, grad): (&Vec<usize>, &f64)| {
        let count = counted.unwrap_or(window.len().max(1)) as f64;
        window.iter().for_each(|at| dx[*at] += grad / count);
        window.iter().map(|at| x[*at]).sum::<f64>() / count
    };
    [windows.iter().zip(grad).map(one).collect(), dx]
}

fn all<E: Float>(numbers: &[f64]) -> Vec<E> {
    numbers.iter().map(|x| E::from_f64(*x)).collect()
}

#[track_caller]
fn same<E: Float>(got: &[E], expected: &[f64], tolerance: f64, what: &dyn std::fmt::Debug) {
    assert_eq!(got.len(), expected.len(), "{what:?}");
    for (a, b) in got.iter().map(|x| x.as_f64()).zip(expected) {
        let close = a == *b || a.is_nan() && b.is_nan() || (a - b).abs() <= tolerance;
        assert!(close, "{what:?} gave {a}, not {b}");
    }
}

/// Both poolings of these axes in both types of floats and of integers.
fn agrees(rng: &mut Rng, planes: usize, axes: &[Moving; 2], special: &[f64]) {
    let len = planes * axes[0].input * axes[1].input;
    let x: Vec<f64> = (0..len)
        .map(|_| match rng.below(40) {
            n if n < special.len() => special[n],
            n => (n % 7) as f64,
        })
        .collect();
    let of = windows_of(planes, axes);
    let grad: Vec<f64> = of.iter().map(|_| rng.below(19) as f64 - 9.0).collect();
    let [y, dx] = naive_max(&x, &of, &grad);
    let windows = Windows::moving(planes, axes, false);
    for level in Level::ALL {
        with_level(level, || {
            same(&f64::largest(&x, &windows), &y, 0.0, axes);
            same(&f64::largest_gradient(&x, &grad, &windows), &dx, 0.0, axes);
            let (x, grad) = (all::<f32>(&x), all::<f32>(&grad));
            same(&f32::largest(&x, &windows), &y, 0.0, axes);
            same(&f32::largest_gradient(&x, &grad, &windows), &dx, 0.0, axes);
        });
    }
    if special.is_empty() {
        let integers = |x: &[f64]| x.iter().map(|x| *x as i64).collect::<Vec<_>>();
        let expected: Vec<i64> =
            of.iter().zip(&y).map(|(of, y)| if of.is_empty() { i64::MIN } else { *y as i64 }).collect();
        assert_eq!(i64::largest(&integers(&x), &windows).to_vec(), expected);
        assert_eq!(i64::largest_gradient(&integers(&x), &integers(&grad), &windows).to_vec(), integers(&dx));
    }
    if axes.iter().all(|axis| axis.dilation == 1) && special.is_empty() {
        for padded in [false, true] {
            let counted = padded.then_some(axes[0].kernel * axes[1].kernel);
            means_agree(
                &Windows::moving(planes, axes, padded),
                &x,
                &grad,
                naive_mean(&x, &of, &grad, counted),
            );
        }
    }
}

fn means_agree(windows: &Windows, x: &[f64], grad: &[f64], [y, dx]: [Vec<f64>; 2]) {
    for level in Level::ALL {
        with_level(level, || {
            same(&f64::means(x, windows), &y, 1e-13, &windows.spans);
            same(&f64::means_gradient(grad, windows), &dx, 1e-12, &windows.spans);
            same(&f32::means(&all::<f32>(x), windows), &y, 1e-5, &windows.spans);
            same(&f32::means_gradient(&all::<f32>(grad), windows), &dx, 1e-4, &windows.spans);
        });
    }
}

/// The axis with as many positions as fit, if there is one.
fn axis(input: usize, [kernel, stride, padding, dilation]: [usize; 4]) -> Option<Moving> {
    let extent = (kernel - 1) * dilation + 1;
    let output = (input + 2 * padding).checked_sub(extent)? / stride + 1;
    Some(Moving { input, output, kernel, stride, padding, dilation })
}

#[test]
fn the_mean_of_negative_zeros_is_zero() {
    for options in [[2, 2, 0, 1], [3, 1, 0, 1]] {
        let axes = [axis(6, options).unwrap(), axis(40, options).unwrap()];
        let means = f32::means(&[-0.0; 240], &Windows::moving(1, &axes, true));
        assert!(means.iter().all(|mean| mean.to_bits() == 0), "{options:?}");
    }
}

#[test]
fn pooling_agrees_with_the_definition() {
    let rng = &mut Rng::seed(5);
    for n in 0..120 {
        let mut one = || loop {
            let input = 1 + rng.below(70);
            let kernel = 1 + rng.below(4);
            let options = [kernel, 1 + rng.below(3), rng.below(kernel / 2 + 1), 1 + rng.below(2)];
            if let Some(axis) = axis(input, if n % 2 == 0 { [2, 2, 0, 1] } else { options }) {
                break axis;
            }
        };
        let axes = [one(), one()];
        let special: &[f64] = match n / 2 % 4 {
            0 => &[f64::NAN],
            1 => &[f64::NEG_INFINITY, f64::NAN, f64::INFINITY],
            _ => &[],
        };
        agrees(rng, 1 + n % 5, &axes, special);
    }
}

/// All small windows, those without elements among them: of signals, and of images along one axis or both.
#[test]
fn small_windows_agree_with_the_definition() {
    let rng = &mut Rng::seed(6);
    let mut axes = Vec::new();
    for (input, kernel) in (0..5).flat_map(|input| (1..5).map(move |kernel| (input, kernel))) {
        for (stride, padding) in
            (1..4).flat_map(|stride| (0..=kernel / 2).map(move |padding| (stride, padding)))
        {
            axes.extend((1..7).filter_map(|dilation| axis(input, [kernel, stride, padding, dilation])));
        }
    }
    let without = |axis: &&Moving| windows_of(1, &[Moving::NONE, **axis]).iter().any(Vec::is_empty);
    assert!(axes.iter().filter(without).count() > 4);
    for axis in &axes {
        agrees(rng, 2, &[Moving::NONE, *axis], &[]);
        agrees(rng, 1, &[*axis, *axis], &[]);
        let other = axes[rng.below(axes.len())];
        agrees(rng, 2, &[*axis, other], &[f64::NEG_INFINITY]);
    }
}

#[test]
fn large_and_adaptive_means_agree_with_the_definition() {
    let rng = &mut Rng::seed(7);
    for (input, output) in [
        ([5, 4], [3, 3]),
        ([7, 7], [1, 1]),
        ([130, 33], [1, 1]),
        ([70, 200], [2, 3]),
        ([3, 2], [5, 7]),
        ([1, 9], [1, 4]),
    ] {
        let x: Vec<f64> = (0..3 * input[0] * input[1]).map(|_| rng.below(19) as f64 - 9.0).collect();
        let (rows, columns) = (adaptive(input[0], output[0]), adaptive(input[1], output[1]));
        let mut of: Vec<Vec<usize>> = Vec::new();
        for plane in 0..3 {
            for (row, column) in rows.iter().flat_map(|row| columns.iter().map(move |column| (row, column))) {
                let line = |r: usize| (plane * input[0] + r) * input[1];
                let window =
                    (row.start..row.end).flat_map(|r| (column.start..column.end).map(move |c| line(r) + c));
                of.push(window.collect());
            }
        }
        let grad: Vec<f64> = of.iter().map(|_| rng.below(19) as f64 - 9.0).collect();
        means_agree(&Windows::adaptive(3, input, output), &x, &grad, naive_mean(&x, &of, &grad, None));
    }
}

/// A sum of a million equal terms keeps its digits.
#[test]
fn the_mean_of_a_large_image_is_accurate() {
    let windows = Windows::adaptive(1, [1024, 1024], [1, 1]);
    let mean = f32::means(&vec![0.1; 1 << 20], &windows)[0];
    assert!((mean - 0.1).abs() < 1e-7, "{mean}");
}
