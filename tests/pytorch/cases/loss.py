"""Losses: every reduction and option."""

import torch
from torch.nn import functional as F

from . import case, inf, nan, randn, uniform

REDUCTIONS = ("mean", "sum", "none")


def losses(name, function, *inputs, **constants):
    """One case for each reduction."""
    for reduction in REDUCTIONS:
        case(f"{name}/{reduction}", lambda *a, **k: function(*a, *k.values(), reduction=reduction), *inputs, **constants)


def tensor(like, values):
    return torch.tensor(values, dtype=like.dtype)


PROBABILITIES = uniform(0.05, 0.95, 2, 3)

losses("mse_loss", F.mse_loss, randn(2, 3), randn(2, 3))
losses("mse_loss_empty", F.mse_loss, randn(0, 3), randn(0, 3))
losses("l1_loss", F.l1_loss, randn(2, 3), randn(2, 3))
losses("l1_loss_corners", F.l1_loss, [nan, 1.0, inf, 0.0], [0.0, 1.0, inf, -inf])
losses("smooth_l1_loss", F.smooth_l1_loss, randn(2, 3), randn(2, 3))
losses("smooth_l1_loss_beta", lambda x, t, reduction: F.smooth_l1_loss(x, t, reduction=reduction, beta=0.4), randn(2, 3), randn(2, 3))
losses("smooth_l1_loss_zero", lambda x, t, reduction: F.smooth_l1_loss(x, t, reduction=reduction, beta=0.0), randn(2, 3), randn(2, 3))
case("smooth_l1_loss_corners", lambda x, t: F.smooth_l1_loss(x, t, reduction="none"), [nan, 1.0, inf, 3.0, 2.0], [0.0, 0.0, inf, 3.0, 3.0])
losses("huber_loss", F.huber_loss, randn(2, 3), randn(2, 3))
losses("huber_loss_delta", lambda x, t, reduction: F.huber_loss(x, t, reduction=reduction, delta=0.4), randn(2, 3), randn(2, 3))
case("huber_loss_corners", lambda x, t: F.huber_loss(x, t, reduction="none"), [nan, 1.0, inf, 3.0, 2.0], [0.0, 0.0, inf, 3.0, 3.0])

losses("binary_cross_entropy", F.binary_cross_entropy, PROBABILITIES, PROBABILITIES)
losses(
    "binary_cross_entropy_weight",
    lambda x, t, reduction: F.binary_cross_entropy(x, t, tensor(x, [1.0, 0.5, 2.0]), reduction=reduction),
    PROBABILITIES,
    PROBABILITIES,
)
case("binary_cross_entropy_corners", lambda x, t: F.binary_cross_entropy(x, t, reduction="none"), [0.0, 1.0, 0.0, 1.0], [1.0, 0.0, 0.0, 1.0])

LOGITS = F.binary_cross_entropy_with_logits
losses("binary_cross_entropy_with_logits", LOGITS, randn(2, 3), PROBABILITIES)
losses(
    "binary_cross_entropy_with_logits_weight",
    lambda x, t, reduction: LOGITS(x, t, tensor(x, [1.0, 0.5, 2.0]), reduction=reduction),
    randn(2, 3),
    PROBABILITIES,
)
losses(
    "binary_cross_entropy_with_logits_pos_weight",
    lambda x, t, reduction: LOGITS(x, t, pos_weight=tensor(x, [1.0, 0.5, 2.0]), reduction=reduction),
    randn(2, 3),
    PROBABILITIES,
)
losses(
    "binary_cross_entropy_with_logits_both",
    lambda x, t, reduction: LOGITS(
        x, t, tensor(x, [[1.0, 0.5, 2.0], [0.0, 3.0, 1.0]]), reduction=reduction, pos_weight=tensor(x, [4.0, 0.5, 2.0])
    ),
    randn(2, 3),
    PROBABILITIES,
)
case("binary_cross_entropy_with_logits_corners", lambda x, t: LOGITS(x, t, reduction="none"), [100.0, -100.0, 1e30, nan, 0.0], [0.0, 1.0, 1.0, 0.0, 1.0])

