//! Losses: every reduction and option.

use crate::fixture::{Cases, check};
use typegrad::prelude::*;

/// One case for each reduction.
macro_rules! losses {
    ($cases:ident, $name:literal, $criterion:expr, |$($x:ident: $s:ty),+| ..) => {
        check!($cases, concat!($name, "/mean"), |$($x: $s),+| ($criterion).mean($($x),+));
        check!($cases, concat!($name, "/sum"), |$($x: $s),+| ($criterion).sum($($x),+));
        check!($cases, concat!($name, "/none"), |$($x: $s),+| ($criterion).none($($x),+));
    };
    ($cases:ident, $name:literal, $criterion:expr, |$($x:ident: $s:ty),+; $labels:ident: $t:ty| ..) => {
        check!($cases, concat!($name, "/mean"), |$($x: $s),+; $labels: $t as i64| ($criterion).mean($($x),+, &$labels));
        check!($cases, concat!($name, "/sum"), |$($x: $s),+; $labels: $t as i64| ($criterion).sum($($x),+, &$labels));
        check!($cases, concat!($name, "/none"), |$($x: $s),+; $labels: $t as i64| ($criterion).none($($x),+, &$labels));
    };
}

fn weights<E: Float>() -> Tensor<Rank1<3>, E> {
    Tensor::from_fn(|i| E::from_f64([1.0, 0.5, 2.0][i]))
}

#[test]
fn loss() {
    let mut cases = Cases::of("loss");
    plain(&mut cases);
    elements(&mut cases);
    probabilities(&mut cases);
    signs(&mut cases);
    triplets(&mut cases);
    classes(&mut cases);
    soft_classes(&mut cases);
    ctc(&mut cases);
    cases.finish();
}

type M = Rank2<2, 3>;

fn elements(cases: &mut Cases) {
    losses!(cases, "mse_loss", MseLoss, |x: M, t: M| ..);
    losses!(cases, "mse_loss_empty", MseLoss, |x: Rank2<0, 3>, t: Rank2<0, 3>| ..);
    losses!(cases, "l1_loss", L1Loss, |x: M, t: M| ..);
    losses!(cases, "l1_loss_corners", L1Loss, |x: Rank1<4>, t: Rank1<4>| ..);
    losses!(cases, "smooth_l1_loss", SmoothL1Loss::new(), |x: M, t: M| ..);
    losses!(cases, "smooth_l1_loss_beta", SmoothL1Loss::new().beta(0.4), |x: M, t: M| ..);
    losses!(cases, "smooth_l1_loss_zero", SmoothL1Loss::new().beta(0.0), |x: M, t: M| ..);
    check!(cases, "smooth_l1_loss_corners", |x: Rank1<5>, t: Rank1<5>| SmoothL1Loss::new().none(x, t));
    losses!(cases, "huber_loss", HuberLoss::new(), |x: M, t: M| ..);
    losses!(cases, "huber_loss_delta", HuberLoss::new().delta(0.4), |x: M, t: M| ..);
    check!(cases, "huber_loss_corners", |x: Rank1<5>, t: Rank1<5>| HuberLoss::new().none(x, t));
    losses!(cases, "poisson_nll_loss", PoissonNllLoss::new(), |x: M, t: M| ..);
    losses!(cases, "poisson_nll_loss_full", PoissonNllLoss::new().full(true), |x: M, t: M| ..);
    losses!(
        cases,
        "poisson_nll_loss_counts",
        PoissonNllLoss::new().log_input(false).eps(1e-3),
        |x: M, t: M| ..
    );
    losses!(cases, "gaussian_nll_loss", GaussianNllLoss::new(), |x: M, t: M, v: M| ..);
    losses!(
        cases,
        "gaussian_nll_loss_full",
        GaussianNllLoss::new().full(true).eps(0.5),
        |x: M, t: M, v: M| ..
    );
}

