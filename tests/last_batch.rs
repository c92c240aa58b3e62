//! The last batch of an epoch counts as its real rows, and the padding nowhere: for every loss, reduction, kind of target
//! and metric, in the value and the gradient.

use typegrad::data::{Batch, Dataset, TensorDataset, TensorRows};
use typegrad::metrics::{Auroc, ConfusionMatrix, Mean, Regression};
use typegrad::prelude::*;
use typegrad::train::DataParallel;

const B: usize = 4;
const K: usize = 3;

/// Random rows, of which those from N on have an element that no loss accepts.
fn rows<const N: usize>(seed: u64, low: f64, high: f64, padding: f64) -> Tensor<Rank2<B, K>, f64> {
    let x = Tensor::<Rank2<B, K>, f64>::uniform(low, high, &mut Rng::seed(seed));
    Tensor::from_fn(|i| if i < N * K { x.as_slice()[i] } else { padding })
}

/// Labels for each row, in the same way.
fn labels<const N: usize, S: Shape>(f: impl Fn(usize) -> i64) -> Tensor<S, i64> {
    Tensor::from_fn(|i| if i < S::NUMEL / B * N { f(i) } else { 77 })
}

/// The first N rows.
fn first<const N: usize, S: Shape, T: Shape, E: Element>(x: &Tensor<S, E>) -> Tensor<T, E> {
    assert_eq!(S::NUMEL / B * N, T::NUMEL);
    Tensor::from_fn(|i| x.as_slice()[i])
}

fn close(got: &[f64], want: &[f64]) {
    assert_eq!(got.len(), want.len());
    for (got, want) in got.iter().zip(want) {
        assert!((got - want).abs() <= 1e-12 * want.abs().max(1.0), "{got} {want}");
    }
}

/// Compares a loss of padded batches with N real rows, its value and its gradients, with that of N rows. The first
/// tensors are tracked; after the semicolon are labels.
macro_rules! agrees {
    ($n:ident, $operands:tt, $loss:expr) => { agrees!($n, $operands, $loss, $loss) };
    ($n:ident, [$($x:ident: $xs:ty),+; $($t:ident: $ts:ty),*], $of_batches:expr, $of_tensors:expr) => {{
        let (padded, padded_gradients) = {
            $(let $x = Param::new($x.clone());)+
            let loss = {
                $(let $x = PaddedBatch::new($x.track(), $n);)+
                $(let $t = &PaddedBatch::new($t.clone(), $n);)*
                $of_batches.backward()
            };
            (loss, [$($x.grad().unwrap().to_vec()),+])
        };
        let (alone, gradients) = {
            $(let $x = Param::new(first::<$n, _, $xs, f64>(&$x));)+
            let loss = {
                $(let $x = $x.track();)+
                $(let $t = &first::<$n, _, $ts, i64>(&$t);)*
                $of_tensors.backward()
            };
            (loss, [$($x.grad().unwrap().to_vec()),+])
        };
        close(&[padded], &[alone]);
        for (padded, alone) in padded_gradients.iter().zip(&gradients) {
            let (real, padding) = padded.split_at(alone.len());
            close(real, alone);
            assert!(padding.iter().all(|g| *g == 0.0), "{padding:?}");
        }
    }};
}

/// All reductions of a loss, and its method.
macro_rules! reductions {
    ($n:ident, $operands:tt, $loss:expr, $x:ident.$method:ident($($other:ident),+)) => {{
        agrees!($n, $operands, $x.$method($($other),+));
        reductions!($n, $operands, $loss, ($x, $($other),+));
    }};
    ($n:ident, $operands:tt, $loss:expr, ($($operand:ident),+)) => {{
        let criterion = $loss;
        agrees!($n, $operands, criterion.mean($($operand),+));
        agrees!($n, $operands, criterion.sum($($operand),+));
        agrees!($n, $operands, criterion.none($($operand),+).mean());
        agrees!(
            $n,
            $operands,
            criterion.none($($operand),+).map(|each| each.powi(2)).sum(),
            criterion.none($($operand),+).powi(2).sum()
        );
    }};
}

