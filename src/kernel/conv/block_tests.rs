//! Convolutions that are computed in several blocks: of terms, of images, and of rows of the frame, against their definition.

use super::conv::{Convolution, Finish};
use super::terms::{Terms, chains, images_at_once};
use super::tests::{all, back, integers, naive, with_level};
use super::{forward, input_gradient, weight_gradient, weight_gradient_along_channels};
use crate::element::Float;
use crate::kernel::simd::{Level, SimdFloat};
use crate::rng::Rng;

#[test]
fn the_blocks_are_all_terms_once() {
    for count in [0, 1, 143, 144, 145, 288, 289, 2047, 2048, 2049, 4096, 4097, 36_000] {
        for most in [1, 144, 288] {
            let (mut next, mut chain) = (0, 0);
            for terms in Terms::all(count, most) {
                assert!(terms.from == next && terms.to - terms.from <= most, "{count} {most}");
                assert!(terms.chain == chain && terms.is_end == (terms.to == count));
                next = terms.to;
                chain += usize::from(terms.is_last);
            }
            assert!(next == count && chain == chains(count));
        }
    }
    for images in [1, 2, 5, 8, 9, 100] {
        let at_once = images_at_once(images, 5000, 49);
        assert!((1..=images.min(5)).contains(&at_once), "{images}");
        assert_eq!([images_at_once(images, 100, 49), images_at_once(images, 5000, 300)], [1, 1]);
    }
}

/// The largest of each 2 x 2 of `y`, after ReLU.
fn pooled(y: &[f64], [rows, columns]: [usize; 2]) -> Vec<f64> {
    let planes = y.chunks_exact(rows * columns);
    let windows = planes.flat_map(|y| {
        (0..rows / 2 * (columns / 2)).map(move |at| {
            let [i, j] = [at / (columns / 2) * 2, at % (columns / 2) * 2];
            let window = [i * columns + j, (i + 1) * columns + j].map(|at| y[at].max(y[at + 1]));
            window[0].max(window[1]).max(0.0)
        })
    });
    windows.collect()
}

/// Both forms of each pass.
fn agrees<E: Float + SimdFloat>(rng: &mut Rng, sizes: &Convolution) {
    let [input, output] = sizes.planes().map(|plane| plane * sizes.batch);
    let mut numbers = |len| integers(rng, len);
    let (x, grad) = (numbers(sizes.channels[0] * input), numbers(sizes.channels[1] * output));
    let (w, bias) = (numbers(sizes.channels[1] * sizes.inner()), numbers(sizes.channels[1]));
    let [mut y, dx, dw] = naive(&x, &w, &grad, sizes);
    let channels = y.chunks_exact_mut(sizes.planes()[1]).zip(bias.iter().cycle());
    channels.for_each(|(channel, bias)| channel.iter_mut().for_each(|y| *y += bias));
    let (x, w, grad, bias) = (all::<E>(&x), all::<E>(&w), all::<E>(&grad), all::<E>(&bias));
    let [means, gains, biases] = [(); 3].map(|()| integers(rng, sizes.channels[1]));
    let of_channels = [all::<E>(&means), all::<E>(&gains), all::<E>(&biases)];
    for (is_normalized, max_pool_2x2) in [(false, false), (false, true), (true, false), (true, true)] {
        if max_pool_2x2 && sizes.output.contains(&1) {
            continue;
        }
        if (is_normalized, max_pool_2x2) == (true, false) {
            for (at, y) in y.iter_mut().enumerate() {
                let c = at / sizes.planes()[1] % means.len();
                *y = (*y - means[c]) * gains[c] + biases[c];
            }
        }
        let normalization = is_normalized.then_some([&of_channels[0][..], &of_channels[1], &of_channels[2]]);
        let finish = Finish {
            bias: Some(&bias),
            normalization,
            relu: max_pool_2x2.then_some(E::infinity()),
            max_pool_2x2,
        };
        let expected = if max_pool_2x2 { pooled(&y, sizes.output) } else { y.clone() };
        for convolve in [forward::by_rows, forward::by_pixels] {
            let mut out = vec![E::from_f64(7.0); expected.len()];
            convolve(&x, &w, finish, sizes, &mut out);
            assert!(back(&out) == expected, "{finish:?} {sizes:?}");
        }
    }
    for by_pixels in [false, true] {
        let mut out = vec![E::from_f64(7.0); dx.len()];
        input_gradient::sum(&grad, &w, sizes, by_pixels, &mut out);
        assert!(back(&out) == dx, "{by_pixels} {sizes:?}");
    }
    for sum in [weight_gradient::weight_gradient, weight_gradient_along_channels::weight_gradient] {
        let mut out = vec![E::from_f64(0.0); dw.len()];
        sum(&x, &grad, sizes, &mut out);
        assert!(back(&out) == dw, "{sizes:?}");
    }
}

fn sizes(channels: [usize; 2], groups: usize, batch: usize, input: [usize; 2], stride: usize) -> Convolution {
    let [kernel, padding, dilation] = [[3, 3], [1, 1], [1, 1]];
    let output = input.map(|size| (size + 2 - 3) / stride + 1);
    Convolution { batch, channels, groups, input, output, kernel, stride: [stride; 2], padding, dilation }
}

/// More terms than a block, and than a chain, for several images at once.
#[test]
fn many_terms_of_small_images_agree_with_the_definition() {
    let rng = &mut Rng::seed(6);
    for level in Level::ALL {
        with_level(level, || {
            for (channels, groups, batch, input, stride) in [
                ([33, 20], 1, 5, [3, 3], 1),
                ([60, 18], 1, 7, [2, 7], 2),
                ([18, 60], 1, 3, [7, 3], 2),
                ([20, 35], 1, 6, [1, 2], 1),
                ([230, 3], 1, 3, [5, 4], 1),
                ([3, 470], 1, 4, [2, 2], 1),
                ([64, 34], 2, 2, [5, 5], 3),
            ] {
                agrees::<f32>(rng, &sizes(channels, groups, batch, input, stride));
                agrees::<f64>(rng, &sizes(channels, groups, batch, input, stride));
            }
        });
    }
}

/// Frames of a few rows, with rows above and below the image.
#[test]
fn rows_of_large_images_agree_with_the_definition() {
    let rng = &mut Rng::seed(7);
    for (channels, batch, input, stride) in [
        ([8, 3], 1, [61, 130], 1),
        ([3, 8], 2, [70, 201], 1),
        ([5, 6], 1, [121, 200], 2),
        ([2, 17], 1, [41, 1100], 3),
        ([20, 2], 1, [9, 900], 1),
    ] {
        let sizes = sizes(channels, 1, batch, input, stride);
        agrees::<f32>(rng, &sizes);
        let output = [sizes.output[0] - 2, sizes.output[1] - 4];
        let (padding, kernel, dilation) = ([0, 0], [2, 3], [3, 1]);
        let input = [0, 1].map(|i| (output[i] - 1) * stride + (kernel[i] - 1) * dilation[i] + 1);
        agrees::<f64>(rng, &Convolution { input, output, padding, kernel, dilation, ..sizes });
    }
}
