"""Convolutions, pooling and interpolation."""

from torch import nn
from torch.nn import functional as F

from . import case, inf, layer, nan, randn, uniform

case("conv1d/plain", lambda x, w: F.conv1d(x, w), randn(2, 3, 7), randn(4, 3, 3))
case("conv1d/options", lambda x, w: F.conv1d(x, w, None, 2, 3, 2, 3), randn(2, 3, 9), randn(6, 1, 3))
case("conv2d/plain", lambda x, w: F.conv2d(x, w), randn(2, 2, 4, 5), randn(3, 2, 3, 3))
case("conv2d/padded", lambda x, w: F.conv2d(x, w, None, 1, 1), randn(2, 2, 3, 4), randn(3, 2, 3, 3))
case("conv2d/rectangle", lambda x, w: F.conv2d(x, w, None, 2, 1, 1, 1), randn(1, 2, 6, 5), randn(3, 2, 1, 4))
case("conv2d/dilated", lambda x, w: F.conv2d(x, w, None, 1, 2, 2, 1), randn(1, 2, 6, 7), randn(3, 2, 3, 2))
case("conv2d/pointwise", lambda x, w: F.conv2d(x, w), randn(2, 3, 3, 4), randn(5, 3, 1, 1))
case("conv2d/pointwise_strided", lambda x, w: F.conv2d(x, w, None, 2), randn(2, 3, 3, 4), randn(5, 3, 1, 1))
case("conv2d/groups", lambda x, w: F.conv2d(x, w, None, 1, 1, 1, 2), randn(1, 4, 3, 4), randn(6, 2, 2, 2))
case("conv2d/depthwise", lambda x, w: F.conv2d(x, w, None, 2, 1, 1, 2), randn(2, 2, 5, 4), randn(2, 1, 3, 3))
case("conv2d/depthwise_two", lambda x, w: F.conv2d(x, w, None, 1, 2, 2, 2), randn(1, 2, 4, 5), randn(4, 1, 3, 3))
case("conv2d/one_channel_out", lambda x, w: F.conv2d(x, w, None, 1, 1), randn(1, 4, 4, 3), randn(1, 4, 3, 3))
case("conv2d/whole_image", lambda x, w: F.conv2d(x, w), randn(2, 2, 4, 3), randn(3, 2, 4, 3))
case("conv2d/stride_leaves_out", lambda x, w: F.conv2d(x, w, None, 3), randn(1, 1, 7, 8), randn(4, 1, 2, 2))
case("conv2d/no_batch", lambda x, w: F.conv2d(x, w), randn(0, 2, 4, 3), randn(3, 2, 2, 2))
case("conv2d/nan", lambda x, w: F.conv2d(x, w, None, 1, 1), [[[[nan, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]]], randn(1, 1, 2, 2))
case("conv_transpose2d/plain", lambda x, w: F.conv_transpose2d(x, w), randn(1, 2, 3, 2), randn(2, 3, 3, 3))
case("conv_transpose2d/doubled", lambda x, w: F.conv_transpose2d(x, w, None, 2, 1), randn(1, 2, 2, 3), randn(2, 3, 4, 4))
case("conv_transpose2d/options", lambda x, w: F.conv_transpose2d(x, w, None, 2, 1, 1, 2, 3), randn(1, 4, 2, 2), randn(4, 1, 3, 2))
case("conv_transpose2d/wide_output", lambda x, w: F.conv_transpose2d(x, w, None, 1, 0, 1, 1, 2), randn(1, 2, 3, 2), randn(2, 3, 2, 2))
case("conv2d_rect/flat", lambda x, w: F.conv2d(x, w, None, (1, 1), (0, 3)), randn(2, 2, 4, 6), randn(3, 2, 1, 7))
case("conv2d_rect/options", lambda x, w: F.conv2d(x, w, None, (2, 1), (1, 2), (1, 2), 2), randn(2, 4, 7, 6), randn(6, 2, 3, 2))
case("conv2d_rect/depthwise", lambda x, w: F.conv2d(x, w, None, (1, 2), (2, 1), (2, 1), 3), randn(1, 3, 5, 6), randn(3, 1, 2, 3))
case("conv2d_rect/pointwise", lambda x, w: F.conv2d(x, w, None, (1, 2), (0, 1)), randn(2, 3, 4, 5), randn(4, 3, 1, 1))
case("conv_transpose2d_rect/doubled", lambda x, w: F.conv_transpose2d(x, w, None, (1, 2), (0, 1)), randn(1, 2, 3, 4), randn(2, 3, 1, 4))
case("conv_transpose2d_rect/options", lambda x, w: F.conv_transpose2d(x, w, None, (2, 3), (1, 0), (1, 2), 2, (2, 1)), randn(1, 4, 3, 2), randn(4, 1, 2, 3))
case("max_pool2d_rect/options", lambda x: F.max_pool2d(x, (2, 3), (1, 2), (0, 1), (2, 1)), randn(2, 2, 5, 6))
case("avg_pool2d_rect/padded", lambda x: F.avg_pool2d(x, (2, 3), (1, 2), (1, 0)), randn(2, 2, 4, 7))
case("avg_pool2d_rect/inside", lambda x: F.avg_pool2d(x, (2, 3), (2, 1), (1, 1), count_include_pad=False), randn(2, 2, 4, 5))
case("add_channels/images", lambda x, b: x + b[:, None, None], randn(2, 3, 2, 2), randn(3))

layer("conv1d/layer_bias", nn.Conv1d(3, 4, 3), randn(2, 3, 6), seed="layer/conv1d_bias")
layer("conv1d/layer_options", nn.Conv1d(4, 6, 3, 2, 2, 2, 2, bias=False), randn(2, 4, 7), seed="layer/conv1d_options")
layer("conv2d/layer_bias", nn.Conv2d(2, 3, 3, padding=1), randn(2, 2, 3, 4), seed="layer/conv2d_bias")
layer("conv2d/layer_no_bias", nn.Conv2d(2, 4, 2, stride=2, bias=False), randn(2, 2, 4, 5), seed="layer/conv2d_no_bias")
layer("conv2d/layer_groups", nn.Conv2d(4, 6, 2, 1, 2, 2, 2), randn(1, 4, 3, 3), seed="layer/conv2d_groups")
layer("conv2d/layer_depthwise", nn.Conv2d(3, 3, 3, padding=1, groups=3), randn(2, 3, 4, 3), seed="layer/conv2d_depthwise")
layer("conv2d_rect/layer", nn.Conv2d(4, 6, (1, 3), (2, 1), (0, 1), (1, 2), 2), randn(2, 4, 4, 5), seed="layer/conv2d_rect")
layer("conv_transpose2d_rect/layer", nn.ConvTranspose2d(4, 2, (3, 2), (2, 1), (1, 0), (1, 0), 2), randn(1, 4, 2, 3), seed="layer/conv_transpose2d_rect")
layer("max_pool2d_rect/layer", nn.MaxPool2d((1, 2), (2, 1), (0, 1)), randn(2, 2, 4, 5), seed="layer/max_pool2d_rect")
layer("avg_pool2d_rect/layer", nn.AvgPool2d((3, 2), (1, 2), (1, 0)), randn(2, 2, 4, 5), seed="layer/avg_pool2d_rect")
layer("conv_transpose2d/layer_bias", nn.ConvTranspose2d(2, 3, 3, 2, 1, 1), randn(2, 2, 2, 3), seed="layer/conv_transpose2d_bias")
layer("conv_transpose2d/layer_no_bias", nn.ConvTranspose2d(4, 6, 2, 2, 0, 0, 2, False, 2), randn(1, 4, 3, 2), seed="layer/conv_transpose2d_no_bias")
layer(
    "conv2d/network",
    nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 3, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(12, 3)),
    randn(2, 1, 6, 6),
    seed="cnn/digits",
)

