//! Convolutions, pooling and interpolation.

use crate::fixture::{Cases, check, layer};
use typegrad::nn::GridSample;
use typegrad::prelude::*;

#[test]
fn conv() {
    let mut cases = Cases::of("conv");
    functions(&mut cases);
    layers(&mut cases);
    pooling(&mut cases);
    pooling_layers(&mut cases);
    by_other_names(&mut cases);
    images(&mut cases);
    grids(&mut cases);
    transposed_signals(&mut cases);
    volumes(&mut cases);
    pooling_of_volumes(&mut cases);
    windows_by_axis(&mut cases);
    cases.finish();
}

fn functions(cases: &mut Cases) {
    check!(cases, "conv1d/plain", |x: Rank3<2, 3, 7>, w: Rank3<4, 3, 3>| x.conv1d::<Conv, _>(w));
    check!(cases, "conv1d/options", |x: Rank3<2, 3, 9>, w: Rank3<6, 1, 3>| x
        .conv1d::<Conv<2, 3, 2, 3>, _>(w));
    check!(cases, "conv2d/plain", |x: Rank4<2, 2, 4, 5>, w: Rank4<3, 2, 3, 3>| x.conv2d::<Conv, _>(w));
    check!(cases, "conv2d/padded", |x: Rank4<2, 2, 3, 4>, w: Rank4<3, 2, 3, 3>| x.conv2d::<Conv<1, 1>, _>(w));
    check!(cases, "conv2d/rectangle", |x: Rank4<1, 2, 6, 5>, w: Rank4<3, 2, 1, 4>| x
        .conv2d::<Conv<2, 1>, _>(w));
    check!(cases, "conv2d/dilated", |x: Rank4<1, 2, 6, 7>, w: Rank4<3, 2, 3, 2>| x
        .conv2d::<Conv<1, 2, 2>, _>(w));
    check!(cases, "conv2d/pointwise", |x: Rank4<2, 3, 3, 4>, w: Rank4<5, 3, 1, 1>| x.conv2d::<Conv, _>(w));
    check!(cases, "conv2d/pointwise_strided", |x: Rank4<2, 3, 3, 4>, w: Rank4<5, 3, 1, 1>| x
        .conv2d::<Conv<2>, _>(w));
    check!(cases, "conv2d/groups", |x: Rank4<1, 4, 3, 4>, w: Rank4<6, 2, 2, 2>| x
        .conv2d::<Conv<1, 1, 1, 2>, _>(w));
    check!(cases, "conv2d/depthwise", |x: Rank4<2, 2, 5, 4>, w: Rank4<2, 1, 3, 3>| x
        .conv2d::<Conv<2, 1, 1, 2>, _>(w));
    check!(cases, "conv2d/depthwise_two", |x: Rank4<1, 2, 4, 5>, w: Rank4<4, 1, 3, 3>| x
        .conv2d::<Conv<1, 2, 2, 2>, _>(w));
    check!(cases, "conv2d/one_channel_out", |x: Rank4<1, 4, 4, 3>, w: Rank4<1, 4, 3, 3>| x
        .conv2d::<Conv<1, 1>, _>(w));
    check!(cases, "conv2d/whole_image", |x: Rank4<2, 2, 4, 3>, w: Rank4<3, 2, 4, 3>| x.conv2d::<Conv, _>(w));
    check!(cases, "conv2d/stride_leaves_out", |x: Rank4<1, 1, 7, 8>, w: Rank4<4, 1, 2, 2>| x
        .conv2d::<Conv<3>, _>(w));
    check!(cases, "conv2d/no_batch", |x: Rank4<0, 2, 4, 3>, w: Rank4<3, 2, 2, 2>| x.conv2d::<Conv, _>(w));
    check!(cases, "conv2d/nan", |x: Rank4<1, 1, 3, 3>, w: Rank4<1, 1, 2, 2>| x.conv2d::<Conv<1, 1>, _>(w));
    check!(cases, "conv_transpose2d/plain", |x: Rank4<1, 2, 3, 2>, w: Rank4<2, 3, 3, 3>| x
        .conv_transpose2d::<ConvTranspose, _>(w));
    check!(cases, "conv_transpose2d/doubled", |x: Rank4<1, 2, 2, 3>, w: Rank4<2, 3, 4, 4>| x
        .conv_transpose2d::<ConvTranspose<2, 1>, _>(w));
    check!(cases, "conv_transpose2d/options", |x: Rank4<1, 4, 2, 2>, w: Rank4<4, 1, 3, 2>| x
        .conv_transpose2d::<ConvTranspose<2, 1, 1, 3, 2>, _>(w));
    check!(cases, "conv_transpose2d/wide_output", |x: Rank4<1, 2, 3, 2>, w: Rank4<2, 3, 2, 2>| x
        .conv_transpose2d::<ConvTranspose<
        1,
        0,
        1,
        2,
    >, _>(w));
    check!(cases, "conv2d_rect/flat", |x: Rank4<2, 2, 4, 6>, w: Rank4<3, 2, 1, 7>| x
        .conv2d_rect::<Window<1>, Window<7, 1, 3>, 1, _>(w));
    check!(cases, "conv2d_rect/options", |x: Rank4<2, 4, 7, 6>, w: Rank4<6, 2, 3, 2>| x
        .conv2d_rect::<Window<3, 2, 1>, Window<2, 1, 2, 2>, 2, _>(w));
    check!(cases, "conv2d_rect/depthwise", |x: Rank4<1, 3, 5, 6>, w: Rank4<3, 1, 2, 3>| x
        .conv2d_rect::<Window<2, 1, 2, 2>, Window<3, 2, 1>, 3, _>(w));
    check!(cases, "conv2d_rect/pointwise", |x: Rank4<2, 3, 4, 5>, w: Rank4<4, 3, 1, 1>| x
        .conv2d_rect::<Window<1>, Window<1, 2, 1>, 1, _>(w));
    check!(cases, "conv_transpose2d_rect/doubled", |x: Rank4<1, 2, 3, 4>, w: Rank4<2, 3, 1, 4>| {
        x.conv_transpose2d_rect::<TransposedWindow<1>, TransposedWindow<4, 2, 1>, 1, _>(w)
    });
    check!(cases, "conv_transpose2d_rect/options", |x: Rank4<1, 4, 3, 2>, w: Rank4<4, 1, 2, 3>| {
        x.conv_transpose2d_rect::<TransposedWindow<2, 2, 1, 1, 2>, TransposedWindow<3, 3, 0, 2, 1>, 2, _>(w)
    });
    check!(cases, "max_pool2d_rect/options", |x: Rank4<2, 2, 5, 6>| x
        .max_pool2d_rect::<Window<2, 1, 0, 2>, Window<3, 2, 1>>());
    check!(cases, "avg_pool2d_rect/padded", |x: Rank4<2, 2, 4, 7>| x
        .avg_pool2d_rect::<Window<2, 1, 1>, Window<3, 2>>(true));
    check!(cases, "avg_pool2d_rect/inside", |x: Rank4<2, 2, 4, 5>| x
        .avg_pool2d_rect::<Window<2, 2, 1>, Window<3, 1, 1>>(false));
    check!(cases, "add_channels/images", |x: Rank4<2, 3, 2, 2>, b: Rank1<3>| x.add_channels(b));
}