fn element_by_element<const N: usize>() {
    type S<const N: usize> = Rank2<N, K>;
    let (x, t) = (rows::<N>(1, -2.0, 2.0, 1e300), rows::<N>(2, 0.1, 0.9, f64::NAN));
    reductions!(N, [x: S<N>, t: S<N>;], MseLoss, x.mse_loss(t));
    reductions!(N, [x: S<N>, t: S<N>;], L1Loss, x.l1_loss(t));
    reductions!(N, [x: S<N>, t: S<N>;], SmoothL1Loss::new(), x.smooth_l1_loss(t));
    reductions!(N, [x: S<N>, t: S<N>;], HuberLoss::new(), x.huber_loss(t));
    reductions!(N, [x: S<N>, t: S<N>;], KlDivLoss::new(), x.kl_div(t));
    agrees!(N, [x: S<N>, t: S<N>;], KlDivLoss::new().batchmean(x, t));
    agrees!(N, [x: S<N>, t: S<N>;], x.shared(|x| t.shared(|t| x.clone().mse_loss(t.clone()) + x.l1_loss(t))));
    agrees!(N, [x: S<N>, t: S<N>;], x.shared(|x| MseLoss.none(x.clone(), t).zip(x, |e, x| e * x)).mean(), x.shared(|x| (MseLoss.none(x.clone(), t) * x).mean()));
    reductions!(N, [x: S<N>, t: S<N>;], PoissonNllLoss::new(), x.poisson_nll_loss(t));
    let weights = Tensor::from([1.0, 0.5, 2.0]);
    let with_logits = BceWithLogitsLoss::new();
    reductions!(N, [x: S<N>, t: S<N>;], with_logits, x.binary_cross_entropy_with_logits(t));
    let with_logits = BceWithLogitsLoss::new().pos_weight(weights.clone()).weight(weights.clone());
    reductions!(N, [x: S<N>, t: S<N>;], with_logits, (x, t));
    let p = rows::<N>(3, 0.1, 0.9, 2.0);
    reductions!(N, [p: S<N>, t: S<N>;], BceLoss::new(), p.binary_cross_entropy(t));
    reductions!(N, [p: S<N>, t: S<N>;], BceLoss::new().weight(weights), (p, t));
    let v = rows::<N>(4, 0.5, 2.0, -1.0);
    reductions!(N, [x: S<N>, t: S<N>, v: S<N>;], GaussianNllLoss::new(), x.gaussian_nll_loss(t, v));
    let y = labels::<N, Rank2<B, K>>(|i| if i % 2 == 0 { 1 } else { -1 });
    reductions!(N, [x: S<N>; y: S<N>], SoftMarginLoss, x.soft_margin_loss(y));
    reductions!(N, [x: S<N>; y: S<N>], HingeEmbeddingLoss::new(), x.hinge_embedding_loss(y));
    let margin = MarginRankingLoss::new().margin(0.5);
    reductions!(N, [x: S<N>, t: S<N>; y: S<N>], margin, (x, t, y));
    agrees!(N, [x: S<N>, t: S<N>; y: S<N>], x.margin_ranking_loss(t, y));
}

