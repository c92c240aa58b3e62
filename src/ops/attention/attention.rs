//! Y = softmax(Q Kᵀ s) V for each head, where s = 1/√D scales the scores, and a mask may forbid some of them.
//!
//! With the probabilities P = softmax(Q Kᵀ s) and G = dL/dY: dL/dV = Pᵀ G, dL/dS = P (G Vᵀ - Σ P G Vᵀ) with the sums
//! along the keys, dL/dQ = s dL/dS K and dL/dK = s dL/dSᵀ Q. The probabilities are saved.
//!
//! Queries `[.., T, D]`, keys `[.., S, D]` and values `[.., S, V]` give `[.., T, V]`. It is one operation, whose graph
//! joins the keys and the values first: their gradients come as one tensor. In a layer Q, K and V come from one
//! projection and are one operand.

use crate::element::{Element, Float};
use crate::graph::{Context, Flow, Graph, Pullback, Pullback2, Pulled, Waiting};
use crate::kernel::attention::attention::{Attended as Saved, Gradients};
use crate::kernel::attention::heads::Heads;
use crate::kernel::attention::masks::{Kept, Masks};
use crate::kernel::shape::concat::narrow;
use crate::ops::attention::mask::Mask;
use crate::ops::support::results::Joined;
use crate::ops::support::results::Unary;
use crate::ops::support::rhs::Operand;
use crate::shape::{AttentionShape, Broken, KeyValue, Law, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;
use crate::tensor::generator::Generator;
use std::marker::PhantomData;

/// The backward pass of what joins keys and values: each has its part of the gradient.
pub struct KeyValueBackward;

impl<K: Shape, V: Shape, E: Element> Pullback2<K, V, KeyValue<K, V>, E> for KeyValueBackward {
    fn pull(self, grad: Tensor<KeyValue<K, V>, E>, needs_grad: (bool, bool)) -> Pulled<K, V, E> {
        let part = |start, len| narrow(grad.as_slice(), K::NUMEL + V::NUMEL, start, len);
        let keys = needs_grad.0.then(|| Tensor::constant(part(0, K::NUMEL)));
        (keys, needs_grad.1.then(|| Tensor::constant(part(K::NUMEL, V::NUMEL))))
    }
}

/// The backward pass of an attention.
pub struct AttentionBackward<E, L = ()> {
    sizes: Heads,
    causal: bool,
    /// Queries, keys and values: one tensor three times, if they are packed.
    operands: [Storage<E>; 3],
    attended: Saved<E>,
    law: PhantomData<fn() -> L>,
}

impl<E: Float, L> AttentionBackward<E, L> {
    fn pull_into(self, grad: &[E], into: Gradients<'_, E>) {
        let operands = self.operands.each_ref().map(Storage::as_slice);
        E::attend_back(self.sizes, self.causal, grad, operands, &self.attended, into);
    }
}

/// The dropout mask, drawn before the work, so that threads do not wait for the generator.
fn kept<E: Float>(sizes: Heads, dropout: Option<(f64, &Generator)>) -> Option<Kept<E>> {
    dropout.map(|(p, generator)| generator.draw(|rng| Kept::draw(sizes, p, rng)))
}

/// Queries, keys and values are packed.
impl<S: Shape, T: Shape, E: Float, L: Law> Pullback<S, T, E> for AttentionBackward<E, L> {
    const BROKEN: Broken = L::BROKEN;
    const MULTIPLY_ADDS: usize = 2 * T::NUMEL * T::SIZES[T::RANK - 2];
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let mut all = Storage::unspecified(S::NUMEL);
        self.pull_into(grad.as_slice(), Gradients::Packed(all.make_mut()));
        Tensor::constant(all)
    }
}

/// Queries on one side, keys and values on the other.
impl<Q: Shape, R: Shape, T: Shape, E: Float, L: Law> Pullback2<Q, R, T, E> for AttentionBackward<E, L> {
    const BROKEN: Broken = L::BROKEN;
    const MULTIPLY_ADDS: usize = Q::SIZES[Q::RANK - 2] * R::NUMEL;
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<Q, R, E> {
        let mut queries = needs_grad.0.then(|| Storage::unspecified(Q::NUMEL));
        let mut keys = needs_grad.1.then(|| Storage::unspecified(R::NUMEL));
        let into =
            Gradients::Apart(queries.as_mut().map(Storage::make_mut), keys.as_mut().map(Storage::make_mut));
        self.pull_into(grad.as_slice(), into);
        (queries.map(Tensor::constant), keys.map(Tensor::constant))
    }
}

