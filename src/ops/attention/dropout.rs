//! Y = (m P / (1 - p)) V, where P are the probabilities of an attention and each element of the mask m is 0 with the
//! probability p, else 1. The gradients are those of the attention, with m / (1 - p) in them.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::attention::heads::Heads;
use crate::ops::attention::attention::{Attention, Scores};
use crate::ops::attention::mask::Mask;
use crate::ops::support::rhs::Operand;
use crate::shape::{AttentionShape, Shape};
use crate::tensor::Tensor;
use crate::tensor::generator::Generator;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// [`scaled_dot_product_attention`](Self::scaled_dot_product_attention), where each probability becomes 0 with the
    /// probability `p` and the others are divided by 1 - `p`. PyTorch's `scaled_dot_product_attention(dropout_p=p)`.
    ///
    /// In: queries `[.., T, D]`, keys `[.., S, D]` and values `[.., S, V]`, and a [`Mask`] for scores `[.., T, S]`.
    /// Out: `[.., T, V]`. It drops in every mode: the layer [`MultiheadAttention`](crate::nn::MultiheadAttention) is the
    /// one that drops in training only.
    ///
    /// ```
    /// use typegrad::nn::Generator;
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank2<2, 2>>::zeros();
    /// let v = Tensor::<Rank2<2, 2>>::ones();
    /// let y = x.clone().scaled_dot_product_attention_dropout(&x, v, Mask::none(), 0.5, &Generator::seed(0));
    /// assert!(y.to_vec().iter().all(|y| [0.0, 1.0, 2.0].contains(y)));
    /// ```
    ///
    /// # Panics
    /// If `p` is not between 0 and 1.
    #[track_caller]
    pub fn scaled_dot_product_attention_dropout<K, V>(
        self,
        key: K,
        value: V,
        mask: Mask<Scores<S, K, V, C, E>, E>,
        p: f64,
        generator: &Generator,
    ) -> Attention<S, E, C, F, K, V>
    where
        K: Operand<C, E>,
        V: Operand<C, E, Shape: AttentionShape<S, K::Shape>>,
    {
        assert!((0.0..=1.0).contains(&p), "dropout probability has to be between 0 and 1, but got {p}");
        let (batch, lens, widths) = <V::Shape as AttentionShape<S, K::Shape>>::ATTENTION;
        let dropout = (p > 0.0).then_some((p, generator));
        self.attend_apart(key, value, Heads::separate(batch, lens, widths), &mask.masks, dropout)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;
    use crate::tensor::generator::Generator;

    /// Values that are an identity make the result the probabilities.
    #[test]
    fn probabilities_are_dropped_or_scaled() {
        let rng = &mut Rng::seed(1);
        let (q, k) = (Tensor::<Rank2<40, 4>, f64>::randn(rng), Tensor::<Rank2<30, 4>, f64>::randn(rng));
        let identity = Tensor::<Rank2<30, 30>, f64>::eye();
        let all = q.clone().scaled_dot_product_attention(&k, &identity, Mask::none()).to_vec();
        let attend = |p| {
            let generator = Generator::seed(2);
            q.clone()
                .scaled_dot_product_attention_dropout(&k, &identity, Mask::none(), p, &generator)
                .to_vec()
        };
        let some = attend(0.25);
        let dropped = some.iter().filter(|y| **y == 0.0).count();
        assert!((240..360).contains(&dropped), "{dropped} of 1200");
        assert!(some.iter().zip(&all).all(|(y, p)| *y == 0.0 || (y * 0.75 - p).abs() < 1e-12));
        assert_eq!(attend(0.0), all);
        assert_eq!(attend(1.0), vec![0.0; 1200]);
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_each_operand() {
        let rng = &mut Rng::seed(3);
        let (q, k) = (Tensor::<Rank2<3, 4>, f64>::randn(rng), Tensor::<Rank2<5, 4>, f64>::randn(rng));
        let v = Tensor::<Rank2<5, 2>, f64>::randn(rng);
        gradcheck((q, k, v), |(q, k, v)| {
            // The same draws each time.
            let generator = Generator::seed(4);
            q.scaled_dot_product_attention_dropout(k, v, Mask::none(), 0.4, &generator).powi(2).sum()
        })
        .unwrap();
    }

    #[test]
    #[should_panic(expected = "dropout probability has to be between 0 and 1, but got 1.5")]
    fn dropout_probabilities_are_validated() {
        let x = Tensor::<Rank2<2, 2>>::zeros();
        let _ =
            x.clone().scaled_dot_product_attention_dropout(&x, &x, Mask::none(), 1.5, &Generator::seed(0));
    }
}
