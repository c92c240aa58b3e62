import torch
import torch.nn.functional as F
from harness import forward_row, ids, line, row, wants


def rows():
    many = (1001, 333)
    rows, columns, words = ids(1001, 333), ids(333, 65), ids(1001, 7, 33)
    along0, along1, everywhere, labels = ids(1001, 7, 333), ids(333, 1001, 65), ids(7, 1001, 333), ids(333, 1001)
    row("index/index_select_axis0/1001x333", lambda x: x.index_select(0, rows), many)
    row("index/index_select_axis0/1001x333/f64", lambda x: x.index_select(0, rows), many)
    row("index/index_select_axis1/1001x333", lambda x: x.index_select(1, columns), many)
    row("index/lookup/1001x333", lambda x: F.embedding(words, x), many)
    row("index/narrow_axis1/7x33x333", lambda x: x.narrow(1, 3, 21).contiguous(), (7, 33, 333))
    row("index/narrow_axis2/7x33x333", lambda x: x.narrow(2, 3, 301).contiguous(), (7, 33, 333))
    row("index/gather_axis0/1001x333", lambda x: x.gather(0, along0), many)
    row("index/gather_axis1/1001x333", lambda x: x.gather(1, along1), many)
    row("index/scatter_add_axis1/1001x333", lambda x, y: x.scatter_add(1, along1, y), many, (1001, 65))
    ranks = torch.randn(1001, 65).argsort(1)
    row("index/scatter_axis1/1001x333", lambda x, y: x.scatter(1, ranks, y), many, (1001, 65))
    row("index/take_along_axis1/1001x333", lambda x: torch.take_along_dim(x, along1, 1), many)
    row("index/scatter_add_axis0/7x333", lambda x, y: x.scatter_add(0, everywhere, y), (7, 333), many)
    row("index/sort_axis1/1001x333", lambda x: x.sort(1).values, many)
    row("index/sort_axis0/1001x333", lambda x: x.sort(0).values, many)
    row("index/sort_axis1/1001x333/f64", lambda x: x.sort(1).values, many)
    forward_row("index/argsort_axis1/1001x333", lambda x: x.argsort(1), many)
    bags = ids(1001, 65, 7)
    row("index/embedding_bag/1001x333", lambda x: F.embedding_bag(bags, x), many)
    row("index/kthvalue_axis1/1001x333", lambda x: x.kthvalue(7, 1).values, many)
    row("index/topk_axis1/1001x333", lambda x: x.topk(5, 1).values, many)
    forward_row("index/searchsorted/333", lambda x, y: torch.searchsorted(x.sort().values, y), (333,), many, make=torch.rand)
    numbers = ids(333, 333333)
    if wants("index/bincount/333333"):
        line("index/bincount/333333", (333333,), lambda: numbers.bincount(minlength=333), None)
    if wants("index/one_hot/1001"):
        line("index/one_hot/1001", (1001,), lambda: F.one_hot(labels, 333), None)
