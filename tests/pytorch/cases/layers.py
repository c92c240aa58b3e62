"""Layers that are not in a family of their own."""

import torch

from . import layer, randn

layer("linear/matrix", torch.nn.Linear(3, 2), randn(4, 3))
layer("linear/batches", torch.nn.Linear(3, 2), randn(2, 4, 3))
layer("linear/eval", torch.nn.Linear(3, 2), randn(4, 3), train=False)
layer(
    "linear/in_a_row",
    torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.ReLU(), torch.nn.Linear(5, 2)),
    randn(4, 3),
)
layer("linear/no_bias", torch.nn.Linear(3, 2, bias=False), randn(4, 3))
layer("linear/vector", torch.nn.Linear(3, 2), randn(3))
