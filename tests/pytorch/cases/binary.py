"""Two operands element by element, and how their shapes meet."""

import torch

from . import case, inf, nan, randn, uniform

A = [nan, inf, -inf, 0.0, -0.0, 1.0, -2.5, inf, 0.0, 0.0, 3e30]
B = [1.0, inf, inf, -0.0, -0.0, 0.0, nan, 2.0, 0.0, -3.0, -inf]

case("neg/corners", torch.neg, A)
case("neg/matrix", torch.neg, randn(2, 3))

for name, f in ("sub", torch.sub), ("div", torch.div):
    case(f"{name}/equal", f, randn(2, 3), uniform(0.5, 2, 2, 3))
    case(f"{name}/leading_axis", f, randn(2, 2, 3), uniform(0.5, 2, 3))
    case(f"{name}/longer_right", f, randn(3), uniform(0.5, 2, 2, 3))
    case(f"{name}/scalar_right", f, randn(2, 3), 0.75)
    case(f"{name}/corners", f, A, B)
case("sub/number", lambda x: x - 1.5, A)
case("div/number", lambda x: x / 1.5, A)
case("div/zero", lambda x: x / 0.0, A)

case("left/add", lambda x: 1.5 + x, A)
case("left/sub", lambda x: 1.5 - x, A)
case("left/mul", lambda x: -1.5 * x, A)
case("left/div", lambda x: 1.5 / x, A)

ROW, COLUMN = uniform(0.5, 2, 1, 3), uniform(0.5, 2, 2, 1)
for name, f in ("add", torch.add), ("sub", torch.sub), ("mul", torch.mul), ("div", torch.div):
    case(f"expand/{name}_row", f, randn(2, 3), ROW)
    case(f"expand/{name}_column", f, randn(2, 3), COLUMN)
    case(f"expand/{name}_on_the_left", f, COLUMN, uniform(0.5, 2, 2, 3))
case("expand/two_axes", torch.mul, randn(2, 3, 2), randn(1, 3, 1))
case("expand/nothing", torch.mul, randn(2, 3), randn(2, 3))
case("expand/to_no_elements", torch.mul, randn(2, 0), randn(2, 1))

case("broadcast_to/axis", lambda x: x.broadcast_to(2, 3), randn(2, 1))
case("broadcast_to/front", lambda x: x.broadcast_to(2, 3), randn(3))
case("broadcast_to/both", lambda x: x.broadcast_to(2, 3, 2), randn(3, 1))
case("broadcast_to/scalar", lambda x: x.broadcast_to(2, 2), randn())
