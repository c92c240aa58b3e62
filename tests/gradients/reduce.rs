//! Softmax and its logarithm.

use crate::check::layers;
use typegrad::prelude::*;

#[test]
fn softmax() {
    layers! { Train:
        Softmax<0>, Rank2<3, 4>;
        LogSoftmax<-1>, Rank2<3, 4>;
    }
}
