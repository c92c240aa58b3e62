use crate::harness::{Bench, Work};
use typegrad::prelude::*;

type Few = Rank2<7, 333>;
type Many = Rank2<1001, 333>;
type Cube = Rank3<7, 33, 333>;
const FEW: usize = 7 * 333;
const MANY: usize = 1001 * 333;
const CUBE: usize = 7 * 33 * 333;

pub fn rows(b: &Bench) {
    row!(b, "reduce/sum/7x333", FEW, f32, [x: randn Few], x.sum());
    row!(b, "reduce/sum/1001x333", MANY, f32, [x: randn Many], x.sum());
    row!(b, "reduce/sum/1001x333/f64", MANY, f64, [x: randn Many], x.sum());
    row!(b, "reduce/sum_axis0/7x33x333", CUBE, f32, [x: randn Cube], x.sum_axis::<0>());
    row!(b, "reduce/sum_axis1/7x33x333", CUBE, f32, [x: randn Cube], x.sum_axis::<1>());
    row!(b, "reduce/sum_axis2/7x33x333", CUBE, f32, [x: randn Cube], x.sum_axis::<2>());
    row!(b, "reduce/sum_axis0/1001x333", MANY, f32, [x: randn Many], x.sum_axis::<0>());
    row!(b, "reduce/sum_axis0/1001x333/f64", MANY, f64, [x: randn Many], x.sum_axis::<0>());
    row!(b, "reduce/sum_axes02/7x33x333", CUBE, f32, [x: randn Cube], x.sum_axes::<Axes2<0, 2>>());
    row!(b, "reduce/mean_axis1/1001x333/f64", MANY, f64, [x: randn Many], x.mean_axis::<1>());
    row!(b, "reduce/prod_axis1/1001x333", MANY, f32, [x: rand Many], x.prod_axis::<1>());
    row!(b, "reduce/var_axis0/1001x333", 3 * MANY, f32, [x: randn Many], x.var_axis::<0>());
    row!(b, "reduce/var_axis1/1001x333", 3 * MANY, f32, [x: randn Many], x.var_axis::<1>());
    row!(b, "reduce/std/1001x333", 3 * MANY, f32, [x: randn Many], x.std());
    row!(b, "reduce/std_axis1/1001x333", 3 * MANY, f32, [x: randn Many], x.std_axis::<1>());
    row!(b, "reduce/norm_axis0/1001x333", 2 * MANY, f32, [x: randn Many], x.norm_axis::<0>());
    row!(b, "reduce/norm_axis1/1001x333/f64", 2 * MANY, f64, [x: randn Many], x.norm_axis::<1>());
    row!(b, "reduce/cumsum_axis0/1001x333", MANY, f32, [x: randn Many], x.cumsum::<0>());
    row!(b, "reduce/cumsum_axis1/1001x333", MANY, f32, [x: randn Many], x.cumsum::<1>());
    max_and_min(b);
    softmax(b);
    running(b);
    truths(b);
}

/// Running values, and elements at a place of the order.
fn running(b: &Bench) {
    row!(b, "reduce/cumprod_axis1/1001x333", MANY, f32, [x: rand Many], x.cumprod::<1>());
    row!(b, "reduce/cummax_axis1/1001x333", MANY, f32, [x: randn Many], x.cummax::<1>().0);
    row!(b, "reduce/median_axis1/1001x333", MANY, f32, [x: randn Many], x.median_axis::<1>());
    row!(b, "reduce/median_axis0/1001x333", MANY, f32, [x: randn Many], x.median_axis::<0>());
    row!(b, "reduce/quantile_axis1/1001x333", MANY, f32, [x: randn Many], x.quantile_axis::<1>(0.3));
    row!(b, "reduce/diff_axis0/1001x333", MANY, f32, [x: randn Many], x.diff::<0>());
    row!(b, "reduce/diff_axis1/1001x333", MANY, f32, [x: randn Many], x.diff::<1>());
    row!(b, "reduce/nansum_axis1/1001x333", MANY, f32, [x: randn Many], x.nansum_axis::<1>());
    row!(b, "reduce/trace/333x333", 333, f32, [x: randn Rank2<333, 333>], x.trace());
    forward_row!(b, "reduce/histc/1001x333", MANY, f32, [x: randn Many], x.histc::<33>(-2.0, 2.0));
    forward_row!(b, "reduce/count_nonzero/1001x333", MANY, f32, [x: randn Many], x.count_nonzero());
    forward_row!(b, "reduce/argmin_axis2/7x33x333", CUBE, f32, [x: randn Cube], x.argmin_axis::<2>());
}

