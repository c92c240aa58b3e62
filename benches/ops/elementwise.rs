use crate::harness::{Bench, Work};
use typegrad::prelude::*;

type Few = Rank2<7, 333>;
type Many = Rank2<1001, 333>;
const FEW: usize = 7 * 333;
const MANY: usize = 1001 * 333;
/// Operations of an exponential, a logarithm or the like, by a polynomial.
const CURVE: usize = 16;

pub fn rows(b: &Bench) {
    arithmetic(b);
    select(b);
    functions_of_vector_math(b);
    more(b);
    masks(b);
    pieces(b);
}

fn arithmetic(b: &Bench) {
    row!(b, "elementwise/add/7x333", FEW, f32, [x: randn Few, y: randn Few], x + y);
    row!(b, "elementwise/add/1001x333", MANY, f32, [x: randn Many, y: randn Many], x + y);
    row!(b, "elementwise/add_row/1001x333", MANY, f32, [x: randn Many, y: randn Rank1<333>], x + y);
    row!(b, "elementwise/add_column/1001x333", MANY, f32, [x: randn Many, y: randn Rank2<1001, 1>], x + y.expand());
    row!(b, "elementwise/mul/1001x333/f64", MANY, f64, [x: randn Many, y: randn Many], x * y);
    row!(b, "elementwise/div/1001x333", MANY, f32, [x: randn Many, y: randn Many], x / y);
    row!(b, "elementwise/mul_number/1001x333", MANY, f32, [x: randn Many], x * 0.5);
    row!(b, "elementwise/neg/1001x333", MANY, f32, [x: randn Many], -x);
    row!(b, "elementwise/square/1001x333", MANY, f32, [x: randn Many], x.square());
}

fn select(b: &Bench) {
    row!(b, "elementwise/relu/7x333", FEW, f32, [x: randn Few], x.relu());
    row!(b, "elementwise/relu/1001x333", MANY, f32, [x: randn Many], x.relu());
    row!(b, "elementwise/relu/1001x333/f64", MANY, f64, [x: randn Many], x.relu());
    row!(b, "elementwise/leaky_relu/1001x333", MANY, f32, [x: randn Many], x.leaky_relu(0.01));
    row!(b, "elementwise/clamp/1001x333/f64", MANY, f64, [x: randn Many], x.clamp(-0.5, 0.5));
    row!(b, "elementwise/abs/1001x333", MANY, f32, [x: randn Many], x.abs());
    row!(b, "elementwise/maximum/1001x333", MANY, f32, [x: randn Many, y: randn Many], x.maximum(y));
    let mask = Tensor::<Many>::randn(&mut Rng::seed(2)).gt(0.0);
    row!(b, "elementwise/where_/1001x333", MANY, f32, [x: randn Many, y: randn Many], x.where_(&mask, y));
    row!(b, "elementwise/masked_fill/1001x333", MANY, f32, [x: randn Many], x.masked_fill(&mask, 0.0));
    forward_row!(b, "elementwise/lt/1001x333", MANY, f32, [x: randn Many, y: randn Many], x.lt(y));
    forward_row!(b, "elementwise/floor/1001x333", MANY, f32, [x: randn Many], x.floor());
}

