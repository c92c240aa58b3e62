//! A panic that the documentation names shows the line of the program, and not one of the library.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use typegrad::data::transforms::{Affine, Normalize, RandomAffine, RandomHorizontalFlip};
use typegrad::data::{Dataset, TensorDataset, TensorRows};
use typegrad::metrics::{Auroc, ConfusionMatrix, Regression};
use typegrad::nn::{AveragedModel, Generator, KvCache, init};
use typegrad::prelude::*;
use typegrad::train::{DataParallel, EarlyStopping};

thread_local!(static PLACE: RefCell<Option<String>> = const { RefCell::new(None) });

fn note_places() {
    set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line()));
        PLACE.with(|last| *last.borrow_mut() = place);
    }));
}

/// The file and the line of the panic of `f`, and its text.
fn place_of(f: impl FnOnce()) -> String {
    let Err(payload) = catch_unwind(AssertUnwindSafe(f)) else { return "nowhere".into() };
    let text = payload.downcast_ref::<String>().cloned();
    let text = text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    format!("{}: {}", PLACE.with(RefCell::take).expect("a place"), text.expect("a text"))
}

/// The expression, on the line of the macro, panics there.
macro_rules! here {
    ($wrong:ident, $mistake:expr) => {
        let place = place_of(|| {
            let _ = $mistake;
        });
        if !place.starts_with(&format!("{}:{}: ", file!(), line!())) {
            $wrong.push(format!("line {}: {place}", line!()));
        }
    };
}

/// The hook prints nothing.
fn none(wrong: &[String]) {
    eprintln!("{}", wrong.join("\n"));
    assert!(wrong.is_empty());
}

#[test]
fn of_data() {
    note_places();
    let (mut wrong, rng) = (vec![], &mut Rng::seed(0));
    let data = vec![1.0_f32; 10];
    let rows = TensorRows::<Rank1<2>>::try_from(vec![1.0; 6]).unwrap();
    let labels = TensorRows::<Rank0, i64>::try_from(vec![0, 1, 9]).unwrap();
    let few = TensorRows::<Rank0, i64>::try_from(vec![0, 1, 1]).unwrap();
    let both = TensorDataset::from_rows(rows.clone(), few.clone()).unwrap();
    here!(wrong, data.clone().random_split([1, 2], rng));
    here!(wrong, data.clone().random_split([0.5, 0.7], rng));
    here!(wrong, data.clone().random_split([f64::NAN, 1.0], rng));
    here!(wrong, data.clone().stratified_split([1, 2], &[0; 10], rng));
    here!(wrong, data.clone().stratified_split([0.5, 0.5], &[0; 3], rng));
    here!(wrong, data.clone().k_folds(1, rng));
    here!(wrong, data.clone().stratified_k_folds(11, &[0; 10], rng));
    here!(wrong, data.clone().stratified_k_folds(2, &[0; 3], rng));
    here!(wrong, data.clone().subset(vec![10]));
    here!(wrong, data.clone().batches::<4>().weighted(&[1.0], 3));
    here!(wrong, data.clone().batches::<4>().weighted(&[-1.0; 10], 3));
    here!(wrong, data.clone().batches::<4>().weighted(&[f64::NAN; 10], 3));
    here!(wrong, data.clone().batches::<4>().in_order().workers(0));
    let ninth = data.clone().batches::<9>().in_order().next().unwrap().position;
    here!(wrong, vec![1.0_f32; 9].batches::<9>().resume(ninth));
    here!(wrong, vec![1.0_f32; 9].batches::<9>().shards::<2>().resume(ninth));
    here!(wrong, rows.select(&[3]));
    here!(wrong, rows.split_at(4));
    here!(wrong, rows.row(3)[0]);
    here!(wrong, both.select(&[3]));
    here!(wrong, both.split_at(4));
    here!(wrong, labels.class_counts::<2>());
    here!(wrong, labels.class_weights::<2, f32>());
    here!(wrong, few.class_weights::<3, f32>());
    here!(wrong, vec![(Tensor::from([1.0_f32]), 0_i64); 4].mixup::<2>(0.0));
    here!(wrong, vec![(Tensor::from([1.0_f32]), 0_i64); 4].mixup::<2>(f64::NAN));
    here!(wrong, Affine::new().scale(0.0));
    here!(wrong, RandomAffine::new(-1.0));
    here!(wrong, RandomAffine::new(1.0).translate(2.0, 0.0));
    here!(wrong, RandomAffine::new(1.0).scale(2.0, 1.0));
    here!(wrong, RandomHorizontalFlip::new().p(f64::NAN));
    here!(wrong, Normalize::new([0.0], [0.0]));
    here!(wrong, PaddedBatch::new(Tensor::<Rank1<3>>::zeros(), 4));
    let two = |real| PaddedBatch::new(Tensor::<Rank1<3>>::ones(), real);
    here!(wrong, two(2).zip(&two(3), |a, b| a + b));
    here!(wrong, two(2).mse_loss(&two(3)));
    here!(wrong, DataParallel::new(0));
    none(&wrong);
}

