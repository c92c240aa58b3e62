//! Sequences of different lengths.

use typegrad::prelude::*;

#[test]
#[should_panic(expected = "the length 6 of sequence 1 is more than the 5 steps")]
fn a_length_is_at_most_the_steps() {
    let lstm = Lstm::<3, 4>::new(&mut Rng::seed(0));
    let _ = lstm.infer_lengths(Tensor::<Rank3<2, 5, 3>>::ones(), &[5, 6]);
}

#[test]
fn a_sequence_of_no_steps_keeps_its_state() {
    let gru = Gru::<3, 4, 2, true>::new(&mut Rng::seed(0));
    let x = Tensor::<Rank3<2, 5, 3>>::randn(&mut Rng::seed(1));
    let state = Tensor::<Rank3<4, 2, 4>>::randn(&mut Rng::seed(2));
    let (y, last) = gru.infer_from_lengths(x, state.clone().with_shape(), &[0, 5]);
    assert_eq!(y.narrow::<0, 0, 1>(), Tensor::zeros());
    assert_eq!(last.with_shape::<Rank3<4, 2, 4>>().narrow::<1, 0, 1>(), state.narrow::<1, 0, 1>());
}
