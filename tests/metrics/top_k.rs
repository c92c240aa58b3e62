use typegrad::prelude::*;

// s = [[.1, .5, .4], [.2, .2, .6], [.7, .2, .1], [.3, .4, .3]]; of scikit-learn 1.9.1,
// top_k_accuracy_score([2, 0, 0, 1], s, k=2); and with ties, which scikit-learn gives to the last:
// torch.topk, stable.
#[test]
fn the_label_is_among_the_first() {
    let s = Tensor::from([[0.1, 0.5, 0.4], [0.2, 0.3, 0.6], [0.7, 0.2, 0.1], [0.3, 0.4, 0.3]]);
    let labels = Tensor::from([2, 0, 0, 1]);
    assert_eq!(s.topk_accuracy::<2, _, _>(&labels), 0.75);
    assert_eq!(s.topk_accuracy::<1, _, _>(&labels), 0.5);
    assert_eq!(s.topk_accuracy::<1, _, _>(&labels), s.argmax_axis::<-1>().accuracy(&labels));
    assert_eq!(s.topk_accuracy::<3, _, _>(&labels), 1.0);
    assert!(Tensor::<Rank2<0, 3>>::zeros().topk_accuracy::<1, _, _>(&Tensor::zeros()).is_nan());
}

#[test]
fn it_agrees_with_topk() {
    let rng = &mut Rng::seed(1);
    let draws = Tensor::<Rank2<40, 6>, i64>::randint(0, 5, rng);
    let mut scores: Vec<f64> = draws.to_vec().into_iter().map(|x| x as f64).collect();
    scores[3] = f64::NAN;
    let scores = Tensor::<Rank2<40, 6>, f64>::from_fn(|i| scores[i]);
    let labels = Tensor::<Rank1<40>, i64>::randint(0, 6, rng);
    let best = scores.clone().topk::<-1, 2>().1.to_vec();
    let right =
        labels.to_vec().iter().enumerate().filter(|(row, l)| best[row * 2..row * 2 + 2].contains(l)).count();
    assert_eq!(scores.topk_accuracy::<2, _, _>(&labels), right as f64 / 40.0);
}

#[test]
#[should_panic(expected = "topk_accuracy: the label of row 1 is 3, but there are 3 classes, 0..3")]
fn a_label_that_is_too_large_panics() {
    let _ = Tensor::<Rank2<2, 3>>::zeros().topk_accuracy::<1, _, _>(&Tensor::from([0, 3]));
}
