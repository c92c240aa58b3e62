import torch
from harness import forward_row, layer, made
from torch import nn


def rows():
    many = (1001, 333)
    made("random/rand/7x333", (7, 333), lambda: torch.rand(7, 333))
    made("random/rand/1001x333", many, lambda: torch.rand(many))
    made("random/rand/1001x333/f64", many, lambda: torch.rand(many, dtype=torch.float64))
    made("random/randn/7x333", (7, 333), lambda: torch.randn(7, 333))
    made("random/randn/1001x333", many, lambda: torch.randn(many))
    made("random/randn/1001x333/f64", many, lambda: torch.randn(many, dtype=torch.float64))
    made("random/normal/1001x333", many, lambda: torch.empty(many).normal_(1.0, 2.0))
    made("random/randint/1001x333", many, lambda: torch.randint(0, 1000, many))
    made("random/bernoulli/1001x333", many, lambda: torch.empty(many).bernoulli_(0.3))
    made("random/randperm/10001", (10001,), lambda: torch.randperm(10001))
    forward_row("random/multinomial/33x333", lambda p: torch.multinomial(p, 1).squeeze(-1), (33, 333), make=torch.rand)
    layer("random/dropout/1001x333", lambda: nn.Dropout(), many)
    layer("random/dropout2d/7x13x33x31", lambda: nn.Dropout2d(), (7, 13, 33, 31))
