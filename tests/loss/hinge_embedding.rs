//! The values and gradients of `hinge_embedding`.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn the_gradient_agrees_with_differences() {
    let x = Tensor::<Rank1<4>, f64>::randn(&mut Rng::seed(1));
    let labels = Tensor::from([1, -1, -1, 1]);
    gradcheck(x.clone(), |x| x.hinge_embedding_loss(&labels)).unwrap();
    gradcheck(x.clone(), |x| HingeEmbeddingLoss::new().sum(x, &labels).powi(2)).unwrap();
    gradcheck(x, |x| HingeEmbeddingLoss::new().none(x, &labels).powi(2).sum()).unwrap();
}

#[test]
#[should_panic(expected = "hinge_embedding_loss: the label of row 1 is 0, not 1 or -1")]
fn labels_are_signs() {
    let _ = Tensor::<Rank1<2>>::zeros().hinge_embedding_loss(&Tensor::from([1, 0]));
}
