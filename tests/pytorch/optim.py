"""Writes tests/fixtures/optim.rs: what PyTorch's optimizers make of a quadratic. Run from the root of the project.

w is [2, 3] and b is [2]. The loss is sum(a (w - c)^2) + sum(b^2); b is part of it except in every third step, where
its gradient is None, so that the optimizer leaves it alone.
"""

import torch

A = [[0.5, 1.0, 2.0], [0.01, 3.0, 0.1]]
C = [[1.0, -2.0, 0.5], [3.0, 0.0, -1.0]]
W = [[0.3, -0.7, 1.1], [-1.3, 0.9, 0.05]]
B = [1.5, -0.25]
KEPT = [1, 2, 10, 50]

SGD = {
    "sgd": dict(lr=0.05),
    "sgd_momentum": dict(lr=0.05, momentum=0.9),
    "sgd_dampening": dict(lr=0.05, momentum=0.9, dampening=0.3),
    "sgd_weight_decay": dict(lr=0.05, weight_decay=0.1),
    "sgd_nesterov": dict(lr=0.05, momentum=0.8, nesterov=True),
    "sgd_maximize": dict(lr=0.01, momentum=0.5, maximize=True),
    "sgd_all": dict(lr=0.01, momentum=0.7, weight_decay=0.05, nesterov=True, maximize=True),
}
ADAM = {
    "adam": dict(lr=0.1),
    "adam_betas": dict(lr=0.1, betas=(0.4, 0.9)),
    "adam_eps": dict(lr=0.1, eps=0.5),
    "adam_weight_decay": dict(lr=0.1, weight_decay=0.3),
    "adam_amsgrad": dict(lr=0.3, betas=(0.9, 0.8), amsgrad=True),
    "adam_maximize": dict(lr=0.1, maximize=True),
    "adam_all": dict(lr=0.2, betas=(0.8, 0.7), eps=0.01, weight_decay=0.1, amsgrad=True, maximize=True),
}


def trajectory(optimizer, options):
    tensor = lambda x: torch.tensor(x, dtype=torch.float64)
    a, c = tensor(A), tensor(C)
    w, b = tensor(W).requires_grad_(), tensor(B).requires_grad_()
    optimizer = optimizer([w, b], foreach=False, **options)
    kept = []
    for t in range(1, 51):
        optimizer.zero_grad()
        loss = (a * (w - c) ** 2).sum()
        if t % 3 != 0:
            loss = loss + (b**2).sum()
        loss.backward()
        optimizer.step()
        if t in KEPT:
            kept.append(w.flatten().tolist() + b.tolist())
    return kept


with open("tests/fixtures/optim.rs", "w") as file:
    file.write(f"// Written by tests/pytorch/optim.py with PyTorch {torch.__version__}.\n")
    file.write("// w and b after steps 1, 2, 10 and 50.\n")
    for cases, optimizer in ((SGD, torch.optim.SGD), (ADAM, torch.optim.Adam)):
        for name, options in cases.items():
            file.write(f"pub const {name.upper()}: [[f64; 8]; 4] = [\n")
            for row in trajectory(optimizer, options):
                file.write("    [" + ", ".join(repr(x) for x in row) + "],\n")
            file.write("];\n")
