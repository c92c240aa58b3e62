//! The values and gradients of `narrow`.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn parts_along_each_axis_agree_with_indexing() {
    let x = Tensor::<Rank3<3, 4, 5>, i64>::from_fn(|i| i as i64);
    let array = x.to_array::<[[[i64; 5]; 4]; 3]>();
    let y = x.clone().narrow::<1, 1, 2>().to_array::<[[[i64; 5]; 2]; 3]>();
    let z = x.clone().narrow_from::<-1, 3>(2).to_array::<[[[i64; 3]; 4]; 3]>();
    for a in 0..3 {
        assert_eq!(y[a], array[a][1..3]);
        for b in 0..4 {
            assert_eq!(z[a][b], array[a][b][2..5]);
        }
    }
}

#[test]
fn a_part_may_be_empty_or_the_whole() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    assert!(x.clone().narrow::<1, 3, 0>().to_vec().is_empty());
    assert_eq!(x.clone().narrow::<0, 0, 2>().as_slice().as_ptr(), x.as_slice().as_ptr());
}

#[test]
#[should_panic(expected = "2 elements from 2 on, but axis 1 of the tensor has size 3")]
fn a_range_out_of_range_is_named() {
    let _ = Tensor::<Rank2<2, 3>>::ones().narrow_from::<1, 2>(2);
}

#[test]
fn the_gradient_agrees_with_differences() {
    let x = Tensor::<Rank3<2, 4, 3>, f64>::randn(&mut Rng::seed(2));
    gradcheck(x.clone(), |x| x.narrow::<1, 1, 2>().powi(2).sum()).unwrap();
    gradcheck(x, |x| x.narrow::<-1, 0, 3>().powi(3).sum()).unwrap();
}
