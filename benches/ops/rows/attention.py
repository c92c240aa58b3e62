import torch
import torch.nn.functional as F
from harness import forward_row, layer, row
from torch import nn


def rows():
    heads, x = (7, 3, 67, 31), (7, 67, 93)
    full, long = F.scaled_dot_product_attention, (1, 3, 513, 31)

    def causal(q, k, v):
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)

    def encoder(**options):
        return lambda: nn.TransformerEncoderLayer(93, 3, 371, 0.0, batch_first=True, **options)

    angles = torch.arange(67)[:, None] * 10000.0 ** (-torch.arange(0, 30, 2) / 30)
    cos, sin = angles.cos()[:, :, None], angles.sin()[:, :, None]

    def rotary(q):
        pairs = q.unflatten(-1, (-1, 2))
        a, b = pairs[..., :1], pairs[..., 1:]
        return torch.cat([a * cos - b * sin, b * cos + a * sin], -1).flatten(-2)

    row("attention/rotary_embedding/7x3x67x30", rotary, (7, 3, 67, 30))
    row("attention/scaled_dot_product_attention/7x3x67x31", full, heads, heads, heads)
    row("attention/scaled_dot_product_attention_causal/7x3x67x31", causal, heads, heads, heads)
    row("attention/scaled_dot_product_attention_causal/7x3x67x31/f64", causal, heads, heads, heads)
    row("attention/scaled_dot_product_attention_one_query/7x3x1x31", full, (7, 3, 1, 31), heads, heads)
    row("attention/scaled_dot_product_attention_causal/1x3x513x31", causal, long, long, long)
    layer("attention/multihead_attention/7x67x93", lambda: nn.MultiheadAttention(93, 3, batch_first=True), x,
          call=lambda net, x: net(x, x, x, need_weights=False))
    layer("attention/transformer_encoder_layer/7x67x93", encoder(), x)
    layer("attention/transformer_encoder_layer_gelu_norm_first/7x67x93", encoder(activation="gelu", norm_first=True), x)
    layer("attention/transformer_encoder_layer/7x67x93/f64", encoder(), x)
    # A token of each of 7 sequences, after 66 others, whose keys and values are kept.
    net = nn.MultiheadAttention(93, 3, batch_first=True)
    keys, values = torch.randn(7, 3, 67, 31), torch.randn(7, 3, 67, 31)

    def next_token(x):
        q, k, v = F.linear(x, net.in_proj_weight, net.in_proj_bias).unflatten(-1, (3, 3, 31)).unbind(2)
        keys[:, :, 66], values[:, :, 66] = k[:, 0], v[:, 0]
        y = F.scaled_dot_product_attention(q.transpose(1, 2), keys, values)
        return net.out_proj(y.transpose(1, 2).flatten(2))

    forward_row("attention/multihead_attention_infer_step/7x1x93", next_token, (7, 1, 93))
