"""Reductions beyond the sum, the mean and the maximum, which are in basics.py and reduce.py."""

import torch
from torch.nn import functional as F

from . import case, inf, nan, randn

TIES = [[1.0, 3.0, 3.0], [-2.0, -2.0, -5.0]]
CORNERS = [[nan, 1.0, nan], [inf, -inf, 2.0], [-inf, -inf, -inf], [0.0, -0.0, 0.0], [inf, inf, 0.0]]
ZEROS = [[2.0, 3.0, 0.0], [0.0, 0.0, 3.0], [1.0, -2.0, 4.0]]

case("sum_axes/apart", lambda x: x.sum((0, 2)), randn(2, 3, 4))
case("sum_axes_keepdim/beside", lambda x: x.sum((1, 2), keepdim=True), randn(2, 3, 4))
case("mean_axes/apart", lambda x: x.mean((0, 2)), randn(2, 3, 4))
case("mean_axes/three", lambda x: x.mean((0, 2, 3)), randn(2, 3, 2, 2))

for name, f in ("var", torch.var), ("std", torch.std):
    case(f"{name}/all", f, randn(2, 3))
    case(f"{name}/equal", f, [2.0, 2.0, 2.0])
    case(f"{name}/one", f, [2.0])
    case(f"{name}/infinity", f, [1.0, inf, 2.0])
    case(f"{name}_with/one", lambda x, f=f: f(x, correction=0), [2.0])
    case(f"{name}_with/no_freedom", lambda x, f=f: f(x, correction=2), [1.0, 2.0])
    case(f"{name}_with/negative_freedom", lambda x, f=f: f(x, correction=3), [1.0, 2.0])
    case(f"{name}_axis/first", lambda x, f=f: f(x, 0), randn(2, 3, 4))
    case(f"{name}_axis/empty", lambda x, f=f: f(x, 1), torch.zeros(2, 0))
    case(f"{name}_keepdim/middle", lambda x, f=f: f(x, 1, keepdim=True), randn(2, 3, 4))
    case(f"{name}_axes/apart", lambda x, f=f: f(x, (0, 2)), randn(2, 3, 4))
    case(f"{name}_axes_keepdim_with/apart", lambda x, f=f: f(x, (0, 2), correction=0, keepdim=True), randn(2, 3, 4))

case("logsumexp/all", lambda x: x.logsumexp((0, 1)), randn(2, 3))
case("logsumexp_axis/corners", lambda x: x.logsumexp(-1), CORNERS)
case("logsumexp_axis/empty", lambda x: x.logsumexp(1), torch.zeros(2, 0))
case("logsumexp_axes/apart", lambda x: x.logsumexp((0, 2)), randn(2, 3, 4))

case("prod/all", torch.prod, randn(2, 3))
case("prod/empty", torch.prod, torch.zeros(0))
case("prod_axis/zeros", lambda x: x.prod(-1), ZEROS)
case("prod_axis/middle", lambda x: x.prod(1), randn(2, 3, 4))
case("prod_keepdim/first", lambda x: x.prod(0, keepdim=True), randn(2, 3))

case("cumsum/first", lambda x: x.cumsum(0), randn(2, 3, 4))
case("cumsum/last", lambda x: x.cumsum(-1), randn(2, 3, 4))
case("cumsum/corners", lambda x: x.cumsum(-1), CORNERS)

case("min/ties", torch.min, TIES)
case("min/nan", torch.min, [1.0, nan, 3.0])
case("min_axis_with_indices/ties", lambda x: x.min(-1), TIES)
case("min_axis_with_indices/corners", lambda x: x.min(-1), CORNERS)
case("min_keepdim/first", lambda x: x.min(0, keepdim=True).values, randn(2, 3))
for name, f in ("amax", torch.amax), ("amin", torch.amin):
    case(f"{name}/all", f, TIES)
    case(f"{name}_axis/ties", lambda x, f=f: f(x, -1), TIES)
    case(f"{name}_axis/corners", lambda x, f=f: f(x, -1), CORNERS)
    case(f"{name}_axes/apart", lambda x, f=f: f(x, (0, 2)), randn(2, 3, 4))
    case(f"{name}_keepdim/middle", lambda x, f=f: f(x, 1, keepdim=True), randn(2, 3, 4))

POWERS = {"0": 0, "half": 0.5, "1": 1, "1.5": 1.5, "2": 2, "3": 3, "-1": -1, "inf": inf, "-inf": -inf}
for key, p in POWERS.items():
    case(f"norm_with/{key}", lambda x, p=p: x.norm(p), randn(2, 3))
    case(f"norm_axis_with/{key}_zeros", lambda x, p=p: x.norm(p, -1), ZEROS + [[0.0, 0.0, 0.0]] + TIES)
    case(f"norm_axes_with/{key}", lambda x, p=p: x.norm(p, (0, 2)), randn(2, 3, 4))
case("norm_axis/corners", lambda x: x.norm(2, -1), CORNERS)
case("norm_axis/empty", lambda x: x.norm(2, 1), torch.zeros(2, 0))
case("norm_keepdim/first", lambda x: x.norm(2, 0, keepdim=True), randn(2, 3))
case("normalize/first", lambda x: F.normalize(x, dim=0), randn(2, 3, 4))
case("normalize/zeros", lambda x: F.normalize(x, dim=-1), ZEROS + [[0.0, 0.0, 0.0], [1e-13, 0.0, 0.0]])

case("all/corners", lambda x: x.all(), CORNERS)
case("any/corners", lambda x: x.any(), CORNERS)
case("all_axis/corners", lambda x: x.all(-1), CORNERS)
case("any_axis/corners", lambda x: x.any(-1), CORNERS)
case("any_axis/empty", lambda x: x.any(1), torch.zeros(2, 0))
case("all_axis/empty", lambda x: x.all(1), torch.zeros(2, 0))
case("count_nonzero_axis/corners", lambda x: x.count_nonzero(-1), CORNERS)
