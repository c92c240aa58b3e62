//! The losses along an axis, against differences of their definitions.

use super::along::*;
use super::cosine::Cosine;
use super::triplet::Triplet;
use super::{RealRows, Reduce, Reduction};
use crate::element::Float;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::simd::{Level, with_level};
use crate::storage::Storage;

/// The value of lanes, and the gradients.
type Naive<'a, const N: usize> = &'a dyn Fn(usize, [&[f64]; N]) -> (f64, [Vec<f64>; N]);

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// By differences, which are exact to about 1e-9.
fn value_and_gradients<const N: usize>(
    lanes: [&[f64]; N],
    f: &dyn Fn([&[f64]; N]) -> f64,
) -> (f64, [Vec<f64>; N]) {
    let mut moved = lanes.map(<[f64]>::to_vec);
    let mut gradients = lanes.map(|lane| vec![0.0; lane.len()]);
    for k in 0..N {
        for i in 0..lanes[k].len() {
            let mut at = |x: f64| {
                moved[k][i] = x;
                f(std::array::from_fn(|k| &*moved[k]))
            };
            let (x, h) = (lanes[k][i], 1e-4);
            gradients[k][i] =
                (8.0 * (at(x + h) - at(x - h)) - (at(x + 2.0 * h) - at(x - 2.0 * h))) / (12.0 * h);
            moved[k][i] = x;
        }
    }
    (f(lanes), gradients)
}

fn cosine([a, b]: [&[f64]; 2]) -> f64 {
    dot(a, b) / dot(a, a).sqrt().max(1e-8) / dot(b, b).sqrt().max(1e-8)
}

fn distance(a: &[f64], b: &[f64], p: f64) -> f64 {
    let d = a.iter().zip(b).map(|(a, b)| (a - b + 1e-3).abs());
    if p.is_infinite() { d.fold(0.0, f64::max) } else { d.map(|d| d.powf(p)).sum::<f64>().powf(1.0 / p) }
}

