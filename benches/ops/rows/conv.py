import torch
import torch.nn.functional as F
from harness import layer, row
from torch import nn


def rows():
    images = (7, 13, 33, 31)
    row("conv/conv2d_3x5_stride2/7x5x33x31", lambda x, w: F.conv2d(x, w, None, 2, 1), (7, 5, 33, 31), (11, 5, 3, 5))
    row("conv/conv2d_5x3_dilation2/7x5x33x31", lambda x, w: F.conv2d(x, w, None, 1, 2, 2), (7, 5, 33, 31), (11, 5, 5, 3))
    layer("conv/conv2d_3x3/7x13x33x31", lambda: nn.Conv2d(13, 17, 3, padding=1), images)
    layer("conv/conv2d_3x3/7x13x33x31/f64", lambda: nn.Conv2d(13, 17, 3, padding=1), images)
    layer("conv/conv2d_3x3/1x13x33x31", lambda: nn.Conv2d(13, 17, 3, padding=1), (1, 13, 33, 31))
    layer("conv/conv2d_3x3_relu/7x13x33x31", lambda: nn.Sequential(nn.Conv2d(13, 17, 3, padding=1), nn.ReLU()), images)
    layer("conv/conv2d_1x1/7x33x33x31", lambda: nn.Conv2d(33, 65, 1), (7, 33, 33, 31))
    layer("conv/conv2d_7x7_stride3/7x3x65x63", lambda: nn.Conv2d(3, 17, 7, 3, 2), (7, 3, 65, 63))
    layer("conv/conv2d_3x3_groups3/7x33x33x31", lambda: nn.Conv2d(33, 33, 3, padding=1, groups=3), (7, 33, 33, 31))
    layer("conv/conv2d_5x5_depthwise/7x13x33x31", lambda: nn.Conv2d(13, 13, 5, padding=2, groups=13), images)
    layer("conv/conv2d_3x3_stride2_depthwise/7x13x33x31", lambda: nn.Conv2d(13, 13, 3, 2, 1, groups=13), images)
    layer("conv/conv1d_7/7x13x333", lambda: nn.Conv1d(13, 17, 7, padding=3), (7, 13, 333))
    layer("conv/conv1d_7_stride3/7x13x333", lambda: nn.Conv1d(13, 17, 7, 3, 3), (7, 13, 333))
    layer("conv/conv_transpose2d_3x3_stride2/7x13x17x15", lambda: nn.ConvTranspose2d(13, 11, 3, 2, 1), (7, 13, 17, 15))
    layer("conv/conv3d_3/3x5x9x13x11", lambda: nn.Conv3d(5, 7, 3, padding=1), (3, 5, 9, 13, 11))
    row("conv/unfold_3/7x5x33x31", lambda x: F.unfold(x, 3, padding=1), (7, 5, 33, 31))
    row("conv/fold_3/7x45x1023", lambda x: F.fold(x, (33, 31), 3, padding=1), (7, 45, 1023))
    row("conv/conv_transpose1d_3_stride2/7x13x333", lambda x, w: F.conv_transpose1d(x, w, None, 2, 1), (7, 13, 333), (13, 11, 3))
    row("conv/pixel_shuffle_3/7x18x33x31", lambda x: F.pixel_shuffle(x, 3), (7, 18, 33, 31))
    row("conv/pixel_unshuffle_3/7x5x33x30", lambda x: F.pixel_unshuffle(x, 3), (7, 5, 33, 30))
    row("conv/affine_grid/7x2x3", lambda x: F.affine_grid(x, (7, 1, 33, 31), align_corners=False), (7, 2, 3))
    row("conv/grid_sample/7x13x33x31", lambda x, grid: F.grid_sample(x, grid, align_corners=False),
        images, (7, 21, 29, 2), make=torch.rand)
    row("conv/max_pool2d_2/7x13x33x31", lambda x: F.max_pool2d(x, 2), images)
    row("conv/max_pool2d_3_stride2/7x13x33x31", lambda x: F.max_pool2d(x, 3, 2, 1), images)
    row("conv/max_pool2d_3_stride2/7x13x33x31/f64", lambda x: F.max_pool2d(x, 3, 2, 1), images)
    row("conv/avg_pool2d_2/7x13x33x31", lambda x: F.avg_pool2d(x, 2), images)
    row("conv/avg_pool2d_3_stride1/7x13x33x31", lambda x: F.avg_pool2d(x, 3, 1, 1), images)
    row("conv/adaptive_avg_pool2d_7x5/7x13x33x31", lambda x: F.adaptive_avg_pool2d(x, (7, 5)), images)
    row("conv/adaptive_avg_pool2d_1x1/7x13x33x31", lambda x: F.adaptive_avg_pool2d(x, (1, 1)), images)
    row("conv/max_pool1d_3/7x13x333", lambda x: F.max_pool1d(x, 3), (7, 13, 333))
    row("conv/interpolate_nearest_2x/7x13x33x31", lambda x: F.interpolate(x, (66, 62), mode="nearest"), images)
    row("conv/interpolate_bilinear_47x29/7x13x33x31", lambda x: F.interpolate(x, (47, 29), mode="bilinear"), images)
