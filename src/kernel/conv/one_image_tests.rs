//! One image on several threads, against the same image on one, or beside another.

use super::conv::{Convolution, Finish};
use super::tests::{all, integers, sizes};
use super::{forward, input_gradient, weight_gradient, weight_gradient_along_channels};
use crate::element::Float;
use crate::kernel::simd::SimdFloat;
use crate::kernel::threads;
use crate::rng::Rng;

/// The gradient of the weight of one image in slices of its channels or groups.
fn slices_of_one_image_are_the_whole<E: Float + SimdFloat>() {
    let rng = &mut Rng::seed(2);
    for _ in 0..40 {
        let sizes = Convolution { batch: 1, ..sizes(rng) };
        let planes = sizes.planes();
        let mut numbers = |len| all::<E>(&integers(rng, len).iter().map(|x| x / 7.0).collect::<Vec<_>>());
        let x = numbers(sizes.channels[0] * planes[0]);
        let grad = numbers(sizes.channels[1] * planes[1]);
        type Sum<E> = fn(&[E], &[E], &Convolution, &mut [E]);
        let along_rows: Sum<E> = weight_gradient::weight_gradient;
        for (sum, unit) in [(along_rows, 1), (weight_gradient_along_channels::weight_gradient, 16)] {
            let mut expected = vec![E::ZERO; sizes.channels[1] * sizes.inner()];
            sum(&x, &grad, &sizes, &mut expected);
            for slices in [0, 1, 2, 3, 8] {
                let mut w = vec![E::ZERO; expected.len()];
                weight_gradient::in_slices(&x, &grad, &sizes, &mut w, (slices, unit), sum);
                assert!(w == expected, "{slices} slices of {sizes:?}");
            }
        }
    }
}

#[test]
fn slices_of_one_image_are_the_whole_image() {
    slices_of_one_image_are_the_whole::<f32>();
    slices_of_one_image_are_the_whole::<f64>();
}

/// One image, whose rows are cut into bands and whose weight by terms, is as the same image in a batch.
fn parts_are_the_whole<E: Float + SimdFloat>(rng: &mut Rng) {
    for case in [0, 6, 9, 15] {
        let (kernel, padding) = ([[7, 5], [3, 3]][case % 2], [[0, 0], [3, 2]][case / 2 % 2]);
        let channels = [[3, 13], [8, 11]][case / 4 % 2];
        let per_pixel = channels[0] * channels[1] * kernel[0] * kernel[1];
        // Two bands, and three.
        let output = [((2 + case / 8) << 20) / per_pixel / 53 + 1, 53];
        let input = [0, 1].map(|i| output[i] + kernel[i] - 1 - 2 * padding[i]);
        let (groups, stride, dilation) = (1, [1, 1], [1, 1]);
        let one =
            Convolution { batch: 1, channels, groups, input, output, kernel, stride, padding, dilation };
        assert!(one.bands(channels[1], output[0]) > 1 || !threads::are_several(), "{one:?}");
        let mut numbers = |len| all::<E>(&integers(rng, len).iter().map(|x| x / 7.0).collect::<Vec<_>>());
        let x = numbers(channels[0] * one.planes()[0]);
        let (w, bias) = (numbers(channels[1] * one.inner()), numbers(channels[1]));
        let [means, gains, biases] = [(); 3].map(|()| numbers(channels[1]));
        let grad = numbers(channels[1] * one.planes()[1]);
        for sum in [weight_gradient::weight_gradient, weight_gradient_along_channels::weight_gradient] {
            let [mut expected, mut dw] = [(); 2].map(|()| vec![E::ZERO; w.len()]);
            // The other image adds nothing.
            let two = [&x, &grad].map(|one| [&one[..], &vec![E::ZERO; one.len()]].concat());
            sum(&two[0], &two[1], &Convolution { batch: 2, ..one }, &mut expected);
            sum(&x, &grad, &one, &mut dw);
            assert!(dw == expected, "{one:?}");
        }
        for by_pixels in [false, true] {
            let (mut expected, mut dx) = (vec![E::ZERO; 2 * x.len()], vec![E::ZERO; x.len()]);
            let two = Convolution { batch: 2, ..one };
            input_gradient::sum(&[&grad[..], &grad].concat(), &w, &two, by_pixels, &mut expected);
            input_gradient::sum(&grad, &w, &one, by_pixels, &mut dx);
            assert!(dx == expected[..x.len()] && dx == expected[x.len()..], "{by_pixels} {one:?}");
        }
        for (relu, max_pool_2x2) in [(false, false), (true, true)] {
            let normalization = relu.then_some([&means[..], &gains, &biases]);
            let relu = relu.then_some(E::from_f64(6.0));
            let finish = Finish { bias: Some(&bias), normalization, relu, max_pool_2x2 };
            let two = Convolution { batch: 2, ..one };
            let len = channels[1] * one.finished(finish).iter().product::<usize>();
            for convolve in [forward::by_rows, forward::by_pixels] {
                let (mut expected, mut y) = (vec![E::ZERO; 2 * len], vec![E::ZERO; len]);
                convolve(&[&x[..], &x].concat(), &w, finish, &two, &mut expected);
                convolve(&x, &w, finish, &one, &mut y);
                assert!(y == expected[..len] && y == expected[len..], "{finish:?} {one:?}");
            }
        }
    }
}

