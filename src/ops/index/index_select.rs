//! y = the rows iₖ of x along one axis, and dL/dx = Σₖ dL/dyₖ, added at the row iₖ.
//!
//! `index_select` replaces the axis by the one of the indices. `lookup` is the same for a table `[V, D]` and
//! indices of any shape `S`, with the result `[..S, D]`.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Pullback};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::index::index::{self, Of};
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Const, Dim, InsertAxis, Rank1, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `index_select` and `lookup`.
pub struct IndexSelectBackward {
    along: AxisLayout,
    indices: Storage<i64>,
}

impl<S: Shape, T: Shape, E: Element> Pullback<S, T, E> for IndexSelectBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(index::select_back(grad.as_slice(), self.along, self.indices.as_slice()))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The rows along the axis `I` that `indices` names, in their order. PyTorch's `index_select(I, indices)`.
    ///
    /// In: `S`, and indices `[N]`, which may repeat. Out: `S` with `N` at the axis `I`. `N` is inferred: write
    /// `_`. For a batch of training data, give the images and their labels the same indices.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
    /// let rows = Tensor::from([2, 0]);
    /// assert_eq!(x.index_select::<0, _>(&rows), Tensor::from([[5.0, 6.0], [1.0, 2.0]]));
    /// ```
    ///
    /// # Panics
    /// If an index is negative, or not below the size of the axis.
    #[track_caller]
    pub fn index_select<const I: isize, const N: usize>(
        self,
        indices: &Tensor<Rank1<N>, i64, impl Sized>,
    ) -> Unary<S, E, C, F, S::With<Const<N>>, IndexSelectBackward>
    where
        S: Axis<I>,
    {
        let along = AxisLayout::of::<S, I>();
        index::check("index_select", Of::Axis(I), along.size, indices.data.as_slice());
        self.select_rows(along, &indices.data)
    }

    fn select_rows<T: Shape>(
        self,
        along: AxisLayout,
        indices: &Storage<i64>,
    ) -> Unary<S, E, C, F, T, IndexSelectBackward> {
        let (x, flow) = self.into_parts();
        let flow = flow.then(|| IndexSelectBackward { along, indices: indices.clone() });
        Tensor::from_parts(index::select(x.as_slice(), along, indices.as_slice()), flow)
    }
}

