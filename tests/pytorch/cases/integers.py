"""Whole numbers, and new tensors. The input is there because a case has one; what is compared is output 1."""

import torch
from torch.nn import functional as F

from . import case

K = [[3, -7, 0], [2, 2, 2**40]]
J = [[-2, 5, 4], [2, 0, -1]]


def whole(name, f, **constants):
    case(f"whole/{name}", lambda x, **k: (x + 0, f(**k)), [1.0], **constants)


whole("add", lambda k, j: k + j, k=K, j=J)
whole("sub", lambda k, j: k - j, k=K, j=J)
whole("mul", lambda k, j: k * j, k=K, j=J)
whole("neg", lambda k: -k, k=K)
whole("abs", lambda k: k.abs(), k=K)
whole("sign", lambda k: k.sign(), k=K)
whole("clamp", lambda k: k.clamp(-1, 2), k=K)
whole("clamp_min", lambda k: k.clamp_min(0), k=K)
whole("max", lambda k: k.max(), k=K)
whole("argmax_axis", lambda k: k.argmax(-1), k=K)
whole("sort", lambda k: k.sort(dim=-1, stable=True).values, k=K)
whole("transpose", lambda k: k.t(), k=K)
whole("cat", lambda k, j: torch.cat([k, j], 0), k=K, j=J)
whole("tril", lambda k: k.tril(0), k=K)
whole("pad", lambda k: F.pad(k, (1, 1), value=-1), k=K)
whole("gather", lambda k, index: k.gather(1, index), k=K, index=[[2, 0], [1, 1]])


def new(name, f):
    case(f"new/{name}", lambda x: (x + 0, f(x.dtype)), [1.0])


new("arange", lambda dtype: torch.arange(5, dtype=dtype))
new("arange_whole", lambda dtype: torch.arange(5))
new("arange_from", lambda dtype: torch.arange(0.5, 2.0, 0.25, dtype=dtype))
new("linspace", lambda dtype: torch.linspace(-1, 2, 7, dtype=dtype))
new("linspace_down", lambda dtype: torch.linspace(1, -0.3, 4, dtype=dtype))
new("linspace_one", lambda dtype: torch.linspace(3, 4, 1, dtype=dtype))
new("linspace_none", lambda dtype: torch.linspace(3, 4, 0, dtype=dtype))
new("eye", lambda dtype: torch.eye(2, 3, dtype=dtype))
new("eye_tall", lambda dtype: torch.eye(3, 2, dtype=dtype))
new("full", lambda dtype: torch.full((2, 2), -0.5, dtype=dtype))
