//! Recurrences.

use crate::support::as_in_f64::{N, as_in_f64, gradients, of};
use typegrad::prelude::*;

/// A parameter and a shared tensor in every step.
#[test]
fn gradients_of_recurrences() {
    as_in_f64!("scan", |f| {
        let (w, v) = (Param::new(Tensor::<Rank0, E>::zeros()), Param::new(Tensor::<Rank0, E>::zeros()));
        let xs = of!(Rank1<N>, f);
        let states = v.track().shared(|v| {
            xs.scan(Tensor::<Rank0, E>::zeros(), |h, x| h * 0.0 + x.clone() * &w + x * v.clone())
        });
        gradients!(states; w, v)
    });
}