impl<V, D, E, C, F> Tensor<(V, D), E, Graph<C, F>>
where
    V: Dim,
    D: Dim,
    E: Element,
    C: Context,
    F: Flow<(V, D), E>,
{
    /// The row of this table for each of `ids`. PyTorch's `torch.nn.functional.embedding(ids, table)`.
    ///
    /// In: a table `[V, D]`, and ids of shape `T`. Out: `T` with `D` behind it.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let table = Tensor::from([[0.0, 0.5], [1.0, 1.5], [2.0, 2.5]]);
    /// let ids = Tensor::from([[2, 2], [0, 1]]);
    /// let y = Tensor::from([[[2.0, 2.5], [2.0, 2.5]], [[0.0, 0.5], [1.0, 1.5]]]);
    /// assert_eq!(table.lookup(&ids), y);
    /// ```
    ///
    /// # Panics
    /// If an id is negative, or not below `V`.
    #[track_caller]
    pub fn lookup<T>(
        self,
        ids: &Tensor<T, i64, impl Sized>,
    ) -> Unary<(V, D), E, C, F, T::Inserted<D>, IndexSelectBackward>
    where
        T: InsertAxis<-1>,
    {
        let along = AxisLayout::of::<(V, D), 0>();
        index::check("lookup", Of::Axis(0), along.size, ids.data.as_slice());
        self.select_rows(along, &ids.data)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;
    use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};

    #[test]
    fn a_row_that_is_taken_twice_gets_both_gradients() {
        let x = Param::new(Tensor::from([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]));
        let y = x.track().index_select::<0, _>(&Tensor::from([2, 0, 2]));
        assert_eq!(y, Tensor::from([[5.0, 6.0], [1.0, 2.0], [5.0, 6.0]]));
        (y * Tensor::from([[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]])).sum().backward();
        // torch: x.index_select(0, i) times the same weights, .sum().backward(); x.grad
        assert_eq!(x.grad().unwrap(), Tensor::from([[10.0, 20.0], [0.0, 0.0], [101.0, 202.0]]));
    }

    #[test]
    fn labels_are_taken_with_the_same_indices_as_images() {
        let labels = Tensor::from([7, 8, 9]);
        assert_eq!(labels.index_select::<0, _>(&Tensor::from([1, 1, 0, 2])), Tensor::from([8, 8, 7, 9]));
        let masks = Tensor::from([[true, false]]);
        assert_eq!(masks.index_select::<-1, _>(&Tensor::from([1])), Tensor::from([[false]]));
    }

    #[test]
    fn ids_of_each_rank_are_looked_up() {
        let table = Tensor::<Rank1<6>>::arange().reshape::<Rank2<3, 2>>();
        assert_eq!(table.clone().lookup(&Tensor::from(1)), Tensor::from([2.0, 3.0]));
        let ids = Tensor::from([[[[2, 0]]]]);
        let y: Tensor<Rank5<1, 1, 1, 2, 2>> = table.lookup(&ids);
        assert_eq!(y.to_vec(), [4.0, 5.0, 0.0, 1.0]);
    }

    #[derive(Module)]
    struct Embed {
        weight: Param<Rank2<4, 2>>,
    }

    impl<const B: usize> Forward<Rank1<B>, f32, i64> for Embed {
        type Output = Rank2<B, 2>;
        fn forward<M: Mode>(&self, ids: Input<Rank1<B>, M, i64>) -> impl Traced<Self::Output, M> {
            self.weight.traced::<M>().lookup(&ids)
        }
    }

    #[test]
    fn ids_are_the_input_of_a_module() {
        let net = Embed { weight: Param::new(Tensor::ones()) };
        let ids = Tensor::from([3, 0, 3]);
        assert_eq!(net.infer(ids.clone()), Tensor::ones());
        net.train(ids).sum().backward();
        assert_eq!(net.weight.grad().unwrap().sum_axis::<1>(), Tensor::from([2.0, 0.0, 0.0, 4.0]));
    }

    #[test]
    #[should_panic(expected = "index_select: index 3 is out of range for axis -1, which has size 3")]
    fn an_index_behind_the_end_is_named() {
        let _ = Tensor::<Rank2<2, 3>>::ones().index_select::<-1, _>(&Tensor::from([0, 3]));
    }

    #[test]
    #[should_panic(expected = "lookup: index -1 is out of range for axis 0, which has size 4")]
    fn a_negative_id_is_named() {
        let _ = Tensor::<Rank2<4, 2>>::ones().lookup(&Tensor::from([[-1]]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn the_gradient_agrees_with_differences(seed: u64, i in proptest::array::uniform5(0..3_i64)) {
            let rng = &mut Rng::seed(seed);
            let x = Tensor::<Rank3<3, 3, 3>, f64>::randn(rng);
            let i = Tensor::from(i);
            gradcheck(x.clone(), |x| x.index_select::<0, _>(&i).powi(2).sum()).unwrap();
            gradcheck(x.clone(), |x| x.index_select::<1, _>(&i).powi(2).sum()).unwrap();
            gradcheck(x, |x| x.index_select::<-1, _>(&i).powi(2).sum()).unwrap();
            let table = Tensor::<Rank2<3, 2>, f64>::randn(rng);
            let ids = Tensor::<Rank2<5, 1>, i64>::from_fn(|k| i.as_slice()[k]);
            gradcheck(table, |t| t.lookup(&ids).powi(2).sum()).unwrap();
        }

        #[test]
        fn rows_agree_with_a_loop(i in proptest::array::uniform5(0..3_i64)) {
            let x = Tensor::<Rank1<24>, i64>::arange().reshape::<Rank3<2, 3, 4>>();
            let y = x.clone().index_select::<1, _>(&Tensor::from(i)).to_array::<[[[i64; 4]; 5]; 2]>();
            let x = x.to_array::<[[[i64; 4]; 3]; 2]>();
            for o in 0..2 {
                for k in 0..5 {
                    prop_assert_eq!(y[o][k], x[o][i[k] as usize]);
                }
            }
        }
    }
}