case("max_pool1d/plain", lambda x: F.max_pool1d(x, 2), randn(2, 3, 7))
case("max_pool1d/options", lambda x: F.max_pool1d(x, 3, 2, 1, 2), randn(2, 3, 9))
case("max_pool2d/plain", lambda x: F.max_pool2d(x, 2), randn(2, 2, 4, 5))
case("max_pool2d/overlapping", lambda x: F.max_pool2d(x, 3, 1), randn(2, 2, 5, 4))
case("max_pool2d/padded", lambda x: F.max_pool2d(x, 3, 2, 1), randn(1, 2, 5, 6))
case("max_pool2d/dilated", lambda x: F.max_pool2d(x, 3, 1, 1, 2), randn(1, 2, 6, 5))
case("max_pool2d/ties", lambda x: F.max_pool2d(x, 2, 1), [[[[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, -0.0, -0.0]]]])
case("max_pool2d/nan", lambda x: F.max_pool2d(x, 2, 1), [[[[nan, 1.0, 0.0], [1.0, nan, 0.0], [inf, -inf, -inf]]]])
case("max_pool2d/no_batch", lambda x: F.max_pool2d(x, 2), randn(0, 2, 4, 4))
case("avg_pool1d/plain", lambda x: F.avg_pool1d(x, 2), randn(2, 3, 7))
case("avg_pool1d/padded", lambda x: F.avg_pool1d(x, 3, 2, 1), randn(2, 3, 7))
case("avg_pool1d/inside", lambda x: F.avg_pool1d(x, 3, 2, 1, count_include_pad=False), randn(2, 3, 7))
case("avg_pool2d/plain", lambda x: F.avg_pool2d(x, 2), randn(2, 2, 4, 5))
case("avg_pool2d/padded", lambda x: F.avg_pool2d(x, 3, 2, 1), randn(2, 2, 5, 6))
case("avg_pool2d/inside", lambda x: F.avg_pool2d(x, 3, 1, 1, count_include_pad=False), randn(2, 2, 4, 3))
case("avg_pool2d/nan", lambda x: F.avg_pool2d(x, 2, 1), [[[[nan, 1.0, 0.0], [1.0, 2.0, 0.0], [inf, -inf, 5.0]]]])
case("adaptive_avg_pool1d/plain", lambda x: F.adaptive_avg_pool1d(x, 3), randn(2, 3, 7))
case("adaptive_avg_pool2d/one", lambda x: F.adaptive_avg_pool2d(x, 1), randn(2, 2, 4, 3))
case("adaptive_avg_pool2d/overlapping", lambda x: F.adaptive_avg_pool2d(x, (3, 2)), randn(2, 2, 5, 3))
case("adaptive_avg_pool2d/larger", lambda x: F.adaptive_avg_pool2d(x, (3, 5)), randn(1, 2, 2, 3))
case("interpolate/nearest", lambda x: F.interpolate(x, (5, 3), mode="nearest"), randn(2, 2, 2, 4))
case("interpolate/bilinear", lambda x: F.interpolate(x, (5, 3), mode="bilinear"), randn(2, 2, 2, 4))
case("interpolate/aligned", lambda x: F.interpolate(x, (5, 3), mode="bilinear", align_corners=True), randn(2, 2, 2, 4))
case("interpolate/one_row", lambda x: F.interpolate(x, (1, 4), mode="bilinear", align_corners=True), randn(1, 2, 3, 2))
case("interpolate/smaller", lambda x: F.interpolate(x, (2, 2), mode="bilinear"), randn(1, 2, 5, 7))
case("interpolate/corners", lambda x: F.interpolate(x, (2, 4), mode="nearest"), [[[[nan, inf]]]])
case("upsample/nearest", lambda x: F.interpolate(x, scale_factor=3, mode="nearest"), randn(2, 2, 2, 3))
case("upsample/bilinear", lambda x: F.interpolate(x, scale_factor=2, mode="bilinear"), randn(2, 2, 2, 3))
case("upsample/aligned", lambda x: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True), randn(2, 2, 2, 3))
images = lambda: randn(2, 2, 4, 6)
layer("max_pool1d/layer", nn.MaxPool1d(2), randn(2, 3, 6), seed="layer/max_pool1d")
layer("max_pool2d/layer", nn.MaxPool2d(3, 2, 1), images(), seed="layer/max_pool2d")
layer("avg_pool1d/layer", nn.AvgPool1d(2), randn(2, 3, 6), seed="layer/avg_pool1d")
layer("avg_pool2d/layer", nn.AvgPool2d(2, 2, 1), images(), seed="layer/avg_pool2d")
layer("avg_pool2d/layer_inside", nn.AvgPool2d(3, 2, 1, count_include_pad=False), images(), seed="layer/avg_pool2d_inside")
layer("adaptive_avg_pool1d/layer", nn.AdaptiveAvgPool1d(2), randn(2, 3, 5), seed="layer/adaptive_avg_pool1d")
layer("adaptive_avg_pool2d/layer", nn.AdaptiveAvgPool2d(3), images(), seed="layer/adaptive_avg_pool2d")
layer("upsample/layer_nearest", nn.Upsample(scale_factor=3), randn(1, 2, 2, 3), seed="layer/upsample_nearest")
layer("upsample/layer_bilinear", nn.Upsample(scale_factor=2, mode="bilinear"), randn(1, 2, 2, 3), seed="layer/upsample_bilinear")
layer("upsample/layer_aligned", nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True), randn(1, 2, 2, 3), seed="layer/upsample_aligned")