fn max_and_min(b: &Bench) {
    row!(b, "reduce/max/1001x333", MANY, f32, [x: randn Many], x.max());
    row!(b, "reduce/max_axis0/7x33x333", CUBE, f32, [x: randn Cube], x.max_axis::<0>());
    row!(b, "reduce/max_axis1/7x33x333", CUBE, f32, [x: randn Cube], x.max_axis::<1>());
    row!(b, "reduce/max_axis2/7x33x333", CUBE, f32, [x: randn Cube], x.max_axis::<2>());
    row!(b, "reduce/max_axis1/1001x333/f64", MANY, f64, [x: randn Many], x.max_axis::<1>());
    row!(b, "reduce/amax_axis1/1001x333", MANY, f32, [x: randn Many], x.amax_axis::<1>());
    forward_row!(b, "reduce/argmax_axis0/1001x333", MANY, f32, [x: randn Many], x.argmax_axis::<0>());
    forward_row!(b, "reduce/argmax_axis1/1001x333", MANY, f32, [x: randn Many], x.argmax_axis::<1>());
}

fn softmax(b: &Bench) {
    row!(b, "reduce/softmax_axis1/7x333", 20 * FEW, f32, [x: randn Few], x.softmax::<1>());
    row!(b, "reduce/softmax_axis1/1001x333", 20 * MANY, f32, [x: randn Many], x.softmax::<1>());
    row!(b, "reduce/softmax_axis0/1001x333", 20 * MANY, f32, [x: randn Many], x.softmax::<0>());
    row!(b, "reduce/softmax_axis1/7x33x333", 20 * CUBE, f32, [x: randn Cube], x.softmax::<1>());
    row!(b, "reduce/softmax_axis1/1001x333/f64", 20 * MANY, f64, [x: randn Many], x.softmax::<1>());
    row!(b, "reduce/log_softmax_axis1/1001x333", 20 * MANY, f32, [x: randn Many], x.log_softmax::<1>());
    row!(b, "reduce/logsumexp_axis1/1001x333", 18 * MANY, f32, [x: randn Many], x.logsumexp_axis::<1>());
    row!(b, "reduce/logsumexp_axis0/1001x333", 18 * MANY, f32, [x: randn Many], x.logsumexp_axis::<0>());
}

/// `all` of ones and `any` of zeros look at every element.
fn truths(b: &Bench) {
    let (ones, zeros) = (Tensor::<Many>::ones(), Tensor::<Many>::zeros());
    let work = Work { operations: MANY, bytes: 4 * MANY, size: 4 };
    b.forward("reduce/all/1001x333", &[1001, 333], work, || ones.all());
    b.forward("reduce/all_axis0/1001x333", &[1001, 333], work, || ones.all_axis::<0>());
    b.forward("reduce/all_axis1/1001x333", &[1001, 333], work, || ones.all_axis::<1>());
    b.forward("reduce/any/1001x333", &[1001, 333], work, || zeros.any());
    let mask = ones.gt(0.5);
    let work = Work { operations: 0, bytes: MANY, size: 1 };
    b.forward("reduce/all_of_mask/1001x333", &[1001, 333], work, || mask.all());
}
