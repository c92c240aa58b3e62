"""Operations that move elements without changing them: axes are exchanged, split, concatenated, repeated, padded."""

import torch
from torch import nn
from torch.nn import functional as F

from . import case, inf, layer, nan, randn, uniform

case("transpose/matrix", lambda x: x.transpose(0, 1), randn(2, 3))
case("transpose/outer", lambda x: x.transpose(0, 2), randn(2, 3, 4))
case("transpose/last", lambda x: x.transpose(-1, -2), randn(2, 3, 4))
case("transpose/same", lambda x: x.transpose(1, 1), randn(2, 3))
case("transpose/deep", lambda x: x.transpose(1, -1), randn(1, 2, 2, 3))
case("transpose/empty", lambda x: x.transpose(0, 1), torch.zeros(0, 3))
case("t/matrix", torch.t, randn(3, 2))
case("t/row", torch.t, [[1.0, nan, -0.0]])
case("cat/first", lambda a, b: torch.cat([a, b], 0), randn(1, 3), randn(2, 3))
case("cat/last", lambda a, b: torch.cat([a, b], -1), randn(2, 1), randn(2, 3))
case("cat/middle", lambda a, b: torch.cat([a, b], 1), randn(2, 1, 2), randn(2, 2, 2))
case("cat/three", lambda a, b, c: torch.cat([a, b, c], 0), randn(1), randn(2), randn(3))
case("cat/empty", lambda a, b: torch.cat([a, b], 0), torch.zeros(0, 2), randn(2, 2))
case("cat/array", lambda a, b: torch.cat([a, b], 1), randn(2, 2), randn(2, 2))
case("stack/first", lambda a, b: torch.stack([a, b], 0), randn(3), randn(3))
case("stack/last", lambda a, b: torch.stack([a, b], -1), randn(2, 3), randn(2, 3))
case("stack/middle", lambda a, b, c: torch.stack([a, b, c], 1), randn(2, 3), randn(2, 3), randn(2, 3))
case("stack/scalars", lambda a, b: torch.stack([a, b], 0), randn(), randn())
case("stack/array", lambda a, b: torch.stack([a, b], 1), randn(2, 2), randn(2, 2))

case("split/first", lambda x: x.split([1, 2], 1)[0], randn(2, 3))
case("split/both", lambda x: x.split([1, 2], 1)[0] * x.split([1, 2], 1)[1], randn(2, 3))
case("split/three", lambda x: x.split([1, 2, 1], 0)[1], randn(4, 2))
case("chunk/both", lambda x: x.chunk(2, 0)[0] * x.chunk(2, 0)[1], randn(4, 2))
case("chunk/last", lambda x: x.chunk(3, -1)[2], randn(2, 6))
case("unbind/first", lambda x: x.unbind(0)[0] * x.unbind(0)[1], randn(2, 3))
case("unbind/last", lambda x: x.unbind(-1)[1], randn(2, 3))

case("flatten/all", lambda x: x.flatten(), randn(2, 3, 2))
case("flatten/scalar", lambda x: x.flatten(), randn())
case("flatten/axes", lambda x: x.flatten(1, -1), randn(2, 3, 2))
case("flatten/front", lambda x: x.flatten(0, 1), randn(2, 3, 2))
case("squeeze/last", lambda x: x.squeeze(-1), randn(2, 1))
case("squeeze/first", lambda x: x.squeeze(0), randn(1, 2))
case("unsqueeze/first", lambda x: x.unsqueeze(0), randn(2))
case("unsqueeze/last", lambda x: x.unsqueeze(-1), randn(2, 3))