TIES = [[[[1.0, 3.0, 3.0, 2.0], [3.0, 0.0, -inf, -inf], [nan, 1.0, -inf, -inf], [2.0, nan, 5.0, 4.0]]]]
case("max_pool2d_with_indices/random", lambda x: F.max_pool2d(x, 3, 2, 1, return_indices=True), randn(2, 2, 5, 6))
case("max_pool2d_with_indices/ties", lambda x: F.max_pool2d(x, 2, 1, return_indices=True), TIES)
case("max_pool2d_with_indices/dilation", lambda x: F.max_pool2d(x, 2, 1, 1, 2, return_indices=True), randn(1, 2, 4, 3))
case("max_pool1d_with_indices/random", lambda x: F.max_pool1d(x, 3, 2, 1, return_indices=True), randn(2, 2, 7))
# The taps are at -1 and 2: the value is -inf, and the index that of the second tap, which is not inside.
case("max_pool2d_with_indices/no_element", lambda x: F.max_pool2d(x.detach(), 2, 1, 1, 3, return_indices=True), randn(1, 2, 2, 2))
case("max_pool1d_with_indices/no_element", lambda x: F.max_pool1d(x.detach(), 2, 1, 1, 3, return_indices=True), randn(1, 2, 2))

# Calls of PyTorch that are two here.
case("max_pool2d/ceil_mode", lambda x: F.max_pool2d(x, 2, 2, ceil_mode=True), randn(1, 2, 5, 5))
case("avg_pool2d/ceil_mode", lambda x: F.avg_pool2d(x, 2, 2, ceil_mode=True), randn(1, 2, 5, 5))
case("avg_pool2d/divisor_override", lambda x: F.avg_pool2d(x, 3, 2, 1, divisor_override=4), randn(1, 2, 5, 5))
case("conv2d/same", lambda x, w: F.conv2d(x, w, padding="same", dilation=2), randn(1, 2, 5, 5), randn(3, 2, 3, 3))
case("conv2d/same_of_an_even_kernel", lambda x, w: F.conv2d(x, w, padding="same"), randn(1, 2, 4, 5), randn(3, 2, 2, 4))
for mode in "zeros", "reflect", "replicate", "circular":
    layer(f"conv2d/padding_mode_{mode}", nn.Conv2d(2, 3, 3, padding=1, padding_mode=mode), randn(1, 2, 4, 5), seed=f"padding_mode/{mode}")
