//! Lesson 2 of 17: gradients, whose graph is a type.
//!
//! Topics: parameters, the backward pass, using a tensor twice, detaching, checking gradients numerically,
//! gradient descent by hand, and what does not compile. Every statement is asserted.
//!
//! `cargo run --release --example gradients`
//!
//! Expected: a descent to the minimum; the last line is `all assertions passed`.

use typegrad::gradcheck;
use typegrad::prelude::*;

fn main() {
    backward();
    once();
    twice();
    cut();
    check();
    descend();
    println!("all assertions passed");
}

/// PyTorch's `requires_grad=True`: a `Param` has a gradient, and `track` starts a graph with it.
fn backward() {
    let w = Param::new(Tensor::from([1.0, 2.0, 3.0]));
    let loss = w.track().powi(2).sum().backward();
    assert_eq!(loss, 14.0);
    assert_eq!(w.grad(), Some(Tensor::from([2.0, 4.0, 6.0])));

    // As in PyTorch, the next gradient is added to it, unless it is cleared.
    w.track().sum().backward();
    assert_eq!(w.grad(), Some(Tensor::from([3.0, 5.0, 7.0])));
    w.zero_grad();
    assert_eq!(w.grad(), None);

    // A constant has no gradient and costs none. A parameter can be an operand directly.
    let x = Tensor::from([10.0, 20.0, 30.0]);
    (x.clone() * &w).sum().backward();
    assert_eq!(w.grad(), Some(x));

    // w.track().powi(2).backward();
    //   error: a tensor of shape `(Len<3>,)` is not a scalar
}

/// The backward pass consumes its graph, and an operation consumes its operands.
fn once() {
    let w = Param::new(Tensor::from([1.0, 2.0, 3.0]));
    let loss = w.track().powi(2).sum();
    // As long as the graph lives, `w` can be read, but not changed.
    assert_eq!(w.value().to_vec(), [1.0, 2.0, 3.0]);
    loss.backward();

    // loss.backward();
    //   error: use of moved value: `loss`
    // w.set(Tensor::from([0.0, 0.0, 0.0])); (before the backward pass)
    //   error: cannot borrow `w` as mutable because it is also borrowed as immutable
}

/// A tensor that is used twice is shared: both parts of its gradient are added before they propagate.
fn twice() {
    let w = Param::new(Tensor::from([1.0, 2.0, 3.0]));
    let norm = w.track().powi(2);
    norm.shared(|n| n.clone() * n.sqrt()).sum().backward(); // |w|³
    assert_eq!(w.grad(), Some(Tensor::from([3.0, 12.0, 27.0])));

    // let norm = w.track().powi(2);
    // (norm.sqrt() * norm).sum();
    //   error: use of moved value: `norm`
}

/// `detach` cuts the graph: its result is a constant.
fn cut() {
    let w = Param::new(Tensor::from([1.0, 2.0, 3.0]));
    w.track().shared(|w| w.clone().detach() * w).sum().backward();
    assert_eq!(w.grad(), Some(w.value().clone()));

    // (w.track().detach() * 2.0).sum().backward();
    //   error: this tensor does not require grad: no parameter is upstream of it.
}

/// Compares the gradient of any function with finite differences, in f64.
fn check() {
    let rng = &mut Rng::seed(0);
    let (x, w) = (Tensor::<Rank2<4, 3>, f64>::randn(rng), Tensor::<Rank2<2, 3>, f64>::randn(rng));
    gradcheck((x, w), |(x, w)| x.linear(w).tanh().logsumexp()).expect("the gradient is right");
}

/// Gradient descent in Rosenbrock's valley, (1 - x)² + 100 (y - x²)², whose minimum is (1, 1).
fn descend() {
    let (mut x, mut y) = (Param::new(Tensor::from(-1.0)), Param::new(Tensor::from(1.5)));
    let mut loss = f64::INFINITY;
    for step in 0..=20_000 {
        x.zero_grad();
        y.zero_grad();
        let valley = x.track().shared(|x| {
            let across = y.track() - x.clone().powi(2);
            (x - 1.0).powi(2) + across.powi(2) * 100.0
        });
        loss = valley.backward();
        if step % 5000 == 0 {
            println!("step {step:>5}  f({:.3}, {:.3}) = {loss:.1e}", x.value().item(), y.value().item());
        }
        for w in [&mut x, &mut y] {
            let gradient = w.grad().expect("after the backward pass");
            w.set(w.value().clone() - gradient * 1e-3);
        }
    }
    assert!(loss < 1e-6);
}