losses("kl_div", F.kl_div, randn(2, 3), PROBABILITIES)
losses("kl_div_log", lambda x, t, reduction: F.kl_div(x, t, reduction=reduction, log_target=True), randn(2, 3), randn(2, 3))
case("kl_div/batchmean", lambda x, t: F.kl_div(x, t, reduction="batchmean"), randn(2, 3), PROBABILITIES)
case("kl_div_log/batchmean", lambda x, t: F.kl_div(x, t, reduction="batchmean", log_target=True), randn(2, 3), randn(2, 3))
case("kl_div_zero", lambda x: F.kl_div(x, tensor(x, [0.0, 0.5]), reduction="none"), [-1.0, -2.0])

COUNTS = uniform(1.2, 6.0, 2, 3)
POISSON = F.poisson_nll_loss
losses("poisson_nll_loss", POISSON, randn(2, 3), COUNTS)
losses("poisson_nll_loss_full", lambda x, t, reduction: POISSON(x, t, full=True, reduction=reduction), randn(2, 3), COUNTS)
losses(
    "poisson_nll_loss_counts",
    lambda x, t, reduction: POISSON(x, t, log_input=False, eps=1e-3, reduction=reduction),
    COUNTS,
    uniform(0.0, 2.0, 2, 3),
)
losses("gaussian_nll_loss", F.gaussian_nll_loss, randn(2, 3), randn(2, 3), PROBABILITIES)
losses(
    "gaussian_nll_loss_full",
    lambda x, t, v, reduction: F.gaussian_nll_loss(x, t, v, full=True, eps=0.5, reduction=reduction),
    randn(2, 3),
    randn(2, 3),
    PROBABILITIES,
)

# Labels of 1 and -1.
SIGNS = [1, -1, -1, 1]
losses("soft_margin_loss", F.soft_margin_loss, randn(4), labels=SIGNS)
losses("hinge_embedding_loss", F.hinge_embedding_loss, randn(4), labels=SIGNS)
losses("hinge_embedding_loss_margin", lambda x, labels, reduction: F.hinge_embedding_loss(x, labels, 0.3, reduction=reduction), randn(4), labels=SIGNS)
case("hinge_embedding_loss_corners", lambda x, labels: F.hinge_embedding_loss(x, labels, reduction="none"), [nan, nan, 1.0, inf], labels=SIGNS)
losses("margin_ranking_loss", F.margin_ranking_loss, randn(4), randn(4), labels=SIGNS)
losses(
    "margin_ranking_loss_margin",
    lambda x, y, labels, reduction: F.margin_ranking_loss(x, y, labels, 0.7, reduction=reduction),
    randn(4),
    randn(4),
    labels=SIGNS,
)
case("margin_ranking_loss_corners", lambda x, y, labels: F.margin_ranking_loss(x, y, labels, 1.0, reduction="none"), [1.0, nan, 0.0, 0.5], [0.0, 0.0, 1.0, 0.0], labels=SIGNS)
losses("cosine_embedding_loss", F.cosine_embedding_loss, randn(4, 3), randn(4, 3), labels=SIGNS)
losses(
    "cosine_embedding_loss_margin",
    lambda x, y, labels, reduction: F.cosine_embedding_loss(x, y, labels, -0.6, reduction=reduction),
    randn(4, 3),
    randn(4, 3),
    labels=SIGNS,
)
case("cosine_embedding_loss_zero", lambda x, y, labels: F.cosine_embedding_loss(x, y, labels), [[0.0, 0.0]], [[1.0, 2.0]], labels=[1])
case("cosine_similarity/last", lambda x, y: F.cosine_similarity(x, y, dim=-1), randn(2, 3), randn(2, 3))
case("cosine_similarity/first", lambda x, y: F.cosine_similarity(x, y, dim=0), randn(2, 3), randn(2, 3))
case("cosine_similarity/eps", lambda x, y: F.cosine_similarity(x, y, dim=-1, eps=1.5), randn(2, 3), randn(2, 3))
case("cosine_similarity/zero", lambda x, y: F.cosine_similarity(x, y, dim=-1), [[0.0, 0.0]], [[1.0, 2.0]])

