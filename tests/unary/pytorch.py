"""Writes pytorch.rs: the values and gradients of PyTorch's functions of one operand, in double precision.

Run: python3 tests/unary/pytorch.py > tests/unary/pytorch.rs
"""

import math

import torch
import torch.nn.functional as F

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


def literal(x):
    return {"inf": "INF", "-inf": "-INF", "nan": "NAN"}.get(repr(x), repr(x))


def array(xs):
    return "[" + ", ".join(map(literal, xs)) + "]"


def both(function, xs):
    ys, gradients = [], []
    # One at a time: in a long tensor PyTorch takes other paths, with other corner cases.
    for x in xs:
        x = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        y = function(x)
        y.backward(torch.tensor(GRAD, dtype=torch.float64))
        ys.append(y.item())
        gradients.append(x.grad.item())
    return f"    {array(ys)},\n    {array(gradients)};"


def name(call):
    for old, new in [("-", "minus_"), (".", "_"), ("f64::NAN", "nan"), (", ", "_"), ("(", "_"), (")", "")]:
        call = call.replace(old, new)
    return call.rstrip("_")


version = torch.__version__.split("+")[0]
print(f"//! What PyTorch {version} computes: y, and dL/dx where dL/dy is {GRAD}. Written by pytorch.py.\n")
print("use super::agrees;\n")
print("const INF: f64 = f64::INFINITY;\nconst NAN: f64 = f64::NAN;")
for constant in ["X", "FINITE", "EXACT", "LARGE"]:
    xs = globals()[constant]
    print(f"const {constant}: [f64; {len(xs)}] = {array(xs)};")
print()


def group(head, functions, xs, suffix=""):
    print(f"agrees! {{ {head}:")
    for call, function in functions.items():
        print(f"{name(call)}{suffix}: {call}\n{both(function, xs)}")
    print("}\n")


# PyTorch's own formulas lose digits, or more of them than ours, where the result is small.
coarse = {call: FUNCTIONS.pop(call) for call in ["tanh()", "gelu()", "gelu_tanh()", "mish()", "sigmoid()"]}
# Our gradient at infinity is 0, and that of PyTorch is NaN.
finite = {"softsign()": FUNCTIONS.pop("softsign()")}
# PyTorch computes with 1/6 in single precision, also here.
single = {"hardsigmoid()": FUNCTIONS.pop("hardsigmoid()")}
group("f64 at X, within 0.0", FUNCTIONS, X)
group("f64 at X, within 1e-15", coarse, X)
group("f64 at FINITE, within 1e-15", finite, FINITE)
group("f32 at X, within 0.0", single, X)
shared = {call: function for call, function in FUNCTIONS.items() if "f64" not in call}
group("f32 at EXACT, within 1e-6", shared | coarse | finite, EXACT, "_single")
group("f32 at LARGE, within 1e-7", {"sigmoid()": torch.sigmoid, **ACTIVATIONS}, LARGE, "_large")
