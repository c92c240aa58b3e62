use typegrad::prelude::*;

#[test]
fn linspace_agrees_with_pytorch_and_ends_exactly() {
    // torch.linspace(0.1, 0.7, 10, dtype=torch.float64)
    let torch = [
        0.1,
        0.16666666666666669,
        0.23333333333333334,
        0.3,
        0.3666666666666667,
        0.4333333333333333,
        0.49999999999999994,
        0.5666666666666667,
        0.6333333333333333,
        0.7,
    ];
    assert_eq!(Tensor::<Rank1<10>, f64>::linspace(0.1, 0.7), Tensor::from(torch));
    // torch.linspace(0, 1, 7)
    let torch = [0.0, 0.16666667, 0.33333334, 0.5, 0.6666666, 0.8333333, 1.0];
    let ours = Tensor::<Rank1<7>>::linspace(0.0, 1.0);
    assert!(ours.to_vec().iter().zip(torch).all(|(x, y): (&f32, f32)| (x - y).abs() <= f32::EPSILON / 2.0));
    assert_eq!(Tensor::<Rank1<4>, f64>::linspace(3.0, -3.0), Tensor::from([3.0, 1.0, -1.0, -3.0]));
}

#[test]
fn linspace_of_no_one_and_two_numbers() {
    assert!(Tensor::<Rank1<0>>::linspace(1.0, 2.0).to_vec().is_empty());
    assert_eq!(Tensor::<Rank1<1>>::linspace(1.0, 2.0).to_vec(), [1.0]);
    assert_eq!(Tensor::<Rank1<2>>::linspace(1.0, 2.0).to_vec(), [1.0, 2.0]);
}

#[test]
fn ranges_step_from_their_start() {
    assert_eq!(Tensor::<Rank1<3>>::arange_from(0.5, 0.25), Tensor::from([0.5, 0.75, 1.0]));
    assert!(Tensor::<Rank1<0>, i64>::arange_from(5, 1).to_vec().is_empty());
}

#[test]
fn zeros_like_a_tracked_tensor_is_a_constant() {
    let p = Param::new(Tensor::from([1.0_f64, 2.0]));
    let x = p.track();
    let like: [Tensor<Rank1<2>, f64>; 2] = [x.zeros_like(), x.ones_like()];
    assert_eq!(like.map(|x| x.to_vec()), [[0.0, 0.0], [1.0, 1.0]]);
    assert_eq!(Tensor::from([true, true]).full_like(false), Tensor::from([false, false]));
}