case("conv_transpose2d/bias", lambda x, w, b: F.conv_transpose2d(x, w, b, 2, groups=2), randn(1, 4, 2, 3), randn(4, 1, 2, 2), randn(2))

# Images that are unfolded and folded, and sampled between their pixels.
for name, (k, s, p, d) in {"plain": (2, 1, 0, 1), "strided": (3, 2, 1, 1), "dilated": (2, 1, 1, 2), "large": (3, 3, 1, 2)}.items():
    case(f"unfold/{name}", lambda x, k=k, s=s, p=p, d=d: F.unfold(x, k, d, p, s), randn(2, 3, 7, 6))
case("fold/strided", lambda x: F.fold(x, (5, 7), 3, 1, 1, 2), randn(2, 18, 12))
case("fold/dilated", lambda x: F.fold(x, (4, 5), 2, 2, 1, 1), randn(1, 12, 20))
case("pixel_shuffle/batch", lambda x: F.pixel_shuffle(x, 2), randn(2, 8, 3, 2))
case("pixel_shuffle/image", lambda x: F.pixel_shuffle(x, 3), randn(9, 2, 1))
case("pixel_unshuffle/batch", lambda x: F.pixel_unshuffle(x, 2), randn(2, 2, 4, 6))
for mode in "bilinear", "nearest":
    for padding in "zeros", "border", "reflection":
        for corners in False, True:
            case(
                f"grid_sample/{mode}_{padding}_{corners}",
                lambda x, grid, m=mode, p=padding, c=corners: F.grid_sample(x, grid, m, p, c),
                randn(2, 3, 4, 5), uniform(-1.7, 1.7, 2, 3, 2, 2),
            )
