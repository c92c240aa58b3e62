//! y = x shifted cyclically along an axis; dL/dx = dL/dy shifted back.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::shape::concat::roll;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Dim, Shape};
use crate::tensor::Tensor;

/// The backward pass of `roll`.
pub struct RollBackward {
    row: usize,
    back: usize,
}

impl<S: Shape, E: Element> Pullback<S, S, E> for RollBackward {
    fn pull(self, grad: Tensor<S, E>) -> Tensor<S, E> {
        Tensor::constant(roll(grad.as_slice(), self.row, self.back))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The elements moved by `shift` along the axis `I`, around its end. PyTorch's `roll(shift, I)`.
    ///
    /// In: `S`. Out: `S`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, 2.0, 3.0, 4.0]);
    /// assert_eq!(x.clone().roll::<0>(1), Tensor::from([4.0, 1.0, 2.0, 3.0]));
    /// assert_eq!(x.roll::<0>(-1), Tensor::from([2.0, 3.0, 4.0, 1.0]));
    /// ```
    #[rustfmt::skip]
    pub fn roll<const I: isize>(self, shift: isize) -> Unary<S, E, C, F, S, RollBackward> // `x.roll::<0>(1)`
    where
        S: Axis<I>,
    {
        let (size, inner) = (<S::Dim as Dim>::SIZE, <S as Axis<I>>::INNER);
        let by = shift.rem_euclid(size.max(1) as isize) as usize * inner;
        let row = size * inner;
        let (x, flow) = self.into_parts();
        let flow = Waiting::new(flow.then(|| RollBackward { row, back: row - by }));
        Tensor::from_waiting(roll(x.as_slice(), row, by), flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn elements_come_in_at_the_other_end() {
        let x = Tensor::<Rank3<2, 3, 2>, i64>::from_fn(|i| i as i64);
        let array = x.to_array::<[[[i64; 2]; 3]; 2]>();
        for shift in -7..=7_isize {
            let y = x.clone().roll::<1>(shift).to_array::<[[[i64; 2]; 3]; 2]>();
            for (a, b) in (0..6).map(|n| (n / 3, n % 3)) {
                assert_eq!(y[a][(b as isize + shift).rem_euclid(3) as usize], array[a][b]);
            }
        }
        assert!(Tensor::<Rank2<2, 0>>::zeros().roll::<1>(3).to_vec().is_empty());
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let x = Tensor::<Rank2<2, 5>, f64>::randn(&mut Rng::seed(10));
        for shift in [-6, -1, 0, 2, 5] {
            gradcheck(x.clone(), |x| (x.clone().roll::<-1>(shift).powi(2) * x.roll::<0>(shift)).sum())
                .unwrap();
        }
    }
}
