"""Attention, and the layers built from it."""

import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention as attend

from . import case, layer, randn

inf = float("inf")


def bools(*rows):
    return [[x == "1" for x in row] for row in rows]


Q, K, V = randn(2, 2, 3, 4), randn(2, 2, 5, 4), randn(2, 2, 5, 3)
case("scaled_dot_product_attention/plain", attend, Q, K, V, seed="sdpa/plain")
case("scaled_dot_product_attention/causal", lambda q, k, v: attend(q, k, v, is_causal=True), Q, K, V, seed="sdpa/causal")
case("scaled_dot_product_attention/causal_long", lambda q, k, v: attend(q, k, v, is_causal=True), randn(1, 2, 5, 4), randn(1, 2, 3, 4), randn(1, 2, 3, 4), seed="sdpa/causal_long")
case("scaled_dot_product_attention/scale", lambda q, k, v: attend(q, k, v, scale=0.3), Q, K, V, seed="sdpa/scale")
case("scaled_dot_product_attention/bool", lambda q, k, v, mask: attend(q, k, v, mask), Q, K, V, mask=bools("11010", "00000", "10111"), seed="sdpa/bool")
case(
    "scaled_dot_product_attention/bool_heads",
    lambda q, k, v, mask: attend(q, k, v, mask),
    Q, K, V,
    mask=[bools("11010", "01000", "10111"), bools("11111", "00100", "00000")],
    seed="sdpa/bool_heads",
)
BIAS = torch.tensor([[0.5, -1.0, 2.0, -inf, 0.0], [-inf] * 5, [1.0, -inf, 0.25, 3.0, -2.0]])
case("scaled_dot_product_attention/float", lambda q, k, v: attend(q, k, v, BIAS.to(q.dtype)), Q, K, V, seed="sdpa/float")
case("scaled_dot_product_attention/matrices", attend, randn(3, 4), randn(5, 4), randn(5, 2), seed="sdpa/matrices")
case("scaled_dot_product_attention/batch", attend, randn(2, 3, 4), randn(2, 5, 4), randn(2, 5, 2), seed="sdpa/batch")
case("scaled_dot_product_attention/one_key", attend, randn(1, 1, 2, 3), randn(1, 1, 1, 3), randn(1, 1, 1, 3), seed="sdpa/one_key")

CAUSAL = nn.Transformer.generate_square_subsequent_mask
# `True` is padding; the last example is all padding.
PADDING = torch.tensor(bools("0001", "0011"))
ALL_PADDING = torch.tensor(bools("0001", "1111"))
FORBIDDEN = torch.tensor(bools("0100", "0010", "1000", "0001"))
ADDED = torch.tensor([[0.0, 1.0, -inf, 2.0], [1.0, -1.0, 0.5, -inf], [0.0] * 4, [-inf, -inf, 3.0, 0.0]])


class Attention(nn.Module):
    """Self-attention with masks; with `queries`, cross-attention of the first rows of the input to the others."""

    def __init__(self, queries=None, dim=4, heads=2, bias=True, **options):
        super().__init__()
        self.attn = nn.MultiheadAttention(dim, heads, bias=bias, batch_first=True)
        self.queries, self.options = queries, options

    def forward(self, x):
        options = {k: v.to(x.dtype) if torch.is_tensor(v) and v.is_floating_point() else v for k, v in self.options.items()}
        q, kv = (x, x) if self.queries is None else (x[:, : self.queries], x[:, self.queries :])
        return self.attn(q, kv, kv, need_weights=False, **options)[0]


