"""Element-wise operations, and their layers."""

import torch
from torch import nn
from torch.nn import functional as F

from . import case, inf, layer, nan, randn, uniform

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

LEFT = [nan, inf, -inf, 0.0, -0.0, 1.0, -2.5, inf, 0.0, 0.0, 3e30]
RIGHT = [1.0, inf, inf, -0.0, -0.0, 0.0, nan, 2.0, 0.0, -3.0, -inf]

case("neg/corners", torch.neg, LEFT)
case("neg/matrix", torch.neg, randn(2, 3))

for name, f in ("sub", torch.sub), ("div", torch.div):
    case(f"{name}/equal", f, randn(2, 3), uniform(0.5, 2, 2, 3))
    case(f"{name}/leading_axis", f, randn(2, 2, 3), uniform(0.5, 2, 3))
    case(f"{name}/longer_right", f, randn(3), uniform(0.5, 2, 2, 3))
    case(f"{name}/scalar_right", f, randn(2, 3), 0.75)
    case(f"{name}/corners", f, LEFT, RIGHT)
case("sub/number", lambda x: x - 1.5, LEFT)
case("div/number", lambda x: x / 1.5, LEFT)
case("div/zero", lambda x: x / 0.0, LEFT)

case("add/left", lambda x: 1.5 + x, LEFT, seed="left/add")
case("sub/left", lambda x: 1.5 - x, LEFT, seed="left/sub")
case("mul/left", lambda x: -1.5 * x, LEFT, seed="left/mul")
case("div/left", lambda x: 1.5 / x, LEFT, seed="left/div")

# Integers. The input is there because a case has one; output 1 is compared.
K = [[3, -7, 0], [2, 2, 2**40]]
J = [[-2, 5, 4], [2, 0, -1]]


def of_integers(name, f, **constants):
    case(f"{name}/of_integers", lambda x, **k: (x + 0, f(**k)), [1.0], seed=f"whole/{name}", **constants)


of_integers("add", lambda k, j: k + j, k=K, j=J)
of_integers("sub", lambda k, j: k - j, k=K, j=J)
of_integers("mul", lambda k, j: k * j, k=K, j=J)
of_integers("neg", lambda k: -k, k=K)
of_integers("abs", lambda k: k.abs(), k=K)
of_integers("sign", lambda k: k.sign(), k=K)
of_integers("clamp", lambda k: k.clamp(-1, 2), k=K)
of_integers("clamp_min", lambda k: k.clamp_min(0), k=K)

LINE = [nan, inf, -inf, 0.0, -0.0, 1.0, -1.0]
VALUES = [0.3, -0.7, 1.5, 2.5, -2.5, 3.0, -3.0, 6.0, 20.5, -20.5, 90.0, -100.0, 1e-5, -1e-9, 0.5, -0.5]


def gelu(x):
    # In f32 PyTorch makes NaN of infinity, in f64 it does not.
    return F.gelu(x.double()).to(x.dtype)


def hardsigmoid(x):
    # The gradient that PyTorch takes is 1/6 in f32, also for f64.
    inside = (x > -3) & (x < 3)
    return torch.where(inside, x / 6 + 0.5, F.hardsigmoid(x.detach()))


