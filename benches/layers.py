"""The rows of benches/layers.rs for PyTorch on one thread: `python3 benches/layers.py [word of the name]`."""

import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(0)
BUDGET = 0.25
only = sys.argv[1] if len(sys.argv) > 1 else ""


def least(run):
    begin, cpu, best, rounds = time.perf_counter(), time.thread_time(), float("inf"), 0
    while rounds < 5 or time.perf_counter() - begin < BUDGET:
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
        rounds += 1
    return min(best, (time.thread_time() - cpu) / rounds)


def row(name, forward, both):
    if only in name:
        first = f"{least(forward) * 1e6:.1f}" if forward else ""
        print(f"{name:<44} {first:>9} {least(both) * 1e6:>9.1f}", flush=True)


def result(y):
    return y[0] if isinstance(y, tuple) else y


def layer(name, net, x, grad=True, call=lambda net, x: net(x)):
    parameters = list(net.parameters())

    def forward():
        net.eval()
        with torch.no_grad():
            result(call(net, x))

    def both():
        net.train()
        leaf = x.detach().requires_grad_(grad)
        for p in parameters:
            p.grad = None
        result(call(net, leaf)).sum().backward()

    row(name, forward, both)


print(f"{'PyTorch ' + torch.__version__:<44} {'fwd us':>9} {'both us':>9}")
norm, image = torch.randn(32, 64, 256), torch.randn(16, 32, 16, 16)
layer("Linear 256-256, 64 rows", nn.Linear(256, 256), torch.randn(64, 256))
layer("Linear 64-64, 64 rows", nn.Linear(64, 64), torch.randn(64, 64))
layer("Conv2d 16-32, 3x3, 16x16x28x28", nn.Conv2d(16, 32, 3, padding=1), torch.randn(16, 16, 28, 28))
layer("Conv2d 32-32 depthwise, 3x3, 16x32x16x16", nn.Conv2d(32, 32, 3, padding=1, groups=32), image)
layer(
    "Conv2d 32-32, BatchNorm2d, Relu, 16x32x16x16",
    nn.Sequential(nn.Conv2d(32, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU()),
    image,
)
layer(
    "depthwise and pointwise 32-32, 16x32x16x16",
    nn.Sequential(
        nn.Conv2d(32, 32, 3, padding=1, groups=32),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.Conv2d(32, 32, 1),
        nn.BatchNorm2d(32),
        nn.ReLU(),
    ),
    image,
)
layer("BatchNorm2d 32, 16x32x16x16", nn.BatchNorm2d(32), image)
layer("LayerNorm 256, 32x64x256", nn.LayerNorm(256), norm)
layer("RmsNorm 256, 32x64x256", nn.RMSNorm(256), norm)
layer("GroupNorm 8 of 32, 16x32x16x16", nn.GroupNorm(8, 32), image)
layer("Lstm 64-128, 32 rows of 50", nn.LSTM(64, 128, batch_first=True), torch.randn(32, 50, 64))
layer("Gru 64-128, 32 rows of 50", nn.GRU(64, 128, batch_first=True), torch.randn(32, 50, 64))
layer(
    "MultiheadAttention 128, 4 heads, 8 of 64",
    nn.MultiheadAttention(128, 4, batch_first=True),
    torch.randn(8, 64, 128),
    call=lambda net, x: net(x, x, x, need_weights=False),
)
layer(
    "TransformerEncoderLayer 128, 4, 512, 8 of 64",
    nn.TransformerEncoderLayer(128, 4, 512, batch_first=True),
    torch.randn(8, 64, 128),
)
layer("Dropout 0.5, 32x64x256", nn.Dropout(0.5), norm)
layer("MaxPool2d 2, 16x32x28x28", nn.MaxPool2d(2), torch.randn(16, 32, 28, 28))
layer("Embedding 1000x128, 32x64", nn.Embedding(1000, 128), torch.randint(0, 1000, (32, 64)), grad=False)

scores, y = torch.randn(256, 1000), torch.randint(0, 1000, (256,))
row(
    "cross_entropy 256x1000",
    lambda: nn.functional.cross_entropy(scores, y),
    lambda: nn.functional.cross_entropy(scores.detach().requires_grad_(), y).backward(),
)

net = nn.Linear(512, 512)
net(torch.randn(4, 512)).sum().backward()
adam = torch.optim.Adam(net.parameters(), lr=1e-3)
row("Adam, 512x512", None, adam.step)