type Digits<E> = (
    Conv2d<1, 4, 3, 1, 1, 1, 1, E>,
    Relu,
    Conv2d<4, 3, 3, 1, 0, 1, 1, E>,
    Relu,
    MaxPool2d<2>,
    Flatten,
    Linear<12, 3, E>,
);

fn layers(cases: &mut Cases) {
    layer!(cases, "conv1d/layer_bias", train, Conv1d<3, 4, 3, 1, 0, 1, 1, E>, Rank3<2, 3, 6>);
    layer!(cases, "conv1d/layer_options", train, NoBias<Conv1d<4, 6, 3, 2, 2, 2, 2, E>>, Rank3<2, 4, 7>);
    layer!(cases, "conv2d/layer_bias", train, Conv2d<2, 3, 3, 1, 1, 1, 1, E>, Rank4<2, 2, 3, 4>);
    layer!(cases, "conv2d/layer_no_bias", train, NoBias<Conv2d<2, 4, 2, 2, 0, 1, 1, E>>, Rank4<2, 2, 4, 5>);
    layer!(cases, "conv2d/layer_groups", train, Conv2d<4, 6, 2, 1, 2, 2, 2, E>, Rank4<1, 4, 3, 3>);
    layer!(cases, "conv2d_rect/layer", train, RectConv2d<4, 6, Window<1, 2>, Window<3, 1, 1, 2>, 2, E>, Rank4<2, 4, 4, 5>);
    layer!(cases, "conv_transpose2d_rect/layer", train,
        RectConvTranspose2d<4, 2, TransposedWindow<3, 2, 1, 1>, TransposedWindow<2>, 2, E>, Rank4<1, 4, 2, 3>);
    layer!(cases, "max_pool2d_rect/layer", train, RectMaxPool2d<Window<1, 2>, Window<2, 1, 1>>, Rank4<2, 2, 4, 5>);
    layer!(cases, "avg_pool2d_rect/layer", train, RectAvgPool2d<Window<3, 1, 1>, Window<2, 2>>, Rank4<2, 2, 4, 5>);
    layer!(cases, "conv2d/layer_depthwise", train, Conv2d<3, 3, 3, 1, 1, 1, 3, E>, Rank4<2, 3, 4, 3>);
    layer!(
        cases,
        "conv_transpose2d/layer_bias",
        train,
        ConvTranspose2d<2, 3, 3, 2, 1, 1, 1, 1, E>,
        Rank4<2, 2, 2, 3>
    );
    layer!(
        cases,
        "conv_transpose2d/layer_no_bias",
        train,
        NoBias<ConvTranspose2d<4, 6, 2, 2, 0, 0, 2, 2, E>>,
        Rank4<1, 4, 3, 2>
    );
    layer!(cases, "conv2d/network", train, Digits<E>, Rank4<2, 1, 6, 6>);
}

