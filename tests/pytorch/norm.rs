//! Normalizations.

use crate::fixture::{Cases, check, layer};
use typegrad::nn::{NoAffine, NoBias, WithoutBias};
use typegrad::prelude::*;

#[test]
fn norm() {
    let mut cases = Cases::of("norm");
    normalize(&mut cases);
    rows(&mut cases);
    groups(&mut cases);
    batches(&mut cases);
    functional(&mut cases);
    instances(&mut cases);
    several_axes(&mut cases);
    cases.finish();
}

fn normalize(cases: &mut Cases) {
    check!(cases, "normalize/first", |x: Rank3<2, 3, 4>| x.normalize::<0>());
    check!(cases, "normalize/zeros", |x: Rank2<5, 3>| x.normalize::<-1>());
    check!(cases, "normalize/last", |x: Rank2<2, 3>| x.normalize::<-1>());
    check!(cases, "normalize/first_of_two", |x: Rank2<2, 3>| x.normalize::<0>());
    check!(cases, "normalize/zeros_of_two", |x: Rank2<2, 2>| x.normalize::<-1>());
}

fn rows(cases: &mut Cases) {
    layer!(cases, "layer_norm/matrix", train, LayerNorm<5, E>, Rank2<4, 5>);
    layer!(cases, "layer_norm/vector", train, LayerNorm<6, E>, Rank1<6>);
    layer!(cases, "layer_norm/sequence", train, LayerNorm<10, E>, Rank3<2, 3, 10>);
    layer!(cases, "layer_norm/eps", train, LayerNorm<3, E>, Rank2<4, 3>, |layer| layer.eps(0.5));
    layer!(cases, "layer_norm/no_bias", train, NoBias<LayerNorm<3, E>>, Rank2<4, 3>);
    layer!(cases, "layer_norm/plain", train, NoAffine<LayerNorm<3, E>>, Rank3<2, 2, 3>);
    layer!(cases, "layer_norm/eval", eval, LayerNorm<3, E>, Rank2<4, 3>);
    layer!(cases, "rms_norm/matrix", train, RmsNorm<5, E>, Rank2<4, 5>);
    layer!(cases, "rms_norm/sequence", train, RmsNorm<9, E>, Rank3<2, 3, 9>);
    layer!(cases, "rms_norm/eps", train, RmsNorm<3, E>, Rank2<4, 3>, |layer| layer.eps(0.5));
    layer!(cases, "rms_norm/plain", train, NoAffine<RmsNorm<3, E>>, Rank2<4, 3>);
}

fn groups(cases: &mut Cases) {
    layer!(cases, "group_norm/images", train, GroupNorm<2, 4, E>, Rank4<2, 4, 3, 2>);
    layer!(cases, "group_norm/sequence", train, GroupNorm<3, 6, E>, Rank3<2, 6, 5>);
    layer!(cases, "group_norm/features", train, GroupNorm<2, 6, E>, Rank2<3, 6>);
    layer!(cases, "group_norm/instance", train, GroupNorm<3, 3, E>, Rank4<2, 3, 2, 2>);
    layer!(cases, "group_norm/one_group", train, GroupNorm<1, 3, E>, Rank4<1, 3, 3, 3>, |layer| layer.eps(0.1));
    layer!(cases, "group_norm/no_bias", train, NoBias<GroupNorm<2, 4, E>>, Rank3<2, 4, 3>);
    layer!(cases, "group_norm/plain", train, NoAffine<GroupNorm<2, 4, E>>, Rank3<2, 4, 3>);
}

fn batches(cases: &mut Cases) {
    layer!(cases, "batch_norm1d/features_train", train, BatchNorm1d<3, E>, Rank2<5, 3>);
    layer!(cases, "batch_norm1d/features_eval", eval, BatchNorm1d<3, E>, Rank2<5, 3>);
    layer!(cases, "batch_norm1d/sequence_train", train, BatchNorm1d<3, E>, Rank3<2, 3, 5>);
    layer!(cases, "batch_norm1d/sequence_eval", eval, BatchNorm1d<3, E>, Rank3<2, 3, 5>);
    layer!(cases, "batch_norm2d/images_train", train, BatchNorm2d<3, E>, Rank4<2, 3, 3, 4>);
    layer!(cases, "batch_norm2d/images_eval", eval, BatchNorm2d<3, E>, Rank4<2, 3, 3, 4>);
    layer!(cases, "batch_norm2d/plain_train", train, NoAffine<BatchNorm2d<2, E>>, Rank4<2, 2, 2, 2>);
    layer!(cases, "batch_norm2d/plain_eval", eval, NoAffine<BatchNorm2d<2, E>>, Rank4<2, 2, 2, 2>);
    layer!(cases, "batch_norm1d/one_example", train, BatchNorm1d<3, E>, Rank3<1, 3, 6>);
    layer!(cases, "batch_norm1d/eval_one_value", eval, BatchNorm1d<3, E>, Rank2<1, 3>);
    layer!(cases, "batch_norm1d/no_bias", train, NoBias<BatchNorm1d<3, E>>, Rank2<5, 3>);
    layer!(cases, "batch_norm1d/options", train, BatchNorm1d<3, E>, Rank2<5, 3>, |layer| layer.eps(0.5).momentum(0.3));
    layer!(cases, "batch_norm1d/mean_of_all", train, BatchNorm1d<3, E>, Rank2<5, 3>, |layer| layer.momentum(None));
    layer!(cases, "batch_norm1d/twice", train, Twice<E>, Rank2<5, 3>);
}

