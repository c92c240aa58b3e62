//! Convolutions, pooling and images: sums of many terms keep their digits.

use crate::support::as_in_f64::{N, as_in_f64, gradients, of};
use typegrad::prelude::*;

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

#[test]
#[allow(clippy::useless_conversion, reason = "`f32` for one of the two types")]
fn gradients_of_sampled_images() {
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
}
