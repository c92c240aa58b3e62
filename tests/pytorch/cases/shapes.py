"""What moves elements: axes exchanged, cut, put together."""

import torch

from . import case, nan, randn

case("transpose/matrix", lambda x: x.transpose(0, 1), randn(2, 3))
case("transpose/outer", lambda x: x.transpose(0, 2), randn(2, 3, 4))
case("transpose/last", lambda x: x.transpose(-1, -2), randn(2, 3, 4))
case("transpose/same", lambda x: x.transpose(1, 1), randn(2, 3))
case("transpose/deep", lambda x: x.transpose(1, -1), randn(1, 2, 2, 3))
case("transpose/empty", lambda x: x.transpose(0, 1), torch.zeros(0, 3))
case("t/matrix", torch.t, randn(3, 2))
case("t/row", torch.t, [[1.0, nan, -0.0]])

case("narrow/first", lambda x: x.narrow(0, 1, 2), randn(4, 3))
case("narrow/middle", lambda x: x.narrow(1, 0, 1), randn(2, 3, 2))
case("narrow/last", lambda x: x.narrow(-1, 1, 2), randn(2, 3))
case("narrow/all", lambda x: x.narrow(0, 0, 3), randn(3))
case("narrow/none", lambda x: x.narrow(0, 3, 0), randn(3))
case("select/first", lambda x: x.select(0, 1), randn(3, 2))
case("select/middle", lambda x: x.select(1, 2), randn(2, 3, 2))
case("select/last", lambda x: x.select(-1, 0), randn(2, 3))
case("select/negative", lambda x: x.select(1, -1), randn(2, 3))
case("select/vector", lambda x: x.select(0, 1), randn(3))

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