/// The flow of keys and values that are joined.
type KeyValueFlow<K, V, C, E> = <<K as Operand<C, E>>::Flow as Flow<<K as Operand<C, E>>::Shape, E>>::Join<
    KeyValue<<K as Operand<C, E>>::Shape, <V as Operand<C, E>>::Shape>,
    <V as Operand<C, E>>::Shape,
    <V as Operand<C, E>>::Flow,
    KeyValueBackward,
>;

/// The shape of the result.
type Attended<S, K, V, C, E> =
    <<V as Operand<C, E>>::Shape as AttentionShape<S, <K as Operand<C, E>>::Shape>>::Attended;
/// The shape of the scores of a tensor of shape `S` and keys `K`, which a [`Mask`] has.
pub type Scores<S, K, V, C, E> =
    <<V as Operand<C, E>>::Shape as AttentionShape<S, <K as Operand<C, E>>::Shape>>::Scores;

/// The result of an attention of a tensor with the graph `Graph<C, F>` and shape `S` to keys `K` with values `V`.
pub type Attention<S, E, C, F, K, V, L = ()> = Tensor<
    Attended<S, K, V, C, E>,
    E,
    Graph<
        <<C as Context>::Or<<K as Operand<C, E>>::Context> as Context>::Or<<V as Operand<C, E>>::Context>,
        <F as Flow<S, E>>::Join<
            Attended<S, K, V, C, E>,
            KeyValue<<K as Operand<C, E>>::Shape, <V as Operand<C, E>>::Shape>,
            KeyValueFlow<K, V, C, E>,
            AttentionBackward<E, L>,
        >,
    >,
