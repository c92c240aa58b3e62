//! Operations that say when they run backward.

use std::cell::RefCell;
use typegrad::graph::Pullback;
use typegrad::prelude::*;

/// The names of the operations that ran backward, with the gradients of their results.
pub struct Log<N>(RefCell<Vec<(N, Vec<f64>)>>);

impl<N> Default for Log<N> {
    fn default() -> Self {
        Log(RefCell::default())
    }
}

impl<N> Log<N> {
    /// The identity, whose backward pass is logged.
    pub fn op<'l, S: Shape>(
        &'l self,
        name: N,
    ) -> impl FnOnce(Tensor<S, f64>) -> (Tensor<S, f64>, Logged<'l, N>) {
        move |x| (x, Logged { log: self, name })
    }

    /// The names and gradients since the last call.
    pub fn take(&self) -> Vec<(N, Vec<f64>)> {
        self.0.take()
    }

    pub fn names(&self) -> Vec<N> {
        self.take().into_iter().map(|(name, _)| name).collect()
    }
}

/// The backward pass of [`Log::op`].
pub struct Logged<'l, N> {
    log: &'l Log<N>,
    name: N,
}

impl<S: Shape, N> Pullback<S, S, f64> for Logged<'_, N> {
    fn pull(self, grad: Tensor<S, f64>) -> Tensor<S, f64> {
        self.log.0.borrow_mut().push((self.name, grad.to_vec()));
        grad
    }
}
