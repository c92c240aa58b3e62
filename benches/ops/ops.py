"""The rows of the benchmark `ops` for PyTorch, eager: `python3 benches/ops/ops.py [word of a name ..]`.

`TYPEGRAD_THREADS` is the number of threads, 1 by default. Columns: the name, and the least time of forward and of both
passes in microseconds.
"""

import torch
import torch.nn.functional as F
from harness import forward_row, ids, layer, line, row, wants
from torch import nn


def elementwise():
    few, many = (7, 333), (1001, 333)
    row("elementwise/add/7x333", lambda x, y: x + y, few, few)
    row("elementwise/add/1001x333", lambda x, y: x + y, many, many)
    row("elementwise/add_row/1001x333", lambda x, y: x + y, many, (333,))
    row("elementwise/add_column/1001x333", lambda x, y: x + y, many, (1001, 1))
    row("elementwise/mul/1001x333/f64", lambda x, y: x * y, many, many)
    row("elementwise/div/1001x333", lambda x, y: x / y, many, many)
    row("elementwise/mul_number/1001x333", lambda x: x * 0.5, many)
    row("elementwise/neg/1001x333", lambda x: -x, many)
    row("elementwise/square/1001x333", torch.square, many)
    row("elementwise/relu/7x333", torch.relu, few)
    row("elementwise/relu/1001x333", torch.relu, many)
    row("elementwise/relu/1001x333/f64", torch.relu, many)
    row("elementwise/leaky_relu/1001x333", F.leaky_relu, many)
    row("elementwise/clamp/1001x333/f64", lambda x: x.clamp(-0.5, 0.5), many)
    row("elementwise/abs/1001x333", torch.abs, many)
    row("elementwise/maximum/1001x333", torch.maximum, many, many)
    mask = torch.randn(many) > 0
    row("elementwise/where_/1001x333", lambda x, y: torch.where(mask, x, y), many, many)
    row("elementwise/masked_fill/1001x333", lambda x: x.masked_fill(mask, 0.0), many)
    forward_row("elementwise/lt/1001x333", torch.lt, many, many)
    forward_row("elementwise/floor/1001x333", torch.floor, many)
    row("elementwise/exp/7x333", torch.exp, few)
    row("elementwise/exp/1001x333", torch.exp, many)
    row("elementwise/exp/1001x333/f64", torch.exp, many)
    row("elementwise/ln/1001x333", torch.log, many, make=torch.rand)
    row("elementwise/ln/1001x333/f64", torch.log, many, make=torch.rand)
    row("elementwise/sqrt/1001x333", torch.sqrt, many, make=torch.rand)
    row("elementwise/powf/1001x333", lambda x: x.pow(2.5), many, make=torch.rand)
    row("elementwise/sin/1001x333", torch.sin, many)
    row("elementwise/tanh/7x333", torch.tanh, few)
    row("elementwise/tanh/1001x333", torch.tanh, many)
    row("elementwise/tanh/1001x333/f64", torch.tanh, many)
    row("elementwise/sigmoid/1001x333", torch.sigmoid, many)
    row("elementwise/erf/1001x333/f64", torch.erf, many)
    row("elementwise/gelu/7x333", F.gelu, few)
    row("elementwise/gelu/1001x333", F.gelu, many)
    row("elementwise/gelu/1001x333/f64", F.gelu, many)
    row("elementwise/gelu_tanh/1001x333", lambda x: F.gelu(x, approximate="tanh"), many)
    row("elementwise/silu/1001x333", F.silu, many)
    row("elementwise/softplus/1001x333", F.softplus, many)
    row("elementwise/elu/1001x333", F.elu, many)
    row("elementwise/log1p/1001x333", torch.log1p, many, make=torch.rand)
    row("elementwise/expm1/1001x333", torch.expm1, many)
    row("elementwise/tan/1001x333", torch.tan, many)
    row("elementwise/atan/1001x333", torch.atan, many)
    row("elementwise/asin/1001x333", torch.asin, many, make=torch.rand)
    row("elementwise/sinh/1001x333", torch.sinh, many)
    row("elementwise/atan2/1001x333", torch.atan2, many, many)
    row("elementwise/rsqrt/1001x333", torch.rsqrt, many, make=torch.rand)
    row("elementwise/reciprocal/1001x333", torch.reciprocal, many)
    row("elementwise/powi/1001x333", lambda x: x.pow(3), many)
    row("elementwise/pow/1001x333", torch.pow, many, many, make=torch.rand)
    row("elementwise/hardswish/1001x333", F.hardswish, many)
    row("elementwise/mish/1001x333", F.mish, many)
    row("elementwise/selu/1001x333", F.selu, many)
    row("elementwise/log_sigmoid/1001x333", F.logsigmoid, many)
    row("elementwise/softsign/1001x333", F.softsign, many)
    row("elementwise/glu_axis1/7x34x333", lambda x: F.glu(x, 1), (7, 34, 333))
    row("elementwise/prelu/7x33x333", F.prelu, (7, 33, 333), (33,))
    row("elementwise/lerp/1001x333", lambda x, y: x.lerp(y, 0.3), many, many)
    row("elementwise/logaddexp/1001x333", torch.logaddexp, many, many)
    row("elementwise/xlogy/1001x333", torch.xlogy, many, many, make=torch.rand)
    row("elementwise/remainder/1001x333", torch.remainder, many, many)
    forward_row("elementwise/round/1001x333", torch.round, many)
    forward_row("elementwise/isnan/1001x333", torch.isnan, many)


