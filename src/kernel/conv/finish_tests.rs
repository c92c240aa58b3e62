//! The operations on the sums of a convolution on the way to memory, against the same operations afterwards.

use super::conv::{Convolution, Convolve, Finish};
use super::forward;
use super::pool::{Moving, Windows};
use super::tests::{all, sizes, with_level};
use crate::element::Float;
use crate::kernel::simd::{Level, SimdFloat};
use crate::rng::Rng;

type Run<E> = fn(&[E], &[E], Finish<'_, E>, &Convolution, &mut [E]);

/// Equal, or both NaN.
fn same<E: Float>(a: &[E], b: &[E]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b || (a.is_nan() && b.is_nan()))
}

/// The form that the sizes choose.
fn chosen<E: Convolve + Float>(x: &[E], w: &[E], finish: Finish<'_, E>, sizes: &Convolution, y: &mut [E]) {
    y.copy_from_slice(&E::convolve(x, w, sizes, finish));
}

/// Normalization, ReLU and pooling on the way to memory are those after it, bit-identically, in both forms.
fn a_finish_is_what_follows<E: Float + SimdFloat + Convolve>(level: Level) {
    let rng = &mut Rng::seed(4);
    for round in 0..60 {
        let mut sizes = sizes(rng);
        if round % 6 == 0 {
            // A matrix product.
            let (kernel, stride, padding, dilation) = ([1; 2], [1; 2], [0; 2], [1; 2]);
            let channels = [sizes.groups * 4, sizes.channels[1] * 4];
            sizes = Convolution { channels, output: sizes.input, kernel, stride, padding, dilation, ..sizes };
        }
        let mut random = |len: usize| {
            let number = |_| rng.below(1 << 20) as f64 / 1e6 - 0.5;
            all::<E>(&(0..len).map(number).collect::<Vec<_>>())
        };
        let mut x = random(sizes.batch * sizes.channels[0] * sizes.input[0] * sizes.input[1]);
        if round % 4 == 0 {
            let middle = x.len() / 2;
            x[middle] = E::nan();
        }
        let w = random(sizes.channels[1] * sizes.inner());
        // The gains are negative, too.
        let [bias, means, gains, biases] = [(); 4].map(|()| random(sizes.channels[1]));
        let bias = Some(&bias[..]).filter(|_| round % 3 > 0);
        let [rows, columns] = sizes.output;
        let run = |f: Run<E>, finish: Finish<'_, E>| {
            let [rows, columns] = sizes.finished(finish);
            let mut y = vec![E::from_f64(7.0); sizes.batch * sizes.channels[1] * rows * columns];
            f(&x, &w, finish, &sizes, &mut y);
            y
        };
        let axes = [0, 1].map(|i| {
            let (input, output) = (sizes.output[i], sizes.output[i] / 2);
            Moving { input, output, kernel: 2, stride: 2, padding: 0, dilation: 1 }
        });
        with_level(level, || {
            assert!(same(
                &run(forward::by_rows, Finish { bias, ..Finish::default() }),
                &run(forward::by_pixels, Finish { bias, ..Finish::default() })
            ));
            let is_product = round % 6 == 0;
            let forms: &[Run<E>] =
                if is_product { &[chosen] } else { &[forward::by_rows, forward::by_pixels] };
            for f in forms {
                let plain = run(*f, Finish { bias, ..Finish::default() });
                for normalization in [None, Some([&means[..], &gains, &biases])] {
                    let mut y = plain.clone();
                    if let Some([means, gains, biases]) = normalization {
                        for (c, y) in y.chunks_exact_mut(rows * columns).enumerate() {
                            let c = c % means.len();
                            y.iter_mut().for_each(|y| *y = (*y - means[c]) * gains[c] + biases[c]);
                        }
                    }
                    let most = [E::infinity(), E::from_f64(0.1)].map(Some);
                    for (relu, max_pool_2x2) in
                        [None, most[0], most[1]].into_iter().flat_map(|relu| [(relu, false), (relu, true)])
                    {
                        if let Some(most) = relu {
                            y.iter_mut().filter(|y| **y < E::ZERO).for_each(|y| *y = E::ZERO);
                            y.iter_mut().filter(|y| **y > most).for_each(|y| *y = most);
                        }
                        let windows = Windows::moving(sizes.batch * sizes.channels[1], &axes, false);
                        let finish = Finish { bias, normalization, relu, max_pool_2x2 };
                        if !max_pool_2x2 {
                            assert!(same(&run(*f, finish), &y), "{finish:?} {sizes:?}");
                        } else if !is_product && rows > 1 && columns > 1 {
                            assert!(
                                same(&run(*f, finish), &E::largest(&y, &windows)),
                                "{finish:?} {sizes:?}"
                            );
                        }
                    }
                }
            }
        });
    }
}

#[test]
fn normalization_relu_and_pooling_may_be_done_on_the_way_to_memory() {
    for level in Level::ALL {
        a_finish_is_what_follows::<f32>(level);
        a_finish_is_what_follows::<f64>(level);
    }
}
