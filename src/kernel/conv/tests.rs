//! Convolutions against their definition, at every level.

use super::conv::{Convolution, Convolve, Finish};
use super::{forward, input_gradient, weight_gradient, weight_gradient_along_channels};
use crate::element::Float;
use crate::kernel::simd::{self, Level, SimdFloat};
use crate::kernel::threads;
use crate::rng::Rng;

/// The three passes by their definition: y, dx and dw.
pub(super) fn naive(x: &[f64], w: &[f64], grad: &[f64], sizes: &Convolution) -> [Vec<f64>; 3] {
    let [part, out] = sizes.channels.map(|channels| channels / sizes.groups);
    let [height, width] = sizes.output;
    let (mut y, mut dx, mut dw) = (vec![0.0; grad.len()], vec![0.0; x.len()], vec![0.0; w.len()]);
    for at in 0..grad.len() {
        let (b, o) = (at / (width * height * sizes.channels[1]), at / (width * height) % sizes.channels[1]);
        let place = [at / width % height, at % width];
        for term in 0..part * sizes.kernel[0] * sizes.kernel[1] {
            let tap = [term / sizes.kernel[1] % sizes.kernel[0], term % sizes.kernel[1]];
            let c = o / out * part + term / (sizes.kernel[0] * sizes.kernel[1]);
            let padded = [0, 1].map(|i| place[i] * sizes.stride[i] + tap[i] * sizes.dilation[i]);
            if (0..2).all(|i| (sizes.padding[i]..sizes.padding[i] + sizes.input[i]).contains(&padded[i])) {
                let [row, column] = [0, 1].map(|i| padded[i] - sizes.padding[i]);
                let from = ((b * sizes.channels[0] + c) * sizes.input[0] + row) * sizes.input[1] + column;
                let weight = o * part * sizes.kernel[0] * sizes.kernel[1] + term;
                y[at] += x[from] * w[weight];
                dx[from] += grad[at] * w[weight];
                dw[weight] += grad[at] * x[from];
            }
        }
    }
    [y, dx, dw]
}

/// Runs `f` at a level, on this thread alone: others are at the best level.
pub(super) fn with_level<R>(level: Level, f: impl FnOnce() -> R) -> R {
    simd::with_level(level, || threads::inline(f))
}

/// Sizes for which the window fits.
pub(super) fn sizes(rng: &mut Rng) -> Convolution {
    loop {
        let mut below = |n: usize| rng.below(n);
        let groups = [1, 1, 1, 2, 3][below(5)];
        let mut sizes = Convolution {
            batch: 1 + below(5),
            channels: [groups * (1 + below(5)), groups * (1 + below(19) * [1, 4][below(2)])],
            groups,
            input: [1 + below(12), 1 + below(37)],
            output: [0; 2],
            kernel: [1 + below(4), 1 + below(4)],
            stride: [1 + below(3), 1 + below(3)],
            padding: [below(4), below(4)],
            dilation: [1 + below(3), 1 + below(3)],
        };
        let extent = [0, 1].map(|i| (sizes.kernel[i] - 1) * sizes.dilation[i] + 1);
        if (0..2).all(|i| extent[i] <= sizes.input[i] + 2 * sizes.padding[i]) {
            sizes.output =
                [0, 1].map(|i| (sizes.input[i] + 2 * sizes.padding[i] - extent[i]) / sizes.stride[i] + 1);
            // The output padding of a transposed convolution leaves windows out.
            let left_out = rng.below(2);
            sizes.output = sizes.output.map(|size| size.saturating_sub(left_out).max(1));
            return sizes;
        }
    }
}

/// Small integers: their products and sums are exact in any order.
pub(super) fn integers(rng: &mut Rng, len: usize) -> Vec<f64> {
    (0..len).map(|_| rng.below(19) as f64 - 9.0).collect()
}

pub(super) fn all<E: Float>(numbers: &[f64]) -> Vec<E> {
    numbers.iter().map(|x| E::from_f64(*x)).collect()
}

pub(super) fn back<E: Float>(numbers: &[E]) -> Vec<f64> {
    numbers.iter().map(|x| x.as_f64()).collect()
}

