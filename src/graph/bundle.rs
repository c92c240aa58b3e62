//! The parameters of an operation that uses many of them.

use super::Base;
use super::flow::Flow;
use super::kind::Anything;
use super::later::Later;
use super::leaf::{Gradient, accumulate};
use super::mode::Switch;
use super::outline::Outline;
use super::step_sums;
use crate::element::Element;
use crate::few::Few;
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// Gradients, and the number of elements of each.
pub(crate) type Leaves<'a, E> = Few<(&'a Gradient<E>, usize), 16>;

/// The parameters of one operation. Their number is known at run time; their gradients are
/// concatenated in one row, of shape `T`. Like a leaf, it borrows them.
pub struct Bundle<'a, E, T> {
    leaves: Leaves<'a, E>,
    shape: PhantomData<fn() -> T>,
}

/// The flow of a bundle where parameters record gradients or not, as `P` says.
pub type Bundled<'a, P, E, T> = <<P as Switch>::Leaf<'a, (), E> as Flow<(), E>>::StartAt<T, Bundle<'a, E, T>>;

impl<'a, E: Element, T: Shape> Bundle<'a, E, T> {
    /// The parameters with these gradients, and the number of elements of each.
    pub(crate) fn flow<P: Switch>(leaves: Leaves<'a, E>) -> Bundled<'a, P, E, T> {
        <P::Leaf<'a, (), E> as Flow<(), E>>::start_at(|| Bundle { leaves, shape: PhantomData })
    }
}

impl<E: Element, T: Shape> Base<E> for Bundle<'_, E, T> {
    type Shape = T;
    const REACHES: bool = true;
    type Kind = Anything;
    const OUTLINE: &'static Outline = &Outline::Parameters(T::NUMEL);
    fn name() -> Option<&'static str> {
        Some("AccumulateGrad")
    }
    fn needs_grad(&self) -> bool {
        true
    }
    fn accept<'r>(self, grad: Tensor<T, E>, _: &mut Later<'r>)
    where
        Self: 'r,
    {
        let mut rest = grad.as_slice();
        for (gradient, len) in self.leaves.iter() {
            let (part, after) = rest.split_at(*len);
            rest = after;
            let sum = &mut *gradient.lock();
            let place = std::ptr::from_ref(sum);
            match sum {
                Some(sum) => step_sums::add(place, sum.make_mut(), part),
                none => accumulate(none, Storage::from_slice(part)),
            }
        }
    }
}