fn pooling(cases: &mut Cases) {
    check!(cases, "max_pool1d/plain", |x: Rank3<2, 3, 7>| x.max_pool1d::<2, 2, 0, 1>());
    check!(cases, "max_pool1d/options", |x: Rank3<2, 3, 9>| x.max_pool1d::<3, 2, 1, 2>());
    check!(cases, "max_pool2d/plain", |x: Rank4<2, 2, 4, 5>| x.max_pool2d::<2, 2, 0, 1>());
    check!(cases, "max_pool2d/overlapping", |x: Rank4<2, 2, 5, 4>| x.max_pool2d::<3, 1, 0, 1>());
    check!(cases, "max_pool2d/padded", |x: Rank4<1, 2, 5, 6>| x.max_pool2d::<3, 2, 1, 1>());
    check!(cases, "max_pool2d/dilated", |x: Rank4<1, 2, 6, 5>| x.max_pool2d::<3, 1, 1, 2>());
    check!(cases, "max_pool2d/ties", |x: Rank4<1, 1, 3, 3>| x.max_pool2d::<2, 1, 0, 1>());
    check!(cases, "max_pool2d/nan", |x: Rank4<1, 1, 3, 3>| x.max_pool2d::<2, 1, 0, 1>());
    check!(cases, "max_pool2d/no_batch", |x: Rank4<0, 2, 4, 4>| x.max_pool2d::<2, 2, 0, 1>());
    check!(cases, "avg_pool1d/plain", |x: Rank3<2, 3, 7>| x.avg_pool1d::<2, 2, 0>());
    check!(cases, "avg_pool1d/padded", |x: Rank3<2, 3, 7>| x.avg_pool1d::<3, 2, 1>());
    check!(cases, "avg_pool1d/inside", |x: Rank3<2, 3, 7>| x.avg_pool1d_with::<3, 2, 1>(false));
    check!(cases, "avg_pool2d/plain", |x: Rank4<2, 2, 4, 5>| x.avg_pool2d::<2, 2, 0>());
    check!(cases, "avg_pool2d/padded", |x: Rank4<2, 2, 5, 6>| x.avg_pool2d::<3, 2, 1>());
    check!(cases, "avg_pool2d/inside", |x: Rank4<2, 2, 4, 3>| x.avg_pool2d_with::<3, 1, 1>(false));
    check!(cases, "avg_pool2d/nan", |x: Rank4<1, 1, 3, 3>| x.avg_pool2d::<2, 1, 0>());
    check!(cases, "adaptive_avg_pool1d/plain", |x: Rank3<2, 3, 7>| x.adaptive_avg_pool1d::<3>());
    check!(cases, "adaptive_avg_pool2d/one", |x: Rank4<2, 2, 4, 3>| x.adaptive_avg_pool2d::<1, 1>());
    check!(cases, "adaptive_avg_pool2d/overlapping", |x: Rank4<2, 2, 5, 3>| x.adaptive_avg_pool2d::<3, 2>());
    check!(cases, "adaptive_avg_pool2d/larger", |x: Rank4<1, 2, 2, 3>| x.adaptive_avg_pool2d::<3, 5>());
    check!(cases, "interpolate/nearest", |x: Rank4<2, 2, 2, 4>| x.interpolate::<5, 3, NearestMode>());
    check!(cases, "interpolate/bilinear", |x: Rank4<2, 2, 2, 4>| x.interpolate::<5, 3, BilinearMode>());
    check!(cases, "interpolate/aligned", |x: Rank4<2, 2, 2, 4>| x.interpolate::<5, 3, BilinearMode<true>>());
    check!(cases, "interpolate/one_row", |x: Rank4<1, 2, 3, 2>| x.interpolate::<1, 4, BilinearMode<true>>());
    check!(cases, "interpolate/smaller", |x: Rank4<1, 2, 5, 7>| x.interpolate::<2, 2, BilinearMode>());
    check!(cases, "interpolate/corners", |x: Rank4<1, 1, 1, 2>| x.interpolate::<2, 4, NearestMode>());
    check!(cases, "upsample/nearest", |x: Rank4<2, 2, 2, 3>| x.upsample::<3, NearestMode>());
    check!(cases, "upsample/bilinear", |x: Rank4<2, 2, 2, 3>| x.upsample::<2, BilinearMode>());
    check!(cases, "upsample/aligned", |x: Rank4<2, 2, 2, 3>| x.upsample::<2, BilinearMode<true>>());
}

