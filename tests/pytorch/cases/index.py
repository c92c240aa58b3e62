"""Elements by indices: rows, slices, sorting, and the embedding."""

import torch
from torch import nn
from torch.nn import functional as F

from . import case, inf, ints, layer, nan, randn

def index_select(axis):
    return lambda x, index: x.index_select(axis, index)


case("index_select/first", index_select(0), randn(4, 2), index=[3, 0, 3])
case("index_select/middle", index_select(1), randn(2, 3, 2), index=[2, 0])
case("index_select/last", index_select(-1), randn(2, 3), index=[1, 1, 1, 0])
case("index_select/none", index_select(0), randn(3, 2), index=torch.zeros(0, dtype=torch.int64))
case("lookup/vector", lambda table, ids: F.embedding(ids, table), randn(4, 3), ids=[1, 1, 3])
case("lookup/matrix", lambda table, ids: F.embedding(ids, table), randn(4, 2), ids=[[0, 3], [3, 3]])
case("lookup/scalar", lambda table, ids: F.embedding(ids, table), randn(4, 2), ids=2)


def gather(axis):
    return lambda x, index: x.gather(axis, index)


case("gather/first", gather(0), randn(3, 2), index=[[2, 0]])
case("gather/middle", gather(1), randn(2, 3, 2), index=[[[2, 0], [2, 1]], [[0, 0], [1, 2]]])
case("gather/last", gather(-1), randn(2, 3), index=[[2, 0, 0, 1], [1, 1, 1, 1]])
case("gather/none", gather(-1), randn(2, 3), index=torch.zeros(2, 0, dtype=torch.int64))
case("take_along/last", lambda x, index: torch.take_along_dim(x, index, -1), randn(2, 3), index=[[2, -1], [-3, 1]])
case("take/matrix", torch.take, randn(2, 3), index=[[5, -1], [0, -6]])

case("scatter/last", lambda x, s, index: x.scatter(-1, index, s), randn(2, 4), randn(2, 2), index=[[2, 0], [1, 3]])
case("scatter/first", lambda x, s, index: x.scatter(0, index, s), randn(3, 2), randn(2, 2), index=[[2, 0], [1, 1]])
case("scatter_add/last", lambda x, s, index: x.scatter_add(-1, index, s), randn(2, 3), randn(2, 4), index=[[2, 2, 0, 2], [1, 1, 1, 1]])
case("scatter_add/first", lambda x, s, index: x.scatter_add(0, index, s), randn(3, 2), randn(2, 2), index=[[2, 0], [2, 1]])

case("one_hot/vector", lambda x, labels: (x + 0, F.one_hot(labels, 4)), randn(1), labels=[3, 0, 3])
case("one_hot/matrix", lambda x, labels: (x + 0, F.one_hot(labels, 3)), randn(1), labels=[[2, 0], [1, 1]])

TIES = [[2.0, 1.0, 2.0, 1.0], [0.0, -0.0, 0.0, -0.0]]
CORNERS = [[nan, 1.0, inf, -inf], [1.0, nan, -inf, nan]]
for name, x in ("random", randn(3, 4)), ("ties", TIES), ("corners", CORNERS):
    case(f"sort/{name}", lambda x: x.sort(dim=-1, stable=True), x)
    case(f"sort_descending/{name}", lambda x: x.sort(dim=-1, descending=True, stable=True), x)
    case(f"argsort/{name}", lambda x: x.argsort(dim=-1, stable=True), x)
    case(f"argsort_descending/{name}", lambda x: x.argsort(dim=-1, descending=True, stable=True), x)
case("sort/first", lambda x: x.sort(dim=0, stable=True), randn(4, 2))
case("sort/middle", lambda x: x.sort(dim=1, stable=True), randn(2, 3, 2))
case("topk/last", lambda x: x.topk(2, -1), randn(3, 4))
case("topk/first", lambda x: x.topk(2, 0), randn(4, 2))
case("topk/all", lambda x: x.topk(4, -1), randn(2, 4))
case("topk/nan", lambda x: x.topk(3, -1), [[nan, 1.0, inf, -inf], [1.0, 2.0, -inf, nan]])
case("topk_smallest/last", lambda x: x.topk(2, -1, largest=False), randn(3, 4))
case("topk_smallest/nan", lambda x: x.topk(4, -1, largest=False), [[nan, 1.0, inf, -inf], [1.0, 2.0, -inf, nan]])

