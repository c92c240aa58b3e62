"""Files of PyTorch that have more than tensors in them, for tests/io/pt_files.rs.

    python3 tests/io/fixtures.py        writes tests/fixtures/pt/
"""

import collections
import io
import zipfile
from pathlib import Path

import torch

FOLDER = Path(__file__).parent.parent / "fixtures" / "pt"


def state():
    return {"weight": torch.tensor([[2.0, 3.0]]), "bias": torch.tensor([4.0])}


def save(name, content, **options):
    torch.save(content, FOLDER / f"{name}.pt", **options)


class Config:
    """A class of the program."""

    def __init__(self):
        self.name, self.layers = "small", [1, 2]


class Subclass(torch.Tensor):
    pass


def beside():
    """Everything that people save next to a state dict."""
    config = Config()
    recursive = ([],)
    recursive[0].append(recursive)
    return {
        "dtype": torch.float32,
        "device": torch.device("cpu"),
        "classes": {"a", "b"},
        "frozen": frozenset(["a"]),
        "list": [1, -1, 300, 70_000, 2**40, -(2**70), 2**3000, 0.5, None, True, "text", b"bytes", bytearray(b"array")],
        "tuple": ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)),
        "recursive": recursive,
        "surrogate": "name\udcff",
        "long": "x" * 300,
        "function": torch.nn.functional.relu,
        "class": Config,
        "config": config,
        "module": torch.nn.Linear(1, 1),
        "size": torch.Size([1, 2]),
        "rng": torch.get_rng_state(),
        "defaultdict": collections.defaultdict(list, {"a": [1]}),
        "ordered": collections.OrderedDict(a=1),
        "counter": collections.Counter("aab"),
        "slice": slice(1, 2),
        "complex": 1 + 2j,
        "range": range(3),
        "path": Path("a/b"),
        1: "a key that is an integer",
        (1, 2): "a key that is a tuple",
        None: "a key that is None",
    }


def write():
    FOLDER.mkdir(exist_ok=True)
    torch.manual_seed(0)
    torch.serialization.set_crc32_options(False)
    save("nocrc", state())
    torch.serialization.set_crc32_options(True)

    for protocol in range(2, 6):
        save(f"protocol{protocol}", {"model": state(), **beside()}, pickle_protocol=protocol)

    noted = state()
    noted["weight"] = torch.nn.Parameter(noted["weight"])
    noted["weight"].note = "tied"
    noted["bias"].note = "a tensor with an attribute"
    save("note", noted)
    save("subclass", {name: tensor.as_subclass(Subclass) for name, tensor in state().items()})

    ordered = collections.OrderedDict(state())
    ordered._metadata = {"": {"version": 1}}
    save("metadata", ordered)
    save("defaultdict", collections.defaultdict(list, state()))

    integers = [torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8, torch.uint16, torch.uint32, torch.uint64]
    widths = {str(dtype)[6:]: torch.tensor([[0, 1], [2, torch.iinfo(dtype).max % 2**63]], dtype=dtype).t() for dtype in integers}
    signed = {f"least_{dtype}"[0:6] + str(dtype)[6:]: torch.tensor(torch.iinfo(dtype).min, dtype=dtype) for dtype in integers[:4]}
    save("integers", widths | signed | {"floats": torch.tensor([0.5], dtype=torch.bfloat16)})

    complex_ = torch.tensor([1 + 2j])
    quantized = torch.quantize_per_tensor(torch.tensor([1.0]), 0.1, 0, torch.qint8)
    opaque = {
        "complex64": complex_,
        "complex128": complex_.to(torch.complex128),
        "conjugate": complex_.clone().conj(),
        "negated": torch._neg_view(torch.tensor([1.0])),
        "float8": torch.tensor([1.0]).to(torch.float8_e4m3fn),
        "too_large": torch.tensor([2**63], dtype=torch.uint64),
        "quantized": quantized,
        "sparse": torch.eye(2).to_sparse(),
        "meta": torch.zeros(2, device="meta"),
        "storage": torch.zeros(2).untyped_storage(),
        "typed_storage": torch.zeros(3).storage(),
        "steps": torch.tensor(3, dtype=torch.int32),
        "note": "text",
    }
    save("opaque", state() | opaque)

    # Views that are larger than their storages, before the model and after it.
    mask = torch.tensor([1.0]).expand(100, 100)
    save("expanded", {"mask": mask, **state(), "row": torch.tensor([5.0, 6.0]).expand(2, 2), "again": mask.t()})

    net = torch.nn.Sequential(collections.OrderedDict(fc=torch.nn.Linear(2, 3), norm=torch.nn.BatchNorm1d(3), head=torch.nn.Linear(3, 1)))
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10)
    net(torch.randn(4, 2)).square().mean().backward()
    optimizer.step()
    schedule.step()
    checkpoint = {
        "epoch": 3,
        "model": net.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": schedule.state_dict(),
        "args": Config(),
        "best": 0.25,
        "ema": collections.OrderedDict((f"module.{name}", tensor) for name, tensor in net.state_dict().items()),
    }
    save("checkpoint", checkpoint)
    save("module", net)
    save("tensors", [torch.tensor([1.0]), torch.tensor([2.0])])

    # As of a file of more than 4 GB: every number has 64 bits.
    limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, 0
    plain = io.BytesIO()
    torch.save(state(), plain)
    with zipfile.ZipFile(plain) as read, zipfile.ZipFile(FOLDER / "zip64.pt", "w") as written:
        for info in read.infolist():
            with written.open(zipfile.ZipInfo(info.filename), "w", force_zip64=True) as entry:
                entry.write(read.read(info))
    zipfile.ZIP64_LIMIT = limit


if __name__ == "__main__":
    write()
