"""Writes tests/fixtures/optim.csv and schedules.csv: where PyTorch's optimizers and schedules go. Run from the root of
the project.

Optimizers: w is [2, 3] and b is [2]. The loss is sum(a (w - c)^2) + sum(b^2); b is part of it except in every third
step, where its gradient is None, so that the optimizer leaves it alone.

Schedules: the learning rate, and where it has a cycle the momentum, at the start and after each of 60 steps.
"""

import math

import torch
from torch.optim import LBFGS, SGD, Adadelta, Adagrad, Adam, Adamax, AdamW, NAdam, RAdam, RMSprop
from torch.optim.lr_scheduler import (
    ChainedScheduler,
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiStepLR,
    OneCycleLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)

A = [[0.5, 1.0, 2.0], [0.01, 3.0, 0.1]]
C = [[1.0, -2.0, 0.5], [3.0, 0.0, -1.0]]
W = [[0.3, -0.7, 1.1], [-1.3, 0.9, 0.05]]
B = [1.5, -0.25]
KEPT = [1, 2, 10, 50]

OPTIMIZERS = {
    "sgd": (SGD, dict(lr=0.05)),
    "sgd_momentum": (SGD, dict(lr=0.05, momentum=0.9)),
    "sgd_dampening": (SGD, dict(lr=0.05, momentum=0.9, dampening=0.3)),
    "sgd_weight_decay": (SGD, dict(lr=0.05, weight_decay=0.1)),
    "sgd_nesterov": (SGD, dict(lr=0.05, momentum=0.8, nesterov=True)),
    "sgd_maximize": (SGD, dict(lr=0.01, momentum=0.5, maximize=True)),
    "sgd_all": (SGD, dict(lr=0.01, momentum=0.7, weight_decay=0.05, nesterov=True, maximize=True)),
    "adam": (Adam, dict(lr=0.1)),
    "adam_betas": (Adam, dict(lr=0.1, betas=(0.4, 0.9))),
    "adam_eps": (Adam, dict(lr=0.1, eps=0.5)),
    "adam_weight_decay": (Adam, dict(lr=0.1, weight_decay=0.3)),
    "adam_amsgrad": (Adam, dict(lr=0.3, betas=(0.9, 0.8), amsgrad=True)),
    "adam_maximize": (Adam, dict(lr=0.1, maximize=True)),
    "adam_all": (
        Adam,
        dict(lr=0.2, betas=(0.8, 0.7), eps=0.01, weight_decay=0.1, amsgrad=True, maximize=True),
    ),
    "adam_w": (AdamW, dict(lr=0.1)),
    "adam_w_without_decay": (AdamW, dict(lr=0.1, weight_decay=0.0)),
    "adam_w_weight_decay": (AdamW, dict(lr=0.1, weight_decay=0.3)),
    "adam_w_betas": (AdamW, dict(lr=0.05, betas=(0.4, 0.9), eps=0.1)),
    "adam_w_amsgrad": (AdamW, dict(lr=0.3, betas=(0.9, 0.8), amsgrad=True)),
    "adam_w_all": (
        AdamW,
        dict(lr=0.2, betas=(0.8, 0.7), eps=0.01, weight_decay=0.1, amsgrad=True, maximize=True),
    ),
    "rms_prop": (RMSprop, dict()),
    "rms_prop_alpha": (RMSprop, dict(lr=0.01, alpha=0.8)),
    "rms_prop_eps": (RMSprop, dict(lr=0.05, eps=0.5)),
    "rms_prop_momentum": (RMSprop, dict(lr=0.01, momentum=0.9)),
    "rms_prop_weight_decay": (RMSprop, dict(lr=0.05, weight_decay=0.3)),
    "rms_prop_centered": (RMSprop, dict(lr=0.01, centered=True)),
    "rms_prop_centered_alpha": (RMSprop, dict(lr=0.02, alpha=0.4, eps=0.1, centered=True)),
    "rms_prop_maximize": (RMSprop, dict(lr=0.05, maximize=True)),
    "rms_prop_all": (
        RMSprop,
        dict(lr=0.01, alpha=0.9, eps=0.1, momentum=0.8, weight_decay=0.2, centered=True, maximize=True),
    ),
    "nadam": (NAdam, dict()),
    "nadam_decay": (NAdam, dict(lr=0.1, betas=(0.8, 0.95), eps=0.01, momentum_decay=0.1)),
    "nadam_weight_decay": (NAdam, dict(lr=0.1, weight_decay=0.3)),
    "nadam_all": (
        NAdam,
        dict(lr=0.05, betas=(0.7, 0.9), weight_decay=0.1, decoupled_weight_decay=True, maximize=True),
    ),
    "radam": (RAdam, dict()),
    "radam_betas": (RAdam, dict(lr=0.1, betas=(0.8, 0.7), eps=0.01)),
    "radam_weight_decay": (RAdam, dict(lr=0.1, betas=(0.9, 0.95), weight_decay=0.3)),
    "radam_all": (
        RAdam,
        dict(lr=0.05, betas=(0.7, 0.9), weight_decay=0.1, decoupled_weight_decay=True, maximize=True),
    ),
    "adamax": (Adamax, dict()),
    "adamax_betas": (Adamax, dict(lr=0.1, betas=(0.5, 0.9), eps=0.1)),
    "adamax_all": (Adamax, dict(lr=0.05, betas=(0.8, 0.99), weight_decay=0.2, maximize=True)),
    "adadelta": (Adadelta, dict()),
    "adadelta_rho": (Adadelta, dict(lr=0.5, rho=0.7, eps=0.01)),
    "adadelta_all": (Adadelta, dict(lr=0.5, rho=0.95, eps=0.001, weight_decay=0.2, maximize=True)),
    "adagrad": (Adagrad, dict()),
    "adagrad_lr_decay": (Adagrad, dict(lr=0.5, lr_decay=0.1)),
    "adagrad_initial": (Adagrad, dict(lr=0.5, initial_accumulator_value=2.0)),
    "adagrad_eps": (Adagrad, dict(lr=0.5, eps=0.5)),
    "adagrad_weight_decay": (Adagrad, dict(lr=0.5, weight_decay=0.3)),
    "adagrad_maximize": (Adagrad, dict(lr=0.1, maximize=True)),
    "adagrad_all": (
        Adagrad,
        dict(lr=0.3, lr_decay=0.05, initial_accumulator_value=0.1, eps=0.01, weight_decay=0.1, maximize=True),
    ),
}


