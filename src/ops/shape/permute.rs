//! y = x with its axes in another order, and dL/dx = dL/dy in the order of x.

use crate::element::Element;
use crate::graph::{AsBefore, Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::shape::strided::{View, gather, scatter};
use crate::ops::support::results::Rearranged;
use crate::shape::{Permute, Shape};
use crate::tensor::Tensor;

/// The backward pass of `permute`, `movedim`, `flip` and `repeat`: each element of the gradient is added where
/// the view took it from.
pub struct ViewBackward {
    view: View,
}

impl<S: Shape, T: Shape, E: Element> Pullback<S, T, E> for ViewBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(scatter(grad.as_slice(), S::NUMEL, &self.view))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The axes in the order `O`. PyTorch's `permute`.
    ///
    /// In: `S`. Out: axis `i` is the axis of `S` that the order names at `i`. Each axis is named once.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let images = Tensor::<Rank4<8, 28, 30, 3>>::ones();
    /// let y: Tensor<Rank4<8, 3, 28, 30>> = images.permute::<Axes4<0, -1, 1, 2>>();
    /// ```
    // rustc shows the next line where an argument is too many.
    #[rustfmt::skip]
    pub fn permute<O>(self) -> Rearranged<S, E, C, F, S::Permuted, ViewBackward> // `x.permute::<Axes3<0, 2, 1>>()`
    where
        S: Permute<O>,
    {
        self.rearranged(View::of(S::SIZES).permute(<S as Permute<O>>::POSITIONS))
    }

    /// The elements that `view` visits.
    pub(crate) fn rearranged<T: Shape>(self, view: View) -> Rearranged<S, E, C, F, T, ViewBackward> {
        self.rearranged_by(view, |backward| backward)
    }

    /// The same, where the backward pass is that of `law`.
    pub(in crate::ops) fn rearranged_by<T: Shape, B: Pullback<S, T, E>>(
        self,
        view: View,
        law: impl FnOnce(ViewBackward) -> B,
    ) -> Rearranged<S, E, C, F, T, B> {
        let (x, flow) = self.into_parts();
        let flow = Waiting::new(flow.then_as::<AsBefore, _, _>(|| law(ViewBackward { view })));
        Tensor::from_waiting(gather(x.as_slice(), &view), flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn elements_move_with_their_axes() {
        let x = Tensor::<Rank3<2, 3, 4>, i64>::from_fn(|i| i as i64);
        let p = x.clone().permute::<Axes3<2, 0, 1>>().to_array::<[[[i64; 3]; 2]; 4]>();
        let x = x.to_array::<[[[i64; 4]; 3]; 2]>();
        for (a, b, c) in (0..24).map(|n| (n / 12, n / 4 % 3, n % 4)) {
            assert_eq!(p[c][a][b], x[a][b][c]);
        }
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(5));
        let w = Tensor::<Rank3<4, 2, 3>, f64>::randn(&mut Rng::seed(6));
        gradcheck((x, w), |(x, w)| (x.permute::<Axes3<2, 0, -2>>().powi(2) * w).sum()).unwrap();
    }
}