TRIPLET = F.triplet_margin_loss
losses("triplet_margin_loss", TRIPLET, randn(4, 3), randn(4, 3), randn(4, 3))
OPTIONS = dict(
    margin=dict(margin=3.0), p1=dict(margin=2.0, p=1.0), p3=dict(margin=2.0, p=3.0), infinity=dict(margin=2.0, p=inf), swap=dict(margin=2.0, swap=True), eps=dict(eps=0.1)
)
for option, options in OPTIONS.items():
    losses(
        f"triplet_margin_loss_{option}",
        lambda a, p, n, reduction, options=options: TRIPLET(a, p, n, reduction=reduction, **options),
        randn(4, 3),
        randn(4, 3),
        randn(4, 3),
    )
case("triplet_margin_loss_equal", TRIPLET, [[0.0, 0.0]], [[0.0, 0.0]], [[0.0, 0.0]])
case("triplet_margin_loss_tie", lambda a, p, n: TRIPLET(a, p, n, margin=5.0, eps=0.0, swap=True), [[0.0, 0.0]], [[2.0, 0.0]], [[1.0, 0.0]])
case("triplet_margin_loss_ties", lambda a, p, n: TRIPLET(a, p, n, margin=9.0, p=inf, eps=0.0), [[0.0, 0.0]], [[1.0, 1.0]], [[2.0, 0.0]])
case("triplet_margin_loss_nan", TRIPLET, [[nan, 0.0]], [[0.0, 0.0]], [[0.0, 0.0]])

# Labels of classes.
LABELS = [0, 2, -100, 1]
ALL = dict(
    plain=lambda x: dict(),
    ignore=lambda x: dict(ignore_index=2),
    weight=lambda x: dict(weight=tensor(x, [1.0, 0.5, 2.0])),
)
SMOOTH = dict(
    smooth=lambda x: dict(label_smoothing=0.2),
    smooth_all=lambda x: dict(label_smoothing=1.0),
    smooth_weight=lambda x: dict(label_smoothing=0.2, weight=tensor(x, [1.0, 0.5, 2.0]), ignore_index=2),
)
CE = F.cross_entropy
for option, options in (ALL | SMOOTH).items():
    labels = [0, 2, 0, 1] if "ignore_index" in options(torch.ones(1)) else LABELS
    losses(f"cross_entropy_{option}", lambda x, labels, reduction: CE(x, labels, reduction=reduction, **options(x)), randn(4, 3), labels=labels)
    if option in ALL:
        losses(f"nll_loss_{option}", lambda x, labels, reduction: F.nll_loss(x, labels, reduction=reduction, **options(x)), randn(4, 3), labels=labels)
losses("cross_entropy_none", CE, randn(2, 3), labels=[-100, -100])
losses("nll_loss_none", F.nll_loss, randn(2, 3), labels=[-100, -100])
losses("cross_entropy_one", CE, randn(3), labels=1)
losses("cross_entropy_empty", CE, randn(0, 3), labels=torch.zeros(0, dtype=torch.int64))
SEQUENCE = [[0, 2, -100, 1], [1, 1, 0, 2]]
losses("cross_entropy_pictures", CE, randn(2, 3, 4), labels=SEQUENCE)
losses("nll_loss_pictures", F.nll_loss, randn(2, 3, 4), labels=SEQUENCE)
losses(
    "cross_entropy_pictures_all",
    lambda x, labels, reduction: CE(x, labels, reduction=reduction, **SMOOTH["smooth_weight"](x)),
    randn(2, 3, 4),
    labels=[[0, 2, 2, 1], [1, 1, 0, 2]],
)
losses("cross_entropy_sequence", lambda x, labels, reduction: CE(x.transpose(1, 2), labels, reduction=reduction), randn(2, 4, 3), labels=SEQUENCE)
case("cross_entropy_corners", lambda x, labels: CE(x, labels, reduction="none"), [[-inf, 0.0, 1.0], [nan, 0.0, 1.0], [1e30, -1e30, 0.0]], labels=[1, 1, 1])
PROBS = dict(plain=lambda x: dict(), weight=ALL["weight"], smooth=SMOOTH["smooth"], both=lambda x: SMOOTH["smooth_weight"](x) | dict(ignore_index=-100))
for option, options in PROBS.items():
    losses(f"cross_entropy_probabilities_{option}", lambda x, t, reduction: CE(x, t, reduction=reduction, **options(x)), randn(2, 3), PROBABILITIES)
