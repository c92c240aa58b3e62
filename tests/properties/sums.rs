//! Sums of many terms outside of reductions keep their digits: in `f32` they are those of `f64`.

use typegrad::nn::BagMode;
use typegrad::prelude::*;

/// Added in sequence, equal terms lose 1e-4 of the sum of so many.
const N: usize = if cfg!(debug_assertions) { 1 << 16 } else { 1 << 18 };
const BOUND: f64 = 5e-6;

const TERMS: [(&str, fn(usize) -> f32); 3] = [
    ("equal", |_| 0.1),
    ("random", |i| (i.wrapping_mul(0x9e37_79b9) % 4096) as f32 / 4096.0),
    ("one huge", |i| if i == 77 { 3e6 } else { 0.1 }),
];

macro_rules! as_in_f64 {
    ($name:literal, |$term:ident| $body:expr) => {
        as_in_f64!($name, BOUND, |$term| $body)
    };
    ($name:literal, $bound:expr, |$term:ident| $body:expr) => {
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
                assert!((got - want).abs() <= $bound * scale, "{} of {terms}: {got} should be {want}", $name);
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

/// An element under many windows, and one that becomes many.
#[test]
fn windows_over_each_other() {
    const K: usize = if cfg!(debug_assertions) { 512 } else { 4096 };
    const LONG: usize = 2 * K - 1;
    const SIDE: usize = if cfg!(debug_assertions) { 20 } else { 40 };
    const WIDE: usize = 2 * SIDE - 1;
    // The largest element of all windows; beside -∞ another algorithm runs.
    for low in [0.0, f32::NEG_INFINITY] {
        as_in_f64!("max_pool1d", |f| {
            let x = Tensor::<Rank3<1, 1, LONG>, E>::from_fn(|i| if i == K - 1 { 1.0 } else { low as E });
            let x = Param::new(x);
            gradients!(x.track().max_pool1d::<K, 1, 0, 1>() * of!(Rank3<1, 1, K>, f); x)
        });
        as_in_f64!("max_pool2d", |f| {
            let middle = (SIDE - 1) * (WIDE + 1);
            let x =
                Tensor::<Rank4<1, 1, WIDE, WIDE>, E>::from_fn(|i| if i == middle { 1.0 } else { low as E });
            let x = Param::new(x);
            gradients!(x.track().max_pool2d::<SIDE, 1, 0, 1>() * of!(Rank4<1, 1, SIDE, SIDE>, f); x)
        });
    }
    as_in_f64!("avg_pool1d", |f| {
        let x = Param::new(of!(Rank3<1, 1, LONG>, f));
        gradients!(x.track().avg_pool1d::<K, 1, 0>() * of!(Rank3<1, 1, K>, f); x)
    });
    as_in_f64!("avg_pool2d", |f| {
        let x = Param::new(of!(Rank4<1, 1, 199, 199>, f));
        gradients!(x.track().avg_pool2d::<100, 1, 0>() * of!(Rank4<1, 1, 100, 100>, f); x)
    });
    const COLUMNS: usize = SIDE * SIDE;
    as_in_f64!("fold", |f| of!(Rank3<1, COLUMNS, COLUMNS>, f).fold::<WIDE, WIDE, SIDE, 1, 0, 1>().to_vec());
}

#[test]
fn images_of_another_size() {
    const SIDE: usize = if cfg!(debug_assertions) { 1 << 8 } else { 1 << 10 };
    as_in_f64!("a mean of long columns", |f| of!(Rank4<1, 1, N, 2>, f)
        .adaptive_avg_pool2d::<1, 2>()
        .to_vec());
    as_in_f64!("a mean of long columns", |f| of!(Rank4<1, 1, N, 3>, f)
        .adaptive_avg_pool2d::<5, 2>()
        .to_vec());
    as_in_f64!("a larger image of means", |f| {
        let x = Param::new(of!(Rank4<1, 1, 1, 1>, f));
        gradients!(x.track().adaptive_avg_pool2d::<SIDE, SIDE>() * of!(Rank4<1, 1, SIDE, SIDE>, f); x)
    });
    as_in_f64!("a longer row of means", |f| {
        let x = Param::new(of!(Rank3<1, 1, 2>, f));
        gradients!(x.track().adaptive_avg_pool1d::<N>() * of!(Rank3<1, 1, N>, f); x)
    });
    macro_rules! resized {
        ($mode:ty) => {
            as_in_f64!("interpolate", |f| {
                let x = Param::new(of!(Rank4<1, 1, 1, 1>, f));
                gradients!(x.track().interpolate::<SIDE, SIDE, $mode>() * of!(Rank4<1, 1, SIDE, SIDE>, f); x)
            });
            as_in_f64!("interpolate a row", |f| {
                let x = Param::new(of!(Rank4<1, 1, 1, 2>, f));
                gradients!(x.track().interpolate::<1, N, $mode>() * of!(Rank4<1, 1, 1, N>, f); x)
            });
            as_in_f64!("interpolate a column", |f| {
                let x = Param::new(of!(Rank4<1, 1, 2, 1>, f));
                gradients!(x.track().interpolate::<N, 1, $mode>() * of!(Rank4<1, 1, N, 1>, f); x)
            });
        };
    }
    resized!(NearestMode);
    resized!(BilinearMode);
    resized!(BilinearMode<true>);
    as_in_f64!("affine_grid", |f| {
        let maps = Param::new(of!(Rank3<1, 2, 3>, f));
        gradients!(maps.track().affine_grid::<SIDE, SIDE>(false) * of!(Rank4<1, SIDE, SIDE, 2>, f); maps)
    });
}

#[test]
fn gradients_of_distances_and_running_products() {
    for p in [1.0, 2.0, 3.0, f64::INFINITY] {
        as_in_f64!("cdist backward", |f| {
            let x = Param::new(Tensor::<Rank2<1, 2>, E>::from([[-3.0, -5.0]]));
            gradients!(x.track().cdist_with(of!(Rank2<N, 2>, f), p) * of!(Rank2<1, N>, f); x)
        });
    }
    as_in_f64!("cumprod backward", |f| {
        let x = Param::new(Tensor::<Rank1<N>, E>::ones());
        gradients!(x.track().cumprod::<0>() * of!(Rank1<N>, f); x)
    });
}

/// The ends of what is padded, and what is repeated.
#[test]
fn gradients_of_copies() {
    const MORE: isize = N as isize;
    const LONG: usize = N + 2;
    as_in_f64!("replicate_pad", |f| {
        let (x, y) = (Param::new(of!(Rank1<2>, f)), Param::new(of!(Rank2<2, 2>, f)));
        let of_y = y.track().transpose::<0, 1>().replicate_pad::<0, MORE>().with_shape::<Rank2<2, LONG>>();
        let of_x = x.track().replicate_pad::<MORE, 0>().with_shape::<Rank1<LONG>>();
        gradients!(of_x * of!(Rank1<LONG>, f) + (of_y * of!(Rank2<2, LONG>, f)).sum_axis::<0>(); x, y)
    });
    as_in_f64!("meshgrid", |f| {
        let x = Param::new(of!(Rank1<2>, f));
        let (rows, _) = (x.track(), of!(Rank1<N>, f)).meshgrid();
        gradients!(rows * of!(Rank2<2, N>, f); x)
    });
    as_in_f64!("repeat_interleave", |f| {
        let x = Param::new(of!(Rank1<2>, f));
        gradients!(x.track().repeat_interleave::<0, N>().reshape::<Rank2<2, N>>() * of!(Rank2<2, N>, f); x)
    });
}

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

/// Over images, over positions, and over channels: chains of 1,024 terms at most, in parts.
#[test]
fn gradients_of_convolutions() {
    macro_rules! weight {
        ($name:literal, $x:ty, $w:ty, $y:ty, |$input:ident, $weight:ident| $conv:expr) => {
            as_in_f64!($name, 2e-5, |f| {
                let ($input, w) = (Tensor::<$x, E>::full(0.7), Param::new(Tensor::<$w, E>::full(0.3)));
                let $weight = &w;
                let y = $conv.with_shape::<$y>();
                gradients!(y * of!($y, f); w)
            });
        };
    }
    weight!("images of a few pixels", Rank4<N, 1, 2, 2>, Rank4<2, 1, 2, 2>, Rank4<N, 2, 1, 1>, |x, w| {
        x.conv2d::<Conv, _>(w)
    });
    weight!("a long signal", Rank3<1, 16, N>, Rank3<32, 16, 3>, Rank3<1, 32, N>, |x, w| {
        x.conv1d::<Conv<1, 1>, _>(w)
    });
    weight!("kernels of one element", Rank4<N, 4, 1, 1>, Rank4<4, 4, 1, 1>, Rank4<N, 4, 1, 1>, |x, w| {
        x.conv2d::<Conv, _>(w)
    });
    weight!("groups", Rank4<4096, 4, 4, 4>, Rank4<4, 1, 3, 3>, Rank4<4096, 4, 4, 4>, |x, w| {
        x.conv2d::<Conv<1, 1, 1, 4>, _>(w)
    });
    as_in_f64!("a number for each channel", |f| {
        let (x, b) = (of!(Rank4<N, 3, 1, 1>, f), Param::new(Tensor::<Rank1<3>, E>::zeros()));
        gradients!(x.add_channels(&b) * of!(Rank4<N, 3, 1, 1>, f); b)
    });
}
