//! Layers that are no sequence models.

use crate::check::{layers, parameters};
use typegrad::graph::{Eval, Train};
use typegrad::nn::{Checkpointed, NoAffine};
use typegrad::prelude::*;

#[test]
fn linear_and_arrangements() {
    type Deep = (Linear<3, 3, f64>, Tanh);
    layers! { Train:
        Linear<4, 3, f64>, Rank2<2, 4>;
        Linear<4, 3, f64>, Rank3<2, 2, 4>;
        NoBias<Linear<4, 3, f64>>, Rank1<4>;
        (Linear<4, 5, f64>, Tanh, Linear<5, 2, f64>), Rank2<3, 4>;
        Residual<Deep>, Rank2<2, 3>;
        [Residual<Deep>; 3], Rank2<2, 3>;
        Checkpointed<Deep>, Rank2<2, 3>;
        [Checkpointed<Deep>; 2], Rank2<2, 3>;
        Checkpointed<(Linear<3, 4, f64>, BatchNorm1d<4, f64>, Dropout, Linear<4, 2, f64>)>, Rank2<3, 3>;
        (Flatten, Linear<12, 2, f64>), Rank4<2, 1, 3, 4>;
        (Linear<3, 8, f64>, Unflatten<Rank3<2, 2, 2>>, Flatten), Rank2<2, 3>;
    }
}

#[test]
fn convolutions() {
    layers! { Train:
        Conv1d<2, 3, 3, 1, 0, 1, 1, f64>, Rank3<2, 2, 5>;
        NoBias<Conv1d<4, 6, 2, 2, 2, 2, 2, f64>>, Rank3<2, 4, 5>;
        Conv2d<2, 3, 3, 1, 1, 1, 1, f64>, Rank4<2, 2, 3, 4>;
        NoBias<Conv2d<2, 3, 2, 2, 0, 1, 1, f64>>, Rank4<2, 2, 4, 5>;
        Conv2d<4, 6, 2, 1, 2, 2, 2, f64>, Rank4<1, 4, 3, 3>;
        Conv2d<3, 3, 3, 2, 1, 1, 3, f64>, Rank4<2, 3, 4, 3>;
        Conv2d<2, 3, 1, 1, 0, 1, 1, f64>, Rank4<2, 2, 3, 3>;
        ConvTranspose2d<2, 3, 2, 1, 0, 0, 1, 1, f64>, Rank4<2, 2, 2, 3>;
        ConvTranspose2d<4, 2, 3, 2, 1, 1, 2, 2, f64>, Rank4<1, 4, 2, 2>;
        NoBias<ConvTranspose2d<2, 3, 4, 2, 1, 0, 1, 1, f64>>, Rank4<1, 2, 3, 2>;
    }
}

#[test]
fn pooling() {
    layers! { Train:
        MaxPool1d<2>, Rank3<2, 2, 6>;
        MaxPool1d<3, 1, 1, 2>, Rank3<2, 2, 6>;
        MaxPool2d<2>, Rank4<2, 2, 4, 5>;
        MaxPool2d<3, 2, 1>, Rank4<2, 2, 4, 5>;
        AvgPool1d<2>, Rank3<2, 2, 5>;
        AvgPool2d<2>, Rank4<2, 2, 4, 5>;
        AvgPool2d<3, 2, 1>, Rank4<2, 2, 4, 5>, |pool| pool.count_include_pad(false);
        AdaptiveAvgPool1d<2>, Rank3<2, 2, 5>;
        AdaptiveAvgPool2d<3, 2>, Rank4<2, 2, 5, 3>;
        AdaptiveAvgPool2d<1>, Rank4<2, 2, 3, 4>;
        Upsample<2>, Rank4<2, 2, 2, 3>;
        Upsample<3, BilinearMode>, Rank4<2, 2, 2, 3>;
        Upsample<2, BilinearMode<true>>, Rank4<2, 2, 2, 3>;
    }
}

#[test]
fn normalizations() {
    layers! { Train:
        BatchNorm1d<3, f64>, Rank2<5, 3>;
        BatchNorm1d<3, f64>, Rank3<2, 3, 4>, |norm| norm.eps(0.1).momentum(None);
        NoBias<BatchNorm1d<3, f64>>, Rank2<5, 3>;
        BatchNorm2d<2, f64>, Rank4<2, 2, 3, 2>;
        NoAffine<BatchNorm2d<2, f64>>, Rank4<2, 2, 3, 2>;
        LayerNorm<5, f64>, Rank2<3, 5>;
        NoBias<LayerNorm<4, f64>>, Rank3<2, 2, 4>;
        NoAffine<LayerNorm<9, f64>>, Rank2<2, 9>;
        GroupNorm<2, 4, f64>, Rank4<2, 4, 3, 2>;
        GroupNorm<3, 6, f64>, Rank2<2, 6>;
        NoAffine<GroupNorm<2, 4, f64>>, Rank3<2, 4, 3>;
        RmsNorm<5, f64>, Rank2<3, 5>;
        RmsNorm<9, f64>, Rank3<2, 2, 9>, |norm| norm.eps(0.1);
        NoAffine<RmsNorm<4, f64>>, Rank2<3, 4>;
    }
    layers! { Eval:
        BatchNorm1d<3, f64>, Rank2<5, 3>;
        BatchNorm1d<3, f64>, Rank3<2, 3, 4>;
        BatchNorm2d<2, f64>, Rank4<2, 2, 3, 2>;
        NoAffine<BatchNorm2d<2, f64>>, Rank4<2, 2, 3, 2>;
        LayerNorm<5, f64>, Rank2<3, 5>;
    }
}

/// In training with running statistics that are not those of a new layer.
#[test]
fn a_frozen_batch_norm_lets_the_gradient_through() {
    let norm = BatchNorm2d::<2, f64>::new(&mut Rng::seed(0));
    let _ = norm.sample(Tensor::<Rank4<3, 2, 2, 2>, f64>::randn(&mut Rng::seed(4)) * 3.0);
    crate::check::layer::<Eval, Rank4<2, 2, 3, 2>, _>("after a batch", norm.clone());
    let x = Tensor::<Rank4<2, 2, 3, 2>, f64>::randn(&mut Rng::seed(1));
    let frozen = Frozen::new(norm);
    typegrad::gradcheck(x, |x| frozen.train(x).powi(2).sum()).unwrap();
}

#[test]
fn dropout() {
    layers! { Train:
        Dropout, Rank2<3, 4>;
        Dropout2d, Rank4<3, 4, 2, 2>;
        (Linear<3, 6, f64>, Dropout, Linear<6, 2, f64>), Rank2<3, 3>;
    }
    layers! { Eval: Dropout, Rank2<3, 4>; }
}

#[test]
fn embeddings() {
    let rows = Tensor::from([[4, 0, 2], [2, 2, 1]]);
    let new = || Embedding::<5, 3, f64>::new(&mut Rng::seed(0));
    parameters::<Train, _, _, _>("Embedding", new(), &rows);
    parameters::<Eval, _, _, _>("Embedding in evaluation", new(), &rows);
    // The row of the padding has the gradient 0, whatever the differences say; here it is not looked up.
    parameters::<Train, _, _, _>("Embedding with padding", new().padding_idx(3), &rows);
    let deep = <(Embedding<5, 3, f64>, Linear<3, 2, f64>, Tanh)>::new(&mut Rng::seed(0));
    parameters::<Train, _, _, _>("an Embedding in a row", deep, &rows);
}

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
        Softmax<0>, X;
        LogSoftmax<-1>, X;
    }
}
