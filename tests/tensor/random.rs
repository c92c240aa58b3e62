use typegrad::prelude::*;

#[test]
fn draws_are_those_of_the_generator_in_row_major_order() {
    let rng = &mut Rng::seed(7);
    // From the Python program that src/rng.rs is tested with.
    let torn = Tensor::<Rank1<8>, i64>::randint(-3, 3, rng);
    assert_eq!(torn, Tensor::from([-3, -2, 1, -1, 2, -1, 1, -2]));
    let order = Tensor::<Rank1<8>, i64>::randperm(&mut Rng::seed(7));
    assert_eq!(order, Tensor::from([7, 5, 6, 3, 2, 4, 1, 0]));
    let x = Tensor::<Rank2<2, 1>, f64>::uniform(-1.0, 1.0, &mut Rng::seed(7));
    assert_eq!(x.to_vec(), [0.05536043647833311 * 2.0 - 1.0, 0.17211585444811772 * 2.0 - 1.0]);
    let y = Tensor::<Rank1<2>, f64>::normal(10.0, 2.0, &mut Rng::seed(7));
    assert_eq!(y.to_vec(), [10.0 + 2.0 * 0.22743262333957223, 10.0 + 2.0 * 0.8987581895545639]);
}

#[test]
fn indices_are_drawn_as_often_as_their_weights_say() {
    let rng = &mut Rng::seed(3);
    let weights = Tensor::<Rank2<2, 4>>::from([[0.0, 1.0, 3.0, 0.0], [2.0, 0.0, 0.0, 0.0]]);
    let mut counts = [[0; 4]; 2];
    for _ in 0..4000 {
        for (row, index) in weights.multinomial(rng).to_vec().into_iter().enumerate() {
            counts[row][index as usize] += 1;
        }
    }
    assert!((900..1100).contains(&counts[0][1]), "{counts:?}");
    assert_eq!((counts[0][1] + counts[0][2], counts[1]), (4000, [4000, 0, 0, 0]));
}

#[test]
#[should_panic(expected = "multinomial: all weights of a row are 0")]
fn a_row_without_weight_panics() {
    let _ = Tensor::from([[1.0, 0.0], [0.0, 0.0]]).multinomial(&mut Rng::seed(0));
}

#[test]
#[should_panic(
    expected = "multinomial: weights must be finite and at least 0, got -1.0; of scores take `scores.softmax::<-1>()`"
)]
fn negative_weights_panic() {
    let _ = Tensor::from([2.0, -1.0]).multinomial(&mut Rng::seed(0));
}

#[test]
fn randint_draws_both_ends_as_integers_and_floats() {
    let rng = &mut Rng::seed(1);
    let x = Tensor::<Rank1<200>>::randint(-1, 2, rng);
    for n in [-1.0, 0.0, 1.0] {
        assert!((40..100).contains(&x.as_slice().iter().filter(|x| **x == n).count()));
    }
    let wide = Tensor::<Rank1<100>, i64>::randint(i64::MIN, i64::MAX, rng);
    assert!(wide.as_slice().iter().any(|n| *n < 0) && wide.as_slice().iter().any(|n| *n > 0));
}

#[test]
fn a_draw_that_would_be_rounded_up_to_the_end_is_drawn_again() {
    // Of the four numbers of f32 from here to there, a plain multiplication gives the last for 1/8 of the draws.
    let (low, high) = (1.0_f32, 1.0 + 4.0 * f32::EPSILON);
    let x = Tensor::<Rank1<1000>>::uniform(low, high, &mut Rng::seed(0));
    assert!(x.as_slice().iter().all(|x| (low..high).contains(x)));
    assert_eq!(Tensor::<Rank1<3>>::uniform(2.0, 2.0, &mut Rng::seed(0)), Tensor::full(2.0));
}

#[test]
fn coins_fall_as_often_as_they_should() {
    let rng = &mut Rng::seed(2);
    let p = Tensor::<Rank1<10_000>>::full(0.3);
    // Four standard errors: 4 √(10000 · 0.3 · 0.7) = 183.
    assert!((p.bernoulli(rng).sum().item() - 3000.0).abs() < 183.0);
    let ones: i64 = Tensor::<Rank1<10_000>, i64>::bernoulli_with(0.3, rng).as_slice().iter().sum();
    assert!(ones.abs_diff(3000) < 183);
    assert_eq!(Tensor::<Rank1<100>>::bernoulli_with(0.0, rng), Tensor::zeros());
    assert_eq!(Tensor::<Rank1<100>>::bernoulli_with(1.0, rng), Tensor::ones());
}

#[test]
fn randn_like_has_the_shape_and_elements_of_its_argument() {
    let x = Tensor::from([[1.0_f64, 2.0]]);
    assert_eq!(x.rand_like(&mut Rng::seed(3)), Tensor::<Rank2<1, 2>, f64>::rand(&mut Rng::seed(3)));
    assert_eq!(x.randn_like(&mut Rng::seed(3)), Tensor::<Rank2<1, 2>, f64>::randn(&mut Rng::seed(3)));
}

#[test]
#[should_panic(expected = "randint: low must be below high, but low is 3 and high is 3")]
fn an_empty_range_is_named() {
    let _ = Tensor::<Rank1<1>, i64>::randint(3, 3, &mut Rng::seed(0));
}

#[test]
#[should_panic(
    expected = "uniform: low must not be above high, nor infinitely far below, but low is 2 and high is 1"
)]
fn ends_in_the_wrong_order_are_named() {
    let _ = Tensor::<Rank1<1>>::uniform(2.0, 1.0, &mut Rng::seed(0));
}

#[test]
#[should_panic(expected = "normal: the standard deviation must be at least 0, but it is -1")]
fn a_negative_deviation_is_named() {
    let _ = Tensor::<Rank1<1>>::normal(0.0, -1.0, &mut Rng::seed(0));
}

#[test]
#[should_panic(expected = "bernoulli: a probability must be between 0 and 1, got NaN")]
fn a_wrong_probability_is_named() {
    let _ = Tensor::from([0.5, f64::NAN]).bernoulli(&mut Rng::seed(0));
}
