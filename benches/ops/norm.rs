use crate::harness::Bench;
use typegrad::prelude::*;

const FEW: usize = 7 * 333;
const MANY: usize = 1001 * 333;
type Images = Rank4<7, 13, 33, 31>;
const IMAGES: usize = 7 * 13 * 33 * 31;

pub fn rows(b: &Bench) {
    layer!(b, "norm/layer_norm/7x333", 7 * FEW, f32, LayerNorm<333>, Rank2<7, 333>);
    layer!(b, "norm/layer_norm/1001x333", 7 * MANY, f32, LayerNorm<333>, Rank2<1001, 333>);
    layer!(b, "norm/layer_norm/1001x333/f64", 7 * MANY, f64, LayerNorm<333, f64>, Rank2<1001, 333>);
    layer!(b, "norm/layer_norm/7x33x65", 7 * 7 * 33 * 65, f32, LayerNorm<65>, Rank3<7, 33, 65>);
    layer!(b, "norm/rms_norm/7x333", 4 * FEW, f32, RmsNorm<333>, Rank2<7, 333>);
    layer!(b, "norm/rms_norm/1001x333", 4 * MANY, f32, RmsNorm<333>, Rank2<1001, 333>);
    layer!(b, "norm/batch_norm1d/1001x333", 7 * MANY, f32, BatchNorm1d<333>, Rank2<1001, 333>);
    layer!(b, "norm/batch_norm2d/7x13x33x31", 7 * IMAGES, f32, BatchNorm2d<13>, Images);
    layer!(b, "norm/batch_norm2d/7x13x33x31/f64", 7 * IMAGES, f64, BatchNorm2d<13, f64>, Images);
    layer!(b, "norm/group_norm_3/7x33x15x17", 7 * 7 * 33 * 15 * 17, f32, GroupNorm<3, 33>, Rank4<7, 33, 15, 17>);
    layer!(b, "norm/instance_norm2d/7x13x33x31", 7 * IMAGES, f32, made InstanceNorm2d::<13>::new(&mut Rng::seed(0)), Images);
    row!(b, "norm/normalize_axis1/1001x333", 3 * MANY, f32, [x: randn Rank2<1001, 333>], x.normalize::<1>());
    row!(b, "norm/normalize_axis0/1001x333", 3 * MANY, f32, [x: randn Rank2<1001, 333>], x.normalize::<0>());
}