fn functions_of_vector_math(b: &Bench) {
    row!(b, "elementwise/exp/7x333", CURVE * FEW, f32, [x: randn Few], x.exp());
    row!(b, "elementwise/exp/1001x333", CURVE * MANY, f32, [x: randn Many], x.exp());
    row!(b, "elementwise/exp/1001x333/f64", CURVE * MANY, f64, [x: randn Many], x.exp());
    row!(b, "elementwise/ln/1001x333", CURVE * MANY, f32, [x: rand Many], x.ln());
    row!(b, "elementwise/ln/1001x333/f64", CURVE * MANY, f64, [x: rand Many], x.ln());
    row!(b, "elementwise/sqrt/1001x333", MANY, f32, [x: rand Many], x.sqrt());
    row!(b, "elementwise/powf/1001x333", 2 * CURVE * MANY, f32, [x: rand Many], x.powf(2.5));
    row!(b, "elementwise/sin/1001x333", CURVE * MANY, f32, [x: randn Many], x.sin());
    row!(b, "elementwise/tanh/7x333", CURVE * FEW, f32, [x: randn Few], x.tanh());
    row!(b, "elementwise/tanh/1001x333", CURVE * MANY, f32, [x: randn Many], x.tanh());
    row!(b, "elementwise/tanh/1001x333/f64", CURVE * MANY, f64, [x: randn Many], x.tanh());
    row!(b, "elementwise/sigmoid/1001x333", CURVE * MANY, f32, [x: randn Many], x.sigmoid());
    row!(b, "elementwise/erf/1001x333/f64", CURVE * MANY, f64, [x: randn Many], x.erf());
    row!(b, "elementwise/gelu/7x333", CURVE * FEW, f32, [x: randn Few], x.gelu());
    row!(b, "elementwise/gelu/1001x333", CURVE * MANY, f32, [x: randn Many], x.gelu());
    row!(b, "elementwise/gelu/1001x333/f64", CURVE * MANY, f64, [x: randn Many], x.gelu());
    row!(b, "elementwise/gelu_tanh/1001x333", CURVE * MANY, f32, [x: randn Many], x.gelu_tanh());
    row!(b, "elementwise/silu/1001x333", CURVE * MANY, f32, [x: randn Many], x.silu());
    row!(b, "elementwise/softplus/1001x333", 2 * CURVE * MANY, f32, [x: randn Many], x.softplus(1.0, 20.0));
    row!(b, "elementwise/elu/1001x333", CURVE * MANY, f32, [x: randn Many], x.elu(1.0));
}

/// Operations with a loop of their own that are less common.
fn more(b: &Bench) {
    row!(b, "elementwise/log1p/1001x333", CURVE * MANY, f32, [x: rand Many], x.log1p());
    row!(b, "elementwise/expm1/1001x333", CURVE * MANY, f32, [x: randn Many], x.expm1());
    row!(b, "elementwise/tan/1001x333", CURVE * MANY, f32, [x: randn Many], x.tan());
    row!(b, "elementwise/atan/1001x333", CURVE * MANY, f32, [x: randn Many], x.atan());
    row!(b, "elementwise/asin/1001x333", CURVE * MANY, f32, [x: rand Many], x.asin());
    row!(b, "elementwise/sinh/1001x333", CURVE * MANY, f32, [x: randn Many], x.sinh());
    row!(b, "elementwise/asinh/1001x333", CURVE * MANY, f32, [x: randn Many], x.asinh());
    row!(b, "elementwise/erfc/1001x333", CURVE * MANY, f32, [x: randn Many], x.erfc());
    row!(b, "elementwise/atan2/1001x333", CURVE * MANY, f32, [x: randn Many, y: randn Many], x.atan2(y));
    row!(b, "elementwise/rsqrt/1001x333", MANY, f32, [x: rand Many], x.rsqrt());
    row!(b, "elementwise/reciprocal/1001x333", MANY, f32, [x: randn Many], x.reciprocal());
    row!(b, "elementwise/powi/1001x333", 2 * MANY, f32, [x: randn Many], x.powi(3));
    row!(b, "elementwise/powi_5/1001x333", 4 * MANY, f32, [x: randn Many], x.powi(5));
    row!(b, "elementwise/pow/1001x333", 2 * CURVE * MANY, f32, [x: rand Many, y: rand Many], x.pow(y));
    row!(b, "elementwise/hardswish/1001x333", 4 * MANY, f32, [x: randn Many], x.hardswish());
    row!(b, "elementwise/mish/1001x333", 2 * CURVE * MANY, f32, [x: randn Many], x.mish());
    row!(b, "elementwise/selu/1001x333", CURVE * MANY, f32, [x: randn Many], x.selu());
    row!(b, "elementwise/log_sigmoid/1001x333", 2 * CURVE * MANY, f32, [x: randn Many], x.log_sigmoid());
    row!(b, "elementwise/softsign/1001x333", 2 * MANY, f32, [x: randn Many], x.softsign());
    row!(b, "elementwise/glu_axis1/7x34x333", CURVE * 7 * 17 * 333, f32, [x: randn Rank3<7, 34, 333>], x.glu::<1>());
    row!(b, "elementwise/prelu/7x33x333", 33 * FEW, f32, [x: randn Rank3<7, 33, 333>, w: randn Rank1<33>], x.prelu(w));
    row!(b, "elementwise/lerp/1001x333", 2 * MANY, f32, [x: randn Many, y: randn Many], x.lerp(y, 0.3));
    row!(b, "elementwise/logaddexp/1001x333", 2 * CURVE * MANY, f32, [x: randn Many, y: randn Many], x.logaddexp(y));
    row!(b, "elementwise/xlogy/1001x333", CURVE * MANY, f32, [x: rand Many, y: rand Many], x.xlogy(y));
    row!(b, "elementwise/remainder/1001x333", 4 * MANY, f32, [x: randn Many, y: randn Many], x.remainder(y));
    forward_row!(b, "elementwise/round/1001x333", MANY, f32, [x: randn Many], x.round());
    forward_row!(b, "elementwise/round_with/1001x333", 3 * MANY, f32, [x: randn Many], x.round_with(2));
}

