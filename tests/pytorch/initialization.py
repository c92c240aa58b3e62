"""Writes tests/fixtures/initialization.csv: the initial values of the parameters of each layer in PyTorch.

python3 tests/pytorch/initialization.py
"""

import math
from pathlib import Path

import torch
from torch import nn

LAYERS = {
    "Linear": lambda: nn.Linear(300, 200),
    "Conv1d": lambda: nn.Conv1d(20, 60, 5),
    "Conv2d": lambda: nn.Conv2d(20, 60, 3, groups=2),
    "ConvTranspose2d": lambda: nn.ConvTranspose2d(20, 60, 3, groups=2),
    "Embedding": lambda: nn.Embedding(200, 50),
    "Rnn": lambda: nn.RNN(20, 100),
    "Lstm": lambda: nn.LSTM(20, 100, 2, bidirectional=True),
    "Gru": lambda: nn.GRU(20, 100),
    "LstmCell": lambda: nn.LSTMCell(20, 100),
    "MultiheadAttention": lambda: nn.MultiheadAttention(64, 4),
    "TransformerEncoderLayer": lambda: nn.TransformerEncoderLayer(64, 4, 96),
    "TransformerDecoderLayer": lambda: nn.TransformerDecoderLayer(64, 4, 96),
    "LayerNorm": lambda: nn.LayerNorm(64),
    "RmsNorm": lambda: nn.RMSNorm(64),
    "GroupNorm": lambda: nn.GroupNorm(4, 64),
    "BatchNorm2d": lambda: nn.BatchNorm2d(64),
    "MultiheadCrossAttention": lambda: nn.MultiheadAttention(64, 4, kdim=32, vdim=96),
}


def main():
    torch.manual_seed(0)
    lines = [
        f"# Written by tests/pytorch/initialization.py with PyTorch {torch.__version__}.",
        "# The layer, the parameter, its mean, standard deviation and largest absolute value.",
    ]
    for name, make in LAYERS.items():
        samples = [dict(make().named_parameters()) for _ in range(20)]
        for key in samples[0]:
            values = torch.stack([sample[key].detach() for sample in samples]).double()
            # The largest of one sample, as the test has one.
            largest = max(sample[key].abs().max().item() for sample in samples)
            mean, std = values.mean().item(), math.sqrt(values.var(correction=0).item())
            lines.append(f"{name},{key},{mean:.4f},{std:.5f},{largest:.5f}")
    Path(__file__).parent.parent.joinpath("fixtures/initialization.csv").write_text("\n".join(lines) + "\n")


main()