def trajectory(optimizer, options):
    tensor = lambda x: torch.tensor(x, dtype=torch.float64)
    a, c = tensor(A), tensor(C)
    w, b = tensor(W).requires_grad_(), tensor(B).requires_grad_()
    # NAdam keeps its product of momenta in the default type.
    torch.set_default_dtype(torch.float64)
    optimizer = optimizer([w, b], foreach=False, **options)
    kept = []
    for t in range(1, 51):
        optimizer.zero_grad()
        loss = (a * (w - c) ** 2).sum()
        if t % 3 != 0:
            loss = loss + (b**2).sum()
        loss.backward()
        optimizer.step()
        if t in KEPT:
            kept.append(w.flatten().tolist() + b.tolist())
    torch.set_default_dtype(torch.float32)
    return kept


LBFGS_OPTIONS = {
    "lbfgs": dict(lr=0.3, max_iter=3),
    "lbfgs_history": dict(lr=0.2, max_iter=6, history_size=2),
    "lbfgs_wolfe": dict(max_iter=4, line_search_fn="strong_wolfe"),
    "lbfgs_wolfe_eval": dict(lr=40.0, max_iter=6, max_eval=9, history_size=3, line_search_fn="strong_wolfe"),
    "lbfgs_tolerance": dict(lr=0.5, max_iter=50, tolerance_grad=1e-2, tolerance_change=1e-3),
}


