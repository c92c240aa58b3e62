"""New tensors. The input is there because a case has one; output 1 is compared."""

import torch

from . import case


def new(name, f):
    case(f"{name}/new", lambda x: (x + 0, f(x.dtype)), [1.0], seed=f"new/{name}")


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
