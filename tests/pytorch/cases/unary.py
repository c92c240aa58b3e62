"""Functions of one element: each at the corners of the number line, and at ordinary values."""

import torch
from torch.nn import functional as F

from . import case, inf, nan

CORNERS = [nan, inf, -inf, 0.0, -0.0, 1.0, -1.0]
VALUES = [0.3, -0.7, 1.5, 2.5, -2.5, 3.0, -3.0, 6.0, 20.5, -20.5, 90.0, -100.0, 1e-5, -1e-9, 0.5, -0.5]



def gelu(x):
    # In f32 PyTorch makes NaN of infinity, in f64 it does not.
    return F.gelu(x.double()).to(x.dtype)


def hardsigmoid(x):
    # The slope that PyTorch takes is 1/6 in f32, also for f64.
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
    # Signs and whole numbers.
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
    # The gradient of softsign at infinity is NaN in PyTorch, where it is made of other functions; here it is 0.
    case(f"{name}/corners", function, [x for x in CORNERS if abs(x) != inf] if name == "softsign" else CORNERS)
    case(f"{name}/values", function, VALUES)
case("exp/empty", torch.exp, torch.zeros(2, 0))
case("sigmoid/scalar", torch.sigmoid, 0.25)