nan, inf = float("nan"), float("inf")
places = [[[[nan, 0.0], [inf, 0.0], [0.0, -inf]], [[0.3, nan], [nan, inf], [0.3, -0.6]]]]
case("grid_sample/not_finite", lambda x, grid: F.grid_sample(x, grid, align_corners=False), randn(1, 4, 2, 3), places)
case("grid_sample/not_finite_nearest", lambda x, grid: F.grid_sample(x, grid, "nearest", align_corners=False), randn(1, 4, 2, 3), places)
case("grid_sample/far", lambda x, grid: F.grid_sample(x, grid, "bilinear", "reflection", False), randn(1, 1, 3, 1), uniform(-9, 9, 1, 5, 1, 2))
for corners in False, True:
    case(f"affine_grid/{corners}", lambda t, c=corners: F.affine_grid(t, (2, 1, 3, 4), c), randn(2, 2, 3))

case("conv_transpose1d/plain", lambda x, w: F.conv_transpose1d(x, w), randn(2, 3, 5), randn(3, 2, 3))
case("conv_transpose1d/options", lambda x, w: F.conv_transpose1d(x, w, None, 2, 1, 1, 2, 2), randn(1, 4, 5), randn(4, 3, 3))
layer("conv_transpose1d/layer", nn.ConvTranspose1d(4, 6, 4, 2, 1, groups=2), randn(2, 4, 5))
layer("pixel_shuffle/layer", nn.PixelShuffle(2), randn(1, 8, 2, 3))
layer("pixel_unshuffle/layer", nn.PixelUnshuffle(2), randn(1, 3, 4, 2))

case("conv3d/padded", lambda x, w: F.conv3d(x, w, None, 1, 1), randn(2, 2, 3, 4, 5), randn(3, 2, 3, 3, 3))
case("conv3d/options", lambda x, w: F.conv3d(x, w, None, 2, 1, 2, 2), randn(1, 4, 6, 5, 4), randn(6, 2, 3, 2, 1))
layer("conv3d/layer", nn.Conv3d(2, 4, 3, 2, 1, groups=2), randn(2, 2, 5, 4, 3))
layer("conv3d/without_bias", nn.Conv3d(2, 3, 2, bias=False), randn(2, 2, 3, 4, 3))
layer("max_pool3d/plain", nn.MaxPool3d(2), randn(1, 2, 4, 5, 6))
layer("max_pool3d/padded", nn.MaxPool3d(3, 2, 1), randn(2, 1, 4, 5, 3))
layer("max_pool3d/dilated", nn.MaxPool3d(2, 1, 1, 2), randn(1, 2, 4, 3, 5))
layer("avg_pool3d/padded", nn.AvgPool3d(3, 2, 1), randn(1, 2, 4, 5, 3))

# The functions.
VOLUME_TIES = [[[[[1.0, 3.0, 3.0], [3.0, 0.0, -inf]], [[3.0, nan, 1.0], [nan, 2.0, -inf]], [[3.0, 3.0, -inf], [0.0, -0.0, -inf]]]]]
case("max_pool3d/function", lambda x: F.max_pool3d(x, 3, 2, 1), randn(2, 2, 4, 5, 3))
case("max_pool3d/function_dilated", lambda x: F.max_pool3d(x, 3, 1, 1, 2), randn(1, 2, 5, 4, 6))
case("max_pool3d/ties", lambda x: F.max_pool3d(x, 2, 1), VOLUME_TIES)
case("max_pool3d_rect/options", lambda x: F.max_pool3d(x, (2, 1, 3), (1, 2, 2), (1, 0, 1), (2, 1, 1)), randn(2, 2, 4, 3, 5))
case("max_pool3d_with_indices/random", lambda x: F.max_pool3d(x, 3, 2, 1, return_indices=True), randn(2, 2, 4, 5, 3))
case("max_pool3d_with_indices/ties", lambda x: F.max_pool3d(x, 2, 1, return_indices=True), VOLUME_TIES)
case("max_pool3d_with_indices/dilation", lambda x: F.max_pool3d(x, 2, 1, 1, 2, return_indices=True), randn(1, 2, 3, 4, 3))
# The taps are at -1 and 2 of the last axis: the value is -inf, and the index lies outside.
case("max_pool3d_rect_with_indices/no_element", lambda x: F.max_pool3d(x.detach(), (1, 1, 2), 1, (0, 0, 1), (1, 1, 3), return_indices=True), randn(1, 2, 2, 2, 2))
case("max_pool3d_rect_with_indices/options", lambda x: F.max_pool3d(x, (2, 1, 3), (1, 2, 2), (1, 0, 1), (2, 1, 1), return_indices=True), randn(2, 2, 4, 3, 5))
case("max_pool2d_rect_with_indices/options", lambda x: F.max_pool2d(x, (2, 3), (1, 2), (0, 1), (2, 1), return_indices=True), randn(2, 2, 5, 6))
case("max_pool2d_rect_with_indices/ties", lambda x: F.max_pool2d(x, (1, 2), (2, 1), return_indices=True), TIES)
case("avg_pool3d/function", lambda x: F.avg_pool3d(x, 3, 2, 1), randn(1, 2, 4, 5, 3))
case("avg_pool3d/function_inside", lambda x: F.avg_pool3d(x, 3, 1, 1, count_include_pad=False), randn(1, 2, 4, 3, 3))
case("avg_pool3d_rect/padded", lambda x: F.avg_pool3d(x, (3, 1, 2), (2, 1, 1), (1, 0, 1)), randn(2, 2, 5, 2, 3))
case("avg_pool3d_rect/inside", lambda x: F.avg_pool3d(x, (2, 1, 3), (1, 2, 2), (1, 0, 1), count_include_pad=False), randn(1, 2, 3, 3, 4))

