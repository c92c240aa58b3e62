//! The values and gradients of `kthvalue`.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn the_gradient_agrees_with_differences_for_each_axis() {
    let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
    gradcheck(x.clone(), |x| x.kthvalue::<0, 2>().0.powi(2).sum()).unwrap();
    gradcheck(x.clone(), |x| x.kthvalue::<1, 1>().0.powi(2).sum()).unwrap();
    gradcheck(x, |x| x.kthvalue_keepdim::<-1, 4>().0.powi(3).sum()).unwrap();
}

#[test]
fn each_k_agrees_with_sort() {
    let x = Tensor::from([3.0, f64::NAN, -1.0, 3.0, 0.0]);
    assert_eq!(x.clone().kthvalue::<0, 1>().1.item(), 2);
    assert_eq!(x.clone().kthvalue::<0, 3>().1.item(), 0);
    assert_eq!(x.clone().kthvalue::<0, 4>().1.item(), 3);
    assert!(x.kthvalue::<0, 5>().0.item().is_nan());
}
