//! A steady call of an operation allocates nothing, forward and backward: those operations that need lists, tables or copies on
//! the way, and the networks of the examples that `allocation.rs` does not have. `cargo bench --bench ops` prints the
//! allocations of all.

#[path = "../benches/common/allocations.rs"]
mod allocations;

use allocations::allocations;
use typegrad::graph::Pullback;
use typegrad::nn::{BagMode, BilinearMode, NearestMode};
use typegrad::prelude::*;

/// Asserts that `step` allocates nothing after the first few times. A thread has memory of its own, and may take a part of the
/// work for the first time some steps later.
fn steady(name: &str, mut step: impl FnMut()) {
    (0..12).for_each(|_| step());
    let mut six_steps = || allocations(|| (0..6).for_each(|_| step()));
    let count = (0..4).fold(six_steps(), |last, _| if last == 0 { 0 } else { six_steps() });
    assert_eq!(count, 0, "{name} allocates");
}

/// Forward of constants, and forward and backward of parameters.
macro_rules! steady {
    ($name:literal, [$($x:ident: $make:ident $S:ty),+], $y:expr) => {{
        steady_forward!($name, [$($x: $make $S),+], $y);
        let rng = &mut Rng::seed(1);
        let ($($x,)+) = ($(Param::new(Tensor::<$S>::$make(rng)),)+);
        steady(concat!($name, ", backward"), || {
            $($x.zero_grad();)+
            $(let $x = $x.track();)+
            std::hint::black_box($y.sum().backward());
        });
    }};
}

/// Forward of constants.
macro_rules! steady_forward {
    ($name:literal, [$($x:ident: $make:ident $S:ty),+], $y:expr) => {{
        let rng = &mut Rng::seed(1);
        let ($($x,)+) = ($(Tensor::<$S>::$make(rng),)+);
        steady($name, || {
            $(let $x = $x.clone();)+
            let _ = std::hint::black_box($y);
        });
    }};
}

type M = Rank2<7, 33>;

#[test]
fn joined_and_reordered_tensors() {
    steady!("cat", [x: randn M, y: randn M, z: randn M], (x, y, z).cat::<1>());
    steady!("cat of an array", [x: randn M, y: randn M], [x, y].cat::<0>());
    steady!("stack", [x: randn M, y: randn M], (x, y).stack::<1>());
    steady!("sort", [x: randn M], x.sort::<0>().0);
    steady_forward!("argsort", [x: randn M], x.argsort::<1>());
    steady!("topk", [x: randn M], x.topk::<1, 3>().0);
    steady!("kthvalue", [x: randn M], x.kthvalue::<0, 3>().0);
    steady!("repeat_interleave", [x: randn M], x.repeat_interleave::<1, 3>());
    let ranks = &Tensor::<M>::randn(&mut Rng::seed(2)).argsort::<1>();
    steady!("scatter", [x: randn M, y: randn M], x.scatter::<1, _>(ranks, y));
}

#[test]
fn reductions_and_products() {
    steady!("median", [x: randn M], x.median_axis::<1>());
    steady!("quantile", [x: randn M], x.quantile_axis::<0>(0.3));
    steady!("nansum", [x: randn M], x.nansum_axis::<0>());
    steady!("diff", [x: randn M], x.diff::<1>());
    steady!("trace", [x: randn Rank2<129, 131>], x.trace());
    steady_forward!("histc", [x: randn M], x.histc::<11>(-2.0, 2.0));
    steady_forward!("searchsorted", [x: rand Rank1<33>, y: rand M], x.sort::<0>().0.searchsorted(&y));
    steady!("kron", [x: randn Rank2<3, 5>, y: randn Rank2<4, 7>], x.kron(y));
    steady!("einsum", [x: randn Rank3<3, 5, 7>, y: randn Rank3<3, 4, 7>], einsum!("bij,bkj->bki", x, y));
    steady!("a diagonal by einsum", [x: randn Rank2<5, 5>], einsum!("ii->i", x));
    steady!("lerp", [x: randn M, y: randn M], x.lerp(y, 0.3));
    steady!("remainder", [x: randn M, y: rand M], x.remainder(y));
}