/// Masks, and elements of other types.
fn masks(b: &Bench) {
    forward_row!(b, "elementwise/isnan/1001x333", MANY, f32, [x: randn Many], x.isnan());
    forward_row!(b, "elementwise/isclose/1001x333", 4 * MANY, f32, [x: randn Many, y: randn Many], x.isclose(y));
    forward_row!(b, "elementwise/logical_and/1001x333", MANY, f32, [x: randn Many, y: randn Many], x.logical_and(y));
    forward_row!(b, "elementwise/logical_not/1001x333", MANY, f32, [x: randn Many], x.logical_not());
    let [p, q] = [2, 3].map(|seed| Tensor::<Many>::randn(&mut Rng::seed(seed)).gt(0.0));
    let work = Work { operations: 0, bytes: 3 * MANY, size: 1 };
    b.forward("elementwise/logical_and_of_masks/1001x333", &[1001, 333], work, || &p & &q);
    row!(b, "elementwise/to_f64/1001x333", MANY, f32, [x: randn Many], x.to::<f64>());
    row!(b, "elementwise/to_f32/1001x333/f64", MANY, f64, [x: randn Many], x.to::<f32>());
    forward_row!(b, "elementwise/to_i64/1001x333", MANY, f32, [x: randn Many], x.to::<i64>());
    let work = Work { operations: 0, bytes: 5 * MANY, size: 4 };
    b.forward("elementwise/to_f32_of_mask/1001x333", &[1001, 333], work, || p.clone().to::<f32>());
}

/// Functions in pieces.
fn pieces(b: &Bench) {
    row!(b, "elementwise/nan_to_num/1001x333", 3 * MANY, f32, [x: randn Many], x.nan_to_num());
    row!(b, "elementwise/hardtanh/1001x333", 2 * MANY, f32, [x: randn Many], x.hardtanh(-1.0, 1.0));
    row!(b, "elementwise/hardsigmoid/1001x333", 4 * MANY, f32, [x: randn Many], x.hardsigmoid());
    row!(b, "elementwise/softshrink/1001x333", 3 * MANY, f32, [x: randn Many], x.softshrink(0.5));
    row!(b, "elementwise/threshold/1001x333", MANY, f32, [x: randn Many], x.threshold(0.1, 20.0));
}