case("narrow/first", lambda x: x.narrow(0, 1, 2), randn(4, 3))
case("narrow/middle", lambda x: x.narrow(1, 0, 1), randn(2, 3, 2))
case("narrow/last", lambda x: x.narrow(-1, 1, 2), randn(2, 3))
case("narrow/all", lambda x: x.narrow(0, 0, 3), randn(3))
case("narrow/none", lambda x: x.narrow(0, 3, 0), randn(3))
case("slice/first", lambda x: x[1:3], randn(4, 3))
case("slice/middle", lambda x: x[:, 0:2], randn(2, 3, 2))
case("slice/last", lambda x: x[:, 2:3], [[1.0, 2.0, nan], [4.0, 5.0, -0.0]])
case("slice/none", lambda x: x[2:2], randn(3))
case("select/first", lambda x: x.select(0, 1), randn(3, 2))
case("select/middle", lambda x: x.select(1, 2), randn(2, 3, 2))
case("select/last", lambda x: x.select(-1, 0), randn(2, 3))
case("select/negative", lambda x: x.select(1, -1), randn(2, 3))
case("select/vector", lambda x: x.select(0, 1), randn(3))

# Integers. The input is there because a case has one; output 1 is compared.
K = [[3, -7, 0], [2, 2, 2**40]]


def of_integers(name, f, **constants):
    case(f"{name}/of_integers", lambda x, **k: (x + 0, f(**k)), [1.0], seed=f"whole/{name}", **constants)


of_integers("sort", lambda k: k.sort(dim=-1, stable=True).values, k=K)
of_integers("gather", lambda k, index: k.gather(1, index), k=K, index=[[2, 0], [1, 1]])

layer("embedding/row", nn.Embedding(5, 3), ints([4, 0, 4]))
layer("embedding/matrix", nn.Embedding(5, 3), ints([[1, 0, 1], [2, 2, 2]]))
layer("embedding/scalar", nn.Embedding(5, 3), ints(2))
layer("embedding/padding", nn.Embedding(5, 3, padding_idx=1), ints([[1, 0, 1], [2, 1, 2]]))

# Without an axis, both are read as one row.
case("take_along_dim/flat", lambda x, i: torch.take_along_dim(x, i), randn(2, 3), i=[[4, 0], [0, 5]])

for name, axis, shape in ("first", 0, (4, 3)), ("middle", 1, (2, 5, 3)), ("last", -1, (3, 7)):
    case(f"kthvalue/{name}", lambda x, axis=axis: x.kthvalue(2, axis), randn(*shape))
case("kthvalue_keepdim/last", lambda x: x.kthvalue(3, -1, keepdim=True), randn(3, 4))
of_integers("bincount", lambda k: torch.bincount(k, minlength=6), k=[0, 3, 3, 5, 0, 3])
of_integers("searchsorted", lambda row, k: torch.searchsorted(row, k), row=[1, 3, 3, 5], k=[[0, 1], [3, 9]])
of_integers("searchsorted_right", lambda row, k: torch.searchsorted(row, k, right=True), row=[1, 3, 3, 5], k=[[0, 1], [3, 9]])
case("bincount_with/weights", lambda w, k: (w + 0, torch.bincount(k, w.detach(), minlength=4).to(w.dtype)), randn(5), k=[0, 3, 3, 1, 0])
case("searchsorted/floats", lambda row, x: (row + x[0], torch.searchsorted(row.detach(), x.detach())), [-1.0, 0.5, 2.0], [0.5, nan, -9.0, 9.0, inf])
case("searchsorted_with/right", lambda row, x: (row + x[0], torch.searchsorted(row.detach(), x.detach(), right=True)), [-1.0, 0.5, 2.0], [0.5, nan, -9.0, 9.0, inf])

BAGS = [[0, 1, 4], [4, 4, 1], [1, 1, 1]]
for mode in "sum", "mean", "max":
    case(f"embedding_bag/{mode}", lambda table, ids, m=mode: F.embedding_bag(ids, table, mode=m), randn(5, 3), ids=BAGS)
    case(f"embedding_bag/{mode}_padded", lambda table, ids, m=mode: F.embedding_bag(ids, table, mode=m, padding_idx=1), randn(5, 3), ids=BAGS)
layer("embedding_bag/layer", nn.EmbeddingBag(5, 3, mode="sum", padding_idx=1), ints(BAGS))
layer("embedding_bag/layer_by_default", nn.EmbeddingBag(5, 3), ints(BAGS))