def reduce():
    few, many, cube = (7, 333), (1001, 333), (7, 33, 333)
    row("reduce/sum/7x333", torch.sum, few)
    row("reduce/sum/1001x333", torch.sum, many)
    row("reduce/sum/1001x333/f64", torch.sum, many)
    row("reduce/sum_axis0/7x33x333", lambda x: x.sum(0), cube)
    row("reduce/sum_axis1/7x33x333", lambda x: x.sum(1), cube)
    row("reduce/sum_axis2/7x33x333", lambda x: x.sum(2), cube)
    row("reduce/sum_axis0/1001x333", lambda x: x.sum(0), many)
    row("reduce/sum_axis0/1001x333/f64", lambda x: x.sum(0), many)
    row("reduce/sum_axes02/7x33x333", lambda x: x.sum((0, 2)), cube)
    row("reduce/mean_axis1/1001x333/f64", lambda x: x.mean(1), many)
    row("reduce/prod_axis1/1001x333", lambda x: x.prod(1), many, make=torch.rand)
    row("reduce/var_axis0/1001x333", lambda x: x.var(0), many)
    row("reduce/var_axis1/1001x333", lambda x: x.var(1), many)
    row("reduce/norm_axis0/1001x333", lambda x: x.norm(dim=0), many)
    row("reduce/norm_axis1/1001x333/f64", lambda x: x.norm(dim=1), many)
    row("reduce/cumsum_axis0/1001x333", lambda x: x.cumsum(0), many)
    row("reduce/cumsum_axis1/1001x333", lambda x: x.cumsum(1), many)
    row("reduce/max/1001x333", torch.max, many)
    row("reduce/max_axis0/7x33x333", lambda x: x.max(0).values, cube)
    row("reduce/max_axis1/7x33x333", lambda x: x.max(1).values, cube)
    row("reduce/max_axis2/7x33x333", lambda x: x.max(2).values, cube)
    row("reduce/max_axis1/1001x333/f64", lambda x: x.max(1).values, many)
    row("reduce/amax_axis1/1001x333", lambda x: x.amax(1), many)
    forward_row("reduce/argmax_axis0/1001x333", lambda x: x.argmax(0), many)
    forward_row("reduce/argmax_axis1/1001x333", lambda x: x.argmax(1), many)
    row("reduce/cumprod_axis1/1001x333", lambda x: x.cumprod(1), many, make=torch.rand)
    row("reduce/cummax_axis1/1001x333", lambda x: x.cummax(1).values, many)
    row("reduce/median_axis1/1001x333", lambda x: x.median(1).values, many)
    row("reduce/median_axis0/1001x333", lambda x: x.median(0).values, many)
    row("reduce/quantile_axis1/1001x333", lambda x: x.quantile(0.3, 1), many)
    row("reduce/diff_axis0/1001x333", lambda x: x.diff(dim=0), many)
    row("reduce/diff_axis1/1001x333", lambda x: x.diff(dim=1), many)
    row("reduce/nansum_axis1/1001x333", lambda x: x.nansum(1), many)
    row("reduce/trace/333x333", torch.trace, (333, 333))
    forward_row("reduce/histc/1001x333", lambda x: x.histc(33, -2, 2), many)
    forward_row("reduce/count_nonzero/1001x333", torch.count_nonzero, many)
    forward_row("reduce/argmin_axis2/7x33x333", lambda x: x.argmin(2), cube)
    row("reduce/softmax_axis1/7x333", lambda x: x.softmax(1), few)
    row("reduce/softmax_axis1/1001x333", lambda x: x.softmax(1), many)
    row("reduce/softmax_axis0/1001x333", lambda x: x.softmax(0), many)
    row("reduce/softmax_axis1/7x33x333", lambda x: x.softmax(1), cube)
    row("reduce/softmax_axis1/1001x333/f64", lambda x: x.softmax(1), many)
    row("reduce/log_softmax_axis1/1001x333", lambda x: x.log_softmax(1), many)
    row("reduce/logsumexp_axis1/1001x333", lambda x: x.logsumexp(1), many)
    row("reduce/logsumexp_axis0/1001x333", lambda x: x.logsumexp(0), many)


