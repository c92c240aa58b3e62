"""The rows of the benchmark `memory` for PyTorch, eager: `python3 benches/memory.py [word of a name ..]`.

Columns: the name; the peak, and what is held before the first step, in MB. Both count the tensors that PyTorch's allocator
hands out; scratch memory of oneDNN and MKL comes from elsewhere and is not counted.
"""

import sys

import torch
import torch.nn.functional as F
from torch import nn
from torch.profiler import ProfilerActivity, profile

torch.set_num_threads(1)
torch.manual_seed(0)
WORDS = sys.argv[1:]


def peak(run):
    """The most bytes that are held while `run` runs, beyond what was held before."""
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiler:
        run()
    events = [e for e in profiler.profiler.kineto_results.events() if e.name() == "[memory]"]
    assert events, "the profiler reports allocations"
    held = most = 0
    for event in sorted(events, key=lambda event: event.start_ns()):
        held += event.nbytes()
        most = max(most, held)
    return most


def line(name, net, inputs, step):
    if WORDS and not any(word in name for word in WORDS):
        return
    # Initialization at the first use in a process is not part of a step.
    step()
    net.zero_grad()
    tensors = [*net.parameters(), *net.buffers(), *inputs]
    held = sum(tensor.numel() * tensor.element_size() for tensor in tensors)
    most = held + peak(lambda: [step() for _ in range(3)])
    print(f"{name:<48} {most * 1e-6:>10.4f} {held * 1e-6:>10.4f}", flush=True)


def train(name, net, x, y, loss):
    sgd = torch.optim.SGD(net.parameters(), lr=1e-3)

    def step():
        sgd.zero_grad()
        loss(net(x), y).backward()
        sgd.step()

    line(name, net, [x, y], step)


def infer(name, net, x):
    def step():
        with torch.inference_mode():
            net(x)

    line(name, net, [x], step)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.linear1, self.linear2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        b, t, d = x.shape
        q, k, v = (s.view(b, t, self.heads, d // self.heads).transpose(1, 2) for s in self.qkv(self.norm1(x)).split(d, -1))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(y.transpose(1, 2).reshape(b, t, d))
        return x + self.linear2(F.gelu(self.linear1(self.norm2(x))))


class Gpt(nn.Module):
    def __init__(self, vocabulary=64, context=64, width=128, heads=4, layers=4):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(vocabulary, width), nn.Parameter(torch.zeros(context, width))
        self.blocks = nn.Sequential(*[Block(width, heads) for _ in range(layers)])
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, vocabulary)

    def forward(self, x):
        return self.head(self.norm(self.blocks(self.tokens(x) + self.positions))).flatten(0, 1)


def mlp(a, b, c):
    return nn.Sequential(nn.Linear(a, b), nn.ReLU(), nn.Linear(b, b), nn.ReLU(), nn.Linear(b, c))


def cnn():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(800, 10),
    )


print(f"{'row':<48} {'peak_mb':>10} {'held_mb':>10}")
images, tokens = torch.randn(64, 1, 28, 28), torch.randint(0, 64, (16, 64))
train("tiny_mlp_train_b32", mlp(4, 32, 1), torch.randn(32, 4), torch.randn(32, 1), F.mse_loss)
infer("tiny_mlp_infer_b1", mlp(4, 32, 1), torch.randn(1, 4))
train("mnist_mlp_train_b128", mlp(784, 512, 10), torch.randn(128, 784), torch.randint(0, 10, (128,)), F.cross_entropy)
infer("mnist_mlp_infer_b128", mlp(784, 512, 10), torch.randn(128, 784))
train("cnn_train_b64", cnn(), images, torch.randint(0, 10, (64,)), F.cross_entropy)
infer("cnn_infer_b64", cnn(), images)
train("gpt_train", Gpt(), tokens, torch.randint(0, 64, (1024,)), F.cross_entropy)
infer("gpt_infer_b16", Gpt(), tokens)