FUNCTIONS = dict(
    # Exponentials, logarithms, powers.
    exp=torch.exp,
    exp2=torch.exp2,
    expm1=torch.expm1,
    ln=torch.log,
    log2=torch.log2,
    log10=torch.log10,
    log1p=torch.log1p,
    sqrt=torch.sqrt,
    rsqrt=torch.rsqrt,
    square=torch.square,
    reciprocal=torch.reciprocal,
    # Trigonometric and hyperbolic.
    sin=torch.sin,
    cos=torch.cos,
    tan=torch.tan,
    asin=torch.asin,
    acos=torch.acos,
    atan=torch.atan,
    sinh=torch.sinh,
    cosh=torch.cosh,
    tanh=torch.tanh,
    asinh=torch.asinh,
    acosh=torch.acosh,
    atanh=torch.atanh,
    erf=torch.erf,
    erfc=torch.erfc,
    # Signs and integers.
    abs=torch.abs,
    sign=torch.sign,
    floor=torch.floor,
    ceil=torch.ceil,
    round=torch.round,
    trunc=torch.trunc,
    frac=torch.frac,
    # Activations.
    sigmoid=torch.sigmoid,
    log_sigmoid=F.logsigmoid,
    silu=F.silu,
    mish=F.mish,
    gelu=gelu,
    gelu_tanh=lambda x: F.gelu(x, approximate="tanh"),
    relu6=F.relu6,
    hardsigmoid=hardsigmoid,
    hardswish=F.hardswish,
    softsign=F.softsign,
    # With arguments.
    softplus=lambda x: F.softplus(x, 1.0, 20.0),
    softplus_sharp=lambda x: F.softplus(x, 2.0, 4.0),
    leaky_relu=lambda x: F.leaky_relu(x, 0.01),
    elu=lambda x: F.elu(x, 1.5),
    hardtanh=lambda x: F.hardtanh(x, -1.0, 1.0),
    threshold=lambda x: F.threshold(x, 0.5, -7.0),
    clamp=lambda x: x.clamp(-1.0, 2.5),
    clamp_reversed=lambda x: x.clamp(1.0, -1.0),
    clamp_to_nan=lambda x: x.clamp(nan, 1.0),
    clip=lambda x: x.clip(-3.0, 3.0),
    clamp_min=lambda x: x.clamp_min(0.0),
    clamp_max=lambda x: x.clamp_max(0.0),
)
for name, function in FUNCTIONS.items():
    # The gradient of softsign at infinity is NaN in PyTorch, which computes it from other functions; here it is 0.
    case(f"{name}/corners", function, [x for x in LINE if abs(x) != inf] if name == "softsign" else LINE)
    case(f"{name}/values", function, VALUES)
case("exp/empty", torch.exp, torch.zeros(2, 0))
case("sigmoid/scalar", torch.sigmoid, 0.25)

# Functions of two operands that are not operators.
P = [nan, inf, -inf, 0.0, -0.0, 1.0, -2.5, inf, 0.0, 0.0, 3.5, -1.0, 2.0]
Q = [1.0, inf, inf, -0.0, -0.0, 0.0, nan, 2.0, 0.0, -3.0, -inf, 0.5, 2.0]

for name, f in dict(
    pow=torch.pow, atan2=torch.atan2, fmod=torch.fmod, remainder=torch.remainder, maximum=torch.maximum, minimum=torch.minimum
).items():
    case(f"{name}/equal", f, uniform(0.5, 3, 2, 3), uniform(0.5, 2, 2, 3))
    case(f"{name}/leading_axis", f, uniform(0.5, 3, 2, 3), uniform(0.5, 2, 3))
    case(f"{name}/longer_right", f, uniform(0.5, 3, 3), uniform(0.5, 2, 2, 3))
    case(f"{name}/stretched", f, uniform(0.5, 3, 2, 3), uniform(0.5, 2, 2, 1))
    # Which zero is the larger one depends on the width of the machine's vectors.
    a = [y if x == y == 0 else x for x, y in zip(P, Q)] if "imum" in name else P
    case(f"{name}/corners", f, a, Q)
    case(f"{name}/corners_exchanged", f, Q, a)
for name, f in ("fmod", torch.fmod), ("remainder", torch.remainder):
    case(f"{name}/signs", f, [5.5, -5.5, 5.5, -5.5, 6.0, -6.0], [2.0, 2.0, -2.0, -2.0, 2.0, -3.0])
    case(f"{name}/number", lambda x: f(x, 2.0), P)
case("maximum/ties", torch.maximum, [1.0, 0.0, -2.0], [1.0, 0.0, -2.0])
case("minimum/ties", torch.minimum, [1.0, 0.0, -2.0], [1.0, 0.0, -2.0])
for p in 2.0, 0.5, 0.0, -1.5, 3.0:
    case(f"powf/{p}", lambda x: x.pow(p), P)
case("pow/number", lambda x: x.pow(2.5), uniform(0.5, 2, 3))

case("lerp/number", lambda a, b: a.lerp(b, 0.25), randn(2, 3), randn(2, 3))
case("lerp/number_large", lambda a, b: a.lerp(b, 0.75), randn(2, 3), randn(3))
case("lerp/weights", torch.lerp, randn(2, 3), randn(2, 3), uniform(0, 1, 2, 3))
case("lerp/corners", torch.lerp, [nan, inf, 0.0, 1.0, 1.0], [1.0, 1.0, inf, -0.0, nan], [0.5, 0.5, 0.0, 1.0, 0.0])