/// A layer that is run on its own output.
struct Twice<E>(BatchNorm1d<3, E>);

impl<E: Float> Module for Twice<E> {
    fn visit<'a, V: typegrad::nn::Visitor<'a>>(&'a self, visitor: &mut V) {
        self.0.visit(visitor);
    }
    fn visit_mut<'a, V: typegrad::nn::VisitorMut<'a>>(&'a mut self, visitor: &mut V) {
        self.0.visit_mut(visitor);
    }
}

impl<E: Float> Init for Twice<E> {
    fn new(rng: &mut Rng) -> Self {
        Twice(BatchNorm1d::new(rng))
    }
}

impl<const B: usize, E: Float> Forward<Rank2<B, 3>, E> for Twice<E> {
    type Output = Rank2<B, 3>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 3>, M, E>) -> impl Traced<Rank2<B, 3>, M, E> {
        let x = self.0.call(x);
        self.0.call(x)
    }
}

fn functional(cases: &mut Cases) {
    check!(cases, "layer_norm/function", |x: Rank3<2, 4, 3>, w: Rank1<3>, b: Rank1<3>| x
        .layer_norm(w, b, 1e-3));
    check!(cases, "layer_norm/function_weight", |x: Rank2<4, 3>, w: Rank1<3>| x.layer_norm(w, (), 1e-5));
    check!(cases, "layer_norm/function_bias", |x: Rank2<4, 3>, b: Rank1<3>| x.layer_norm((), b, 1e-5));
    check!(cases, "layer_norm/function_plain", |x: Rank2<4, 3>| x.layer_norm((), (), 1e-5));
    check!(cases, "rms_norm/function", |x: Rank2<4, 3>, w: Rank1<3>| x.rms_norm(w, None));
    check!(cases, "rms_norm/function_plain", |x: Rank3<2, 2, 3>| x.rms_norm((), 0.5));
    check!(cases, "group_norm/function", |x: Rank4<2, 6, 2, 2>, w: Rank1<6>, b: Rank1<6>| {
        x.group_norm::<2, _, _>(w, b, 1e-5)
    });
    check!(cases, "group_norm/function_plain", |x: Rank2<3, 6>| x.group_norm::<3, _, _>((), (), 0.1));
    check!(cases, "group_norm/function_instance", |x: Rank3<2, 3, 4>, w: Rank1<3>, b: Rank1<3>| {
        x.group_norm::<3, _, _>(w, b, 1e-5)
    });
    let statistics = ([0.5, -1.0, 0.25], [2.0, 0.5, 1.0]);
    check!(cases, "batch_norm/function", |x: Rank4<2, 3, 2, 2>, w: Rank1<3>, b: Rank1<3>| {
        let (mean, variance) = (statistics.0.map(|x| x as E), statistics.1.map(|x| x as E));
        x.batch_norm(&Tensor::from(mean), &Tensor::from(variance), w, b, 1e-5)
    });
    check!(cases, "batch_norm/function_plain", |x: Rank2<4, 3>| {
        let (mean, variance) = (statistics.0.map(|x| x as E), statistics.1.map(|x| x as E));
        x.batch_norm(&Tensor::from(mean), &Tensor::from(variance), (), (), 0.5)
    });
}

fn instances(cases: &mut Cases) {
    layer!(cases, "instance_norm1d/signals", train, InstanceNorm1d<3>, Rank3<2, 3, 5>);
    layer!(cases, "instance_norm2d/images", train, InstanceNorm2d<2>, Rank4<2, 2, 3, 4>, |layer| layer.eps(0.1));
}

fn several_axes(cases: &mut Cases) {
    layer!(cases, "layer_norm/several_axes", train, ShapedLayerNorm<Rank2<3, 2>, E>, Rank4<2, 4, 3, 2>);
    type Plain<E> = ShapedLayerNorm<Rank2<3, 2>, E, WithoutBias, WithoutBias>;
    layer!(cases, "layer_norm/all_axes", train, Plain<E>, Rank2<3, 2>, |layer| layer.eps(0.1));
}
