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

#[test]
fn a_module_can_take_tensors_apart_and_join_them() {
    let net = Parts { fc: Linear::new(&mut Rng::seed(0)), start: Param::new(Tensor::zeros()) };
    let x = Tensor::<Rank2<3, 4>>::randn(&mut Rng::seed(1));
    let y = net.infer(x.clone());
    let joined = y.clone().sum().item();
    assert!((y.narrow::<1, 0, 6>().sum().item() * 2.0 - joined).abs() < 1e-4);
    assert_eq!(net.train(x.clone()).value(), net.infer(x.clone()));
    net.train(x).sum().backward();
    // Each unit that is on reaches the result twice.
    let grad = net.start.grad().unwrap();
    assert!(grad.as_slice().iter().all(|g| [0.0, 2.0, 4.0, 6.0].contains(g)));
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
