//! Pooling whose windows differ by axis.

use typegrad::gradcheck;
use typegrad::prelude::*;

type Volumes = Rank5<2, 2, 5, 3, 4>;

/// f(the elements of each window inside, the number of its elements).
fn naive(x: &Tensor<Volumes, f64>, windows: [[usize; 4]; 3], f: impl Fn(&[f64], usize) -> f64) -> Vec<f64> {
    let inputs = [5, 3, 4];
    let outputs = [0, 1, 2].map(|i| {
        let [k, stride, padding, dilation] = windows[i];
        (inputs[i] + 2 * padding - dilation * (k - 1) - 1) / stride + 1
    });
    let taps = windows.map(|[k, ..]| k);
    let parts =
        |at: usize, sizes: [usize; 3]| [at / (sizes[1] * sizes[2]), at / sizes[2] % sizes[1], at % sizes[2]];
    let (positions, count) = (outputs.iter().product::<usize>(), taps.iter().product::<usize>());
    let mut y = Vec::new();
    for (plane, at) in (0..4).flat_map(|plane| (0..positions).map(move |at| (plane, at))) {
        let mut inside = Vec::new();
        for tap in 0..count {
            let (at, tap) = (parts(at, outputs), parts(tap, taps));
            let index = [0, 1, 2].map(|i| {
                let [_, stride, padding, dilation] = windows[i];
                (at[i] * stride + tap[i] * dilation).checked_sub(padding).filter(|p| *p < inputs[i])
            });
            if let [Some(d), Some(h), Some(w)] = index {
                inside.push(x.as_slice()[((plane * 5 + d) * 3 + h) * 4 + w]);
            }
        }
        y.push(f(&inside, count));
    }
    y
}

/// Means of means, which are rounded twice.
fn close(y: &[f64], want: &[f64]) {
    assert_eq!(y.len(), want.len());
    y.iter().zip(want).for_each(|(y, want)| assert!((y - want).abs() <= 2.0 * f64::EPSILON * want.abs()));
}

#[test]
fn windows_agree_with_the_definition_and_gradients_with_differences() {
    let rng = &mut Rng::seed(1);
    // Apart from each other, so that a difference does not change which is the largest; their sums are exact.
    let x = Tensor::<Rank1<240>, f64>::randperm(rng).reshape::<Volumes>() * 0.0625;
    let max = RectMaxPool3d::<Window<2, 1, 1, 3>, Window<1, 2>, Window<3, 1, 1>>::new(rng);
    let largest = |inside: &[f64], _| inside.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let want = naive(&x, [[2, 1, 1, 3], [1, 2, 0, 1], [3, 1, 1, 1]], largest);
    assert_eq!(max.infer(x.clone()).to_vec(), want);
    assert_eq!(max.eval(x.clone()).value().to_vec(), want);
    gradcheck(x.clone(), |x| max.train(x).powi(2).sum()).unwrap();
    let mean = RectAvgPool3d::<Window<2, 2, 1>, Window<1>, Window<4, 3, 2>>::new(rng);
    let windows = [[2, 2, 1, 1], [1, 1, 0, 1], [4, 3, 2, 1]];
    let want = naive(&x, windows, |inside, count| inside.iter().sum::<f64>() / count as f64);
    close(&mean.infer(x.clone()).to_vec(), &want);
    gradcheck(x.clone(), |x| mean.train(x).powi(2).sum()).unwrap();
    let mean = mean.count_include_pad(false);
    let want = naive(&x, windows, |inside, _| inside.iter().sum::<f64>() / inside.len() as f64);
    close(&mean.infer(x.clone()).to_vec(), &want);
    close(&mean.eval(x.clone()).value().to_vec(), &want);
    gradcheck(x, |x| mean.train(x).powi(2).sum()).unwrap();
}

#[test]
fn equal_windows_are_the_layer_of_one_window() {
    fn check<E: Float>() {
        let rng = &mut Rng::seed(2);
        type V = Window<3, 2, 1>;
        let x = Tensor::<Rank5<2, 3, 5, 4, 7>, E>::randn(rng);
        let (one, three) = (MaxPool3d::<3, 2, 1>::new(rng), RectMaxPool3d::<V, V, V>::new(rng));
        assert_eq!(one.infer(x.clone()).to_vec(), three.infer(x.clone()).to_vec());
        type Wide = Window<3, 2, 1, 2>;
        let (one, three) = (MaxPool3d::<3, 2, 1, 2>::new(rng), RectMaxPool3d::<Wide, Wide, Wide>::new(rng));
        let y = one.infer(x.clone()).to_vec();
        assert_eq!(y, three.infer(x.clone()).to_vec());
        assert_eq!(y, x.clone().max_pool3d_with_indices::<3, 2, 1, 2>().0.to_vec());
        for counts in [true, false] {
            let one = AvgPool3d::<3, 2, 1>::new(rng).count_include_pad(counts);
            let three = RectAvgPool3d::<V, V, V>::new(rng).count_include_pad(counts);
            assert_eq!(one.infer(x.clone()).to_vec(), three.infer(x.clone()).to_vec());
        }
    }
    check::<f32>();
    check::<f64>();
}

/// The text of PyTorch.
#[test]
fn layers_print_their_windows() {
    let rng = &mut Rng::seed(0);
    let max = RectMaxPool3d::<Window<1>, Window<2, 2>, Window<3, 2, 1>>::new(rng);
    assert_eq!(
        format!("{max:?}"),
        "MaxPool3d(kernel_size=(1, 2, 3), stride=(1, 2, 2), padding=(0, 0, 1), dilation=(1, 1, 1), ceil_mode=False)"
    );
    let mean = RectAvgPool3d::<Window<1>, Window<2, 2>, Window<3, 2, 1>>::new(rng);
    assert_eq!(format!("{mean:?}"), "AvgPool3d(kernel_size=(1, 2, 3), stride=(1, 2, 2), padding=(0, 0, 1))");
}
