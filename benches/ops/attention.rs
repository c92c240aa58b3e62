use crate::harness::{Bench, Work};
use typegrad::nn::KvCache;
use typegrad::prelude::*;

/// 7 sequences of 67 in 3 heads of width 31.
type Heads = Rank4<7, 3, 67, 31>;
/// The two products of an attention.
const SCORES: usize = 4 * 7 * 3 * 67 * 67 * 31;
/// The projections of 67 rows of width 93, 7 times.
const PROJECTIONS: usize = 2 * 7 * 67 * 4 * 93 * 93;
const FEED_FORWARD: usize = 2 * 7 * 67 * 2 * 93 * 371;

pub fn rows(b: &Bench) {
    row!(b, "attention/scaled_dot_product_attention/7x3x67x31", SCORES, f32,
        [q: randn Heads, k: randn Heads, v: randn Heads],
        q.scaled_dot_product_attention(k, v, Mask::none()));
    row!(b, "attention/scaled_dot_product_attention_causal/7x3x67x31", SCORES / 2, f32,
        [q: randn Heads, k: randn Heads, v: randn Heads],
        q.scaled_dot_product_attention(k, v, Mask::causal()));
    row!(b, "attention/scaled_dot_product_attention_causal/7x3x67x31/f64", SCORES / 2, f64,
        [q: randn Heads, k: randn Heads, v: randn Heads],
        q.scaled_dot_product_attention(k, v, Mask::causal()));
    row!(b, "attention/scaled_dot_product_attention_one_query/7x3x1x31", 4 * 7 * 3 * 67 * 31, f32,
        [q: randn Rank4<7, 3, 1, 31>, k: randn Heads, v: randn Heads],
        q.scaled_dot_product_attention(k, v, Mask::none()));
    row!(b, "attention/scaled_dot_product_attention_causal/1x3x513x31", 2 * 3 * 513 * 513 * 31, f32,
        [q: randn Rank4<1, 3, 513, 31>, k: randn Rank4<1, 3, 513, 31>, v: randn Rank4<1, 3, 513, 31>],
        q.scaled_dot_product_attention(k, v, Mask::causal()));
    row!(b, "attention/rotary_embedding/7x3x67x30", 6 * 7 * 3 * 67 * 30, f32,
        [q: randn Rank4<7, 3, 67, 30>], q.rotary_embedding(0, 10000.0));
    layer!(b, "attention/multihead_attention/7x67x93", PROJECTIONS + SCORES, f32,
        MultiheadAttention<93, 3>, Rank3<7, 67, 93>);
    layer!(b, "attention/transformer_encoder_layer/7x67x93", PROJECTIONS + SCORES + FEED_FORWARD, f32,
        made TransformerEncoderLayer::<93, 3, 371>::new(&mut Rng::seed(0)).dropout(0.0), Rank3<7, 67, 93>);
    layer!(b, "attention/transformer_encoder_layer_gelu_norm_first/7x67x93", PROJECTIONS + SCORES + FEED_FORWARD, f32,
        made TransformerEncoderLayer::<93, 3, 371>::new(&mut Rng::seed(0)).dropout(0.0).gelu().norm_first(),
        Rank3<7, 67, 93>);
    layer!(b, "attention/transformer_encoder_layer/7x67x93/f64", PROJECTIONS + SCORES + FEED_FORWARD, f64,
        made TransformerEncoderLayer::<93, 3, 371, f64>::new(&mut Rng::seed(0)).dropout(0.0), Rank3<7, 67, 93>);
    step(b);
}

/// A token of each of 7 sequences, after 66 others.
fn step(b: &Bench) {
    let rng = &mut Rng::seed(0);
    let (layer, x) = (MultiheadAttention::<93, 3>::new(rng), Tensor::<Rank3<7, 1, 93>>::randn(rng));
    let mut cache = KvCache::<7, 67, 93>::new();
    for _ in 0..66 {
        let _ = layer.infer_step(x.clone(), &mut cache);
    }
    let bytes = 4 * (2 * 7 * 67 * 93 + 4 * 93 * 93);
    let work = Work { operations: PROJECTIONS / 67 + SCORES / 67, bytes, size: 4 };
    b.forward("attention/multihead_attention_infer_step/7x1x93", &[7, 1, 93], work, || {
        cache.truncate(66);
        layer.infer_step(x.clone(), &mut cache)
    });
}
