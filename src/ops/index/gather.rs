//! y\[..k..] = x\[..i\[..k..]..]: each element is taken from where an index of the same rank says, and dL/dx is
//! the sum of dL/dy over the elements that were taken from a position.
//!
//! The indices have the shape of the result: that of x but for the axis along which they point.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Kind, Pullback, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::index::check::{Of, check};
use crate::kernel::index::gather::gather_back;
use crate::ops::support::not_empty::NotEmptyForEach;
use crate::ops::support::results::Unary;
use crate::shape::{Broken, Law, SameExceptAxis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of everything that takes elements by indices: `gather`, `take`, `sort`, `topk`.
pub struct GatherBackward {
    pub(in crate::ops) along: AxisLayout,
    pub(in crate::ops) indices: Storage<i64>,
}

impl<S: Shape, T: Shape, E: Element> Pullback<S, T, E> for GatherBackward {
    const BROKEN: Broken = NotEmptyForEach::<S, T>::BROKEN;
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(gather_back(grad.as_slice(), self.along, self.indices.as_slice()))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// Takes the elements that `indices` points to along the axis `I`. PyTorch's `gather(I, indices)`.
    ///
    /// In: `S`, and indices of a shape `T` that is `S` with any size at the axis `I`. Out: `T`, which is
    /// inferred: write `_`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let scores = Tensor::from([[0.1, 0.9], [0.8, 0.2]]);
    /// let labels = Tensor::from([[1], [0]]);
    /// assert_eq!(scores.gather::<-1, _>(&labels), Tensor::from([[0.9], [0.8]]));
    /// ```
    ///
    /// # Panics
    /// If an index is negative, or not below the size of the axis.
    // rustc shows the next line where a generic argument is missing.
    #[rustfmt::skip]
    #[track_caller]
    pub fn gather<const I: isize, T>( // `x.gather::<1, _>(&indices)`
        self,
        indices: &Tensor<T, i64, impl Sized>,
    ) -> Unary<S, E, C, F, T, GatherBackward>
    where
        T: SameExceptAxis<I, S>,
    {
        let along = AxisLayout::between::<T, S, I>();
        check("gather", Of::Axis(I), along.size, indices.data.as_slice(), T::SIZES);
        self.gather_along(along, indices.data.clone())
    }

    /// The indices have been checked.
    pub(in crate::ops) fn gather_along<T: Shape, K: Kind>(
        self,
        along: AxisLayout,
        indices: Storage<i64>,
    ) -> Unary<S, E, C, F, T, GatherBackward, K> {
        self.gather_along_by(along, indices, |backward| backward)
    }

    /// The same, where the backward pass is that of `law`.
    pub(in crate::ops) fn gather_along_by<T: Shape, K: Kind, B: Pullback<S, T, E>>(
        self,
        along: AxisLayout,
        indices: Storage<i64>,
        law: impl FnOnce(GatherBackward) -> B,
    ) -> Unary<S, E, C, F, T, B, K> {
        let (x, flow) = self.into_waiting();
        let y = E::taken(x.as_slice(), along, indices.as_slice());
        Tensor::from_parts(
            y,
            Waiting::into_inner(flow).then_as::<K, _, _>(|| law(GatherBackward { along, indices })),
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;
    use proptest::array::{uniform2, uniform4};
    use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};

    #[test]
    fn an_element_that_is_taken_twice_gets_both_gradients() {
        let x = Param::new(Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
        let y = x.track().gather::<1, _>(&Tensor::from([[0, 0, 1], [1, 1, 1]]));
        assert_eq!(y, Tensor::from([[1.0, 1.0, 2.0], [4.0, 4.0, 4.0]]));
        (y * Tensor::from([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])).sum().backward();
        // torch: the gradient of (x.gather(1, i) * w).sum()
        assert_eq!(x.grad().unwrap(), Tensor::from([[3.0, 3.0], [0.0, 60.0]]));
    }

    #[test]
    #[should_panic(
        expected = "gather: index -1 at position [0, 0] is out of range for axis 0, which has size 2"
    )]
    fn gather_panics_at_a_negative_index() {
        let _ = Tensor::<Rank2<2, 1>>::ones().gather::<0, _>(&Tensor::from([[-1]]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn the_gradient_agrees_with_differences(seed: u64, i in uniform4(-2..2_i64)) {
            let x = Tensor::<Rank3<2, 2, 2>, f64>::randn(&mut Rng::seed(seed));
            let square = |i: i64| i.rem_euclid(2);
            let wide = Tensor::<Rank3<2, 1, 2>, i64>::from_fn(|k| square(i[k]));
            gradcheck(x.clone(), |x| x.gather::<1, _>(&wide).powi(2).sum()).unwrap();
            let long = Tensor::<Rank3<2, 2, 4>, i64>::from_fn(|k| square(i[k % 4]));
            gradcheck(x, |x| x.gather::<-1, _>(&long).powi(2).sum()).unwrap();
        }

        #[test]
        fn elements_agree_with_a_loop(i in uniform2(uniform2(uniform4(0..3_i64)))) {
            let x = Tensor::<Rank1<24>, i64>::arange().reshape::<Rank3<2, 3, 4>>();
            let y = x.clone().gather::<1, _>(&Tensor::from(i)).to_array::<[[[i64; 4]; 2]; 2]>();
            let x = x.to_array::<[[[i64; 4]; 3]; 2]>();
            for o in 0..2 {
                for k in 0..2 {
                    for l in 0..4 {
                        prop_assert_eq!(y[o][k][l], x[o][i[o][k][l] as usize][l]);
                    }
                }
            }
        }
    }
}
