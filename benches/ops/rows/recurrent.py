from harness import layer
from torch import nn


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
    layer("recurrent/lstm_projected/7x21x33", lambda: nn.LSTM(33, 65, batch_first=True, proj_size=17), steps)
