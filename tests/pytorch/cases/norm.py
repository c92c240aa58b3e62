"""Normalizations."""

import torch
from torch import nn
from torch.nn import functional as F

from . import case, layer, randn

ZEROS = [[2.0, 3.0, 0.0], [0.0, 0.0, 3.0], [1.0, -2.0, 4.0]]
case("normalize/first", lambda x: F.normalize(x, dim=0), randn(2, 3, 4))
case("normalize/zeros", lambda x: F.normalize(x, dim=-1), ZEROS + [[0.0, 0.0, 0.0], [1e-13, 0.0, 0.0]])
case("normalize/last", lambda x: F.normalize(x, dim=-1), randn(2, 3))
case("normalize/first_of_two", lambda x: F.normalize(x, dim=0), randn(2, 3), seed="normalize/first")
case("normalize/zeros_of_two", lambda x: F.normalize(x, dim=-1), [[0.0, 0.0], [3.0, -4.0]], seed="normalize/zeros")

layer("layer_norm/matrix", nn.LayerNorm(5), randn(4, 5))
layer("layer_norm/vector", nn.LayerNorm(6), randn(6))
layer("layer_norm/sequence", nn.LayerNorm(10), randn(2, 3, 10))
layer("layer_norm/eps", nn.LayerNorm(3, eps=0.5), randn(4, 3))
layer("layer_norm/no_bias", nn.LayerNorm(3, bias=False), randn(4, 3))
layer("layer_norm/plain", nn.LayerNorm(3, elementwise_affine=False), randn(2, 2, 3))
layer("layer_norm/eval", nn.LayerNorm(3), randn(4, 3), train=False)
layer("rms_norm/matrix", nn.RMSNorm(5), randn(4, 5))
layer("rms_norm/sequence", nn.RMSNorm(9), randn(2, 3, 9))
layer("rms_norm/eps", nn.RMSNorm(3, eps=0.5), randn(4, 3))
layer("rms_norm/plain", nn.RMSNorm(3, elementwise_affine=False), randn(4, 3))
layer("group_norm/images", nn.GroupNorm(2, 4), randn(2, 4, 3, 2))
layer("group_norm/sequence", nn.GroupNorm(3, 6), randn(2, 6, 5))
layer("group_norm/features", nn.GroupNorm(2, 6), randn(3, 6))
layer("group_norm/instance", nn.GroupNorm(3, 3), randn(2, 3, 2, 2))
layer("group_norm/one_group", nn.GroupNorm(1, 3, eps=0.1), randn(1, 3, 3, 3))
layer("group_norm/no_bias", nn.GroupNorm(2, 4, bias=False), randn(2, 4, 3))
layer("group_norm/plain", nn.GroupNorm(2, 4, affine=False), randn(2, 4, 3))
for mode, train in ("train", True), ("eval", False):
    layer(f"batch_norm1d/features_{mode}", nn.BatchNorm1d(3), randn(5, 3), train=train)
    layer(f"batch_norm1d/sequence_{mode}", nn.BatchNorm1d(3), randn(2, 3, 5), train=train)
    layer(f"batch_norm2d/images_{mode}", nn.BatchNorm2d(3), randn(2, 3, 3, 4), train=train)
    layer(f"batch_norm2d/plain_{mode}", nn.BatchNorm2d(2, affine=False), randn(2, 2, 2, 2), train=train)
layer("batch_norm1d/one_example", nn.BatchNorm1d(3), randn(1, 3, 6))
layer("batch_norm1d/eval_one_value", nn.BatchNorm1d(3), randn(1, 3), train=False)
layer("batch_norm1d/no_bias", nn.BatchNorm1d(3, bias=False), randn(5, 3))
layer("batch_norm1d/options", nn.BatchNorm1d(3, eps=0.5, momentum=0.3), randn(5, 3))
layer("batch_norm1d/mean_of_all", nn.BatchNorm1d(3, momentum=None), randn(5, 3))


def twice(module, x):
    return module(module(x))
layer("batch_norm1d/twice", nn.BatchNorm1d(3), randn(5, 3), forward=twice)

W, B = randn(3), randn(3)
case("layer_norm/function", lambda x, w, b: F.layer_norm(x, (3,), w, b, 1e-3), randn(2, 4, 3), W, B, seed="functional/layer_norm")
case("layer_norm/function_weight", lambda x, w: F.layer_norm(x, (3,), w), randn(4, 3), W, seed="functional/layer_norm_weight")
case("layer_norm/function_bias", lambda x, b: F.layer_norm(x, (3,), None, b), randn(4, 3), B, seed="functional/layer_norm_bias")
case("layer_norm/function_plain", lambda x: F.layer_norm(x, (3,)), randn(4, 3), seed="functional/layer_norm_plain")
case("rms_norm/function", lambda x, w: F.rms_norm(x, (3,), w), randn(4, 3), W, seed="functional/rms_norm")
case("rms_norm/function_plain", lambda x: F.rms_norm(x, (3,), eps=0.5), randn(2, 2, 3), seed="functional/rms_norm_plain")
GROUPS = randn(6)
case("group_norm/function", lambda x, w, b: F.group_norm(x, 2, w, b), randn(2, 6, 2, 2), GROUPS, GROUPS, seed="functional/group_norm")
case("group_norm/function_plain", lambda x: F.group_norm(x, 3, eps=0.1), randn(3, 6), seed="functional/group_norm_plain")
case("group_norm/function_instance", lambda x, w, b: F.instance_norm(x, weight=w, bias=b), randn(2, 3, 4), W, B, seed="functional/instance_norm")
MEAN, VARIANCE = torch.tensor([0.5, -1.0, 0.25]), torch.tensor([2.0, 0.5, 1.0])


def batch_norm(x, w=None, b=None, eps=1e-5):
    return F.batch_norm(x, MEAN.to(x.dtype), VARIANCE.to(x.dtype), w, b, eps=eps)


case("batch_norm/function", batch_norm, randn(2, 3, 2, 2), W, B, seed="functional/batch_norm")
case("batch_norm/function_plain", lambda x: batch_norm(x, eps=0.5), randn(4, 3), seed="functional/batch_norm_plain")

layer("instance_norm1d/signals", nn.InstanceNorm1d(3), randn(2, 3, 5), seed="instance_norm/signals")
layer("instance_norm2d/images", nn.InstanceNorm2d(2, eps=0.1), randn(2, 2, 3, 4), seed="instance_norm/images")

layer("layer_norm/several_axes", nn.LayerNorm((3, 2)), randn(2, 4, 3, 2))
layer("layer_norm/all_axes", nn.LayerNorm((3, 2), eps=0.1, elementwise_affine=False), randn(3, 2))
