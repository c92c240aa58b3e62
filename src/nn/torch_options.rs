//! Options of PyTorch's layers as methods: they do not exist here, and say what does. They are methods of layers of this library, and
//! not of all modules: a network of the user's may have its own, such as `bias`. They take `&mut self`, which rustc looks at last, so
//! that one of that name in a trait of the user's goes before them, unless it is called on a `&mut`.

use super::bias::Biased;

/// In each line a trait that no argument has, the message that rustc prints for it, and a note. The bound is one of the argument:
/// without it, as in `layer.bias()` for the field, the missing argument is the only error.
macro_rules! missing {
    ($($trait:ident, $message:literal, $note:literal;)*) => { $(
        #[doc(hidden)]
        #[diagnostic::on_unimplemented(message = $message, label = "an option of PyTorch", note = $note)]
        pub trait $trait {}
    )* };
}

missing! {
    BiasOption, "whether a layer has a bias is part of its type",
        "write the type `NoBias<Linear<4, 8>>`, and `NoBias::<Linear<4, 8>>::new(rng)` for a value";
    WindowOption, "the window of a layer is part of its type: kernel, stride, padding, dilation, and the groups of a convolution",
        "write `Conv2d<3, 16, 3, 1, 1>` for a kernel of 3, a stride of 1 and a padding of 1; then come dilation and groups";
    LayersOption, "the number of layers, and whether they run in both directions, is part of the type of a recurrent layer",
        "write `Lstm<16, 32, 2>` for two layers, `Lstm<16, 32, 1, true>` for one in both directions";
    AffineOption, "whether a normalization has a weight and a bias is part of its type",
        "write the type `NoAffine<BatchNorm2d<16>>`, and `NoAffine::<BatchNorm2d<16>>::new(rng)` for a value";
    BatchFirstOption, "the batch is always first: sequences are `[batch, time, features]`",
        "leave `.batch_first(true)` out; of a sequence whose time is first write `x.transpose::<0, 1>()`";
}

// One line each: rustc shows them in errors. The type of a result is not known, so that nothing is reported where it is used.
#[doc(hidden)]
#[rustfmt::skip]
pub trait TorchOptions {
    fn bias<V: BiasOption, R>(&mut self, _: V) -> R { unreachable!() }
    fn stride<V: WindowOption, R>(&mut self, _: V) -> R { unreachable!() }
    fn padding<V: WindowOption, R>(&mut self, _: V) -> R { unreachable!() }
    fn dilation<V: WindowOption, R>(&mut self, _: V) -> R { unreachable!() }
    fn groups<V: WindowOption, R>(&mut self, _: V) -> R { unreachable!() }
    fn num_layers<V: LayersOption, R>(&mut self, _: V) -> R { unreachable!() }
    fn bidirectional<V: LayersOption, R>(&mut self, _: V) -> R { unreachable!() }
    fn affine<V: AffineOption, R>(&mut self, _: V) -> R { unreachable!() }
    fn elementwise_affine<V: AffineOption, R>(&mut self, _: V) -> R { unreachable!() }
    fn batch_first<V: BatchFirstOption, R>(&mut self, _: V) -> R { unreachable!() }
}

impl<L: Biased> TorchOptions for L {}