fn check<E: Float, const N: usize>(
    along: AxisLayout,
    compute: impl Fn(&Job<'_, E, N>),
    naive: Naive<'_, N>,
    precision: f64,
) {
    let AxisLayout { outer, size, inner } = along;
    let len = outer * size * inner;
    let operands: [Storage<E>; N] = std::array::from_fn(|k| {
        // Differences differ, so that a maximum is at one position.
        Storage::collect(
            (0..len).map(|i| E::from_f64((i * (i + 7 * k + 3) * 37 % 1009 + k) as f64 / 250.0 - 2.0)),
        )
    });
    let reduce = Reduce::new(Reduction::None, RealRows { real: 2, of: 3 });
    let reduce = if inner == 1 { reduce } else { Reduce::new(Reduction::None, RealRows::ALL) };
    let real = reduce.rows.part(outer * inner);
    for held in [true, false] {
        // Memory that nothing else holds is taken for the gradients.
        let given = if held { operands.clone() } else { operands.clone().map(|x| Storage::from_slice(&x)) };
        let (values, gradients) = lanes(given, along, [true; N], reduce, &compute);
        let (alone, none) = lanes(operands.clone(), along, [false; N], reduce, &compute);
        assert!(none.iter().all(Option::is_none));
        assert_eq!(values.as_slice(), alone.as_slice());
        for place in 0..outer * inner {
            let at = |s: usize| (place / inner * size + s) * inner + place % inner;
            let wide: [Vec<f64>; N] =
                std::array::from_fn(|k| (0..size).map(|s| operands[k][at(s)].as_f64()).collect());
            let (value, of_lanes) = naive(place, std::array::from_fn(|k| &*wide[k]));
            let counts = if place < real { 1.0 } else { 0.0 };
            let near = |got: E, want: f64| {
                let want = want * counts;
                let error = (got.as_f64() - want).abs();
                assert!(error <= precision * (1.0 + want.abs()), "{along:?} {place}: {got} {want}");
            };
            near(values[place], value);
            for (k, gradient) in gradients.iter().enumerate() {
                let gradient = gradient.as_ref().expect("a gradient");
                (0..size).for_each(|s| near(gradient[at(s)], of_lanes[k][s]));
            }
        }
    }
}

fn layouts() -> impl Iterator<Item = AxisLayout> {
    let last = (1..20).chain([31, 32, 33, 64, 70, 131]).map(|size| AxisLayout { outer: 3, size, inner: 1 });
    let others = [(1, 5, 3), (3, 4, 17), (2, 9, 33)];
    last.chain(others.map(|(outer, size, inner)| AxisLayout { outer, size, inner }))
}

#[test]
fn cosines_agree_with_differences_at_each_level() {
    let labels: Vec<i64> = (0..99).map(|i| if i % 2 == 0 { 1 } else { -1 }).collect();
    let loss = |row: usize, lanes: [&[f64]; 2]| {
        let cosine = cosine(lanes);
        if labels[row] == 1 { 1.0 - cosine } else { (cosine + 0.3).max(0.0) }
    };
    for level in Level::ALL {
        with_level(level, || {
            for along in layouts().filter(|along| along.size > 1) {
                let least: Naive<'_, 2> = &|_, lanes| value_and_gradients(lanes, &cosine);
                check::<f32, 2>(along, |job| f32::cosines(Cosine::Least { eps: 1e-8 }, job), least, 2e-6);
                check::<f64, 2>(along, |job| f64::cosines(Cosine::Least { eps: 1e-8 }, job), least, 1e-9);
                let of_labels: Naive<'_, 2> =
                    &|row, lanes| value_and_gradients(lanes, &|lanes| loss(row, lanes));
                let labels = &labels;
                let margin = -0.3;
                check::<f64, 2>(
                    along,
                    |job| f64::cosines(Cosine::Loss { margin, labels }, job),
                    of_labels,
                    1e-9,
                );
                let margin = -0.3;
                check::<f32, 2>(
                    along,
                    |job| f32::cosines(Cosine::Loss { margin, labels }, job),
                    of_labels,
                    2e-6,
                );
            }
        });
    }
}

#[test]
fn triplets_agree_with_differences_at_each_level() {
    for level in Level::ALL {
        with_level(level, || {
            for (p, swap) in [(2.0, false), (2.0, true), (1.0, false), (3.5, true), (f64::INFINITY, false)] {
                let naive: Naive<'_, 3> = &|_, lanes| {
                    value_and_gradients(lanes, &|[a, p_, n]| {
                        let far = distance(a, n, p);
                        let far = if swap { far.min(distance(p_, n, p)) } else { far };
                        (distance(a, p_, p) + 1.5 - far).max(0.0)
                    })
                };
                for along in layouts() {
                    let loss = Triplet { margin: 1.5, p, eps: 1e-3, swap };
                    check::<f64, 3>(along, |job| f64::triplets(loss, job), naive, 1e-7);
                    let loss = Triplet { margin: 1.5, p, eps: 1e-3, swap };
                    check::<f32, 3>(along, |job| f32::triplets(loss, job), naive, 2e-5);
                }
            }
        });
    }
}

#[test]
fn lanes_whose_squares_leave_the_range_have_values_and_gradients() {
    let along = AxisLayout { outer: 5, size: 3, inner: 1 };
    let each = Reduce::new(Reduction::None, RealRows::ALL);
    let scales = [1e-40_f32, 1e-30, 1.0, 1e25, 1e37];
    let lane = |k: [f32; 3]| Storage::collect(scales.into_iter().flat_map(move |scale| k.map(|x| x * scale)));
    let operands = [lane([3.0, 0.0, 4.0]), lane([0.0, 3.0, 4.0])];
    let compute = |job: &Job<'_, f32, 2>| f32::cosines(Cosine::Least { eps: 0.0 }, job);
    let (values, [Some(a), _]) = lanes(operands, along, [true; 2], each, compute) else { panic!() };
    for (i, scale) in scales.into_iter().enumerate() {
        assert!((values[i] - 0.64).abs() < 1e-6, "{scale} {}", values[i]);
        for (got, want) in a[3 * i..].iter().zip([-0.0768, 0.12, 0.0576]) {
            // The gradients of subnormal numbers are infinite or of few digits.
            let near = (f64::from(*got) * f64::from(scale) - want).abs() < 1e-6;
            assert!(near || scale == 1e-40, "{scale}: {got} {want}");
        }
    }
    let operands = [lane([1.0, 0.0, 0.0]), lane([4.0, 4.0, 0.0]), lane([1.0, 0.0, 2.0])];
    let loss = Triplet { margin: f32::MIN_POSITIVE, p: 2.0, eps: 0.0, swap: false };
    let (values, _) = lanes(operands, along, [true; 3], each, |job| f32::triplets(loss, job));
    for (value, scale) in values.iter().zip(scales).filter(|(_, scale)| *scale > 1e-39) {
        assert!((value / scale - 3.0).abs() < 1e-6, "{value} {scale}");
    }
}
