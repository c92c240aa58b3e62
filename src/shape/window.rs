//! Sliding windows, shared by convolutions and pooling.
//!
//! The numbers of a window have one order everywhere: kernel, stride, padding, \[output padding,\] dilation; the groups of
//! a convolution follow them.

use super::{Const, Dim, DimExpr, Expr, Message, Part, Product};
use std::marker::PhantomData;

/// One axis of a window: `K` elements, `DILATION` apart, that move by `STRIDE` over an axis which is padded with
/// `PADDING` zeros at each end.
///
/// It is what layers and functions whose windows differ by axis take for the height and for the width, and those of volumes
/// for the depth before them:
///
/// ```
/// use typegrad::nn::RectConv2d;
/// use typegrad::prelude::*;
/// // PyTorch: nn.Conv2d(3, 16, (1, 7), padding=(0, 3))
/// let conv = RectConv2d::<3, 16, Window<1>, Window<7, 1, 3>>::new(&mut Rng::seed(0));
/// let y = conv.infer(Tensor::<Rank4<2, 3, 8, 9>>::ones());
/// let y: Tensor<Rank4<2, 16, 8, 9>> = y.with_shape();
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Window<
    const K: usize,
    const STRIDE: usize = 1,
    const PADDING: usize = 0,
    const DILATION: usize = 1,
>;

/// One axis of the window of a transposed convolution: a [`Window`] with an output padding.
#[derive(Clone, Copy, Debug)]
pub struct TransposedWindow<
    const K: usize,
    const STRIDE: usize = 1,
    const PADDING: usize = 0,
    const OUTPUT_PADDING: usize = 0,
    const DILATION: usize = 1,
>;

/// One axis of a window: [`Window`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not one axis of a window",
    label = "write `Window<K, STRIDE, PADDING, DILATION>`"
)]
pub trait WindowAxis: 'static {
    /// The number of elements.
    type Size: Dim;
    /// The number of positions of the window on the axis `D`.
    type Places<D: Dim>: Dim;
    /// `D` times the number of elements.
    #[doc(hidden)]
    type Times<D: Dim>: Dim;
    /// `D` divided by the number of elements.
    #[doc(hidden)]
    type Part<D: Dim>: Dim;
    #[doc(hidden)]
    const SIZES: WindowSizes;
}

impl<const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize> WindowAxis
    for Window<K, STRIDE, PADDING, DILATION>
{
    type Size = Const<K>;
    type Places<D: Dim> = Expr<Convolved<D, Const<K>, STRIDE, PADDING, DILATION>>;
    type Times<D: Dim> = Expr<Product<D, Const<K>>>;
    type Part<D: Dim> = Expr<Part<D, K>>;
    const SIZES: WindowSizes = WindowSizes::new(K, STRIDE, PADDING, DILATION);
}

/// One axis of the window of a transposed convolution: [`TransposedWindow`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not one axis of the window of a transposed convolution",
    label = "write `TransposedWindow<K, STRIDE, PADDING, OUTPUT_PADDING, DILATION>`"
)]
pub trait TransposedWindowAxis: 'static {
    /// The number of elements.
    type Size: Dim;
    /// The size of the axis on which the window has `D` positions.
    type Reach<D: Dim>: Dim;
    #[doc(hidden)]
    const SIZES: WindowSizes;
}

impl<
    const K: usize,
    const STRIDE: usize,
    const PADDING: usize,
    const OUTPUT_PADDING: usize,
    const DILATION: usize,
> TransposedWindowAxis for TransposedWindow<K, STRIDE, PADDING, OUTPUT_PADDING, DILATION>
{
    type Size = Const<K>;
    type Reach<D: Dim> = Expr<ConvTransposed<D, Const<K>, STRIDE, PADDING, OUTPUT_PADDING, DILATION>>;
    const SIZES: WindowSizes =
        WindowSizes { output_padding: OUTPUT_PADDING, ..WindowSizes::new(K, STRIDE, PADDING, DILATION) };
}

