//! Element-wise operations, and their layers.

use crate::fixture::{Cases, check, layer};
use typegrad::prelude::*;

#[test]
fn elementwise() {
    let mut cases = Cases::of("elementwise");
    arithmetic(&mut cases);
    negatives_and_quotients(&mut cases);
    numbers(&mut cases);
    integers(&mut cases);
    exponentials(&mut cases);
    trigonometric(&mut cases);
    signs_and_rounding(&mut cases);
    activations(&mut cases);
    with_arguments(&mut cases);
    pairs(&mut cases);
    corners_of_pairs(&mut cases);
    powers(&mut cases);
    lerp(&mut cases);
    masks(&mut cases);
    chosen(&mut cases);
    layers(&mut cases);
    by_other_names(&mut cases);
    element_types(&mut cases);
    sums_of_powers(&mut cases);
    shrinking(&mut cases);
    gated(&mut cases);
    cases.finish();
}

fn arithmetic(cases: &mut Cases) {
    check!(cases, "add/equal", |a: Rank2<2, 3>, b: Rank2<2, 3>| a + b);
    check!(cases, "add/leading_axis", |a: Rank2<4, 3>, b: Rank1<3>| a + b);
    check!(cases, "add/longer_right", |a: Rank1<3>, b: Rank3<2, 4, 3>| a + b);
    check!(cases, "add/scalar_right", |a: Rank2<2, 3>, b: Rank0| a + b);
    check!(cases, "add/number", |x: Rank1<9>| x + 1.5);
    check!(cases, "add/corners", |a: Rank1<9>, b: Rank1<9>| a + b);
    check!(cases, "add/empty", |a: Rank2<2, 0>, b: Rank2<2, 0>| a + b);
    check!(cases, "add/integers", |x: Rank1<2>; k: Rank2<2, 2> as i64| (x + 1.0, k.clone() + k));
    check!(cases, "mul/equal", |a: Rank2<2, 3>, b: Rank2<2, 3>| a * b);
    check!(cases, "mul/leading_axis", |a: Rank3<2, 2, 3>, b: Rank1<3>| a * b);
    check!(cases, "mul/longer_right", |a: Rank1<3>, b: Rank2<4, 3>| a * b);
    check!(cases, "mul/number", |x: Rank1<9>| x * -2.0);
    check!(cases, "mul/corners", |a: Rank1<9>, b: Rank1<9>| a * b);
    check!(cases, "relu/corners", |x: Rank1<9>| x.relu());
    check!(cases, "relu/matrix", |x: Rank2<3, 4>| x.relu());
    check!(cases, "powi/-2", |x: Rank1<7>| x.powi(-2));
    check!(cases, "powi/-1", |x: Rank1<7>| x.powi(-1));
    check!(cases, "powi/0", |x: Rank1<7>| x.powi(0));
    check!(cases, "powi/1", |x: Rank1<7>| x.powi(1));
    check!(cases, "powi/2", |x: Rank1<7>| x.powi(2));
    check!(cases, "powi/3", |x: Rank1<7>| x.powi(3));
    check!(cases, "powi/0_at_zero", |x: Rank1<2>| x.powi(0));
    check!(cases, "powi/1_at_zero", |x: Rank1<2>| x.powi(1));
    check!(cases, "powi/2_at_zero", |x: Rank1<2>| x.powi(2));
    check!(cases, "powi/3_at_zero", |x: Rank1<2>| x.powi(3));
}

fn negatives_and_quotients(cases: &mut Cases) {
    check!(cases, "neg/corners", |x: Rank1<11>| -x);
    check!(cases, "neg/matrix", |x: Rank2<2, 3>| -x);
    check!(cases, "sub/equal", |a: Rank2<2, 3>, b: Rank2<2, 3>| a - b);
    check!(cases, "sub/leading_axis", |a: Rank3<2, 2, 3>, b: Rank1<3>| a - b);
    check!(cases, "sub/longer_right", |a: Rank1<3>, b: Rank2<2, 3>| a - b);
    check!(cases, "sub/scalar_right", |a: Rank2<2, 3>, b: Rank0| a - b);
    check!(cases, "sub/corners", |a: Rank1<11>, b: Rank1<11>| a - b);
    check!(cases, "div/equal", |a: Rank2<2, 3>, b: Rank2<2, 3>| a / b);
    check!(cases, "div/leading_axis", |a: Rank3<2, 2, 3>, b: Rank1<3>| a / b);
    check!(cases, "div/longer_right", |a: Rank1<3>, b: Rank2<2, 3>| a / b);
    check!(cases, "div/scalar_right", |a: Rank2<2, 3>, b: Rank0| a / b);
    check!(cases, "div/corners", |a: Rank1<11>, b: Rank1<11>| a / b);
}