def matmul():
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


def shape():
    # A view here is a copy there: `contiguous` makes it one here too.
    many, cube, images = (1001, 333), (7, 33, 333), (7, 5, 33, 31)
    row("shape/t/7x333", lambda x: x.t().contiguous(), (7, 333))
    row("shape/t/1001x333", lambda x: x.t().contiguous(), many)
    row("shape/t/1001x333/f64", lambda x: x.t().contiguous(), many)
    row("shape/transpose_axes01/7x33x333", lambda x: x.transpose(0, 1).contiguous(), cube)
    row("shape/permute_axes201/7x33x333", lambda x: x.permute(2, 0, 1).contiguous(), cube)
    row("shape/cat_axis0/7x33x333", lambda x, y: torch.cat([x, y], 0), cube, cube)
    row("shape/cat_axis1/7x33x333", lambda x, y: torch.cat([x, y], 1), cube, cube)
    row("shape/cat_axis2/7x33x333", lambda x, y: torch.cat([x, y], 2), cube, cube)
    row("shape/cat_axis1/1001x333/f64", lambda x, y: torch.cat([x, y], 1), many, (1001, 5))
    row("shape/stack_axis0/1001x333", lambda x, y: torch.stack([x, y], 0), many, many)
    row("shape/stack_axis2/1001x333", lambda x, y: torch.stack([x, y], 2), many, many)
    row("shape/flip_axis2/7x33x333", lambda x: x.flip(2), cube)
    row("shape/roll_axis1/7x33x333", lambda x: x.roll(5, 1), cube)
    row("shape/repeat/7x333", lambda x: x.repeat(11, 3), (7, 333))
    row("shape/broadcast_to/7x1x333", lambda x: x.expand(7, 33, 333).contiguous(), (7, 1, 333))
    row("shape/pad/7x33x333", lambda x: F.pad(x, (3, 2)), cube)
    row("shape/pad2d/7x5x33x31", lambda x: F.pad(x, (1, 2, 3, 1)), images)
    row("shape/reflect_pad2d/7x5x33x31", lambda x: F.pad(x, (1, 2, 3, 1), mode="reflect"), images)
    row("shape/replicate_pad2d/7x5x33x31", lambda x: F.pad(x, (1, 2, 3, 1), mode="replicate"), images)
    row("shape/circular_pad2d/7x5x33x31", lambda x: F.pad(x, (1, 2, 3, 1), mode="circular"), images)
    row("shape/repeat_interleave_axis1/7x33x333", lambda x: x.repeat_interleave(3, 1), cube)
    row("shape/repeat_interleave_axis2/7x33x333", lambda x: x.repeat_interleave(3, 2), cube)
    row("shape/tril/333x335", lambda x: x.tril(1), (333, 335))
    row("shape/diag/333x333", lambda x: x.diag().contiguous(), (333, 333))