def lbfgs_trajectory(options):
    """w and b after four steps, each after the loss before it: sum(a (w - c)^2) + sum(b^4) + (w_00 b_0)^2."""
    tensor = lambda x: torch.tensor(x, dtype=torch.float64)
    a, c = tensor(A), tensor(C)
    w, b = tensor(W).requires_grad_(), tensor(B).requires_grad_()
    optimizer = LBFGS([w, b], **options)

    def closure():
        optimizer.zero_grad()
        loss = (a * (w - c) ** 2).sum() + (b**4).sum() + (w[0, 0] * b[0]) ** 2
        loss.backward()
        return loss

    kept = []
    for _ in range(4):
        loss = optimizer.step(closure)
        kept.append([loss.item(), *w.flatten().tolist(), *b.tolist()])
    return kept


LR = 0.3
STEPS = 60

SCHEDULES = {
    "step": lambda o: StepLR(o, 7),
    "step_gamma": lambda o: StepLR(o, 5, gamma=0.8),
    "multi_step": lambda o: MultiStepLR(o, [30, 5, 12, 12]),
    "multi_step_gamma": lambda o: MultiStepLR(o, [0, 20, 40], gamma=0.7),
    "exponential": lambda o: ExponentialLR(o, 0.93),
    "constant": lambda o: ConstantLR(o),
    "constant_factor": lambda o: ConstantLR(o, factor=0.7, total_iters=23),
    "linear": lambda o: LinearLR(o),
    "linear_up": lambda o: LinearLR(o, start_factor=0.01, total_iters=40),
    "linear_down": lambda o: LinearLR(o, start_factor=1.0, end_factor=0.0, total_iters=50),
    "cosine": lambda o: CosineAnnealingLR(o, 50),
    "cosine_again": lambda o: CosineAnnealingLR(o, 9, eta_min=0.02),
    "cosine_of_one": lambda o: CosineAnnealingLR(o, 1, eta_min=0.02),
    "restarts": lambda o: CosineAnnealingWarmRestarts(o, 13),
    "restarts_longer": lambda o: CosineAnnealingWarmRestarts(o, 4, T_mult=3, eta_min=0.01),
    "lambda": lambda o: LambdaLR(o, lambda t: 1.0 / (1 + t) ** 0.5),
    "warm_up_then_cosine": lambda o: SequentialLR(
        o, [LinearLR(o, 0.1, total_iters=10), CosineAnnealingLR(o, 50, eta_min=0.001)], [10]
    ),
    "three_in_a_row": lambda o: SequentialLR(
        o,
        [ConstantLR(o, 0.5, total_iters=3), CosineAnnealingWarmRestarts(o, 6), ExponentialLR(o, 0.9)],
        [8, 30],
    ),
    "four_in_a_row": lambda o: SequentialLR(
        o,
        [LinearLR(o), StepLR(o, 4, gamma=0.5), MultiStepLR(o, [2, 9]), LambdaLR(o, lambda t: 0.5 + t)],
        [5, 20, 45],
    ),
    "chained": lambda o: ChainedScheduler([ConstantLR(o, 0.1, total_iters=20), ExponentialLR(o, 0.9)]),
    "chained_three": lambda o: ChainedScheduler(
        [LinearLR(o, 0.2, total_iters=15), CosineAnnealingLR(o, 60), StepLR(o, 20, gamma=0.5)]
    ),
}

ONE_CYCLES = {
    "one_cycle": dict(total_steps=60),
    "one_cycle_linear": dict(total_steps=60, anneal_strategy="linear"),
    "one_cycle_three_phase": dict(total_steps=60, three_phase=True),
    "one_cycle_three_phase_linear": dict(
        total_steps=60, three_phase=True, anneal_strategy="linear", pct_start=0.37
    ),
    "one_cycle_options": dict(
        total_steps=77,
        pct_start=0.45,
        base_momentum=0.7,
        max_momentum=0.99,
        div_factor=10.0,
        final_div_factor=100.0,
    ),
    "one_cycle_at_the_top": dict(total_steps=60, pct_start=0.0),
    "one_cycle_to_the_top": dict(total_steps=61, pct_start=1.0),
    "one_cycle_without_momentum": dict(total_steps=60, cycle_momentum=False),
}

