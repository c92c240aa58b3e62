//! Attention token by token.

use typegrad::nn::KvCache;
use typegrad::prelude::*;

/// Every option, in f64, for a batch: token by token it is the whole pass.
#[test]
fn tokens_one_by_one_have_the_rows_of_the_whole_pass() {
    let rng = &mut Rng::seed(1);
    type Layer = TransformerEncoderLayer<6, 3, 5, f64>;
    let new = |rng: &mut Rng| Layer::new(rng).causal();
    for layer in [new(rng), new(rng).norm_first(), new(rng).gelu().norm_first()] {
        let x = Tensor::<Rank3<2, 7, 6>, f64>::randn(rng);
        let whole = layer.infer(x.clone());
        let mut cache = KvCache::<2, 7, 6, f64>::new();
        for t in 0..7 {
            let y = layer.infer_step(x.clone().narrow_from::<1, 1>(t), &mut cache);
            assert!(y.allclose_with(whole.clone().narrow_from::<1, 1>(t), 1e-12, 1e-12, false), "{t}");
            assert_eq!(cache.len(), t + 1);
        }
        cache.truncate(3);
        let y = layer.infer_step(x.narrow_from::<1, 1>(3), &mut cache);
        assert!(y.allclose_with(whole.narrow_from::<1, 1>(3), 1e-12, 1e-12, false));
    }
}

#[test]
fn a_layer_without_bias_goes_token_by_token() {
    let rng = &mut Rng::seed(2);
    let layer = NoBias::<TransformerEncoderLayer<6, 3, 5, f64>>::new(rng).causal();
    let x = Tensor::<Rank3<2, 4, 6>, f64>::randn(rng);
    let whole = layer.infer(x.clone());
    let mut cache = KvCache::<2, 4, 6, f64>::new();
    for t in 0..4 {
        let y = layer.infer_step(x.clone().narrow_from::<1, 1>(t), &mut cache);
        assert!(y.allclose_with(whole.clone().narrow_from::<1, 1>(t), 1e-12, 1e-12, false), "{t}");
    }
}

#[test]
#[should_panic(expected = "the cache is full: it holds 1 tokens")]
fn a_full_cache_takes_no_token() {
    let attention = MultiheadAttention::<4, 2>::new(&mut Rng::seed(0));
    let mut cache = KvCache::<1, 1, 4>::new();
    for _ in 0..2 {
        let _ = attention.infer_step(Tensor::<Rank3<1, 1, 4>>::ones(), &mut cache);
    }
}
