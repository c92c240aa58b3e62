//! y = x with x\[..i\[..k..]..] = s\[..k..], or += s\[..k..]: each element of s goes where an index of the same
//! shape says. The counterpart of `gather`.
//!
//! `scatter_add`: dL/dx = dL/dy, and dL/ds is gathered from dL/dy. `scatter`: dL/dx is dL/dy where nothing was
//! written, else 0; dL/ds is gathered from dL/dy for the elements that stayed, else 0. Of two elements for one
//! position the last one stays.

use crate::element::{Element, Numeric};
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::index::check::{Of, check};
use crate::kernel::index::scatter::scatter_add;
use crate::ops::support::results::Joined;
use crate::ops::support::rhs::Operand;
use crate::shape::{SameExceptAxis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `scatter`.
pub struct ScatterBackward {
    along: AxisLayout,
    indices: Storage<i64>,
}

impl<S: Shape, T: Shape, E: Element> Pullback2<S, T, S, E> for ScatterBackward {
    fn pull(self, grad: Tensor<S, E>, needs_grad: (bool, bool)) -> Pulled<S, T, E> {
        let (x, src) = E::put_back(grad.data, self.along, self.indices.as_slice());
        (needs_grad.0.then(|| Tensor::constant(x)), needs_grad.1.then(|| Tensor::constant(src)))
    }
}

/// The backward pass of `scatter_add`.
pub struct ScatterAddBackward {
    along: AxisLayout,
    indices: Storage<i64>,
}

impl<S: Shape, T: Shape, E: Element> Pullback2<S, T, S, E> for ScatterAddBackward {
    fn pull(self, grad: Tensor<S, E>, needs_grad: (bool, bool)) -> Pulled<S, T, E> {
        let src = needs_grad
            .1
            .then(|| Tensor::constant(E::taken(grad.as_slice(), self.along, self.indices.as_slice())));
        (needs_grad.0.then_some(grad), src)
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// This tensor with the elements of `src` written where `indices` points to along the axis `I`. PyTorch's
    /// `scatter(I, indices, src)`.
    ///
    /// In: `S`, a source of a shape that is `S` with any size at the axis `I`, and indices of the shape of the
    /// source. Out: `S`. Of several elements for one index the last one stays, in value and in gradient; PyTorch
    /// leaves that open.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank2<2, 3>>::zeros();
    /// let y = x.scatter::<1, _>(&Tensor::from([[2], [0]]), Tensor::from([[5.0], [6.0]]));
    /// assert_eq!(y, Tensor::from([[0.0, 0.0, 5.0], [6.0, 0.0, 0.0]]));
    /// ```
    ///
    /// # Panics
    /// If an index is negative, or not below the size of the axis.
    #[track_caller]
    pub fn scatter<const I: isize, R>(
        self,
        indices: &Tensor<R::Shape, i64, impl Sized>,
        src: R,
    ) -> Joined<S, E, C, F, R, S, ScatterBackward>
    where
        R: Operand<C, E, Shape: SameExceptAxis<I, S>>,
    {
        let along = AxisLayout::between::<R::Shape, S, I>();
        let indices = &indices.data;
        check("scatter", Of::Axis(I), along.size, indices.as_slice(), R::Shape::SIZES);
        let (x, flow) = self.into_waiting();
        let (src, rhs) = src.into_operand();
        let y = E::put(x, along, indices.as_slice(), src.as_slice());
        Tensor::from_parts(
            y,
            Waiting::into_inner(flow).join(rhs, || ScatterBackward { along, indices: indices.clone() }),
        )
    }

    /// This tensor with the elements of `src` added where `indices` points to along the axis `I`. PyTorch's
    /// `scatter_add(I, indices, src)`.
    ///
    /// In: `S`, a source of a shape that is `S` with any size at the axis `I`, and indices of the shape of the
    /// source. Out: `S`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let votes = Tensor::from([2, 0, 2, 2]);
    /// let counts = Tensor::<Rank1<3>>::zeros().scatter_add::<0, _>(&votes, Tensor::<Rank1<4>>::ones());
    /// assert_eq!(counts, Tensor::from([1.0, 0.0, 3.0]));
    /// ```
    ///
    /// # Panics
    /// If an index is negative, or not below the size of the axis.
    #[track_caller]
    pub fn scatter_add<const I: isize, R>(
        self,
        indices: &Tensor<R::Shape, i64, impl Sized>,
        src: R,
    ) -> Joined<S, E, C, F, R, S, ScatterAddBackward>
    where
        E: Numeric,
        R: Operand<C, E, Shape: SameExceptAxis<I, S>>,
    {
        let along = AxisLayout::between::<R::Shape, S, I>();
        let indices = &indices.data;
        check("scatter_add", Of::Axis(I), along.size, indices.as_slice(), R::Shape::SIZES);
        let (x, flow) = self.into_waiting();
        let (src, rhs) = src.into_operand();
        let y = scatter_add(x, along, indices.as_slice(), src.as_slice());
        Tensor::from_parts(
            y,
            Waiting::into_inner(flow).join(rhs, || ScatterAddBackward { along, indices: indices.clone() }),
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;
    use proptest::array::{uniform2, uniform3};
    use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};

    #[test]
    fn scatter_of_two_elements_to_one_index_keeps_the_last() {
        let x = Param::new(Tensor::from([1.0, 2.0, 3.0]));
        let s = Param::new(Tensor::from([10.0, 20.0, 30.0]));
        let y = x.track().scatter::<0, _>(&Tensor::from([1, 2, 1]), &s);
        assert_eq!(y, Tensor::from([1.0, 30.0, 20.0]));
        (y * Tensor::from([1.0, 2.0, 4.0])).sum().backward();
        assert_eq!(x.grad().unwrap(), Tensor::from([1.0, 0.0, 0.0]));
        assert_eq!(s.grad().unwrap(), Tensor::from([0.0, 4.0, 2.0]));
    }

    #[test]
    fn scatter_add_accumulates_at_equal_indices() {
        let x = Tensor::from([[1, 2], [3, 4]]);
        let y = x.scatter_add::<-1, _>(
            &Tensor::from([[0, 0, 0], [1, 0, 1]]),
            Tensor::from([[1, 1, 1], [5, 6, 7]]),
        );
        // torch.tensor([[1,2],[3,4]]).scatter_add(-1, ..)
        assert_eq!(y, Tensor::from([[4, 2], [9, 16]]));
    }

    #[test]
    #[should_panic(
        expected = "scatter: index 3 at position [0] is out of range for axis 0, which has size 3"
    )]
    fn an_index_out_of_range_is_named() {
        let _ = Tensor::<Rank1<3>>::ones().scatter::<0, _>(&Tensor::from([3]), Tensor::from([1.0]));
    }

    #[test]
    #[should_panic(
        expected = "scatter_add: index -1 at position [0] is out of range for axis 0, which has size 3"
    )]
    fn a_negative_index_is_named() {
        let _ = Tensor::<Rank1<3>>::ones().scatter_add::<0, _>(&Tensor::from([-1]), Tensor::from([1.0]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn the_gradients_agree_with_differences(seed: u64, i in uniform2(uniform3(0..2_i64))) {
            let rng = &mut Rng::seed(seed);
            let wide = (Tensor::<Rank2<2, 2>, f64>::randn(rng), Tensor::<Rank2<2, 3>, f64>::randn(rng));
            let i = Tensor::from(i);
            gradcheck(wide.clone(), |(x, s)| x.scatter::<1, _>(&i, s).powi(2).sum()).unwrap();
            gradcheck(wide, |(x, s)| x.scatter_add::<-1, _>(&i, s).powi(2).sum()).unwrap();
            let long = (Tensor::<Rank2<3, 3>, f64>::randn(rng), Tensor::<Rank2<2, 3>, f64>::randn(rng));
            gradcheck(long.clone(), |(x, s)| x.scatter::<0, _>(&i, s).powi(2).sum()).unwrap();
            gradcheck(long, |(x, s)| x.scatter_add::<-2, _>(&i, s).powi(2).sum()).unwrap();
        }

        #[test]
        fn scatter_agrees_with_a_loop(i in uniform2(uniform3(0..4_i64))) {
            let s = [[10, 20, 30], [40, 50, 60]];
            let (mut written, mut added) = ([[1; 3]; 4], [[1; 3]; 4]);
            for k in 0..2 {
                for l in 0..3 {
                    written[i[k][l] as usize][l] = s[k][l];
                    added[i[k][l] as usize][l] += s[k][l];
                }
            }
            let x = Tensor::<Rank2<4, 3>, i64>::ones();
            let (i, s) = (Tensor::from(i), Tensor::from(s));
            prop_assert_eq!(x.clone().scatter::<0, _>(&i, s.clone()), Tensor::from(written));
            prop_assert_eq!(x.scatter_add::<0, _>(&i, s), Tensor::from(added));
        }
    }
}
