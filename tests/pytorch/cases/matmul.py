"""Products of matrices, einsum and the linear layer."""

import torch
from torch import nn
from torch.nn import functional as F

from . import case, inf, layer, nan, randn

SHAPES = dict(
    matrices=((2, 3), (3, 4)),
    dot=((3,), (3,)),
    vector_matrix=((3,), (3, 2)),
    matrix_vector=((2, 3), (3,)),
    vector_batch=((3,), (2, 3, 2)),
    batch_vector=((2, 2, 3), (3,)),
    batches=((2, 2, 3), (2, 3, 2)),
    two_batches=((2, 1, 2, 3), (2, 1, 3, 2)),
    shared_right=((2, 2, 3), (3, 2)),
    shared_left=((2, 3), (2, 3, 2)),
    shared_right_batch=((2, 2, 2, 3), (2, 3, 2)),
    one_by_one=((1, 1), (1, 1)),
    column_row=((3, 1), (1, 2)),
    no_rows=((0, 3), (3, 2)),
    no_inner=((2, 0), (0, 3)),
    no_batch=((0, 2, 3), (0, 3, 2)),
    large=((9, 17), (17, 10)),
)
for name, (a, b) in SHAPES.items():
    case(f"matmul/{name}", torch.matmul, randn(*a), randn(*b))
case("matmul/corners", torch.matmul, [[nan, 1.0], [inf, 0.0], [1.0, 2.0]], [[1.0, 0.0], [2.0, -0.0]])

case("mm/matrices", torch.mm, randn(2, 3), randn(3, 4))
case("mm/added", lambda a, b, c: torch.addmm(c, a, b), randn(2, 3), randn(3, 4), randn(2, 4))
case("bmm/batches", torch.bmm, randn(2, 2, 3), randn(2, 3, 2))
case("mv/matrix", torch.mv, randn(2, 3), randn(3))
case("dot/vectors", torch.dot, randn(4), randn(4))
case("dot/empty", torch.dot, randn(0), randn(0))
case("outer/vectors", torch.outer, randn(2), randn(3))

EQUATIONS = {
    "ij,jk->ik": ((2, 3), (3, 2)),
    "ij,kj->ik": ((2, 3), (4, 3)),
    "ij,j->i": ((2, 3), (3,)),
    "i,j->ij": ((2,), (3,)),
    "i,i->": ((3,), (3,)),
    "ij,ij->": ((2, 3), (2, 3)),
    "ij,ij->i": ((2, 3), (2, 3)),
    "bij,bjk->bik": ((2, 2, 3), (2, 3, 2)),
    "bij,bkj->bik": ((2, 2, 3), (2, 4, 3)),
    "bhid,bhjd->bhij": ((2, 1, 2, 3), (2, 1, 2, 3)),
    "bij,jk->bki": ((2, 2, 3), (3, 2)),
    "ij,jk": ((2, 3), (3, 2)),
    "ba,ac": ((2, 3), (3, 2)),
}
for equation, (a, b) in EQUATIONS.items():
    case(f"einsum/{equation}", lambda x, y: torch.einsum(equation, x, y), randn(*a), randn(*b))
for equation, shape in {"ij->ji": (2, 3), "ij->": (2, 3), "ij->j": (2, 3), "ii": (3, 3), "ii->i": (3, 3), "ijk->kij": (2, 3, 2)}.items():
    case(f"einsum/{equation}", lambda x: torch.einsum(equation, x), randn(*shape))
case("einsum/i,ij,j", lambda x, y, z: torch.einsum("i,ij,j", x, y, z), randn(2), randn(2, 3), randn(3))
case("einsum/ij,jk,kl->il", lambda x, y, z: torch.einsum("ij,jk,kl->il", x, y, z), randn(2, 3), randn(3, 2), randn(2, 2))

case("linear/matrix", F.linear, randn(2, 3), randn(4, 3))
case("linear/vector", F.linear, randn(3), randn(2, 3))
case("linear/deep", F.linear, randn(2, 2, 3), randn(4, 3))
case("linear/bias", F.linear, randn(2, 3), randn(4, 3), randn(4))
case("linear/no_rows", F.linear, randn(0, 3), randn(4, 3))

layer("linear/layer_matrix", nn.Linear(3, 2), randn(4, 3), seed="linear/matrix")
layer("linear/layer_batches", nn.Linear(3, 2), randn(2, 4, 3), seed="linear/batches")
layer("linear/layer_eval", nn.Linear(3, 2), randn(4, 3), train=False, seed="linear/eval")
layer(
    "linear/layer_in_a_row",
    nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 2)),
    randn(4, 3), seed="linear/in_a_row")
layer("linear/layer_no_bias", nn.Linear(3, 2, bias=False), randn(4, 3), seed="linear/no_bias")
layer("linear/layer_vector", nn.Linear(3, 2), randn(3), seed="linear/vector")

case("kron/vectors", torch.kron, randn(3), randn(2))
case("kron/matrices", torch.kron, randn(2, 3), randn(3, 2))
case("kron/three_axes", torch.kron, randn(2, 1, 3), randn(1, 2, 2))
for name, axis, shape in ("first", 0, (3, 2)), ("middle", 1, (2, 3, 2)), ("last", -1, (4, 3)):
    case(f"cross/{name}", lambda a, b, axis=axis: torch.linalg.cross(a, b, dim=axis), randn(*shape), randn(*shape))
for p in 0.0, 0.5, 1.0, 2.0, 3.0, float("inf"):
    case(f"cdist_with/{p}", lambda a, b, p=p: torch.cdist(a, b, p), randn(4, 5), randn(3, 5))
for p in (0.0, 1.0, 2.0, 3.0):
    nan, inf = float("nan"), float("inf")
    points = [[0.0, 1.0], [2.0, -1.0], [0.5, 0.5]], [[0.0, 1.0], [nan, 1.0], [0.0, nan], [inf, 1.0], [2.0, 1.0]]
    case(f"cdist_nan/{p}", lambda a, b, p=p: torch.cdist(a, b, p), *points)
case("cdist/batch", lambda a, b: torch.cdist(a, b), randn(2, 3, 20), randn(2, 4, 20))
case("cdist/equal_rows", lambda a, b: torch.cdist(a, b), [[1.0, 2.0], [0.0, 0.5]], [[1.0, 2.0]])
