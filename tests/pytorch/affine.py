"""Writes tests/fixtures/affine.csv: affine maps of an image by PyTorch's `affine_grid` and `grid_sample`, as torchvision's
`transforms.functional.affine` calls them. Run from the root of the project.

A line is angle, translation (2), scale, shear (2), 1 if it is bilinear, and the image [2, 5, 7] of i * 37 % 101.
"""

import math

import torch
import torch.nn.functional as F

C, H, W = 2, 5, 7
IMAGE = (torch.arange(C * H * W, dtype=torch.float64) * 37 % 101).reshape(1, C, H, W)

CASES = [
    (0.0, (1.0, -2.0), 1.0, (0.0, 0.0)),
    (90.0, (0.0, 0.0), 1.0, (0.0, 0.0)),
    (17.0, (0.0, 0.0), 1.0, (0.0, 0.0)),
    (0.0, (0.0, 0.0), 1.37, (0.0, 0.0)),
    (0.0, (0.0, 0.0), 1.0, (13.0, 0.0)),
    (0.0, (0.0, 0.0), 1.0, (0.0, -21.0)),
    (-33.0, (1.5, 0.75), 0.81, (8.0, 5.0)),
]


def inverse(angle, translate, scale, shear):
    """torchvision's `_get_inverse_affine_matrix` about the middle."""
    rot, sx, sy = math.radians(angle), math.radians(shear[0]), math.radians(shear[1])
    a = math.cos(rot - sy) / math.cos(sy)
    b = -math.cos(rot - sy) * math.tan(sx) / math.cos(sy) - math.sin(rot)
    c = math.sin(rot - sy) / math.cos(sy)
    d = -math.sin(rot - sy) * math.tan(sx) / math.cos(sy) + math.cos(rot)
    m = [x / scale for x in [d, -b, 0.0, -c, a, 0.0]]
    m[2] += m[0] * -translate[0] + m[1] * -translate[1]
    m[5] += m[3] * -translate[0] + m[4] * -translate[1]
    return torch.tensor(m, dtype=torch.float64).reshape(2, 3)


def affine(angle, translate, scale, shear, mode):
    m = inverse(angle, translate, scale, shear)
    # From pixels about the middle to the numbers from -1 to 1 of `affine_grid`, on both sides.
    size = torch.tensor([W / 2, H / 2], dtype=torch.float64)
    theta = torch.cat([m[:, :2] * size[None, :] / size[:, None], (m[:, 2] / size)[:, None]], 1)
    grid = F.affine_grid(theta[None], [1, C, H, W], align_corners=False)
    return F.grid_sample(IMAGE, grid, mode=mode, padding_mode="zeros", align_corners=False)


with open("tests/fixtures/affine.csv", "w") as file:
    file.write(f"# Written by tests/pytorch/affine.py with PyTorch {torch.__version__}.\n")
    for angle, translate, scale, shear in CASES:
        for mode in ["nearest", "bilinear"]:
            options = [angle, *translate, scale, *shear, float(mode == "bilinear")]
            pixels = affine(angle, translate, scale, shear, mode).flatten().tolist()
            file.write(",".join(repr(x) for x in options + pixels) + "\n")
