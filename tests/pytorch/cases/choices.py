"""Masks, and what is chosen by them."""

import torch

from . import case, inf, nan, randn

A = [nan, inf, -inf, 0.0, -0.0, 1.0, 2.0, nan]
B = [nan, inf, inf, -0.0, 0.0, 2.0, 1.0, 0.0]

for name in "eq", "ne", "lt", "le", "gt", "ge", "logical_and", "logical_or", "logical_xor":
    case(f"{name}/corners", getattr(torch, name), A, B)
for name in "eq", "ne", "lt", "le", "gt", "ge":
    case(f"{name}/number", lambda x: getattr(torch, name)(x, 1.0), A)
case("gt/leading_axis", torch.gt, randn(2, 3), randn(3))
case("logical_not/corners", torch.logical_not, A)
case("isnan/corners", torch.isnan, A)
case("isinf/corners", torch.isinf, A)
case("isfinite/corners", torch.isfinite, A)

MASK = [[True, False, True], [False, False, True]]
case("where/equal", lambda a, b, mask: torch.where(mask, a, b), randn(2, 3), randn(2, 3), mask=MASK)
case("where/leading_axis", lambda a, b, mask: torch.where(mask, a, b), randn(2, 3), randn(3), mask=MASK)
case("where/mask_of_row", lambda a, b, mask: torch.where(mask, a, b), randn(2, 3), randn(2, 3), mask=MASK[0])
case("where/number", lambda a, mask: torch.where(mask, a, -7.0), randn(2, 3), mask=MASK)
case("where/corners", lambda a, b, mask: torch.where(mask, a, b), [1.0, nan, 2.0], [nan, -0.0, inf], mask=MASK[0])
case("masked_fill/equal", lambda x, mask: x.masked_fill(mask, -inf), randn(2, 3), mask=MASK)
case("masked_fill/row", lambda x, mask: x.masked_fill(mask, 0.5), randn(2, 3), mask=MASK[1])
case("nan_to_num/corners", lambda x: x.nan_to_num(), A)
case("nan_to_num/with", lambda x: x.nan_to_num(0.5, 10.0, -10.0), A)
