//! y = (x - mean) / √(variance + ε) w + b for each group of channels; see `layer_norm`.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::norm::layer_norm::RowLayout;
use crate::ops::norm::affine::{AffineOperand, Normalized};
use crate::ops::norm::layer_norm::LayerNormBackward;
use crate::shape::{Axis, Dim, Law, Message, Shape};
use crate::tensor::Tensor;

/// Groups of the channels of `S`, compared when the program is built.
pub struct ChannelGroups<S, const G: usize>(S);

impl<S: Axis<1>, const G: usize> Law for ChannelGroups<S, G> {
    const WRONG: Option<Message> = if G > 0 && <S::Dim as Dim>::SIZE.is_multiple_of(G) {
        None
    } else {
        let message = Message::new()
            .text("group_norm divides the channels into equal groups: num_channels (")
            .number(<S::Dim as Dim>::SIZE)
            .text(") must be divisible by num_groups (")
            .number(G)
            .text(")");
        Some(message)
    };
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// (x - mean) / √(variance + `eps`) `weight` + `bias`, with the mean and the variance of each of `G` groups of channels
    /// of each example. PyTorch's `torch.nn.functional.group_norm(x, G, weight, bias, eps)`, whose `eps` is 1e-5 by
    /// default. With as many groups as channels it is PyTorch's `instance_norm`.
    ///
    /// In: `[B, C, ..]` a weight and a bias, both `[C]`; `()` for an absent one. Out: `[B, C, ..]`. That `G`
    /// divides `C` is checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[1.0, 1.0], [3.0, 3.0]]]);
    /// let y = x.group_norm::<1, _, _>((), Tensor::from([0.0, 10.0]), 0.0);
    /// assert_eq!(y, Tensor::from([[[-1.0, -1.0], [11.0, 11.0]]]));
    /// ```
    ///
    /// # Panics
    /// If `eps` is negative or NaN.
    #[track_caller]
    pub fn group_norm<const G: usize, W, B>(
        self,
        weight: W,
        bias: B,
        eps: f64,
    ) -> Normalized<S, E, C, F, (S::Dim,), W, B, LayerNormBackward<E, ChannelGroups<S, G>>>
    where
        S: Axis<1>,
        W: AffineOperand<C, (S::Dim,), E>,
        B: AffineOperand<C, (S::Dim,), E>,
    {
        let () = ChannelGroups::<S, G>::HOLDS;
        let rows = RowLayout {
            size: S::Dim::SIZE / G * <S as Axis<1>>::INNER,
            groups: G,
            inner: <S as Axis<1>>::INNER,
            centered: true,
        };
        self.norm_rows(weight, bias, rows, eps)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradients_agree_with_differences() {
        let rng = &mut Rng::seed(2);
        let x = Tensor::<Rank3<2, 4, 3>, f64>::randn(rng);
        let (w, b) = (Tensor::<Rank1<4>, f64>::randn(rng), Tensor::<Rank1<4>, f64>::randn(rng));
        let (mean, variance) = (Tensor::<Rank1<4>, f64>::randn(rng), Tensor::<Rank1<4>, f64>::rand(rng));
        gradcheck((x.clone(), w.clone(), b.clone()), |(x, w, b)| {
            x.group_norm::<2, _, _>(w, b, 1e-3).powi(3).sum()
        })
        .unwrap();
        gradcheck((x, w, b), |(x, w, b)| x.batch_norm(&mean, &variance, w, b, 1e-3).powi(3).sum()).unwrap();
    }

    #[test]
    fn group_norm_of_no_elements() {
        let x = Param::new(Tensor::<Rank3<2, 4, 0>>::zeros());
        x.track().group_norm::<2, _, _>((), (), 1e-5).sum().backward();
        assert_eq!(Tensor::<Rank2<3, 0>>::zeros().layer_norm((), (), 1e-5), Tensor::zeros());
    }

    #[test]
    fn a_parameter_is_a_weight_and_gets_its_gradient() {
        let w = Param::new(Tensor::from([1.0, 1.0]));
        Tensor::from([[1.0, 3.0]]).layer_norm(&w, (), 0.0).sum().backward();
        assert_eq!(w.grad().unwrap(), Tensor::from([-1.0, 1.0]));
    }
}
