//! y = x with its axes in another order, and dL/dx = dL/dy in the order of x.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Pullback};
use crate::kernel::shape::strided::{View, gather, scatter};
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Dim, InsertAxis, Message, Permute, Shape};
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

/// The order of a `permute`, looked at when the program is built.
struct Order<S, O>(S, O);

impl<S: Permute<O>, O> Order<S, O> {
    const ONCE: bool = {
        let order = S::POSITIONS;
        let mut once = true;
        let mut i = 0;
        while i < order.len() {
            let mut j = 0;
            while j < i {
                once = once && order[i] != order[j];
                j += 1;
            }
            i += 1;
        }
        once
    };
    const MESSAGE: Message = {
        let mut text = Message::new().text("permute must name each axis once: the order is [");
        let mut i = 0;
        while i < S::ORDER.len() {
            if i > 0 {
                text = text.text(", ");
            }
            text = text.signed(S::ORDER[i]);
            i += 1;
        }
        text.text("], the tensor has the shape ").sizes(S::SIZES)
    };
    const TEXT: &'static str = Self::MESSAGE.as_str();
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
    /// In: `S`. Out: axis `i` is the axis of `S` that the order names at `i`. Each axis is named once; that is
    /// checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let images = Tensor::<Rank4<8, 28, 30, 3>>::ones();
    /// let y: Tensor<Rank4<8, 3, 28, 30>> = images.permute::<Axes4<0, -1, 1, 2>>();
    /// ```
    pub fn permute<O>(self) -> Unary<S, E, C, F, S::Permuted, ViewBackward>
    where
        S: Permute<O>,
    {
        const { assert!(Order::<S, O>::ONCE, "{}", Order::<S, O>::TEXT) };
        self.view(View::of(S::SIZES).permute(<S as Permute<O>>::POSITIONS))
    }

    /// The axis `I` moved to position `J`; the others keep their order. PyTorch's `movedim(I, J)`.
    ///
    /// In: `S`. Out: `S` with the dimension of axis `I` at position `J`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank3<2, 3, 4>>::ones();
    /// let y: Tensor<Rank3<3, 4, 2>> = x.movedim::<0, -1>();
    /// ```
    pub fn movedim<const I: isize, const J: isize>(self) -> Unary<S, E, C, F, Moved<S, I, J>, ViewBackward>
    where
        S: Axis<I, Removed: InsertAxis<J>>,
    {
        let from = <<S as Axis<I>>::Position as Dim>::SIZE;
        let to = if J < 0 { S::RANK - J.unsigned_abs() } else { J as usize };
        self.view(View::of(S::SIZES).shift(from, to))
    }

    /// The axis `I` backwards. PyTorch's `flip([I])`.
    ///
    /// In: `S`. Out: `S`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// assert_eq!(x.flip::<-1>(), Tensor::from([[3.0, 2.0, 1.0], [6.0, 5.0, 4.0]]));
    /// ```
    pub fn flip<const I: isize>(self) -> Unary<S, E, C, F, S, ViewBackward>
    where
        S: Axis<I>,
    {
        self.view(View::of(S::SIZES).flip(<<S as Axis<I>>::Position as Dim>::SIZE))
    }

    /// The elements that `view` walks along.
    pub(crate) fn view<T: Shape>(self, view: View) -> Unary<S, E, C, F, T, ViewBackward> {
        let (x, flow) = self.into_parts();
        let flow = flow.then(|| ViewBackward { view });
        Tensor::from_parts(gather(x.as_slice(), &view), flow)
    }
}

/// The shape `S` with the axis `I` moved to position `J`.
pub type Moved<S, const I: isize, const J: isize> =
    <<S as Axis<I>>::Removed as InsertAxis<J>>::Inserted<<S as Axis<I>>::Dim>;

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn elements_move_with_their_axes() {
        let x = Tensor::<Rank3<2, 3, 4>, i64>::from_fn(|i| i as i64);
        let p = x.clone().permute::<Axes3<2, 0, 1>>().to_array::<[[[i64; 3]; 2]; 4]>();
        let m = x.clone().movedim::<0, 1>().to_array::<[[[i64; 4]; 2]; 3]>();
        let n = x.clone().movedim::<-1, -3>().to_array::<[[[i64; 3]; 2]; 4]>();
        let f = x.clone().flip::<1>().to_array::<[[[i64; 4]; 3]; 2]>();
        let x = x.to_array::<[[[i64; 4]; 3]; 2]>();
        for (a, b, c) in (0..24).map(|n| (n / 12, n / 4 % 3, n % 4)) {
            let want = x[a][b][c];
            assert_eq!([p[c][a][b], m[b][a][c], n[c][a][b], f[a][2 - b][c]], [want; 4]);
        }
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(5));
        let w = Tensor::<Rank3<4, 2, 3>, f64>::randn(&mut Rng::seed(6));
        gradcheck((x.clone(), w.clone()), |(x, w)| (x.permute::<Axes3<2, 0, -2>>().powi(2) * w).sum())
            .unwrap();
        gradcheck((x.clone(), w.clone()), |(x, w)| (x.movedim::<2, 0>().powi(2) * w).sum()).unwrap();
        gradcheck((x, w), |(x, w)| (x.flip::<-1>() * w.movedim::<0, -1>().powi(2)).sum()).unwrap();
    }
}
