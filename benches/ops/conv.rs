use crate::harness::Bench;
use typegrad::nn::{BilinearMode, NearestMode};
use typegrad::prelude::*;

/// 7 images of 33 x 31 with 5 or 13 channels.
type Images<const C: usize> = Rank4<7, C, 33, 31>;
const PIXELS: usize = 7 * 33 * 31;

pub fn rows(b: &Bench) {
    row!(b, "conv/conv2d_3x5_stride2/7x5x33x31", 2 * 7 * 17 * 15 * 11 * 5 * 3 * 5, f32,
        [x: randn Images<5>, w: randn Rank4<11, 5, 3, 5>], x.conv2d::<Conv<2, 1>, _>(w));
    row!(b, "conv/conv2d_5x3_dilation2/7x5x33x31", 2 * 7 * 29 * 31 * 11 * 5 * 5 * 3, f32,
        [x: randn Images<5>, w: randn Rank4<11, 5, 5, 3>], x.conv2d::<Conv<1, 2, 2>, _>(w));
    layer!(b, "conv/conv2d_3x3/7x13x33x31", 2 * PIXELS * 13 * 17 * 9, f32, Conv2d<13, 17, 3, 1, 1>, Images<13>);
    layer!(b, "conv/conv2d_3x3/7x13x33x31/f64", 2 * PIXELS * 13 * 17 * 9, f64,
        Conv2d<13, 17, 3, 1, 1, 1, 1, f64>, Images<13>);
    layer!(b, "conv/conv2d_3x3/1x13x33x31", 2 * 33 * 31 * 13 * 17 * 9, f32, Conv2d<13, 17, 3, 1, 1>, Rank4<1, 13, 33, 31>);
    layer!(
        b,
        "conv/conv2d_3x3_relu/7x13x33x31",
        2 * PIXELS * 13 * 17 * 9,
        f32,
        (Conv2d<13, 17, 3, 1, 1>, Relu),
        Images<13>
    );
    layer!(b, "conv/conv2d_3x3/2x193x29x27", 2 * 2 * 29 * 27 * 193 * 197 * 9, f32,
        Conv2d<193, 197, 3, 1, 1>, Rank4<2, 193, 29, 27>);
    layer!(b, "conv/conv2d_3x3/5x385x7x7", 2 * 5 * 7 * 7 * 385 * 391 * 9, f32,
        Conv2d<385, 391, 3, 1, 1>, Rank4<5, 385, 7, 7>);
    layer!(b, "conv/conv2d_3x3/1x25x211x209", 2 * 211 * 209 * 25 * 23 * 9, f32,
        Conv2d<25, 23, 3, 1, 1>, Rank4<1, 25, 211, 209>);
    layer!(b, "conv/conv2d_3x3_stride2/3x65x57x55", 2 * 3 * 29 * 28 * 65 * 129 * 9, f32,
        Conv2d<65, 129, 3, 2, 1>, Rank4<3, 65, 57, 55>);
    layer!(b, "conv/conv2d_1x1/7x33x33x31", 2 * PIXELS * 33 * 65, f32, Conv2d<33, 65, 1>, Images<33>);
    layer!(b, "conv/conv2d_7x7_stride3/7x3x65x63", 2 * 7 * 21 * 20 * 3 * 17 * 49, f32,
        Conv2d<3, 17, 7, 3, 2>, Rank4<7, 3, 65, 63>);
    layer!(b, "conv/conv2d_3x3_groups3/7x33x33x31", 2 * PIXELS * 11 * 33 * 9, f32,
        Conv2d<33, 33, 3, 1, 1, 1, 3>, Images<33>);
    layer!(b, "conv/conv2d_5x5_depthwise/7x13x33x31", 2 * PIXELS * 13 * 25, f32,
        Conv2d<13, 13, 5, 1, 2, 1, 13>, Images<13>);
    layer!(b, "conv/conv2d_3x3_stride2_depthwise/7x13x33x31", 2 * 7 * 17 * 16 * 13 * 9, f32,
        Conv2d<13, 13, 3, 2, 1, 1, 13>, Images<13>);
    layer!(b, "conv/conv1d_7/7x13x333", 2 * 7 * 333 * 13 * 17 * 7, f32, Conv1d<13, 17, 7, 1, 3>, Rank3<7, 13, 333>);
    layer!(b, "conv/conv1d_7_stride3/7x13x333", 2 * 7 * 111 * 13 * 17 * 7, f32,
        Conv1d<13, 17, 7, 3, 3>, Rank3<7, 13, 333>);
    layer!(b, "conv/conv_transpose2d_3x3_stride2/7x13x17x15", 2 * 7 * 17 * 15 * 13 * 11 * 9, f32,
        ConvTranspose2d<13, 11, 3, 2, 1>, Rank4<7, 13, 17, 15>);
    layer!(b, "conv/conv3d_3/3x5x9x13x11", 2 * 3 * 9 * 13 * 11 * 5 * 7 * 27, f32,
        Conv3d<5, 7, 3, 1, 1>, Rank5<3, 5, 9, 13, 11>);
    row!(b, "conv/add_channels/7x13x33x31", 13 * PIXELS, f32,
        [x: randn Images<13>, bias: randn Rank1<13>], x.add_channels(bias));
    row!(b, "conv/unfold_3/7x5x33x31", 0, f32, [x: randn Images<5>], x.unfold::<3, 1, 1, 1>());
    row!(b, "conv/fold_3/7x45x1023", 9 * 5 * PIXELS, f32,
        [x: randn Rank3<7, 45, 1023>], x.fold::<33, 31, 3, 1, 1, 1>());
    row!(b, "conv/conv_transpose1d_3_stride2/7x13x333", 2 * 7 * 333 * 13 * 11 * 3, f32,
        [x: randn Rank3<7, 13, 333>, w: randn Rank3<13, 11, 3>], x.conv_transpose1d::<ConvTranspose<2, 1>, _>(w));
    row!(b, "conv/pixel_shuffle_3/7x18x33x31", 0, f32, [x: randn Images<18>], x.pixel_shuffle::<3>());
    row!(b, "conv/pixel_unshuffle_3/7x5x33x30", 0, f32, [x: randn Rank4<7, 5, 33, 30>], x.pixel_unshuffle::<3>());
    row!(b, "conv/affine_grid/7x2x3", 6 * PIXELS, f32, [theta: randn Rank3<7, 2, 3>], theta.affine_grid::<33, 31>(false));
    row!(b, "conv/grid_sample/7x13x33x31", 8 * 7 * 13 * 21 * 29, f32,
        [x: rand Images<13>, grid: rand Rank4<7, 21, 29, 2>], x.grid_sample(grid));
    pools(b);
}

