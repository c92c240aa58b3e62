//! The options of a convolution as one type, for the functions, which have no default parameters.

use super::{Const, ConvTransposed, Convolved, Dim, Expr, Product, WindowSizes};

/// The options of a convolution whose window is the same along each axis, for [`conv2d`](crate::Tensor::conv2d) and the like: the
/// stride, the padding, the dilation and the groups, in PyTorch's order and with its defaults.
///
/// ```
/// use typegrad::prelude::*;
/// // PyTorch: F.conv2d(x, w, stride=2, padding=1)
/// let y = Tensor::<Rank4<2, 3, 8, 8>>::ones().conv2d::<Conv<2, 1>, _>(Tensor::<Rank4<5, 3, 3, 3>>::ones());
/// let y: Tensor<Rank4<2, 5, 4, 4>> = y.with_shape();
/// ```
#[derive(Debug)]
pub struct Conv<
    const STRIDE: usize = 1,
    const PADDING: usize = 0,
    const DILATION: usize = 1,
    const GROUPS: usize = 1,
>;

/// The options of a convolution: [`Conv`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the options of a convolution",
    label = "write `Conv<STRIDE, PADDING, DILATION, GROUPS>`"
)]
pub trait ConvOptions: 'static {
    /// The number of positions of a window of size `K` on the axis `D`.
    type Places<D: Dim, K: Dim>: Dim;
    /// The number of groups of channels.
    const GROUPS: usize;
    /// The numbers of the window, but for the kernel, which is that of the weight.
    #[doc(hidden)]
    const WINDOW: WindowSizes;
}

impl<const STRIDE: usize, const PADDING: usize, const DILATION: usize, const GROUPS: usize> ConvOptions
    for Conv<STRIDE, PADDING, DILATION, GROUPS>
{
    type Places<D: Dim, K: Dim> = Expr<Convolved<D, K, STRIDE, PADDING, DILATION>>;
    const GROUPS: usize = GROUPS;
    const WINDOW: WindowSizes = WindowSizes::new(0, STRIDE, PADDING, DILATION);
}

/// The options of a transposed convolution whose window is the same along each axis, for
/// [`conv_transpose2d`](crate::Tensor::conv_transpose2d) and the like: [`Conv`] with an output padding.
///
/// ```
/// use typegrad::prelude::*;
/// // PyTorch: F.conv_transpose2d(x, w, stride=2, padding=1)
/// let w = Tensor::<Rank4<3, 5, 4, 4>>::ones();
/// let y = Tensor::<Rank4<2, 3, 8, 8>>::ones().conv_transpose2d::<ConvTranspose<2, 1>, _>(w);
/// let y: Tensor<Rank4<2, 5, 16, 16>> = y.with_shape();
/// ```
#[derive(Debug)]
pub struct ConvTranspose<
    const STRIDE: usize = 1,
    const PADDING: usize = 0,
    const OUTPUT_PADDING: usize = 0,
    const DILATION: usize = 1,
    const GROUPS: usize = 1,
>;

/// The options of a transposed convolution: [`ConvTranspose`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the options of a transposed convolution",
    label = "write `ConvTranspose<STRIDE, PADDING, OUTPUT_PADDING, DILATION, GROUPS>`"
)]
pub trait ConvTransposeOptions: 'static {
    /// The size of the axis on which a window of size `K` has `D` positions.
    type Reach<D: Dim, K: Dim>: Dim;
    /// The channels of the result, where each group has `P`.
    type Channels<P: Dim>: Dim;
    /// The number of groups of channels.
    const GROUPS: usize;
    /// The numbers of the window, but for the kernel, which is that of the weight.
    #[doc(hidden)]
    const WINDOW: WindowSizes;
}

impl<
    const STRIDE: usize,
    const PADDING: usize,
    const OUTPUT_PADDING: usize,
    const DILATION: usize,
    const GROUPS: usize,
> ConvTransposeOptions for ConvTranspose<STRIDE, PADDING, OUTPUT_PADDING, DILATION, GROUPS>
{
    type Reach<D: Dim, K: Dim> = Expr<ConvTransposed<D, K, STRIDE, PADDING, OUTPUT_PADDING, DILATION>>;
    type Channels<P: Dim> = Expr<Product<P, Const<GROUPS>>>;
    const GROUPS: usize = GROUPS;
    const WINDOW: WindowSizes =
        WindowSizes { output_padding: OUTPUT_PADDING, ..WindowSizes::new(0, STRIDE, PADDING, DILATION) };
}
