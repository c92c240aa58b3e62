//! Sums of many terms inside other reductions keep their digits.

use crate::support::as_in_f64::{N, as_in_f64, gradients, of};
use typegrad::prelude::*;

#[test]
fn sums_of_diagonals_and_gradients_of_running_products() {
    as_in_f64!("trace", |f| of!(Rank2<2048, 2050>, f).trace().to_vec());
    as_in_f64!("cumprod backward", |f| {
        let x = Param::new(Tensor::<Rank1<N>, E>::ones());
        gradients!(x.track().cumprod::<0>() * of!(Rank1<N>, f); x)
    });
}
