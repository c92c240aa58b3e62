//! RNN, LSTM and GRU, their cells and their states.

use crate::check::layers;
use typegrad::nn::Nonlinearity;
use typegrad::prelude::*;
use typegrad::shape::InsertAxis;

macro_rules! arrangements {
    ($($layer:ident)*) => { $(
        layers! { Train:
            $layer<2, 3, 1, false, f64>, Rank3<2, 4, 2>;
            $layer<2, 2, 2, true, f64>, Rank3<2, 3, 2>, |layer| layer.dropout(0.5);
            NoBias<$layer<2, 3, 1, true, f64>>, Rank3<2, 3, 2>;
            $layer<2, 3, 1, false, f64>, Rank2<4, 2>;
            Last<$layer<2, 2, 2, true, f64>>, Rank3<2, 3, 2>;
        }
        layers! { Eval: $layer<2, 2, 2, false, f64>, Rank3<2, 3, 2>, |layer| layer.dropout(0.5); }
    )* };
}

/// The last state as the output.
#[derive(Module)]
struct Last<L> {
    layer: L,
}

impl<S: Shape, L: Recurrent<S, f64>> Forward<S, f64> for Last<L> {
    type Output = L::State;
    fn forward<M: Mode>(&self, x: Input<S, M, f64>) -> impl Traced<Self::Output, M, f64> {
        self.layer.call_last(x)
    }
}

/// The output of sequences of 4 and 2 steps in one batch.
#[derive(Module)]
struct Lengths<L> {
    layer: L,
}

impl<L: Recurrent<Rank3<2, 4, 2>, f64>> Forward<Rank3<2, 4, 2>, f64> for Lengths<L> {
    type Output = L::Output;
    fn forward<M: Mode>(&self, x: Input<Rank3<2, 4, 2>, M, f64>) -> impl Traced<Self::Output, M, f64> {
        let lengths = vec![4, 2]; // as computed from the input: the graph does not borrow it
        self.layer.call_lengths(x, &lengths).0
    }
}

/// Their last states.
#[derive(Module)]
struct LastLengths<L> {
    layer: L,
}

impl<L: Recurrent<Rank3<2, 4, 2>, f64>> Forward<Rank3<2, 4, 2>, f64> for LastLengths<L> {
    type Output = L::State;
    fn forward<M: Mode>(&self, x: Input<Rank3<2, 4, 2>, M, f64>) -> impl Traced<Self::Output, M, f64> {
        let lengths = vec![2, 4];
        self.layer.call_last_lengths(x, &lengths)
    }
}

/// A layer from a first state that is computed from the last steps of the input.
#[derive(Module)]
struct Given<L> {
    layer: L,
}

macro_rules! given {
    ($($layer:ident $steps:literal $state:ty;)*) => { $(
        impl Forward<Rank3<2, 5, 2>, f64> for Given<$layer<2, 2, 1, false, f64>> {
            type Output = Rank3<2, 3, 2>;
            fn forward<M: Mode>(&self, x: Input<Rank3<2, 5, 2>, M, f64>) -> impl Traced<Self::Output, M, f64> {
                let state = x.clone().narrow::<1, 3, $steps>().reshape::<$state>();
                self.layer.call_from(x.narrow::<1, 0, 3>(), state).0
            }
        }
    )* };
}
given! { Rnn 1 Rank3<1, 2, 2>; Lstm 2 Rank4<2, 1, 2, 2>; Gru 1 Rank3<1, 2, 2>; }

/// A cell along the first axis, from zeros: the state after each step.
#[derive(Module)]
struct Steps<L> {
    cell: L,
}

impl<L> Forward<Rank3<3, 2, 2>, f64> for Steps<L>
where
    L: RecurrentCell<Rank2<2, 2>, f64>,
    L::State: InsertAxis<0>,
{
    type Output = <L::State as InsertAxis<0>>::Inserted<Const<3>>;
    fn forward<M: Mode>(&self, xs: Input<Rank3<3, 2, 2>, M, f64>) -> impl Traced<Self::Output, M, f64> {
        xs.scan(Tensor::<L::State, f64>::zeros(), |state, x| self.cell.step(x, state))
    }
}

#[test]
fn projected_layers() {
    layers! { Train:
        ProjectedLstm<2, 3, 2, 1, false, f64>, Rank3<2, 4, 2>;
        ProjectedLstm<2, 4, 2, 2, true, f64>, Rank3<2, 3, 2>, |layer| layer.dropout(0.5);
        NoBias<ProjectedLstm<2, 3, 1, 1, true, f64>>, Rank3<2, 3, 2>;
        Last<ProjectedLstm<2, 3, 2, 2, true, f64>>, Rank3<2, 3, 2>;
    }
}

#[test]
fn layers_in_each_arrangement() {
    arrangements!(Rnn Lstm Gru);
    layers! { Train:
        Rnn<2, 3, 1, false, f64>, Rank3<2, 4, 2>, |rnn| rnn.nonlinearity(Nonlinearity::Relu);
    }
}

#[test]
fn sequences_of_different_lengths() {
    layers! { Train:
        Lengths<Rnn<2, 2, 1, true, f64>>, Rank3<2, 4, 2>;
        Lengths<Lstm<2, 2, 2, true, f64>>, Rank3<2, 4, 2>;
        Lengths<ProjectedLstm<2, 3, 2, 1, true, f64>>, Rank3<2, 4, 2>;
        LastLengths<Lstm<2, 2, 2, true, f64>>, Rank3<2, 4, 2>;
        LastLengths<Gru<2, 2, 2, true, f64>>, Rank3<2, 4, 2>;
    }
}

#[test]
fn first_states() {
    layers! { Train:
        Given<Rnn<2, 2, 1, false, f64>>, Rank3<2, 5, 2>;
        Given<Lstm<2, 2, 1, false, f64>>, Rank3<2, 5, 2>;
        Given<Gru<2, 2, 1, false, f64>>, Rank3<2, 5, 2>;
    }
}

#[test]
fn cells() {
    layers! { Train:
        Steps<RnnCell<2, 3, f64>>, Rank3<3, 2, 2>;
        Steps<LstmCell<2, 3, f64>>, Rank3<3, 2, 2>;
        Steps<GruCell<2, 3, f64>>, Rank3<3, 2, 2>;
        Steps<NoBias<GruCell<2, 3, f64>>>, Rank3<3, 2, 2>;
    }
}
