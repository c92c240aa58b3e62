//! A steady training step and a steady inference allocate nothing: memory of tensors is reused, a graph is moved from
//! operation to operation, and an optimizer keeps its state.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use typegrad::prelude::*;

/// Counts the allocations of each thread, so that those of the test runner are not counted.
struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
    /// The sizes of the allocations while they are recorded.
    static SIZES: Cell<Option<[usize; 64]>> = const { Cell::new(None) };
}

// SAFETY: every call is passed on to `System` as it came. The count is a `Cell` without a destructor, which neither
// allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if let Some(mut sizes) = SIZES.get() {
            if let Some(size) = sizes.iter_mut().find(|size| **size == 0) {
                *size = layout.size();
            }
            SIZES.set(Some(sizes));
        }
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller keeps the contract of `alloc`, which is the same.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`; `at` came from `System`.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(f: impl FnOnce()) -> usize {
    let before = COUNT.get();
    f();
    COUNT.get() - before
}

/// The sizes of the allocations in `f`, in bytes and in order.
fn sizes(f: impl FnOnce()) -> Vec<usize> {
    SIZES.set(Some([0; 64]));
    f();
    SIZES.take().into_iter().flatten().take_while(|size| *size > 0).collect()
}

fn check(name: &str, mut step: impl FnMut(&mut (Linear<8, 16>, [Linear<16, 16, f64>; 2]))) {
    let mut net = <(Linear<8, 16>, [Linear<16, 16, f64>; 2])>::new(&mut Rng::seed(0));
    // A step clears the gradients.
    let mut allocations_of_a_step = || {
        net.0.weight.track().sum().backward();
        net.1[1].bias.track().sum().backward();
        allocations(|| step(&mut net))
    };
    allocations_of_a_step();
    assert_eq!((0..3).map(|_| allocations_of_a_step()).sum::<usize>(), 0, "{name}");
}

#[test]
fn a_steady_step_allocates_nothing() {
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![1]))), 1, "the count works");
    let mut sgd = Sgd::new(0.1);
    check("Sgd", |net| sgd.step(net));
    let mut sgd = Sgd::new(0.1).momentum(0.9).weight_decay(0.1).nesterov();
    check("Sgd with momentum", |net| sgd.step(net));
    let mut adam = Adam::new(0.1);
    check("Adam", |net| adam.step(net));
    let mut adam = Adam::new(0.1).weight_decay(0.1).amsgrad().maximize();
    check("Adam with AMSGrad", |net| adam.step(net));
    let mut adam = AdamW::new(0.1);
    let mut schedule = OneCycleLr::new(0.1, 10).start(&mut adam);
    check("AdamW with a schedule", |net| {
        adam.step(net);
        schedule.step(&mut adam);
    });
    let mut rms_prop = RmsProp::new(0.1);
    check("RmsProp", |net| rms_prop.step(net));
    let mut rms_prop = RmsProp::new(0.1).momentum(0.9).centered();
    let plan = (LinearLr::new(), CosineAnnealingLr::new(5), MultiStepLr::new([3]));
    let mut schedule = SequentialLr::new(plan, [1, 2]).start(&mut rms_prop);
    check("RmsProp with momentum, centered", |net| {
        rms_prop.step(net);
        schedule.step(&mut rms_prop);
    });
    let mut adagrad = Adagrad::new(0.1).lr_decay(0.1).initial_accumulator_value(0.1);
    let mut plateau = ReduceLrOnPlateau::new().patience(0);
    check("Adagrad", |net| {
        adagrad.step(net);
        plateau.step(&mut adagrad, 1.0);
    });
}

/// Asserts that `step` allocates nothing after the first few times: slots, states of optimizers and the memory of tensors are made.
/// A thread has memory of its own, and may take a part of the work for the first time some steps later.
fn steady(name: &str, mut step: impl FnMut()) {
    (0..12).for_each(|_| step());
    let mut six_steps = || sizes(|| (0..6).for_each(|_| step()));
    let sizes = (0..4).fold(six_steps(), |last, _| if last.is_empty() { last } else { six_steps() });
    assert!(sizes.is_empty(), "{name} allocates, in bytes: {sizes:?}");
}

/// Trains `net` with `loss`, and infers with it.
macro_rules! steps {
    ($name:literal, $net:ident: $type:ty, $optimizer:expr, $x:ident, $loss:expr, $infer:expr $(,)?) => {
        let mut $net: Box<$type> = Box::new(Init::new(&mut Rng::seed(0)));
        let mut optimizer = $optimizer;
        steady(concat!($name, ", training"), || {
            $net.zero_grad();
            $loss.backward();
            $net.clip_grad_norm(1.0);
            optimizer.step(&mut *$net);
        });
        steady(concat!($name, ", inference"), || {
            let _ = std::hint::black_box($infer);
        });
    };
}

fn labels<const N: usize>(classes: i64) -> Tensor<Rank1<N>, i64> {
    Tensor::from(std::array::from_fn(|i| i as i64 % classes))
}

#[test]
fn the_network_of_digits() {
    let (x, labels) = (Tensor::<Rank2<32, 64>>::randn(&mut Rng::seed(1)), labels::<32>(10));
    steps!(
        "the perceptron",
        net: (Linear<64, 64>, Relu, Linear<64, 64>, Relu, Linear<64, 10>),
        Adam::new(1e-3),
        x,
        net.train(x.clone()).cross_entropy(&labels),
        net.infer(x.clone()).argmax_axis::<-1>().eq(&labels).count_nonzero().item(),
    );
}

#[test]
fn the_network_of_resume() {
    let (x, labels) = (Tensor::<Rank2<32, 64>>::randn(&mut Rng::seed(1)), labels::<32>(10));
    steps!(
        "the perceptron with dropout",
        net: (Linear<64, 64>, Relu, Dropout, Linear<64, 10>),
        Adam::new(1e-3),
        x,
        net.train(x.clone()).cross_entropy(&labels),
        net.infer(x.clone()).argmax_axis::<-1>(),
    );
}

#[derive(Module)]
struct Reader {
    lstm: Lstm<8, 64>,
    head: Linear<64, 10>,
}

impl<const B: usize> Forward<Rank2<B, 64>> for Reader {
    type Output = Rank2<B, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
        let states = self.lstm.call(x.reshape::<Rank3<B, 8, 8>>());
        self.head.call(states.select_at::<1, -1>())
    }
}

#[test]
fn the_network_of_lstm() {
    let (x, labels) = (Tensor::<Rank2<32, 64>>::randn(&mut Rng::seed(1)), labels::<32>(10));
    steps!(
        "the LSTM",
        net: Reader,
        Adam::new(3e-3),
        x,
        net.train(x.clone()).cross_entropy(&labels),
        net.infer(x.clone()).argmax_axis::<-1>(),
    );
    let (row, mut state) =
        (Tensor::<Rank2<1, 8>>::randn(&mut Rng::seed(2)), Tensor::<Rank3<2, 1, 64>>::zeros());
    steady("the LSTM, row by row", || {
        let (y, after) = net.lstm.infer_from(row.clone(), state.clone());
        state = after;
        let _ = std::hint::black_box(net.head.infer(y).argmax_axis::<-1>());
    });
}

type Tokens<const B: usize> = Rank2<B, 8>;

#[derive(Module)]
struct Gpt {
    tokens: Embedding<12, 64>,
    positions: Embedding<8, 64>,
    #[module(init = std::array::from_fn(|_| TransformerEncoderLayer::new(rng).causal().norm_first().dropout(0.0)))]
    blocks: [TransformerEncoderLayer<64, 4, 256>; 2],
    norm: LayerNorm<64>,
    head: Linear<64, 12>,
}

impl<const B: usize> Forward<Tokens<B>, f32, i64> for Gpt {
    type Output = Rank3<B, 8, 12>;
    fn forward<M: Mode>(&self, x: Input<Tokens<B>, M, i64>) -> impl Traced<Self::Output, M> {
        let x = self.tokens.call(x) + &self.positions.weight;
        let x = self.blocks.call(x);
        let x = self.norm.call(x);
        self.head.call(x)
    }
}

/// A step for each kind of recurrent layer: one row of one example.
#[test]
fn recurrences_row_by_row() {
    let rng = &mut Rng::seed(3);
    let (lstm, gru) = (LstmCell::<8, 64>::new(rng), Gru::<8, 64, 2>::new(rng));
    let row = Tensor::<Rank1<8>>::randn(rng);
    let (mut state, mut states) = (Tensor::<Rank2<2, 64>>::zeros(), Tensor::<Rank2<2, 64>>::zeros());
    steady("a cell and a layer, row by row", || {
        state = lstm.infer_step(row.clone(), state.clone());
        let (y, after) = gru.infer_from(row.clone().unsqueeze::<0>(), states.clone());
        states = after;
        let _ = std::hint::black_box(y);
    });
    steady("a cell, training", || {
        lstm.step(row.clone(), state.clone()).powi(2).sum().backward();
    });
}

#[test]
fn the_network_of_gpt_adder() {
    let tokens = Tensor::<Tokens<16>, i64>::from(std::array::from_fn(|i| {
        std::array::from_fn(|t| ((i + t) % 12) as i64)
    }));
    let next = labels::<128>(12);
    steps!(
        "the GPT",
        net: Gpt,
        AdamW::new(1e-3),
        tokens,
        net.train(tokens.clone()).reshape::<Rank2<128, 12>>().cross_entropy(&next),
        net.infer(tokens.clone()).select::<1>(5).argmax_axis::<-1>(),
    );
}

#[test]
fn dropout_draws_into_memory_that_is_used_again() {
    let rng = &mut Rng::seed(4);
    let net = (Linear::<8, 16>::new(rng), Dropout::new(rng));
    let lstm = Lstm::<16, 8, 2>::new(rng).dropout(0.3);
    let attention = MultiheadAttention::<8, 2>::new(rng).dropout(0.2);
    let x = Tensor::<Rank3<3, 5, 8>>::randn(rng);
    steady("dropout, training", || {
        let y = lstm.train(net.train(x.clone()));
        attention.train(y).powi(2).sum().backward();
    });
}

#[derive(Module)]
struct Vae {
    encoder: (Linear<64, 256>, Relu, Linear<256, 16>),
    decoder: (Linear<8, 256>, Relu, Linear<256, 64>),
}

#[test]
fn the_network_of_vae() {
    let rng = &mut Rng::seed(1);
    let x = Tensor::<Rank2<32, 64>>::rand(rng);
    steps!(
        "the autoencoder",
        net: Vae,
        Adam::new(1e-3),
        x,
        {
            let noise = Tensor::<Rank2<32, 8>>::randn(rng);
            net.encoder.train(x.clone()).shared(|code| {
                let mean = || code.clone().narrow::<1, 0, 8>();
                let log_var = || code.clone().narrow::<1, 8, 8>();
                let distance = mean().powi(2) + log_var().exp() - log_var() - 1.0;
                let distance = (distance.sum_axis::<-1>() * 0.5).sum();
                let z = mean() + (log_var() * 0.5).exp() * noise;
                let wrong = BceWithLogitsLoss::new().none(net.decoder.train(z), &x);
                wrong.sum_axis::<-1>().sum() + distance
            })
        },
        net.decoder.infer(net.encoder.infer(x.clone()).narrow::<1, 0, 8>()).sigmoid(),
    );
}

type Net<const OUT: usize> = (Linear<4, 64>, Relu, Linear<64, OUT>);

#[test]
fn the_networks_of_cart_pole() {
    let rng = &mut Rng::seed(1);
    let (x, advantages) = (Tensor::<Rank2<512, 4>>::randn(rng), Tensor::<Rank1<512>>::randn(rng));
    let (values, old) = (Tensor::<Rank2<512, 1>>::randn(rng), Tensor::<Rank2<512, 1>>::randn(rng));
    let actions = labels::<512>(2).reshape::<Rank2<512, 1>>();
    steps!(
        "the actor",
        actor: Net<2>,
        Adam::new(3e-3),
        x,
        actor.train(x.clone()).log_softmax::<-1>().shared(|log_policy| {
            let ratio = (log_policy.clone().gather::<-1, _>(&actions) - &old).exp().squeeze::<-1>();
            let gain = ratio.shared(|ratio| {
                let clipped = ratio.clone().clamp(0.8, 1.2);
                (ratio * &advantages).minimum(clipped * &advantages)
            });
            let minus_entropy = (log_policy.clone().exp() * log_policy).sum_axis::<-1>();
            (minus_entropy * 0.01 - gain).mean()
        }),
        actor.infer(x.clone()).softmax::<-1>(),
    );
    steps!(
        "the critic",
        critic: Net<1>,
        Adam::new(3e-3),
        x,
        critic.train(x.clone()).mse_loss(&values),
        critic.infer(x.clone()),
    );
}

type Block<const I: usize, const O: usize> = (Conv2d<I, O, 3, 1, 1>, BatchNorm2d<O>, Relu);

#[test]
fn the_networks_of_digits_cnn_and_fine_tuning() {
    let (x, labels) = (Tensor::<Rank2<32, 64>>::rand(&mut Rng::seed(1)), labels::<32>(10));
    type Pixels = Unflatten<Rank3<1, 8, 8>>;
    steps!(
        "the convolutions",
        net: (Pixels, Block<1, 16>, Block<16, 32>, MaxPool2d<2>, Flatten, Dropout, Linear<512, 10>),
        Adam::new(1e-3),
        x,
        net.train(x.clone()).cross_entropy(&labels),
        net.infer(x.clone()).argmax_axis::<-1>().eq(&labels).count_nonzero().item(),
    );
    type Backbone = (Pixels, Block<1, 16>, MaxPool2d<2>, Block<16, 32>, MaxPool2d<2>, Flatten);
    let rng = &mut Rng::seed(0);
    let (mut net, mut adam) =
        ((Frozen::new(Backbone::new(rng)), Linear::<128, 10>::new(rng)), Adam::new(1e-3));
    steady("a frozen backbone, training the head", || {
        net.zero_grad();
        net.train(x.clone()).cross_entropy(&labels).backward();
        adam.step(&mut net);
    });
}

#[derive(Module)]
struct Curve {
    #[module(init = Tensor::zeros().into())]
    mean: Buffer<Rank1<1>>,
    #[module(init = Tensor::ones().into())]
    std: Buffer<Rank1<1>>,
    fc1: Linear<1, 64>,
    #[module(init = Dropout::new(rng).p(0.02))]
    dropout: Dropout,
    fc2: Linear<64, 1>,
    #[module(init = Tensor::ones().into())]
    scale: Param<Rank1<1>>,
}

impl<const B: usize> Forward<Rank2<B, 1>> for Curve {
    type Output = Rank2<B, 1>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 1>, M>) -> impl Traced<Self::Output, M> {
        let x = (x - self.mean.value()) / self.std.value();
        let x = self.fc1.call(x).tanh();
        let x = self.dropout.call(x);
        self.fc2.call(x) * &self.scale
    }
}

#[test]
fn the_networks_of_module_and_gradient_accumulation() {
    let (x, y) = (Tensor::<Rank2<32, 1>>::randn(&mut Rng::seed(1)), Tensor::<Rank2<32, 1>>::zeros());
    steps!(
        "the curve",
        net: Curve,
        Adam::new(1e-2),
        x,
        net.train(x.clone()).mse_loss(&y),
        net.infer(x.clone()),
    );
    let x = Tensor::<Rank2<32, 4>>::randn(&mut Rng::seed(1));
    steps!(
        "a share of a step",
        net: (Linear<4, 16>, Tanh, Linear<16, 1>),
        Sgd::new(0.1).momentum(0.9),
        x,
        net.train(x.clone()).mse_loss(&y) * 0.25,
        net.infer(x.clone()),
    );
}

#[derive(Module)]
struct Field {
    of_x: Linear<2, 64>,
    of_t: Linear<1, 64>,
    hidden: [(Linear<64, 64>, Silu); 2],
    out: Linear<64, 2>,
}

impl<const B: usize> Forward2<Rank2<B, 2>, Rank2<B, 1>> for Field {
    type Output = Rank2<B, 2>;
    fn forward2<M: Mode>(
        &self,
        x: Shared<Rank2<B, 2>, M>,
        t: Shared<Rank2<B, 1>, M>,
    ) -> impl Traced<Rank2<B, 2>, M> {
        let h = self.hidden.call((self.of_x.call(x) + self.of_t.call(t)).silu());
        self.out.call(h)
    }
}

/// A state and an input, and the state after all inputs.
#[derive(Module)]
struct Memory {
    of_state: Linear<8, 8>,
    of_x: Linear<1, 8>,
    decoder: Linear<8, 1>,
}

impl<const T: usize, const B: usize> Forward<Rank3<T, B, 1>> for Memory {
    type Output = Rank2<B, 1>;
    fn forward<M: Mode>(&self, xs: Input<Rank3<T, B, 1>, M>) -> impl Traced<Rank2<B, 1>, M> {
        let start = Tensor::<Rank2<B, 8>>::zeros().within::<M>();
        let states = xs.scan(start, |h, x| (self.of_state.call(h) + self.of_x.call(x)).tanh());
        self.decoder.call(states.select_at::<0, -1>())
    }
}

#[test]
fn the_networks_of_two_inputs() {
    let rng = &mut Rng::seed(1);
    let (x, t) = (Tensor::<Rank2<256, 2>>::randn(rng), Tensor::<Rank2<256, 1>>::rand(rng));
    steps!(
        "the field",
        net: Field,
        Adam::new(3e-3),
        x,
        net.train2(x.clone(), t.clone()).mse_loss(&x),
        net.infer2(x.clone(), t.clone()),
    );
    let xs = Tensor::<Rank3<5, 64, 1>>::rand(rng);
    let first = xs.clone().select_at::<0, 0>();
    let (mut net, mut adam) = (Memory::new(rng), Adam::new(1e-2));
    steady("the memory", || {
        net.train(xs.clone()).mse_loss(&first).backward();
        adam.step(&mut net);
    });
}