fn numbers(cases: &mut Cases) {
    check!(cases, "sub/number", |x: Rank1<11>| x - 1.5);
    check!(cases, "div/number", |x: Rank1<11>| x / 1.5);
    check!(cases, "div/zero", |x: Rank1<11>| x / 0.0);
    check!(cases, "add/left", |x: Rank1<11>| 1.5 + x);
    check!(cases, "sub/left", |x: Rank1<11>| 1.5 - x);
    check!(cases, "mul/left", |x: Rank1<11>| -1.5 * x);
    check!(cases, "div/left", |x: Rank1<11>| 1.5 / x);
}

fn integers(cases: &mut Cases) {
    check!(cases, "add/of_integers", |x: Rank1<1>; k: Rank2<2, 3> as i64, j: Rank2<2, 3> as i64| (x, k + j));
    check!(cases, "sub/of_integers", |x: Rank1<1>; k: Rank2<2, 3> as i64, j: Rank2<2, 3> as i64| (x, k - j));
    check!(cases, "mul/of_integers", |x: Rank1<1>; k: Rank2<2, 3> as i64, j: Rank2<2, 3> as i64| (x, k * j));
    check!(cases, "neg/of_integers", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, -k));
    check!(cases, "abs/of_integers", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.abs()));
    check!(cases, "sign/of_integers", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.sign()));
    check!(cases, "clamp/of_integers", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.clamp(-1, 2)));
    check!(cases, "clamp_min/of_integers", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.clamp_min(0)));
}

/// A function at the corners of the number line and at ordinary values.
macro_rules! functions {
    ($cases:ident: $($name:ident = $method:ident($($argument:expr),*),)+) => { $(
        check!($cases, concat!(stringify!($name), "/corners"), |x: Rank1<7>| x.$method($($argument),*));
        check!($cases, concat!(stringify!($name), "/values"), |x: Rank1<16>| x.$method($($argument),*));
    )+ };
    ($cases:ident: $($name:ident)+) => {
        functions!($cases: $($name = $name(),)+);
    };
}

fn exponentials(cases: &mut Cases) {
    functions!(cases: exp exp2 expm1 ln log2 log10 log1p sqrt rsqrt square reciprocal);
    check!(cases, "exp/empty", |x: Rank2<2, 0>| x.exp());
}

fn trigonometric(cases: &mut Cases) {
    functions!(cases: sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf erfc);
}

fn signs_and_rounding(cases: &mut Cases) {
    functions!(cases: abs sign floor ceil round trunc frac);
}

fn activations(cases: &mut Cases) {
    functions!(cases: sigmoid log_sigmoid silu mish gelu gelu_tanh relu6 hardsigmoid hardswish);
    check!(cases, "softsign/corners", |x: Rank1<5>| x.softsign());
    check!(cases, "softsign/values", |x: Rank1<16>| x.softsign());
    check!(cases, "sigmoid/scalar", |x: Rank0| x.sigmoid());
}

fn with_arguments(cases: &mut Cases) {
    functions! { cases:
        softplus = softplus(1.0, 20.0),
        softplus_sharp = softplus(2.0, 4.0),
        leaky_relu = leaky_relu(0.01),
        elu = elu(1.5),
        hardtanh = hardtanh(-1.0, 1.0),
        threshold = threshold(0.5, -7.0),
        clamp = clamp(-1.0, 2.5),
        clamp_reversed = clamp(1.0, -1.0),
        clamp_to_nan = clamp(E::NAN, 1.0),
        clip = clip(-3.0, 3.0),
        clamp_min = clamp_min(0.0),
        clamp_max = clamp_max(0.0),
    }
}

