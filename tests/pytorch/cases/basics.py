"""The operations the library began with."""

import torch
from torch.nn import functional as F

from . import case, inf, nan, randn

CORNERS = [nan, inf, -inf, 0.0, -0.0, 1.0, -2.5, 1e-300, 3e30]

case("add/equal", torch.add, randn(2, 3), randn(2, 3))
case("add/leading_axis", torch.add, randn(4, 3), randn(3))
case("add/longer_right", torch.add, randn(3), randn(2, 4, 3))
case("add/scalar_right", torch.add, randn(2, 3), randn())
case("add/number", lambda x: x + 1.5, CORNERS)
case("add/corners", torch.add, CORNERS, [1.0, -inf, -inf, -0.0, -0.0, nan, 2.5, 0.0, 1.0])
case("add/empty", torch.add, randn(2, 0), randn(2, 0))
case("add/integers", lambda x, k: (x + 1.0, k + k), randn(2), k=[[1, -2], [3, 2**61]])

case("mul/equal", torch.mul, randn(2, 3), randn(2, 3))
case("mul/leading_axis", torch.mul, randn(2, 2, 3), randn(3))
case("mul/longer_right", torch.mul, randn(3), randn(4, 3))
case("mul/number", lambda x: x * -2.0, CORNERS)
case("mul/corners", torch.mul, CORNERS, [1.0, 0.0, -2.0, -3.0, -3.0, nan, 2.0, 1e-300, -inf])

case("relu/corners", F.relu, CORNERS)
case("relu/matrix", F.relu, randn(3, 4))

for n in -2, -1, 0, 1, 2, 3:
    case(f"powi/{n}", lambda x: x**n, [1.0, -2.0, 0.5, inf, -inf, nan, 3.0])
for n in 0, 1, 2, 3:
    case(f"powi/{n}_at_zero", lambda x: x**n, [0.0, -0.0])

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

case("reshape/flat", lambda x: x.reshape(6), randn(2, 3))
case("reshape/deep", lambda x: x.reshape(3, 1, 4), randn(2, 6))

case("linear/matrix", F.linear, randn(2, 3), randn(4, 3))
case("linear/vector", F.linear, randn(3), randn(2, 3))
case("linear/deep", F.linear, randn(2, 2, 3), randn(4, 3))
case("linear/bias", F.linear, randn(2, 3), randn(4, 3), randn(4))
case("linear/no_rows", F.linear, randn(0, 3), randn(4, 3))
