//! Layers of functions of one element.

use crate::check::layers;
use typegrad::prelude::*;

#[test]
fn activations() {
    type X = Rank2<3, 4>;
    layers! { Train:
        Identity, X;
        Relu, X;
        Relu6, X;
        Gelu, X;
        GeluTanh, X;
        Silu, X;
        Mish, X;
        Sigmoid, X;
        LogSigmoid, X;
        Tanh, X;
        Hardsigmoid, X;
        Hardswish, X;
        Hardtanh, X;
        Softsign, X;
        LeakyRelu, X, |layer| layer.negative_slope(0.25);
        Elu, X, |layer| layer.alpha(0.5);
        Softplus, X, |layer| layer.beta(2.0).threshold(1.0);
    }
}
