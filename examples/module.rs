//! Lesson 3 of 17: a module of your own, trained.
//!
//! Topics: layers, parameters and buffers as the fields of a struct; `forward`, which is written once for every
//! mode and every size of a batch; train, eval, infer and sample; the names of its parameters; the table of its
//! layers; the loop of an optimizer, here for a curve through noisy points.
//!
//! `cargo run --release --example module`
//!
//! Expected: less than 0.1 s; the last line is `error 0.006 where the noise is 0.010` or near it, mean square distances from the
//! true curve.

use typegrad::data::{Batch, Dataset, TensorDataset};
use typegrad::nn::Summary;
use typegrad::prelude::*;

const POINTS: usize = 256;
const BATCH: usize = 32;

/// In: `[B, 1]`. Out: `[B, 1]`. `derive` visits its fields, and defines `Curve::new`.
#[derive(Module)]
#[module(input = Rank2<BATCH, 1>)]
struct Curve {
    /// Saved and not trained: PyTorch's `register_buffer`. It has no default initialization, so the value is given.
    #[module(init = Tensor::zeros().into())]
    mean: Buffer<Rank1<1>>,
    #[module(init = Tensor::ones().into())]
    std: Buffer<Rank1<1>>,
    fc1: Linear<1, 64>,
    /// The initial value of a layer can be given, too.
    #[module(init = Dropout::new(rng).p(0.02))]
    dropout: Dropout,
    fc2: Linear<64, 1>,
    /// Trained: PyTorch's `nn.Parameter`.
    #[module(init = Tensor::ones().into())]
    scale: Param<Rank1<1>>,
    // name: String,
    //   error: `String` has no role in a module
}

impl<const B: usize> Forward<Rank2<B, 1>> for Curve {
    type Output = Rank2<B, 1>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 1>, M>) -> impl Traced<Self::Output, M> {
        let x = (x - self.mean.value()) / self.std.value();
        let x = self.fc1.call(x).tanh();
        let x = self.dropout.call(x);
        // self.fc1.call(x)
        //   error: the layer `typegrad::nn::Linear<1, 64>` cannot take an input of shape `(Len<B>, Len<64>)` with elements `f32`
        self.fc2.call(x) * &self.scale
    }
}

fn main() {
    let mut rng = Rng::seed(0);
    let x = Tensor::<Rank2<POINTS, 1>>::uniform(-1.0, 3.0, &mut rng);
    let truth = (x.clone() * 2.0).sin();
    let y = truth.clone() + x.randn_like(&mut rng) * 0.1;

    let mut net = Curve::new(&mut rng);
    net.mean.set(x.clone().mean_axis::<0>());
    net.std.set(x.clone().std_axis::<0>());
    println!("{}", Summary::<Curve, Rank2<BATCH, 1>>::new());

    // Everything in it has a name: the optimizer, files and PyTorch see the same ones.
    let names: Vec<_> = net.named_parameters().map(|(name, _)| name).collect();
    assert_eq!(names, ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", "scale"]);
    assert_eq!(net.state_dict().names().next(), Some("mean"));
    assert_eq!(Curve::NUM_PARAMETERS, Some(64 + 64 + 64 + 1 + 1));

    // The mode is how it is called. PyTorch: `net.train()`, and `net.eval()` with or without `no_grad`.
    assert_eq!(net.infer(x.clone()), net.infer(x.clone()), "a plain tensor; dropout does nothing");
    assert_ne!(net.sample(x.clone()), net.sample(x.clone()), "a plain tensor; dropout drops");
    net.eval(x.clone()).mean().backward(); // gradients, and dropout does nothing
    net.train(x.clone()).mean().backward(); // gradients, and dropout drops

    let mut adam = Adam::new(1e-2);
    let points = TensorDataset::new(x.clone(), y.clone()).batches::<BATCH>();
    for epoch in 1..=200 {
        let mut loss = 0.0;
        for Batch { data: (x, y), rows, .. } in points.epoch(&mut rng) {
            net.zero_grad();
            loss += net.train(x).mse_loss(y).backward() * rows.len() as f32;
            adam.step(&mut net);
        }
        if epoch % 50 == 0 {
            println!("epoch {epoch:>3}  loss {:.4}", loss / points.dataset().len() as f32);
        }
    }
    let error = net.infer(x).mse_loss(&truth).item();
    assert!(error < 0.01);
    println!("error {error:.3} where the noise is {:.3}", y.mse_loss(&truth).item());
}
