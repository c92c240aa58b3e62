//! Losses: gradients at random values, targets that are parameters, and sums of many terms.

use crate::any_values;
use crate::parameters::{same, t};
use crate::support::as_in_f64::{N, as_in_f64, of};
use crate::support::range::{at_scales, near};
use proptest::prelude::*;
use typegrad::gradcheck;
use typegrad::prelude::{Rng, *};

type R = Rank2<3, 4>;

proptest! {
    #![proptest_config(crate::cases(16))]

    #[test]
    fn losses(
        scores in any_values::<Rank2<5, 3>>(),
        labels in prop::collection::vec(0_i64..3, 5),
        x in any_values::<Rank3<2, 3, 2>>(),
        target in any_values::<Rank3<2, 3, 2>>(),
    ) {
        let labels = Tensor::try_from(labels).expect("five");
        gradcheck(scores.clone(), |x| x.cross_entropy(&labels).powi(2)).map_err(|e| TestCaseError::fail(e.to_string()))?;
        gradcheck((x, target), |(x, t)| x.mse_loss(t)).map_err(|e| TestCaseError::fail(e.to_string()))?;

        // The definition, row by row.
        let rows = scores.to_array::<[[f64; 3]; 5]>();
        let losses = rows.iter().zip(labels.to_vec()).map(|(row, label)| {
            row.iter().map(|x| x.exp()).sum::<f64>().ln() - row[label as usize]
        });
        let want = losses.sum::<f64>() / 5.0;
        prop_assert!((scores.cross_entropy(&labels).item() - want).abs() < 1e-12);
    }
}

#[test]
fn targets_of_losses() {
    let x = t::<R>();
    same!(p: R, x.clone().mse_loss(p));
    same!(p: R, x.clone().l1_loss(p));
    same!(p: R, x.clone().smooth_l1_loss(p));
    same!(p: R, x.clone().huber_loss(p));
    same!(p: R, x.clone().poisson_nll_loss(p));
    same!(p: R, x.clone().gaussian_nll_loss(p, &x));
    same!(p: R, x.clone().gaussian_nll_loss(&x, p));
    same!(p: R, x.clone().binary_cross_entropy(p));
    same!(p: R, x.clone().binary_cross_entropy_with_logits(p));
    same!(p: R, x.clone().cross_entropy(p));
    same!(p: R, CrossEntropyLoss::new().axis::<0>().mean(x.clone(), p));
    same!(p: R, x.clone().cosine_embedding_loss(p, &Tensor::from([1, -1, 1])));
    same!(p: R, x.clone().margin_ranking_loss(p, &Tensor::<R, i64>::ones()));
    same!(p: R, x.clone().triplet_margin_loss(p, &x));
    same!(p: R, x.clone().triplet_margin_loss(&x, p));
    same!(p: R, CrossEntropyLoss::new().mean(x.clone(), p));
    same!(p: R, MseLoss.sum(x.clone(), p));
    same!(p: R, BceWithLogitsLoss::new().none(x.clone(), p));
}

#[test]
fn distances_and_angles() {
    // The rows differ by much, so that differences do not cancel.
    as_in_f64!("cosine_similarity", |f| {
        of!(Rank2<2, N>, f).cosine_similarity::<-1, _>(of!(Rank2<2, N>, f) + 0.5).to_vec()
    });
    as_in_f64!("cosine_similarity", |f| {
        of!(Rank2<N, 2>, f).cosine_similarity::<0, _>(of!(Rank2<N, 2>, f) + 0.5).to_vec()
    });
    as_in_f64!("cosine_embedding_loss", |f| {
        let opposite = of!(Rank2<2, N>, f) * -2.0;
        of!(Rank2<2, N>, f).cosine_embedding_loss(opposite, &Tensor::ones()).to_vec()
    });
    for p in [2.0, 1.0, 3.0] {
        as_in_f64!("triplet_margin_loss", |f| {
            let (a, like, unlike) =
                (of!(Rank2<2, N>, f), of!(Rank2<2, N>, f) * 3.0 + 0.5, of!(Rank2<2, N>, f));
            TripletMarginLoss::new().p(p).mean(a, like, unlike).to_vec()
        });
    }
    as_in_f64!("multi_margin_loss", |f| {
        let x = Param::new(of!(Rank2<2, N>, f) * 1e-7);
        let loss = x.track().multi_margin_loss(&Tensor::from([5, 77])).backward();
        let gradient = x.grad().unwrap().to_vec();
        vec![loss, gradient[5], gradient[N + 77]]
    });
}

/// The squares of differences leave the range; a loss of distances does not.
macro_rules! triplets {
    ($e:ty, $k:expr) => {{
        let k: $e = $k;
        let scale = f64::from(k);
        let x = || Tensor::<Rank2<1, 3>, $e>::from([[3.0 * k, k, 0.0]]);
        let y = Param::new(Tensor::<Rank2<1, 3>, $e>::from([[0.0, k, 4.0 * k]]));
        for (p, far) in [(2.0, 5.0), (1.0, 7.0), (3.0, 91.0_f64.cbrt()), (f64::INFINITY, 4.0)] {
            let loss = TripletMarginLoss::new().p(p).eps(0.0).margin(1e-9 * scale);
            near([loss.mean(x(), &y, &x()).value().item()], &[far], scale);
        }
    }};
}

at_scales!(triplets: triplet_losses_in_f32_stay_in_the_range, triplet_losses_in_f64_stay_in_the_range);