def index():
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


def conv():
    images = (7, 13, 33, 31)
    row("conv/conv2d_3x5_stride2/7x5x33x31", lambda x, w: F.conv2d(x, w, None, 2, 1), (7, 5, 33, 31), (11, 5, 3, 5))
    row("conv/conv2d_5x3_dilation2/7x5x33x31", lambda x, w: F.conv2d(x, w, None, 1, 2, 2), (7, 5, 33, 31), (11, 5, 5, 3))
    layer("conv/conv2d_3x3/7x13x33x31", lambda: nn.Conv2d(13, 17, 3, padding=1), images)
    layer("conv/conv2d_3x3/7x13x33x31/f64", lambda: nn.Conv2d(13, 17, 3, padding=1), images)
    layer("conv/conv2d_3x3/1x13x33x31", lambda: nn.Conv2d(13, 17, 3, padding=1), (1, 13, 33, 31))
    layer("conv/conv2d_3x3_relu/7x13x33x31", lambda: nn.Sequential(nn.Conv2d(13, 17, 3, padding=1), nn.ReLU()), images)
    layer("conv/conv2d_1x1/7x33x33x31", lambda: nn.Conv2d(33, 65, 1), (7, 33, 33, 31))
    layer("conv/conv2d_7x7_stride3/7x3x65x63", lambda: nn.Conv2d(3, 17, 7, 3, 2), (7, 3, 65, 63))
    layer("conv/conv2d_3x3_groups3/7x33x33x31", lambda: nn.Conv2d(33, 33, 3, padding=1, groups=3), (7, 33, 33, 31))
    layer("conv/conv2d_5x5_depthwise/7x13x33x31", lambda: nn.Conv2d(13, 13, 5, padding=2, groups=13), images)
    layer("conv/conv2d_3x3_stride2_depthwise/7x13x33x31", lambda: nn.Conv2d(13, 13, 3, 2, 1, groups=13), images)
    layer("conv/conv1d_7/7x13x333", lambda: nn.Conv1d(13, 17, 7, padding=3), (7, 13, 333))
    layer("conv/conv1d_7_stride3/7x13x333", lambda: nn.Conv1d(13, 17, 7, 3, 3), (7, 13, 333))
    layer("conv/conv_transpose2d_3x3_stride2/7x13x17x15", lambda: nn.ConvTranspose2d(13, 11, 3, 2, 1), (7, 13, 17, 15))
    layer("conv/conv3d_3/3x5x9x13x11", lambda: nn.Conv3d(5, 7, 3, padding=1), (3, 5, 9, 13, 11))
    row("conv/unfold_3/7x5x33x31", lambda x: F.unfold(x, 3, padding=1), (7, 5, 33, 31))
    row("conv/fold_3/7x45x1023", lambda x: F.fold(x, (33, 31), 3, padding=1), (7, 45, 1023))
    row("conv/conv_transpose1d_3_stride2/7x13x333", lambda x, w: F.conv_transpose1d(x, w, None, 2, 1), (7, 13, 333), (13, 11, 3))
    row("conv/pixel_shuffle_3/7x18x33x31", lambda x: F.pixel_shuffle(x, 3), (7, 18, 33, 31))
    row("conv/pixel_unshuffle_3/7x5x33x30", lambda x: F.pixel_unshuffle(x, 3), (7, 5, 33, 30))
    row("conv/affine_grid/7x2x3", lambda x: F.affine_grid(x, (7, 1, 33, 31), align_corners=False), (7, 2, 3))
    row("conv/grid_sample/7x13x33x31", lambda x, grid: F.grid_sample(x, grid, align_corners=False),
        images, (7, 21, 29, 2), make=torch.rand)
    row("conv/max_pool2d_2/7x13x33x31", lambda x: F.max_pool2d(x, 2), images)
    row("conv/max_pool2d_3_stride2/7x13x33x31", lambda x: F.max_pool2d(x, 3, 2, 1), images)
    row("conv/max_pool2d_3_stride2/7x13x33x31/f64", lambda x: F.max_pool2d(x, 3, 2, 1), images)
    row("conv/avg_pool2d_2/7x13x33x31", lambda x: F.avg_pool2d(x, 2), images)
    row("conv/avg_pool2d_3_stride1/7x13x33x31", lambda x: F.avg_pool2d(x, 3, 1, 1), images)
    row("conv/adaptive_avg_pool2d_7x5/7x13x33x31", lambda x: F.adaptive_avg_pool2d(x, (7, 5)), images)
    row("conv/adaptive_avg_pool2d_1x1/7x13x33x31", lambda x: F.adaptive_avg_pool2d(x, (1, 1)), images)
    row("conv/max_pool1d_3/7x13x333", lambda x: F.max_pool1d(x, 3), (7, 13, 333))
    row("conv/interpolate_nearest_2x/7x13x33x31", lambda x: F.interpolate(x, (66, 62), mode="nearest"), images)
    row("conv/interpolate_bilinear_47x29/7x13x33x31", lambda x: F.interpolate(x, (47, 29), mode="bilinear"), images)


