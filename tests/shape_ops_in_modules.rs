//! Operations on shapes inside a module, where the graph is generic over the mode.

use typegrad::prelude::*;

/// A layer that takes its input and what it computed apart and joins the parts again.
#[derive(Module)]
struct Parts {
    fc: Linear<4, 6>,
    start: Param<Rank1<6>>,
}

impl<const B: usize> Forward<Rank2<B, 4>> for Parts {
    type Output = Rank2<B, 12>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
        let (front, back) = x.clone().split::<-1, Rank2<1, 3>>();
        let swapped = (back, front).cat::<1>().with_shape::<Rank2<B, 4>>();
        let y = (self.fc.call(swapped) + &self.start).relu();
        y.shared(|y| {
            let [a, b] = y.clone().chunk::<1, 2>();
            let halves = (b, a).stack::<1>().flatten_axes::<1, 2>().with_shape::<Rank2<B, 6>>();
            (halves, y.roll::<-1>(1).flip::<0>()).cat::<-1>().with_shape()
        })
    }
}

/// The definition, by indices: the layer on the input whose first column comes last, and what it gives put in two orders.
#[test]
fn a_module_can_take_tensors_apart_and_join_them() {
    let rng = &mut Rng::seed(0);
    let net = Parts { fc: Linear::new(rng), start: Param::new(Tensor::randn(rng)) };
    let (x, w) = (Tensor::<Rank2<3, 4>>::randn(rng), Tensor::<Rank2<3, 12>>::randn(rng));
    let weight = net.fc.weight.value().to_array::<[[f32; 4]; 6]>();
    let (bias, start) = (net.fc.bias.value().to_vec(), net.start.value().to_vec());
    let units: Vec<[f32; 6]> = x
        .to_array::<[[f32; 4]; 3]>()
        .iter()
        .map(|x| {
            std::array::from_fn(|k| {
                let sum: f32 = (0..4).map(|j| weight[k][j] * x[(j + 1) % 4]).sum();
                (sum + bias[k] + start[k]).max(0.0)
            })
        })
        .collect();

    let y = net.infer(x.clone()).to_array::<[[f32; 12]; 3]>();
    let places = |b: usize, k: usize| [(b, (k + 3) % 6), (2 - b, 6 + (k + 1) % 6)];
    for (b, k) in (0..18).map(|i| (i / 6, i % 6)) {
        for (row, column) in places(b, k) {
            assert!((y[row][column] - units[b][k]).abs() < 1e-5, "[{row}, {column}] of {y:?}");
        }
    }
    assert_eq!(net.train(x.clone()).value(), net.infer(x.clone()));
    assert!(units.iter().flatten().any(|u| *u == 0.0) && units.iter().flatten().any(|u| *u > 0.0));

    (net.train(x) * w.clone()).sum().backward();
    let w = w.to_array::<[[f32; 12]; 3]>();
    for (k, grad) in net.start.grad().unwrap().to_vec().into_iter().enumerate() {
        let on = (0..3).filter(|b| units[*b][k] > 0.0);
        let want: f32 = on.flat_map(|b| places(b, k)).map(|(row, column)| w[row][column]).sum();
        assert!((grad - want).abs() < 1e-5, "unit {k}: {grad} is not {want}");
    }
}

#[test]
fn steps_of_a_sequence_are_selected_and_stacked() {
    let w = Param::new(Tensor::<Rank2<3, 2>>::ones());
    let loss = w
        .track()
        .shared(|x| {
            let steps: [_; 3] = std::array::from_fn(|t| x.clone().select::<0>(t).powi(t as i32 + 1));
            steps.stack::<0>()
        })
        .sum()
        .backward();
    assert_eq!(loss, 6.0);
    assert_eq!(w.grad().unwrap(), Tensor::from([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]));
}
