//! Embeddings.

use crate::check::parameters;
use typegrad::graph::{Eval, Train};
use typegrad::nn::BagMode;
use typegrad::prelude::*;

#[test]
fn embeddings() {
    let rows = Tensor::from([[4, 0, 2], [2, 2, 1]]);
    let new = || Embedding::<5, 3, f64>::new(&mut Rng::seed(0));
    parameters::<Train, _, _, _>("Embedding", new(), &rows);
    parameters::<Eval, _, _, _>("Embedding in evaluation", new(), &rows);
    // The row of the padding has the gradient 0, whatever the differences say; here it is not looked up.
    parameters::<Train, _, _, _>("Embedding with padding", new().padding_idx(3), &rows);
    let deep = <(Embedding<5, 3, f64>, Linear<3, 2, f64>, Tanh)>::new(&mut Rng::seed(0));
    parameters::<Train, _, _, _>("an Embedding in a row", deep, &rows);
}

#[test]
fn bags_of_embeddings() {
    let bags = Tensor::from([[4, 0, 2], [2, 2, 1]]);
    for mode in [BagMode::Sum, BagMode::Mean, BagMode::Max] {
        let layer = EmbeddingBag::<5, 3, f64>::new(&mut Rng::seed(0)).mode(mode);
        parameters::<Train, _, _, _>("EmbeddingBag", layer, &bags);
    }
}