#[test]
fn parts_of_one_image_are_the_whole_image() {
    parts_are_the_whole::<f32>(&mut Rng::seed(3));
    parts_are_the_whole::<f64>(&mut Rng::seed(4));
}

/// Rows that are longer than a piece of the output.
#[test]
fn the_gradient_of_a_wide_input_ends() {
    let rng = &mut Rng::seed(5);
    for stride in [1, 2] {
        let (input, kernel, padding) = ([3, 1200], [3, 3], [1, 1]);
        let output = input.map(|size| (size - 1) / stride + 1);
        let (groups, stride, dilation) = (1, [stride; 2], [1, 1]);
        for (batch, channels) in [(1, [16, 1]), (2, [16, 2])] {
            let sizes =
                Convolution { batch, channels, groups, input, output, kernel, stride, padding, dilation };
            let grad = all::<f32>(&integers(rng, batch * channels[1] * sizes.planes()[1]));
            let w = all::<f32>(&integers(rng, channels[1] * sizes.inner()));
            let [mut by_rows, mut by_pixels] =
                [(); 2].map(|()| vec![0.0; batch * channels[0] * sizes.planes()[0]]);
            input_gradient::sum(&grad, &w, &sizes, false, &mut by_rows);
            input_gradient::sum(&grad, &w, &sizes, true, &mut by_pixels);
            assert!(by_rows == by_pixels && by_rows.iter().any(|x| *x != 0.0), "{sizes:?}");
        }
    }
}

/// Its rows are cut where it is larger than the weights; those of a signal, which has one row, are not.
#[test]
fn a_large_image_is_cut_by_rows_and_a_signal_by_channels() {
    let sizes = |input, kernel, padding| {
        let ([stride, dilation], channels) = ([[1, 1]; 2], [64, 64]);
        Convolution { batch: 1, channels, groups: 1, input, output: input, kernel, stride, padding, dilation }
    };
    let signal = sizes([1, 10_000], [1, 3], [0, 1]);
    assert_eq!([signal.slices(16)[0] < 64, signal.input_slice(16) < 64], [threads::are_several(); 2]);
    let image = sizes([100, 100], [3, 3], [1, 1]);
    assert_eq!([image.slices(16)[0], image.input_slice(16)], [64, 64]);
    assert_eq!([image.bands(64, 100) > 1, image.input_bands(64) > 1], [threads::are_several(); 2]);
}