def norm():
    many, images = (1001, 333), (7, 13, 33, 31)
    layer("norm/layer_norm/7x333", lambda: nn.LayerNorm(333), (7, 333))
    layer("norm/layer_norm/1001x333", lambda: nn.LayerNorm(333), many)
    layer("norm/layer_norm/1001x333/f64", lambda: nn.LayerNorm(333), many)
    layer("norm/layer_norm/7x33x65", lambda: nn.LayerNorm(65), (7, 33, 65))
    layer("norm/rms_norm/7x333", lambda: nn.RMSNorm(333), (7, 333))
    layer("norm/rms_norm/1001x333", lambda: nn.RMSNorm(333), many)
    layer("norm/batch_norm1d/1001x333", lambda: nn.BatchNorm1d(333), many)
    layer("norm/batch_norm2d/7x13x33x31", lambda: nn.BatchNorm2d(13), images)
    layer("norm/batch_norm2d/7x13x33x31/f64", lambda: nn.BatchNorm2d(13), images)
    layer("norm/group_norm_3/7x33x15x17", lambda: nn.GroupNorm(3, 33), (7, 33, 15, 17))
    layer("norm/instance_norm2d/7x13x33x31", lambda: nn.InstanceNorm2d(13), images)
    row("norm/normalize_axis1/1001x333", lambda x: F.normalize(x, dim=1), many)
    row("norm/normalize_axis0/1001x333", lambda x: F.normalize(x, dim=0), many)


def attention():
    heads, x = (7, 3, 67, 31), (7, 67, 93)
    full, long = F.scaled_dot_product_attention, (1, 3, 513, 31)

    def causal(q, k, v):
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)

    def encoder(**options):
        return lambda: nn.TransformerEncoderLayer(93, 3, 371, 0.0, batch_first=True, **options)

    angles = torch.arange(67)[:, None] * 10000.0 ** (-torch.arange(0, 30, 2) / 30)
    cos, sin = angles.cos()[:, :, None], angles.sin()[:, :, None]

    def rotary(q):
        pairs = q.unflatten(-1, (-1, 2))
        a, b = pairs[..., :1], pairs[..., 1:]
        return torch.cat([a * cos - b * sin, b * cos + a * sin], -1).flatten(-2)

    row("attention/rotary_embedding/7x3x67x30", rotary, (7, 3, 67, 30))
    row("attention/scaled_dot_product_attention/7x3x67x31", full, heads, heads, heads)
    row("attention/scaled_dot_product_attention_causal/7x3x67x31", causal, heads, heads, heads)
    row("attention/scaled_dot_product_attention_causal/7x3x67x31/f64", causal, heads, heads, heads)
    row("attention/scaled_dot_product_attention_one_query/7x3x1x31", full, (7, 3, 1, 31), heads, heads)
    row("attention/scaled_dot_product_attention_causal/1x3x513x31", causal, long, long, long)
    layer("attention/multihead_attention/7x67x93", lambda: nn.MultiheadAttention(93, 3, batch_first=True), x,
          call=lambda net, x: net(x, x, x, need_weights=False))
    layer("attention/transformer_encoder_layer/7x67x93", encoder(), x)
    layer("attention/transformer_encoder_layer_gelu_norm_first/7x67x93", encoder(activation="gelu", norm_first=True), x)
    layer("attention/transformer_encoder_layer/7x67x93/f64", encoder(), x)


