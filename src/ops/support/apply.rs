//! User-defined operations: a program computes the value and supplies the backward pass. The operations of this crate
//! implement the same traits, [`Pullback`], [`Pullback2`] and [`PullbackN`].

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Pullback, Pullback2, PullbackN, Waiting};
use crate::ops::support::results::{Joined, Merged, Unary};
use crate::ops::support::rhs::Operand;
use crate::shape::Shape;
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// An operation with a backward pass of your own. PyTorch's `autograd.Function`, and its `apply`.
    ///
    /// In: a function that gets this tensor as a constant, and returns the result and the backward pass, a value that
    /// implements [`Pullback<S, T, E>`](Pullback). Out: the result. The pass runs only if a gradient is needed; its name is
    /// printed as `grad_fn`. [`gradcheck`](crate::gradcheck) compares it with finite differences.
    ///
    /// ```
    /// use typegrad::graph::Pullback;
    /// use typegrad::prelude::*;
    ///
    /// /// Rounds; the gradient passes as if it did not (a straight-through estimator).
    /// fn round<S: Shape>(x: Tensor<S>) -> (Tensor<S>, StraightThrough) {
    ///     (x.round(), StraightThrough)
    /// }
    ///
    /// struct StraightThrough;
    ///
    /// impl<S: Shape> Pullback<S, S, f32> for StraightThrough {
    ///     fn pull(self, grad: Tensor<S>) -> Tensor<S> {
    ///         grad
    ///     }
    /// }
    ///
    /// let w = Param::new(Tensor::from([0.4, 1.6]));
    /// let y = w.track().apply(round);
    /// assert_eq!(y, Tensor::from([0.0, 2.0]));
    /// y.sum().backward();
    /// assert_eq!(w.grad().unwrap(), Tensor::from([1.0, 1.0]));
    /// ```
    ///
    /// The function saves the tensors that the pass needs. Clones share the memory:
    ///
    /// ```
    /// use typegrad::graph::Pullback;
    /// use typegrad::prelude::*;
    ///
    /// /// x³, with dL/dx = 3 x² dL/dy.
    /// fn cube<S: Shape>(x: Tensor<S, f64>) -> (Tensor<S, f64>, CubeBackward<S>) {
    ///     (x.clone().powi(3), CubeBackward { x })
    /// }
    ///
    /// struct CubeBackward<S> {
    ///     x: Tensor<S, f64>,
    /// }
    ///
    /// impl<S: Shape> Pullback<S, S, f64> for CubeBackward<S> {
    ///     fn pull(self, grad: Tensor<S, f64>) -> Tensor<S, f64> {
    ///         grad * self.x.powi(2) * 3.0
    ///     }
    /// }
    ///
    /// typegrad::gradcheck(Tensor::from([0.5, -2.0]), |x| x.apply(cube).sum()).unwrap();
    /// ```
    pub fn apply<T, B>(
        self,
        function: impl FnOnce(Tensor<S, E>) -> (Tensor<T, E>, B),
    ) -> Unary<S, E, C, F, T, B>
    where
        T: Shape,
        B: Pullback<S, T, E>,
    {
        let (x, flow) = self.into_waiting();
        let (y, backward) = function(Tensor::constant(x));
        Tensor::from_parts(y.data, Waiting::into_inner(flow).then(|| backward))
    }

    /// An operation with two operands and a backward pass of your own.
    ///
    /// In: the other operand, a tensor or a parameter; and a function of both as constants, which returns the result and a
    /// backward pass that implements [`Pullback2<A, B, T, E>`](Pullback2). The pass is told which of the two gradients are
    /// needed: PyTorch's `ctx.needs_input_grad`.
    ///
    /// ```
    /// use typegrad::graph::{Pullback2, Pulled};
    /// use typegrad::prelude::*;
    ///
    /// type V = Rank1<2>;
    ///
    /// fn product(a: Tensor<V>, b: Tensor<V>) -> (Tensor<V>, ProductBackward) {
    ///     (&a * &b, ProductBackward { a, b })
    /// }
    ///
    /// struct ProductBackward {
    ///     a: Tensor<V>,
    ///     b: Tensor<V>,
    /// }
    ///
    /// impl Pullback2<V, V, V, f32> for ProductBackward {
    ///     fn pull(self, grad: Tensor<V>, needs_grad: (bool, bool)) -> Pulled<V, V, f32> {
    ///         let a = needs_grad.0.then(|| &grad * &self.b);
    ///         (a, needs_grad.1.then(|| &grad * &self.a))
    ///     }
    /// }
    ///
    /// let (a, b) = (Param::new(Tensor::from([1.0, 2.0])), Param::new(Tensor::from([3.0, 4.0])));
    /// a.track().apply2(&b, product).sum().backward();
    /// assert_eq!(a.grad().unwrap(), Tensor::from([3.0, 4.0]));
    /// assert_eq!(b.grad().unwrap(), Tensor::from([1.0, 2.0]));
    /// ```
    pub fn apply2<R, T, B>(
        self,
        rhs: R,
        function: impl FnOnce(Tensor<S, E>, Tensor<R::Shape, E>) -> (Tensor<T, E>, B),
    ) -> Joined<S, E, C, F, R, T, B>
    where
        R: Operand<C, E>,
        T: Shape,
        B: Pullback2<S, R::Shape, T, E>,
    {
        let (a, flow) = self.into_waiting();
        let (b, rhs) = rhs.into_operand();
        let (y, backward) = function(Tensor::constant(a), Tensor::constant(b));
        Tensor::from_parts(y.data, Waiting::into_inner(flow).join(rhs, || backward))
    }

    /// An operation with `N` operands of one shape and graph, and a backward pass of your own, which implements
    /// [`PullbackN<S, T, E, N>`](PullbackN) and gives a gradient for each.
    ///
    /// ```
    /// use typegrad::graph::PullbackN;
    /// use typegrad::prelude::*;
    ///
    /// fn sum<S: Shape, const N: usize>(x: [Tensor<S>; N]) -> (Tensor<S>, SumBackward) {
    ///     (x.into_iter().reduce(|a, b| a + b).unwrap(), SumBackward)
    /// }
    ///
    /// struct SumBackward;
    ///
    /// impl<S: Shape, const N: usize> PullbackN<S, S, f32, N> for SumBackward {
    ///     fn pull(self, grad: Tensor<S>) -> [Tensor<S>; N] {
    ///         std::array::from_fn(|_| grad.clone())
    ///     }
    /// }
    ///
    /// let w = Param::new(Tensor::from([1.0, 2.0]));
    /// let y = Tensor::apply_n([w.track(), w.track(), w.track()], sum);
    /// assert_eq!(y, Tensor::from([3.0, 6.0]));
    /// y.sum().backward();
    /// assert_eq!(w.grad().unwrap(), Tensor::from([3.0, 3.0]));
    /// ```
    pub fn apply_n<T, B, const N: usize>(
        operands: [Self; N],
        function: impl FnOnce([Tensor<S, E>; N]) -> (Tensor<T, E>, B),
    ) -> Merged<S, E, C, F, T, B, N>
    where
        T: Shape,
        B: PullbackN<S, T, E, N>,
    {
        let mut values = Vec::with_capacity(N);
        let flows = operands.map(|operand| {
            let (x, flow) = operand.into_parts();
            values.push(Tensor::constant(x));
            flow
        });
        let mut values = values.into_iter();
        let (y, backward) =
            function(std::array::from_fn(|_| values.next().expect("a value for each operand")));
        Tensor::from_parts(y.data, F::merge(flows, || backward))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::graph::{Pullback, Pullback2, PullbackN, Pulled};
    use crate::prelude::*;

    /// y = Σ x², a scalar, with a factor for the gradient that is 2 where it is right.
    struct SquaresBackward<S> {
        x: Tensor<S, f64>,
        factor: f64,
    }

    impl<S: Shape> Pullback<S, (), f64> for SquaresBackward<S> {
        fn pull(self, grad: Tensor<(), f64>) -> Tensor<S, f64> {
            self.x * (self.factor * grad.item())
        }
    }

    fn squares<S: Shape>(x: Tensor<S, f64>, factor: f64) -> (Tensor<(), f64>, SquaresBackward<S>) {
        (x.clone().powi(2).sum(), SquaresBackward { x, factor })
    }

    #[test]
    fn gradcheck_tells_a_right_backward_pass_from_a_wrong_one() {
        let x = Tensor::<Rank2<2, 3>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.apply(|x| squares(x, 2.0)).powi(2)).unwrap();
        assert!(gradcheck(x, |x| x.apply(|x| squares(x, 2.5)).powi(2)).is_err());
    }

    struct Blend;

    impl<S: Shape> Pullback2<S, S, S, f64> for Blend {
        fn pull(self, grad: Tensor<S, f64>, needs_grad: (bool, bool)) -> Pulled<S, S, f64> {
            (needs_grad.0.then(|| &grad * 0.25), needs_grad.1.then(|| &grad * 0.75))
        }
    }

    impl<S: Shape> PullbackN<S, S, f64, 2> for Blend {
        fn pull(self, grad: Tensor<S, f64>) -> [Tensor<S, f64>; 2] {
            [&grad * 0.25, &grad * 0.75]
        }
    }

    #[test]
    fn operations_with_several_operands_work_in_every_context() {
        let rng = &mut Rng::seed(2);
        let (a, b) = (Tensor::<Rank1<3>, f64>::randn(rng), Tensor::<Rank1<3>, f64>::randn(rng));
        let blend = |a: Tensor<Rank1<3>, f64>, b: Tensor<Rank1<3>, f64>| (a * 0.25 + b * 0.75, Blend);
        gradcheck((a.clone(), b.clone()), |(a, b)| a.apply2(b, blend).powi(3).sum()).unwrap();
        gradcheck((a.clone(), b.clone()), |(a, b)| {
            Tensor::apply_n([a, b], |[a, b]| blend(a, b)).powi(3).sum()
        })
        .unwrap();
        // A constant stays a constant.
        let y: Tensor<Rank1<3>, f64> = a.clone().apply2(b, blend);
        assert_ne!(y, a);
    }

    /// A layer with an operation of its own, which knows no graph.
    #[derive(Module)]
    struct Squares {
        fc: Linear<3, 2, f64>,
    }

    impl Forward<Rank1<3>, f64> for Squares {
        type Output = ();
        fn forward<M: Mode>(&self, x: Input<Rank1<3>, M, f64>) -> impl Traced<(), M, f64> {
            self.fc.call(x).apply(|x| squares(x, 2.0))
        }
    }

    #[test]
    fn inside_a_module_it_is_one_operation_of_the_graph() {
        let net = Squares::new(&mut Rng::seed(3));
        let x = Tensor::from([1.0, 2.0, 3.0]);
        let loss = net.train(x.clone()).backward();
        let grad = net.fc.bias.grad().unwrap();
        assert_eq!(net.infer(x.clone()).item(), loss);
        assert_eq!(grad, net.fc.infer(x) * 2.0);
    }
}