fn row_by_row<const N: usize>() {
    type S<const N: usize> = Rank2<N, K>;
    let (x, t) = (rows::<N>(1, -2.0, 2.0, 1e300), rows::<N>(2, 0.1, 0.9, f64::NAN));
    let y = labels::<N, Rank1<B>>(|i| (i % K) as i64);
    let weights = Tensor::from([1.0, 0.5, 2.0]);
    reductions!(N, [x: S<N>; y: Rank1<N>], CrossEntropyLoss::new(), x.cross_entropy(y));
    let weighted = CrossEntropyLoss::new().weight(weights.clone()).label_smoothing(0.2);
    reductions!(N, [x: S<N>; y: Rank1<N>], weighted.clone(), (x, y));
    reductions!(N, [x: S<N>, t: S<N>;], CrossEntropyLoss::new(), x.cross_entropy(t));
    reductions!(N, [x: S<N>, t: S<N>;], weighted, (x, t));
    reductions!(N, [x: S<N>; y: Rank1<N>], NllLoss::new(), x.nll_loss(y));
    reductions!(N, [x: S<N>; y: Rank1<N>], NllLoss::new().weight(weights.clone()), (x, y));
    reductions!(N, [x: S<N>; y: Rank1<N>], MultiMarginLoss::new(), x.multi_margin_loss(y));
    reductions!(N, [x: S<N>; y: Rank1<N>], MultiMarginLoss::new().weight(weights).p(2), (x, y));
    let sign = labels::<N, Rank1<B>>(|i| if i % 2 == 0 { 1 } else { -1 });
    reductions!(N, [x: S<N>, t: S<N>; sign: Rank1<N>], CosineEmbeddingLoss::new(), (x, t, sign));
    agrees!(N, [x: S<N>, t: S<N>; sign: Rank1<N>], x.cosine_embedding_loss(t, sign));
    let n = rows::<N>(5, -2.0, 2.0, f64::INFINITY);
    reductions!(N, [x: S<N>, t: S<N>, n: S<N>;], TripletMarginLoss::new(), x.triplet_margin_loss(t, n));
}

fn classes_at_any_axis<const N: usize>() {
    let x = Tensor::<Rank3<B, 3, 2>, f64>::randn(&mut Rng::seed(1));
    let (last, second) = (labels::<N, Rank2<B, 3>>(|i| (i % 2) as i64), labels::<N, Rank2<B, 2>>(|_| 2));
    agrees!(N, [x: Rank3<N, 3, 2>; last: Rank2<N, 3>], x.cross_entropy_axis::<-1, _>(last));
    agrees!(N, [x: Rank3<N, 3, 2>; second: Rank2<N, 2>], x.cross_entropy_axis::<1, _>(second));
    let nll = NllLoss::new().axis::<1>();
    reductions!(N, [x: Rank3<N, 3, 2>; second: Rank2<N, 2>], nll, (x, second));
    // A label that is ignored counts neither as a real row nor as padding.
    let some = labels::<N, Rank2<B, 2>>(|i| if i == 0 { -100 } else { 1 });
    let criterion = CrossEntropyLoss::new().axis::<1>();
    reductions!(N, [x: Rank3<N, 3, 2>; some: Rank2<N, 2>], criterion, (x, some));
}

#[test]
fn every_loss_is_that_of_the_real_rows() {
    element_by_element::<1>();
    element_by_element::<3>();
    element_by_element::<4>();
    row_by_row::<1>();
    row_by_row::<3>();
    row_by_row::<4>();
    classes_at_any_axis::<1>();
    classes_at_any_axis::<3>();
    classes_at_any_axis::<4>();
}

/// Functions of the user whose gradient is infinite at 0, which is the loss of a row of padding, or NaN at the elements of the
/// padding. The gradient of the padding is 0 all the same. Both operands are tracked.
fn functions_with_infinite_gradients<const N: usize>() {
    type S<const N: usize> = Rank2<N, K>;
    let x = rows::<N>(1, -2.0, 2.0, 1e300);
    for padding in [1e300, f64::NAN, f64::INFINITY] {
        let t = rows::<N>(2, 0.1, 0.9, padding);
        agrees!(N, [x: S<N>, t: S<N>;], MseLoss.none(x, t).map(|e| e.sqrt()).mean(), MseLoss.none(x, t).sqrt().mean());
        agrees!(N, [x: S<N>, t: S<N>;], MseLoss.none(x, t).map(|e| e.ln()).sum(), MseLoss.none(x, t).ln().sum());
        agrees!(
            N,
            [x: S<N>, t: S<N>;],
            x.zip(t, |x, t| (x - t).square().sum_axis::<-1>().sqrt()).mean(),
            (x - t).square().sum_axis::<-1>().sqrt().mean()
        );
        agrees!(
            N,
            [x: S<N>, t: S<N>;],
            x.map(|x| x.exp()).zip(t.map(|t| t.ln()), |x, t| x / t).sum(),
            (x.exp() / t.ln()).sum()
        );
    }
}

