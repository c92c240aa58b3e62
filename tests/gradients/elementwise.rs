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
        Selu, X;
        Celu, X;
        Hardshrink, X;
        Softshrink, X, |layer| layer.lambd(0.25);
        LeakyRelu, X, |layer| layer.negative_slope(0.25);
        Elu, X, |layer| layer.alpha(0.5);
        Softplus, X, |layer| layer.beta(2.0).threshold(1.0);
    }
}

#[test]
fn glu_and_prelu() {
    layers! { Train:
        Glu, Rank2<3, 6>;
        Glu<0>, Rank3<2, 3, 2>;
        PRelu<1, f64>, Rank2<3, 4>;
        PRelu<3, f64>, Rank4<2, 3, 2, 2>;
    }
}
