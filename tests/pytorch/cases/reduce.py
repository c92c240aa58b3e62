"""Reductions over all, one or several axes, softmax and running sums."""

import torch
from torch import nn

from . import case, inf, layer, nan, randn

case("sum/all", torch.sum, randn(2, 3))
case("sum/scalar", torch.sum, randn())
case("sum/empty", torch.sum, randn(0, 3))
case("sum/corners", torch.sum, [[1.0, inf], [2.0, -inf]])
case("sum_axis/first", lambda x: x.sum(0), randn(2, 3, 2))
case("sum_axis/middle", lambda x: x.sum(1), randn(2, 3, 2))
case("sum_axis/last", lambda x: x.sum(-1), randn(2, 3, 2))
case("sum_axis/size_one", lambda x: x.sum(1), randn(3, 1))
case("sum_axis/empty", lambda x: x.sum(0), randn(0, 3))
case("sum_axis/corners", lambda x: x.sum(0), [[nan, inf, -0.0], [1.0, 1.0, -0.0]])
case("sum_keepdim/first", lambda x: x.sum(0, keepdim=True), randn(2, 3))
case("sum_keepdim/last", lambda x: x.sum(-1, keepdim=True), randn(2, 3))

TIES = [[1.0, 3.0, 3.0], [-2.0, -2.0, -5.0]]
CORNERS = [[nan, 1.0, nan], [inf, -inf, 2.0], [-inf, -inf, -inf], [0.0, -0.0, 0.0], [inf, inf, 0.0]]
case("mean/all", torch.mean, randn(2, 3))
case("mean/scalar", torch.mean, randn())
case("mean/empty", torch.mean, torch.zeros(0, 3))
case("mean/corners", torch.mean, CORNERS)
case("mean_axis/first", lambda x: x.mean(0), randn(2, 3, 2))
case("mean_axis/middle", lambda x: x.mean(1), randn(2, 3, 2))
case("mean_axis/last", lambda x: x.mean(-1), randn(2, 3, 2))
case("mean_axis/corners", lambda x: x.mean(-1), CORNERS)
case("mean_axis/empty", lambda x: x.mean(0), torch.zeros(0, 3))
case("mean_keepdim/first", lambda x: x.mean(0, keepdim=True), randn(2, 3))
case("mean_keepdim/last", lambda x: x.mean(-1, keepdim=True), randn(2, 3))
case("max/all", torch.max, randn(2, 3))
case("max/scalar", torch.max, randn())
case("max/ties", torch.max, TIES)
case("max/nan", torch.max, [1.0, nan, 3.0])
case("max/infinity", torch.max, [inf, -inf, inf])
case("max_axis/first", lambda x: x.max(0).values, randn(2, 3, 2))
case("max_axis/middle", lambda x: x.max(1).values, randn(2, 3, 2))
case("max_axis/last", lambda x: x.max(-1).values, randn(2, 3, 2))
case("max_axis/size_one", lambda x: x.max(1).values, randn(3, 1))
case("max_keepdim/first", lambda x: x.max(0, keepdim=True).values, randn(2, 3))
case("max_keepdim/last", lambda x: x.max(-1, keepdim=True).values, randn(2, 3))
case("max_axis_with_indices/random", lambda x: x.max(-1), randn(3, 4))
case("max_axis_with_indices/ties", lambda x: x.max(-1), TIES)
case("max_axis_with_indices/corners", lambda x: x.max(-1), CORNERS)
case("max_axis_with_indices/ties_first", lambda x: x.max(0), TIES)
case("argmax/random", torch.argmax, randn(3, 4))
case("argmin/random", torch.argmin, randn(3, 4))
case("argmax/ties", torch.argmax, TIES)
case("argmin/ties", torch.argmin, TIES)
case("argmax/nan", torch.argmax, CORNERS)
case("argmin/nan", torch.argmin, CORNERS)
case("argmax_axis/first", lambda x: x.argmax(0), randn(3, 4))
case("argmin_axis/first", lambda x: x.argmin(0), randn(3, 4))
case("argmax_axis/middle", lambda x: x.argmax(1), randn(2, 3, 2))
case("argmax_axis/ties", lambda x: x.argmax(-1), TIES)
case("argmin_axis/ties", lambda x: x.argmin(-1), TIES)
case("argmax_axis/corners", lambda x: x.argmax(-1), CORNERS)
case("argmin_axis/corners", lambda x: x.argmin(-1), CORNERS)
LARGE = [[1000.0, 0.0, -1000.0], [-1e5, -1e5, -1e5], [88.0, 89.0, 90.0]]
for name, f in ("softmax", torch.softmax), ("log_softmax", torch.log_softmax):
    case(f"{name}/first", lambda x: f(x, 0), randn(2, 3, 2))
    case(f"{name}/middle", lambda x: f(x, 1), randn(2, 3, 2))
    case(f"{name}/last", lambda x: f(x, -1), randn(2, 3, 2))
    case(f"{name}/large", lambda x: f(x, -1), LARGE)
    case(f"{name}/one", lambda x: f(x, -1), randn(3, 1))
    case(f"{name}/empty", lambda x: f(x, -1), torch.zeros(3, 0))
    case(f"{name}/masked", lambda x: f(x, -1), [[0.5, -inf, 1.5], [-inf, -inf, 2.0]])
    case(f"{name}/corners", lambda x: f(x, -1), CORNERS)