/// A function at several pairs of shapes, and at the corners of the number line.
macro_rules! pairs {
    ($cases:ident: $($name:ident)+) => { $(
        check!($cases, concat!(stringify!($name), "/equal"), |a: Rank2<2, 3>, b: Rank2<2, 3>| a.$name(b));
        check!($cases, concat!(stringify!($name), "/leading_axis"), |a: Rank2<2, 3>, b: Rank1<3>| a.$name(b));
        check!($cases, concat!(stringify!($name), "/longer_right"), |a: Rank1<3>, b: Rank2<2, 3>| a.$name(b));
        check!($cases, concat!(stringify!($name), "/stretched"), |a: Rank2<2, 3>, b: Rank2<2, 1>| a.$name(b.expand()));
        check!($cases, concat!(stringify!($name), "/corners"), |a: Rank1<13>, b: Rank1<13>| a.$name(b));
        check!($cases, concat!(stringify!($name), "/corners_exchanged"), |a: Rank1<13>, b: Rank1<13>| a.$name(b));
    )+ };
}

fn pairs(cases: &mut Cases) {
    pairs!(cases: pow atan2 fmod remainder maximum minimum);
}

fn corners_of_pairs(cases: &mut Cases) {
    check!(cases, "fmod/signs", |a: Rank1<6>, b: Rank1<6>| a.fmod(b));
    check!(cases, "remainder/signs", |a: Rank1<6>, b: Rank1<6>| a.remainder(b));
    check!(cases, "fmod/number", |a: Rank1<13>| a.fmod(2.0));
    check!(cases, "remainder/number", |a: Rank1<13>| a.remainder(2.0));
    check!(cases, "maximum/ties", |a: Rank1<3>, b: Rank1<3>| a.maximum(b));
    check!(cases, "minimum/ties", |a: Rank1<3>, b: Rank1<3>| a.minimum(b));
}

fn powers(cases: &mut Cases) {
    check!(cases, "powf/2.0", |x: Rank1<13>| x.powf(2.0));
    check!(cases, "powf/0.5", |x: Rank1<13>| x.powf(0.5));
    check!(cases, "powf/0.0", |x: Rank1<13>| x.powf(0.0));
    check!(cases, "powf/-1.5", |x: Rank1<13>| x.powf(-1.5));
    check!(cases, "powf/3.0", |x: Rank1<13>| x.powf(3.0));
    check!(cases, "pow/number", |x: Rank1<3>| x.pow(2.5));
}

fn lerp(cases: &mut Cases) {
    check!(cases, "lerp/number", |a: Rank2<2, 3>, b: Rank2<2, 3>| a.lerp(b, 0.25));
    check!(cases, "lerp/number_large", |a: Rank2<2, 3>, b: Rank1<3>| a.lerp(b, 0.75));
    check!(cases, "lerp/weights", |a: Rank2<2, 3>, b: Rank2<2, 3>, w: Rank2<2, 3>| a.lerp(b, w));
    check!(cases, "lerp/corners", |a: Rank1<5>, b: Rank1<5>, w: Rank1<5>| a.lerp(b, w));
}

fn masks(cases: &mut Cases) {
    macro_rules! corners {
        ($($name:ident)+) => {
            $( check!(cases, concat!(stringify!($name), "/corners"), |a: Rank1<8>, b: Rank1<8>| a.$name(b)); )+
        };
    }
    corners!(eq ne lt le gt ge logical_and logical_or logical_xor);
    macro_rules! number {
        ($($name:ident)+) => {
            $( check!(cases, concat!(stringify!($name), "/number"), |a: Rank1<8>| a.$name(1.0)); )+
        };
    }
    number!(eq ne lt le gt ge);
    check!(cases, "gt/leading_axis", |a: Rank2<2, 3>, b: Rank1<3>| a.gt(b));
    check!(cases, "logical_not/corners", |x: Rank1<8>| x.logical_not());
    check!(cases, "isnan/corners", |x: Rank1<8>| x.isnan());
    check!(cases, "isinf/corners", |x: Rank1<8>| x.isinf());
    check!(cases, "isfinite/corners", |x: Rank1<8>| x.isfinite());
}

