"""How the rows of `rows` are timed and printed."""

import os
import sys
import time

import torch

torch.set_num_threads(int(os.environ.get("TYPEGRAD_THREADS", "1")))
torch.manual_seed(0)
BUDGET, BATCH = 0.06, 50e-6
WORDS = sys.argv[1:]


def least(run):
    def batch(calls):
        start = time.perf_counter()
        for _ in range(calls):
            run()
        return time.perf_counter() - start

    batch(1)
    calls = 1
    while batch(calls) < BATCH:
        calls *= 2
    begin, rounds, best = time.perf_counter(), 0, float("inf")
    while rounds < 5 or time.perf_counter() - begin < BUDGET:
        best = min(best, batch(calls) / calls)
        rounds += 1
    return best


def wants(name):
    return not WORDS or any(word in name for word in WORDS)


def line(name, shape, forward, both):
    assert "x".join(map(str, shape)) in name, (name, shape)
    shown = ["-" if run is None else f"{least(run) * 1e6:.2f}" for run in (forward, both)]
    print(f"{name:<60} {shown[0]:>10} {shown[1]:>10}", flush=True)


def operands(name, shapes, make):
    dtype = torch.float64 if name.endswith("/f64") else torch.float32
    return [make(shape, dtype=dtype) for shape in shapes]


def made(name, shape, make):
    """A row of what makes a tensor."""
    if wants(name):
        line(name, shape, make, None)


def forward_row(name, f, *shapes, make=torch.randn):
    if wants(name):
        xs = operands(name, shapes, make)
        with torch.inference_mode():
            line(name, shapes[0], lambda: f(*xs), None)


def row(name, f, *shapes, make=torch.randn):
    if wants(name):
        xs = operands(name, shapes, make)
        leaves = [x.clone().requires_grad_() for x in xs]

        def forward():
            with torch.no_grad():
                f(*xs)

        def both():
            for x in leaves:
                x.grad = None
            y = f(*leaves)
            (y.sum() if y.dim() else y).backward()

        line(name, shapes[0], forward, both)


def layer(name, make, shape, call=lambda net, x: net(x)):
    if wants(name):
        dtype = torch.float64 if name.endswith("/f64") else torch.float32
        net, fixed, x = make().to(dtype), make().to(dtype).eval(), torch.randn(shape, dtype=dtype)
        leaf = x.clone().requires_grad_()

        def first(y):
            return y[0] if isinstance(y, tuple) else y

        def forward():
            with torch.no_grad():
                call(fixed, x)

        def both():
            net.zero_grad()
            leaf.grad = None
            first(call(net, leaf)).sum().backward()

        line(name, shape, forward, both)


def ids(below, *shape):
    return torch.randint(0, below, shape)
