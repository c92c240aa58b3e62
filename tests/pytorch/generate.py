#!/usr/bin/env python3
"""Writes tests/fixtures/pytorch/<family>.safetensors: the results of PyTorch. See README.md.

    python3 tests/pytorch/generate.py            # every family
    python3 tests/pytorch/generate.py reduce     # one
"""

import importlib
import sys
from pathlib import Path

import torch
from safetensors.numpy import save

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import cases  # noqa: E402


def main():
    torch.set_num_threads(1)
    all_families = sorted(p.stem for p in (HERE / "cases").glob("[a-z]*.py"))
    for family in sys.argv[1:] or all_families:
        cases.begin()
        importlib.import_module(f"cases.{family}")
        tensors = cases.tensors()
        file = HERE.parent / "fixtures" / "pytorch" / f"{family}.safetensors"
        file.parent.mkdir(exist_ok=True)
        # No metadata: its order would not be fixed. Tensors are ordered by type and name.
        file.write_bytes(save(tensors))
        print(f"{family}: {cases.count()} cases, {file.stat().st_size} bytes")


main()
