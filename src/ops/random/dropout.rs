//! y = x m / (1 - p), where each element of the mask m is 0 with the probability p, else 1, and
//! dL/dx = m / (1 - p) dL/dy. The mask is drawn and saved as bits.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::random::dropout;
use crate::ops::support::results::Unary;
use crate::shape::{Dim, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;
use crate::tensor::generator::Generator;

/// The backward pass of `dropout`; of the identity if there is no mask.
pub struct DropoutBackward<E>(Option<Mask<E>>);

struct Mask<E> {
    bits: dropout::Bits,
    scale: E,
    /// The number of elements for each bit.
    inner: usize,
}

impl<E: Float> Mask<E> {
    fn apply(&self, x: Storage<E>) -> Storage<E> {
        E::drop_out(x, self.bits.as_slice(), self.scale, self.inner)
    }
}

impl<S: Shape, E: Float> Pullback<S, S, E> for DropoutBackward<E> {
    fn pull(self, grad: Tensor<S, E>) -> Tensor<S, E> {
        match self.0 {
            Some(mask) => Tensor::constant(mask.apply(grad.data)),
            None => grad,
        }
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// Each element becomes 0 with the probability `p`; the others are divided by 1 - `p`, so the mean is unchanged.
    /// PyTorch's `torch.nn.functional.dropout(x, p)`.
    ///
    /// In: any shape. Out: the same shape. It drops in every mode: the layer [`Dropout`](crate::nn::Dropout) is the one
    /// that drops in training only. The probability is exact to 2⁻⁶⁴.
    ///
    /// ```
    /// use typegrad::nn::Generator;
    /// use typegrad::prelude::*;
    /// let y = Tensor::<Rank1<1000>>::ones().dropout(0.2, &Generator::seed(0));
    /// assert!(y.to_vec().iter().all(|y| [0.0, 1.25].contains(y)));
    /// assert!((y.mean().item() - 1.0).abs() < 0.1);
    /// ```
    ///
    /// # Panics
    /// If `p` is not between 0 and 1.
    // rustc shows the next line where the generator is missing.
    #[rustfmt::skip]
    #[track_caller]
    pub fn dropout(self, p: f64, generator: &Generator) -> Unary<S, E, C, F, S, DropoutBackward<E>> { // in a network: a field `Dropout`
        self.dropout_blocks(p, Some(generator), 1)
    }

    /// Drops blocks of `inner` elements that are next to each other; nothing without a generator.
    #[track_caller]
    pub(crate) fn dropout_blocks(
        self,
        p: f64,
        generator: Option<&Generator>,
        inner: usize,
    ) -> Unary<S, E, C, F, S, DropoutBackward<E>> {
        assert!((0.0..=1.0).contains(&p), "dropout probability has to be between 0 and 1, but got {p}");
        let (x, flow) = self.into_waiting();
        let mask = generator.filter(|_| p > 0.0).map(|generator| Mask {
            bits: generator.draw(|rng| dropout::mask(x.len() / inner.max(1), p, rng)),
            scale: E::one() / E::from_f64(1.0 - p),
            inner,
        });
        let y = match &mask {
            Some(mask) => mask.apply(x),
            None => x,
        };
        Tensor::from_parts(y, Waiting::into_inner(flow).then(|| DropoutBackward(mask)))
    }
}

impl<B, D, H, W, E, C, F> Tensor<(B, D, H, W), E, Graph<C, F>>
where
    B: Dim,
    D: Dim,
    H: Dim,
    W: Dim,
    E: Float,
    C: Context,
    F: Flow<(B, D, H, W), E>,
{
    /// Each channel of each image becomes 0 with the probability `p`; the others are divided by 1 - `p`. PyTorch's
    /// `torch.nn.functional.dropout2d(x, p)`.
    ///
    /// In: `[batch, channels, height, width]`. Out: the same shape. It drops in every mode: the layer
    /// [`Dropout2d`](crate::nn::Dropout2d) is the one that drops in training only.
    ///
    /// ```
    /// use typegrad::nn::Generator;
    /// use typegrad::prelude::*;
    /// let y = Tensor::<Rank4<2, 8, 3, 3>>::ones().dropout2d(0.5, &Generator::seed(0));
    /// let means = y.mean_axes::<Axes2<2, 3>>();
    /// assert!(means.to_vec().iter().all(|y| [0.0, 2.0].contains(y)));
    /// ```
    ///
    /// # Panics
    /// If `p` is not between 0 and 1.
    #[track_caller]
    pub fn dropout2d(
        self,
        p: f64,
        generator: &Generator,
    ) -> Unary<(B, D, H, W), E, C, F, (B, D, H, W), DropoutBackward<E>> {
        self.dropout_blocks(p, Some(generator), H::SIZE * W::SIZE)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;
    use crate::tensor::generator::Generator;

    #[test]
    fn dropped_elements_get_no_gradient() {
        let x = Param::new(Tensor::<Rank2<3, 50>>::full(2.0));
        let y = x.track().dropout(0.75, &Generator::seed(1));
        let values = y.to_vec();
        y.sum().backward();
        let dx = x.grad().unwrap().to_vec();
        assert!(values.iter().zip(&dx).all(|(y, dx)| (*y, *dx) == (0.0, 0.0) || (*y, *dx) == (8.0, 4.0)));
        assert!(dx.contains(&0.0) && dx.contains(&4.0));
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let rng = &mut Rng::seed(1);
        let x = Tensor::<Rank2<5, 7>, f64>::randn(rng);
        for p in [0.0, 0.3, 0.5, 1.0] {
            gradcheck(x.clone(), |x| x.dropout(p, &Generator::seed(3)).powi(2).sum()).unwrap();
        }
        let x = Tensor::<Rank4<2, 3, 2, 2>, f64>::randn(rng);
        gradcheck(x, |x| x.dropout2d(0.4, &Generator::seed(3)).powi(2).sum()).unwrap();
    }

    /// torch: F.dropout(x, 0.0) is x, F.dropout(x, 1.0) is x times zeros.
    #[test]
    fn probabilities_0_and_1_draw_no_numbers() {
        let generator = Generator::seed(1);
        let x = Tensor::from([1.0_f32, -2.0, f32::NAN, f32::INFINITY]);
        let nothing = x.clone().dropout(0.0, &generator).to_vec();
        assert!(nothing[..2] == [1.0, -2.0] && nothing[2].is_nan() && nothing[3] == f32::INFINITY);
        let everything = x.dropout(1.0, &generator).to_vec();
        assert_eq!(everything[..2], [0.0, 0.0]);
        assert!(everything[1].is_sign_negative() && everything[2].is_nan() && everything[3].is_nan());
        assert_eq!(generator.draw(Rng::bits), Rng::seed(1).bits());
    }

    #[test]
    fn each_call_draws_another_mask() {
        let generator = Generator::seed(1);
        let x = Tensor::<Rank1<64>>::ones();
        assert_ne!(x.clone().dropout(0.5, &generator), x.dropout(0.5, &generator));
    }

    #[test]
    fn a_channel_is_dropped_as_a_whole() {
        let y = Tensor::<Rank4<20, 5, 3, 2>>::ones().dropout2d(0.5, &Generator::seed(1));
        let planes: Vec<_> =
            y.as_slice().chunks(6).map(|plane| (plane[0], plane.iter().sum::<f32>())).collect();
        assert!(planes.iter().all(|plane| [(0.0, 0.0), (2.0, 12.0)].contains(plane)));
        assert!((30..70).contains(&planes.iter().filter(|plane| plane.0 == 0.0).count()));
        assert_eq!(Tensor::<Rank4<2, 3, 0, 2>>::ones().dropout2d(0.5, &Generator::seed(1)).to_vec().len(), 0);
    }

    #[test]
    #[should_panic(expected = "dropout probability has to be between 0 and 1, but got 1.5")]
    fn a_probability_is_at_most_1() {
        let _ = Tensor::<Rank1<2>>::ones().dropout(1.5, &Generator::seed(1));
    }
}
