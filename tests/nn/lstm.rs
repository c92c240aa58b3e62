//! LSTM layers: bidirectional, in several layers, from a state.

use typegrad::nn::{Generator, NoBias, Strict};
use typegrad::prelude::*;
use typegrad::{Rng, gradcheck};

fn parameters(net: &impl Module) -> Vec<String> {
    net.named_parameters().map(|(name, _)| name).collect()
}

#[test]
fn the_names_are_those_of_pytorch_and_the_count_is_in_the_type() {
    // Expected: `[name for name, _ in torch.nn.LSTM(3, 5, 2, bidirectional=True).named_parameters()]`.
    let lstm = Lstm::<3, 5, 2, true>::new(&mut Rng::seed(0));
    let all: Vec<String> = ["l0", "l0_reverse", "l1", "l1_reverse"]
        .iter()
        .flat_map(|end| ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map(|name| format!("{name}_{end}")))
        .collect();
    assert_eq!(parameters(&lstm), all);
    assert_eq!(lstm.named_modules().count(), 1);
    for (count, expected) in [
        (lstm.num_parameters(), Lstm::<3, 5, 2, true>::NUM_PARAMETERS),
        (1080, Lstm::<3, 5, 2, true>::NUM_PARAMETERS),
        (
            NoBias::<Gru<3, 5, 3>>::new(&mut Rng::seed(0)).num_parameters(),
            NoBias::<Gru<3, 5, 3>>::NUM_PARAMETERS,
        ),
        (420, NoBias::<Gru<3, 5, 3>>::NUM_PARAMETERS),
    ] {
        assert_eq!(Some(count), expected);
    }
}

#[test]
fn it_is_printed_as_by_pytorch() {
    let rng = &mut Rng::seed(0);
    assert_eq!(format!("{:?}", Lstm::<3, 5>::new(rng)), "LSTM(3, 5, batch_first=True)");
    let deep = NoBias::<Gru<3, 5, 2, true>>::new(rng).dropout(0.25);
    let text = "GRU(3, 5, num_layers=2, bias=False, batch_first=True, dropout=0.25, bidirectional=True)";
    assert_eq!(format!("{deep:?}"), text);
    assert_eq!(format!("{:?}", LstmCell::<3, 5>::new(rng)), "LSTMCell(3, 5)");
}

#[test]
fn gradients_through_time_agree_with_differences() {
    let rng = &mut Rng::seed(1);
    let x = Tensor::<Rank3<2, 4, 3>, f64>::randn(rng);
    let state = Tensor::<Rank4<2, 2, 2, 2>, f64>::randn(rng);
    let lstm = Lstm::<3, 2, 2, false, f64>::new(rng);
    gradcheck((x.clone(), state), |(x, state)| lstm.train_from(x, state).0.powi(2).sum()).unwrap();
    let h = Tensor::<Rank2<2, 2>, f64>::randn(rng);
    let step = Tensor::<Rank2<2, 3>, f64>::randn(rng);
    let cell = GruCell::<3, 2, f64>::new(rng);
    gradcheck((step, h), |(x, h)| cell.step(x, h).powi(2).sum()).unwrap();
    let both = Gru::<3, 2, 2, true, f64>::new(rng);
    gradcheck(x, |x| both.train(x).powi(2).sum()).unwrap();
}

#[test]
fn gradients_of_weights_agree_with_differences() {
    fn check<L: Module + Clone>(net: &L, loss: impl Fn(&L) -> f64) {
        let moved = |by: f64, place: usize| {
            let mut net = net.clone();
            let mut dict = typegrad::nn::StateDict::new();
            let mut seen = 0;
            for (name, tensor) in net.state_dict().iter() {
                let mut data = tensor.data().as_slice::<f64>().unwrap().to_vec();
                if (seen..seen + data.len()).contains(&place) {
                    data[place - seen] += by;
                }
                seen += data.len();
                let entry = typegrad::nn::StateTensor::new(tensor.shape().to_vec(), data);
                dict.insert(name, entry.unwrap()).unwrap();
            }
            net.load_state_dict(&dict, Strict::Yes).unwrap();
            loss(&net)
        };
        let grads: Vec<f64> = net
            .parameters()
            .flat_map(|p| p.grad().unwrap().data().as_slice::<f64>().unwrap().to_vec())
            .collect();
        for (i, grad) in grads.into_iter().enumerate() {
            let difference = (moved(1e-5, i) - moved(-1e-5, i)) / 2e-5;
            assert!((grad - difference).abs() < 1e-7, "parameter {i}: {grad} {difference}");
        }
    }
    let rng = &mut Rng::seed(2);
    let x = Tensor::<Rank3<2, 3, 2>, f64>::randn(rng);
    let lstm = Lstm::<2, 2, 2, true, f64>::new(rng);
    lstm.train(x.clone()).powi(2).sum().backward();
    check(&lstm, |lstm| lstm.infer(x.clone()).powi(2).sum().item());
    let gru = Gru::<2, 2, 2, false, f64>::new(rng);
    gru.train(x.clone()).powi(2).sum().backward();
    check(&gru, |gru| gru.infer(x.clone()).powi(2).sum().item());
}