fn the_passes_agree<E: Float + SimdFloat>(level: Level) {
    let rng = &mut Rng::seed(1);
    for _ in 0..60 {
        let sizes = sizes(rng);
        let [input, output] = [sizes.input, sizes.output].map(|[h, w]| h * w * sizes.batch);
        let x = integers(rng, sizes.channels[0] * input);
        let grad = integers(rng, sizes.channels[1] * output);
        let w = integers(
            rng,
            sizes.channels[0] * sizes.channels[1] / sizes.groups * sizes.kernel[0] * sizes.kernel[1],
        );
        let bias = integers(rng, sizes.channels[1]);
        let [mut y, dx, dw] = naive(&x, &w, &grad, &sizes);
        let (x, w, grad) = (all::<E>(&x), all::<E>(&w), all::<E>(&grad));
        with_level(level, || {
            assert_eq!(back(&E::convolve(&x, &w, &sizes, Finish::default())), y, "{sizes:?}");
            let channels = y.chunks_exact_mut(sizes.output[0] * sizes.output[1]).zip(bias.iter().cycle());
            channels.for_each(|(channel, bias)| channel.iter_mut().for_each(|y| *y += bias));
            assert_eq!(
                back(&E::convolve(&x, &w, &sizes, Finish { bias: Some(&all(&bias)), ..Finish::default() })),
                y,
                "{sizes:?}"
            );
            assert_eq!(back(&E::input_gradient(&grad, &w, &sizes)), dx, "{sizes:?}");
            assert_eq!(back(&E::weight_gradient(&x, &grad, &sizes)), dw, "{sizes:?}");
            for by_pixels in [false, true] {
                let mut other = vec![E::ZERO; x.len()];
                input_gradient::sum(&grad, &w, &sizes, by_pixels, &mut other);
                assert_eq!(back(&other), dx, "{by_pixels} {sizes:?}");
            }
            let mut other = vec![E::ZERO; w.len()];
            weight_gradient_along_channels::weight_gradient(&x, &grad, &sizes, &mut other);
            assert_eq!(back(&other), dw, "{sizes:?}");
        });
    }
}

#[test]
fn the_passes_agree_with_the_definition() {
    for level in Level::ALL {
        the_passes_agree::<f32>(level);
        the_passes_agree::<f64>(level);
    }
}

/// An infinite input or gradient is read by the windows that contain it, and does not meet what lies between windows.
fn infinities_stay_where_they_are<E: Float + SimdFloat>(level: Level) {
    let rng = &mut Rng::seed(3);
    for case in 0..80 {
        let sizes = sizes(rng);
        let [input, output] = [sizes.input, sizes.output].map(|[h, w]| h * w * sizes.batch);
        let [part, kernel] = [sizes.channels[0] / sizes.groups, sizes.kernel[0] * sizes.kernel[1]];
        let lens = [sizes.channels[0] * input, sizes.channels[1] * part * kernel, sizes.channels[1] * output];
        let mut operands = lens.map(|len| integers(rng, len));
        operands.iter_mut().flatten().for_each(|x| *x += if *x < 0.0 { 0.0 } else { 1.0 });
        let infinite = &mut operands[case % 2 * 2];
        for _ in 0..1 + rng.below(3) {
            let at = rng.below(infinite.len());
            infinite[at] = [f64::INFINITY, f64::NEG_INFINITY][rng.below(2)];
        }
        let [x, w, grad] = &operands;
        let expected = naive(x, w, grad, &sizes);
        let [x, w, grad] = [x, w, grad].map(|numbers| all::<E>(numbers));
        with_level(level, || {
            let y = back(&E::convolve(&x, &w, &sizes, Finish::default()));
            let dx = back(&E::input_gradient(&grad, &w, &sizes));
            let mut found = [y, dx, back(&E::weight_gradient(&x, &grad, &sizes))];
            if case % 2 == 1 {
                // The padding times an infinite gradient is NaN, as in PyTorch.
                found[2] = expected[2].clone();
            }
            for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
                assert!(
                    found == expected || found.is_nan() && expected.is_nan(),
                    "{found} {expected} {sizes:?}"
                );
            }
        });
    }
}

#[test]
fn infinities_meet_nothing_but_their_windows() {
    for level in Level::ALL {
        infinities_stay_where_they_are::<f32>(level);
        infinities_stay_where_they_are::<f64>(level);
    }
}

/// Sizes with more terms than one convolution sums, forward and backward.
fn deep(groups: usize, stride: usize) -> Convolution {
    Convolution {
        batch: 2,
        channels: [groups * 240, groups * 230],
        groups,
        input: [3, 2],
        output: [(3 + 2 - 3) / stride + 1, (2 + 2 - 3) / stride + 1],
        kernel: [3, 3],
        stride: [stride; 2],
        padding: [1, 1],
        dilation: [1, 1],
    }
}

