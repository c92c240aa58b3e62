"""Pooling, upsampling, and the layers without parameters."""

import torch
import torch.nn.functional as F
from torch import nn

from . import case, inf, layer, nan, randn

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

images = lambda: randn(2, 2, 4, 6)
layer("layer/max_pool1d", nn.MaxPool1d(2), randn(2, 3, 6))
layer("layer/max_pool2d", nn.MaxPool2d(3, 2, 1), images())
layer("layer/avg_pool1d", nn.AvgPool1d(2), randn(2, 3, 6))
layer("layer/avg_pool2d", nn.AvgPool2d(2, 2, 1), images())
layer("layer/avg_pool2d_inside", nn.AvgPool2d(3, 2, 1, count_include_pad=False), images())
layer("layer/adaptive_avg_pool1d", nn.AdaptiveAvgPool1d(2), randn(2, 3, 5))
layer("layer/adaptive_avg_pool2d", nn.AdaptiveAvgPool2d(3), images())
layer("layer/upsample_nearest", nn.Upsample(scale_factor=3), randn(1, 2, 2, 3))
layer("layer/upsample_bilinear", nn.Upsample(scale_factor=2, mode="bilinear"), randn(1, 2, 2, 3))
layer("layer/upsample_aligned", nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True), randn(1, 2, 2, 3))
layer("layer/flatten", nn.Flatten(), images())
layer("layer/unflatten", nn.Unflatten(1, (2, 3)), randn(2, 6))

for name, module in {
    "relu": nn.ReLU(), "relu6": nn.ReLU6(), "gelu": nn.GELU(), "gelu_tanh": nn.GELU(approximate="tanh"),
    "silu": nn.SiLU(), "mish": nn.Mish(), "sigmoid": nn.Sigmoid(), "log_sigmoid": nn.LogSigmoid(), "tanh": nn.Tanh(),
    "hardswish": nn.Hardswish(), "softsign": nn.Softsign(),
    "leaky_relu": nn.LeakyReLU(), "leaky_relu_slope": nn.LeakyReLU(0.25), "elu": nn.ELU(), "elu_alpha": nn.ELU(0.5),
    "softplus": nn.Softplus(), "softplus_beta": nn.Softplus(2.0, 1.0), "hardtanh": nn.Hardtanh(),
    "hardtanh_bounds": nn.Hardtanh(-0.5, 0.25), "softmax": nn.Softmax(dim=0), "log_softmax": nn.LogSoftmax(dim=-1),
    "identity": nn.Identity(),
}.items():
    layer(f"activation/{name}", module, randn(3, 4))
