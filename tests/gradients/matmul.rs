//! Linear layers, and layers in a row.

use crate::check::layers;
use typegrad::nn::Checkpointed;
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
