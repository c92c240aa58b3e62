"""RNN, LSTM and GRU, and their cells. The state of an LSTM is h and c, stacked."""

import torch
from torch import nn

from . import layer, randn

output = dict(forward=lambda module, x: module(x)[0])
KINDS = dict(rnn=nn.RNN, lstm=nn.LSTM, gru=nn.GRU)

for name, kind in KINDS.items():
    layer(f"{name}/one", kind(2, 3, batch_first=True), randn(2, 4, 2), **output)
    layer(f"{name}/two_both", kind(2, 2, 2, batch_first=True, bidirectional=True), randn(2, 3, 2), **output)
layer("lstm/two", nn.LSTM(2, 3, 2, batch_first=True), randn(2, 3, 2), **output)
layer("gru/both", nn.GRU(2, 3, batch_first=True, bidirectional=True), randn(5, 3, 2), **output)
layer("rnn/relu", nn.RNN(2, 3, nonlinearity="relu", batch_first=True), randn(2, 4, 2), **output)
layer("rnn/no_bias", nn.RNN(2, 3, bias=False, batch_first=True), randn(2, 4, 2), **output)
layer("gru/no_bias", nn.GRU(2, 3, bias=False, batch_first=True), randn(2, 4, 2), **output)
layer("lstm/unbatched", nn.LSTM(2, 3, batch_first=True), randn(4, 2), **output)
layer("lstm/one_step", nn.LSTM(2, 3, batch_first=True), randn(2, 1, 2), **output)
layer("lstm/no_batch", nn.LSTM(2, 3, batch_first=True), randn(0, 2, 2), **output)
layer("lstm/eval", nn.LSTM(2, 3, 2, batch_first=True, dropout=0.5), randn(2, 3, 2), train=False, **output)


class Last(nn.Module):
    """The last state as the output."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        state = self.layer(x)[1]
        return torch.stack(state) if isinstance(state, tuple) else state


layer("lstm/last", Last(nn.LSTM(2, 2, 2, batch_first=True, bidirectional=True)), randn(2, 3, 2))
layer("gru/last", Last(nn.GRU(2, 3, batch_first=True)), randn(2, 3, 2))


class Steps(nn.Module):
    """A cell on the first axis of the input, from zeros: the state after each step."""

    def __init__(self, cell):
        super().__init__()
        self.cell = cell

    def forward(self, xs):
        state, states = None, []
        for x in xs:
            state = self.cell(x, state)
            states.append(torch.stack(state) if isinstance(state, tuple) else state)
        return torch.stack(states)


layer("rnn_cell/plain", Steps(nn.RNNCell(2, 3)), randn(3, 2, 2), seed="cell/rnn")
layer("rnn_cell/relu", Steps(nn.RNNCell(2, 3, nonlinearity="relu")), randn(3, 2, 2), seed="cell/relu")
layer("lstm_cell/plain", Steps(nn.LSTMCell(2, 3)), randn(3, 2, 2), seed="cell/lstm")
layer("gru_cell/plain", Steps(nn.GRUCell(2, 3)), randn(3, 2, 2), seed="cell/gru")
layer("lstm_cell/unbatched", Steps(nn.LSTMCell(2, 3)), randn(3, 2), seed="cell/unbatched")
layer("gru_cell/no_bias", Steps(nn.GRUCell(2, 3, bias=False)), randn(3, 2, 2), seed="cell/no_bias")


class Given(nn.Module):
    """A layer from a given first state, which is in the last step of the input."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        h = x[:, 3].unsqueeze(0)
        state = (h, h * 0.5) if isinstance(self.layer, nn.LSTM) else h
        return self.layer(x[:, :3], state)[0]


layer("lstm/given", Given(nn.LSTM(2, 2, batch_first=True)), randn(2, 4, 2))
layer("gru/given", Given(nn.GRU(2, 2, batch_first=True)), randn(2, 4, 2))