/// The number of positions that a window of size `K` has on the axis `D`:
/// (D + 2 padding - dilation (K - 1) - 1) / stride + 1, rounded down, and 0 if the window does not fit.
#[derive(Debug)]
pub struct Convolved<D, K, const STRIDE: usize, const PADDING: usize, const DILATION: usize>(
    PhantomData<fn() -> (D, K)>,
);

impl<D, K, const STRIDE: usize, const PADDING: usize, const DILATION: usize> DimExpr
    for Convolved<D, K, STRIDE, PADDING, DILATION>
where
    D: Dim,
    K: Dim,
{
    const SIZE: usize = WindowSizes::new(K::SIZE, STRIDE, PADDING, DILATION).places(D::SIZE);
    const LOST: bool = Self::SIZE == 0;
}

/// The axis on which a window of size `K` has `D` positions, as after a transposed convolution:
/// (D - 1) stride - 2 padding + dilation (K - 1) + output padding + 1, and 0 if that is less.
#[derive(Debug)]
pub struct ConvTransposed<
    D,
    K,
    const STRIDE: usize,
    const PADDING: usize,
    const OUTPUT_PADDING: usize,
    const DILATION: usize,
>(PhantomData<fn() -> (D, K)>);

impl<
    D: Dim,
    K: Dim,
    const STRIDE: usize,
    const PADDING: usize,
    const OUTPUT_PADDING: usize,
    const DILATION: usize,
> DimExpr for ConvTransposed<D, K, STRIDE, PADDING, OUTPUT_PADDING, DILATION>
{
    const SIZE: usize = WindowSizes {
        output_padding: OUTPUT_PADDING,
        ..WindowSizes::new(K::SIZE, STRIDE, PADDING, DILATION)
    }
    .reach(D::SIZE);
}

/// The numbers of one axis of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowSizes {
    pub(crate) kernel: usize,
    pub(crate) stride: usize,
    pub(crate) padding: usize,
    pub(crate) output_padding: usize,
    pub(crate) dilation: usize,
}

impl WindowSizes {
    /// The axis that is not there: the height of a signal.
    pub(crate) const NONE: Self = Self::new(1, 1, 0, 1);

    pub(crate) const fn new(kernel: usize, stride: usize, padding: usize, dilation: usize) -> Self {
        WindowSizes { kernel, stride, padding, output_padding: 0, dilation }
    }

    /// The same with a kernel of this size.
    pub(crate) const fn with_kernel(self, kernel: usize) -> Self {
        WindowSizes { kernel, ..self }
    }

    /// The number of elements that the window reaches over.
    const fn extent(&self) -> usize {
        if self.kernel == 0 { 0 } else { self.dilation * (self.kernel - 1) + 1 }
    }

    /// The number of positions on an axis.
    pub(crate) const fn places(&self, input: usize) -> usize {
        let (padded, extent) = (input + 2 * self.padding, self.extent());
        if self.stride == 0 || extent == 0 || extent > padded {
            0
        } else {
            (padded - extent) / self.stride + 1
        }
    }

    /// The size of the axis on which there are that many positions.
    pub(crate) const fn reach(&self, places: usize) -> usize {
        if places == 0 {
            0
        } else {
            ((places - 1) * self.stride + self.extent() + self.output_padding)
                .saturating_sub(2 * self.padding)
        }
    }
}

/// The window of an operation on the last axes of a tensor, up to three, and whether it fits there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WindowCheck<'a> {
    pub(crate) name: &'a str,
    /// The sizes of the axes.
    pub(crate) input: &'a [usize],
    pub(crate) windows: &'a [WindowSizes],
}

/// Collects one number of each axis.
macro_rules! each_axis {
    ($windows:expr, $field:ident) => {{
        let (mut numbers, mut i) = ([0; 3], 0);
        while i < $windows.len() {
            numbers[i] = $windows[i].$field;
            i += 1;
        }
        numbers
    }};
}

