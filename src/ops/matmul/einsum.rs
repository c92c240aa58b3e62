//! y = Σ a b .. over the letters that are not in the result, for operands whose axes are named by letters, and
//! dL/da = Σ dL/dy b .. over the letters that are not in a: another sum of the same kind. Three and more operands
//! are taken in pairs, from the left, as PyTorch does.
//!
//! The macro `einsum!` reads the letters when it is expanded, writes the shapes down, and calls what is here.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, PlainConstant, Pullback, Pullback2, Pulled, Waiting};
use crate::kernel::matmul::einsum::{Pair, Reorder};
use crate::ops::support::results::Joined;
use crate::ops::support::results::Unary;
use crate::ops::support::rhs::Operand;
use crate::shape::{DimExpr, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;
use crate::tensor::param::Param;
use std::marker::PhantomData;

/// The backward pass of `einsum!` with one operand.
pub struct EinsumBackward {
    letters: [&'static str; 2],
}

impl<S: Shape, T: Shape, E: Float> Pullback<S, T, E> for EinsumBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let [x, y] = self.letters;
        Tensor::constant(Reorder::new(x, S::SIZES, y).scatter(grad.data))
    }
}

/// The backward pass of `einsum!` with two operands. `N` is the product of the sizes of all letters.
pub struct EinsumPairBackward<E, N> {
    a: Storage<E>,
    b: Storage<E>,
    letters: [&'static str; 3],
    products: PhantomData<fn() -> N>,
}

impl<A: Shape, B: Shape, T: Shape, E: Float, N: DimExpr> Pullback2<A, B, T, E> for EinsumPairBackward<E, N> {
    const MULTIPLY_ADDS: usize = N::SIZE;
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<A, B, E> {
        let pair = Pair::new(self.letters, A::SIZES, B::SIZES);
        let grad = pair.pack_gradient(grad.data);
        let a = needs_grad.0.then(|| Tensor::constant(pair.left_gradient(&grad, &self.b)));
        let b = needs_grad.1.then(|| Tensor::constant(pair.right_gradient(&self.a, &grad)));
        (a, b)
    }
}

/// The context of an operand. That of a parameter is of none, so that it may stand first inside a module and still be tracked in
/// the mode of the others.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an operand of einsum",
    label = "one of the operands is neither a tensor nor a parameter",
    note = "operands are tensors, `&Param`, and references to constants"
)]
pub trait EinsumOperand {
    type Context: Context;
}

impl<S, E, C: Context, F> EinsumOperand for Tensor<S, E, Graph<C, F>> {
    type Context = C;
}

impl<S, E, C: Context, F> EinsumOperand for &Tensor<S, E, Graph<C, F>> {
    type Context = C;
}

impl<S, E> EinsumOperand for &Param<S, E> {
    type Context = PlainConstant;
}

/// The context of operands, known by type.
#[doc(hidden)]
pub struct EinsumContext<C>(PhantomData<fn() -> C>);

impl<C: Context> EinsumContext<C> {
    pub fn and<R: EinsumOperand>(self, _: &R) -> EinsumContext<C::Or<R::Context>> {
        EinsumContext(PhantomData)
    }
}

/// The context of no operands.
#[doc(hidden)]
pub fn einsum_context() -> EinsumContext<PlainConstant> {
    EinsumContext(PhantomData)
}

/// The first operand as a tensor, where the context of all of them is `C`.
#[doc(hidden)]
pub fn einsum_first<C, E, R>(_: EinsumContext<C>, x: R) -> Tensor<R::Shape, E, Graph<R::Context, R::Flow>>
where
    C: Context,
    E: Float,
    R: Operand<C, E>,
{
    let (x, flow) = x.into_operand();
    Tensor::from_parts(x, flow)
}

/// The sum of one operand, of shape `T`: the letters of the operand and of the result were compared by the macro.
#[doc(hidden)]
pub fn einsum_one<T, S, E, C, F>(
    x: Tensor<S, E, Graph<C, F>>,
    letters: [&'static str; 2],
) -> Unary<S, E, C, F, T, EinsumBackward>
where
    T: Shape,
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    let (x, flow) = x.into_waiting();
    let y = Reorder::new(letters[0], S::SIZES, letters[1]).gather(&x);
    Tensor::from_parts(y, Waiting::into_inner(flow).then(|| EinsumBackward { letters }))
}

