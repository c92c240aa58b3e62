//! Parameters.

use super::Tensor;
use crate::element::Float;
use crate::graph::{Chain, Context, Gradient, Graph, InsideForward, Leaf, Mode, Nil, OutsideForward, Switch};
use crate::shape::Shape;
use crate::storage::Storage;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A trainable tensor: a value and its gradient. PyTorch's `nn.Parameter`.
///
/// A graph borrows the parameters it uses, so that changing one between the forward and the backward pass does
/// not compile. PyTorch reports it at run time: "modified by an inplace operation".
///
/// ```
/// use typegrad::prelude::*;
/// let mut w = Param::new(Tensor::from([3.0]));
/// let loss = w.track().powi(2).sum().backward();
/// assert_eq!((loss, w.grad().unwrap().to_vec()), (9.0, vec![6.0]));
/// w.set(Tensor::from([2.0]));
/// ```
pub struct Param<S, E = f32> {
    pub(crate) value: Tensor<S, E>,
    pub(crate) gradient: Gradient<E>,
    /// No other parameter has it but clones of this one.
    id: usize,
}

/// The number of parameters that were made.
static MADE: AtomicUsize = AtomicUsize::new(0);

impl<S: Shape, E: Float> Param<S, E> {
    /// A parameter with this initial value.
    #[inline(never)]
    pub fn new(value: Tensor<S, E>) -> Self {
        Param { value, gradient: Gradient::empty(), id: MADE.fetch_add(1, Ordering::Relaxed) }
    }

    /// Which parameter this is. A clone is the same one: a module that is put back to an earlier copy keeps its optimizer.
    pub(crate) fn id(&self) -> usize {
        self.id
    }

    /// The value. Cloning it shares the memory.
    pub fn value(&self) -> &Tensor<S, E> {
        &self.value
    }

    /// The size of each axis. PyTorch's `p.shape`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let w = Param::new(Tensor::<Rank2<2, 3>>::zeros());
    /// assert_eq!((w.shape(), w.numel()), (&[2, 3][..], 6));
    /// ```
    #[must_use]
    pub const fn shape(&self) -> &'static [usize] {
        S::SIZES
    }

    /// The number of elements. PyTorch's `p.numel()`; that of all parameters of a module is
    /// [`num_parameters`](crate::nn::ModuleExt::num_parameters).
    #[must_use]
    pub const fn numel(&self) -> usize {
        S::NUMEL
    }

    /// Replaces the value.
    pub fn set(&mut self, value: Tensor<S, E>) {
        self.value = value;
    }

    /// The elements, for writing.
    #[must_use]
    pub fn as_mut_slice(&mut self) -> &mut [E] {
        self.value.data.make_mut()
    }

    /// The sum of the gradients of every backward pass since the last [`step`](crate::optim::Optimizer::step), which clears
    /// them, or [`zero_grad`](Self::zero_grad); `None` before the first. PyTorch's `.grad`.
    pub fn grad(&self) -> Option<Tensor<S, E>> {
        self.gradient.lock().clone().map(Tensor::constant)
    }

    /// Clears the gradient.
    pub fn zero_grad(&self) {
        self.gradient.clear();
    }

    /// The elements of the gradient, for writing; none if there is no gradient.
    pub(crate) fn gradient_mut(&mut self) -> &mut [E] {
        match self.gradient.get_mut() {
            Some(gradient) => gradient.make_mut(),
            None => &mut [],
        }
    }

    /// The value, and the gradient, which is taken away, for an optimizer; `None` if there is none.
    pub(crate) fn value_and_gradient(&mut self) -> Option<(&mut [E], Storage<E>)> {
        let gradient = self.gradient.take()?;
        Some((self.value.data.make_mut(), gradient))
    }

    /// The parameter as a tensor whose gradient is recorded, outside of modules.
    pub fn track(&self) -> Tensor<S, E, Graph<OutsideForward, Chain<Leaf<'_, S, E>, Nil>>> {
        Tensor::from_parts(self.value.data.clone(), Chain::new(Leaf::new(&self.gradient)))
    }

    /// The parameter as a tensor inside a module that runs in mode `M`, for use as a left operand.
    ///
    /// As a right operand, `&self.weight` does the same.
    pub fn traced<M: Mode>(
        &self,
    ) -> Tensor<S, E, Graph<InsideForward<M>, <M::Params as Switch>::Leaf<'_, S, E>>> {
        self.in_context::<InsideForward<M>>()
    }

    pub(crate) fn in_context<C: Context>(
        &self,
    ) -> Tensor<S, E, Graph<C::WithParam, <C::Params as Switch>::Leaf<'_, S, E>>> {
        Tensor::from_parts(self.value.data.clone(), <C::Params as Switch>::leaf(&self.gradient))
    }
}

impl<S: Shape, E: Float> From<Tensor<S, E>> for Param<S, E> {
    fn from(value: Tensor<S, E>) -> Self {
        Param::new(value)
    }
}

impl<S, E> Clone for Param<S, E> {
    /// A parameter with the same value and the same gradient.
    fn clone(&self) -> Self {
        Param { value: self.value.clone(), gradient: self.gradient.clone(), id: self.id }
    }
}

impl<S: Shape, E: Float> fmt::Debug for Param<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parameter containing:\n{}", self.track())
    }
}
