#!/usr/bin/env python3
"""Writes tests/fixtures/pytorch/points.safetensors: values and gradients of functions of one element, in double precision. See README.md."""

import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save

inf, nan = math.inf, math.nan
X = [-inf, -1000.0, -30.0, -3.0, -2.5, -1.0, -0.75, -1e-10, -0.0, 0.0, 1e-10, 0.3, 0.5, 1.0, 1.5, 2.5, 3.0, 6.0]
X += [20.5, 1000.0, inf, nan]
# The same number in single and in double precision.
EXACT = [-6.0, -3.0, -2.5, -1.0, -0.75, -0.0, 0.0, 0.5, 0.75, 1.0, 1.5, 2.5, 3.0, 6.0, 20.5]
# Where intermediate results in single precision overflow, or lose all their digits.
LARGE = [-1e30, -1000.0, -100.0, -89.0, -20.0, 20.0, 89.0, 100.0, 1000.0, 1e30]
FINITE = [x for x in X if math.isfinite(x)]
GRAD = 3.0

same = "exp exp2 expm1 log2 log10 log1p sqrt rsqrt square reciprocal abs sign sin cos tan asin acos atan"
same += " sinh cosh tanh asinh acosh atanh erf erfc floor ceil round trunc frac sigmoid"
FUNCTIONS = {name + "()": getattr(torch, name) for name in same.split()}
ACTIVATIONS = {
    "log_sigmoid()": F.logsigmoid,
    "silu()": F.silu,
    "mish()": F.mish,
    "softplus(1.0, 20.0)": F.softplus,
    "softplus(-0.5, 2.0)": lambda x: F.softplus(x, -0.5, 2.0),
    "gelu()": F.gelu,
    "gelu_tanh()": lambda x: F.gelu(x, approximate="tanh"),
    "leaky_relu(0.01)": F.leaky_relu,
    "elu(1.0)": F.elu,
    "elu(-1.5)": lambda x: F.elu(x, -1.5),
    "hardtanh(-1.0, 1.0)": F.hardtanh,
    "relu6()": F.relu6,
    "hardsigmoid()": F.hardsigmoid,
    "hardswish()": F.hardswish,
    "softsign()": F.softsign,
    "threshold(0.5, 7.0)": lambda x: F.threshold(x, 0.5, 7.0),
}
FUNCTIONS |= {
    "ln()": torch.log,
    **ACTIVATIONS,
    "clamp(-0.75, 2.5)": lambda x: x.clamp(-0.75, 2.5),
    "clamp(1.0, -1.0)": lambda x: x.clamp(1.0, -1.0),
    "clamp(f64::NAN, 1.0)": lambda x: x.clamp(nan, 1.0),
    "clip(0.0, f64::NAN)": lambda x: x.clip(0.0, nan),
    "clamp_min(0.5)": lambda x: x.clamp_min(0.5),
    "clamp_max(0.5)": lambda x: x.clamp_max(0.5),
}


def both(function, xs):
    ys, gradients = [], []
    # One at a time: in a long tensor PyTorch takes other paths, with other corner cases.
    for x in xs:
        x = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        y = function(x)
        y.backward(torch.tensor(GRAD, dtype=torch.float64))
        ys.append(y.item())
        gradients.append(x.grad.item())
    return ys, gradients


def name(call):
    for old, new in [("-", "minus_"), (".", "_"), ("f64::NAN", "nan"), (", ", "_"), ("(", "_"), (")", "")]:
        call = call.replace(old, new)
    return call.rstrip("_")


TENSORS = {}


def group(functions, xs, suffix=""):
    for call, function in functions.items():
        ys, gradients = both(function, xs)
        for column, numbers in ("x", xs), ("y", ys), ("dx", gradients):
            TENSORS[f"{name(call)}{suffix}:{column}"] = np.array(numbers)


# PyTorch's own formulas lose digits, or more of them than ours, where the result is small.
coarse = {call: FUNCTIONS.pop(call) for call in ["tanh()", "gelu()", "gelu_tanh()", "mish()", "sigmoid()"]}
# Our gradient at infinity is 0, and that of PyTorch is NaN.
finite = {"softsign()": FUNCTIONS.pop("softsign()")}
# PyTorch computes with 1/6 in single precision, also here.
single = {"hardsigmoid()": FUNCTIONS.pop("hardsigmoid()")}
group(FUNCTIONS, X)
group(coarse, X)
group(finite, FINITE)
group(single, X)
shared = {call: function for call, function in FUNCTIONS.items() if "f64" not in call}
group(shared | coarse | finite, EXACT, "_single")
group({"sigmoid()": torch.sigmoid, **ACTIVATIONS}, LARGE, "_large")
Path(__file__).parent.parent.joinpath("fixtures/pytorch/points.safetensors").write_bytes(save(dict(sorted(TENSORS.items()))))