case("permute/three", lambda x: x.permute(2, 0, 1), randn(2, 3, 4))
case("permute/four", lambda x: x.permute(0, -1, 1, 2), randn(2, 2, 1, 3))
case("movedim/back", lambda x: x.movedim(0, -1), randn(2, 3, 4))
case("movedim/front", lambda x: x.movedim(2, 0), randn(2, 3, 4))
case("flip/first", lambda x: x.flip(0), randn(3, 2))
case("flip/last", lambda x: x.flip(-1), randn(2, 3))
case("repeat/vector", lambda x: x.repeat(2, 2), randn(2))
case("repeat/matrix", lambda x: x.repeat(1, 3), randn(2, 2))
case("repeat/deep", lambda x: x.repeat(2, 1, 2), randn(2, 2))
case("roll/forward", lambda x: x.roll(1, 0), randn(3, 2))
case("roll/backward", lambda x: x.roll(-2, -1), randn(2, 3))
case("roll/around", lambda x: x.roll(7, 0), randn(3))

case("pad/value", lambda x: F.pad(x, (1, 2), value=-7.0), randn(2, 3))
case("pad/none", lambda x: F.pad(x, (0, 0)), randn(2, 3))
case("pad/reflect", lambda x: F.pad(x, (2, 1), mode="reflect"), randn(2, 3))
case("pad/replicate", lambda x: F.pad(x, (2, 1), mode="replicate"), randn(2, 3))
case("pad2d/value", lambda x: F.pad(x, (1, 0, 2, 1), value=0.5), randn(2, 2))
case("pad2d/reflect", lambda x: F.pad(x, (1, 2, 1, 0), mode="reflect"), randn(1, 2, 3))
case("pad2d/replicate", lambda x: F.pad(x, (1, 2, 1, 0), mode="replicate"), randn(1, 2, 3))
case("pad/circular", lambda x: F.pad(x, (2, 1), mode="circular"), randn(2, 3))
case("pad/circular_around", lambda x: F.pad(x, (3, 3), mode="circular"), [[1.0, nan, -0.0], [inf, 2.0, 3.0]])
case("pad/circular_none", lambda x: F.pad(x, (0, 0), mode="circular"), randn(2, 3))
case("pad2d/circular", lambda x: F.pad(x, (1, 2, 1, 0), mode="circular"), randn(1, 2, 3))
case("pad2d/circular_around", lambda x: F.pad(x, (3, 3, 2, 2), mode="circular"), randn(2, 2, 3))
case("pad3d/circular", lambda x: F.pad(x, (1, 2, 1, 0, 0, 1), mode="circular"), randn(1, 2, 2, 3))
case("pad3d/circular_around", lambda x: F.pad(x, (2, 2, 1, 1, 3, 0), mode="circular"), randn(1, 2, 3, 1, 2))

for k in 0, 1, -1, 5:
    case(f"tril/{k}", lambda x: x.tril(k), randn(3, 4))
    case(f"triu/{k}", lambda x: x.triu(k), randn(3, 4))
case("tril/batch", lambda x: x.tril(0), randn(2, 2, 3))
for k in 0, 1, -1:
    case(f"diag/matrix_{k}", lambda x: x.diag(k), randn(3, 4))
    case(f"diag/vector_{k}", lambda x: x.diag(k), randn(2))

case("reshape/flat", lambda x: x.reshape(6), randn(2, 3))
case("view/deep", lambda x: x.view(3, 1, 4), randn(2, 6))
case("reshape/deep", lambda x: x.reshape(3, 1, 4), randn(2, 6))

layer("flatten/layer", nn.Flatten(), randn(2, 2, 4, 6), seed="layer/flatten")
layer("unflatten/layer", nn.Unflatten(1, (2, 3)), randn(2, 6), seed="layer/unflatten")

ROW, COLUMN = uniform(0.5, 2, 1, 3), uniform(0.5, 2, 2, 1)
for name, f in ("add", torch.add), ("sub", torch.sub), ("mul", torch.mul), ("div", torch.div):
    case(f"expand/{name}_row", f, randn(2, 3), ROW)
    case(f"expand/{name}_column", f, randn(2, 3), COLUMN)
    case(f"expand/{name}_on_the_left", f, COLUMN, uniform(0.5, 2, 2, 3))