fn pooling_layers(cases: &mut Cases) {
    type Images = Rank4<2, 2, 4, 6>;
    layer!(cases, "max_pool1d/layer", train, MaxPool1d<2>, Rank3<2, 3, 6>);
    layer!(cases, "max_pool2d/layer", train, MaxPool2d<3, 2, 1>, Images);
    layer!(cases, "avg_pool1d/layer", train, AvgPool1d<2>, Rank3<2, 3, 6>);
    layer!(cases, "avg_pool2d/layer", train, AvgPool2d<2, 2, 1>, Images);
    layer!(cases, "avg_pool2d/layer_inside", train, AvgPool2d<3, 2, 1>, Images, |l| l
        .count_include_pad(false));
    layer!(cases, "adaptive_avg_pool1d/layer", train, AdaptiveAvgPool1d<2>, Rank3<2, 3, 5>);
    layer!(cases, "adaptive_avg_pool2d/layer", train, AdaptiveAvgPool2d<3>, Images);
    layer!(cases, "upsample/layer_nearest", train, Upsample<3>, Rank4<1, 2, 2, 3>);
    layer!(cases, "upsample/layer_bilinear", train, Upsample<2, BilinearMode>, Rank4<1, 2, 2, 3>);
    layer!(cases, "upsample/layer_aligned", train, Upsample<2, BilinearMode<true>>, Rank4<1, 2, 2, 3>);
}

