//! Lesson 14 of 17: an operation with a backward pass of your own: weights that are rounded to -1, 0 and 1 while they train.
//!
//! ```console
//! $ cargo run --release --example own_operation
//! ```
//!
//! Rounding has the gradient 0 almost everywhere, so that nothing would be learned through it. A straight-through estimator
//! passes the gradient as if nothing had been rounded. PyTorch's form is a class with `autograd.Function` and `ctx`; here it is
//! a function of constants that returns the value and the backward pass, and [`apply`](typegrad::Tensor::apply) attaches both
//! to the graph. The second operation saves what its pass needs, and `gradcheck` finds mistakes in it.

use typegrad::graph::Pullback;
use typegrad::prelude::*;

/// The nearest of -1, 0 and 1.
fn ternary<S: Shape>(w: Tensor<S>) -> (Tensor<S>, StraightThrough) {
    (w.clamp(-1.0, 1.0).round(), StraightThrough)
}

/// dL/dw = dL/dy: nothing is saved.
struct StraightThrough;

impl<S: Shape> Pullback<S, S, f32> for StraightThrough {
    fn pull(self, grad: Tensor<S>) -> Tensor<S> {
        grad
    }
}

/// ln cosh x, without overflow, and its gradient tanh x dL/dy.
fn log_cosh<S: Shape>(x: Tensor<S, f64>) -> (Tensor<S, f64>, LogCoshBackward<S>) {
    let y = x.clone().abs() + (x.clone().abs() * -2.0).softplus(1.0, 20.0) - 2.0_f64.ln();
    (y, LogCoshBackward { x })
}

struct LogCoshBackward<S> {
    x: Tensor<S, f64>,
}

impl<S: Shape> Pullback<S, S, f64> for LogCoshBackward<S> {
    fn pull(self, grad: Tensor<S, f64>) -> Tensor<S, f64> {
        grad * self.x.tanh()
    }
}

/// A layer whose weights are rounded wherever it is used. The graph does not appear in its types.
#[derive(Module)]
struct Ternary {
    #[module(init = Tensor::uniform(-0.3, 0.3, rng).into())]
    weight: Param<Rank2<1, 6>>,
}

impl<const B: usize> Forward<Rank2<B, 6>> for Ternary {
    type Output = Rank2<B, 1>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 6>, M>) -> impl Traced<Self::Output, M> {
        x.linear(self.weight.traced::<M>().apply(ternary))
    }
}

fn main() {
    let rng = &mut Rng::seed(0);
    let truth = Tensor::from([[1.0, -1.0, 0.0, 1.0, 0.0, -1.0]]);
    let mut net = Ternary::new(rng);
    let mut sgd = Sgd::new(0.05);
    for _ in 0..200 {
        let x = Tensor::<Rank2<32, 6>>::randn(rng);
        let y = x.clone().linear(&truth);
        net.train(x).mse_loss(y).backward();
        sgd.step(&mut net);
        net.zero_grad();
    }
    let found = net.weight.value().clone().apply(ternary);
    println!("{found}");
    assert_eq!(found, truth);

    typegrad::gradcheck(Tensor::from([-2.0, 0.5, 3.0]), |x| x.apply(log_cosh).sum())
        .expect("a right gradient");
    println!("the gradient of log_cosh agrees with differences");
}