#[test]
fn no_gradient_leaves_the_padding() {
    functions_with_infinite_gradients::<1>();
    functions_with_infinite_gradients::<3>();
    functions_with_infinite_gradients::<4>();
}

/// The root of each row's loss, which is 0 in the padding: the last step of an epoch left NaN in every parameter.
#[test]
fn training_by_the_roots_of_losses_stays_finite() {
    let data: Vec<([f32; 2], [f32; 2])> = (0..5).map(|i| ([i as f32, 1.0], [1.0, i as f32])).collect();
    let mut net = Linear::<2, 2>::new(&mut Rng::seed(0));
    let mut sgd = Sgd::new(0.01);
    for Batch { data: (x, y), .. } in data.batches::<4>().epoch(&mut Rng::seed(1)) {
        MseLoss.none(net.train(x), &y).mean_axis::<-1>().map(|each| each.sqrt()).mean().backward();
        sgd.step(&mut net);
    }
    assert!(net.weight.value().as_slice().iter().chain(net.bias.value().as_slice()).all(|w| w.is_finite()));
}

/// A loss that the library does not have.
#[test]
fn a_user_written_loss_is_that_of_the_real_rows() {
    let x = Param::new(Tensor::from([[1.0, 2.0], [3.0, 4.0], [1e300, 0.0]]));
    let t = PaddedBatch::new(Tensor::from([[0.0, 0.0], [1.0, 1.0], [0.0, 0.0]]), 2);
    let each = PaddedBatch::new(x.track(), 2).zip(&t, |x, t| (x - t).powi(2).sum_axis::<-1>());
    assert_eq!(each.real_elements(), [5.0, 13.0]);
    assert_eq!(each.mean().backward(), 9.0);
    assert_eq!(x.grad().unwrap(), Tensor::from([[1.0, 2.0], [2.0, 3.0], [0.0, 0.0]]));
}

#[test]
fn every_metric_counts_the_real_rows() {
    let scores = PaddedBatch::new(Tensor::from([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7], [f64::NAN, 0.0]]), 3);
    let labels = PaddedBatch::new(Tensor::from([1, 1, 0, 77]), 3);
    let (tops, right) = (scores.argmax_axis::<-1>(), 1.0 / 3.0);
    assert_eq!(tops.accuracy(&labels), right);
    assert_eq!(tops.eq(&labels).count_nonzero().item(), 1);
    assert_eq!(scores.topk_accuracy::<1, _>(&labels), right);
    assert_eq!(scores.topk_accuracy::<2, _>(&labels), 1.0);
    let mut confusion = ConfusionMatrix::<2>::new();
    confusion.update(&tops, &labels);
    assert_eq!(confusion.counts(), &[[0, 1], [1, 1]]);
    let yes = PaddedBatch::new(Tensor::from([0.1, 0.4, 0.3, f64::NAN]), 3);
    let mut auroc = Auroc::new();
    auroc.update(&yes, &PaddedBatch::new(Tensor::from([0, 1, 0, 77]), 3));
    assert_eq!(auroc.value(), 1.0);
    let mut regression = Regression::new();
    regression.update(&yes, &PaddedBatch::new(Tensor::from([0.1, 1.4, 0.3, 0.0]), 3));
    assert_eq!(regression.count(), 3);
    assert!((regression.mse() - 1.0 / 3.0).abs() < 1e-15);
}