# Masks, and the elements that they select.
M = [nan, inf, -inf, 0.0, -0.0, 1.0, 2.0, nan]
N = [nan, inf, inf, -0.0, 0.0, 2.0, 1.0, 0.0]

for name in "eq", "ne", "lt", "le", "gt", "ge", "logical_and", "logical_or", "logical_xor":
    case(f"{name}/corners", getattr(torch, name), M, N)
for name in "eq", "ne", "lt", "le", "gt", "ge":
    case(f"{name}/number", lambda x: getattr(torch, name)(x, 1.0), M)
case("gt/leading_axis", torch.gt, randn(2, 3), randn(3))
case("logical_not/corners", torch.logical_not, M)
case("isnan/corners", torch.isnan, M)
case("isinf/corners", torch.isinf, M)
case("isfinite/corners", torch.isfinite, M)

MASK = [[True, False, True], [False, False, True]]
case("where/equal", lambda a, b, mask: torch.where(mask, a, b), randn(2, 3), randn(2, 3), mask=MASK)
case("where/leading_axis", lambda a, b, mask: torch.where(mask, a, b), randn(2, 3), randn(3), mask=MASK)
case("where/mask_of_row", lambda a, b, mask: torch.where(mask, a, b), randn(2, 3), randn(2, 3), mask=MASK[0])
case("where/number", lambda a, mask: torch.where(mask, a, -7.0), randn(2, 3), mask=MASK)
case("where/corners", lambda a, b, mask: torch.where(mask, a, b), [1.0, nan, 2.0], [nan, -0.0, inf], mask=MASK[0])
case("masked_fill/equal", lambda x, mask: x.masked_fill(mask, -inf), randn(2, 3), mask=MASK)
case("masked_fill/row", lambda x, mask: x.masked_fill(mask, 0.5), randn(2, 3), mask=MASK[1])
case("nan_to_num/corners", lambda x: x.nan_to_num(), M)
case("nan_to_num/with", lambda x: x.nan_to_num(0.5, 10.0, -10.0), M)

for name, module in {
    "relu": nn.ReLU(), "relu6": nn.ReLU6(), "gelu": nn.GELU(), "gelu_tanh": nn.GELU(approximate="tanh"),
    "silu": nn.SiLU(), "mish": nn.Mish(), "sigmoid": nn.Sigmoid(), "log_sigmoid": nn.LogSigmoid(), "tanh": nn.Tanh(),
    "hardswish": nn.Hardswish(), "softsign": nn.Softsign(),
    "leaky_relu": nn.LeakyReLU(), "leaky_relu_slope": nn.LeakyReLU(0.25), "elu": nn.ELU(), "elu_alpha": nn.ELU(0.5),
    "softplus": nn.Softplus(), "softplus_beta": nn.Softplus(2.0, 1.0), "hardtanh": nn.Hardtanh(),
    "hardtanh_bounds": nn.Hardtanh(-0.5, 0.25),
    "identity": nn.Identity(),
}.items():
    layer(f"{name}/layer", module, randn(3, 4), seed=f"activation/{name}")

# Calls of PyTorch that are another method here, or two.
LOW, HIGH = [-0.5, 0.0, -1.0], [[0.5], [1.0]]
case("clamp/tensor_bounds", lambda x, low, high: x.clamp(low, high), randn(2, 3), LOW, HIGH)
case("clamp/tensor_and_number", lambda x, low: x.clamp(low, torch.tensor(0.7, dtype=x.dtype)), randn(2, 3), randn(3))
case("clamp/tensor_at_bounds", lambda x, low, high: x.clamp(low, high), [-1.0, 0.5, 1.0, 3.0], [-1.0] * 4, [2.0, 0.5, 1.0, 2.5], seed="x")
case("clamp_min/tensor", lambda x, low: x.clamp(min=low), [[1.0, nan, 0.0], [-1.0, 2.0, 0.5]], [1.0, 0.0, nan])
case("clamp_max/tensor", lambda x, high: x.clamp(max=high), [[1.0, nan, 0.0], [-1.0, 2.0, 0.5]], [1.0, 0.0, nan])
case("max/two", torch.max, [1.0, nan, 2.0], [1.0, 0.0, -2.0])
case("min/two", torch.min, [1.0, nan, 2.0], [1.0, 0.0, -2.0])
case("masked_fill/tensor", lambda x, v, mask: x.masked_fill(mask, v), randn(2, 3), randn(), mask=MASK)
POINTS = [1.25, -2.675, 0.05, -0.04, 15.0, 123456.789, inf, -inf, nan, 0.0, -0.0]
for decimals in 1, 2, 0, -1, -3:
    case(f"round_with/{decimals}", lambda x: x.round(decimals=decimals), POINTS)