losses("cross_entropy_probabilities_pictures", lambda x, t, reduction: CE(x, t, reduction=reduction, **PROBS["both"](x)), randn(2, 3, 2), uniform(0, 1, 2, 3, 2))
losses("cross_entropy_probabilities_empty", CE, randn(0, 3), randn(0, 3))

MARGIN = F.multi_margin_loss
MARGINS = dict(
    plain=lambda x: dict(),
    p=lambda x: dict(p=2),
    margin=lambda x: dict(margin=0.4),
    all=lambda x: dict(p=2, margin=0.4, weight=tensor(x, [1.0, 0.5, 2.0])),
)
for option, options in MARGINS.items():
    losses(f"multi_margin_loss_{option}", lambda x, labels, reduction: MARGIN(x, labels, reduction=reduction, **options(x)), randn(4, 3), labels=[0, 2, 2, 1])
case("multi_margin_loss_corners", lambda x, labels: MARGIN(x, labels, reduction="none"), [[1.0, 0.0], [nan, 1.0]], labels=[0, 1])

LARGE = [[1000.0, 0.0, -1000.0], [-1e5, -1e5, -1e5], [88.0, 89.0, 90.0]]
case("cross_entropy/random", lambda x, labels: F.cross_entropy(x, labels), randn(4, 3), labels=[0, 2, 2, 1])
case("cross_entropy/large", lambda x, labels: F.cross_entropy(x, labels), LARGE, labels=[1, 0, 2])
case("cross_entropy/one_class", lambda x, labels: F.cross_entropy(x, labels), randn(2, 1), labels=[0, 0])
case(
    "cross_entropy/infinity",
    lambda x, labels: F.cross_entropy(x, labels),
    [[0.5, -inf, 1.5], [-inf, 1.0, 2.0]],
    labels=[0, 2],
)
case("mse_loss/matrix", F.mse_loss, randn(2, 3), randn(2, 3), seed="mse/matrix")
case("mse_loss/scalar", F.mse_loss, randn(), randn(), seed="mse/scalar")
case("mse_loss/corners", F.mse_loss, [nan, inf, 0.0], [1.0, inf, -0.0], seed="mse/corners")

T = [[1, 1, 3], [2, 1, 0]]
for reduction in "mean", "sum", "none":
    case(f"ctc_loss/{reduction}", lambda x, targets, r=reduction: F.ctc_loss(x.log_softmax(-1), targets, [6, 5], [3, 2], reduction=r), randn(6, 2, 4), targets=T)
case("ctc_loss/of_logarithms", lambda x, targets: F.ctc_loss(x, targets, [6, 4], [2, 0], reduction="sum"), uniform(-2, -0.1, 6, 2, 4), targets=T)
case("ctc_loss/blank", lambda x, targets: F.ctc_loss(x.log_softmax(-1), targets, [5], [2], blank=3), randn(5, 1, 4), targets=[[0, 2]])
case("ctc_loss/zero_infinity", lambda x, targets: F.ctc_loss(x.log_softmax(-1), targets, [6, 3], [3, 3], zero_infinity=True), randn(6, 2, 4), targets=[[1, 1, 3], [2, 2, 1]])
case("ctc_loss/infinite", lambda x, targets: F.ctc_loss(x.log_softmax(-1).detach(), targets, [3], [3]), randn(6, 1, 4), targets=[[2, 2, 1]])
