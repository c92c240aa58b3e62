//! Parameters in a graph, where gradients end.

use super::Base;
use super::kind::Anything;
use super::outline::Outline;
use super::step_sums;
use crate::element::Element;
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::marker::PhantomData;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The gradient of a parameter: `None` until a backward pass reaches it.
#[derive(Default)]
pub struct Gradient<E>(Mutex<Option<Storage<E>>>);

impl<E> Gradient<E> {
    pub(crate) fn empty() -> Self {
        Gradient(Mutex::new(None))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Option<Storage<E>>> {
        // A sum is complete or absent, even if a panic occurred while the lock was held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drops the gradient. Not inlined: programs clear the gradients of many parameters in a row.
    #[inline(never)]
    pub(crate) fn clear(&self) {
        *self.lock() = None;
    }

    pub(crate) fn get_mut(&mut self) -> &mut Option<Storage<E>> {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<E> Clone for Gradient<E> {
    fn clone(&self) -> Self {
        Gradient(Mutex::new(self.lock().clone()))
    }
}

/// Accumulates a gradient. The first one is moved, not copied.
pub(crate) fn accumulate<E: Element>(sum: &mut Option<Storage<E>>, grad: Storage<E>) {
    let place = std::ptr::from_ref(sum);
    match sum {
        Some(sum) => step_sums::add(place, sum.make_mut(), grad.as_slice()),
        None => {
            step_sums::begin(place);
            *sum = Some(grad);
        }
    }
}

/// A parameter in a graph. It borrows the parameter, so that changing it while the graph lives does not compile.
pub struct Leaf<'a, S, E> {
    gradient: &'a Gradient<E>,
    shape: PhantomData<fn() -> S>,
}

impl<'a, S, E> Leaf<'a, S, E> {
    pub(crate) fn new(gradient: &'a Gradient<E>) -> Self {
        Leaf { gradient, shape: PhantomData }
    }
}

impl<S: Shape, E: Element> Base<E> for Leaf<'_, S, E> {
    type Shape = S;
    const REACHES: bool = true;
    type Kind = Anything;
    const OUTLINE: &'static Outline = &Outline::Parameters(S::NUMEL);
    fn name() -> Option<&'static str> {
        Some("AccumulateGrad")
    }
    fn needs_grad(&self) -> bool {
        true
    }
    fn accept(self, grad: Tensor<S, E>) {
        accumulate(&mut self.gradient.lock(), grad.data);
    }
}
