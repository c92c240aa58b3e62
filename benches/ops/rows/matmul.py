import torch
from harness import layer, row
from torch import nn


def rows():
    product = torch.matmul
    row("matmul/matmul/7x333x65", product, (7, 333), (333, 65))
    row("matmul/matmul/333x7x333", product, (333, 7), (7, 333))
    row("matmul/matmul/333x333x7", product, (333, 333), (333, 7))
    row("matmul/matmul/5x5x5", product, (5, 5), (5, 5))
    row("matmul/matmul/33x17x9", product, (33, 17), (17, 9))
    row("matmul/matmul/129x131x127", product, (129, 131), (131, 127))
    row("matmul/matmul/129x131x127/f64", product, (129, 131), (131, 127))
    row("matmul/matmul/401x399x403", product, (401, 399), (399, 403))
    row("matmul/matmul/1x333x1001", product, (1, 333), (333, 1001))
    row("matmul/matmul_transposed/129x131x127", lambda x, y: x @ y.t(), (129, 131), (127, 131))
    row("matmul/mv/1001x333", torch.mv, (1001, 333), (333,))
    row("matmul/mv/1001x333/f64", torch.mv, (1001, 333), (333,))
    row("matmul/cdist/101x33", torch.cdist, (101, 33), (65, 33))
    row("matmul/cross_axis1/1001x3x33", lambda x, y: torch.cross(x, y, dim=1), (1001, 3, 33), (1001, 3, 33))
    row("matmul/cross_axis1/33333x3", lambda x, y: torch.cross(x, y, dim=1), (33333, 3), (33333, 3))
    row("matmul/kron/17x33", torch.kron, (17, 33), (21, 13))
    row("matmul/dot/333333", torch.dot, (333333,), (333333,))
    row("matmul/outer/1001", torch.outer, (1001,), (333,))
    row("matmul/bmm/7x33x65x31", torch.bmm, (7, 33, 65), (7, 65, 31))
    row("matmul/bmm/65x5x7x3", torch.bmm, (65, 5, 7), (65, 7, 3))
    row("matmul/bmm/7x33x65x31/f64", torch.bmm, (7, 33, 65), (7, 65, 31))
    row("matmul/matmul_broadcast/7x33x65x31", product, (7, 33, 65), (65, 31))
    row("matmul/einsum_bij_bkj/7x33x65x31", lambda x, y: torch.einsum("bij,bkj->bik", x, y), (7, 33, 65), (7, 31, 65))
    layer("matmul/linear/7x333x65", lambda: nn.Linear(333, 65), (7, 333))
    layer("matmul/linear/1x333x65", lambda: nn.Linear(333, 65), (1, 333))
    layer("matmul/linear/333x65x129", lambda: nn.Linear(65, 129), (333, 65))
    layer("matmul/linear/333x65x129/f64", lambda: nn.Linear(65, 129), (333, 65))
    layer("matmul/linear_relu/333x65x129", lambda: nn.Sequential(nn.Linear(65, 129), nn.ReLU()), (333, 65))