#[test]
fn layers_with_tables() {
    let bags = &Tensor::<Rank2<5, 4>, i64>::randint(0, 7, &mut Rng::seed(3));
    steady!("embedding_bag, mean", [x: randn M], x.embedding_bag(bags, BagMode::Mean, None));
    steady!("embedding_bag, max", [x: randn M], x.embedding_bag(bags, BagMode::Max, Some(2)));
    steady!("nearest", [x: randn Rank4<2, 3, 5, 7>], x.upsample::<2, NearestMode>());
    steady!("bilinear", [x: randn Rank4<2, 3, 5, 7>], x.upsample::<3, BilinearMode>());
    steady!("rotary_embedding", [x: randn Rank4<2, 3, 5, 8>], x.rotary_embedding(0, 10000.0));
    let targets = &Tensor::from([[1_i64, 2, 2], [3, 1, 0]]);
    let criterion = CtcLoss::new();
    steady!("ctc_loss", [x: randn Rank3<9, 2, 4>], {
        criterion.mean(x.log_softmax::<-1>(), targets, &[9, 8], &[3, 2])
    });
}

#[derive(Module)]
struct Mlp {
    fc1: Linear<4, 8>,
    fc2: Linear<8, 3>,
}

impl<const B: usize> Forward<Rank2<B, 4>> for Mlp {
    type Output = Rank2<B, 3>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
        let x = self.fc1.call(x).relu();
        self.fc2.call(x)
    }
}

#[test]
fn the_network_of_from_pytorch() {
    let net = Mlp::new(&mut Rng::seed(0));
    let x = Tensor::<Rank2<5, 4>>::randn(&mut Rng::seed(1));
    steady("the network of from_pytorch", || drop(net.infer(x.clone()).softmax::<-1>()));
}

/// The nearest of -1, 0 and 1.
fn ternary<S: Shape>(w: Tensor<S>) -> (Tensor<S>, StraightThrough) {
    (w.clamp(-1.0, 1.0).round(), StraightThrough)
}

struct StraightThrough;

impl<S: Shape> Pullback<S, S, f32> for StraightThrough {
    fn pull(self, grad: Tensor<S>) -> Tensor<S> {
        grad
    }
}

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

#[test]
fn the_network_of_own_operation() {
    let mut net = Ternary::new(&mut Rng::seed(0));
    let mut sgd = Sgd::new(0.05);
    let (x, y) = (Tensor::<Rank2<32, 6>>::randn(&mut Rng::seed(1)), Tensor::<Rank2<32, 1>>::ones());
    steady("the network of own_operation", || {
        net.train(x.clone()).mse_loss(y.clone()).backward();
        sgd.step(&mut net);
    });
}

/// The letters of words, and the kinds of some of them.
#[derive(Module)]
struct Tagger {
    letters: Embedding<30, 16>,
    conv: Conv1d<16, 16, 3, 1, 1>,
    lstm: Lstm<16, 16, 1, true>,
    attention: MultiheadAttention<32, 4>,
    head: Linear<32, 7>,
}

impl<const B: usize> Forward<Rank2<B, 12>, f32, i64> for Tagger {
    type Output = Rank3<B, 12, 7>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 12>, M, i64>) -> impl Traced<Self::Output, M> {
        let x = self.letters.call(x).transpose::<1, 2>();
        let x = self.conv.call(x).relu().with_shape::<Rank3<B, 16, 12>>();
        let x = self.lstm.call(x.transpose::<1, 2>());
        let x = self.attention.call(x);
        self.head.call(x)
    }
}

#[test]
fn a_network_of_many_kinds_of_layers() {
    let rng = &mut Rng::seed(0);
    let (mut net, mut adam) = (Tagger::new(rng), AdamW::new(1e-3));
    let letters = Tensor::<Rank2<5, 12>, i64>::randint(0, 30, rng);
    let positions = &Tensor::<Rank3<5, 3, 7>, i64>::randint(0, 12, rng);
    let labels = &Tensor::<Rank1<15>, i64>::randint(0, 7, rng);
    steady("the tagger, training", || {
        net.zero_grad();
        let y = net.train(letters.clone()).gather::<1, _>(positions);
        y.reshape::<Rank2<15, 7>>().cross_entropy(labels).backward();
        net.clip_grad_norm(1.0);
        adam.step(&mut net);
    });
    steady("the tagger, inference", || {
        let y = net.infer(letters.clone()).gather::<1, _>(positions);
        let _ = std::hint::black_box(y.argmax_axis::<-1>());
    });
}