fn by_other_names(cases: &mut Cases) {
    check!(cases, "max_pool2d_with_indices/random", |x: Rank4<2, 2, 5, 6>| x
        .max_pool2d_with_indices::<3, 2, 1, 1>());
    check!(cases, "max_pool2d_with_indices/ties", |x: Rank4<1, 1, 4, 4>| x
        .max_pool2d_with_indices::<2, 1, 0, 1>());
    check!(cases, "max_pool2d_with_indices/dilation", |x: Rank4<1, 2, 4, 3>| x
        .max_pool2d_with_indices::<2, 1, 1, 2>());
    check!(cases, "max_pool1d_with_indices/random", |x: Rank3<2, 2, 7>| x
        .max_pool1d_with_indices::<3, 2, 1, 1>());
    check!(cases, "max_pool2d_with_indices/no_element", |x: Rank4<1, 2, 2, 2>| x
        .detach()
        .max_pool2d_with_indices::<2, 1, 1, 3>());
    check!(cases, "max_pool1d_with_indices/no_element", |x: Rank3<1, 2, 2>| x
        .detach()
        .max_pool1d_with_indices::<2, 1, 1, 3>());
    check!(cases, "max_pool2d/ceil_mode", |x: Rank4<1, 2, 5, 5>| x
        .pad2d::<0, 1, 0, 1>(-E::INFINITY)
        .max_pool2d::<2, 2, 0, 1>());
    check!(cases, "avg_pool2d/ceil_mode", |x: Rank4<1, 2, 5, 5>| {
        let inside = Tensor::<Rank4<1, 2, 5, 5>, E>::ones().pad2d::<0, 1, 0, 1>(0.0).avg_pool2d::<2, 2, 0>();
        x.pad2d::<0, 1, 0, 1>(0.0).avg_pool2d::<2, 2, 0>() / inside
    });
    check!(cases, "avg_pool2d/divisor_override", |x: Rank4<1, 2, 5, 5>| x.avg_pool2d::<3, 2, 1>()
        * (9.0 / 4.0));
    check!(cases, "conv2d/same", |x: Rank4<1, 2, 5, 5>, w: Rank4<3, 2, 3, 3>| x
        .conv2d::<Conv<1, 2, 2>, _>(w));
    check!(cases, "conv2d/same_of_an_even_kernel", |x: Rank4<1, 2, 4, 5>, w: Rank4<3, 2, 2, 4>| x
        .pad2d::<1, 2, 0, 1>(0.0)
        .conv2d::<Conv, _>(w));
    check!(cases, "conv_transpose2d/bias", |x: Rank4<1, 4, 2, 3>, w: Rank4<4, 1, 2, 2>, b: Rank1<2>| x
        .conv_transpose2d::<ConvTranspose<2, 0, 0, 1, 2>, _>(w)
        .add_channels(b));
    layer!(cases, "conv2d/padding_mode_zeros", train, Conv2d<2, 3, 3, 1, 1, 1, 1, E>, Rank4<1, 2, 4, 5>);
    layer!(cases, "conv2d/padding_mode_reflect", train, Reflected<E>, Rank4<1, 2, 4, 5>);
    layer!(cases, "conv2d/padding_mode_replicate", train, Replicated<E>, Rank4<1, 2, 4, 5>);
    layer!(cases, "conv2d/padding_mode_circular", train, Circular<E>, Rank4<1, 2, 4, 5>);
}

/// A convolution of an image that is padded before.
macro_rules! padded {
    ($($name:ident $pad:ident;)*) => { $(
        struct $name<E>(Conv2d<2, 3, 3, 1, 0, 1, 1, E>);

        impl<E: Float> Module for $name<E> {
            fn visit<'a, V: typegrad::nn::Visitor<'a>>(&'a self, visitor: &mut V) {
                self.0.visit(visitor);
            }
            fn visit_mut<'a, V: typegrad::nn::VisitorMut<'a>>(&'a mut self, visitor: &mut V) {
                self.0.visit_mut(visitor);
            }
        }

        impl<E: Float> Init for $name<E> {
            fn new(rng: &mut Rng) -> Self {
                $name(Conv2d::new(rng))
            }
        }

        impl<E: Float> Forward<Rank4<1, 2, 4, 5>, E> for $name<E> {
            type Output = Rank4<1, 3, 4, 5>;
            fn forward<M: Mode>(&self, x: Input<Rank4<1, 2, 4, 5>, M, E>) -> impl Traced<Self::Output, M, E> {
                self.0.call(x.$pad::<1, 1, 1, 1>()).with_shape()
            }
        }
    )* };
}
padded! {
    Reflected reflect_pad2d;
    Replicated replicate_pad2d;
    Circular circular_pad2d;
}