>;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// softmax(Q Kᵀ / √D) V, where this tensor is Q. PyTorch's `scaled_dot_product_attention`.
    ///
    /// In: queries `[.., T, D]`, keys `[.., S, D]` and values `[.., S, V]`, and a [`Mask`] for scores `[.., T, S]`.
    /// Out: `[.., T, V]`. A query that may attend to nothing has the result 0, as in PyTorch.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[0.0, 0.0], [0.0, 0.0]]);
    /// let v = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// let y = x.clone().scaled_dot_product_attention(&x, &v, Mask::none());
    /// assert_eq!(y, Tensor::from([[2.0, 3.0], [2.0, 3.0]]));
    /// let y = x.clone().scaled_dot_product_attention(&x, &v, Mask::causal());
    /// assert_eq!(y, Tensor::from([[1.0, 2.0], [2.0, 3.0]]));
    /// ```
    pub fn scaled_dot_product_attention<K, V>(
        self,
        key: K,
        value: V,
        mask: Mask<Scores<S, K, V, C, E>, E>,
    ) -> Attention<S, E, C, F, K, V>
    where
        K: Operand<C, E>,
        V: Operand<C, E, Shape: AttentionShape<S, K::Shape>>,
    {
        let (batch, lens, widths) = <V::Shape as AttentionShape<S, K::Shape>>::ATTENTION;
        self.attend_apart(key, value, Heads::separate(batch, lens, widths), &mask.masks, None)
    }

    /// softmax(`scale` Q Kᵀ) V: the same with another scale. PyTorch's `scaled_dot_product_attention(scale=..)`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// let y = x.clone().scaled_dot_product_attention_with(&x, &x, Mask::none(), 0.0);
    /// assert_eq!(y, Tensor::from([[2.0, 3.0], [2.0, 3.0]]));
    /// ```
    pub fn scaled_dot_product_attention_with<K, V>(
        self,
        key: K,
        value: V,
        mask: Mask<Scores<S, K, V, C, E>, E>,
        scale: f64,
    ) -> Attention<S, E, C, F, K, V>
    where
        K: Operand<C, E>,
        V: Operand<C, E, Shape: AttentionShape<S, K::Shape>>,
    {
        let (batch, lens, widths) = <V::Shape as AttentionShape<S, K::Shape>>::ATTENTION;
        self.attend_apart(key, value, Heads::separate(batch, lens, widths).scaled(scale), &mask.masks, None)
    }

    /// Attention of this tensor to keys and values that are tensors of their own.
    pub(crate) fn attend_apart<K, V, L>(
        self,
        key: K,
        value: V,
        sizes: Heads,
        masks: &Masks<E>,
        dropout: Option<(f64, &Generator)>,
    ) -> Attention<S, E, C, F, K, V, L>
    where
        K: Operand<C, E>,
        V: Operand<C, E, Shape: AttentionShape<S, K::Shape>>,
        L: Law,
    {
        let (q, flow) = self.into_waiting();
        let (k, key) = key.into_operand();
        let (v, value) = value.into_operand();
        let (save, causal) = (F::TRACKED || K::Flow::TRACKED || V::Flow::TRACKED, masks.causal);
        let kept = kept(sizes, dropout);
        let (y, attended) = E::attend(sizes, [q.as_slice(), k.as_slice(), v.as_slice()], masks, kept, save);
        let joined = key.join(value, || KeyValueBackward);
        let flow = Waiting::into_inner(flow).join(joined, || AttentionBackward {
            sizes,
            causal,
            operands: [q, k, v],
            attended,
            law: PhantomData,
        });
        Tensor::from_parts(y, flow)
    }

    /// Attention where this tensor packs queries, keys and values. The caller knows that `T` is the shape of the
    /// result.
    pub(crate) fn attend_packed<T: Shape, L: Law>(
        self,
        sizes: Heads,
        masks: &Masks<E>,
        dropout: Option<(f64, &Generator)>,
    ) -> Unary<S, E, C, F, T, AttentionBackward<E, L>> {
        let (x, flow) = self.into_waiting();
        let (kept, causal) = (kept(sizes, dropout), masks.causal);
        let (y, attended) = E::attend(sizes, [x.as_slice(); 3], masks, kept, F::TRACKED);
        let operands = [x.clone(), x.clone(), x];
        let flow = Waiting::into_inner(flow).then(|| AttentionBackward {
            sizes,
            causal,
            operands,
            attended,
            law: PhantomData,
        });
        Tensor::from_parts(y, flow)
    }

    /// Attention of these queries to a tensor that packs keys and values. The caller knows the shapes.
    pub(crate) fn attend_paired<R: Operand<C, E>, L: Law>(
        self,
        pairs: R,
        sizes: Heads,
        masks: &Masks<E>,
        dropout: Option<(f64, &Generator)>,
    ) -> Joined<S, E, C, F, R, S, AttentionBackward<E, L>> {
        let (q, flow) = self.into_waiting();
        let (kv, rhs) = pairs.into_operand();
        let (kept, causal) = (kept(sizes, dropout), masks.causal);
        let save = F::TRACKED || R::Flow::TRACKED;
        let (y, attended) = E::attend(sizes, [q.as_slice(), kv.as_slice(), kv.as_slice()], masks, kept, save);
        let operands = [q, kv.clone(), kv];
        let flow = Waiting::into_inner(flow).join(rhs, || AttentionBackward {
            sizes,
            causal,
            operands,
            attended,
            law: PhantomData,
        });
        Tensor::from_parts(y, flow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck;
    use crate::ops::support::testing::INF;
    use crate::prelude::*;
    use proptest::prelude::{ProptestConfig, prop_assert, proptest};

    type Queries = Rank4<2, 2, 3, 4>;
    type Keys = Rank4<2, 2, 5, 4>;
    type Valued = Rank4<2, 2, 5, 3>;
    type Scores = Rank4<2, 2, 3, 5>;

    /// The definition, by loops: `mask(i, t, s)` is added to the score of query `t` of head `i` for key `s`.
    fn naive(
        q: &[f64],
        k: &[f64],
        v: &[f64],
        (heads, queries, keys): (usize, usize, usize),
        mask: impl Fn(usize, usize, usize) -> f64,
    ) -> Vec<f64> {
        let (width, values) = (q.len() / heads / queries, v.len() / heads / keys);
        let mut y = vec![0.0; heads * queries * values];
        for (i, t) in (0..heads * queries).map(|row| (row / queries, row % queries)) {
            let score = |s: usize| {
                let dot: f64 = (0..width)
                    .map(|d| q[(i * queries + t) * width + d] * k[(i * keys + s) * width + d])
                    .sum();
                dot / (width as f64).sqrt() + mask(i, t, s)
            };
            let sum: f64 = (0..keys).map(|s| score(s).exp()).sum();
            for (s, d) in (0..keys * values).map(|sd| (sd / values, sd % values)) {
                let p = if sum == 0.0 { 0.0 } else { score(s).exp() / sum };
                y[(i * queries + t) * values + d] += p * v[(i * keys + s) * values + d];
            }
        }
        y
    }

    fn close(y: &[f64], want: &[f64]) -> bool {
        y.len() == want.len() && y.iter().zip(want).all(|(y, want)| (y - want).abs() < 1e-12)
    }

    #[test]
    fn one_head_by_hand() {
        // Scores ln 3 and 0: probabilities 3/4 and 1/4.
        let q = Tensor::from([[3.0_f64.ln()]]);
        let k = Tensor::from([[1.0], [0.0]]);
        let v = Tensor::from([[8.0, 0.0], [0.0, 4.0]]);
        let y = q.scaled_dot_product_attention(k, v, Mask::none()).to_vec();
        assert!(close(&y, &[6.0, 1.0]), "{y:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn each_mask_agrees_with_the_definition(seed: u64) {
            let rng = &mut Rng::seed(seed);
            let (q, k) = (Tensor::<Queries, f64>::randn(rng), Tensor::<Keys, f64>::randn(rng));
            let v = Tensor::<Valued, f64>::randn(rng);
            let yes = |x: bool| if x { 0.0 } else { -INF };
            let attend = |mask: &dyn Fn(usize, usize, usize) -> f64| {
                naive(q.as_slice(), k.as_slice(), v.as_slice(), (4, 3, 5), mask)
            };
            macro_rules! check {
                ($mask:expr, $want:expr) => {
                    let y = q.clone().scaled_dot_product_attention(&k, &v, $mask).to_vec();
                    prop_assert!(close(&y, &attend(&$want)), stringify!($mask));
                };
            }
            let bools = |i: usize| Tensor::<Scores, f64>::uniform(0.0, 1.0, &mut Rng::seed(seed ^ i as u64)).lt(0.7);
            let (whole, other) = (bools(1), bools(2));
            let at = |mask: &Tensor<Scores, bool>, i, t, s| mask.as_slice()[(i * 3 + t) * 5 + s];
            let plane = Tensor::<Rank2<3, 5>, bool>::from_fn(|i| whole.as_slice()[i]);
            let row = Tensor::<Rank1<5>, bool>::from_fn(|i| whole.as_slice()[i]);
            let bias = Tensor::<Rank3<2, 3, 5>, f64>::randn(rng);
            let padding = Tensor::<Rank2<2, 5>, bool>::from_fn(|i| other.as_slice()[i]);
            let none = Tensor::from(false);

            check!(Mask::none(), |_, _, _| 0.0);
            check!(Mask::causal(), |_, t, s| yes(s <= t));
            check!(Mask::none().allowed(&whole), |i, t, s| yes(at(&whole, i, t, s)));
            check!(Mask::none().forbidden(&plane), |_, t, s| yes(!at(&whole, 0, t, s)));
            check!(Mask::none().forbidden(&row), |_, _, s| yes(!at(&whole, 0, 0, s)));
            check!(Mask::none().allowed(&none), |_, _, _| -INF);
            check!(Mask::none().added(&bias), |i, t, s| bias.as_slice()[(i % 2 * 3 + t) * 5 + s]);
            check!(Mask::none().key_padding(&padding), |i, _, s| yes(!padding.as_slice()[i / 2 * 5 + s]));
            check!(Mask::causal().key_padding(&padding), |i, t, s| yes(s <= t && !padding.as_slice()[i / 2 * 5 + s]));
            check!(Mask::causal().allowed(&whole).added(&bias).key_padding(&padding), |i, t, s| {
                yes(at(&whole, i, t, s) && s <= t && !padding.as_slice()[i / 2 * 5 + s])
                    + bias.as_slice()[(i % 2 * 3 + t) * 5 + s]
            });
        }

        #[test]
        fn packed_operands_agree_with_separate_ones(seed: u64) {
            let rng = &mut Rng::seed(seed);
            let x = Tensor::<Rank3<2, 4, 18>, f64>::randn(rng);
            // [batch, time, 3, heads, width], as PyTorch's projection packs it.
            let parts = x.clone().reshape::<Rank5<2, 4, 3, 2, 3>>().permute::<Axes5<2, 0, 3, 1, 4>>().unbind::<0>();
            let [q, k, v] = parts;
            let want = q.scaled_dot_product_attention(k, v, Mask::causal()).permute::<Axes4<0, 2, 1, 3>>().to_vec();
            let masks = Mask::<Rank4<2, 2, 4, 4>, f64>::causal().masks;
            let y = x.attend_packed::<Rank3<2, 4, 6>, ()>(Heads::packed(2, 4, 2, 6), &masks, None).to_vec();
            prop_assert!(close(&y, &want));
        }
    }

    #[test]
    fn a_query_without_any_key_gives_zero() {
        let x = Param::new(Tensor::<Rank2<2, 3>>::randn(&mut Rng::seed(0)));
        let k = Tensor::<Rank2<2, 3>>::randn(&mut Rng::seed(1));
        let mask = Tensor::from([[false, false], [true, false]]);
        let y = x.track().scaled_dot_product_attention(&k, &k, Mask::none().allowed(&mask));
        assert_eq!(y.to_vec()[..3], [0.0; 3]);
        y.sum().backward();
        assert!(x.grad().unwrap().to_vec().iter().all(|g| *g == 0.0));
    }

    #[test]
    fn a_score_that_is_nan_is_not_hidden() {
        let q = Tensor::from([[f32::NAN], [0.0]]);
        let k = Tensor::from([[1.0], [1.0]]);
        let y = q.scaled_dot_product_attention(&k, &k, Mask::none());
        assert!(y.to_vec()[0].is_nan() && y.to_vec()[1] == 1.0);
    }

    #[test]
    fn empty_axes_have_empty_results_and_no_keys_give_zeros() {
        let (none, some) = (Tensor::<Rank2<0, 3>>::ones(), Tensor::<Rank2<2, 3>>::ones());
        assert!(none.clone().scaled_dot_product_attention(&some, &some, Mask::none()).to_vec().is_empty());
        assert_eq!(
            some.clone().scaled_dot_product_attention(&none, &none, Mask::causal()).to_vec(),
            [0.0; 6]
        );
        let batch = Tensor::<Rank3<0, 2, 3>>::ones();
        assert!(batch.clone().scaled_dot_product_attention(&batch, &batch, Mask::none()).to_vec().is_empty());
    }

    #[test]
    fn gradients_agree_with_differences() {
        let rng = &mut Rng::seed(5);
        let (q, k) = (Tensor::<Queries, f64>::randn(rng), Tensor::<Keys, f64>::randn(rng));
        let v = Tensor::<Valued, f64>::randn(rng);
        let mask = Tensor::<Rank2<3, 5>, f64>::uniform(0.0, 1.0, rng).lt(0.6);
        let bias = Tensor::<Rank2<3, 5>, f64>::randn(rng);
        let all = (q.clone(), k.clone(), v.clone());
        gradcheck(all.clone(), |(q, k, v)| {
            q.scaled_dot_product_attention(k, v, Mask::none().allowed(&mask).added(&bias)).powi(2).sum()
        })
        .unwrap();
        gradcheck(all, |(q, k, v)| {
            q.scaled_dot_product_attention_with(k, v, Mask::causal(), 0.3).powi(2).sum()
        })
        .unwrap();
        // Each operand alone, and one that is all three.
        gradcheck(q.clone(), |q| q.scaled_dot_product_attention(&k, &v, Mask::none()).powi(2).sum()).unwrap();
        gradcheck(k.clone(), |k| q.clone().scaled_dot_product_attention(k, &v, Mask::none()).powi(2).sum())
            .unwrap();
        gradcheck(v, |v| q.clone().scaled_dot_product_attention(&k, v, Mask::none()).powi(2).sum()).unwrap();
        gradcheck(k, |k| {
            let (key, value) = (k.clone(), k.clone());
            k.scaled_dot_product_attention(key, value, Mask::causal()).powi(2).sum()
        })
        .unwrap();
    }

    #[test]
    fn gradients_of_packed_operands_agree_with_differences() {
        let rng = &mut Rng::seed(6);
        let masks = Mask::<Rank4<2, 2, 4, 4>, f64>::causal().masks;
        gradcheck(Tensor::<Rank3<2, 4, 18>, f64>::randn(rng), |x| {
            let dropout = &Generator::seed(9);
            x.attend_packed::<Rank3<2, 4, 6>, ()>(Heads::packed(2, 4, 2, 6), &masks, Some((0.4, dropout)))
                .powi(2)
                .sum()
        })
        .unwrap();
        let pair = (Tensor::<Rank3<2, 4, 6>, f64>::randn(rng), Tensor::<Rank3<2, 5, 12>, f64>::randn(rng));
        gradcheck(pair, |(q, pairs)| {
            let dropout = &Generator::seed(9);
            q.attend_paired::<_, ()>(pairs, Heads::paired(2, [4, 5], 2, 6), &masks, Some((0.4, dropout)))
                .powi(2)
                .sum()
        })
        .unwrap();
    }

    #[test]
    fn dropout_keeps_the_mean() {
        let masks = Mask::<Rank4<1, 1, 50, 50>, f64>::none().masks;
        let x = Tensor::<Rank3<1, 50, 3>, f64>::ones();
        let rng = &Generator::seed(1);
        let y = x.attend_packed::<Rank3<1, 50, 1>, ()>(Heads::packed(1, 50, 1, 1), &masks, Some((0.3, rng)));
        assert!((y.mean().item() - 1.0).abs() < 0.05);
    }
}