#[test]
fn dropout_is_between_layers_and_in_training_only() {
    let rng = &mut Rng::seed(3);
    let x = Tensor::<Rank3<2, 3, 2>>::randn(rng);
    let one = Lstm::<2, 4>::new(rng).dropout(0.5);
    assert_eq!(one.sample(x.clone()), one.infer(x.clone()));
    let two = Lstm::<2, 4, 2>::new(rng).dropout(0.5);
    assert_ne!(two.sample(x.clone()), two.infer(x.clone()));
    assert_eq!(two.clone().sample(x.clone()), two.sample(x.clone()));
    // With everything dropped, the second layer sees zeros, and nothing flows back.
    let none = two.dropout(1.0);
    let tracked = Param::new(x);
    none.train(tracked.track()).sum().backward();
    assert_eq!(tracked.grad().unwrap(), Tensor::zeros());
    let _: &Generator = &none.dropout.generator;
}

#[test]
fn the_gradient_goes_through_the_same_mask() {
    let rng = &mut Rng::seed(4);
    let lstm = Lstm::<2, 3, 3, false, f64>::new(rng).dropout(0.4);
    let x = Tensor::<Rank3<2, 3, 2>, f64>::randn(rng);
    gradcheck(x, |x| {
        lstm.reseed(5);
        lstm.train(x).powi(2).sum()
    })
    .unwrap();
}

#[test]
fn a_run_in_pieces_is_the_run_and_a_cell_is_a_step() {
    let rng = &mut Rng::seed(5);
    let gru = Gru::<3, 4, 2, false, f64>::new(rng);
    let x = Tensor::<Rank3<2, 5, 3>, f64>::randn(rng);
    let all = gru.infer(x.clone());
    let (a, state) = gru.infer_from(x.clone().narrow::<1, 0, 2>(), Tensor::<Rank3<2, 2, 4>, f64>::zeros());
    let (b, _) = gru.infer_from(x.narrow::<1, 2, 3>(), state);
    let joined: Tensor<Rank3<2, 5, 4>, f64> = (a, b).cat::<1>().with_shape();
    assert!((joined - all).abs().amax().item() < 1e-14);
    let nothing = gru.infer(Tensor::<Rank3<2, 0, 3>, f64>::zeros());
    assert!(nothing.as_slice().is_empty());
}

#[test]
fn a_frozen_layer_hands_the_gradient_on() {
    let rng = &mut Rng::seed(6);
    let lstm = Lstm::<3, 4>::new(rng);
    let net = Frozen::new(lstm.clone());
    let x = Param::new(Tensor::<Rank3<2, 5, 3>>::randn(rng));
    let same = Param::new(x.value().clone());
    net.train(x.track()).sum().backward();
    lstm.train(same.track()).sum().backward();
    assert_eq!(x.grad().unwrap().to_vec(), same.grad().unwrap().to_vec());
    assert!(net.inner().layers.first.forward.weight_hh.grad().is_none());
}

#[test]
fn it_goes_through_serde_and_a_wrong_depth_is_an_error() {
    let rng = &mut Rng::seed(7);
    let lstm = Lstm::<2, 3, 2, true>::new(rng).dropout(0.1);
    let text = serde_json::to_string(&lstm).unwrap();
    let back: Lstm<2, 3, 2, true> = serde_json::from_str(&text).unwrap();
    assert_eq!(back.state_dict(), lstm.state_dict());
    let deeper = serde_json::from_str::<Lstm<2, 3, 3, true>>(&text).unwrap_err().to_string();
    assert!(deeper.starts_with("expected 3 recurrent layers, found 2"), "{deeper}");
    let one_way = Lstm::<2, 3>::new(rng);
    let text = serde_json::to_string(&one_way).unwrap();
    let both = serde_json::from_str::<Lstm<2, 3, 1, true>>(&text).unwrap_err().to_string();
    assert!(both.starts_with("expected recurrent layers in both directions, found one direction"), "{both}");
}

/// The sign of the first number, after seven others: which a layer without memory cannot know.
#[test]
fn it_learns_to_remember() {
    #[derive(Module)]
    struct Net {
        lstm: Lstm<1, 8>,
        head: Linear<8, 1>,
    }
    impl<const B: usize> Forward<Rank3<B, 8, 1>> for Net {
        type Output = Rank2<B, 1>;
        fn forward<M: Mode>(&self, x: Input<Rank3<B, 8, 1>, M>) -> impl Traced<Self::Output, M> {
            let y = self.lstm.call(x).select_at::<1, -1>();
            self.head.call(y)
        }
    }
    let rng = &mut Rng::seed(8);
    let mut net = Net::new(rng);
    let mut adam = Adam::new(0.02);
    let draw = |rng: &mut Rng| {
        let x = Tensor::<Rank3<32, 8, 1>>::randn(rng);
        let sign = x.clone().select_at::<1, 0>().sign();
        (x, sign)
    };
    for _ in 0..400 {
        let (x, sign) = draw(rng);
        net.zero_grad();
        net.train(x).mse_loss(sign).backward();
        adam.step(&mut net);
    }
    let (x, sign) = draw(rng);
    let right = (net.infer(x).sign() * sign).mean().item();
    assert!(right > 0.8, "{right}");
}