fn pools(b: &Bench) {
    row!(b, "conv/max_pool2d_2/7x13x33x31", 13 * PIXELS, f32, [x: randn Images<13>], x.max_pool2d::<2, 2, 0, 1>());
    row!(b, "conv/max_pool2d_3_stride2/7x13x33x31", 2 * 13 * PIXELS, f32,
        [x: randn Images<13>], x.max_pool2d::<3, 2, 1, 1>());
    row!(b, "conv/max_pool2d_3_stride2/7x13x33x31/f64", 2 * 13 * PIXELS, f64,
        [x: randn Images<13>], x.max_pool2d::<3, 2, 1, 1>());
    row!(b, "conv/avg_pool2d_2/7x13x33x31", 13 * PIXELS, f32, [x: randn Images<13>], x.avg_pool2d::<2, 2, 0>());
    row!(b, "conv/avg_pool2d_3_stride1/7x13x33x31", 9 * 13 * PIXELS, f32,
        [x: randn Images<13>], x.avg_pool2d::<3, 1, 1>());
    row!(b, "conv/adaptive_avg_pool2d_7x5/7x13x33x31", 13 * PIXELS, f32,
        [x: randn Images<13>], x.adaptive_avg_pool2d::<7, 5>());
    row!(b, "conv/adaptive_avg_pool2d_1x1/7x13x33x31", 13 * PIXELS, f32,
        [x: randn Images<13>], x.adaptive_avg_pool2d::<1, 1>());
    row!(b, "conv/max_pool1d_3/7x13x333", 3 * 7 * 13 * 111, f32, [x: randn Rank3<7, 13, 333>], x.max_pool1d::<3, 3, 0, 1>());
    row!(b, "conv/avg_pool1d_3/7x13x333", 3 * 7 * 13 * 111, f32, [x: randn Rank3<7, 13, 333>], x.avg_pool1d::<3, 3, 0>());
    layer!(b, "conv/max_pool3d_2/3x5x9x13x11", 3 * 5 * 9 * 13 * 11, f32, MaxPool3d<2>, Rank5<3, 5, 9, 13, 11>);
    layer!(b, "conv/max_pool3d_3_stride2/3x5x9x13x11", 3 * 3 * 5 * 9 * 13 * 11, f32,
        MaxPool3d<3, 2, 1>, Rank5<3, 5, 9, 13, 11>);
    layer!(b, "conv/avg_pool3d_2/3x5x9x13x11", 3 * 5 * 9 * 13 * 11, f32, AvgPool3d<2>, Rank5<3, 5, 9, 13, 11>);
    layer!(b, "conv/avg_pool3d_3_stride2/3x5x9x13x11", 3 * 3 * 5 * 9 * 13 * 11, f32,
        AvgPool3d<3, 2, 1>, Rank5<3, 5, 9, 13, 11>);
    row!(b, "conv/interpolate_nearest_2x/7x13x33x31", 0, f32, [x: randn Images<13>], x.interpolate::<66, 62, NearestMode>());
    row!(b, "conv/interpolate_bilinear_47x29/7x13x33x31", 8 * 7 * 13 * 47 * 29, f32,
        [x: randn Images<13>], x.interpolate::<47, 29, BilinearMode>());
}
