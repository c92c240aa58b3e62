//! LSTM layers with a projected state.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn names_counts_and_print_are_those_of_pytorch() {
    let lstm = ProjectedLstm::<3, 5, 2, 2, true>::new(&mut Rng::seed(0));
    let ends = ["l0", "l0_reverse", "l1", "l1_reverse"];
    let kinds = ["weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"];
    let all: Vec<String> = ends.iter().flat_map(|end| kinds.map(|kind| format!("{kind}_{end}"))).collect();
    assert_eq!(lstm.named_parameters().map(|(name, _)| name).collect::<Vec<_>>(), all);
    // Expected: `sum(p.numel() for p in torch.nn.LSTM(3, 5, 2, bidirectional=True, proj_size=2).parameters())`.
    assert_eq!(
        (lstm.num_parameters(), Some(640)),
        (640, <ProjectedLstm<3, 5, 2, 2, true> as Module>::NUM_PARAMETERS)
    );
    let text = "LSTM(3, 5, proj_size=2, num_layers=2, bias=False, batch_first=True, dropout=0.1, bidirectional=True)";
    let plain = NoBias::<ProjectedLstm<3, 5, 2, 2, true>>::new(&mut Rng::seed(0)).dropout(0.1);
    assert_eq!(format!("{plain:?}"), text);
}

#[test]
fn a_run_in_pieces_is_the_run() {
    let rng = &mut Rng::seed(5);
    let lstm = ProjectedLstm::<3, 4, 2, 2, false, f64>::new(rng);
    let x = Tensor::<Rank3<2, 5, 3>, f64>::randn(rng);
    let all = lstm.infer(x.clone());
    let zeros = Tensor::<Rank3<2, 2, 6>, f64>::zeros().reshape();
    let (a, state) = lstm.infer_from(x.clone().narrow::<1, 0, 2>(), zeros);
    let (b, _) = lstm.infer_from(x.narrow::<1, 2, 3>(), state);
    let joined: Tensor<Rank3<2, 5, 2>, f64> = (a, b).cat::<1>().with_shape();
    assert!((joined - all).abs().amax().item() < 1e-14);
}

#[test]
fn the_gradient_of_the_first_state_agrees_with_differences() {
    let rng = &mut Rng::seed(1);
    let x = Tensor::<Rank3<2, 3, 3>, f64>::randn(rng);
    let state = Tensor::<Rank3<4, 2, 6>, f64>::randn(rng);
    let lstm = ProjectedLstm::<3, 4, 2, 2, true, f64>::new(rng);
    gradcheck((x, state), |(x, state)| lstm.train_from(x, state.reshape()).0.powi(2).sum()).unwrap();
}

#[test]
fn it_is_converted_and_goes_through_serde() {
    let lstm = ProjectedLstm::<2, 3, 2, 2, true>::new(&mut Rng::seed(7)).dropout(0.1);
    let text = serde_json::to_string(&lstm).unwrap();
    let back: ProjectedLstm<2, 3, 2, 2, true> = serde_json::from_str(&text).unwrap();
    assert_eq!(back.state_dict(), lstm.state_dict());
    assert_eq!(lstm.to::<f64>().state_dict(), lstm.state_dict().to::<f64>());
}
