//! Recurrent layers with elements of another type.

use super::params::{GateWeights, RecurrentParams, StackLayer};
use crate::element::Float;
use crate::nn::{Gru, Lstm, Rnn, WithElements};
use crate::shape::Dim;

impl<W: Dim, const G: usize, const H: usize, T, B, const P: usize, R, E: Float> WithElements<E>
    for GateWeights<W, G, H, T, B, P, R>
where
    T: Float + WithElements<E, Converted = E>,
    B: WithElements<E>,
    R: WithElements<E>,
{
    type Converted = GateWeights<W, G, H, E, B::Converted, P, R::Converted>;
    fn with_elements(&self) -> Self::Converted {
        GateWeights {
            weight_ih: self.weight_ih.with_elements(),
            weight_hh: self.weight_hh.with_elements(),
            bias_ih: self.bias_ih.with_elements(),
            bias_hh: self.bias_hh.with_elements(),
            weight_hr: self.weight_hr.with_elements(),
        }
    }
}

impl<W: Dim, const G: usize, const H: usize, T, B, const P: usize, R, E: Float> WithElements<E>
    for StackLayer<W, G, H, T, B, P, R>
where
    T: Float + WithElements<E, Converted = E>,
    B: WithElements<E>,
    R: WithElements<E>,
{
    type Converted = StackLayer<W, G, H, E, B::Converted, P, R::Converted>;
    fn with_elements(&self) -> Self::Converted {
        StackLayer { forward: self.forward.with_elements(), reverse: self.reverse.with_elements() }
    }
}

impl<
    const G: usize,
    const I: usize,
    const H: usize,
    const LAYERS: usize,
    const BIDIRECTIONAL: bool,
    T,
    B,
    const P: usize,
    R,
    E,
> WithElements<E> for RecurrentParams<G, I, H, LAYERS, BIDIRECTIONAL, T, B, P, R>
where
    T: Float + WithElements<E, Converted = E>,
    B: WithElements<E>,
    R: WithElements<E>,
    E: Float,
{
    type Converted = RecurrentParams<G, I, H, LAYERS, BIDIRECTIONAL, E, B::Converted, P, R::Converted>;
    fn with_elements(&self) -> Self::Converted {
        RecurrentParams { first: self.first.with_elements(), deeper: self.deeper.with_elements() }
    }
}

macro_rules! layers {
    ($($name:ident $($option:ident)?;)*) => { $(
        impl<const I: usize, const H: usize, const LAYERS: usize, const BIDIRECTIONAL: bool, T, B, E> WithElements<E>
            for $name<I, H, LAYERS, BIDIRECTIONAL, T, B>
        where
            T: Float + WithElements<E, Converted = E>,
            B: WithElements<E>,
            E: Float,
        {
            type Converted = $name<I, H, LAYERS, BIDIRECTIONAL, E, B::Converted>;
            fn with_elements(&self) -> Self::Converted {
                $name {
                    layers: self.layers.with_elements(),
                    dropout: self.dropout.clone(),
                    $($option: self.$option,)?
                }
            }
        }
    )* };
}
layers! {
    Lstm;
    Gru;
    Rnn nonlinearity;
}