fn chosen(cases: &mut Cases) {
    check!(cases, "where/equal", |a: Rank2<2, 3>, b: Rank2<2, 3>; mask: Rank2<2, 3> as bool| a.where_(mask, b));
    check!(cases, "where/leading_axis", |a: Rank2<2, 3>, b: Rank1<3>; mask: Rank2<2, 3> as bool| a.where_(mask, b));
    check!(cases, "where/mask_of_row", |a: Rank2<2, 3>, b: Rank2<2, 3>; mask: Rank1<3> as bool| a.where_(mask, b));
    check!(cases, "where/number", |a: Rank2<2, 3>; mask: Rank2<2, 3> as bool| a.where_(mask, -7.0));
    check!(cases, "where/corners", |a: Rank1<3>, b: Rank1<3>; mask: Rank1<3> as bool| a.where_(mask, b));
    check!(cases, "masked_fill/equal", |x: Rank2<2, 3>; mask: Rank2<2, 3> as bool| x.masked_fill(mask, -E::INFINITY));
    check!(cases, "masked_fill/row", |x: Rank2<2, 3>; mask: Rank1<3> as bool| x.masked_fill(mask, 0.5));
    check!(cases, "nan_to_num/corners", |x: Rank1<8>| x.nan_to_num());
    check!(cases, "nan_to_num/with", |x: Rank1<8>| x.nan_to_num_with(0.5, 10.0, -10.0));
}

/// The layers of element-wise functions; not `Hardsigmoid`, whose gradient PyTorch rounds to f32.
macro_rules! layers {
    ($cases:ident: $($name:literal $layer:ty $(, |$l:ident| $options:expr)?;)+) => { $(
        layer!($cases, concat!($name, "/layer"), train, $layer, Rank2<3, 4> $(, |$l| $options)?);
    )+ };
}

fn layers(cases: &mut Cases) {
    layers! { cases:
        "relu" Relu;
        "relu6" Relu6;
        "gelu" Gelu;
        "gelu_tanh" GeluTanh;
        "silu" Silu;
        "mish" Mish;
        "sigmoid" Sigmoid;
        "log_sigmoid" LogSigmoid;
        "tanh" Tanh;
        "hardswish" Hardswish;
        "softsign" Softsign;
        "leaky_relu" LeakyRelu;
        "leaky_relu_slope" LeakyRelu, |l| l.negative_slope(0.25);
        "elu" Elu;
        "elu_alpha" Elu, |l| l.alpha(0.5);
        "softplus" Softplus;
        "softplus_beta" Softplus, |l| l.beta(2.0).threshold(1.0);
        "hardtanh" Hardtanh;
        "hardtanh_bounds" Hardtanh, |l| l.min_val(-0.5).max_val(0.25);
        "identity" Identity;
        "selu" Selu;
        "celu" Celu;
        "celu_alpha" Celu, |l| l.alpha(0.5);
        "hardshrink" Hardshrink;
        "softshrink" Softshrink;
        "softshrink_lambd" Softshrink, |l| l.lambd(0.25);
    }
}

fn by_other_names(cases: &mut Cases) {
    check!(cases, "clamp/tensor_bounds", |x: Rank2<2, 3>, low: Rank1<3>, high: Rank2<2, 1>| {
        x.maximum(low).minimum(high.expand())
    });
    check!(cases, "clamp/tensor_and_number", |x: Rank2<2, 3>, low: Rank1<3>| x.maximum(low).minimum(0.7));
    check!(cases, "clamp/tensor_at_bounds", |x: Rank1<4>, low: Rank1<4>, high: Rank1<4>| {
        x.maximum(low).minimum(high)
    });
    check!(cases, "clamp_min/tensor", |x: Rank2<2, 3>, low: Rank1<3>| x.maximum(low));
    check!(cases, "clamp_max/tensor", |x: Rank2<2, 3>, high: Rank1<3>| x.minimum(high));
    check!(cases, "max/two", |a: Rank1<3>, b: Rank1<3>| a.maximum(b));
    check!(cases, "min/two", |a: Rank1<3>, b: Rank1<3>| a.minimum(b));
    check!(cases, "masked_fill/tensor", |x: Rank2<2, 3>, v: Rank0; mask: Rank2<2, 3> as bool| v.where_(mask, x));
    check!(cases, "round_with/1", |x: Rank1<11>| x.round_with(1));
    check!(cases, "round_with/2", |x: Rank1<11>| x.round_with(2));
    check!(cases, "round_with/0", |x: Rank1<11>| x.round_with(0));
    check!(cases, "round_with/-1", |x: Rank1<11>| x.round_with(-1));
    check!(cases, "round_with/-3", |x: Rank1<11>| x.round_with(-3));
}

