//! Embeddings.

use typegrad::prelude::*;

#[derive(Module)]
struct Tied {
    embed: Embedding<4, 2, f64>,
}

impl<const T: usize> Forward<Rank1<T>, f64, i64> for Tied {
    type Output = Rank2<T, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank1<T>, M, i64>) -> impl Traced<Self::Output, M, f64> {
        let x = self.embed.call(x).powi(2);
        x.linear(&self.embed.weight)
    }
}

#[test]
fn the_gradient_of_a_tied_table_is_the_sum_of_both_uses() {
    let net = Tied::new(&mut Rng::seed(0));
    let ids = Tensor::from([3, 1, 3]);
    net.train(ids.clone()).powi(2).sum().backward();
    let whole = net.embed.weight.grad().unwrap();
    // The same with two tables of equal values.
    let (table, output) =
        (Param::new(net.embed.weight.value().clone()), Param::new(net.embed.weight.value().clone()));
    table.track().lookup(&ids).powi(2).linear(&output).powi(2).sum().backward();
    let sum = table.grad().unwrap() + output.grad().unwrap();
    let difference = (whole - sum).abs().amax().item();
    assert!(difference < 1e-12, "{difference}");
}

#[test]
fn rows_are_initialized_normally_and_the_padding_row_to_zero() {
    let embed = Embedding::<50, 40>::new(&mut Rng::seed(0)).padding_idx(49);
    let w = embed.weight.value().to_vec();
    let mean = w[..49 * 40].iter().sum::<f32>() / 1960.0;
    let square = w[..49 * 40].iter().map(|w| w * w).sum::<f32>() / 1960.0;
    assert!(mean.abs() < 0.1 && (square - 1.0).abs() < 0.15);
    assert!(w[49 * 40..].iter().all(|w| *w == 0.0));
}

#[test]
fn it_prints_as_in_pytorch() {
    let embed = Embedding::<3, 4>::new(&mut Rng::seed(0));
    assert_eq!(format!("{embed:?}"), "Embedding(3, 4)");
    assert_eq!(format!("{:?}", embed.padding_idx(1)), "Embedding(3, 4, padding_idx=1)");
}

#[test]
#[should_panic(expected = "Embedding: index 5 at position [1, 0] is out of range: there are 5 rows, 0..5")]
fn an_index_that_is_too_large_is_named_with_its_position() {
    let _ = Embedding::<5, 2>::new(&mut Rng::seed(0)).infer(Tensor::from([[0, 4], [5, 9]]));
}

#[test]
#[should_panic(expected = "Embedding: index -1 at position [2] is out of range: there are 5 rows, 0..5")]
fn a_negative_index_is_named_with_its_position() {
    let _ = Embedding::<5, 2>::new(&mut Rng::seed(0)).infer(Tensor::from([0, 4, -1]));
}

#[test]
#[should_panic(expected = "Padding_idx must be within num_embeddings, which is 5, but got 5")]
fn the_padding_is_a_row() {
    let _ = Embedding::<5, 2>::new(&mut Rng::seed(0)).padding_idx(5);
}
