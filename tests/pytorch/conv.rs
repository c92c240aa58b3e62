//! Convolutions.

use crate::fixture::{Cases, check, layer};
use typegrad::prelude::*;

#[test]
fn conv() {
    let mut cases = Cases::of("conv");
    functions(&mut cases);
    layers(&mut cases);
    cases.finish();
}

fn functions(cases: &mut Cases) {
    check!(cases, "conv1d/plain", |x: Rank3<2, 3, 7>, w: Rank3<4, 3, 3>| x.conv1d::<1, 0, 1, 1, _>(w));
    check!(cases, "conv1d/options", |x: Rank3<2, 3, 9>, w: Rank3<6, 1, 3>| x.conv1d::<2, 3, 2, 3, _>(w));
    check!(cases, "conv2d/plain", |x: Rank4<2, 2, 4, 5>, w: Rank4<3, 2, 3, 3>| x.conv2d::<1, 0, 1, 1, _>(w));
    check!(cases, "conv2d/padded", |x: Rank4<2, 2, 3, 4>, w: Rank4<3, 2, 3, 3>| x.conv2d::<1, 1, 1, 1, _>(w));
    check!(cases, "conv2d/rectangle", |x: Rank4<1, 2, 6, 5>, w: Rank4<3, 2, 1, 4>| x
        .conv2d::<2, 1, 1, 1, _>(w));
    check!(cases, "conv2d/dilated", |x: Rank4<1, 2, 6, 7>, w: Rank4<3, 2, 3, 2>| x
        .conv2d::<1, 2, 2, 1, _>(w));
    check!(cases, "conv2d/pointwise", |x: Rank4<2, 3, 3, 4>, w: Rank4<5, 3, 1, 1>| x
        .conv2d::<1, 0, 1, 1, _>(w));
    check!(cases, "conv2d/pointwise_strided", |x: Rank4<2, 3, 3, 4>, w: Rank4<5, 3, 1, 1>| x
        .conv2d::<2, 0, 1, 1, _>(w));
    check!(cases, "conv2d/groups", |x: Rank4<1, 4, 3, 4>, w: Rank4<6, 2, 2, 2>| x.conv2d::<1, 1, 1, 2, _>(w));
    check!(cases, "conv2d/depthwise", |x: Rank4<2, 2, 5, 4>, w: Rank4<2, 1, 3, 3>| x
        .conv2d::<2, 1, 1, 2, _>(w));
    check!(cases, "conv2d/depthwise_two", |x: Rank4<1, 2, 4, 5>, w: Rank4<4, 1, 3, 3>| x
        .conv2d::<1, 2, 2, 2, _>(w));
    check!(cases, "conv2d/one_channel_out", |x: Rank4<1, 4, 4, 3>, w: Rank4<1, 4, 3, 3>| x
        .conv2d::<1, 1, 1, 1, _>(w));
    check!(cases, "conv2d/whole_image", |x: Rank4<2, 2, 4, 3>, w: Rank4<3, 2, 4, 3>| x
        .conv2d::<1, 0, 1, 1, _>(w));
    check!(cases, "conv2d/stride_leaves_out", |x: Rank4<1, 1, 7, 8>, w: Rank4<4, 1, 2, 2>| x
        .conv2d::<3, 0, 1, 1, _>(w));
    check!(cases, "conv2d/no_batch", |x: Rank4<0, 2, 4, 3>, w: Rank4<3, 2, 2, 2>| x
        .conv2d::<1, 0, 1, 1, _>(w));
    check!(cases, "conv2d/nan", |x: Rank4<1, 1, 3, 3>, w: Rank4<1, 1, 2, 2>| x.conv2d::<1, 1, 1, 1, _>(w));
    check!(cases, "conv_transpose2d/plain", |x: Rank4<1, 2, 3, 2>, w: Rank4<2, 3, 3, 3>| x
        .conv_transpose2d::<1, 0, 0, 1, 1, _>(w));
    check!(cases, "conv_transpose2d/doubled", |x: Rank4<1, 2, 2, 3>, w: Rank4<2, 3, 4, 4>| x
        .conv_transpose2d::<2, 1, 0, 1, 1, _>(w));
    check!(cases, "conv_transpose2d/options", |x: Rank4<1, 4, 2, 2>, w: Rank4<4, 1, 3, 2>| x
        .conv_transpose2d::<2, 1, 1, 2, 3, _>(w));
    check!(cases, "conv_transpose2d/wide_output", |x: Rank4<1, 2, 3, 2>, w: Rank4<2, 3, 2, 2>| x
        .conv_transpose2d::<1, 0, 1, 1, 2, _>(w));
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
    layer!(cases, "layer/conv1d_bias", train, Conv1d<3, 4, 3, 1, 0, 1, 1, E>, Rank3<2, 3, 6>);
    layer!(cases, "layer/conv1d_options", train, NoBias<Conv1d<4, 6, 3, 2, 2, 2, 2, E>>, Rank3<2, 4, 7>);
    layer!(cases, "layer/conv2d_bias", train, Conv2d<2, 3, 3, 1, 1, 1, 1, E>, Rank4<2, 2, 3, 4>);
    layer!(cases, "layer/conv2d_no_bias", train, NoBias<Conv2d<2, 4, 2, 2, 0, 1, 1, E>>, Rank4<2, 2, 4, 5>);
    layer!(cases, "layer/conv2d_groups", train, Conv2d<4, 6, 2, 1, 2, 2, 2, E>, Rank4<1, 4, 3, 3>);
    layer!(cases, "layer/conv2d_depthwise", train, Conv2d<3, 3, 3, 1, 1, 1, 3, E>, Rank4<2, 3, 4, 3>);
    layer!(
        cases,
        "layer/conv_transpose2d_bias",
        train,
        ConvTranspose2d<2, 3, 3, 2, 1, 1, 1, 1, E>,
        Rank4<2, 2, 2, 3>
    );
    layer!(
        cases,
        "layer/conv_transpose2d_no_bias",
        train,
        NoBias<ConvTranspose2d<4, 6, 2, 2, 0, 0, 2, 2, E>>,
        Rank4<1, 4, 3, 2>
    );
    layer!(cases, "cnn/digits", train, Digits<E>, Rank4<2, 1, 6, 6>);
}
