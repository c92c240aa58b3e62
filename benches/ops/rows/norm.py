import torch.nn.functional as F
from harness import layer, row
from torch import nn


def rows():
    many, images = (1001, 333), (7, 13, 33, 31)
    layer("norm/layer_norm/7x333", lambda: nn.LayerNorm(333), (7, 333))
    layer("norm/layer_norm/1001x333", lambda: nn.LayerNorm(333), many)
    layer("norm/layer_norm/1001x333/f64", lambda: nn.LayerNorm(333), many)
    layer("norm/layer_norm/7x33x65", lambda: nn.LayerNorm(65), (7, 33, 65))
    layer("norm/rms_norm/7x333", lambda: nn.RMSNorm(333), (7, 333))
    layer("norm/rms_norm/1001x333", lambda: nn.RMSNorm(333), many)
    layer("norm/batch_norm1d/1001x333", lambda: nn.BatchNorm1d(333), many)
    layer("norm/batch_norm2d/7x13x33x31", lambda: nn.BatchNorm2d(13), images)
    layer("norm/batch_norm2d/7x13x33x31/f64", lambda: nn.BatchNorm2d(13), images)
    layer("norm/group_norm_3/7x33x15x17", lambda: nn.GroupNorm(3, 33), (7, 33, 15, 17))
    layer("norm/instance_norm2d/7x13x33x31", lambda: nn.InstanceNorm2d(13), images)
    row("norm/normalize_axis1/1001x333", lambda x: F.normalize(x, dim=1), many)
    row("norm/normalize_axis0/1001x333", lambda x: F.normalize(x, dim=0), many)
