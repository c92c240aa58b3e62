//! Frozen modules with two inputs, with states and lengths, and with masks: as in evaluation, with the gradients of the inputs
//! and without those of the parameters.

use typegrad::nn::{Recurrent, RecurrentCell, RecurrentLengths};
use typegrad::prelude::*;
use typegrad::{Rng, gradcheck};

/// No parameter has a gradient.
#[track_caller]
fn assert_untouched(module: &impl Module) {
    assert!(module.parameters().all(|p| p.grad().is_none()));
}

#[track_caller]
fn assert_same<S: Shape>(a: &Tensor<S, f64>, b: &Tensor<S, f64>) {
    assert!(a.allclose(b), "{a:?} is not {b:?}");
}

/// The value of a state and an action.
#[derive(Module)]
struct Critic {
    fc1: Linear<5, 6, f64>,
    drop: Dropout,
    norm: BatchNorm1d<6, f64>,
    fc2: Linear<6, 1, f64>,
}

impl<const B: usize> Forward2<Rank2<B, 3>, Rank2<B, 2>, f64> for Critic {
    type Output = Rank2<B, 1>;
    fn forward2<M: Mode>(
        &self,
        state: Shared<Rank2<B, 3>, M, f64>,
        action: Shared<Rank2<B, 2>, M, f64>,
    ) -> impl Traced<Self::Output, M, f64> {
        let x = (state, action).cat::<1>().with_shape::<Rank2<B, 5>>();
        let x = self.drop.call(self.fc1.call(x));
        let x = self.norm.call(x).shared(|x| x.clone().tanh() * x);
        self.fc2.call(x)
    }
}

/// An actor whose loss is that of a critic.
#[derive(Module)]
struct Agent {
    actor: Linear<3, 2, f64>,
    critic: Frozen<Critic>,
}

impl<const B: usize> Forward<Rank2<B, 3>, f64> for Agent {
    type Output = Rank2<B, 1>;
    fn forward<M: Mode>(&self, state: Input<Rank2<B, 3>, M, f64>) -> impl Traced<Self::Output, M, f64> {
        let action = self.actor.call(state.clone()).tanh();
        self.critic.call2(state, action)
    }
}

typegrad::check!(Agent, Rank2<4, 3>, f64);
typegrad::check!(Frozen<Critic>, inputs = (Rank2<4, 3>, Rank2<4, 2>), f64);

#[test]
fn a_critic_passes_the_gradients_of_both_inputs() {
    let rng = &mut Rng::seed(0);
    let critic = Critic::new(rng);
    let (x, a) = (Tensor::<Rank2<4, 3>, f64>::randn(rng), Tensor::<Rank2<4, 2>, f64>::randn(rng));
    critic.train2(x.clone(), a.clone()).sum().backward();
    critic.zero_grad();
    let before = (critic.state_dict(), critic.generator_state());
    let frozen = Frozen::of(&critic);
    gradcheck((x.clone(), a.clone()), |(x, a)| frozen.train2(x, a).powi(2).sum()).unwrap();
    gradcheck(a.clone(), |a| frozen.train2(x.clone(), a).powi(2).sum()).unwrap();
    gradcheck(x.clone(), |x| frozen.eval2(x, a.clone()).powi(2).sum()).unwrap();
    assert_untouched(&critic);
    let value = critic.infer2(x.clone(), a.clone());
    assert_same(&frozen.infer2(x.clone(), a.clone()), &value);
    assert_same(&frozen.sample2(x.clone(), a.clone()), &value);
    assert_same(&frozen.train2(x, a).value(), &value);
    assert_eq!((critic.state_dict(), critic.generator_state()), before, "nothing trains");
}

#[test]
fn an_actor_trains_through_its_frozen_critic() {
    let rng = &mut Rng::seed(1);
    let mut agent = Agent::new(rng);
    let x = Tensor::<Rank2<4, 3>, f64>::randn(rng);
    gradcheck(x.clone(), |x| agent.train(x).sum()).unwrap();
    agent.zero_grad();
    let before = agent.critic.state_dict();
    let mut adam = Adam::new(0.05);
    let first = agent.infer(x.clone()).mean().item();
    for _ in 0..20 {
        (-agent.train(x.clone()).mean()).backward();
        assert_untouched(agent.critic.inner());
        adam.step(&mut agent);
    }
    assert!(agent.infer(x).mean().item() > first);
    assert_eq!(agent.critic.state_dict(), before);
}

#[test]
fn recurrent_layers_run_from_states_and_with_lengths() {
    let rng = &mut Rng::seed(2);
    let lstm = Lstm::<3, 4, 2, false, f64>::new(rng).dropout(0.5);
    let frozen = Frozen::of(&lstm);
    let x = Tensor::<Rank3<2, 5, 3>, f64>::randn(rng);
    let state = Tensor::<Rank4<2, 2, 2, 4>, f64>::randn(rng);
    gradcheck((x.clone(), state.clone()), |(x, h)| frozen.train_from(x, h).0.powi(2).sum()).unwrap();
    gradcheck(x.clone(), |x| frozen.train_lengths(x, &[5, 2]).0.powi(2).sum()).unwrap();
    gradcheck((x.clone(), state.clone()), |(x, h)| frozen.train_from_lengths(x, h, &[5, 2]).0.powi(2).sum())
        .unwrap();
    assert_untouched(&lstm);
    let (y, last) = lstm.infer_from(x.clone(), state.clone());
    for (ours, h) in [frozen.infer_from(x.clone(), state.clone()), {
        let (y, h) = frozen.train_from(x.clone(), state);
        (y.value(), h)
    }] {
        assert_same(&ours, &y);
        assert_same(&h, &last);
    }
    let (y, last) = lstm.infer_lengths(x.clone(), &[5, 2]);
    let (ours, h) = frozen.infer_lengths(x, &[5, 2]);
    assert_same(&ours, &y);
    assert_same(&h, &last);
}