fn plain(cases: &mut Cases) {
    check!(cases, "cross_entropy/random", |x: Rank2<4, 3>; labels: Rank1<4> as i64| x.cross_entropy(&labels));
    check!(cases, "cross_entropy/large", |x: Rank2<3, 3>; labels: Rank1<3> as i64| x.cross_entropy(&labels));
    check!(cases, "cross_entropy/one_class", |x: Rank2<2, 1>; labels: Rank1<2> as i64| x.cross_entropy(&labels));
    check!(cases, "cross_entropy/infinity", |x: Rank2<2, 3>; labels: Rank1<2> as i64| x.cross_entropy(&labels));
    check!(cases, "mse_loss/matrix", |x: Rank2<2, 3>, y: Rank2<2, 3>| x.mse_loss(y));
    check!(cases, "mse_loss/scalar", |x: Rank0, y: Rank0| x.mse_loss(y));
    check!(cases, "mse_loss/corners", |x: Rank1<3>, y: Rank1<3>| x.mse_loss(y));
}

fn probabilities(cases: &mut Cases) {
    losses!(cases, "binary_cross_entropy", BceLoss::new(), |x: M, t: M| ..);
    losses!(cases, "binary_cross_entropy_weight", BceLoss::new().weight(weights::<E>()), |x: M, t: M| ..);
    check!(cases, "binary_cross_entropy_corners", |x: Rank1<4>, t: Rank1<4>| BceLoss::new().none(x, t));
    let logits = BceWithLogitsLoss::new;
    losses!(cases, "binary_cross_entropy_with_logits", logits(), |x: M, t: M| ..);
    losses!(
        cases,
        "binary_cross_entropy_with_logits_weight",
        logits().weight(weights::<E>()),
        |x: M, t: M| ..
    );
    losses!(
        cases,
        "binary_cross_entropy_with_logits_pos_weight",
        logits().pos_weight(weights::<E>()),
        |x: M, t: M| ..
    );
    losses!(
        cases,
        "binary_cross_entropy_with_logits_both",
        logits()
            .pos_weight(Tensor::<_, E>::from([4.0, 0.5, 2.0]))
            .weight(Tensor::<_, E>::from([[1.0, 0.5, 2.0], [0.0, 3.0, 1.0]])),
        |x: M, t: M| ..
    );
    check!(cases, "binary_cross_entropy_with_logits_corners", |x: Rank1<5>, t: Rank1<5>| logits().none(x, t));
    losses!(cases, "kl_div", KlDivLoss::new(), |x: M, t: M| ..);
    losses!(cases, "kl_div_log", KlDivLoss::new().log_target(true), |x: M, t: M| ..);
    check!(cases, "kl_div/batchmean", |x: M, t: M| KlDivLoss::new().batchmean(x, t));
    check!(cases, "kl_div_log/batchmean", |x: M, t: M| KlDivLoss::new().log_target(true).batchmean(x, t));
    check!(cases, "kl_div_zero", |x: Rank1<2>| KlDivLoss::new().none(x, Tensor::from([0.0, 0.5])));
}

fn signs(cases: &mut Cases) {
    type V = Rank1<4>;
    type Rows = Rank2<4, 3>;
    losses!(cases, "soft_margin_loss", SoftMarginLoss, |x: V; labels: V| ..);
    losses!(cases, "hinge_embedding_loss", HingeEmbeddingLoss::new(), |x: V; labels: V| ..);
    losses!(cases, "hinge_embedding_loss_margin", HingeEmbeddingLoss::new().margin(0.3), |x: V; labels: V| ..);
    check!(cases, "hinge_embedding_loss_corners", |x: V; labels: V as i64| {
        HingeEmbeddingLoss::new().none(x, &labels)
    });
    losses!(cases, "margin_ranking_loss", MarginRankingLoss::new(), |x: V, y: V; labels: V| ..);
    losses!(cases, "margin_ranking_loss_margin", MarginRankingLoss::new().margin(0.7), |x: V, y: V; labels: V| ..);
    check!(cases, "margin_ranking_loss_corners", |x: V, y: V; labels: V as i64| {
        MarginRankingLoss::new().margin(1.0).none(x, y, &labels)
    });
    let cosine = CosineEmbeddingLoss::new();
    losses!(cases, "cosine_embedding_loss", cosine, |x: Rows, y: Rows; labels: V| ..);
    losses!(cases, "cosine_embedding_loss_margin", cosine.margin(-0.6), |x: Rows, y: Rows; labels: V| ..);
    check!(cases, "cosine_embedding_loss_zero", |x: Rank2<1, 2>, y: Rank2<1, 2>; labels: Rank1<1> as i64| {
        x.cosine_embedding_loss(y, &labels)
    });
    check!(cases, "cosine_similarity/last", |x: M, y: M| x.cosine_similarity::<-1, _>(y));
    check!(cases, "cosine_similarity/first", |x: M, y: M| x.cosine_similarity::<0, _>(y));
    check!(cases, "cosine_similarity/eps", |x: M, y: M| x.cosine_similarity_with::<-1, _>(y, 1.5));
    check!(cases, "cosine_similarity/zero", |x: Rank2<1, 2>, y: Rank2<1, 2>| x.cosine_similarity::<-1, _>(y));
}

