//! The values and gradients of `slice`.

use typegrad::prelude::*;

#[test]
fn slices_and_their_gradients_agree_with_indexing() {
    let x = Tensor::<Rank3<2, 4, 3>, f64>::randn(&mut Rng::seed(5));
    let part: Tensor<Rank3<2, 2, 3>, f64> = x.clone().slice::<1, 1, 3>().with_shape();
    for (i, got) in part.as_slice().iter().enumerate() {
        let (outer, row, inner) = (i / 6, i / 3 % 2, i % 3);
        assert_eq!(*got, x.as_slice()[outer * 12 + (row + 1) * 3 + inner]);
    }
    assert!(x.clone().slice::<0, 1, 1>().as_slice().is_empty());
    typegrad::gradcheck(x, |x| x.slice::<-2, 0, 3>().square().sum()).unwrap();
}
