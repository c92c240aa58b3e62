"""Convolutions: functions and layers."""

import torch
import torch.nn.functional as F
from torch import nn

from . import case, layer, nan, randn

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
case("add_channels/images", lambda x, b: x + b[:, None, None], randn(2, 3, 2, 2), randn(3))

layer("layer/conv1d_bias", nn.Conv1d(3, 4, 3), randn(2, 3, 6))
layer("layer/conv1d_options", nn.Conv1d(4, 6, 3, 2, 2, 2, 2, bias=False), randn(2, 4, 7))
layer("layer/conv2d_bias", nn.Conv2d(2, 3, 3, padding=1), randn(2, 2, 3, 4))
layer("layer/conv2d_no_bias", nn.Conv2d(2, 4, 2, stride=2, bias=False), randn(2, 2, 4, 5))
layer("layer/conv2d_groups", nn.Conv2d(4, 6, 2, 1, 2, 2, 2), randn(1, 4, 3, 3))
layer("layer/conv2d_depthwise", nn.Conv2d(3, 3, 3, padding=1, groups=3), randn(2, 3, 4, 3))
layer("layer/conv_transpose2d_bias", nn.ConvTranspose2d(2, 3, 3, 2, 1, 1), randn(2, 2, 2, 3))
layer("layer/conv_transpose2d_no_bias", nn.ConvTranspose2d(4, 6, 2, 2, 0, 0, 2, False, 2), randn(1, 4, 3, 2))
layer(
    "cnn/digits",
    nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 3, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(12, 3)),
    randn(2, 1, 6, 6),
)