/// Frozen layers of every kind of call, after a layer that trains.
#[derive(Module)]
struct Encoder {
    first: Linear<4, 4, f64>,
    gru: Frozen<Gru<4, 4, 1, false, f64>>,
    cell: Frozen<GruCell<4, 4, f64>>,
    attn: Frozen<MultiheadAttention<4, 2, f64>>,
    cross: Frozen<MultiheadCrossAttention<4, 2, 2, 2, f64>>,
    encoder: Frozen<TransformerEncoderLayer<4, 2, 8, f64>>,
    decoder: Frozen<TransformerDecoderLayer<4, 2, 8, f64>>,
}

/// The same, with layers that train.
#[derive(Module)]
struct Thawed {
    first: Linear<4, 4, f64>,
    gru: Gru<4, 4, 1, false, f64>,
    cell: GruCell<4, 4, f64>,
    attn: MultiheadAttention<4, 2, f64>,
    cross: MultiheadCrossAttention<4, 2, 2, 2, f64>,
    encoder: TransformerEncoderLayer<4, 2, 8, f64>,
    decoder: TransformerDecoderLayer<4, 2, 8, f64>,
}

macro_rules! forward {
    ($net:ident) => {
        impl Forward<Rank3<2, 3, 4>, f64> for $net {
            type Output = Rank3<2, 3, 4>;
            fn forward<M: Mode>(
                &self,
                x: Input<Rank3<2, 3, 4>, M, f64>,
            ) -> impl Traced<Self::Output, M, f64> {
                let memory = Tensor::<Rank3<2, 3, 4>, f64>::ones();
                let padding = Tensor::from([[false, false, true], [false, false, false]]);
                let mask = || Mask::none().key_padding(&padding);
                let x = self.first.call(x);
                // The last state is a constant: no gradient would flow through it.
                let x = self.gru.call_lengths(x, &[3, 2]).0;
                let x = self.gru.call_from(x, Tensor::<Rank3<1, 2, 4>, f64>::ones()).0;
                let x = x.shared(|x| {
                    let last = self.gru.call_last(x.clone()).reshape::<Rank2<2, 4>>();
                    let last = self.cell.step(x.clone().select_at::<1, 0>(), last);
                    x + last.unsqueeze::<1>().expand()
                });
                let x = self.attn.call_masked(x, mask());
                let x = x.shared(|x| {
                    let weights = self.attn.call_weights(x.clone(), memory.clone(), Mask::none());
                    self.attn.call_with(x.clone(), x.clone(), mask()) * weights.sum()
                });
                let x = x.shared(|x| {
                    let (key, value) = (x.clone().narrow::<2, 0, 2>(), x.clone().narrow::<2, 2, 2>());
                    self.cross.call_with(x, key, value, Mask::causal())
                });
                let x = self.encoder.call_masked(x, mask());
                let x = self.decoder.call_with(x, memory.clone());
                x.shared(|x| self.decoder.call_masked(x.clone(), x, Mask::causal(), mask()))
            }
        }
    };
}
forward!(Encoder);
forward!(Thawed);

typegrad::check!(Encoder, Rank3<2, 3, 4>, f64);

#[test]
fn layers_in_a_network_take_states_lengths_masks_and_memories() {
    let rng = &mut Rng::seed(3);
    let thawed = Thawed::new(rng);
    let mut net = Encoder::new(rng);
    net.load_state_dict(&thawed.state_dict(), typegrad::nn::Strict::Yes).unwrap();
    let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(rng);
    gradcheck(x.clone(), |x| net.train(x).powi(3).sum()).unwrap();
    net.zero_grad();
    assert_same(&net.infer(x.clone()), &thawed.infer(x.clone()));

    let loss = net.train(x.clone()).powi(3).sum().backward();
    let expected = thawed.eval(x).powi(3).sum().backward();
    assert!((loss - expected).abs() < 1e-12, "dropout drops nothing");
    assert_same(&net.first.weight.grad().unwrap(), &thawed.first.weight.grad().unwrap());
    let with_gradient = |p: typegrad::nn::ParameterView| p.grad().is_some();
    assert_eq!(net.parameters().filter(|p| p.grad().is_some()).count(), 2, "those of the first layer");
    assert!(thawed.parameters().all(with_gradient));
}

#[test]
fn a_cell_passes_the_gradients_of_its_input_and_its_state() {
    let rng = &mut Rng::seed(4);
    let cell = LstmCell::<3, 4, f64>::new(rng);
    let frozen = Frozen::of(&cell);
    let (x, h) = (Tensor::<Rank2<2, 3>, f64>::randn(rng), Tensor::<Rank3<2, 2, 4>, f64>::randn(rng));
    gradcheck((x.clone(), h.clone()), |(x, h)| frozen.step(x, h).powi(2).sum()).unwrap();
    let xs = Tensor::<Rank3<5, 2, 3>, f64>::randn(rng);
    gradcheck((xs, h.clone()), |(xs, h)| xs.scan(h, |h, x| frozen.step(x, h)).powi(2).sum()).unwrap();
    assert_untouched(&cell);
    assert_same(&frozen.infer_step(x.clone(), h.clone()), &cell.infer_step(x, h));
}
