//! How many predicted classes are right.

use crate::graph::Graph;
use crate::shape::Shape;
use crate::tensor::Tensor;

impl<S: Shape, C, F> Tensor<S, i64, Graph<C, F>> {
    /// The share of the elements that are equal to those of `labels`; NaN if there are none.
    ///
    /// In: twice any shape. Out: a number from 0 to 1. In PyTorch `(predicted == labels).float().mean()`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let predicted = Tensor::from([[0.1, 0.9], [0.8, 0.2]]).argmax_axis::<-1>();
    /// assert_eq!(predicted.accuracy(&Tensor::from([1, 1])), 0.5);
    /// ```
    #[must_use]
    pub fn accuracy<D, H>(&self, labels: &Tensor<S, i64, Graph<D, H>>) -> f64 {
        let equal = self.as_slice().iter().zip(labels.as_slice()).filter(|(a, b)| a == b).count();
        equal as f64 / S::NUMEL as f64
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[test]
    fn accuracy_counts_what_agrees() {
        let x = Tensor::from([3, 1, 2, 2]);
        assert_eq!(x.accuracy(&Tensor::from([3, 1, 2, 0])), 0.75);
        assert!(Tensor::<Rank1<0>, i64>::zeros().accuracy(&Tensor::zeros()).is_nan());
    }
}
