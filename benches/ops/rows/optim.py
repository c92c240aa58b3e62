import torch
from harness import line, wants
from torch import nn


def lbfgs(weight):
    """The first step of an optimizer: 5 iterations, each with a loss and its gradient."""
    def step():
        optimizer = torch.optim.LBFGS([weight], 1e-3, max_iter=5)

        def closure():
            optimizer.zero_grad()
            loss = weight.pow(4).sum()
            loss.backward()
            return loss

        optimizer.step(closure)

    return step


def rows():
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
    step("optim/nadam/333x257", one, lambda w: torch.optim.NAdam(w, 1e-3))
    step("optim/radam/333x257", one, lambda w: torch.optim.RAdam(w, 1e-3))
    step("optim/adamax/333x257", one, lambda w: torch.optim.Adamax(w, 1e-3))
    step("optim/adadelta/333x257", one, lambda w: torch.optim.Adadelta(w, 1e-3))
    step("optim/adam_33_layers/17x17", layers, lambda w: torch.optim.Adam(w, 1e-3))
    if wants("optim/clip_grad_norm/333x257"):
        weights = gradients(*one)
        line("optim/clip_grad_norm/333x257", one[0], None, lambda: nn.utils.clip_grad_norm_(weights, 0.5))
    if wants("optim/lbfgs/333x257"):
        line("optim/lbfgs/333x257", one[0], None, lbfgs(torch.randn(one[0], requires_grad=True)))