layer("softmax/layer", nn.Softmax(dim=0), randn(3, 4), seed="activation/softmax")
layer("log_softmax/layer", nn.LogSoftmax(dim=-1), randn(3, 4), seed="activation/log_softmax")

# Integers. The input is there because a case has one; output 1 is compared.
case("max/of_integers", lambda x, k: (x + 0, k.max()), [1.0], k=[[3, -7, 0], [2, 2, 2**40]], seed="whole/max")
case("argmax_axis/of_integers", lambda x, k: (x + 0, k.argmax(-1)), [1.0], k=[[3, -7, 0], [2, 2, 2**40]], seed="whole/argmax_axis")

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
case("all/corners", lambda x: x.all(), CORNERS)
case("any/corners", lambda x: x.any(), CORNERS)
case("all_axis/corners", lambda x: x.all(-1), CORNERS)
case("any_axis/corners", lambda x: x.any(-1), CORNERS)
case("any_axis/empty", lambda x: x.any(1), torch.zeros(2, 0))
case("all_axis/empty", lambda x: x.all(1), torch.zeros(2, 0))
case("count_nonzero_axis/corners", lambda x: x.count_nonzero(-1), CORNERS)

# Each reduction in its forms.
SIX = [[nan, 1.0, nan], [inf, -inf, 2.0], [-inf, -inf, -inf], [0.0, -0.0, 0.0], [inf, inf, 0.0], [3.0, 3.0, 1.0]]


def logsumexp(x, dim=None, keepdim=False):
    return torch.logsumexp(x, tuple(range(x.dim())) if dim is None else dim, keepdim)


def vector_norm(p):
    return lambda x, dim=None, keepdim=False: torch.linalg.vector_norm(x, p, dim, keepdim)


def form(name, which, function, x):
    case(f"{name}/form_{which}", function, x, seed=f"{name}/{which}")


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
    form(name, "all", lambda x: f(x), randn(2, 3))
    form(name, "axis", lambda x: f(x, dim=1), randn(2, 3, 2))
    form(name, "keepdim", lambda x: f(x, dim=0, keepdim=True), randn(2, 3))
    form(name, "axes", lambda x: f(x, dim=(0, 2)), randn(2, 3, 2))
    form(name, "axes_keepdim", lambda x: f(x, dim=(0, -1), keepdim=True), randn(2, 3, 2))
    form(name, "corners", lambda x: f(x, dim=-1), SIX)
    form(name, "constant", lambda x: f(x, dim=-1), [[2.0, 2.0, 2.0], [0.0, 0.0, 0.0]])
for name, f in ("var", torch.var), ("std", torch.std):
    form(name, "one", lambda x: f(x, dim=-1), randn(2, 1))
    form(name, "with_all", lambda x: f(x, correction=0), randn(2, 3))
    form(name, "with_axis", lambda x: f(x, dim=-1, correction=0), randn(2, 3))
    form(name, "with_keepdim", lambda x: f(x, dim=0, correction=2, keepdim=True), randn(4, 2))
    form(name, "with_axes", lambda x: f(x, dim=(0, 2), correction=0), randn(2, 3, 2))
    # Values only: PyTorch has another infinite gradient for all elements than for an axis.
    form(name, "with_none_left", lambda x: f(x.detach(), dim=-1, correction=3), randn(2, 3))
    form(name, "far_from_zero", lambda x: f(x, dim=-1), [[1e4, 1e4 + 1, 1e4 + 2]])