fn triplets(cases: &mut Cases) {
    type S = Rank2<4, 3>;
    type Pair = Rank2<1, 2>;
    let triplet = TripletMarginLoss::new();
    let wide = triplet.margin(2.0);
    losses!(cases, "triplet_margin_loss", triplet, |a: S, p: S, n: S| ..);
    losses!(cases, "triplet_margin_loss_margin", triplet.margin(3.0), |a: S, p: S, n: S| ..);
    losses!(cases, "triplet_margin_loss_p1", wide.p(1.0), |a: S, p: S, n: S| ..);
    losses!(cases, "triplet_margin_loss_p3", wide.p(3.0), |a: S, p: S, n: S| ..);
    losses!(cases, "triplet_margin_loss_infinity", wide.p(f64::INFINITY), |a: S, p: S, n: S| ..);
    losses!(cases, "triplet_margin_loss_swap", wide.swap(true), |a: S, p: S, n: S| ..);
    losses!(cases, "triplet_margin_loss_eps", triplet.eps(0.1), |a: S, p: S, n: S| ..);
    check!(cases, "triplet_margin_loss_equal", |a: Pair, p: Pair, n: Pair| a.triplet_margin_loss(p, n));
    let tie = triplet.eps(0.0).margin(5.0).swap(true);
    check!(cases, "triplet_margin_loss_tie", |a: Pair, p: Pair, n: Pair| tie.mean(a, p, n));
    let ties = triplet.eps(0.0).margin(9.0).p(f64::INFINITY);
    check!(cases, "triplet_margin_loss_ties", |a: Pair, p: Pair, n: Pair| ties.mean(a, p, n));
    check!(cases, "triplet_margin_loss_nan", |a: Pair, p: Pair, n: Pair| a.triplet_margin_loss(p, n));
}

fn classes(cases: &mut Cases) {
    type S = Rank2<4, 3>;
    type L = Rank1<4>;
    let ce = CrossEntropyLoss::new;
    losses!(cases, "cross_entropy_plain", ce(), |x: S; labels: L| ..);
    losses!(cases, "cross_entropy_ignore", ce().ignore_index(2), |x: S; labels: L| ..);
    losses!(cases, "cross_entropy_weight", ce().weight(weights::<E>()), |x: S; labels: L| ..);
    losses!(cases, "cross_entropy_smooth", ce().label_smoothing(0.2), |x: S; labels: L| ..);
    losses!(cases, "cross_entropy_smooth_all", ce().label_smoothing(1.0), |x: S; labels: L| ..);
    let all = || ce().label_smoothing(0.2).ignore_index(2);
    losses!(cases, "cross_entropy_smooth_weight", all().weight(weights::<E>()), |x: S; labels: L| ..);
    losses!(cases, "cross_entropy_none", ce(), |x: M; labels: Rank1<2>| ..);
    losses!(cases, "cross_entropy_one", ce(), |x: Rank1<3>; labels: Rank0| ..);
    losses!(cases, "cross_entropy_empty", ce(), |x: Rank2<0, 3>; labels: Rank1<0>| ..);
    losses!(cases, "cross_entropy_pictures", ce().axis::<1>(), |x: Rank3<2, 3, 4>; labels: Rank2<2, 4>| ..);
    losses!(
        cases,
        "cross_entropy_pictures_all",
        all().axis::<-2>().weight(weights::<E>()),
        |x: Rank3<2, 3, 4>; labels: Rank2<2, 4>| ..
    );
    losses!(cases, "cross_entropy_sequence", ce().axis::<-1>(), |x: Rank3<2, 4, 3>; labels: Rank2<2, 4>| ..);
    check!(cases, "cross_entropy_corners", |x: Rank2<3, 3>; labels: Rank1<3> as i64| ce().none(x, &labels));
    let nll = NllLoss::new;
    losses!(cases, "nll_loss_plain", nll(), |x: S; labels: L| ..);
    losses!(cases, "nll_loss_ignore", nll().ignore_index(2), |x: S; labels: L| ..);
    losses!(cases, "nll_loss_weight", nll().weight(weights::<E>()), |x: S; labels: L| ..);
    losses!(cases, "nll_loss_none", nll(), |x: M; labels: Rank1<2>| ..);
    losses!(cases, "nll_loss_pictures", nll().axis::<1>(), |x: Rank3<2, 3, 4>; labels: Rank2<2, 4>| ..);
    let margin = MultiMarginLoss::new;
    losses!(cases, "multi_margin_loss_plain", margin(), |x: S; labels: L| ..);
    losses!(cases, "multi_margin_loss_p", margin().p(2), |x: S; labels: L| ..);
    losses!(cases, "multi_margin_loss_margin", margin().margin(0.4), |x: S; labels: L| ..);
    losses!(cases, "multi_margin_loss_all", margin().p(2).margin(0.4).weight(weights::<E>()), |x: S; labels: L| ..);
    check!(cases, "multi_margin_loss_corners", |x: Rank2<2, 2>; labels: Rank1<2> as i64| margin().none(x, &labels));
}

