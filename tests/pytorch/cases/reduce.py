"""Reductions, softmax and losses. The sums are in basics.py."""

import torch
from torch.nn import functional as F

from . import case, inf, nan, randn

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

case("cross_entropy/random", lambda x, labels: F.cross_entropy(x, labels), randn(4, 3), labels=[0, 2, 2, 1])
case("cross_entropy/large", lambda x, labels: F.cross_entropy(x, labels), LARGE, labels=[1, 0, 2])
case("cross_entropy/one_class", lambda x, labels: F.cross_entropy(x, labels), randn(2, 1), labels=[0, 0])
case(
    "cross_entropy/infinity",
    lambda x, labels: F.cross_entropy(x, labels),
    [[0.5, -inf, 1.5], [-inf, 1.0, 2.0]],
    labels=[0, 2],
)

case("mse/matrix", F.mse_loss, randn(2, 3), randn(2, 3))
case("mse/scalar", F.mse_loss, randn(), randn())
case("mse/corners", F.mse_loss, [nan, inf, 0.0], [1.0, inf, -0.0])
