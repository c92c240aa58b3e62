"""Functions of two operands that are not operators: powers, angles, remainders, extremes."""

import torch

from . import case, inf, nan, randn, uniform

A = [nan, inf, -inf, 0.0, -0.0, 1.0, -2.5, inf, 0.0, 0.0, 3.5, -1.0, 2.0]
B = [1.0, inf, inf, -0.0, -0.0, 0.0, nan, 2.0, 0.0, -3.0, -inf, 0.5, 2.0]

for name, f in dict(
    pow=torch.pow, atan2=torch.atan2, fmod=torch.fmod, remainder=torch.remainder, maximum=torch.maximum, minimum=torch.minimum
).items():
    case(f"{name}/equal", f, uniform(0.5, 3, 2, 3), uniform(0.5, 2, 2, 3))
    case(f"{name}/leading_axis", f, uniform(0.5, 3, 2, 3), uniform(0.5, 2, 3))
    case(f"{name}/longer_right", f, uniform(0.5, 3, 3), uniform(0.5, 2, 2, 3))
    case(f"{name}/stretched", f, uniform(0.5, 3, 2, 3), uniform(0.5, 2, 2, 1))
    # Which zero is the larger one depends on the width of the machine's vectors.
    a = [y if x == y == 0 else x for x, y in zip(A, B)] if "imum" in name else A
    case(f"{name}/corners", f, a, B)
    case(f"{name}/corners_exchanged", f, B, a)
for name, f in ("fmod", torch.fmod), ("remainder", torch.remainder):
    case(f"{name}/signs", f, [5.5, -5.5, 5.5, -5.5, 6.0, -6.0], [2.0, 2.0, -2.0, -2.0, 2.0, -3.0])
    case(f"{name}/number", lambda x: f(x, 2.0), A)
case("maximum/ties", torch.maximum, [1.0, 0.0, -2.0], [1.0, 0.0, -2.0])
case("minimum/ties", torch.minimum, [1.0, 0.0, -2.0], [1.0, 0.0, -2.0])
for p in 2.0, 0.5, 0.0, -1.5, 3.0:
    case(f"powf/{p}", lambda x: x.pow(p), A)
case("pow/number", lambda x: x.pow(2.5), uniform(0.5, 2, 3))

case("lerp/number", lambda a, b: a.lerp(b, 0.25), randn(2, 3), randn(2, 3))
case("lerp/number_large", lambda a, b: a.lerp(b, 0.75), randn(2, 3), randn(3))
case("lerp/weights", torch.lerp, randn(2, 3), randn(2, 3), uniform(0, 1, 2, 3))
case("lerp/corners", torch.lerp, [nan, inf, 0.0, 1.0, 1.0], [1.0, 1.0, inf, -0.0, nan], [0.5, 0.5, 0.0, 1.0, 0.0])