#[test]
#[should_panic(
    expected = "a batch with 3 real rows is combined with one with 2: they are from different batches"
)]
fn batches_of_two_lengths_do_not_meet() {
    let x = PaddedBatch::new(Tensor::from([1.0, 2.0, 3.0, 4.0]), 3);
    let _ = x.mse_loss(PaddedBatch::new(Tensor::from([1.0, 2.0, 3.0, 4.0]), 2));
}

/// Tokens without targets reach an embedding as they are.
#[test]
fn inputs_of_the_padding_are_not_overwritten() {
    let rows = TensorRows::<Rank1<4>, i64>::try_from((0..20).collect::<Vec<i64>>()).unwrap();
    let words = Embedding::<20, 8>::new(&mut Rng::seed(0));
    let mut seen = 0;
    for batch in rows.batches::<4>().in_order() {
        assert_eq!(batch.data.clone().map(|tokens| tokens.one_hot::<20>()).real_elements().len() % 80, 0);
        seen += words.infer(batch.data).real_rows().len();
    }
    assert_eq!(seen, 5);
}

#[test]
fn float_targets_count_once() {
    let x = Tensor::<Rank2<5, 1>>::zeros();
    let y = Tensor::from([[0.0_f32], [0.0], [0.0], [0.0], [10.0]]);
    let (mut mean, mut errors) = (Mean::new(), Regression::new());
    for Batch { data: (p, y), rows, .. } in TensorDataset::new(x, y).batches::<4>().in_order() {
        errors.update(&p, &y);
        mean.update(p.mse_loss(y).item(), rows.len());
    }
    assert_eq!((mean.value(), errors.mse()), (20.0, 20.0));
}

/// Each kind of label goes through an epoch with a last batch of one row.
#[test]
fn no_loss_panics_at_the_end_of_an_epoch() {
    let examples: Vec<([f32; 3], i64, i64, [f32; 3])> =
        (0..5).map(|i| ([i as f32; 3], i % 3, 1 - 2 * (i % 2), [0.5; 3])).collect();
    let net = Linear::<3, 3>::new(&mut Rng::seed(0));
    let mut ends = Vec::new();
    for Batch { data: (x, class, sign, t), .. } in examples.batches::<4>().epoch(&mut Rng::seed(1)) {
        let first = || net.train(x.clone()).map(|y| y.select_at::<1, 0>());
        ends.push([
            net.train(x.clone()).cross_entropy(&class).backward(),
            net.train(x.clone()).multi_margin_loss(&class).backward(),
            net.train(x.clone()).log_softmax::<-1>().nll_loss(&class).backward(),
            net.train(x.clone()).cosine_embedding_loss(&t, &sign).backward(),
            first().soft_margin_loss(&sign).backward(),
            first().hinge_embedding_loss(&sign).backward(),
            first().margin_ranking_loss(first(), &sign).backward(),
            net.train(x.clone()).binary_cross_entropy_with_logits(&t).backward(),
            net.train(x.clone())
                .mse_loss(class.map(|class| {
                    let hot = class.one_hot::<3>();
                    Tensor::<Rank2<4, 3>>::from_fn(|i| hot.as_slice()[i] as f32)
                }))
                .backward(),
        ]);
    }
    assert_eq!(ends.len(), 2);
    assert!(ends.iter().flatten().all(|loss| loss.is_finite()));
}