# Windows that differ by axis: the order of numbers is kernel, stride, padding, dilation.
case("conv3d_rect/flat", lambda x, w: F.conv3d(x, w, None, 1, (0, 1, 1)), randn(2, 3, 3, 4, 5), randn(4, 3, 1, 3, 3))
case("conv3d_rect/deep", lambda x, w: F.conv3d(x, w, None, (2, 1, 1), (1, 0, 0)), randn(2, 3, 5, 3, 2), randn(4, 3, 3, 1, 1))
case("conv3d_rect/options", lambda x, w: F.conv3d(x, w, None, (1, 2, 3), (2, 0, 1), (2, 1, 3), 2), randn(1, 4, 3, 5, 9), randn(6, 2, 3, 2, 3))
case("conv3d_rect/depthwise", lambda x, w: F.conv3d(x, w, None, (2, 1, 1), (0, 1, 2), (1, 2, 1), 3), randn(1, 3, 4, 5, 3), randn(3, 1, 2, 2, 3))
layer("conv3d_rect/layer", nn.Conv3d(4, 6, (1, 3, 2), (1, 2, 1), (0, 1, 1), (1, 1, 2), 2), randn(2, 4, 3, 5, 4), seed="layer/conv3d_rect")
layer("conv3d_rect/layer_no_bias", nn.Conv3d(3, 4, (2, 1, 3), bias=False), randn(1, 3, 3, 2, 4), seed="layer/conv3d_rect_no_bias")
layer("max_pool3d_rect/layer", nn.MaxPool3d((1, 2, 2)), randn(1, 2, 3, 4, 5), seed="layer/max_pool3d_rect")
layer("max_pool3d_rect/layer_options", nn.MaxPool3d((2, 1, 3), (1, 2, 2), (1, 0, 1), (2, 1, 1)), randn(2, 2, 4, 3, 5), seed="layer/max_pool3d_rect_options")
layer("avg_pool3d_rect/layer", nn.AvgPool3d((3, 1, 2), (2, 1, 1), (1, 0, 1)), randn(2, 2, 5, 2, 3), seed="layer/avg_pool3d_rect")
layer("avg_pool3d_rect/layer_inside", nn.AvgPool3d((2, 1, 3), (1, 2, 2), (1, 0, 1), count_include_pad=False), randn(1, 2, 3, 3, 4), seed="layer/avg_pool3d_rect_inside")
layer("avg_pool3d/inside", nn.AvgPool3d(3, 2, 1, count_include_pad=False), randn(1, 2, 4, 5, 3))
case("unfold_rect/flat", lambda x: F.unfold(x, (1, 7), 1, (0, 3), 1), randn(2, 2, 3, 5))
case("unfold_rect/options", lambda x: F.unfold(x, (3, 2), (1, 3), (1, 0), (2, 1)), randn(2, 3, 5, 7))
case("fold_rect/flat", lambda x: F.fold(x, (3, 5), (1, 3), 1, (0, 1), (1, 2)), randn(2, 6, 9))
case("fold_rect/options", lambda x: F.fold(x, (5, 7), (3, 2), (1, 3), (1, 0), (2, 1)), randn(1, 12, 12))
