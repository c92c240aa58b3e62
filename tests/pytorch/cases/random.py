"""Dropout with the probabilities 0 and 1, with which nothing is random."""

from torch.nn import functional as F

from . import case, inf, nan, randn

case("dropout/none", lambda x: F.dropout(x, 0.0), [[1.0, nan, -0.0], [inf, -2.0, 3.0]])
case("dropout/all", lambda x: F.dropout(x, 1.0).abs(), randn(2, 3))
case("dropout2d/none", lambda x: F.dropout2d(x, 0.0), randn(2, 3, 2, 2))
case("dropout2d/all", lambda x: F.dropout2d(x, 1.0).abs(), randn(2, 3, 2, 2))