/// Training on padded batches and on the batches of PyTorch, of which the last is smaller.
#[test]
fn training_is_that_with_a_smaller_last_batch() {
    let rng = &mut Rng::seed(3);
    let x = Tensor::<Rank2<11, 3>, f64>::randn(rng);
    let y = Tensor::<Rank2<11, 2>, f64>::randn(rng);
    let train = TensorDataset::new(x, y).batches::<4>();
    type Net = (Linear<3, 5, f64>, Tanh, Linear<5, 2, f64>);
    let (mut padded, mut plain) = (Net::new(&mut Rng::seed(4)), Net::new(&mut Rng::seed(4)));
    let (mut sgd, mut sgd2) = (Sgd::new(0.1), Sgd::new(0.1));
    for seed in 0..5 {
        for Batch { data: (x, y), .. } in train.epoch(&mut Rng::seed(seed)) {
            padded.zero_grad();
            padded.train(x).mse_loss(&y).backward();
            sgd.step(&mut padded);
        }
        let mut epoch = train.epoch(&mut Rng::seed(seed));
        for Batch { data: (x, y), .. } in epoch.full() {
            plain.zero_grad();
            plain.train(x).mse_loss(&y).backward();
            sgd2.step(&mut plain);
        }
        let (x, y) = epoch.rest::<3>().unwrap().data;
        plain.zero_grad();
        plain.train(x).mse_loss(&y).backward();
        sgd2.step(&mut plain);
    }
    close(padded.0.weight.value().as_slice(), plain.0.weight.value().as_slice());
    close(padded.2.bias.value().as_slice(), plain.2.bias.value().as_slice());
}

#[test]
fn ctc_counts_the_real_rows() {
    let rng = &mut Rng::seed(7);
    let x = Tensor::<Rank3<5, 6, 3>, f64>::randn(rng);
    let y = Tensor::<Rank2<5, 2>, i64>::randint(1, 4, rng);
    let net = Linear::<3, 4, f64>::new(&mut Rng::seed(1));
    let whole = CtcLoss::new()
        .sum(net.train(x.clone()).log_softmax::<-1>().transpose::<0, 1>(), &y, &[6; 5], &[2; 5])
        .backward();
    let expected = net.weight.grad().unwrap();
    net.zero_grad();
    let mut total = 0.0;
    for Batch { data: (x, y), .. } in TensorDataset::new(x, y).batches::<4>().in_order() {
        let losses = net.train(x).zip(&y, |scores, y| {
            CtcLoss::new().none(scores.log_softmax::<-1>().transpose::<0, 1>(), y, &[6; 4], &[2; 4])
        });
        total += losses.sum().backward();
    }
    assert!((total - whole).abs() < 1e-12 * whole, "{total} is not {whole}");
    assert!(net.weight.grad().unwrap().allclose_with(expected, 1e-12, 1e-14, false));
}

/// Shards of a loss whose mean is not over rows: of the sums, each with its share, the whole is that of all rows at once.
#[test]
fn shards_of_sums_are_the_whole_with_weights_and_ignored_labels() {
    const N: usize = 21;
    let rng = &mut Rng::seed(8);
    let x = Tensor::<Rank2<N, 3>, f64>::randn(rng);
    let y = Tensor::<Rank1<N>, i64>::from_fn(|i| if i % 5 == 1 { -100 } else { i as i64 % 3 });
    let mut net = Linear::<3, 3, f64>::new(rng);
    let criterion = CrossEntropyLoss::new().weight(Tensor::from([1.0, 0.2, 3.0]));
    let whole = criterion.sum(net.train(x.clone()), &y).backward();
    let expected = net.weight.grad().unwrap();
    net.zero_grad();
    let (mut total, mut sum) = (0.0, Tensor::<Rank2<3, 3>, f64>::zeros());
    for shards in TensorDataset::new(x, y).batches::<4>().shards::<2>().epoch(rng) {
        let rows = shards.iter().map(|shard| shard.rows.len()).sum::<usize>() as f64;
        net.zero_grad();
        let mean =
            DataParallel::new(2).backward(&mut net, shards, |net, Batch { data: (x, y), rows, .. }| {
                (criterion.sum(net.train(x), &y) * (1.0 / rows.len() as f64)).backward()
            });
        total += mean * rows;
        sum += net.weight.grad().unwrap() * rows;
    }
    close(&[total], &[whole]);
    close(sum.as_slice(), expected.as_slice());
}
