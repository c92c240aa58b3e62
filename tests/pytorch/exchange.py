"""Exchange of models with PyTorch.

    python3 tests/pytorch/exchange.py                  writes tests/fixtures/exchange/*.safetensors and exchange*.pt
    python3 tests/pytorch/exchange.py --check FILE     loads the models that typegrad wrote, and compares their outputs

The second is what `cargo test --test io -- pytorch` writes into the folder named by TYPEGRAD_EXCHANGE.
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, load_model, save_file, save_model

FIXTURES = Path(__file__).parent.parent / "fixtures" / "exchange"


class Mlp(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = torch.nn.Linear(4, 8)
        self.fc2 = torch.nn.Linear(8, 3)

    def forward(self, x):
        return self.fc2(self.fc1(x).relu())


class Tied(torch.nn.Module):
    """The output layer is the embedding. The layer is called `head` or `decoder`: `save_model` keeps the first name."""

    def __init__(self, output):
        super().__init__()
        self.embedding = torch.nn.Embedding(5, 3)
        self.hidden = torch.nn.Linear(3, 3)
        self.add_module(output, torch.nn.Linear(3, 5, bias=False))
        self.output = output
        getattr(self, output).weight = self.embedding.weight

    def forward(self, ids):
        return getattr(self, self.output)(self.hidden(self.embedding(ids)).tanh())


IDS = torch.tensor([0, 3, 3, 1])


def write_tied():
    for output in ("head", "decoder"):
        torch.manual_seed(2)
        net = Tied(output)
        y = net(IDS)
        y.square().sum().backward()
        save_model(net, FIXTURES / f"exchange_tied_{output}.safetensors")
    save_file({"y": y.detach(), "gradient": net.embedding.weight.grad}, FIXTURES / "exchange_tied_outputs.safetensors")


def write():
    torch.manual_seed(0)
    net = Mlp().eval()
    x = torch.randn(5, 4)
    with torch.no_grad():
        save_file(net.state_dict(), FIXTURES / "exchange.safetensors")
        save_file({"x": x, "y": net(x)}, FIXTURES / "exchange_outputs.safetensors")
        torch.save(net.state_dict(), FIXTURES / "exchange.pt")
    # Every type of elements that is read, with values that the others cannot represent.
    odd = [0.0, -0.0, 1.0, -1.5, 1e-7, 65504.0, float("inf"), float("-inf"), float("nan"), 3.0e-5]
    types = {"float32": torch.float32, "float64": torch.float64, "float16": torch.float16, "bfloat16": torch.bfloat16}
    tensors = {name: torch.tensor(odd, dtype=dtype) for name, dtype in types.items()}
    # The half floats as float32, by PyTorch.
    wide = {f"{name}_as_float32": tensors[name].to(torch.float32) for name in ("float16", "bfloat16")}
    tensors |= wide | {
        "int64": torch.tensor([[-(2**63), 2**63 - 1], [0, 7]]),
        "bool": torch.tensor([True, False, True]),
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 3),
    }
    save_file(tensors, FIXTURES / "exchange_types.safetensors")
    save_file({"bytes": torch.tensor([1, 2], dtype=torch.uint8)}, FIXTURES / "exchange_uint8.safetensors")


def write_pt():
    """What `torch.save` can write of tensors, and the same values as safetensors, in which nothing is shared."""
    torch.manual_seed(1)
    base = torch.randn(4, 6)
    shared = torch.arange(12.0)
    views = {
        "transposed": base.t(),
        "every_second": base[:, 1::2],
        "row": base[2],
        "permuted": torch.randn(2, 3, 4).permute(2, 0, 1),
        "channels_last": torch.randn(2, 3, 2, 2).to(memory_format=torch.channels_last),
        "expanded": base[0, :2].unsqueeze(1).expand(2, 3),
        "first": shared[:4],
        "last": shared[8:].view(2, 2),
        "scalar": shared[5],
        "empty": torch.zeros(0, 3)[:, 1:],
        "parameter": torch.nn.Parameter(torch.randn(3)),
        "frozen": torch.nn.Parameter(torch.tensor([1, 2]), requires_grad=False),
        "half": torch.tensor([0.5, 65504.0, float("-inf")], dtype=torch.float16),
        "bfloat16": torch.tensor([1.5, 3e38], dtype=torch.bfloat16),
        "double": torch.tensor([[0.1, 1e300]], dtype=torch.float64).t(),
        "bool": torch.tensor([[True, False], [True, True]]).t(),
    }
    views["tied"] = views["row"]
    torch.save(views, FIXTURES / "exchange_views.pt")
    save_file({name: tensor.detach().clone().contiguous() for name, tensor in views.items()},
              FIXTURES / "exchange_views.safetensors")
    torch.manual_seed(0)
    net = Mlp().eval()
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)
    net(torch.randn(5, 4)).sum().backward()
    adam.step()
    checkpoint = {"model": net.state_dict(), "optimizer": adam.state_dict(), "epoch": 3, "best": {"ema.model": net.state_dict()}}
    torch.save(checkpoint, FIXTURES / "exchange_checkpoint.pt")
    save_file(net.state_dict(), FIXTURES / "exchange_checkpoint.safetensors")
    torch.save({"bytes": torch.tensor([1, 2], dtype=torch.uint8)}, FIXTURES / "exchange_uint8.pt")
    # A module is a pickle of its class, and needs its code.
    torch.save(torch.nn.Linear(1, 1), FIXTURES / "exchange_module.pt")


def check(path):
    net = Mlp()
    net.load_state_dict(load_file(path), strict=True)
    outputs = load_file(FIXTURES / "exchange_outputs.safetensors")
    with torch.no_grad():
        torch.testing.assert_close(net(outputs["x"]), outputs["y"], rtol=1e-5, atol=1e-5)
    original = load_file(FIXTURES / "exchange.safetensors")
    for name, tensor in net.state_dict().items():
        assert torch.equal(tensor, original[name]), name
    outputs = load_file(FIXTURES / "exchange_tied_outputs.safetensors")
    for output in ("head", "decoder"):
        tied = Tied(output)
        load_model(tied, Path(path).with_name("typegrad_tied.safetensors"), strict=True)
        with torch.no_grad():
            torch.testing.assert_close(tied(IDS), outputs["y"], rtol=1e-5, atol=1e-5)
    print(f"{path}: PyTorch {torch.__version__} loads it, with the same outputs")


if __name__ == "__main__":
    check(sys.argv[2]) if sys.argv[1:2] == ["--check"] else (write(), write_tied(), write_pt())