fn element_types(cases: &mut Cases) {
    check!(cases, "to/double", |x: Rank2<2, 3>| x.double().square().to::<E>());
    check!(cases, "to/float", |x: Rank1<3>| (x.float() * 2.0 + 1.0).to::<E>());
    check!(cases, "to/long", |x: Rank1<4>| {
        let long = x.value().long();
        (x + 0.0, long)
    });
    check!(cases, "to/bool", |x: Rank1<4>| {
        let mask = x.value().bool();
        (x + 0.0, mask)
    });
    check!(cases, "to/from_integers", |x: Rank1<3>; k: Rank1<3> as i64| x * k.to::<E>());
    check!(cases, "to/from_mask", |x: Rank1<3>; mask: Rank1<3> as bool| x * mask.to::<E>());
}

fn sums_of_powers(cases: &mut Cases) {
    check!(cases, "logaddexp/corners", |a: Rank1<12>, b: Rank1<12>| a.logaddexp(b));
    check!(cases, "logaddexp/repeated", |a: Rank2<2, 3>, b: Rank1<3>| a.logaddexp(b));
    check!(cases, "logaddexp2/corners", |a: Rank1<12>, b: Rank1<12>| a.logaddexp2(b));
    check!(cases, "logaddexp2/repeated", |a: Rank2<2, 3>, b: Rank1<3>| a.logaddexp2(b));
    check!(cases, "xlogy/corners", |a: Rank1<12>, b: Rank1<12>| a.xlogy(b));
    check!(cases, "xlogy/repeated", |a: Rank2<2, 3>, b: Rank1<3>| a.xlogy(b));
    check!(cases, "isclose/default", |a: Rank1<7>, b: Rank1<7>| {
        let close = a.isclose(&b.value());
        (a + b, close)
    });
    check!(cases, "isclose/options", |a: Rank1<7>, b: Rank1<7>| {
        let close = a.isclose_with(&b.value(), 0.2, 0.0, true);
        (a + b, close)
    });
    macro_rules! all_close {
        ($($name:literal, $shape:ty;)+) => { $(
            check!(cases, concat!("allclose/", $name), |a: $shape, b: $shape| {
                let close = a.allclose(b.value());
                (a + b, Tensor::from(close))
            });
            check!(cases, concat!("allclose/", $name, "_with"), |a: $shape, b: $shape| {
                let close = a.allclose_with(b.value(), 0.2, 0.0, true);
                (a + b, Tensor::from(close))
            });
        )+ };
    }
    all_close!("near", Rank1<5>; "far", Rank1<7>;);
    check!(cases, "allclose/no_tolerance", |a: Rank1<2>, b: Rank1<2>| {
        let close = a.allclose_with(b.value(), 0.0, 0.0, false);
        (a + b, Tensor::from(close))
    });
}

fn shrinking(cases: &mut Cases) {
    check!(cases, "selu/corners", |x: Rank1<12>| x.selu());
    check!(cases, "selu/random", |x: Rank2<3, 5>| x.selu());
    check!(cases, "celu/corners", |x: Rank1<12>| x.celu(0.75));
    check!(cases, "celu/random", |x: Rank2<3, 5>| x.celu(0.75));
    check!(cases, "hardshrink/corners", |x: Rank1<12>| x.hardshrink(0.5));
    check!(cases, "hardshrink/random", |x: Rank2<3, 5>| x.hardshrink(0.5));
    check!(cases, "softshrink/corners", |x: Rank1<12>| x.softshrink(0.5));
    check!(cases, "softshrink/random", |x: Rank2<3, 5>| x.softshrink(0.5));
}

fn gated(cases: &mut Cases) {
    check!(cases, "glu/first", |x: Rank3<2, 4, 6>| x.glu::<0>());
    check!(cases, "glu/middle", |x: Rank3<2, 4, 6>| x.glu::<1>());
    check!(cases, "glu/last", |x: Rank3<2, 4, 6>| x.glu::<-1>());
    check!(cases, "prelu/one", |x: Rank2<3, 4>, w: Rank1<1>| x.prelu(w));
    check!(cases, "prelu/channels", |x: Rank3<2, 3, 4>, w: Rank1<3>| x.prelu(w));
    check!(cases, "prelu/corners", |x: Rank1<6>, w: Rank1<1>| x.prelu(w));
    layer!(cases, "prelu/layer", train, PRelu<1, E>, Rank2<3, 4>);
    layer!(cases, "prelu/layer_of_channels", train, PRelu<3, E>, Rank4<2, 3, 2, 2>);
    layer!(cases, "glu/layer", train, Glu, Rank2<3, 6>);
}