for p in 0, 1, 3, -1, inf, -inf, 2.5:
    case(f"norm/p={p}", lambda x: vector_norm(p)(x, -1), [[1.0, -2.0, 0.5], [0.25, 3.0, -3.0]])
    case(f"norm/p={p}_zeros", lambda x: vector_norm(p)(x, -1), [[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
case("norm/p=1_all", lambda x: vector_norm(1)(x), randn(2, 3))
case("norm/p=3_axes", lambda x: vector_norm(3)(x, (0, 2)), randn(2, 3, 2))
case("prod/axis", lambda x: x.prod(1), randn(2, 3, 2))
case("prod/keepdim", lambda x: x.prod(0, keepdim=True), randn(2, 3))
case("prod/zeros", lambda x: x.prod(-1), [[2.0, 0.0, 3.0], [0.0, 5.0, 0.0], [1.0, -1.0, -0.0]])
case("prod/all_one_zero", lambda x: x.prod(), [2.0, 0.0, 3.0])
case("prod/all_two_zeros", lambda x: x.prod(), [2.0, 0.0, 0.0])
case("cumsum/first_of_two", lambda x: x.cumsum(0), randn(3, 2), seed="cumsum/first")
case("cumsum/last_of_two", lambda x: x.cumsum(-1), randn(2, 3), seed="cumsum/last")
case("cumsum/middle", lambda x: x.cumsum(1), randn(2, 3, 2))
case("cumsum/corners_of_six", lambda x: x.cumsum(-1), SIX, seed="cumsum/corners")
case("norm/p=3_keepdim", lambda x: vector_norm(3)(x, 1, True), randn(2, 3, 2))
case("norm/p=3_axes_keepdim", lambda x: vector_norm(3)(x, (0, 2), True), randn(2, 3, 2))
case("logsumexp/large", lambda x: x.logsumexp(-1), [[1000.0, 999.0], [-1000.0, -1000.0], [-inf, -inf], [-inf, 2.0]])

case("min/all", torch.min, randn(2, 3))
case("min/first_ties", torch.min, [[1.0, 1.0, 3.0], [2.0, 1.0, 5.0]], seed="min/ties")
case("min_axis/middle", lambda x: x.min(1).values, randn(2, 3, 2))
case("min_axis_with_indices/corners_of_six", lambda x: x.min(-1), SIX, seed="min_axis_with_indices/corners")
case("argmax_keepdim/last", lambda x: x.argmax(-1, keepdim=True), randn(2, 3))
case("argmin_keepdim/first", lambda x: x.argmin(0, keepdim=True), randn(2, 3))

case("all/axis_corners", lambda x: x.all(-1), SIX, seed="all/corners")
case("all/whole", lambda x: x.all(), SIX)
case("all/keepdim", lambda x: x.all(0, keepdim=True), SIX)
case("all/empty", lambda x: x.all(), torch.zeros(0))
case("any/axis_corners", lambda x: x.any(-1), SIX, seed="any/corners")
case("any/whole", lambda x: x.any(), SIX)
case("any/keepdim", lambda x: x.any(0, keepdim=True), SIX)
case("any/empty", lambda x: x.any(), torch.zeros(0))
case("count_nonzero/whole", lambda x: x.count_nonzero(), SIX)
case("count_nonzero/axis", lambda x: x.count_nonzero(-1), SIX)

for name, f in ("max", torch.max), ("min", torch.min):
    case(f"{name}_keepdim_with_indices/first", lambda x, f=f: f(x, 0, keepdim=True), randn(3, 4))
    case(f"{name}_keepdim_with_indices/corners", lambda x, f=f: f(x, -1, keepdim=True), CORNERS)
for name, f in ("var", torch.var), ("std", torch.std):
    case(f"{name}_with/fraction", lambda x, f=f: f(x, correction=1.5), randn(2, 3))
    case(f"{name}_axis_with/negative", lambda x, f=f: f(x, 1, correction=-2), randn(2, 3, 2))
    case(f"{name}_axis_with/less_than_none_left", lambda x, f=f: f(x.detach(), -1, correction=3.5), randn(2, 3))
    case(f"{name}_keepdim_with/almost_none_left", lambda x, f=f: f(x, -1, correction=2.75, keepdim=True), randn(2, 3))

# Running products, maxima and minima, medians and quantiles.
FEW_NANS = [[1.0, nan, 0.5], [3.0, 2.0, -1.0], [2.0, 5.0, nan], [-inf, 4.0, 0.25]]
ZEROS = [[2.0, 0.0, 3.0, 0.0, 5.0], [1.0, -2.0, 3.0, -0.5, 0.25]]
NANS = [[1.0, nan, 3.0, 2.0], [nan, nan, nan, nan], [4.0, inf, -inf, 0.0], [5.0, 6.0, 7.0, 9.0]]
for name, axis, shape in ("first", 0, (4, 3)), ("middle", 1, (2, 5, 3)), ("last", -1, (3, 7)):
    case(f"cumprod/{name}", lambda x, axis=axis: x.cumprod(axis), randn(*shape))
    case(f"cummax/{name}", lambda x, axis=axis: x.cummax(axis), randn(*shape))
    case(f"cummin/{name}", lambda x, axis=axis: x.cummin(axis), randn(*shape))
    case(f"median_axis_with_indices/{name}", lambda x, axis=axis: x.median(axis), randn(*shape))
    case(f"median_keepdim/{name}", lambda x, axis=axis: x.median(axis, keepdim=True).values, randn(*shape))
    case(f"quantile_axis/{name}", lambda x, axis=axis: x.quantile(0.3, axis), randn(*shape))
    case(f"quantile_keepdim/{name}", lambda x, axis=axis: x.quantile(0.75, axis, keepdim=True), randn(*shape))
    case(f"diff/{name}", lambda x, axis=axis: x.diff(dim=axis), randn(*shape))
case("cumprod/zeros", lambda x: x.cumprod(-1), ZEROS)
case("cummax/corners", lambda x: x.cummax(-1), [[1.0, 3.0, 3.0, 2.0, nan, 5.0, nan]])
case("cummin/corners", lambda x: x.cummin(-1), [[1.0, 3.0, 1.0, 2.0, nan, 5.0, nan]])
case("median/all", lambda x: x.median(), randn(3, 4))
case("median/ties", lambda x: x.median(), [2.0, 1.0, 2.0, 5.0])
case("median/nan", lambda x: x.median(), [2.0, nan, 1.0, nan])
case("median_axis/nan", lambda x: x.median(-1).values, NANS[:1] + NANS[3:])
case("quantile/all", lambda x: x.quantile(0.4), randn(3, 4))
case("quantile/ends", lambda x: x.quantile(1.0), randn(3, 4))
case("quantile_axis/nan", lambda x: x.detach().quantile(0.6, -1), NANS)
for mode in ("lower", "higher", "midpoint", "nearest"):
    case(f"quantile_with/{mode}", lambda x, mode=mode: x.quantile(0.4, interpolation=mode), randn(3, 4))
    case(f"quantile_axis_with/{mode}", lambda x, mode=mode: x.quantile(0.5, 0, interpolation=mode), randn(6, 3))
    case(f"nanquantile_axis_with/{mode}", lambda x, mode=mode: x.detach().nanquantile(0.7, -1, interpolation=mode), NANS)
    case(f"quantile_keepdim_with/{mode}", lambda x, mode=mode: x.quantile(0.3, 1, True, interpolation=mode), randn(2, 5, 3))
    case(f"nanquantile_with/{mode}", lambda x, mode=mode: x.nanquantile(0.4, interpolation=mode), [1.0, nan, 3.0, 2.5, 7.0])
    case(f"nanquantile_keepdim_with/{mode}", lambda x, mode=mode: x.nanquantile(0.6, 0, True, interpolation=mode), FEW_NANS)
case("nanquantile/all", lambda x: x.nanquantile(0.4), [1.0, nan, 3.0, 2.5, 7.0])
case("nanquantile_axis/nan", lambda x: x.detach().nanquantile(0.6, -1), NANS)
case("nanquantile_axis/gradient", lambda x: x.nanquantile(0.6, 0), [[1.0, nan], [3.0, 2.0], [2.0, 5.0]])
case("nanquantile_keepdim/nan", lambda x: x.detach().nanquantile(0.25, 0, keepdim=True), NANS)
case("nansum/all", lambda x: x.nansum(), NANS)
case("nansum_axis/last", lambda x: x.nansum(-1), NANS)
case("nansum_keepdim/first", lambda x: x.nansum(0, keepdim=True), NANS)
case("nansum_axes/apart", lambda x: x.nansum((0, 2)), [NANS, NANS[::-1]])
case("nanmean/all", lambda x: x.nanmean(), [[1.0, nan], [3.0, 5.0]])
case("nanmean_axis/last", lambda x: x.nanmean(-1), NANS)
case("nanmean_keepdim/first", lambda x: x.nanmean(0, keepdim=True), NANS)
case("nanmean_axes/apart", lambda x: x.nanmean((0, 2)), [NANS, NANS[::-1]])
case("trace/wide", lambda x: x.trace(), randn(3, 5))
case("trace/high", lambda x: x.trace(), randn(4, 2))
case("histc/some", lambda x: x.detach().histc(5, -1.0, 2.0), [-1.0, 2.0, 0.25, 1.99, nan, 5.0, -2.0, 0.3, 0.7], seed="histc")
case("histc/all", lambda x: x.detach().histc(3), [1.0, 2.0, 0.25, 1.99])
case("sum/mask", lambda x, mask: (x + 0, mask.sum()), [1.0], mask=[[True, False], [True, True]])
case("sum_axis/mask", lambda x, mask: (x + 0, mask.sum(0)), [1.0], mask=[[True, False], [True, True]])