#[test]
fn of_random_numbers_and_indices() {
    note_places();
    let (mut wrong, rng) = (vec![], &mut Rng::seed(0));
    let x = Tensor::from([[1.0_f32, 2.0], [3.0, 4.0]]);
    let two = Tensor::from([0_i64, 2]);
    here!(wrong, Tensor::from([2.0]).bernoulli(rng));
    here!(wrong, Tensor::<Rank1<2>>::bernoulli_with(2.0, rng));
    here!(wrong, Tensor::from([-1.0, 0.0]).multinomial(rng));
    here!(wrong, Tensor::from([0.0, 0.0]).multinomial(rng));
    here!(wrong, Tensor::<Rank1<2>>::uniform(1.0, 0.0, rng));
    here!(wrong, Tensor::<Rank1<2>>::normal(1.0, -1.0, rng));
    here!(wrong, Tensor::<Rank1<2>, i64>::randint(1, 1, rng));
    here!(wrong, rng.below(0));
    here!(wrong, x.clone().dropout(1.5, &Generator::seed(0)));
    here!(wrong, x.clone().quantile(1.5));
    here!(wrong, x.clone().quantile_axis::<0>(-0.5));
    here!(wrong, x.clone().nanquantile(f64::NAN));
    here!(wrong, x.clone().nanquantile_keepdim_with::<0>(2.0, QuantileMode::Lower));
    here!(wrong, x.histc::<3>(1.0, 0.0));
    here!(wrong, x.clone().cdist_with(x.clone(), -1.0));
    here!(wrong, x.clone().hardtanh(1.0, 0.0));
    here!(wrong, x.clone().celu(0.0));
    here!(wrong, x.clone().softshrink(-1.0));
    here!(wrong, two.bincount::<2>());
    here!(wrong, two.bincount_with::<2, f32>(&Tensor::from([1.0, 1.0])));
    here!(wrong, two.one_hot::<2>());
    here!(wrong, x.clone().index_select::<0, _>(&two));
    here!(wrong, x.clone().lookup(&two));
    here!(wrong, x.clone().take(&Tensor::from([9])));
    here!(wrong, x.clone().select::<0>(2));
    here!(wrong, x.clone().narrow_from::<0, 2>(1));
    here!(wrong, x.clone().gather::<1, _>(&Tensor::from([[2], [0]])));
    here!(wrong, x.clone().take_along::<1, _>(&Tensor::from([[2], [0]])));
    here!(wrong, x.clone().scatter::<1, _>(&Tensor::from([[2], [0]]), Tensor::from([[1.0], [1.0]])));
    here!(wrong, init::trunc_normal(0.0, 1.0, 1.0, 0.0));
    here!(wrong, init::calculate_gain("nothing"));
    none(&wrong);
}