#[test]
fn convolutions_of_many_terms_agree_with_the_definition() {
    let rng = &mut Rng::seed(5);
    for sizes in [deep(1, 1), deep(2, 2)] {
        let x = integers(rng, sizes.batch * sizes.channels[0] * 6);
        let grad = integers(rng, sizes.batch * sizes.channels[1] * sizes.output[0] * sizes.output[1]);
        let w = integers(rng, sizes.channels[1] * sizes.inner());
        let [mut y, dx, _] = naive(&x, &w, &grad, &sizes);
        let (x, w, grad) = (all::<f32>(&x), all::<f32>(&w), all::<f32>(&grad));
        assert_eq!(back(&f32::convolve(&x, &w, &sizes, Finish::default())), y);
        assert_eq!(back(&f32::input_gradient(&grad, &w, &sizes)), dx);
        let bias = vec![3.0; sizes.channels[1]];
        y.iter_mut().for_each(|y| *y = (*y + 3.0).max(0.0));
        let relu = Finish { bias: Some(&bias), relu: Some(f32::INFINITY), ..Finish::default() };
        assert_eq!(back(&f32::convolve(&x, &w, &sizes, relu)), y);
    }
}

/// Equal terms are the worst: in sequence, 36,000 of them would lose 3e-4.
#[test]
fn the_error_of_a_convolution_does_not_grow_with_the_channels() {
    let sizes = Convolution {
        channels: [4000, 4000],
        groups: 1,
        input: [3, 3],
        output: [1, 1],
        padding: [0, 0],
        batch: 1,
        ..deep(1, 1)
    };
    let w = vec![0.1_f32; 4000 * 4000 * 9 / 500];
    let (few, many) = ([4000, 8], [8, 4000]);
    let y = f32::convolve(&[0.1; 36_000], &w, &Convolution { channels: few, ..sizes }, Finish::default());
    let dx = f32::input_gradient(&[0.1; 4000], &w, &Convolution { channels: many, ..sizes });
    let square = f64::from(0.1_f32) * f64::from(0.1_f32);
    let error = |sum: &[f32], terms: f64| {
        sum.iter().map(|sum| (f64::from(*sum) / (terms * square) - 1.0).abs()).fold(0.0, f64::max)
    };
    assert!(error(&y, 36_000.0) < 5e-5, "{}", error(&y, 36_000.0));
    assert!(error(&dx, 4000.0) < 5e-5, "{}", error(&dx, 4000.0));
}

/// Many blocks of terms: images, rows of one, and pieces of a row, along rows and along channels.
#[test]
fn the_error_of_a_weight_gradient_does_not_grow_with_the_positions() {
    let sizes = |batch, channels, output: [usize; 2]| Convolution {
        batch,
        channels,
        groups: 1,
        input: [output[0], output[1] + 1],
        output,
        kernel: [1, 2],
        stride: [1, 1],
        padding: [0, 0],
        dilation: [1, 1],
    };
    type Gradient = fn(&[f32], &[f32], &Convolution, &mut [f32]);
    let along_rows: Gradient = weight_gradient::weight_gradient;
    let along_channels: Gradient = weight_gradient_along_channels::weight_gradient;
    let check = |sizes: Convolution, gradient: Gradient| {
        let [input, output] = sizes.planes();
        let x = vec![1.0; sizes.batch * sizes.channels[0] * input];
        let grad = vec![0.1; sizes.batch * sizes.channels[1] * output];
        let mut dw = vec![0.0; sizes.channels[1] * sizes.inner()];
        gradient(&x, &grad, &sizes, &mut dw);
        let want = f64::from(0.1_f32) * (sizes.batch * output) as f64;
        let error = dw.iter().map(|dw| (f64::from(*dw) / want - 1.0).abs()).fold(0.0, f64::max);
        assert!(error < 5e-6, "{error} {sizes:?}");
    };
    check(sizes(1, [1, 1], [1, 1 << 22]), along_rows);
    check(sizes(1, [1, 1], [1 << 11, 1 << 11]), along_rows);
    check(sizes(1 << 19, [1, 1], [1, 8]), along_rows);
    check(sizes(1, [1, 1], [1, 1 << 20]), along_channels);
    check(sizes(1, [1, 1], [1 << 10, 1 << 10]), along_channels);
    check(sizes(1 << 17, [1, 64], [1, 8]), along_channels);
    let sum = super::channels::sum_channels(&vec![0.1_f32; 1 << 21], 2, 1);
    assert!(sum.iter().all(|sum| (f64::from(*sum) / 104_857.6 - 1.0).abs() < 1e-6), "{sum:?}");
}

#[test]
fn blocks_of_a_weight_gradient_are_all_of_its_terms() {
    let rng = &mut Rng::seed(6);
    for (batch, groups, output) in
        [(1, 1, [3, 700]), (1, 2, [70, 260]), (70, 1, [2, 140]), (1, 1, [1, 17_000])]
    {
        let channels = [groups, 2 * groups];
        let sizes =
            Convolution { batch, channels, groups, input: output, output, padding: [1, 1], ..deep(1, 1) };
        let x = integers(rng, batch * channels[0] * output[0] * output[1]);
        let grad = integers(rng, batch * channels[1] * output[0] * output[1]);
        let w = vec![0.0; 18 * groups];
        let [_, _, dw] = naive(&x, &w, &grad, &sizes);
        let (x, grad) = (all::<f32>(&x), all::<f32>(&grad));
        for by_pixels in [false, true] {
            let mut got = vec![0.0; w.len()];
            if by_pixels {
                weight_gradient_along_channels::weight_gradient(&x, &grad, &sizes, &mut got);
            } else {
                weight_gradient::weight_gradient(&x, &grad, &sizes, &mut got);
            }
            assert_eq!(back(&got), dw, "{by_pixels} {sizes:?}");
        }
    }
}

