//! The values and gradients of `cross_entropy`.

use typegrad::gradcheck;
use typegrad::prelude::*;

// Values of PyTorch 2.
#[test]
fn the_loss_and_its_gradient_are_those_of_pytorch() {
    let x = Param::new(Tensor::from([[1.0_f64, 2.0, 3.0], [1.0, -1.0, 0.5]]));
    let loss = x.track().cross_entropy(&Tensor::from([0, 2])).backward();
    assert!((loss - 1.7312814420431857).abs() < 1e-15);
    let want = [
        -0.4549847134148098,
        0.12236423552739882,
        0.3326204778874109,
        0.2870484964838473,
        0.03884778957428529,
        -0.3258962860581326,
    ];
    for (g, want) in x.grad().unwrap().to_vec().into_iter().zip(want) {
        assert!((g - want).abs() < 1e-15, "{g} {want}");
    }
}

#[test]
fn tracked_and_untracked_agree_and_the_scores_of_others_stay() {
    let x = Tensor::<Rank2<5, 7>>::randn(&mut Rng::seed(2));
    let labels = Tensor::from([0, 6, 3, 3, 1]);
    let before = x.to_vec();
    let p = Param::new(x.clone());
    let tracked = p.track().cross_entropy(&labels).backward();
    assert_eq!(p.value().to_vec(), before);
    let untracked = x.cross_entropy(&labels).item();
    assert_eq!(tracked, untracked);
    let oracle = p.value().clone().log_softmax::<1>().to_array::<[[f32; 7]; 5]>();
    let oracle: f32 = oracle.iter().zip(labels.to_vec()).map(|(row, label)| -row[label as usize]).sum();
    assert!((tracked - oracle / 5.0).abs() < 1e-6);
}

#[test]
fn the_gradient_agrees_with_differences() {
    let x = Tensor::<Rank2<4, 3>, f64>::randn(&mut Rng::seed(1));
    let labels = Tensor::from([0, 2, 1, 2]);
    gradcheck(x.clone(), |x| x.cross_entropy(&labels)).unwrap();
    gradcheck(x, |x| x.cross_entropy(&labels).powi(2)).unwrap();
}

#[test]
fn scores_of_any_size_have_a_finite_loss() {
    let x = Tensor::from([[1e30_f32, -1e30], [0.0, 90.0]]);
    assert_eq!(x.clone().cross_entropy(&Tensor::from([0, 1])).item(), 0.0);
    let p = Param::new(x);
    p.track().cross_entropy(&Tensor::from([1, 0])).backward();
    assert!(p.grad().unwrap().to_vec().iter().all(|g| g.is_finite()));
    assert!(Tensor::<Rank2<0, 3>>::zeros().cross_entropy(&Tensor::<_, i64>::zeros()).item().is_nan());
}

// PyTorch: F.cross_entropy(tensor([[1., 2, 3], [4, 5, 6], [1, -1, 0.5]]), tensor([0, -100, 2])).
#[test]
fn a_row_with_the_label_of_none_does_not_count() {
    let x = Param::new(Tensor::from([[1.0_f64, 2.0, 3.0], [4.0, 5.0, 6.0], [1.0, -1.0, 0.5]]));
    let loss = x.track().cross_entropy(&Tensor::from([0, -100, 2])).backward();
    assert!((loss - 1.7312814420431857).abs() < 1e-15);
    assert_eq!(x.grad().unwrap().to_vec()[3..6], [0.0; 3]);
    assert!((x.grad().unwrap().to_vec()[0] + 0.4549847134148098).abs() < 1e-15);
    assert!(x.value().clone().cross_entropy(&Tensor::from([-100; 3])).item().is_nan());
}

#[test]
#[should_panic(expected = "the label of row 1 is 3, but there are 3 classes, 0..3")]
fn a_label_that_is_too_large_panics() {
    let _ = Tensor::<Rank2<2, 3>>::zeros().cross_entropy(&Tensor::from([0, 3]));
}

#[test]
#[should_panic(expected = "the label of row 0 is -1, but there are 3 classes, 0..3")]
fn a_negative_label_panics() {
    let p = Param::new(Tensor::<Rank2<2, 3>>::zeros());
    p.track().cross_entropy(&Tensor::from([-1, 0])).backward();
}

#[test]
fn probabilities_can_be_a_parameter() {
    let t = Param::new(Tensor::from([[0.5, 0.5], [1.0, 0.0]]));
    let x = Tensor::from([[0.0, 0.0], [0.0, 0.0]]);
    assert_eq!(x.clone().cross_entropy(&t).backward(), x.cross_entropy(t.value()).item());
    assert_eq!(t.grad().unwrap(), Tensor::full(2.0_f64.ln() / 2.0));
}

#[test]
fn options_agree_with_differences() {
    let rng = &mut Rng::seed(3);
    let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(rng);
    let t = Tensor::<Rank3<2, 3, 4>, f64>::rand(rng);
    let criterion = CrossEntropyLoss::new().weight(Tensor::from([1.0, 0.5, 2.0])).label_smoothing(0.2);
    let criterion = criterion.axis::<1>();
    let labels = Tensor::from([[0, 2, 1, -100], [1, 1, 0, 2]]);
    gradcheck(x.clone(), |x| criterion.mean(x, &labels)).unwrap();
    gradcheck(x.clone(), |x| criterion.none(x, &labels).powi(2).sum()).unwrap();
    gradcheck((x.clone(), t.clone()), |(x, t)| criterion.mean(x, t)).unwrap();
    gradcheck((x.clone(), t.clone()), |(x, t)| criterion.none(x, t).powi(2).sum()).unwrap();
    gradcheck((x, t), |(x, t)| x.cross_entropy_axis::<-1, _>(t)).unwrap();
}

#[test]
fn sequences_have_their_classes_on_the_last_axis() {
    let x = Tensor::<Rank3<2, 5, 3>, f64>::randn(&mut Rng::seed(3));
    let labels = Tensor::from([[0, 2, 1, 1, 0], [1, 1, 0, 2, -100]]);
    let flat = x.clone().reshape::<Rank2<10, 3>>().cross_entropy(&labels.clone().reshape::<Rank1<10>>());
    assert_eq!(x.clone().cross_entropy_axis::<-1, _>(&labels), flat);
    let channels = x.transpose::<1, 2>().cross_entropy_axis::<1, _>(&labels);
    assert!((channels.item() - flat.item()).abs() < 1e-15);
}

#[test]
#[should_panic(expected = "ignore_index is not supported for floating point target")]
fn probabilities_have_no_label_to_ignore() {
    let _ = CrossEntropyLoss::new().ignore_index(1).sum(Tensor::from([0.0, 1.0]), Tensor::from([0.5, 0.5]));
}

#[test]
#[should_panic(expected = "label_smoothing must be between 0.0 and 1.0, got 1.5")]
fn smoothing_is_a_share() {
    let _ = CrossEntropyLoss::new().label_smoothing(1.5);
}
