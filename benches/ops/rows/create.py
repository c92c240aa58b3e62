import torch
from harness import made


def rows():
    many = (1001, 333)
    made("create/zeros/1001x333", many, lambda: torch.zeros(many))
    made("create/from_fn/333333", (333333,), lambda: torch.arange(333333) * 0.5)
    made("create/full/1001x333/f64", many, lambda: torch.full(many, 0.5, dtype=torch.float64))
    made("create/eye/333x333", (333, 333), lambda: torch.eye(333))
    made("create/arange/333333", (333333,), lambda: torch.arange(333333, dtype=torch.float32))
    made("create/linspace/333333", (333333,), lambda: torch.linspace(-1.0, 1.0, 333333))