METRICS = [2.0 * math.exp(-t / 6.0) + 0.2 * math.sin(1.7 * t) + 0.5 for t in range(STEPS)]
METRICS[17] = math.nan
PLATEAUS = {
    "plateau": dict(),
    "plateau_patience": dict(patience=2, factor=0.5),
    "plateau_max": dict(mode="max", patience=3, factor=0.7),
    "plateau_abs": dict(threshold=0.3, threshold_mode="abs", patience=4, factor=0.6),
    "plateau_max_abs": dict(mode="max", threshold=0.1, threshold_mode="abs", patience=1, factor=0.9),
    "plateau_rel": dict(threshold=0.2, patience=1, factor=0.8),
    "plateau_cooldown": dict(patience=1, cooldown=5, factor=0.5),
    "plateau_min_lr": dict(patience=0, factor=0.5, min_lr=0.04),
    "plateau_eps": dict(patience=0, factor=0.5, eps=0.05),
}


def optimizer(kind=SGD):
    options = dict(momentum=0.9) if kind is SGD else {}
    w = torch.nn.Parameter(torch.zeros(1))
    w.grad = torch.zeros(1)
    return kind([w], lr=LR, **options)


def rates(schedule, kind=SGD, metrics=None):
    o = optimizer(kind)
    schedule = schedule(o)
    group = o.param_groups[0]
    momentum = lambda: group["betas"][0] if "betas" in group else group["momentum"]
    kept = [(group["lr"], momentum())]
    for t in range(STEPS):
        o.step()
        schedule.step() if metrics is None else schedule.step(metrics[t])
        kept.append((group["lr"], momentum()))
    return kept


def write_rows(file, name, rows):
    for row in rows:
        file.write(",".join([name.upper(), *map(repr, row)]) + "\n")


def write_rates(file, name, values):
    numbers = ("NaN" if math.isnan(x) else repr(float(x)) for x in values)
    file.write(",".join([name.upper(), *numbers]) + "\n")


with open("tests/fixtures/optim.csv", "w") as file:
    file.write(f"# Written by tests/pytorch/optim.py with PyTorch {torch.__version__}. After each name, w and b after steps 1, 2, 10 and 50;\n")
    file.write("# LBFGS: the loss before each of four steps, and w and b after it.\n")
    for name, (kind, options) in OPTIMIZERS.items():
        write_rows(file, name, trajectory(kind, options))
    for name, options in LBFGS_OPTIONS.items():
        write_rows(file, name, lbfgs_trajectory(options))

with open("tests/fixtures/schedules.csv", "w") as file:
    file.write(f"# Written by tests/pytorch/optim.py with PyTorch {torch.__version__}. After each name, the learning rate at the start and after each step;\n")
    file.write("# the optimizer was made with 0.3.\n")
    for name, schedule in SCHEDULES.items():
        write_rates(file, name, [lr for lr, _ in rates(schedule)])
    for name, options in ONE_CYCLES.items():
        both = rates(lambda o: OneCycleLR(o, 0.6, **options))
        assert both == rates(lambda o: OneCycleLR(o, 0.6, **options), Adam)
        write_rates(file, name, [lr for lr, _ in both])
        write_rates(file, name + "_momentum", [momentum for _, momentum in both])
    write_rates(file, "metrics", METRICS)
    for name, options in PLATEAUS.items():
        write_rates(file, name, [lr for lr, _ in rates(lambda o: ReduceLROnPlateau(o, **options), metrics=METRICS)])