#[test]
fn of_losses_and_metrics() {
    note_places();
    let mut wrong = vec![];
    let x = Tensor::from([1.0_f32, 2.0]);
    let scores = || Tensor::<Rank2<2, 3>>::zeros();
    let (signs, labels) = (Tensor::from([1_i64, 0]), Tensor::from([0_i64, 3]));
    let batch = |x| PaddedBatch::new(x, 2);
    let labelled = PaddedBatch::new(signs.clone(), 2);
    here!(wrong, x.clone().binary_cross_entropy(&x));
    here!(wrong, BceLoss::new().sum(x.clone(), &x));
    here!(wrong, BceLoss::new().none(x.clone(), &x));
    here!(wrong, batch(x.clone()).binary_cross_entropy(batch(x.clone())));
    here!(wrong, x.clone().gaussian_nll_loss(&x, &Tensor::from([1.0, -1.0])));
    here!(wrong, GaussianNllLoss::new().sum(x.clone(), &x, &Tensor::from([1.0, -1.0])));
    here!(wrong, x.clone().hinge_embedding_loss(&signs));
    here!(wrong, HingeEmbeddingLoss::new().none(x.clone(), &signs));
    here!(wrong, batch(x.clone()).hinge_embedding_loss(&labelled));
    here!(wrong, x.clone().margin_ranking_loss(&x, &signs));
    here!(wrong, MarginRankingLoss::new().sum(x.clone(), &x, &signs));
    here!(wrong, x.clone().soft_margin_loss(&signs));
    here!(wrong, SoftMarginLoss::new().sum(x.clone(), &signs));
    here!(wrong, scores().cosine_embedding_loss(&scores(), &signs));
    here!(wrong, CosineEmbeddingLoss::new().sum(scores(), &scores(), &signs));
    here!(wrong, scores().multi_margin_loss(&labels));
    here!(wrong, MultiMarginLoss::new().none(scores(), &labels));
    here!(wrong, scores().nll_loss(&labels));
    here!(wrong, scores().cross_entropy_axis::<-1, _>(&labels));
    here!(wrong, scores().topk_accuracy::<1, _, _>(&labels));
    here!(wrong, Auroc::new().update(&x, &labels));
    here!(wrong, Auroc::new().update_slices(&[f32::NAN], &[1]));
    here!(wrong, ConfusionMatrix::<2>::new().update(&labels, &labels));
    here!(wrong, ConfusionMatrix::<2>::new().update_slices(&[0], &[2]));
    here!(wrong, ConfusionMatrix::<2>::new().support(2));
    here!(wrong, ConfusionMatrix::<2>::new().f1(2));
    here!(wrong, Regression::new().update_slices(&[0.0_f32], &[]));
    here!(wrong, typegrad::metrics::accuracy(&[0], &[]));
    let lengths = [9, 9];
    let paths = Tensor::<Rank3<4, 2, 3>>::zeros();
    let targets = Tensor::<Rank2<2, 2>, i64>::ones();
    let scores = paths.log_softmax::<-1>();
    here!(wrong, CtcLoss::new().mean(scores, &targets, &lengths, &lengths));
    none(&wrong);
}

#[test]
fn of_networks_and_training() {
    note_places();
    let (mut wrong, rng) = (vec![], &mut Rng::seed(0));
    let mut net = Linear::<3, 2>::new(rng);
    here!(wrong, net.clip_grad_norm(1.0));
    here!(wrong, net.clip_grad_value(1.0));
    here!(wrong, net.try_clip_grad_norm(1.0, 0.5));
    here!(wrong, Adam::new(0.1).step(&mut net));
    here!(wrong, Adam::new(0.1).group(Group::named("nothing")).step(&mut net));
    here!(wrong, Group::named("a").and(Group::named("b")));
    here!(wrong, net.initialize("nothing", &init::zeros(), rng));
    here!(wrong, net.initialize("bias", &init::kaiming_normal(), rng));
    here!(wrong, Sgd::new(0.1).set_lr(f64::NAN));
    here!(wrong, Adagrad::new(0.1).set_momentum(0.5));
    here!(wrong, Sgd::new(0.1).nesterov());
    here!(wrong, StepLr::new(0));
    here!(wrong, SequentialLr::new((StepLr::new(1), StepLr::new(1), StepLr::new(1)), [2, 1]));
    here!(wrong, OneCycleLr::new(0.1, 1).start(&mut Adagrad::new(0.1)));
    let mut sgd = Sgd::new(0.1).momentum(0.9);
    let mut cycle = OneCycleLr::new(0.1, 1).start(&mut sgd);
    here!(wrong, [(); 3].map(|()| cycle.step(&mut sgd)));
    here!(wrong, cycle.step(&mut Sgd::new(0.1)));
    here!(wrong, AveragedModel::ema(&net, 1.5));
    let other = Param::new(Tensor::from([1.0]));
    let mut stopping = EarlyStopping::new(1);
    stopping.update(1.0, &other);
    here!(wrong, stopping.restore(&mut net));
    here!(wrong, EarlyStopping::new(1).restore(&mut net));
    let mut lstm = Lstm::<2, 3>::new(rng);
    let series = Tensor::<Rank3<2, 4, 2>>::ones();
    here!(wrong, lstm.infer_lengths(series.clone(), &[1, 9]));
    here!(wrong, lstm.train_lengths(series.clone(), &[1]));
    here!(wrong, lstm.initialize("nothing", &init::zeros(), rng));
    here!(wrong, KvCache::<1, 8, 4>::new().truncate(9));
    none(&wrong);
}

