import torch
import torch.nn.functional as F
from harness import ids, row


def rows():
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
