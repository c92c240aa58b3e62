"""The registry: `case(name, function, *inputs, **constants)` in cases/<family>.py."""

import zlib

import torch

_tensors = {}
_names = set()

nan = float("nan")
inf = float("inf")


class Random:
    """An input that is drawn for its case, so that a new case does not change the others."""

    def __init__(self, shape, low=None, high=None):
        self.shape, self.low, self.high = shape, low, high

    def draw(self, generator):
        if self.low is None:
            return torch.randn(self.shape, generator=generator, dtype=torch.float64)
        uniform = torch.rand(self.shape, generator=generator, dtype=torch.float64)
        return self.low + (self.high - self.low) * uniform


def randn(*shape):
    """Standard normal elements."""
    return Random(shape)


def uniform(low, high, *shape):
    """Elements that are uniform on [low, high)."""
    return Random(shape, low, high)


def case(name, function, *inputs, seed=None, **constants):
    """Records `function(*inputs, **constants)`.

    Inputs are floats: nested lists, `randn(..)`, `uniform(..)` or tensors; each gets a gradient. Constants are
    integers or bools, and have none. A function may return a tuple; the gradient is that of its first element.
    What is random depends on the name, or on `seed` where a case was renamed.
    """
    assert name not in _names, f"{name}: there are two cases of this name"
    _names.add(name)
    generator = torch.Generator().manual_seed(zlib.crc32((seed or name).encode()))
    inputs = [x.draw(generator) if isinstance(x, Random) else torch.as_tensor(x, dtype=torch.float64) for x in inputs]
    constants = {key: torch.as_tensor(value) for key, value in constants.items()}
    for key, value in constants.items():
        assert value.dtype in (torch.int64, torch.bool), f"{name}: {key} is a {value.dtype}"
        _put(name, f"constant.{key}", value)
    for i, x in enumerate(inputs):
        _put(name, f"input.{i}", x)

    cotangent = None
    for dtype, suffix in (torch.float64, ""), (torch.float32, ".f32"):
        leaves = [x.detach().to(dtype, copy=True).requires_grad_() for x in inputs]
        outputs = function(*leaves, **constants)
        outputs = list(outputs) if isinstance(outputs, (tuple, list)) else [outputs]
        for i, y in enumerate(outputs):
            assert not y.is_floating_point() or y.dtype == dtype, f"{name}: output {i} is a {y.dtype}"
            if y.is_floating_point() or not suffix:
                _put(name, f"output.{i}{suffix}", y)
        y = outputs[0]
        if not y.requires_grad:
            continue
        if cotangent is None:
            cotangent = torch.randn(y.shape, generator=generator, dtype=torch.float64)
            # Exact in both types, so that they are asked for the same gradient.
            cotangent = cotangent.float().double()
            _put(name, "cotangent", cotangent)
        grads = torch.autograd.grad(y, leaves, cotangent.to(dtype), allow_unused=True)
        for i, (x, grad) in enumerate(zip(leaves, grads)):
            _put(name, f"grad.{i}{suffix}", torch.zeros_like(x) if grad is None else grad)


def ints(values):
    """The input of a layer that takes indices."""
    return torch.as_tensor(values, dtype=torch.int64)


def layer(name, module, x, *, train=True, forward=lambda module, x: module(x), seed=None):
    """Records a module on an input: `randn(..)`, `uniform(..)`, floats, or `ints(..)`, which have no gradient.

    The parameters and buffers are drawn anew, and they and the input are exact in f32, so that both types have the
    same ones. `forward` picks the tensor of a module that returns several.
    """
    assert name not in _names, f"{name}: there are two cases of this name"
    _names.add(name)
    generator = torch.Generator().manual_seed(zlib.crc32((seed or name).encode()))

    def draw(shape):
        return torch.randn(shape, generator=generator, dtype=torch.float64).float().double()

    x = x.draw(generator) if isinstance(x, Random) else torch.as_tensor(x)
    floats = x.is_floating_point()
    x = x.float().double() if floats else x
    _put(name, "input.0" if floats else "constant.input", x)
    with torch.no_grad():
        for key, value in module.state_dict().items():
            if value.is_floating_point():
                new = draw(value.shape) * 0.5
                # A variance is positive.
                value.copy_(new.exp() if key.endswith("running_var") else new)
    module = module.double()
    start = {key: value.clone() for key, value in module.state_dict().items()}
    for key, value in start.items():
        _put(name, f"state.{key}", value)

    cotangent = None
    for dtype, suffix in (torch.float64, ""), (torch.float32, ".f32"):
        module = module.to(dtype).train(train)
        module.load_state_dict(start)
        module.zero_grad()
        leaf = x.to(dtype, copy=True).requires_grad_() if floats else x
        y = forward(module, leaf)
        _put(name, f"output.0{suffix}", y)
        if cotangent is None:
            cotangent = draw(y.shape)
            _put(name, "cotangent", cotangent)
        y.backward(cotangent.to(dtype))
        if floats:
            _put(name, f"grad.0{suffix}", leaf.grad)
        for key, parameter in module.named_parameters():
            grad = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
            _put(name, f"state_grad.{key}{suffix}", grad)
        for key, buffer in module.named_buffers():
            if key in start:
                _put(name, f"state_after.{key}{suffix}", buffer)


def _put(name, key, tensor):
    _tensors[f"{name}:{key}"] = tensor.detach().contiguous().numpy().copy()


def begin():
    _tensors.clear()
    _names.clear()


def tensors():
    return dict(sorted(_tensors.items()))


def count():
    return len(_names)
