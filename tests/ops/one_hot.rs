//! The values and gradients of `one_hot`.

use typegrad::prelude::*;

#[test]
fn one_hot_appends_an_axis_to_each_rank() {
    assert_eq!(Tensor::from(1).one_hot::<3>(), Tensor::from([0, 1, 0]));
    let y: Tensor<Rank6<1, 1, 1, 1, 2, 2>, i64> = Tensor::from([[[[[0, 1]]]]]).one_hot::<2>();
    assert_eq!(y.to_vec(), [1, 0, 0, 1]);
    assert!(Tensor::<Rank1<0>, i64>::zeros().one_hot::<3>().to_vec().is_empty());
}

#[test]
#[should_panic(expected = "one_hot: class 3 at position [1] is out of range: there are 3 classes, 0..3")]
fn a_class_that_does_not_exist_is_named() {
    let _ = Tensor::from([0, 3]).one_hot::<3>();
}

#[test]
#[should_panic(expected = "one_hot: class -1 at position [1] is out of range: there are 3 classes, 0..3")]
fn a_negative_class_is_named() {
    let _ = Tensor::from([0, -1]).one_hot::<3>();
}