layer("multihead_attention/plain", Attention(), randn(2, 4, 4), seed="mha/plain")
layer("multihead_attention/one_head", Attention(dim=3, heads=1), randn(2, 4, 3), seed="mha/one_head")
layer("multihead_attention/eval", Attention(), randn(2, 4, 4), train=False, seed="mha/eval")
layer("multihead_attention/unbatched", Attention(), randn(4, 4), seed="mha/unbatched")
layer("multihead_attention/causal", Attention(attn_mask=CAUSAL(4), is_causal=True), randn(2, 4, 4), seed="mha/causal")
layer("multihead_attention/padding", Attention(key_padding_mask=PADDING), randn(2, 4, 4), seed="mha/padding")
layer("multihead_attention/all_padding", Attention(key_padding_mask=ALL_PADDING), randn(2, 4, 4), seed="mha/all_padding")
layer("multihead_attention/forbidden", Attention(attn_mask=FORBIDDEN), randn(2, 4, 4), seed="mha/forbidden")
layer("multihead_attention/added", Attention(attn_mask=ADDED), randn(2, 4, 4), seed="mha/added")
layer("multihead_attention/forbidden_and_padding", Attention(attn_mask=FORBIDDEN, key_padding_mask=PADDING), randn(2, 4, 4), seed="mha/forbidden_and_padding")
layer("multihead_attention/cross", Attention(queries=3), randn(2, 7, 4), seed="mha/cross")
layer("multihead_attention/cross_padding", Attention(queries=3, key_padding_mask=PADDING), randn(2, 7, 4), seed="mha/cross_padding")


class Wide(nn.Module):
    """Attention of three rows of width 4 to keys of width 3 and values of width 6, which are next to each other in the input."""

    def __init__(self, kdim=3, vdim=6, bias=True, **options):
        super().__init__()
        self.attn = nn.MultiheadAttention(4, 2, bias=bias, kdim=kdim, vdim=vdim, batch_first=True)
        self.kdim, self.options = kdim, options

    def forward(self, x):
        q, k, v = x[:, :3, :4], x[..., 4 : 4 + self.kdim], x[..., 4 + self.kdim :]
        return self.attn(q, k, v, need_weights=False, **self.options)[0]


layer("multihead_attention/kdim_vdim", Wide(), randn(2, 5, 13), seed="mha/kdim_vdim")
layer("multihead_attention/kdim_vdim_eval", Wide(), randn(2, 5, 13), train=False, seed="mha/kdim_vdim_eval")
layer("multihead_attention/kdim_vdim_masks", Wide(attn_mask=FORBIDDEN[:3], key_padding_mask=PADDING), randn(2, 4, 13), seed="mha/kdim_vdim_masks")
layer("multihead_attention/kdim", Wide(vdim=4), randn(2, 5, 11), seed="mha/kdim")


class Weights(nn.Module):
    """The weights of the attention of the first three rows to the others."""

    def __init__(self, average=False, bias=True, **options):
        super().__init__()
        self.attn = nn.MultiheadAttention(4, 2, bias=bias, batch_first=True)
        self.options = options | {"average_attn_weights": average}

    def forward(self, x):
        options = {k: v.to(x.dtype) if torch.is_tensor(v) and v.is_floating_point() else v for k, v in self.options.items()}
        weights = self.attn(x[:, :3], x[:, 3:], x[:, 3:], **options)[1]
        return weights


layer("multihead_attention/weights", Weights(), randn(2, 7, 4), seed="mha/weights")
layer("multihead_attention/weights_average", Weights(average=True), randn(2, 7, 4), train=False, seed="mha/weights_average")
layer("multihead_attention/weights_masks", Weights(attn_mask=FORBIDDEN[:3], key_padding_mask=PADDING), randn(2, 7, 4), seed="mha/weights_masks")
layer("multihead_attention/weights_added", Weights(attn_mask=ADDED[:3]), randn(2, 7, 4), seed="mha/weights_added")
layer("multihead_attention/weights_causal", Weights(attn_mask=torch.ones(3, 4).triu(1).bool(), is_causal=True), randn(2, 7, 4), seed="mha/weights_causal")


class Encoder(nn.Module):
    """A layer with masks."""

    def __init__(self, layer, **options):
        super().__init__()
        self.layer, self.options = layer, options

    def forward(self, x):
        return self.layer(x, **self.options)


class Decoder(nn.Module):
    """A layer on the first three rows, whose memory is the others."""

    def __init__(self, layer, **options):
        super().__init__()
        self.layer, self.options = layer, options

    def forward(self, x):
        return self.layer(x[:, :3], x[:, 3:], **self.options)


