"""Elements taken apart, turned, repeated and padded."""

import torch
from torch.nn import functional as F

from . import case, randn

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

for k in 0, 1, -1, 5:
    case(f"tril/{k}", lambda x: x.tril(k), randn(3, 4))
    case(f"triu/{k}", lambda x: x.triu(k), randn(3, 4))
case("tril/batch", lambda x: x.tril(0), randn(2, 2, 3))
for k in 0, 1, -1:
    case(f"diag/matrix_{k}", lambda x: x.diag(k), randn(3, 4))
    case(f"diag/vector_{k}", lambda x: x.diag(k), randn(2))
