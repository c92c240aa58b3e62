//! Operations on indices: parts of a tensor are where their definition says, and sums of many picked elements keep their digits.
//! Operations that take a tensor of indices are tested at random values in `src/ops/index`.

use crate::support::as_in_f64::{N, as_in_f64, gradients, of};
use crate::support::compensated;
use proptest::prelude::{any, prop_assert_eq, proptest};
use typegrad::gradcheck;
use typegrad::nn::BagMode;
use typegrad::prelude::*;

proptest! {
    #![proptest_config(crate::cases(16))]

    #[test]
    fn parts_of_a_tensor_are_where_a_loop_finds_them(seed in any::<u64>()) {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(seed));
        let each = |[a, b, c]: [usize; 3], first: [usize; 3]| -> Vec<f64> {
            let at = |n: usize| [n / c / b, n / c % b, n % c];
            let place = |[i, j, k]: [usize; 3]| ((i + first[0]) * 3 + j + first[1]) * 4 + k + first[2];
            (0..a * b * c).map(|n| x.as_slice()[place(at(n))]).collect()
        };
        let start = (seed % 3) as usize;
        prop_assert_eq!(x.clone().narrow::<1, 1, 2>().to_vec(), each([2, 2, 4], [0, 1, 0]));
        prop_assert_eq!(x.clone().narrow_from::<-1, 2>(start).to_vec(), each([2, 3, 2], [0, 0, start]));
        prop_assert_eq!(x.clone().select::<1>(2).to_vec(), each([2, 1, 4], [0, 2, 0]));
        prop_assert_eq!(x.clone().select_at::<0, -1>().to_vec(), each([1, 3, 4], [1, 0, 0]));
        type Checked = typegrad::Checked<Rank3<2, 3, 4>>;
        macro_rules! check {
            ($($f:expr),+ $(,)?) => { $(
                let squared = |x| ($f)(x).powi(2).sum();
                prop_assert_eq!(gradcheck(x.clone(), squared), Ok(()), "{}", stringify!($f));
            )+ };
        }
        check! {
            |x: Checked| x.narrow::<1, 1, 2>(),
            |x: Checked| x.narrow_from::<-1, 2>(start),
            |x: Checked| x.select::<0>(start % 2),
            |x: Checked| x.select_at::<-1, -2>(),
        }
    }
}

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