def recurrent():
    steps = (7, 21, 33)
    layer("recurrent/rnn/7x21x33", lambda: nn.RNN(33, 65, batch_first=True), steps)
    layer("recurrent/gru/7x21x33", lambda: nn.GRU(33, 65, batch_first=True), steps)
    layer("recurrent/lstm/7x21x33", lambda: nn.LSTM(33, 65, batch_first=True), steps)
    layer("recurrent/lstm/7x21x33/f64", lambda: nn.LSTM(33, 65, batch_first=True), steps)
    layer("recurrent/lstm/1x1x33", lambda: nn.LSTM(33, 65, batch_first=True), (1, 1, 33))
    layer("recurrent/lstm/1x333x33", lambda: nn.LSTM(33, 65, batch_first=True), (1, 333, 33))
    layer("recurrent/gru/129x5x33", lambda: nn.GRU(33, 65, batch_first=True), (129, 5, 33))
    layer("recurrent/lstm_bidirectional/7x21x33", lambda: nn.LSTM(33, 65, batch_first=True, bidirectional=True), steps)
    layer("recurrent/lstm_2_layers/7x21x33", lambda: nn.LSTM(33, 65, 2, batch_first=True), steps)
    layer("recurrent/lstm_projected/7x21x33", lambda: nn.LSTM(33, 65, batch_first=True, proj_size=17), steps)


def loss():
    many = (1001, 333)
    y, doubles, one = torch.rand(many), torch.rand(many, dtype=torch.float64), torch.rand(7)
    labels, few, pixels = ids(333, 1001), ids(3, 7), ids(13, 7, 33, 31)
    row("loss/mse_loss/7", lambda x: F.mse_loss(x, one), (7,))
    row("loss/mse_loss/1001x333", lambda x: F.mse_loss(x, y), many)
    row("loss/mse_loss/1001x333/f64", lambda x: F.mse_loss(x, doubles), many)
    row("loss/l1_loss/1001x333", lambda x: F.l1_loss(x, y), many)
    row("loss/huber_loss/1001x333", lambda x: F.huber_loss(x, y), many)
    row("loss/binary_cross_entropy_with_logits/1001x333", lambda x: F.binary_cross_entropy_with_logits(x, y), many)
    row("loss/kl_div/1001x333", lambda x: F.kl_div(x, y, reduction="mean"), many)
    row("loss/smooth_l1_loss/1001x333", lambda x: F.smooth_l1_loss(x, y), many)
    row("loss/binary_cross_entropy/1001x333", lambda x: F.binary_cross_entropy(x, y), many, make=torch.rand)
    row("loss/binary_cross_entropy_with_logits/1001x333/f64", lambda x: F.binary_cross_entropy_with_logits(x, doubles), many)
    row("loss/poisson_nll_loss/1001x333", lambda x: F.poisson_nll_loss(x, y), many)
    signs, other = (ids(2, *many) * 2 - 1).float(), torch.randn(many)
    row("loss/soft_margin_loss/1001x333", lambda x: F.soft_margin_loss(x, signs), many)
    row("loss/gaussian_nll_loss/1001x333", lambda x, v: F.gaussian_nll_loss(x, y, v), many, many, make=torch.rand)
    row("loss/triplet_margin_loss/1001x333", lambda x, p: F.triplet_margin_loss(x, p, other), many, many)
    row("loss/cosine_similarity/1001x333", lambda x: F.cosine_similarity(x, other, -1), many)
    words, steps, letters = torch.randint(1, 13, (7, 11)), torch.full((7,), 65), torch.full((7,), 11)
    row("loss/ctc_loss/65x7x13", lambda x: F.ctc_loss(x.log_softmax(-1), words, steps, letters), (65, 7, 13))
    row("loss/multi_margin_loss/1001x333", lambda x: F.multi_margin_loss(x, labels), many)
    row("loss/cross_entropy/1001x333", lambda x: F.cross_entropy(x, labels), many)
    row("loss/cross_entropy/1001x333/f64", lambda x: F.cross_entropy(x, labels), many)
    row("loss/nll_loss/1001x333", lambda x: F.nll_loss(x, labels), many)
    row("loss/cross_entropy/7x3", lambda x: F.cross_entropy(x, few), (7, 3))
    row("loss/cross_entropy_axis1/7x13x33x31", lambda x: F.cross_entropy(x, pixels), (7, 13, 33, 31))


