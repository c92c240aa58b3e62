//! Convolutions and pooling.

use crate::check::layers;
use typegrad::prelude::*;

#[test]
fn convolutions() {
    layers! { Train:
        Conv1d<2, 3, 3, 1, 0, 1, 1, f64>, Rank3<2, 2, 5>;
        NoBias<Conv1d<4, 6, 2, 2, 2, 2, 2, f64>>, Rank3<2, 4, 5>;
        Conv2d<2, 3, 3, 1, 1, 1, 1, f64>, Rank4<2, 2, 3, 4>;
        NoBias<Conv2d<2, 3, 2, 2, 0, 1, 1, f64>>, Rank4<2, 2, 4, 5>;
        Conv2d<4, 6, 2, 1, 2, 2, 2, f64>, Rank4<1, 4, 3, 3>;
        Conv2d<3, 3, 3, 2, 1, 1, 3, f64>, Rank4<2, 3, 4, 3>;
        Conv2d<2, 3, 1, 1, 0, 1, 1, f64>, Rank4<2, 2, 3, 3>;
        ConvTranspose2d<2, 3, 2, 1, 0, 0, 1, 1, f64>, Rank4<2, 2, 2, 3>;
        ConvTranspose2d<4, 2, 3, 2, 1, 1, 2, 2, f64>, Rank4<1, 4, 2, 2>;
        NoBias<ConvTranspose2d<2, 3, 4, 2, 1, 0, 1, 1, f64>>, Rank4<1, 2, 3, 2>;
        ConvTranspose1d<4, 2, 3, 2, 1, 0, 1, 2, f64>, Rank3<2, 4, 3>;
        Conv3d<2, 4, 2, 2, 1, 1, 2, f64>, Rank5<1, 2, 3, 2, 4>;
        NoBias<Conv3d<2, 3, 2, 1, 0, 1, 1, f64>>, Rank5<2, 2, 3, 2, 3>;
    }
}

/// Windows whose height is not their width.
#[test]
fn rectangles() {
    layers! { Train:
        RectConv2d<4, 6, Window<1, 2>, Window<3, 1, 1, 2>, 2, f64>, Rank4<2, 4, 4, 5>;
        RectConvTranspose2d<4, 2, TransposedWindow<3, 2, 1, 1>, TransposedWindow<2>, 2, f64>, Rank4<1, 4, 2, 3>;
        RectMaxPool2d<Window<1, 2>, Window<2, 1, 1>>, Rank4<2, 2, 4, 5>;
        RectAvgPool2d<Window<3, 1, 1>, Window<2, 2>>, Rank4<2, 2, 4, 5>;
        RectAvgPool2d<Window<3, 1, 1>, Window<2, 2>>, Rank4<2, 2, 4, 5>, |pool| pool.count_include_pad(false);
        RectConv3d<4, 6, Window<1, 2>, Window<3, 1, 1>, Window<2, 1, 0, 2>, 2, f64>, Rank5<1, 4, 3, 3, 4>;
        NoBias<RectConv3d<2, 3, Window<2, 1, 1, 2>, Window<1>, Window<3, 2, 1>, 1, f64>>, Rank5<2, 2, 3, 2, 3>;
        RectMaxPool3d<Window<1, 2>, Window<2, 1, 1>, Window<3, 2, 1>>, Rank5<1, 2, 3, 4, 5>;
        RectAvgPool3d<Window<2>, Window<3, 1, 1>, Window<2, 2>>, Rank5<1, 2, 3, 4, 5>;
        RectAvgPool3d<Window<2, 1, 1>, Window<3, 2, 1>, Window<2>>, Rank5<1, 2, 3, 4, 3>, |pool| pool.count_include_pad(false);
    }
}

#[test]
fn pooling() {
    layers! { Train:
        MaxPool1d<2>, Rank3<2, 2, 6>;
        MaxPool1d<3, 1, 1, 2>, Rank3<2, 2, 6>;
        MaxPool2d<2>, Rank4<2, 2, 4, 5>;
        MaxPool2d<3, 2, 1>, Rank4<2, 2, 4, 5>;
        AvgPool1d<2>, Rank3<2, 2, 5>;
        AvgPool2d<2>, Rank4<2, 2, 4, 5>;
        AvgPool2d<3, 2, 1>, Rank4<2, 2, 4, 5>, |pool| pool.count_include_pad(false);
        AdaptiveAvgPool1d<2>, Rank3<2, 2, 5>;
        AdaptiveAvgPool2d<3, 2>, Rank4<2, 2, 5, 3>;
        AdaptiveAvgPool2d<1>, Rank4<2, 2, 3, 4>;
        MaxPool3d<3, 2, 1>, Rank5<2, 1, 4, 5, 3>;
        MaxPool3d<2, 1, 1, 2>, Rank5<1, 2, 4, 3, 3>;
        AvgPool3d<3, 2, 1>, Rank5<1, 2, 4, 5, 3>;
        PixelShuffle<2>, Rank4<1, 8, 2, 3>;
        PixelUnshuffle<2>, Rank4<1, 3, 4, 2>;
        Upsample<2>, Rank4<2, 2, 2, 3>;
        Upsample<3, BilinearMode>, Rank4<2, 2, 2, 3>;
        Upsample<2, BilinearMode<true>>, Rank4<2, 2, 2, 3>;
    }
}
