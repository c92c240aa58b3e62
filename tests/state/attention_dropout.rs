//! Layers of attention drop in training, and only there.

use typegrad::prelude::*;

const LENGTH: usize = 5;
type X = Rank3<2, LENGTH, 4>;

fn random<S: Shape>(seed: u64) -> Tensor<S> {
    Tensor::randn(&mut Rng::seed(seed))
}

/// Whether each row of `y` is `bias`.
fn is_bias(y: &Tensor<X>, bias: &Tensor<Rank1<4>>) -> bool {
    y.as_slice().chunks_exact(4).all(|row| row == bias.as_slice())
}

#[test]
fn without_attention_weights_the_output_is_the_bias() {
    let (x, bias) = (random::<X>(1), random::<Rank1<4>>(2));
    let mut attn = MultiheadAttention::<4, 2>::new(&mut Rng::seed(3)).dropout(1.0);
    attn.out_proj.bias.set(bias.clone());
    assert!(is_bias(&attn.sample(x.clone()), &bias));
    assert!(!is_bias(&attn.infer(x.clone()), &bias));
    let mut attn = MultiheadCrossAttention::<4, 2, 3>::new(&mut Rng::seed(3)).dropout(1.0);
    attn.out_proj.bias.set(bias.clone());
    let memory = random::<Rank3<2, 6, 3>>(4);
    assert!(is_bias(&attn.sample2(x.clone(), memory.clone()), &bias));
    assert!(!is_bias(&attn.infer2(x, memory), &bias));
}

#[test]
fn a_part_of_the_attention_weights_is_dropped_anew_in_each_step() {
    let x = random::<X>(1);
    let attn = MultiheadAttention::<4, 2>::new(&mut Rng::seed(3)).dropout(0.5);
    let (first, second) = (attn.sample(x.clone()), attn.sample(x.clone()));
    assert!(first != second && first != attn.infer(x.clone()));
    let same = MultiheadAttention::<4, 2>::new(&mut Rng::seed(3));
    assert_eq!(attn.infer(x.clone()), same.infer(x.clone()));
    assert_eq!(attn.eval(x.clone()).value(), same.sample(x));
}

#[test]
fn without_its_branches_a_transformer_layer_is_its_input() {
    let (x, memory) = (random::<X>(1), random::<Rank3<2, 3, 4>>(4));
    let encoder = TransformerEncoderLayer::<4, 2, 8>::new(&mut Rng::seed(3)).dropout(1.0).norm_first();
    assert_eq!(encoder.sample(x.clone()), x);
    assert_ne!(encoder.infer(x.clone()), x);
    let decoder = TransformerDecoderLayer::<4, 2, 8>::new(&mut Rng::seed(3)).dropout(1.0).norm_first();
    assert_eq!(decoder.sample2(x.clone(), memory.clone()), x);
    assert_ne!(decoder.infer2(x.clone(), memory), x);
}

/// Whether something is dropped in a branch, whose result is dropped with probability ½ too: otherwise each number is 0 or twice
/// that of the whole branch.
fn is_dropped_inside(some: &Tensor<X>, all: &Tensor<X>) -> bool {
    let mut pairs = some.as_slice().iter().zip(all.as_slice());
    pairs.any(|(some, all)| *some != 0.0 && (some - 2.0 * all).abs() > 1e-3)
}

#[test]
fn the_branches_of_an_encoder_layer_are_dropped_inside() {
    let x = random::<X>(1);
    for attends in [false, true] {
        let layer = |p: f64| {
            let mut layer =
                TransformerEncoderLayer::<4, 2, 8>::new(&mut Rng::seed(3)).dropout(p).norm_first();
            // The other branch adds nothing.
            if attends {
                layer.linear2.weight.set(Tensor::zeros());
                layer.linear2.bias.set(Tensor::zeros());
            } else {
                layer.self_attn.out_proj.weight.set(Tensor::zeros());
            }
            layer
        };
        let (dropping, whole) = (layer(0.5), layer(0.0));
        assert_eq!(whole.sample(x.clone()), whole.infer(x.clone()));
        assert_eq!(dropping.infer(x.clone()), whole.infer(x.clone()));
        let (some, all) = (dropping.sample(x.clone()) - &x, whole.infer(x.clone()) - &x);
        assert!(is_dropped_inside(&some, &all), "{attends}");
        assert!(some.as_slice().contains(&0.0));
    }
}

#[test]
fn the_branches_of_a_decoder_layer_are_dropped_inside() {
    let (x, memory) = (random::<X>(1), random::<Rank3<2, 3, 4>>(4));
    for branch in 0..3 {
        let layer = |p: f64| {
            let mut layer =
                TransformerDecoderLayer::<4, 2, 8>::new(&mut Rng::seed(3)).dropout(p).norm_first();
            // The other branches add nothing.
            if branch != 0 {
                layer.self_attn.out_proj.weight.set(Tensor::zeros());
            }
            if branch != 1 {
                layer.multihead_attn.out_proj.weight.set(Tensor::zeros());
            }
            if branch != 2 {
                layer.linear2.weight.set(Tensor::zeros());
                layer.linear2.bias.set(Tensor::zeros());
            }
            layer
        };
        let (dropping, whole) = (layer(0.5), layer(0.0));
        let all = whole.infer2(x.clone(), memory.clone());
        assert_eq!(whole.sample2(x.clone(), memory.clone()), all);
        assert_eq!(dropping.infer2(x.clone(), memory.clone()), all);
        let some = dropping.sample2(x.clone(), memory.clone()) - &x;
        assert!(is_dropped_inside(&some, &(all - &x)), "{branch}");
    }
}
