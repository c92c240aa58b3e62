import torch
from harness import layer, line, row, wants
from torch import nn


def cell(name, make, states):
    """One step of a cell for 7 sequences."""
    if wants(name):
        net, xs = make(33, 65), [torch.randn(7, 33), *(torch.randn(7, 65) for _ in range(states))]
        leaves = [x.clone().requires_grad_() for x in xs]

        def step(x, *state):
            return net(x, state if len(state) > 1 else state[0])

        def forward():
            with torch.no_grad():
                step(*xs)

        def both():
            net.zero_grad()
            for x in leaves:
                x.grad = None
            y = step(*leaves)
            (sum(part.sum() for part in y) if isinstance(y, tuple) else y.sum()).backward()

        line(name, (7, 33), forward, both)


def scan(xs, h):
    states = []
    for x in xs:
        h = h * 0.9 + x
        states.append(h)
    return torch.stack(states)


def rows():
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
    layer("recurrent/projected_lstm/7x21x33", lambda: nn.LSTM(33, 65, batch_first=True, proj_size=17), steps)
    cell("recurrent/rnn_cell/7x33", nn.RNNCell, 1)
    cell("recurrent/gru_cell/7x33", nn.GRUCell, 1)
    cell("recurrent/lstm_cell/7x33", nn.LSTMCell, 2)
    row("recurrent/scan/21x7x33", scan, (21, 7, 33), (7, 33))
