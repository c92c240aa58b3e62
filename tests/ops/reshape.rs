//! Shapes of the same elements.

use typegrad::prelude::*;

#[test]
fn reshape_shares_memory_and_hands_the_gradient_back_in_order() {
    let x = Tensor::<Rank1<6>>::arange();
    let y = x.clone().reshape::<Rank2<3, 2>>();
    assert_eq!(x.as_slice().as_ptr(), y.as_slice().as_ptr());
    let p = Param::new(x);
    let scale = Tensor::from([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
    (p.track().reshape::<Rank2<3, 2>>() * scale).sum().backward();
    assert_eq!(p.grad().unwrap().to_vec(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
}