/// PyTorch takes most of these in silence: a clipping norm of -1 turns all gradients around.
#[test]
fn of_options_without_a_meaning() {
    note_places();
    let (mut wrong, rng) = (vec![], &mut Rng::seed(0));
    let mut w = Param::new(Tensor::from([3.0, 4.0]));
    w.track().powi(2).sum().backward();
    let x = Tensor::from([1.0, 2.0]);
    for nan in [f64::NAN, -1.0] {
        here!(wrong, w.clip_grad_norm(nan));
        here!(wrong, w.clip_grad_value(nan));
        here!(wrong, w.try_clip_grad_norm(nan, 2.0));
        here!(wrong, StepLr::new(1).gamma(nan));
        here!(wrong, MultiStepLr::new([1]).gamma(nan));
        here!(wrong, ExponentialLr::new(nan));
        here!(wrong, CosineAnnealingLr::new(1).eta_min(nan));
        here!(wrong, CosineAnnealingWarmRestarts::new(1).eta_min(nan));
        here!(wrong, OneCycleLr::new(nan, 1));
        here!(wrong, OneCycleLr::new(0.1, 1).div_factor(nan));
        here!(wrong, OneCycleLr::new(0.1, 1).final_div_factor(nan));
        here!(wrong, OneCycleLr::new(0.1, 1).base_momentum(nan));
        here!(wrong, OneCycleLr::new(0.1, 1).max_momentum(nan));
        here!(wrong, ReduceLrOnPlateau::new().factor(nan));
        here!(wrong, ReduceLrOnPlateau::new().min_lr(nan));
        here!(wrong, ReduceLrOnPlateau::new().eps(nan));
        here!(wrong, EarlyStopping::new(1).min_delta(nan));
        here!(wrong, AveragedModel::ema(&w, nan));
        here!(wrong, Dropout::new(rng).p(nan));
        here!(wrong, BatchNorm1d::<3>::new(rng).momentum(nan));
        here!(wrong, BatchNorm1d::<3>::new(rng).eps(nan));
        here!(wrong, PoissonNllLoss::new().eps(nan));
        here!(wrong, GaussianNllLoss::new().eps(nan));
        here!(wrong, TripletMarginLoss::new().eps(nan));
        here!(wrong, TripletMarginLoss::new().margin(nan));
        here!(wrong, HuberLoss::new().delta(nan));
        here!(wrong, SmoothL1Loss::new().beta(nan));
        here!(wrong, CrossEntropyLoss::new().label_smoothing(nan));
        here!(wrong, Adam::new(nan));
        here!(wrong, Adam::new(0.1).betas(0.9, nan));
        here!(wrong, Adam::new(0.1).eps(nan));
        here!(wrong, Adam::new(0.1).weight_decay(nan));
        here!(wrong, Sgd::new(0.1).momentum(nan));
        here!(wrong, RmsProp::new(0.1).alpha(nan));
        here!(wrong, Adadelta::new(0.1).rho(nan));
        here!(wrong, NAdam::new(0.1).momentum_decay(nan));
        here!(wrong, Adagrad::new(0.1).lr_decay(nan));
        here!(wrong, Group::named("w").lr_factor(nan));
        here!(wrong, init::normal(0.0, nan));
        here!(wrong, init::uniform(0.0, nan));
        here!(wrong, RandomAffine::new(1.0).shear(nan));
        here!(wrong, x.isclose_with(&x, nan, 0.0, false));
        here!(wrong, x.allclose_with(&x, 0.0, nan, false));
        here!(wrong, x.clone().cosine_similarity_with::<0, _>(&x, nan));
        here!(wrong, Tensor::<Rank2<2, 2>>::ones().rotary_embedding(0, nan));
    }
    let nan = f64::NAN;
    here!(wrong, Sgd::new(0.1).dampening(nan));
    here!(wrong, Lbfgs::new(0.1).tolerance_grad(nan));
    here!(wrong, Lbfgs::new(0.1).tolerance_change(nan));
    here!(wrong, ReduceLrOnPlateau::new().threshold(nan));
    here!(wrong, MarginRankingLoss::new().margin(nan));
    here!(wrong, HingeEmbeddingLoss::new().margin(nan));
    here!(wrong, CosineEmbeddingLoss::new().margin(nan));
    here!(wrong, MultiMarginLoss::new().margin(nan));
    here!(wrong, LeakyRelu::default().negative_slope(nan));
    here!(wrong, init::orthogonal().gain(nan));
    here!(wrong, Affine::new().angle(nan));
    none(&wrong);
    // The refused calls have changed nothing.
    assert_eq!(w.clip_grad_norm(f64::INFINITY), 10.0);
    assert_eq!(w.grad().unwrap().to_vec(), [6.0, 8.0]);
}