fn soft_classes(cases: &mut Cases) {
    type P = Rank3<2, 3, 2>;
    let ce = CrossEntropyLoss::new;
    let smooth = || ce().label_smoothing(0.2);
    losses!(cases, "cross_entropy_probabilities_plain", ce(), |x: M, t: M| ..);
    losses!(cases, "cross_entropy_probabilities_weight", ce().weight(weights::<E>()), |x: M, t: M| ..);
    losses!(cases, "cross_entropy_probabilities_smooth", smooth(), |x: M, t: M| ..);
    losses!(cases, "cross_entropy_probabilities_both", smooth().weight(weights::<E>()), |x: M, t: M| ..);
    losses!(
        cases,
        "cross_entropy_probabilities_pictures",
        smooth().weight(weights::<E>()).axis::<1>(),
        |x: P, t: P| ..
    );
    losses!(cases, "cross_entropy_probabilities_empty", ce(), |x: Rank2<0, 3>, t: Rank2<0, 3>| ..);
}

fn ctc(cases: &mut Cases) {
    check!(cases, "ctc_loss/mean", |x: Rank3<6, 2, 4>; targets: Rank2<2, 3> as i64| {
        CtcLoss::new().mean(x.log_softmax::<-1>(), &targets, &[6, 5], &[3, 2])
    });
    check!(cases, "ctc_loss/sum", |x: Rank3<6, 2, 4>; targets: Rank2<2, 3> as i64| {
        CtcLoss::new().sum(x.log_softmax::<-1>(), &targets, &[6, 5], &[3, 2])
    });
    check!(cases, "ctc_loss/none", |x: Rank3<6, 2, 4>; targets: Rank2<2, 3> as i64| {
        CtcLoss::new().none(x.log_softmax::<-1>(), &targets, &[6, 5], &[3, 2])
    });
    check!(cases, "ctc_loss/of_logarithms", |x: Rank3<6, 2, 4>; targets: Rank2<2, 3> as i64| {
        CtcLoss::new().sum(x, &targets, &[6, 4], &[2, 0])
    });
    check!(cases, "ctc_loss/blank", |x: Rank3<5, 1, 4>; targets: Rank2<1, 2> as i64| {
        CtcLoss::new().blank(3).mean(x.log_softmax::<-1>(), &targets, &[5], &[2])
    });
    check!(cases, "ctc_loss/zero_infinity", |x: Rank3<6, 2, 4>; targets: Rank2<2, 3> as i64| {
        CtcLoss::new().zero_infinity(true).mean(x.log_softmax::<-1>(), &targets, &[6, 3], &[3, 3])
    });
    check!(cases, "ctc_loss/infinite", |x: Rank3<6, 1, 4>; targets: Rank2<1, 3> as i64| {
        CtcLoss::new().mean(x.log_softmax::<-1>(), &targets, &[3], &[3])
    });
}
