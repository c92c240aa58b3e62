//! Running maxima, minima and products, against loops.

use super::cumulative::*;
use crate::element::Element;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::simd::{Level, with_level};
use crate::rng::Rng;
use crate::storage::Storage;

const LAYOUTS: [(usize, usize, usize); 9] = [
    (1, 7, 1),
    (8, 5, 1),
    (19, 33, 1),
    (3, 1, 1),
    (2, 5, 3),
    (1, 9, 70),
    (5, 1, 4),
    // Enough for threads.
    (1001, 137, 1),
    (3, 700, 67),
];

fn check<E: Element>(make: impl Fn(usize) -> E, beats: impl Fn(E, E) -> bool, largest: bool) {
    for (outer, size, inner) in LAYOUTS {
        let along = AxisLayout { outer, size, inner };
        let x: Vec<E> = (0..outer * size * inner).map(&make).collect();
        let (values, positions) = best_so_far(&x, along, largest);
        let g: Vec<E> = (0..x.len()).map(|i| make(3 * i + 1)).collect();
        let back = best_so_far_backward(Storage::from_slice(&g), along, positions.as_slice());
        let mut want_back = vec![vec![]; x.len()];
        for lane in 0..outer * inner {
            let at = |s: usize| (lane / inner * size + s) * inner + lane % inner;
            let mut best = 0;
            for s in 0..size {
                if beats(x[at(s)], x[at(best)]) {
                    best = s;
                }
                assert_eq!(positions[at(s)], best as i64, "{along:?}");
                let same = values[at(s)] == x[at(best)] || x[at(best)] != x[at(best)];
                assert!(same, "{along:?}");
                want_back[at(best)].push(g[at(s)]);
            }
        }
        for (got, terms) in back.iter().zip(&want_back) {
            assert_eq!(*got, terms.iter().fold(E::default(), |sum, term| plus(sum, *term)), "{along:?}");
        }
    }
}

/// Of integers, so that sums are exact.
fn plus<E: Element>(a: E, b: E) -> E {
    let mut sum = [a];
    E::accumulate(&mut sum, &[b]);
    sum[0]
}

#[test]
fn the_best_so_far_and_its_gradient_agree_with_a_loop() {
    let number = |i: usize| ((i * i + 3 * i) % 101) as i64 - 50;
    check(number, |x, best| x >= best, true);
    check(number, |x, best| x <= best, false);
    check(|i| number(i) as f32, |x, best| x >= best, true);
    check(|i| number(i) as f64, |x, best| x <= best, false);
    check(|i| i % 3 == 1, |x, best| x >= best, true);
}

/// The bits of the values, and the positions, of a lane of floats by a loop.
fn by_a_loop(x: &[f32], largest: bool) -> Vec<(u32, i64)> {
    let mut best = 0;
    let step = |i: usize| {
        let beats = if largest { x[i] >= x[best] } else { x[i] <= x[best] };
        best = if beats || x[i].is_nan() { i } else { best };
        (x[best].to_bits(), best as i64)
    };
    (0..x.len()).map(step).collect()
}

#[test]
fn lanes_of_floats_agree_with_a_loop_at_every_level() {
    let rng = &mut Rng::seed(3);
    let special = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.0, -0.0, 1.0];
    for size in 1..=70 {
        let random: Vec<f32> = (0..3 * size).map(|_| rng.uniform() as f32).collect();
        let rarely = random.iter().map(|x| if *x > 0.9 { special[(x * 1e4) as usize % 6] } else { *x });
        let cases = [
            rarely.collect(),
            random.clone(),
            (0..3 * size).map(|i| i as f32).collect(),
            (0..3 * size).map(|i| -(i as f32)).collect(),
            (0..3 * size).map(|i| (i / 7 % 3) as f32).collect(),
            vec![f32::NEG_INFINITY; 3 * size],
        ];
        let along = AxisLayout { outer: 3, size, inner: 1 };
        for (x, largest) in cases.iter().flat_map(|x: &Vec<f32>| [(x, true), (x, false)]) {
            let want: Vec<_> = x.chunks(size).flat_map(|lane| by_a_loop(lane, largest)).collect();
            for level in Level::ALL {
                let (values, positions) = with_level(level, || best_so_far(x, along, largest));
                let got = values.iter().map(|x| x.to_bits()).zip(positions.iter().copied());
                assert!(got.eq(want.iter().copied()), "{level:?} {size} {largest} {x:?}");
            }
        }
    }
}

#[test]
fn a_nan_is_better_than_every_number() {
    let nan = f64::NAN;
    for largest in [true, false] {
        let along = AxisLayout { outer: 1, size: 5, inner: 1 };
        let (values, positions) = best_so_far(&[1.0, 2.0, nan, 0.0, nan], along, largest);
        assert!(values[2].is_nan() && values[3].is_nan() && values[4].is_nan());
        assert_eq!(positions.as_slice()[2..], [2, 2, 4]);
    }
}

#[test]
fn products_and_their_gradients_agree_with_a_loop() {
    for (outer, size, inner) in LAYOUTS {
        let along = AxisLayout { outer, size, inner };
        let sign = |i: usize| [1_i64, -1, 1, 2, 0][(i * i + i / 5) % 5].min(1);
        let (x, g) = (Storage::collect((0..outer * size * inner).map(sign)), |i: usize| (i % 7) as i64 - 3);
        let grad = Storage::collect((0..x.len()).map(g));
        let y = running_product(x.clone(), along);
        let back = running_product_backward(grad, &x, along);
        for lane in (0..outer * inner).step_by(outer * inner / 5 + 1) {
            let at = |s: usize| (lane / inner * size + s) * inner + lane % inner;
            for s in (0..size).step_by(size / 9 + 1) {
                assert_eq!(y[at(s)], (0..=s).map(|s| x[at(s)]).product::<i64>());
                let others = |to: usize| (0..=to).filter(|k| *k != s).map(|k| x[at(k)]).product::<i64>();
                let want: i64 = (s..size).map(|to| g(at(to)) * others(to)).sum();
                assert_eq!(back[at(s)], want, "{along:?}");
            }
        }
    }
}