/// The vectors run over what lies between the rows of the output; it must not get into the sums.
#[test]
fn a_nan_stays_in_the_weights_that_see_it() {
    let sizes = Convolution {
        batch: 2,
        channels: [1, 3],
        groups: 1,
        input: [4, 5],
        output: [3, 4],
        kernel: [2, 2],
        stride: [1, 1],
        padding: [0, 0],
        dilation: [1, 1],
    };
    let mut x = vec![1.0_f32; 40];
    x[0] = f32::NAN;
    let w = f32::weight_gradient(&x, &[1.0; 72], &sizes);
    // Only the first tap reads the first element.
    assert!(w.chunks(4).all(|w| w[0].is_nan() && w[1..].iter().all(|w| *w == 24.0)), "{w:?}");
    let y = f32::convolve(&x, &[1.0; 12], &sizes, Finish::default());
    assert_eq!(y.iter().filter(|y| y.is_nan()).count(), 3);
}

/// Sums that are not exact: the levels with FMA are bit-identical.
#[test]
fn the_bits_do_not_depend_on_the_level() {
    let rng = &mut Rng::seed(3);
    for _ in 0..20 {
        let sizes = sizes(rng);
        let mut random =
            |len: usize| (0..len).map(|_| rng.below(1 << 20) as f32 / 1e6 - 0.5).collect::<Vec<f32>>();
        let x = random(sizes.batch * sizes.channels[0] * sizes.input[0] * sizes.input[1]);
        let grad = random(sizes.batch * sizes.channels[1] * sizes.output[0] * sizes.output[1]);
        let [avx2, avx512] = [Level::Avx2, Level::Avx512]
            .map(|level| with_level(level, || f32::weight_gradient(&x, &grad, &sizes).to_vec()));
        assert_eq!(avx2, avx512, "{sizes:?}");
        let [avx2, avx512] = [Level::Avx2, Level::Avx512].map(|level| {
            let mut dw = vec![0.0; avx2.len()];
            with_level(level, || weight_gradient_along_channels::weight_gradient(&x, &grad, &sizes, &mut dw));
            dw
        });
        assert_eq!(avx2, avx512, "{sizes:?}");
    }
}

/// One image is cut by channels, and groups are parts of their own.
#[test]
fn a_few_images_are_cut_by_channels() {
    let rng = &mut Rng::seed(5);
    for (channels, groups) in [([12, 64], 1), ([16, 48], 1), ([12, 24], 3), ([30, 30], 30)] {
        let sizes = Convolution {
            batch: 1,
            channels,
            groups,
            input: [20, 21],
            output: [20, 21],
            kernel: [3, 3],
            stride: [1, 1],
            padding: [1, 1],
            dilation: [1, 1],
        };
        let (x, w) = (integers(rng, 420 * channels[0]), integers(rng, channels[1] * sizes.inner()));
        let bias = integers(rng, channels[1]);
        let [mut y, ..] = naive(&x, &w, &vec![0.0; 420 * channels[1]], &sizes);
        y.chunks_exact_mut(420).zip(&bias).for_each(|(y, b)| y.iter_mut().for_each(|y| *y += b));
        for run in [forward::by_rows::<f64>, forward::by_pixels] {
            let mut out = vec![0.0; y.len()];
            run(&x, &w, Finish { bias: Some(&bias), ..Finish::default() }, &sizes, &mut out);
            assert!(out == y, "{sizes:?}");
        }
    }
    let sizes = |batch, channels, groups| {
        let size = [20, 21];
        let ([kernel, stride], padding) = ([[3, 3], [1, 1]], [1, 1]);
        Convolution {
            batch,
            channels,
            groups,
            input: size,
            output: size,
            kernel,
            stride,
            padding,
            dilation: [1, 1],
        }
    };
    let cuts = if threads::are_several() { 2 } else { 1 };
    assert_eq!(sizes(1, [12, 64], 1).slices(16), [64 / cuts, 1]);
    assert_eq!(sizes(1, [16, 48], 1).slices(8), [48 / cuts, 1]);
    assert_eq!(sizes(1, [16, 48], 1).slices(16), [48, 1]);
    assert_eq!(sizes(8, [12, 64], 1).slices(16), [64, 1]);
    assert_eq!(sizes(1, [30, 30], 30).slices(8), [1, 61]);
}