# The type of the elements. A result of another type than the inputs is converted back.
case("to/double", lambda x: x.double().square().to(x.dtype), randn(2, 3))
case("to/float", lambda x: (x.float() * 2 + 1).to(x.dtype), [0.5, -1.25, 3.0])
case("to/long", lambda x: (x + 0, x.long()), [2.75, -2.75, 0.0, -0.5])
case("to/bool", lambda x: (x + 0, x.bool()), [2.75, -0.0, 0.0, nan])
case("to/from_integers", lambda x, k: x * k.to(x.dtype), [1.5, 2.5, -1.0], k=[3, -2, 0])
case("to/from_mask", lambda x, mask: x * mask.to(x.dtype), [1.5, 2.5, -1.0], mask=[True, False, True])

A = [0.0, 1.0, -2.0, 800.0, inf, -inf, inf, nan, 0.0, 2.0, 0.0, 0.0]
B = [1.0, 1.0, 3.0, -800.0, 1.0, -inf, -inf, 0.0, 0.0, 0.0, nan, -1.0]
for name, f in ("logaddexp", torch.logaddexp), ("logaddexp2", torch.logaddexp2), ("xlogy", torch.xlogy):
    case(f"{name}/corners", f, A, B)
    case(f"{name}/repeated", f, randn(2, 3), uniform(0.5, 2.0, 3))
CLOSE = [1.0, 1.00001, inf, nan, 0.0, -1.0, inf], [1.000009, 1.00003, inf, nan, 1e-9, -1.1, -inf]
case("isclose/default", lambda a, b: (a + b, a.isclose(b)), *CLOSE)
case("isclose/options", lambda a, b: (a + b, a.isclose(b, 0.2, 0.0, True)), *CLOSE)
NEAR = [1.0, inf, nan, 0.0, -1.0], [1.000009, inf, nan, 1e-9, -1.1]
for name, pair in ("near", NEAR), ("far", CLOSE):
    case(f"allclose/{name}", lambda a, b: (a + b, torch.tensor(a.allclose(b))), *pair)
    case(f"allclose/{name}_with", lambda a, b: (a + b, torch.tensor(a.allclose(b, 0.2, 0.0, True))), *pair)
case("allclose/no_tolerance", lambda a, b: (a + b, torch.tensor(a.allclose(b, 0.0, 0.0))), [1.0, -0.0], [1.0, 0.0])
S = [-3.0, -0.5, -0.25, 0.0, -0.0, 0.5, 0.75, 40.0, -40.0, inf, -inf, nan]
for name, f in {
    "selu": F.selu, "celu": lambda x: F.celu(x, 0.75), "hardshrink": lambda x: F.hardshrink(x, 0.5),
    "softshrink": lambda x: F.softshrink(x, 0.5) + 0.0,
}.items():
    case(f"{name}/corners", f, S)
    case(f"{name}/random", f, randn(3, 5))
for name, module in {
    "selu": nn.SELU(), "celu": nn.CELU(), "celu_alpha": nn.CELU(0.5), "hardshrink": nn.Hardshrink(),
    "softshrink": nn.Softshrink(), "softshrink_lambd": nn.Softshrink(0.25),
}.items():
    # The sign of a zero of softshrink is left to the machine.
    layer(f"{name}/layer", module, randn(3, 4), forward=lambda module, x: module(x) + 0.0, seed=f"activation/{name}")

for name, axis in ("first", 0), ("middle", 1), ("last", -1):
    case(f"glu/{name}", lambda x, axis=axis: F.glu(x, axis), randn(2, 4, 6))
case("prelu/one", F.prelu, randn(3, 4), [0.3])
case("prelu/channels", F.prelu, randn(2, 3, 4), [0.3, -1.5, 0.0])
case("prelu/corners", F.prelu, [0.0, -0.0, inf, -inf, nan, -2.0], [0.5])
layer("prelu/layer", nn.PReLU(), randn(3, 4))
layer("prelu/layer_of_channels", nn.PReLU(3), randn(2, 3, 2, 2))
layer("glu/layer", nn.GLU(), randn(3, 6))
