//! Parameters in a graph, where gradients end.

use super::Base;
use super::kind::Anything;
use super::later::Later;
use super::outline::Outline;
use super::step_sums;
use crate::element::Element;
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The gradient of a parameter: `None` until a backward pass reaches it.
#[derive(Default)]
pub struct Gradient<E> {
    sum: Mutex<Option<Storage<E>>>,
    /// Whether it could have been added to since it was cleared: if not, clearing it needs no lock.
    touched: AtomicBool,
}

impl<E> Gradient<E> {
    pub(crate) fn empty() -> Self {
        Gradient { sum: Mutex::new(None), touched: AtomicBool::new(false) }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Option<Storage<E>>> {
        // A sum is complete or absent, even if a panic occurred while the lock was held.
        let sum = self.sum.lock().unwrap_or_else(PoisonError::into_inner);
        self.touched.store(true, Ordering::Relaxed);
        sum
    }

    /// Drops the gradient. Not inlined: programs clear the gradients of many parameters in a row.
    #[inline(never)]
    pub(crate) fn clear(&self) {
        // Relaxed: a backward pass that ended before this call is seen; one that runs at the same time may as well be later.
        if self.touched.load(Ordering::Relaxed) {
            let mut sum = self.lock();
            *sum = None;
            self.touched.store(false, Ordering::Relaxed);
        }
    }

    pub(crate) fn get_mut(&mut self) -> &mut Option<Storage<E>> {
        *self.touched.get_mut() = true;
        self.sum.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    /// The gradient, which is taken away.
    pub(crate) fn take(&mut self) -> Option<Storage<E>> {
        *self.touched.get_mut() = false;
        self.sum.get_mut().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<E> Clone for Gradient<E> {
    fn clone(&self) -> Self {
        Gradient { sum: Mutex::new(self.lock().clone()), touched: AtomicBool::new(true) }
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
    fn accept<'r>(self, grad: Tensor<S, E>, _: &mut Later<'r>)
    where
        Self: 'r,
    {
        accumulate(&mut self.gradient.lock(), grad.data);
    }
}
