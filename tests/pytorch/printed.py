#!/usr/bin/env python3
"""Writes printed.safetensors, tensors, and printed.txt, how PyTorch prints them. See README.md."""

import re
from pathlib import Path

import torch
from safetensors.numpy import save

nan, inf = float("nan"), float("inf")
torch.manual_seed(0)
f32, f64, i64 = torch.float32, torch.float64, torch.int64
tensors = {
    "scalar": torch.tensor(3.5),
    "scalar_whole": torch.tensor(-7.0),
    "scalar_double": torch.tensor(0.1, dtype=f64),
    "scalar_integer": torch.tensor(12),
    "scalar_bool": torch.tensor(True),
    "scalar_nan": torch.tensor(nan),
    "vector": torch.tensor([1.0, -22.5, 3.14159, 0.03125, 0.5]),
    "halves": torch.tensor([0.00125, 0.00375, 0.03125, 0.09375], dtype=f64),
    "whole": torch.tensor([1.0, 2.0, -300.0, 0.0, -0.0]),
    "zeros": torch.zeros(2, 3),
    "wide_ratio": torch.tensor([0.001, 2.0, -0.0]),
    "ratio_of_1000": torch.tensor([0.5, 500.0]),
    "large": torch.tensor([1e8, 1.5]),
    "large_whole": torch.tensor([2e8, 1e8, 0.0]),
    "huge_exponent": torch.tensor([1e-200, 1e300, -1.0], dtype=f64),
    "small": torch.tensor([1e-5, 2e-5, 0.0]),
    "corners": torch.tensor([nan, inf, -inf, 1.5, 0.0, -0.0]),
    "corners_whole": torch.tensor([nan, inf, -inf, 2.0, 0.0]),
    "corners_scientific": torch.tensor([nan, inf, -inf, 2e-9, 0.0]),
    "only_corners": torch.tensor([nan, inf, -inf, 0.0]),
    "integers": torch.tensor([[1, -20], [300, 4]]),
    "bools": torch.tensor([[True, False], [False, False]]),
    "matrix": torch.randn(3, 4),
    "matrix_double": torch.randn(2, 3, dtype=f64),
    "cube": torch.randn(2, 3, 2),
    "rank_4": torch.randn(2, 2, 2, 2),
    "long_vector": torch.randn(30),
    "long_vector_double": torch.randn(15, dtype=f64),
    "long_rows": torch.arange(60).reshape(2, 30),
    "wrapped_dtype": torch.tensor([1234.5] * 7, dtype=f64),
    "empty": torch.zeros(0),
    "empty_matrix": torch.zeros(2, 0, 3),
    "empty_double": torch.zeros(0, 3, dtype=f64),
    "empty_integers": torch.zeros(0, dtype=i64),
    "empty_bools": torch.zeros(0, 1, dtype=torch.bool),
    "thousand": torch.arange(1000).reshape(20, 50),
    "elided_vector": torch.arange(1001.0),
    "elided_matrix": torch.randn(40, 30),
    "elided_rows_only": torch.randn(300, 4),
    "elided_cube": torch.randn(9, 12, 10),
    "elided_hides_the_small": torch.where(torch.arange(1200) == 600, 1e-30, 1.25),
}
texts = {name: str(x) for name, x in tensors.items()}

x = torch.tensor([[1.0, -2.5], [3.25, 40.0]])
texts["leaf"] = str(x.clone().requires_grad_())
texts["relu"] = str(x.clone().requires_grad_().relu())
texts["sum"] = str(x.clone().requires_grad_().sum())
texts["parameter"] = repr(torch.nn.Parameter(x))
texts["wrapped_names"] = str(tensors["wrapped_dtype"].clone().requires_grad_().relu())
tensors["traced"] = x
torch.set_printoptions(precision=2)
texts["vector_two_digits"] = str(tensors["vector"])

here = Path(__file__).parent.parent / "fixtures" / "pytorch"
ours = lambda text: re.sub(r"Backward\d+>", "Backward>", text.replace("dtype=torch.", "dtype="))
(here / "printed.safetensors").write_bytes(save({k: v.contiguous().numpy() for k, v in tensors.items()}))
(here / "printed.txt").write_text("".join(f"=== {name}\n{ours(text)}\n" for name, text in sorted(texts.items())))