case("expand/two_axes", torch.mul, randn(2, 3, 2), randn(1, 3, 1))
case("expand/nothing", torch.mul, randn(2, 3), randn(2, 3))
case("expand/to_no_elements", torch.mul, randn(2, 0), randn(2, 1))
case("broadcast_to/axis", lambda x: x.broadcast_to(2, 3), randn(2, 1))
case("broadcast_to/front", lambda x: x.broadcast_to(2, 3), randn(3))
case("broadcast_to/both", lambda x: x.broadcast_to(2, 3, 2), randn(3, 1))
case("broadcast_to/scalar", lambda x: x.broadcast_to(2, 2), randn())

# Integers. The input is there because a case has one; output 1 is compared.
K = [[3, -7, 0], [2, 2, 2**40]]
J = [[-2, 5, 4], [2, 0, -1]]


def of_integers(name, f, **constants):
    case(f"{name}/of_integers", lambda x, **k: (x + 0, f(**k)), [1.0], seed=f"whole/{name}", **constants)


of_integers("transpose", lambda k: k.t(), k=K)
of_integers("cat", lambda k, j: torch.cat([k, j], 0), k=K, j=J)
of_integers("tril", lambda k: k.tril(0), k=K)
of_integers("pad", lambda k: F.pad(k, (1, 1), value=-1), k=K)

# Calls of PyTorch that are another method here, or several.
case("pad/negative", lambda x: F.pad(x, (-1, 2), value=3.0), randn(2, 3))
case("pad/all_taken", lambda x: F.pad(x, (-2, 3), value=1.0), randn(2, 2))
case("pad/reflect_negative", lambda x: F.pad(x, (-1, 2), mode="reflect"), randn(2, 4))
case("pad/reflect_what_is_taken", lambda x: F.pad(x, (-3, 3), mode="reflect"), randn(2, 4))
case("pad/replicate_negative", lambda x: F.pad(x, (2, -3), mode="replicate"), randn(2, 4))
case("pad2d/negative", lambda x: F.pad(x, (-1, 0, 2, -1)), randn(2, 3, 3))
case("pad2d/reflect_negative", lambda x: F.pad(x, (-1, 2, 1, -1), mode="reflect"), randn(2, 3, 4))
case("pad3d/value", lambda x: F.pad(x, (1, 0, 2, 1, 0, 3), value=0.5), randn(2, 2, 1, 2))
case("pad3d/negative", lambda x: F.pad(x, (-1, 1, 0, -1, 1, -2)), randn(3, 2, 3))
case("pad3d/reflect", lambda x: F.pad(x, (1, 2, 1, 0, 0, 1), mode="reflect"), randn(1, 2, 2, 3))
case("pad3d/replicate", lambda x: F.pad(x, (1, 2, 1, 0, 0, 1), mode="replicate"), randn(1, 2, 2, 3))
case("roll/all", lambda x: x.roll(2), randn(2, 3))
case("roll/two_axes", lambda x: x.roll((1, -1), (0, 1)), randn(2, 3))
case("flip/two_axes", lambda x: x.flip((0, 1)), randn(2, 3))
case("movedim/swap", lambda x: x.movedim((0, 1), (1, 0)), randn(2, 3, 4))
case("movedim/two", lambda x: x.movedim((0, 1), (-1, 0)), randn(2, 3, 4))
case("squeeze/all", lambda x: x.squeeze(), randn(1, 2, 1))
case("squeeze/two", lambda x: x.squeeze((0, 2)), randn(1, 2, 1))

for name, axis, shape in ("first", 0, (2, 3)), ("middle", 1, (2, 3, 2)), ("last", -1, (3, 2)):
    case(f"repeat_interleave/{name}", lambda x, axis=axis: x.repeat_interleave(3, axis), randn(*shape))
case("meshgrid/x", lambda x, y: torch.meshgrid(x, y, indexing="ij")[0], randn(3), randn(2))
case("meshgrid/product", lambda x, y, z: torch.stack(torch.meshgrid(x, y, z, indexing="ij")).prod(0), randn(3), randn(2), randn(4))