def made(name, shape, make):
    if wants(name):
        line(name, shape, make, None)


def create():
    many = (1001, 333)

    made("create/zeros/1001x333", many, lambda: torch.zeros(many))
    made("create/full/1001x333/f64", many, lambda: torch.full(many, 0.5, dtype=torch.float64))
    made("create/eye/333x333", (333, 333), lambda: torch.eye(333))
    made("create/arange/333333", (333333,), lambda: torch.arange(333333, dtype=torch.float32))
    made("create/linspace/333333", (333333,), lambda: torch.linspace(-1.0, 1.0, 333333))


def random():
    many = (1001, 333)
    made("random/rand/7x333", (7, 333), lambda: torch.rand(7, 333))
    made("random/rand/1001x333", many, lambda: torch.rand(many))
    made("random/rand/1001x333/f64", many, lambda: torch.rand(many, dtype=torch.float64))
    made("random/randn/7x333", (7, 333), lambda: torch.randn(7, 333))
    made("random/randn/1001x333", many, lambda: torch.randn(many))
    made("random/randn/1001x333/f64", many, lambda: torch.randn(many, dtype=torch.float64))
    made("random/randint/1001x333", many, lambda: torch.randint(0, 1000, many))
    made("random/bernoulli/1001x333", many, lambda: torch.empty(many).bernoulli_(0.3))
    made("random/randperm/10001", (10001,), lambda: torch.randperm(10001))
    forward_row("random/multinomial/33x333", lambda p: torch.multinomial(p, 1).squeeze(-1), (33, 333), make=torch.rand)
    layer("random/dropout/1001x333", lambda: nn.Dropout(), many)


def optim():
    def gradients(*shapes):
        weights = [torch.randn(shape, requires_grad=True) for shape in shapes]
        sum(weight.square().sum() for weight in weights).backward()
        return weights

    def step(name, shapes, make):
        if wants(name):
            line(name, shapes[0], None, make(gradients(*shapes)).step)

    one, layers = [(333, 257)], [(17, 17), (17,)] * 33
    step("optim/sgd/333x257", one, lambda w: torch.optim.SGD(w, 1e-3))
    step("optim/sgd_momentum/333x257", one, lambda w: torch.optim.SGD(w, 1e-3, momentum=0.9))
    step("optim/adam/333x257", one, lambda w: torch.optim.Adam(w, 1e-3))
    step("optim/adam_weight_decay/333x257", one, lambda w: torch.optim.Adam(w, 1e-3, weight_decay=1e-2))
    step("optim/adam_w/333x257", one, lambda w: torch.optim.AdamW(w, 1e-3))
    step("optim/rms_prop/333x257", one, lambda w: torch.optim.RMSprop(w, 1e-3))
    step("optim/adagrad/333x257", one, lambda w: torch.optim.Adagrad(w, 1e-3))
    step("optim/adam_33_layers/17x17", layers, lambda w: torch.optim.Adam(w, 1e-3))
    if wants("optim/clip_grad_norm/333x257"):
        weights = gradients(*one)
        line("optim/clip_grad_norm/333x257", one[0], None, lambda: nn.utils.clip_grad_norm_(weights, 0.5))


print(f"{'row':<60} {'fwd_us':>10} {'both_us':>10}")
for family in (elementwise, reduce, matmul, shape, index, conv, norm, attention, recurrent, loss, create, random, optim):
    family()
