use typegrad::metrics::*;
use typegrad::prelude::*;

// roc_auc_score([0, 0, 1, 1, 1, 0], [.1, .4, .35, .8, .4, .4]) of scikit-learn 1.9.1: AUROC
#[test]
fn equal_scores_count_half() {
    let mut auroc = Auroc::new();
    auroc.update(&Tensor::from([0.1, 0.4, 0.35]), &Tensor::from([0, 0, 1]));
    auroc.update(&Tensor::from([0.8, 0.4, 0.4]), &Tensor::from([1, 1, 0]));
    assert!((auroc.value() - 0.6666666666666667).abs() < 1e-15);
    let mut zeros = Auroc::new();
    zeros.update(&Tensor::from([0.0, -0.0]), &Tensor::from([0, 1]));
    assert_eq!(zeros.value(), 0.5);
}

#[test]
fn it_is_the_share_of_ordered_pairs() {
    let rng = &mut Rng::seed(1);
    let scores = Tensor::<Rank1<60>, i64>::randint(0, 20, rng);
    let labels = Tensor::<Rank1<60>, i64>::randint(0, 2, rng);
    let scores = Tensor::<Rank1<60>, f64>::from_fn(|i| scores.as_slice()[i] as f64);
    let mut auroc = Auroc::new();
    auroc.update(&scores, &labels);
    let (mut pairs, mut ordered) = (0.0, 0.0);
    for (a, yes) in scores.to_vec().into_iter().zip(labels.to_vec()) {
        for (b, no) in scores.to_vec().into_iter().zip(labels.to_vec()) {
            if yes == 1 && no == 0 {
                pairs += 1.0;
                ordered += if a > b {
                    1.0
                } else if a == b {
                    0.5
                } else {
                    0.0
                };
            }
        }
    }
    assert!((auroc.value() - ordered / pairs).abs() < 1e-15);
}

#[test]
fn slices_count_as_tensors() {
    let (mut a, mut b) = (Auroc::new(), Auroc::new());
    a.update(&Tensor::from([0.1, 0.4, 0.35]), &Tensor::from([0, 0, 1]));
    b.update_slices(&[0.1, 0.4, 0.35], &[0, 0, 1]);
    assert_eq!(a, b);
}

#[test]
fn one_class_has_no_area() {
    let mut auroc = Auroc::new();
    assert!(auroc.value().is_nan());
    auroc.update(&Tensor::from([0.1, 0.4]), &Tensor::from([1, 1]));
    assert!(auroc.value().is_nan());
}

#[test]
#[should_panic(expected = "auroc: the label of row 1 is 2, not 0 or 1")]
fn a_label_is_yes_or_no() {
    Auroc::new().update(&Tensor::from([0.1, 0.4]), &Tensor::from([1, 2]));
}