fn images(cases: &mut Cases) {
    check!(cases, "unfold/plain", |x: Rank4<2, 3, 7, 6>| x.unfold::<2, 1, 0, 1>());
    check!(cases, "unfold/strided", |x: Rank4<2, 3, 7, 6>| x.unfold::<3, 2, 1, 1>());
    check!(cases, "unfold/dilated", |x: Rank4<2, 3, 7, 6>| x.unfold::<2, 1, 1, 2>());
    check!(cases, "unfold/large", |x: Rank4<2, 3, 7, 6>| x.unfold::<3, 3, 1, 2>());
    check!(cases, "fold/strided", |x: Rank3<2, 18, 12>| x.fold::<5, 7, 3, 2, 1, 1>());
    check!(cases, "fold/dilated", |x: Rank3<1, 12, 20>| x.fold::<4, 5, 2, 1, 1, 2>());
    check!(cases, "pixel_shuffle/batch", |x: Rank4<2, 8, 3, 2>| x.pixel_shuffle::<2>());
    check!(cases, "pixel_shuffle/image", |x: Rank3<9, 2, 1>| x.pixel_shuffle::<3>());
    check!(cases, "pixel_unshuffle/batch", |x: Rank4<2, 2, 4, 6>| x.pixel_unshuffle::<2>());
}

fn grids(cases: &mut Cases) {
    for corners in [false, true] {
        let name = if corners { "True" } else { "False" };
        let bilinear = GridSample::new().align_corners(corners);
        let nearest = bilinear.nearest();
        for (mode, options) in [
            ("bilinear_zeros", bilinear),
            ("bilinear_border", bilinear.border()),
            ("bilinear_reflection", bilinear.reflection()),
            ("nearest_zeros", nearest),
            ("nearest_border", nearest.border()),
            ("nearest_reflection", nearest.reflection()),
        ] {
            check!(
                cases,
                &format!("grid_sample/{mode}_{name}"),
                |x: Rank4<2, 3, 4, 5>, grid: Rank4<2, 3, 2, 2>| x.grid_sample_with(grid, options)
            );
        }
        check!(cases, &format!("affine_grid/{name}"), |t: Rank3<2, 2, 3>| t.affine_grid::<3, 4>(corners));
    }
    check!(cases, "grid_sample/not_finite", |x: Rank4<1, 4, 2, 3>, grid: Rank4<1, 2, 3, 2>| x
        .grid_sample(grid));
    check!(cases, "grid_sample/not_finite_nearest", |x: Rank4<1, 4, 2, 3>, grid: Rank4<1, 2, 3, 2>| {
        x.grid_sample_with(grid, GridSample::new().nearest())
    });
    check!(cases, "grid_sample/far", |x: Rank4<1, 1, 3, 1>, grid: Rank4<1, 5, 1, 2>| {
        x.grid_sample_with(grid, GridSample::new().reflection())
    });
}

fn transposed_signals(cases: &mut Cases) {
    check!(cases, "conv_transpose1d/plain", |x: Rank3<2, 3, 5>, w: Rank3<3, 2, 3>| {
        x.conv_transpose1d::<ConvTranspose, _>(w)
    });
    check!(cases, "conv_transpose1d/options", |x: Rank3<1, 4, 5>, w: Rank3<4, 3, 3>| {
        x.conv_transpose1d::<ConvTranspose<2, 1, 1, 2, 2>, _>(w)
    });
    layer!(cases, "conv_transpose1d/layer", train, ConvTranspose1d<4, 6, 4, 2, 1, 0, 1, 2, E>, Rank3<2, 4, 5>);
    layer!(cases, "pixel_shuffle/layer", train, PixelShuffle<2>, Rank4<1, 8, 2, 3>);
    layer!(cases, "pixel_unshuffle/layer", train, PixelUnshuffle<2>, Rank4<1, 3, 4, 2>);
}

