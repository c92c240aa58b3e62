//! y = x Wᵀ, and dL/dx = dL/dy W, dL/dW = dL/dyᵀ x, where all axes of x but the last are rows.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::kernel::gemm::Epilogue;
use crate::kernel::{Layout, matmul, matmul_then};
use crate::ops::elementwise::add::AddBackward;
use crate::ops::support::results::Joined;
use crate::ops::support::rhs::Operand;
use crate::shape::{Axis, Const, Dim, Rank2, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `linear`.
pub struct LinearBackward<E> {
    x: Storage<E>,
    weight: Storage<E>,
}

impl<S, T, E, I, O> Pullback2<S, (O, I), T, E> for LinearBackward<E>
where
    S: Shape,
    T: Shape,
    E: Float,
    I: Dim,
    O: Dim,
{
    const MULTIPLY_ADDS: usize = T::NUMEL * I::SIZE;
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<S, (O, I), E> {
        let rows = rows::<S>(I::SIZE);
        let g = grad.as_slice();
        let x = needs_grad.0.then(|| {
            let w = (self.weight.as_slice(), Layout::Normal);
            Tensor::constant(matmul([rows, O::SIZE, I::SIZE], (g, Layout::Normal), w))
        });
        let weight = needs_grad.1.then(|| {
            let x = (self.x.as_slice(), Layout::Normal);
            Tensor::constant(matmul([O::SIZE, rows, I::SIZE], (g, Layout::Transposed), x))
        });
        (x, weight)
    }
}

/// The number of rows of `columns` elements in a tensor of shape `S`.
fn rows<S: Shape>(columns: usize) -> usize {
    S::SIZES[..S::RANK.saturating_sub(1)].iter().product::<usize>() * usize::from(columns > 0 || S::RANK > 0)
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// x Wᵀ. PyTorch's `torch.nn.functional.linear` without a bias.
    ///
    /// In: `S`, which ends in `I`, and a weight `[O, I]`. Out: `S` with `O` instead of `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0]]);
    /// let w = Tensor::from([[1.0, 1.0], [0.0, 1.0], [2.0, 0.0]]);
    /// assert_eq!(x.linear(w), Tensor::from([[3.0, 2.0, 2.0]]));
    /// ```
    pub fn linear<R, const I: usize, const O: usize>(
        self,
        weight: R,
    ) -> Joined<S, E, C, F, R, S::With<Const<O>>, LinearBackward<E>>
    where
        S: Axis<-1, Dim = Const<I>>,
        R: Operand<C, E, Shape = Rank2<O, I>>,
    {
        self.project(weight)
    }

    /// [`linear`](Self::linear) with a computed number of rows in the weight.
    pub(crate) fn project<R, I, O>(self, weight: R) -> Joined<S, E, C, F, R, S::With<O>, LinearBackward<E>>
    where
        S: Axis<-1, Dim = I>,
        I: Dim,
        O: Dim,
        R: Operand<C, E, Shape = (O, I)>,
    {
        self.project_then(weight, Epilogue::Nothing)
    }

    /// The values of x Wᵀ after `epilogue`, and the graph of x Wᵀ: that of the epilogue follows
    /// ([`including`](Self::including)). Not inlined: it is compiled once for equal graphs, and not for each module.
    #[inline(never)]
    pub(crate) fn project_then<R, I, O>(
        self,
        weight: R,
        epilogue: Epilogue<'_, E>,
    ) -> Joined<S, E, C, F, R, S::With<O>, LinearBackward<E>>
    where
        S: Axis<-1, Dim = I>,
        I: Dim,
        O: Dim,
        R: Operand<C, E, Shape = (O, I)>,
    {
        let (x, flow) = self.into_parts();
        let flow = Waiting::new(flow);
        let (w, rhs) = weight.into_operand();
        let sizes = [rows::<S>(I::SIZE), I::SIZE, O::SIZE];
        let y =
            matmul_then(sizes, (x.as_slice(), Layout::Normal), (w.as_slice(), Layout::Transposed), epilogue);
        let flow = Waiting::into_inner(flow).join(rhs, || LinearBackward { x, weight: w });
        Tensor::from_parts(y, flow)
    }

    /// The graph of the sum with `rhs`, for values that include it.
    pub(crate) fn including<R: Operand<C, E>>(self, rhs: R) -> Joined<S, E, C, F, R, S, AddBackward> {
        let (y, flow) = self.into_parts();
        let flow = Waiting::new(flow);
        let (_, rhs) = rhs.into_operand();
        Tensor::from_parts(y, Waiting::into_inner(flow).join(rhs, || AddBackward))
    }
}
