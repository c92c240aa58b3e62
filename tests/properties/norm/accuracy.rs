//! Normalizations in f32 against compensated sums in f64. The bounds are those of docs/accuracy.md.

use crate::support::compensated::{
    EQUAL_F32, EQUAL_F64, Exact, HALF, N, TERMS, gradient_as_in_f64, near, sum,
};
use typegrad::prelude::*;

/// Layers over N rows: the gradients of weights are sums over them, and what is normalized has mean 0 and variance 1.
#[test]
fn normalizations_of_many_rows_and_of_long_ones() {
    let upstream = |i: usize| (i % 7) as f32 * 0.25 - 0.5;
    for (name, term) in TERMS {
        let exact = Exact::of(term, N);
        let normal = |i: usize, eps: f64| (f64::from(term(i)) - exact.mean) / (exact.variance + eps).sqrt();
        let scale = (exact.mean * exact.mean / (exact.variance + 1e-5)).sqrt().max(1.0);

        let norm = LayerNorm::<N>::new(&mut Rng::seed(0));
        let y = norm.infer(Tensor::<Rank2<1, N>>::from_fn(term)).to_vec();
        (0..N).for_each(|i| {
            near(
                name,
                &y[i..=i],
                if name == "equal" { 0.0 } else { normal(i, 1e-5) },
                y[i].abs().into(),
                2e-6 * scale,
            )
        });

        let norm = BatchNorm1d::<2>::new(&mut Rng::seed(0));
        let w = Tensor::<Rank2<N, 2>>::from_fn(|i| upstream(i / 2));
        let y = norm.train(Tensor::<Rank2<N, 2>>::from_fn(|i| term(i / 2)));
        let values = y.value().to_vec();
        (0..N).for_each(|i| {
            near(
                name,
                &values[2 * i..2 * i + 2],
                if name == "equal" { 0.0 } else { normal(i, 1e-5) },
                // One of a million terms is 1024 deviations away, where floats are 1e-4 apart: there 4 u of the element.
                (normal(i, 1e-5).abs() / 4.0).max(1.0),
                1e-6 * scale,
            )
        });
        (y * &w).sum().backward();
        let terms = || (0..N).map(|i| f64::from(upstream(i)) * normal(i, 1e-5));
        near(
            name,
            &norm.weight.grad().unwrap().to_vec(),
            sum(terms()),
            sum(terms().map(f64::abs)) + 1.0,
            2e-6 * scale,
        );
        near(
            name,
            &norm.bias.grad().unwrap().to_vec(),
            sum((0..N).map(|i| upstream(i).into())),
            0.5 * N as f64,
            1e-6,
        );

        let norm = LayerNorm::<2>::new(&mut Rng::seed(0));
        let x = Tensor::<Rank2<N, 2>>::from_fn(|i| if i % 2 == 0 { term(i / 2) } else { -term(i / 2) });
        (norm.train(x) * &w).sum().backward();
        near(
            name,
            &norm.bias.grad().unwrap().to_vec(),
            sum((0..N).map(|i| upstream(i).into())),
            0.5 * N as f64,
            1e-6,
        );
        let terms = || {
            (0..N).map(|i| {
                let x = f64::from(term(i));
                f64::from(upstream(i)) * x / (x * x + 1e-5).sqrt()
            })
        };
        let want = sum(terms());
        let got = norm.weight.grad().unwrap().to_vec();
        near(name, &got[..1], want, N as f64, 1e-6);
        near(name, &got[1..], -want, N as f64, 1e-6);
    }
}

/// Equal elements are 0 when normalized: at every position and for any mean.
#[test]
fn equal_elements_are_zero_when_normalized() {
    macro_rules! check {
        ($e:ty, $value:expr) => {{
            let value: $e = $value;
            let rows = || Tensor::<Rank2<6, 10>, $e>::full(value);
            assert_eq!(LayerNorm::<10, $e>::new(&mut Rng::seed(0)).infer(rows()), Tensor::zeros(), "{value}");
            assert_eq!(GroupNorm::<2, 10, $e>::new(&mut Rng::seed(0)).infer(rows()), Tensor::zeros(), "{value}");
            let norm = BatchNorm1d::<10, $e>::new(&mut Rng::seed(0));
            assert_eq!(norm.train(rows()).value(), Tensor::zeros(), "{value}");
            let images = Tensor::<Rank4<3, 10, 5, 7>, $e>::full(value);
            let norm = BatchNorm2d::<10, $e>::new(&mut Rng::seed(0));
            assert_eq!(norm.train(images).value(), Tensor::zeros(), "{value}");
        }};
    }
    for value in EQUAL_F32 {
        check!(f32, value);
    }
    for value in EQUAL_F64 {
        check!(f64, value);
    }
}

macro_rules! unit_vectors {
    ($test:ident: $shape:ty, $inner:literal, $n:expr, $axis:literal) => {
        #[test]
        fn $test() {
            for (name, term) in TERMS {
                let exact = Exact::of(term, $n);
                let x = Tensor::<$shape>::from_fn(|i| term(i / $inner % $n));
                let y = x.normalize::<$axis>().to_vec();
                near(
                    name,
                    &y[$n * $inner - 1..$n * $inner],
                    exact.last / exact.norm,
                    exact.last.abs() / exact.norm,
                    1e-6,
                );
            }
        }
    };
}
unit_vectors!(unit_vectors_along_a_leading_axis: Rank2<N, 2>, 2, N, 0);
unit_vectors!(unit_vectors_along_a_leading_axis_of_many_columns: Rank2<4096, 129>, 129, 4096, 0);
unit_vectors!(unit_vectors_along_a_middle_axis: Rank3<2, HALF, 2>, 2, HALF, 1);
unit_vectors!(unit_vectors_along_the_last_axis: Rank2<2, N>, 1, N, -1);

#[test]
fn gradients_of_long_unit_vectors() {
    gradient_as_in_f64!(Rank1<N>, |i| i, 1e-5, |x, w| (x.normalize::<0>() * w).sum());
    gradient_as_in_f64!(Rank2<HALF, 2>, |i| i / 2, 1e-5, |x, w| (x.normalize::<0>() * w).sum());
}