fn volumes(cases: &mut Cases) {
    check!(cases, "conv3d/padded", |x: Rank5<2, 2, 3, 4, 5>, w: Rank5<3, 2, 3, 3, 3>| x
        .conv3d::<Conv<1, 1>, _>(w));
    check!(cases, "conv3d/options", |x: Rank5<1, 4, 6, 5, 4>, w: Rank5<6, 2, 3, 2, 1>| x
        .conv3d::<Conv<2, 1, 2, 2>, _>(w));
    layer!(cases, "conv3d/layer", train, Conv3d<2, 4, 3, 2, 1, 1, 2, E>, Rank5<2, 2, 5, 4, 3>);
    layer!(cases, "conv3d/without_bias", train, NoBias<Conv3d<2, 3, 2, 1, 0, 1, 1, E>>, Rank5<2, 2, 3, 4, 3>);
    layer!(cases, "max_pool3d/plain", train, MaxPool3d<2>, Rank5<1, 2, 4, 5, 6>);
    layer!(cases, "max_pool3d/padded", train, MaxPool3d<3, 2, 1>, Rank5<2, 1, 4, 5, 3>);
    layer!(cases, "max_pool3d/dilated", train, MaxPool3d<2, 1, 1, 2>, Rank5<1, 2, 4, 3, 5>);
    layer!(cases, "avg_pool3d/padded", train, AvgPool3d<3, 2, 1>, Rank5<1, 2, 4, 5, 3>);
}

fn pooling_of_volumes(cases: &mut Cases) {
    type Depth = Window<2, 1, 1, 2>;
    check!(cases, "max_pool3d/function", |x: Rank5<2, 2, 4, 5, 3>| x.max_pool3d::<3, 2, 1, 1>());
    check!(cases, "max_pool3d/function_dilated", |x: Rank5<1, 2, 5, 4, 6>| x.max_pool3d::<3, 1, 1, 2>());
    check!(cases, "max_pool3d/ties", |x: Rank5<1, 1, 3, 2, 3>| x.max_pool3d::<2, 1, 0, 1>());
    check!(cases, "max_pool3d_rect/options", |x: Rank5<2, 2, 4, 3, 5>| x
        .max_pool3d_rect::<Depth, Window<1, 2>, Window<3, 2, 1>>());
    check!(cases, "max_pool3d_with_indices/random", |x: Rank5<2, 2, 4, 5, 3>| x
        .max_pool3d_with_indices::<3, 2, 1, 1>());
    check!(cases, "max_pool3d_with_indices/ties", |x: Rank5<1, 1, 3, 2, 3>| x
        .max_pool3d_with_indices::<2, 1, 0, 1>());
    check!(cases, "max_pool3d_with_indices/dilation", |x: Rank5<1, 2, 3, 4, 3>| x
        .max_pool3d_with_indices::<2, 1, 1, 2>());
    check!(cases, "max_pool3d_rect_with_indices/no_element", |x: Rank5<1, 2, 2, 2, 2>| x
        .detach()
        .max_pool3d_rect_with_indices::<Window<1>, Window<1>, Window<2, 1, 1, 3>>());
    check!(cases, "max_pool3d_rect_with_indices/options", |x: Rank5<2, 2, 4, 3, 5>| x
        .max_pool3d_rect_with_indices::<Depth, Window<1, 2>, Window<3, 2, 1>>());
    check!(cases, "max_pool2d_rect_with_indices/options", |x: Rank4<2, 2, 5, 6>| x
        .max_pool2d_rect_with_indices::<Window<2, 1, 0, 2>, Window<3, 2, 1>>());
    check!(cases, "max_pool2d_rect_with_indices/ties", |x: Rank4<1, 1, 4, 4>| x
        .max_pool2d_rect_with_indices::<Window<1, 2>, Window<2>>());
    check!(cases, "avg_pool3d/function", |x: Rank5<1, 2, 4, 5, 3>| x.avg_pool3d::<3, 2, 1>());
    check!(cases, "avg_pool3d/function_inside", |x: Rank5<1, 2, 4, 3, 3>| x
        .avg_pool3d_with::<3, 1, 1>(false));
    check!(cases, "avg_pool3d_rect/padded", |x: Rank5<2, 2, 5, 2, 3>| x
        .avg_pool3d_rect::<Window<3, 2, 1>, Window<1>, Window<2, 1, 1>>(true));
    check!(cases, "avg_pool3d_rect/inside", |x: Rank5<1, 2, 3, 3, 4>| x
        .avg_pool3d_rect::<Window<2, 1, 1>, Window<1, 2>, Window<3, 2, 1>>(false));
}

