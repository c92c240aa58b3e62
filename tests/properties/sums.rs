//! Sums of many terms outside of reductions keep their digits: in `f32` they are those of `f64`.

use typegrad::nn::BagMode;
use typegrad::prelude::*;

/// One after the other, equal terms lose 1e-4 of the sum of so many.
const N: usize = if cfg!(debug_assertions) { 1 << 16 } else { 1 << 18 };
const BOUND: f64 = 5e-6;

const TERMS: [(&str, fn(usize) -> f32); 3] = [
    ("equal", |_| 0.1),
    ("random", |i| (i.wrapping_mul(0x9e37_79b9) % 4096) as f32 / 4096.0),
    ("one huge", |i| if i == 77 { 3e6 } else { 0.1 }),
];

macro_rules! as_in_f64 {
    ($name:literal, |$term:ident| $body:expr) => {
        for (terms, $term) in TERMS {
            let narrow: Vec<f64> = {
                type E = f32;
                let result: Vec<E> = $body;
                result.into_iter().map(f64::from).collect()
            };
            let wide = {
                type E = f64;
                let result: Vec<E> = $body;
                result
            };
            let scale = wide.iter().fold(0.0_f64, |max, x| max.max(x.abs()));
            assert!(scale > 0.0 && narrow.len() == wide.len());
            for (got, want) in narrow.iter().zip(&wide) {
                assert!((got - want).abs() <= BOUND * scale, "{} of {terms}: {got} should be {want}", $name);
            }
        }
    };
}

macro_rules! of {
    ($s:ty, $term:ident) => {
        Tensor::<$s, E>::from_fn(|i| $term(i).into())
    };
}

macro_rules! gradients {
    ($loss:expr; $($p:ident),+) => {{
        $loss.sum().backward();
        [$($p.grad().unwrap().to_vec()),+].concat()
    }};
}

#[test]
fn diagonals_classes_and_bags() {
    as_in_f64!("trace", |f| of!(Rank2<2048, 2050>, f).trace().to_vec());
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

#[test]
fn distances_and_angles() {
    // The rows differ by much, so that differences do not cancel.
    as_in_f64!("cosine_similarity", |f| {
        of!(Rank2<2, N>, f).cosine_similarity::<-1, _>(of!(Rank2<2, N>, f) + 0.5).to_vec()
    });
    as_in_f64!("cosine_similarity", |f| {
        of!(Rank2<N, 2>, f).cosine_similarity::<0, _>(of!(Rank2<N, 2>, f) + 0.5).to_vec()
    });
    as_in_f64!("cosine_embedding_loss", |f| {
        let opposite = of!(Rank2<2, N>, f) * -2.0;
        of!(Rank2<2, N>, f).cosine_embedding_loss(opposite, &Tensor::ones()).to_vec()
    });
    for p in [2.0, 1.0, 3.0, 0.5, 0.0] {
        as_in_f64!("cdist", |f| of!(Rank2<2, N>, f).cdist_with(of!(Rank2<3, N>, f) * 3.0 + 0.5, p).to_vec());
    }
    for p in [2.0, 1.0, 3.0] {
        as_in_f64!("triplet_margin_loss", |f| {
            let (a, like, unlike) =
                (of!(Rank2<2, N>, f), of!(Rank2<2, N>, f) * 3.0 + 0.5, of!(Rank2<2, N>, f));
            TripletMarginLoss::new().p(p).mean(a, like, unlike).to_vec()
        });
    }
    as_in_f64!("multi_margin_loss", |f| {
        let x = Param::new(of!(Rank2<2, N>, f) * 1e-7);
        let loss = x.track().multi_margin_loss(&Tensor::from([5, 77])).backward();
        let gradient = x.grad().unwrap().to_vec();
        vec![loss, gradient[5], gradient[N + 77]]
    });
}

#[test]
#[allow(clippy::useless_conversion, reason = "`f32` for one of the two types")]
fn gradients_of_selections_and_products() {
    const SIDE: usize = if cfg!(debug_assertions) { 1 << 8 } else { 1 << 9 };
    as_in_f64!("grid_sample", |f| {
        let image = Param::new(of!(Rank4<1, 1, 2, 2>, f));
        let grid = Tensor::<Rank4<1, SIDE, SIDE, 2>, E>::full(-0.5);
        gradients!(image.track().grid_sample(grid) * of!(Rank4<1, 1, SIDE, SIDE>, f); image)
    });
    as_in_f64!("grid_sample by the grid", |f| {
        let image = Tensor::<Rank4<1, N, 1, 2>, E>::from_fn(|i| if i % 2 == 0 { 0.0 } else { f(i).into() });
        let grid = Param::new(Tensor::<Rank4<1, 1, 1, 2>, E>::from([[[[0.25, 0.0]]]]));
        gradients!(image.grid_sample(&grid); grid)
    });
    as_in_f64!("kron", |f| {
        let (a, b) = (Param::new(of!(Rank2<1, 3>, f)), of!(Rank2<SIDE, SIDE>, f));
        gradients!(a.track().kron(b); a)
    });
    as_in_f64!("kron of a long row", |f| {
        let (a, b) = (Param::new(of!(Rank2<1, 3>, f)), of!(Rank2<1, N>, f));
        gradients!(a.track().kron(b); a)
    });
    as_in_f64!("kron on the right", |f| {
        let (a, b) = (of!(Rank2<SIDE, SIDE>, f), Param::new(of!(Rank2<1, 3>, f)));
        gradients!(a.kron(&b); b)
    });
}
