"""Reductions beyond those of reduce.py: over all, one or several axes, with and without keepdim."""

import torch
from torch.nn import functional as F

from . import case, inf, nan, randn, uniform

CORNERS = [[nan, 1.0, nan], [inf, -inf, 2.0], [-inf, -inf, -inf], [0.0, -0.0, 0.0], [inf, inf, 0.0], [3.0, 3.0, 1.0]]


def logsumexp(x, dim=None, keepdim=False):
    return torch.logsumexp(x, tuple(range(x.dim())) if dim is None else dim, keepdim)


def vector_norm(p):
    return lambda x, dim=None, keepdim=False: torch.linalg.vector_norm(x, p, dim, keepdim)


FUNCTIONS = dict(
    sum=torch.sum,
    mean=torch.mean,
    amax=torch.amax,
    amin=torch.amin,
    logsumexp=logsumexp,
    norm=vector_norm(2),
    var=torch.var,
    std=torch.std,
)
for name, f in FUNCTIONS.items():
    case(f"{name}/all", lambda x: f(x), randn(2, 3))
    case(f"{name}/axis", lambda x: f(x, dim=1), randn(2, 3, 2))
    case(f"{name}/keepdim", lambda x: f(x, dim=0, keepdim=True), randn(2, 3))
    case(f"{name}/axes", lambda x: f(x, dim=(0, 2)), randn(2, 3, 2))
    case(f"{name}/axes_keepdim", lambda x: f(x, dim=(0, -1), keepdim=True), randn(2, 3, 2))
    case(f"{name}/corners", lambda x: f(x, dim=-1), CORNERS)
    case(f"{name}/constant", lambda x: f(x, dim=-1), [[2.0, 2.0, 2.0], [0.0, 0.0, 0.0]])
for name, f in ("var", torch.var), ("std", torch.std):
    case(f"{name}/one", lambda x: f(x, dim=-1), randn(2, 1))
    case(f"{name}/with_all", lambda x: f(x, correction=0), randn(2, 3))
    case(f"{name}/with_axis", lambda x: f(x, dim=-1, correction=0), randn(2, 3))
    case(f"{name}/with_keepdim", lambda x: f(x, dim=0, correction=2, keepdim=True), randn(4, 2))
    case(f"{name}/with_axes", lambda x: f(x, dim=(0, 2), correction=0), randn(2, 3, 2))
    # Values only: PyTorch has another infinite gradient for all elements than for an axis.
    case(f"{name}/with_none_left", lambda x: f(x.detach(), dim=-1, correction=3), randn(2, 3))
    case(f"{name}/far_from_zero", lambda x: f(x, dim=-1), [[1e4, 1e4 + 1, 1e4 + 2]])
for p in 0, 1, 3, -1, inf, -inf, 2.5:
    case(f"norm/p={p}", lambda x: vector_norm(p)(x, -1), [[1.0, -2.0, 0.5], [0.25, 3.0, -3.0]])
    case(f"norm/p={p}_zeros", lambda x: vector_norm(p)(x, -1), [[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
case("norm/p=1_all", lambda x: vector_norm(1)(x), randn(2, 3))
case("norm/p=3_axes", lambda x: vector_norm(3)(x, (0, 2)), randn(2, 3, 2))

case("prod/all", lambda x: x.prod(), randn(2, 3))
case("prod/axis", lambda x: x.prod(1), randn(2, 3, 2))
case("prod/keepdim", lambda x: x.prod(0, keepdim=True), randn(2, 3))
case("prod/zeros", lambda x: x.prod(-1), [[2.0, 0.0, 3.0], [0.0, 5.0, 0.0], [1.0, -1.0, -0.0]])
case("prod/all_one_zero", lambda x: x.prod(), [2.0, 0.0, 3.0])
case("prod/all_two_zeros", lambda x: x.prod(), [2.0, 0.0, 0.0])
case("prod/empty", lambda x: x.prod(), torch.zeros(0))
case("cumsum/first", lambda x: x.cumsum(0), randn(3, 2))
case("cumsum/last", lambda x: x.cumsum(-1), randn(2, 3))
case("cumsum/middle", lambda x: x.cumsum(1), randn(2, 3, 2))
case("cumsum/corners", lambda x: x.cumsum(-1), CORNERS)
case("norm/p=3_keepdim", lambda x: vector_norm(3)(x, 1, True), randn(2, 3, 2))
case("norm/p=3_axes_keepdim", lambda x: vector_norm(3)(x, (0, 2), True), randn(2, 3, 2))
case("normalize/last", lambda x: F.normalize(x, dim=-1), randn(2, 3))
case("normalize/first", lambda x: F.normalize(x, dim=0), randn(2, 3))
case("normalize/zeros", lambda x: F.normalize(x, dim=-1), [[0.0, 0.0], [3.0, -4.0]])
case("logsumexp/large", lambda x: x.logsumexp(-1), [[1000.0, 999.0], [-1000.0, -1000.0], [-inf, -inf], [-inf, 2.0]])

case("min/all", torch.min, randn(2, 3))
case("min/ties", torch.min, [[1.0, 1.0, 3.0], [2.0, 1.0, 5.0]])
case("min_axis/middle", lambda x: x.min(1).values, randn(2, 3, 2))
case("min_keepdim/first", lambda x: x.min(0, keepdim=True).values, randn(2, 3))
case("min_axis_with_indices/corners", lambda x: x.min(-1), CORNERS)
case("argmax_keepdim/last", lambda x: x.argmax(-1, keepdim=True), randn(2, 3))
case("argmin_keepdim/first", lambda x: x.argmin(0, keepdim=True), randn(2, 3))

case("all/corners", lambda x: x.all(-1), CORNERS)
case("all/whole", lambda x: x.all(), CORNERS)
case("all/keepdim", lambda x: x.all(0, keepdim=True), CORNERS)
case("all/empty", lambda x: x.all(), torch.zeros(0))
case("any/corners", lambda x: x.any(-1), CORNERS)
case("any/whole", lambda x: x.any(), CORNERS)
case("any/keepdim", lambda x: x.any(0, keepdim=True), CORNERS)
case("any/empty", lambda x: x.any(), torch.zeros(0))
case("count_nonzero/whole", lambda x: x.count_nonzero(), CORNERS)
case("count_nonzero/axis", lambda x: x.count_nonzero(-1), CORNERS)