fn windows_by_axis(cases: &mut Cases) {
    check!(cases, "conv3d_rect/flat", |x: Rank5<2, 3, 3, 4, 5>, w: Rank5<4, 3, 1, 3, 3>| x
        .conv3d_rect::<Window<1>, Window<3, 1, 1>, Window<3, 1, 1>, 1, _>(w));
    check!(cases, "conv3d_rect/deep", |x: Rank5<2, 3, 5, 3, 2>, w: Rank5<4, 3, 3, 1, 1>| x
        .conv3d_rect::<Window<3, 2, 1>, Window<1>, Window<1>, 1, _>(w));
    check!(cases, "conv3d_rect/options", |x: Rank5<1, 4, 3, 5, 9>, w: Rank5<6, 2, 3, 2, 3>| x
        .conv3d_rect::<Window<3, 1, 2, 2>, Window<2, 2>, Window<3, 3, 1, 3>, 2, _>(w));
    check!(cases, "conv3d_rect/depthwise", |x: Rank5<1, 3, 4, 5, 3>, w: Rank5<3, 1, 2, 2, 3>| x
        .conv3d_rect::<Window<2, 2>, Window<2, 1, 1, 2>, Window<3, 1, 2>, 3, _>(w));
    layer!(cases, "conv3d_rect/layer", train, RectConv3d<4, 6, Window<1>, Window<3, 2, 1>, Window<2, 1, 1, 2>, 2, E>, Rank5<2, 4, 3, 5, 4>);
    layer!(cases, "conv3d_rect/layer_no_bias", train, NoBias<RectConv3d<3, 4, Window<2>, Window<1>, Window<3>, 1, E>>, Rank5<1, 3, 3, 2, 4>);
    layer!(cases, "max_pool3d_rect/layer", train, RectMaxPool3d<Window<1>, Window<2, 2>, Window<2, 2>>, Rank5<1, 2, 3, 4, 5>);
    layer!(cases, "max_pool3d_rect/layer_options", train, RectMaxPool3d<Window<2, 1, 1, 2>, Window<1, 2>, Window<3, 2, 1>>, Rank5<2, 2, 4, 3, 5>);
    layer!(cases, "avg_pool3d_rect/layer", train, RectAvgPool3d<Window<3, 2, 1>, Window<1>, Window<2, 1, 1>>, Rank5<2, 2, 5, 2, 3>);
    layer!(cases, "avg_pool3d_rect/layer_inside", train, RectAvgPool3d<Window<2, 1, 1>, Window<1, 2>, Window<3, 2, 1>>, Rank5<1, 2, 3, 3, 4>, |l| l
        .count_include_pad(false));
    layer!(cases, "avg_pool3d/inside", train, AvgPool3d<3, 2, 1>, Rank5<1, 2, 4, 5, 3>, |l| l
        .count_include_pad(false));
    check!(cases, "unfold_rect/flat", |x: Rank4<2, 2, 3, 5>| x.unfold_rect::<Window<1>, Window<7, 1, 3>>());
    check!(cases, "unfold_rect/options", |x: Rank4<2, 3, 5, 7>| x
        .unfold_rect::<Window<3, 2, 1>, Window<2, 1, 0, 3>>());
    check!(cases, "fold_rect/flat", |x: Rank3<2, 6, 9>| x.fold_rect::<3, 5, Window<1>, Window<3, 2, 1>>());
    check!(cases, "fold_rect/options", |x: Rank3<1, 12, 12>| x
        .fold_rect::<5, 7, Window<3, 2, 1>, Window<2, 1, 0, 3>>());
}
