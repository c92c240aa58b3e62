//! Pooling, upsampling, and the layers without parameters.

use crate::fixture::{Cases, check, layer};
use typegrad::prelude::*;

#[test]
fn pooling() {
    let mut cases = Cases::of("pooling");
    functions(&mut cases);
    layers(&mut cases);
    activations(&mut cases);
    cases.finish();
}

fn functions(cases: &mut Cases) {
    check!(cases, "max_pool1d/plain", |x: Rank3<2, 3, 7>| x.max_pool1d::<2, 2, 0, 1>());
    check!(cases, "max_pool1d/options", |x: Rank3<2, 3, 9>| x.max_pool1d::<3, 2, 1, 2>());
    check!(cases, "max_pool2d/plain", |x: Rank4<2, 2, 4, 5>| x.max_pool2d::<2, 2, 0, 1>());
    check!(cases, "max_pool2d/overlapping", |x: Rank4<2, 2, 5, 4>| x.max_pool2d::<3, 1, 0, 1>());
    check!(cases, "max_pool2d/padded", |x: Rank4<1, 2, 5, 6>| x.max_pool2d::<3, 2, 1, 1>());
    check!(cases, "max_pool2d/dilated", |x: Rank4<1, 2, 6, 5>| x.max_pool2d::<3, 1, 1, 2>());
    check!(cases, "max_pool2d/ties", |x: Rank4<1, 1, 3, 3>| x.max_pool2d::<2, 1, 0, 1>());
    check!(cases, "max_pool2d/nan", |x: Rank4<1, 1, 3, 3>| x.max_pool2d::<2, 1, 0, 1>());
    check!(cases, "max_pool2d/no_batch", |x: Rank4<0, 2, 4, 4>| x.max_pool2d::<2, 2, 0, 1>());
    check!(cases, "avg_pool1d/plain", |x: Rank3<2, 3, 7>| x.avg_pool1d::<2, 2, 0>());
    check!(cases, "avg_pool1d/padded", |x: Rank3<2, 3, 7>| x.avg_pool1d::<3, 2, 1>());
    check!(cases, "avg_pool1d/inside", |x: Rank3<2, 3, 7>| x.avg_pool1d_with::<3, 2, 1>(false));
    check!(cases, "avg_pool2d/plain", |x: Rank4<2, 2, 4, 5>| x.avg_pool2d::<2, 2, 0>());
    check!(cases, "avg_pool2d/padded", |x: Rank4<2, 2, 5, 6>| x.avg_pool2d::<3, 2, 1>());
    check!(cases, "avg_pool2d/inside", |x: Rank4<2, 2, 4, 3>| x.avg_pool2d_with::<3, 1, 1>(false));
    check!(cases, "avg_pool2d/nan", |x: Rank4<1, 1, 3, 3>| x.avg_pool2d::<2, 1, 0>());
    check!(cases, "adaptive_avg_pool1d/plain", |x: Rank3<2, 3, 7>| x.adaptive_avg_pool1d::<3>());
    check!(cases, "adaptive_avg_pool2d/one", |x: Rank4<2, 2, 4, 3>| x.adaptive_avg_pool2d::<1, 1>());
    check!(cases, "adaptive_avg_pool2d/overlapping", |x: Rank4<2, 2, 5, 3>| x.adaptive_avg_pool2d::<3, 2>());
    check!(cases, "adaptive_avg_pool2d/larger", |x: Rank4<1, 2, 2, 3>| x.adaptive_avg_pool2d::<3, 5>());
    check!(cases, "interpolate/nearest", |x: Rank4<2, 2, 2, 4>| x.interpolate::<5, 3, NearestMode>());
    check!(cases, "interpolate/bilinear", |x: Rank4<2, 2, 2, 4>| x.interpolate::<5, 3, BilinearMode>());
    check!(cases, "interpolate/aligned", |x: Rank4<2, 2, 2, 4>| x.interpolate::<5, 3, BilinearMode<true>>());
    check!(cases, "interpolate/one_row", |x: Rank4<1, 2, 3, 2>| x.interpolate::<1, 4, BilinearMode<true>>());
    check!(cases, "interpolate/smaller", |x: Rank4<1, 2, 5, 7>| x.interpolate::<2, 2, BilinearMode>());
    check!(cases, "interpolate/corners", |x: Rank4<1, 1, 1, 2>| x.interpolate::<2, 4, NearestMode>());
}

fn layers(cases: &mut Cases) {
    type Images = Rank4<2, 2, 4, 6>;
    layer!(cases, "layer/max_pool1d", train, MaxPool1d<2>, Rank3<2, 3, 6>);
    layer!(cases, "layer/max_pool2d", train, MaxPool2d<3, 2, 1>, Images);
    layer!(cases, "layer/avg_pool1d", train, AvgPool1d<2>, Rank3<2, 3, 6>);
    layer!(cases, "layer/avg_pool2d", train, AvgPool2d<2, 2, 1>, Images);
    layer!(cases, "layer/avg_pool2d_inside", train, AvgPool2d<3, 2, 1>, Images, |l| l
        .count_include_pad(false));
    layer!(cases, "layer/adaptive_avg_pool1d", train, AdaptiveAvgPool1d<2>, Rank3<2, 3, 5>);
    layer!(cases, "layer/adaptive_avg_pool2d", train, AdaptiveAvgPool2d<3>, Images);
    layer!(cases, "layer/upsample_nearest", train, Upsample<3>, Rank4<1, 2, 2, 3>);
    layer!(cases, "layer/upsample_bilinear", train, Upsample<2, BilinearMode>, Rank4<1, 2, 2, 3>);
    layer!(cases, "layer/upsample_aligned", train, Upsample<2, BilinearMode<true>>, Rank4<1, 2, 2, 3>);
    layer!(cases, "layer/flatten", train, Flatten, Images);
    layer!(cases, "layer/unflatten", train, Unflatten<Rank2<2, 3>>, Rank2<2, 6>);
}

/// The layers of element by element functions, and those along an axis; not `Hardsigmoid`, whose slope PyTorch rounds to f32.
macro_rules! activations {
    ($cases:ident: $($name:literal $layer:ty $(, |$l:ident| $options:expr)?;)+) => { $(
        layer!($cases, concat!("activation/", $name), train, $layer, Rank2<3, 4> $(, |$l| $options)?);
    )+ };
}

fn activations(cases: &mut Cases) {
    activations! { cases:
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
        "softmax" Softmax<0>;
        "log_softmax" LogSoftmax<-1>;
        "identity" Identity;
    }
}
