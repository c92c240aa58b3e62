// PyTorch: "Sizes of tensors must match except in dimension 2", while the program runs.
use typegrad::nn::KvCache;
use typegrad::prelude::*;

fn main() {
    let layer = TransformerEncoderLayer::<8, 2, 16>::new(&mut Rng::seed(0)).causal();
    let mut cache = KvCache::<4, 32, 8>::new();
    let _ = layer.infer_step(Tensor::<Rank3<2, 1, 8>>::ones(), &mut cache);
}