/// The sum of products of two operands, of shape `T`.
#[doc(hidden)]
pub fn einsum_pair<T, N, S, E, C, F, R>(
    a: Tensor<S, E, Graph<C, F>>,
    b: R,
    letters: [&'static str; 3],
) -> Joined<S, E, C, F, R, T, EinsumPairBackward<E, N>>
where
    T: Shape,
    N: DimExpr,
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
    R: Operand<C, E>,
{
    let (a, flow) = a.into_waiting();
    let (b, rhs) = b.into_operand();
    let pair = Pair::new(letters, S::SIZES, R::Shape::SIZES);
    let (a, b) = pair.pack(&a, &b);
    let y = pair.product(&a, &b);
    Tensor::from_parts(
        y,
        Waiting::into_inner(flow).join(rhs, || EinsumPairBackward { a, b, letters, products: PhantomData }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;
    use crate::{einsum, gradcheck};
    use proptest::prelude::{ProptestConfig, proptest};

    /// The definition: over all values of all letters, the product of one element of each operand.
    fn naive(equation: &str, operands: &[(&[usize], Vec<f64>)]) -> Vec<f64> {
        let (inputs, output) = equation.split_once("->").unwrap();
        let inputs: Vec<&str> = inputs.split(',').collect();
        let mut letters = Vec::new();
        for (input, (sizes, _)) in inputs.iter().zip(operands) {
            for (letter, size) in input.chars().zip(*sizes) {
                if !letters.iter().any(|(other, _)| *other == letter) {
                    letters.push((letter, *size));
                }
            }
        }
        let size_of = |letter| letters.iter().find(|(other, _)| *other == letter).unwrap().1;
        let mut out = vec![0.0; output.chars().map(size_of).product()];
        for mut rest in 0..letters.iter().map(|(_, size)| size).product::<usize>() {
            let mut index = std::collections::HashMap::new();
            for (letter, size) in &letters {
                index.insert(*letter, rest % size);
                rest /= size;
            }
            let place = |letters: &str| letters.chars().fold(0, |at, l| at * size_of(l) + index[&l]);
            let product: f64 = inputs.iter().zip(operands).map(|(input, (_, x))| x[place(input)]).product();
            out[place(output)] += product;
        }
        out
    }

    /// Small integers: their products are exact in any order.
    fn integers<S: Shape>(rng: &mut Rng) -> Tensor<S, f64> {
        Tensor::from_fn(|_| rng.below(11) as f64 - 5.0)
    }

    macro_rules! agrees {
        ($rng:expr, $equation:literal, $($x:ident: $shape:ty),+) => {
            $(let $x = integers::<$shape>($rng);)+
            let want = naive($equation, &[$((<$shape as Shape>::SIZES, $x.to_vec())),+]);
            assert_eq!(einsum!($equation, $(&$x),+).to_vec(), want, $equation);
            gradcheck(($($x,)+), |($($x,)+)| einsum!($equation, $($x),+).powi(2).sum() * 0.01).unwrap();
        };
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]
        #[test]
        fn one_operand_agrees_with_the_definition(seed: u64) {
            let rng = &mut Rng::seed(seed);
            agrees!(rng, "abc->cab", x: Rank3<2, 3, 4>);
            agrees!(rng, "abc->b", x: Rank3<2, 3, 4>);
            agrees!(rng, "aba->ab", x: Rank3<3, 2, 3>);
            agrees!(rng, "aab->b", x: Rank3<3, 3, 2>);
            agrees!(rng, "aaa->a", x: Rank3<3, 3, 3>);
            agrees!(rng, "aabb->ba", x: Rank4<2, 2, 3, 3>);
            agrees!(rng, "abcdef->fbd", x: Rank6<1, 2, 2, 3, 1, 2>);
            agrees!(rng, "a->a", x: Rank1<3>);
            agrees!(rng, "ab->a", x: Rank2<3, 0>);
        }

        #[test]
        fn two_operands_agree_with_the_definition(seed: u64) {
            let rng = &mut Rng::seed(seed);
            agrees!(rng, "ij,jk->ik", x: Rank2<2, 3>, y: Rank2<3, 4>);
            agrees!(rng, "ij,jk->ki", x: Rank2<2, 3>, y: Rank2<3, 4>);
            agrees!(rng, "ji,kj->ik", x: Rank2<3, 2>, y: Rank2<4, 3>);
            agrees!(rng, "ji,jk->ik", x: Rank2<3, 2>, y: Rank2<3, 4>);
            agrees!(rng, "ij,kj->ik", x: Rank2<2, 3>, y: Rank2<4, 3>);
            agrees!(rng, "bji,bkj->bik", x: Rank3<2, 3, 2>, y: Rank3<2, 4, 3>);
            agrees!(rng, "bhid,bhjd->bhij", x: Rank4<2, 2, 3, 2>, y: Rank4<2, 2, 2, 2>);
            agrees!(rng, "bqhd,bkhd->bhqk", x: Rank4<2, 3, 2, 2>, y: Rank4<2, 2, 2, 2>);
            agrees!(rng, "ab,ab->ab", x: Rank2<2, 3>, y: Rank2<2, 3>);
            agrees!(rng, "ab,ba->", x: Rank2<2, 3>, y: Rank2<3, 2>);
            agrees!(rng, "abc,dcb->da", x: Rank3<2, 3, 2>, y: Rank3<3, 2, 3>);
            agrees!(rng, "aab,bcc->ac", x: Rank3<2, 2, 3>, y: Rank3<3, 2, 2>);
            agrees!(rng, "ax,by->ba", x: Rank2<2, 3>, y: Rank2<3, 2>);
            agrees!(rng, "a,bcdef->abcdef", x: Rank1<2>, y: Rank5<2, 1, 2, 1, 2>);
            agrees!(rng, ",a->a", x: Rank0, y: Rank1<3>);
            agrees!(rng, "ij,jk->ik", x: Rank2<2, 0>, y: Rank2<0, 3>);
            agrees!(rng, "bij,bjk->bik", x: Rank3<0, 2, 3>, y: Rank3<0, 3, 2>);
        }

        #[test]
        fn three_and_more_operands_agree_with_the_definition(seed: u64) {
            let rng = &mut Rng::seed(seed);
            agrees!(rng, "ij,jk,kl->il", x: Rank2<2, 3>, y: Rank2<3, 2>, z: Rank2<2, 3>);
            agrees!(rng, "i,ij,j->", x: Rank1<2>, y: Rank2<2, 3>, z: Rank1<3>);
            agrees!(rng, "bi,bi,bi->b", x: Rank2<2, 3>, y: Rank2<2, 3>, z: Rank2<2, 3>);
            agrees!(rng, "bi,oij,bj->bo", x: Rank2<2, 3>, y: Rank3<2, 3, 2>, z: Rank2<2, 2>);
            agrees!(rng, "a,b,c,d->dbca", x: Rank1<2>, y: Rank1<3>, z: Rank1<2>, w: Rank1<1>);
        }
    }

    #[derive(Module)]
    struct Attention {
        #[module(init = Param::new(Tensor::randn(rng)))]
        query: Param<Rank2<4, 3>>,
        #[module(init = Param::new(Tensor::randn(rng)))]
        value: Param<Rank2<4, 3>>,
    }

    impl<const B: usize, const T: usize> Forward<Rank3<B, T, 3>> for Attention {
        type Output = Rank3<B, T, 4>;
        fn forward<M: Mode>(&self, x: Input<Rank3<B, T, 3>, M>) -> impl Traced<Self::Output, M> {
            let query = einsum!("btc,dc->btd", x.clone(), &self.query);
            let value = einsum!("dc,bsc->bsd", &self.value, x.clone());
            let scores = einsum!("btd,dc,bsc->bts", query, &self.query, x);
            einsum!("bts,bsd->btd", scores, value)
        }
    }

    #[test]
    fn a_module_that_is_generic_over_sizes_and_mode_can_use_it() {
        let net = Attention::new(&mut Rng::seed(0));
        let loss = net.train(Tensor::<Rank3<2, 5, 3>>::ones()).sum().backward();
        assert_eq!(net.infer(Tensor::<Rank3<2, 5, 3>>::ones()).sum().item(), loss);
        assert!(net.query.grad().is_some() && net.value.grad().is_some());
    }

    macro_rules! against_pytorch {
        ($equation:literal, $output:ty, $y:expr, $($x:ident: $shape:ty, $grad:expr),+) => {{
            let mut shifts = (1..).step_by(3);
            $(
                let shift: usize = shifts.next().unwrap();
                let $x = Param::new(Tensor::<$shape, f64>::from_fn(|i| ((i * 7 + shift) % 11) as f64 - 5.0));
            )+
            let y: Tensor<$output, f64, _> = einsum!($equation, $(&$x),+);
            assert_eq!(y.value().to_vec(), $y as &[f64], $equation);
            let weights = Tensor::<$output, f64>::from_fn(|i| (i + 1) as f64);
            (y * weights).sum().backward();
            $(assert_eq!($x.grad().unwrap().to_vec(), $grad as &[f64], $equation);)+
        }};
    }

    /// Expected values: PyTorch 2.15. Element i of operand n is (7 i + 3 n + 1) mod 11 - 5; the gradient of element
    /// i of the result is i + 1.
    #[test]
    fn values_and_gradients_are_those_of_pytorch() {
        against_pytorch!("ij,jk->ik", Rank2<2, 2>, &[5.0, 13.0, -1.0, 19.0], a: Rank2<2, 3>, &[-11.0, -2.0, 7.0, -23.0, -2.0, 19.0], b: Rank2<3, 2>, &[-19.0, -28.0, 9.0, 14.0, -7.0, -10.0]);
        against_pytorch!("bij,bjk->bik", Rank3<2, 2, 2>, &[10.0, 14.0, -9.0, 15.0, 16.0, -6.0, 22.0, 9.0], a: Rank3<2, 2, 2>, &[-11.0, -2.0, -23.0, -2.0, 31.0, 9.0, 43.0, 11.0], b: Rank3<2, 2, 2>, &[-7.0, -12.0, -12.0, -14.0, 45.0, 52.0, -3.0, -4.0]);
        against_pytorch!("ii->i", Rank1<3>, &[-4.0, 2.0, -3.0], a: Rank2<3, 3>, &[1.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 3.0]);
        against_pytorch!("ii", Rank0, &[-5.0], a: Rank2<3, 3>, &[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
        against_pytorch!("ij->ji", Rank2<3, 2>, &[-4.0, -5.0, 3.0, 2.0, -1.0, -2.0], a: Rank2<2, 3>, &[1.0, 3.0, 5.0, 2.0, 4.0, 6.0]);
        against_pytorch!("ij->", Rank0, &[-7.0], a: Rank2<2, 3>, &[1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
        against_pytorch!("i,j->ij", Rank2<2, 3>, &[4.0, 20.0, -8.0, -3.0, -15.0, 6.0], a: Rank1<2>, &[-5.0, -17.0], b: Rank1<3>, &[8.0, 7.0, 6.0]);
        against_pytorch!("ij,ij->i", Rank1<2>, &[-13.0, 18.0], a: Rank2<2, 3>, &[-1.0, -5.0, 2.0, -4.0, 10.0, 2.0], b: Rank2<2, 3>, &[-4.0, 3.0, -1.0, -10.0, 4.0, -4.0]);
        against_pytorch!("bi, oi -> bo", Rank2<2, 2>, &[-13.0, 22.0, -9.0, 18.0], a: Rank2<2, 3>, &[-5.0, 5.0, 4.0, -11.0, 5.0, 10.0], b: Rank2<2, 3>, &[-19.0, 9.0, -7.0, -28.0, 14.0, -10.0]);
        against_pytorch!("iij,jk", Rank1<2>, &[-19.0, -11.0], a: Rank3<2, 2, 3>, &[-11.0, -2.0, 7.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -11.0, -2.0, 7.0], b: Rank2<3, 2>, &[0.0, 0.0, 3.0, 6.0, -5.0, -10.0]);
        against_pytorch!("ij,jk,kl->il", Rank2<2, 2>, &[186.0, 19.0, -57.0, -70.0], a: Rank2<2, 2>, &[-23.0, 44.0, -79.0, 106.0], b: Rank2<2, 3>, &[10.0, -47.0, -27.0, 4.0, -74.0, -20.0], c: Rank2<3, 2>, &[31.0, 40.0, -25.0, -10.0, -26.0, -38.0]);
        against_pytorch!("i,ij,j", Rank0, &[-99.0], a: Rank1<2>, &[18.0, -9.0], b: Rank2<2, 3>, &[-8.0, 8.0, -20.0, 6.0, -6.0, 15.0], c: Rank1<3>, &[-2.0, 35.0, -5.0]);
        against_pytorch!("bhid,bhjd->bhij", Rank4<1, 2, 2, 2>, &[-11.0, -14.0, 26.0, 8.0, 8.0, -14.0, 26.0, -11.0], a: Rank4<1, 2, 2, 2>, &[3.0, -9.0, 5.0, -23.0, 7.0, 29.0, 11.0, 39.0], b: Rank4<1, 2, 2, 2>, &[-7.0, -12.0, -12.0, -14.0, 45.0, -3.0, 52.0, -4.0]);
        against_pytorch!("ijk,lk->jl", Rank2<2, 2>, &[-3.0, -6.0, 16.0, 16.0], a: Rank3<2, 2, 2>, &[3.0, -9.0, 5.0, -23.0, 3.0, -9.0, 5.0, -23.0], b: Rank2<2, 2>, &[10.0, -11.0, 12.0, -14.0]);
        against_pytorch!("aB,Bc->ca", Rank2<2, 2>, &[10.0, -9.0, 14.0, 15.0], a: Rank2<2, 2>, &[-16.0, -4.0, -22.0, -4.0], b: Rank2<2, 2>, &[-6.0, -16.0, -7.0, -11.0]);
        against_pytorch!("ij,k->k", Rank1<2>, &[7.0, 35.0], a: Rank2<2, 2>, &[-11.0, -11.0, -11.0, -11.0], b: Rank1<2>, &[-7.0, -14.0]);
        against_pytorch!(",ij->ji", Rank2<2, 2>, &[4.0, -8.0, 20.0, 8.0], a: Rank0, &[-20.0], b: Rank2<2, 2>, &[-4.0, -12.0, -8.0, -16.0]);
    }
}
