import torch
import torch.nn.functional as F
from harness import row


def chunks(x):
    p, q, r = x.chunk(3, 1)
    return p * q + r


def ends(x):
    first, *_, last = x.unbind(0)
    return first * last


def grid(x, y):
    rows, columns = torch.meshgrid(x, y, indexing="ij")
    return rows * columns


def rows():
    # A view here is a copy there: `contiguous` makes it one here too.
    many, cube, images = (1001, 333), (7, 33, 333), (7, 5, 33, 31)
    row("shape/t/7x333", lambda x: x.t().contiguous(), (7, 333))
    row("shape/t/1001x333", lambda x: x.t().contiguous(), many)
    row("shape/t/1001x333/f64", lambda x: x.t().contiguous(), many)
    row("shape/transpose_axes01/7x33x333", lambda x: x.transpose(0, 1).contiguous(), cube)
    row("shape/permute_axes201/7x33x333", lambda x: x.permute(2, 0, 1).contiguous(), cube)
    row("shape/movedim_axes02/7x33x333", lambda x: x.movedim(0, 2).contiguous(), cube)
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
    row("shape/pad3d/3x5x9x13x11", lambda x: F.pad(x, (1, 2, 3, 1, 2, 1)), (3, 5, 9, 13, 11))
    row("shape/reflect_pad2d/7x5x33x31", lambda x: F.pad(x, (1, 2, 3, 1), mode="reflect"), images)
    row("shape/replicate_pad2d/7x5x33x31", lambda x: F.pad(x, (1, 2, 3, 1), mode="replicate"), images)
    row("shape/circular_pad2d/7x5x33x31", lambda x: F.pad(x, (1, 2, 3, 1), mode="circular"), images)
    row("shape/repeat_interleave_axis1/7x33x333", lambda x: x.repeat_interleave(3, 1), cube)
    row("shape/repeat_interleave_axis2/7x33x333", lambda x: x.repeat_interleave(3, 2), cube)
    row("shape/tril/333x335", lambda x: x.tril(1), (333, 335))
    row("shape/diag/333x333", lambda x: x.diag().contiguous(), (333, 333))
    row("shape/chunk_axis1/7x33x333", chunks, cube)
    row("shape/unbind_axis0/7x333", ends, (7, 333))
    row("shape/meshgrid/1001", grid, (1001,), (333,))