def encoder(**options):
    return nn.TransformerEncoderLayer(4, 2, 3, dropout=0.0, batch_first=True, **options)


def decoder(**options):
    return nn.TransformerDecoderLayer(4, 2, 3, dropout=0.0, batch_first=True, **options)


X = randn(2, 4, 4)
layer("transformer_encoder_layer/plain", Encoder(encoder()), X, seed="encoder/plain")
layer("transformer_encoder_layer/norm_first", Encoder(encoder(norm_first=True)), X, seed="encoder/norm_first")
layer("transformer_encoder_layer/gelu_eps", Encoder(encoder(activation="gelu", layer_norm_eps=0.01)), X, seed="encoder/gelu_eps")
layer("transformer_encoder_layer/causal_norm_first", Encoder(encoder(norm_first=True), src_mask=CAUSAL(4).double().isinf(), is_causal=True), X, seed="encoder/causal_norm_first")
layer("transformer_encoder_layer/masks", Encoder(encoder(), src_mask=FORBIDDEN, src_key_padding_mask=PADDING), X, seed="encoder/masks")
layer(
    "transformer_encoder_layer/two",
    nn.Sequential(encoder(norm_first=True), encoder(norm_first=True)),
    randn(1, 3, 4),
    seed="encoder/two",
)
# With dropout, in evaluation: neither library drops anything.
layer("transformer_encoder_layer/eval", Encoder(nn.TransformerEncoderLayer(4, 2, 3, batch_first=True, norm_first=True)), X, train=False, seed="encoder/eval")
layer("transformer_decoder_layer/plain", Decoder(decoder()), randn(2, 7, 4), seed="decoder/plain")
layer("transformer_decoder_layer/norm_first", Decoder(decoder(norm_first=True, activation="gelu")), randn(2, 7, 4), seed="decoder/norm_first")
layer(
    "transformer_decoder_layer/masks",
    Decoder(decoder(), tgt_mask=CAUSAL(3).isinf(), memory_mask=FORBIDDEN[:3], memory_key_padding_mask=PADDING),
    randn(2, 7, 4),
    seed="decoder/masks",
)

case("scaled_dot_product_attention/all_dropped", lambda q, k, v: attend(q, k, v, dropout_p=1.0), Q, K, V, seed="sdpa/all_dropped")


def rotary(x, start, base):
    """RoPE of pairs, by complex numbers: torchtune's RotaryPositionalEmbeddings."""
    t, d = x.shape[-2:]
    angles = (start + torch.arange(t, dtype=torch.float64))[:, None] * base ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    turn = torch.polar(torch.ones_like(angles), angles).to(torch.complex128 if x.dtype == torch.float64 else torch.complex64)
    pairs = torch.view_as_complex(x.unflatten(-1, (-1, 2)).contiguous())
    return torch.view_as_real(pairs * turn).flatten(-2)


case("rotary_embedding/heads", lambda x: rotary(x, 0, 10000.0), randn(2, 3, 5, 6))
case("rotary_embedding/later", lambda x: rotary(x, 117, 500.0), randn(4, 2))

layer("multihead_attention/no_bias", Attention(bias=False), randn(2, 4, 4), seed="mha/no_bias")
layer(
    "multihead_attention/no_bias_cross",
    Attention(queries=3, bias=False, attn_mask=FORBIDDEN[:3], key_padding_mask=PADDING),
    randn(2, 7, 4),
    seed="mha/no_bias_cross",
)
layer("multihead_attention/no_bias_kdim", Wide(bias=False), randn(2, 5, 13), seed="mha/no_bias_kdim")
layer("multihead_attention/no_bias_weights", Weights(bias=False), randn(2, 7, 4), seed="mha/no_bias_weights")
layer("transformer_encoder_layer/no_bias", Encoder(encoder(bias=False)), X, seed="encoder/no_bias")
layer("transformer_encoder_layer/no_bias_norm_first", Encoder(encoder(bias=False, norm_first=True, activation="gelu")), X, train=False, seed="encoder/no_bias_norm_first")
layer("transformer_decoder_layer/no_bias", Decoder(decoder(bias=False)), randn(2, 7, 4), seed="decoder/no_bias")
