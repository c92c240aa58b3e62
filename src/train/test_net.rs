//! A network with all that a step changes, for the tests of this folder.

use crate::data::{DataLoader, Dataset, TensorDataset};
use crate::prelude::*;

/// Centres its input on a mean that it keeps, as a batch norm does.
#[derive(Module, Clone)]
pub(super) struct Centre {
    pub(super) mean: Buffer<Rank1<8>>,
}

impl<const B: usize> Forward<Rank2<B, 8>> for Centre {
    type Output = Rank2<B, 8>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 8>, M>) -> impl Traced<Self::Output, M> {
        if M::TRAINING {
            let mean = x.value().mean_axis::<0>();
            self.mean.set(self.mean.value() * 0.9 + mean * 0.1);
        }
        x - self.mean.value()
    }
}

pub(super) type Net = (Linear<4, 8>, Centre, Relu, Dropout, Linear<8, 3>);

pub(super) fn net(seed: u64) -> Net {
    let rng = &mut Rng::seed(seed);
    let centre = Centre { mean: Buffer::new(Tensor::zeros()) };
    (Init::new(rng), centre, Relu, Dropout::new(rng), Init::new(rng))
}

/// Fifty examples.
pub(super) fn loader<const B: usize>()
-> DataLoader<impl Dataset<Example = (Tensor<Rank1<4>>, Tensor<(), i64>)> + Send + Sync + 'static, B> {
    let rng = &mut Rng::seed(4);
    let x = Tensor::<Rank2<50, 4>>::randn(rng);
    TensorDataset::new(x, Tensor::<Rank1<50>, i64>::randint(0, 3, rng)).batches::<B>()
}

/// Parameters and buffers as bits.
pub(super) fn state(net: &Net) -> Vec<u32> {
    let dict = net.state_dict();
    let elements = dict.iter().flat_map(|(_, tensor)| tensor.data().as_slice::<f32>().expect("floats"));
    elements.map(|x| x.to_bits()).collect()
}