class Packed(nn.Module):
    """A layer on sequences of different lengths: the output, or the last state."""

    def __init__(self, layer, lengths, state):
        super().__init__()
        self.layer, self.lengths, self.state = layer, lengths, state

    def forward(self, x):
        packed = nn.utils.rnn.pack_padded_sequence(x, self.lengths, batch_first=True, enforce_sorted=False)
        y, state = self.layer(packed)
        if self.state:
            return torch.stack(state) if isinstance(state, tuple) else state
        return nn.utils.rnn.pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])[0]


for name, kind in ("rnn", nn.RNN), ("lstm", nn.LSTM), ("gru", nn.GRU):
    for state in False, True:
        which = "state" if state else "output"
        both = kind(2, 3, 2, batch_first=True, bidirectional=True)
        layer(f"{name}/packed_{which}", Packed(both, [4, 1, 5, 3], state), randn(4, 5, 2), seed=f"packed/{name}_{which}")
layer("lstm/packed_one_way", Packed(nn.LSTM(2, 3, batch_first=True), [2, 4], False), randn(2, 4, 2), seed="packed/lstm_one_way")


class PackedFrom(nn.Module):
    """A layer on sequences of different lengths from a given first state, which is in the last step of the input."""

    def __init__(self, layer, lengths):
        super().__init__()
        self.layer, self.lengths = layer, lengths

    def forward(self, x):
        state = x[None, :, -1].contiguous()
        state = (state, state) if isinstance(self.layer, nn.LSTM) else state
        packed = nn.utils.rnn.pack_padded_sequence(x[:, :-1], self.lengths, batch_first=True, enforce_sorted=False)
        return nn.utils.rnn.pad_packed_sequence(self.layer(packed, state)[0], batch_first=True, total_length=x.shape[1] - 1)[0]


for name, kind in ("lstm", nn.LSTM), ("gru", nn.GRU):
    layer(f"{name}/packed_given", PackedFrom(kind(3, 3, batch_first=True), [2, 4, 1]), randn(3, 5, 3), seed=f"packed/{name}_given")


class Beside(nn.Module):
    """The last state of a layer as the output, h and c side by side."""

    def __init__(self, layer, lengths=None):
        super().__init__()
        self.layer, self.lengths = layer, lengths

    def forward(self, x):
        if self.lengths:
            x = nn.utils.rnn.pack_padded_sequence(x, self.lengths, batch_first=True, enforce_sorted=False)
        return torch.cat(self.layer(x)[1], dim=-1)


class GivenProjected(nn.Module):
    """A layer from a given first state, which is in the last step of the input: h, then c."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        h, c = x[None, :, 3, :2].contiguous(), x[None, :, 3, 2:].contiguous()
        return self.layer(x[:, :3], (h, c))[0]


def projected(input, units, layers=1, size=2, **options):
    return nn.LSTM(input, units, layers, batch_first=True, proj_size=size, **options)


layer("projected_lstm/one", projected(2, 3), randn(2, 4, 2), **output, seed="projected/one")
layer("projected_lstm/two_both", projected(3, 4, 2, bidirectional=True), randn(2, 3, 3), **output, seed="projected/two_both")
layer("projected_lstm/two", projected(2, 5, 2, 3), randn(3, 2, 2), **output, seed="projected/two")
layer("projected_lstm/no_bias", projected(2, 3, size=1, bias=False), randn(2, 4, 2), **output, seed="projected/no_bias")
layer("projected_lstm/unbatched", projected(2, 3), randn(4, 2), **output, seed="projected/unbatched")
layer("projected_lstm/eval", projected(2, 3, 2, dropout=0.5), randn(2, 3, 2), train=False, **output, seed="projected/eval")
layer("projected_lstm/last", Beside(projected(2, 3, 2, bidirectional=True)), randn(2, 3, 2), seed="projected/last")
layer("projected_lstm/given", GivenProjected(projected(5, 3)), randn(2, 4, 5), seed="projected/given")
layer("projected_lstm/packed_output", Packed(projected(2, 3, 2, bidirectional=True), [4, 1, 5, 3], False), randn(4, 5, 2), seed="projected/packed_output")
layer("projected_lstm/packed_state", Beside(projected(2, 3, 2, bidirectional=True), [4, 1, 5, 3]), randn(4, 5, 2), seed="projected/packed_state")
