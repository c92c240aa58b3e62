//! Normalizations.

use crate::check::layers;
use typegrad::graph::Eval;
use typegrad::nn::{NoAffine, WithoutBias};
use typegrad::prelude::*;

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
        InstanceNorm1d<3>, Rank3<2, 3, 5>;
        InstanceNorm2d<2>, Rank4<2, 2, 3, 4>, |norm| norm.eps(0.1);
        ShapedLayerNorm<Rank2<3, 2>, f64>, Rank4<2, 4, 3, 2>;
        ShapedLayerNorm<Rank2<3, 2>, f64, WithoutBias, WithoutBias>, Rank3<2, 3, 2>;
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
