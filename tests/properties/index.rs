//! Operations on indices: sums of many picked elements keep their digits. At random values they are tested in `src/ops/index`.

use crate::support::as_in_f64::{N, as_in_f64, gradients, of};
use crate::support::compensated;
use typegrad::nn::BagMode;
use typegrad::prelude::*;

/// Gradients of picked elements: an index that was picked more often than all others together, in any order.
#[test]
fn gradients_of_what_was_picked() {
    use compensated::{Exact, N, TERMS, near};

    for (name, term) in TERMS {
        let exact = Exact::of(term, N);
        let upstream = Tensor::<Rank1<N>>::from_fn(term);
        let indices = Tensor::<Rank1<N>, i64>::full(1);
        let p = Param::new(Tensor::<Rank1<3>>::zeros());
        (p.track().index_select::<0, N>(&indices) * &upstream).sum().backward();
        let grad = p.grad().unwrap().to_vec();
        near(name, &grad[1..2], exact.sum, exact.magnitude, 1e-7);
        assert_eq!((grad[0], grad[2]), (0.0, 0.0));
    }
}

#[test]
fn counts_of_classes_and_bags() {
    as_in_f64!("bincount", |f| {
        Tensor::<Rank1<N>, i64>::from_fn(|i| (i % 2) as i64).bincount_with::<3, _>(&of!(Rank1<N>, f)).to_vec()
    });
    let ids = || Tensor::<Rank2<1, N>, i64>::from_fn(|i| (i % 3) as i64);
    for mode in [BagMode::Sum, BagMode::Mean] {
        as_in_f64!("embedding_bag", |f| of!(Rank2<3, 2>, f).embedding_bag(&ids(), mode, None).to_vec());
    }
    let ids = || Tensor::<Rank2<N, 1>, i64>::from_fn(|i| (i % 2) as i64);
    for mode in [BagMode::Sum, BagMode::Mean, BagMode::Max] {
        as_in_f64!("embedding_bag backward", |f| {
            let table = Param::new(of!(Rank2<3, 2>, f));
            gradients!(table.track().embedding_bag(&ids(), mode, None) * of!(Rank2<N, 2>, f); table)
        });
    }
}