impl WindowCheck<'_> {
    const fn steps_are_positive(&self) -> bool {
        let mut i = 0;
        while i < self.windows.len() {
            if self.windows[i].stride == 0 || self.windows[i].dilation == 0 {
                return false;
            }
            i += 1;
        }
        true
    }

    /// Whether the elements of a window are apart from each other.
    const fn is_dilated(&self) -> bool {
        let mut i = 0;
        while i < self.windows.len() {
            if self.windows[i].dilation > 1 {
                return true;
            }
            i += 1;
        }
        false
    }

    /// Appends a number, or one for each axis if they differ.
    const fn numbers(&self, message: Message, numbers: [usize; 3]) -> Message {
        let (numbers, mut i) = (numbers.split_at(self.windows.len()).0, 1);
        while i < numbers.len() {
            if numbers[i] != numbers[0] {
                return message.sizes(numbers);
            }
            i += 1;
        }
        message.number(numbers[0])
    }

    const fn kernel(&self, message: Message) -> Message {
        message.sizes(each_axis!(self.windows, kernel).split_at(self.windows.len()).0)
    }

    /// The first axis that is too short for the window.
    const fn too_short(&self) -> Option<usize> {
        let mut i = 0;
        while i < self.input.len() {
            if self.windows[i].places(self.input[i]) == 0 {
                return Some(i);
            }
            i += 1;
        }
        None
    }

    /// Whether there is a position for the window on each axis.
    pub(crate) const fn fits(&self) -> bool {
        self.too_short().is_none() && self.steps_are_positive()
    }

    /// The message if it does not fit.
    pub(crate) const fn message(&self) -> Message {
        if !self.steps_are_positive() {
            return self.steps_message();
        }
        let message = Message::new().text("the kernel of ").text(self.name).text(" must fit ");
        // Of volumes one axis, whose sizes fit into a line.
        if let ([_, _, _], Some(i)) = (self.windows, self.too_short()) {
            let axis = ["depth", "height", "width"][i];
            let (input, windows) =
                (std::slice::from_ref(&self.input[i]), std::slice::from_ref(&self.windows[i]));
            let check = WindowCheck { name: self.name, input, windows };
            return check.sizes(message.text("along the ").text(axis));
        }
        self.sizes(message.text("into its input"))
    }

    /// Appends the sizes of a kernel that does not fit.
    const fn sizes(&self, message: Message) -> Message {
        let mut message = self.kernel(message.text(": it has the size "));
        if self.is_dilated() {
            message = self.numbers(message.text(" with dilation "), each_axis!(self.windows, dilation));
        }
        let message =
            message.text(", but the input has the size ").sizes(self.input).text(" and a padding of ");
        self.numbers(message, each_axis!(self.windows, padding)).text(" at each end")
    }

    const fn steps_message(&self) -> Message {
        let message =
            Message::new().text(self.name).text(" needs a stride and a dilation of at least 1: they are ");
        let message = self.numbers(message, each_axis!(self.windows, stride)).text(" and ");
        self.numbers(message, each_axis!(self.windows, dilation))
    }

    /// The message for a weight whose kernel is not that of the windows; empty if it is.
    pub(crate) const fn wrong_kernel(&self, kernel: &[usize]) -> Option<Message> {
        let mut i = 0;
        while i < kernel.len() {
            if self.windows[i].kernel != kernel[i] {
                let message = Message::new().text("the windows of ").text(self.name).text(" have the size ");
                let message = self.kernel(message).text(", but the kernel of the weight has the size ");
                return Some(message.sizes(kernel));
            }
            i += 1;
        }
        None
    }

    /// The message for windows of a pooling that do not fit an input, whose size may be lost; empty if they do.
    pub(crate) const fn wrong_pooling(&self, max: bool, lost: bool) -> Option<Message> {
        match self.wrong_padding() {
            None if !lost && !self.fits() => Some(self.message()),
            None if !max && self.is_dilated() => {
                Some(Message::new().text(self.name).text(" has no dilation"))
            }
            wrong => wrong,
        }
    }

    /// The message for an invalid padding of a pooling; empty if it is valid.
    const fn wrong_padding(&self) -> Option<Message> {
        let mut i = 0;
        while i < self.windows.len() {
            if self.windows[i].padding > self.windows[i].kernel / 2 {
                let message = Message::new()
                    .text("the padding of ")
                    .text(self.name)
                    .text(" is at most half of its kernel: it is ");
                let message = self.numbers(message, each_axis!(self.windows, padding));
                return Some(self.kernel(message.text(", and the kernel has the size ")));
            }
            i += 1;
        }
        None
    }

    /// The message for a transposed convolution that does not fit an input of this size; empty if it does.
    pub(crate) const fn wrong_transposed(&self) -> Option<Message> {
        if !self.steps_are_positive() {
            return Some(self.steps_message());
        }
        let (mut output, mut i) = ([0; 3], 0);
        while i < self.windows.len() {
            let window = &self.windows[i];
            if window.output_padding >= window.stride && window.output_padding >= window.dilation {
                let message = Message::new()
                    .text("the output padding of ")
                    .text(self.name)
                    .text(" must be smaller than the stride or the dilation: it is ")
                    .number(window.output_padding)
                    .text(", the stride is ")
                    .number(window.stride)
                    .text(" and the dilation ")
                    .number(window.dilation);
                return Some(message);
            }
            output[i] = window.reach(self.input[i]);
            i += 1;
        }
        let output = output.split_at(self.windows.len()).0;
        i = 0;
        while i < output.len() {
            if output[i] == 0 {
                let message = Message::new()
                    .text(self.name)
                    .text(" leaves nothing of its input: the output would have the size ")
                    .sizes(output)
                    .text(" with a padding of ");
                return Some(self.numbers(message, each_axis!(self.windows, padding)));
            }
            i += 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values: the shapes of PyTorch's `conv2d` and `conv_transpose2d`.
    #[test]
    fn sizes_are_those_of_pytorch() {
        type D<const N: usize> = Const<N>;
        assert_eq!(<Expr<Convolved<D<8>, D<3>, 1, 1, 1>>>::SIZE, 8);
        assert_eq!(<Expr<Convolved<D<7>, D<3>, 2, 0, 1>>>::SIZE, 3);
        assert_eq!(<Expr<Convolved<D<8>, D<3>, 2, 0, 1>>>::SIZE, 3);
        assert_eq!(<Expr<Convolved<D<10>, D<3>, 2, 1, 2>>>::SIZE, 4);
        assert_eq!(<Expr<Convolved<D<2>, D<3>, 1, 0, 1>>>::SIZE, 0);
        assert_eq!(<Expr<ConvTransposed<D<4>, D<3>, 2, 1, 1, 1>>>::SIZE, 8);
        assert_eq!(<Expr<ConvTransposed<D<4>, D<3>, 2, 1, 0, 2>>>::SIZE, 9);
        assert_eq!(<Expr<ConvTransposed<D<1>, D<2>, 1, 1, 0, 1>>>::SIZE, 0);
    }

    #[test]
    fn messages_print_one_number_if_all_axes_are_equal() {
        let text = |windows: &[WindowSizes]| {
            let check = WindowCheck { name: "conv", input: &[2, 9, 9][..windows.len()], windows };
            check.message().as_str().to_owned()
        };
        let square = WindowSizes::new(3, 1, 0, 1);
        assert_eq!(
            text(&[square; 2]),
            "the kernel of conv must fit into its input: it has the size [3, 3], but the input has the size [2, 9] and a padding of 0 at each end"
        );
        assert_eq!(
            text(&[square, WindowSizes::new(7, 1, 3, 2)]),
            "the kernel of conv must fit into its input: it has the size [3, 7] with dilation [1, 2], but the input has the size [2, 9] and a padding of [0, 3] at each end"
        );
        assert_eq!(
            text(&[square, square, WindowSizes::new(5, 1, 1, 3)]),
            "the kernel of conv must fit along the depth: it has the size [3], but the input has the size [2] and a padding of 0 at each end"
        );
    }
}
