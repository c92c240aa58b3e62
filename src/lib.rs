//! Neural networks whose shapes are types: mistakes that PyTorch reports during training, or never, are compile errors
//! here. CPU only.
//!
//! ```
//! // XOR, learned by a network of two layers.
//! use typegrad::prelude::*;
//!
//! #[derive(Module)]
//! struct Mlp {
//!     fc1: Linear<2, 16>,
//!     fc2: Linear<16, 2>,
//! }
//!
//! impl<const B: usize> Forward<Rank2<B, 2>> for Mlp {
//!     type Output = Rank2<B, 2>;
//!     fn forward<M: Mode>(&self, x: Input<Rank2<B, 2>, M>) -> impl Traced<Self::Output, M> {
//!         let x = self.fc1.call(x).relu();
//!         self.fc2.call(x)
//!     }
//! }
//!
//! let xor = Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
//! let labels = Tensor::from([0, 1, 1, 0]);
//! let mut net = Mlp::new(&mut Rng::seed(0)); // PyTorch's default initialization
//! let mut adam = Adam::new(0.02);
//! for _ in 0..200 {
//!     net.zero_grad();
//!     net.train(xor.clone()).cross_entropy(&labels).backward();
//!     adam.step(&mut net);
//! }
//! assert_eq!(net.infer(xor).argmax_axis::<-1>(), labels);
//! ```
//!
//! With `fc2: Linear<17, 2>` it does not compile:
//!
//! ```text
//! error[E0277]: the layer `typegrad::nn::Linear<17, 2>` cannot take an input of shape `(Len<B>, Len<16>)` with elements `f32`
//!   --> src/main.rs:14:18
//!    |
//! 14 |         self.fc2.call(x)
//!    |                  ^^^^ does not fit an input of shape `(Len<B>, Len<16>)` with elements `f32`
//! ```
//!
//! # Where to look
//!
//! | | |
//! |---|---|
//! | [`Tensor`] | The operations, with PyTorch's names, defaults, values and gradients. An axis is a const parameter and may be negative: `x.sum_axis::<-1>()`. |
//! | [`nn`] | Layers, [`Param`] and [`Buffer`](nn::Buffer), and the two traits of a network: [`Module`](nn::Module), which is derived, and [`Forward`](nn::Forward). [`Frozen`](nn::Frozen) stops training a part. |
//! | [`loss`], [`metrics`] | Losses with their options and reductions; accuracy, F1, AUROC and others. |
//! | [`optim`] | Optimizers and learning-rate schedulers. |
//! | [`data`] | Datasets, shuffled batches of a constant size, augmentation, splits, tokenizers, readers of CSV, IDX, npy and image files. |
//! | [`io`] | Saving, loading, exchange with PyTorch, checkpoints. |
//! | [`train`], [`monitor`] | Data-parallel training on threads and, with the feature `mpi`, on several machines; early stopping; progress bar, run log, TensorBoard, plots. |
//! | [`gradcheck`](gradcheck()) | Compares gradients with finite differences. |
//! | [`shape`], [`graph`], [`tensor`] | The types in signatures and error messages. |
//!
//! # How to
//!
//! | to | see |
//! |---|---|
//! | train on a CSV file | [`data::Csv`], [`data`] |
//! | load a PyTorch file, or save one | [`io::load_safetensors`], `io::load_pt`, [`nn::StateDict`] |
//! | write a layer, take two inputs | [`nn::Module`], [`nn::Forward2`] |
//! | write an operation or a backward pass | [`graph::Pullback`], [`Tensor::apply`], [`gradcheck`](gradcheck()) |
//! | freeze a part, choose initial values | [`nn::Frozen`], [`nn::init`] |
//! | weight classes, ignore labels of padding | [`loss::CrossEntropyLoss`] |
//! | pad sequences | [`nn::Mask`], [`nn::RecurrentLengths`], [`nn::Embedding::padding_idx`] |
//! | schedule the learning rate, clip gradients | [`optim`], [`nn::ModuleExt::clip_grad_norm`] |
//! | save and resume training, stop early | [`io::Checkpoint`], [`train::EarlyStopping`] |
//! | serve a model, run it on any number of rows | [`nn::Forward::infer`], [`data::InferRows`] |
//! | compute in `f64` | [`nn::WithElements`] |
//! | use all cores, or several machines | [`train`] |
//!
//! `docs/how-to.md` of the repository and of the package has a program for each of these. The folder `docs` also has a tutorial,
//! PyTorch's calls and ours, and the messages of the compiler with what to write instead.
//!
//! # Features
//!
//! | feature | |
//! |---|---|
//! | `threads` (default) | Operations use all cores. |
//! | `pt` | `io::load_pt` reads what `torch.save` wrote. |
//! | `images` | `data::ImageFolder` and `data::read_image` read PNG and JPEG. |
//! | `npz` | `data::Npz` reads and writes archives of NumPy arrays. |
//! | `indicatif` | `monitor::Progress` is a bar of the crate indicatif. |
//! | `mpi` | `train::Distributed` trains on several processes or machines. It needs an MPI library of the system: `docs/cluster.md`. |

#![warn(missing_docs)]

// The derive macro names this crate, also inside it.
extern crate self as typegrad;

#[forbid(unsafe_code)]
pub mod data;
#[forbid(unsafe_code)]
mod element;
#[forbid(unsafe_code)]
mod error_format;
#[forbid(unsafe_code)]
mod few;
mod file;
#[forbid(unsafe_code)]
mod free_slots;
#[forbid(unsafe_code)]
mod gradcheck;
#[forbid(unsafe_code)]
pub mod graph;
#[forbid(unsafe_code)]
mod info;
#[forbid(unsafe_code)]
pub mod io;
mod kernel;
#[forbid(unsafe_code)]
pub mod loss;
#[forbid(unsafe_code)]
pub mod metrics;
#[forbid(unsafe_code)]
mod module;
#[forbid(unsafe_code)]
pub mod monitor;
#[forbid(unsafe_code)]
pub mod nn;
#[forbid(unsafe_code)]
pub mod ops;
#[forbid(unsafe_code)]
pub mod optim;
#[forbid(unsafe_code)]
mod options;
#[forbid(unsafe_code)]
mod rng;
#[forbid(unsafe_code)]
pub mod shape;
#[forbid(unsafe_code)]
mod state_data;
#[forbid(unsafe_code)]
mod storage;
#[forbid(unsafe_code)]
pub mod tensor;
#[forbid(unsafe_code)]
pub mod train;

/// The names that errors print. `Law` is shorter than its path; `Len` is [`Const`], a name that the standard library has
/// too, so that rustc would print its path. Of two names it prints the first in this file, or the unique one.
#[doc(hidden)]
pub use shape::{Const as Len, Law};

pub use element::{Element, Float, Numeric};
pub use gradcheck::{Checked, GradcheckError, Inputs, gradcheck};
pub use graph::InputOf;
pub use info::{Info, info};
pub use kernel::denormal::set_flush_denormal;
pub use kernel::memory::empty_cache;
pub use kernel::threads::{num_threads, set_num_threads};
pub use rng::Rng;
pub use shape::{
    Const, Conv, ConvTranspose, Rank0, Rank1, Rank2, Rank3, Rank4, Rank5, Rank6, TransposedWindow, Window,
};
pub use storage::Storage;
pub use tensor::param::Param;
pub use tensor::{Tensor, eye};

/// Einstein summation: letters name the axes, and a letter that is not in the output is summed over. PyTorch's
/// `torch.einsum`, with the letters read when the program is compiled.
///
/// ```
/// use typegrad::einsum;
/// use typegrad::prelude::*;
/// let a = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
/// let x = Tensor::from([1.0, -1.0]);
/// assert_eq!(einsum!("ij,j->i", &a, &x), Tensor::from([-1.0, -1.0]));
/// assert_eq!(einsum!("ij->ji", &a), Tensor::from([[1.0, 3.0], [2.0, 4.0]]));
/// assert_eq!(einsum!("ii", &a).item(), 5.0);
/// assert_eq!(einsum!("i,ij,j", &x, &a, &x).item(), 0.0);
/// ```
pub use typegrad_derive::einsum;

/// Checks a network at compile time: that all sizes fit, and that each layer gets a gradient. A failure is an error of
/// `cargo check` and in an editor, at the line of this macro.
///
/// The arguments are the type of the network and the shape of an input that it is trained with; then, if
/// [`Forward`](nn::Forward) is implemented for several, the elements that the network computes with, and those of its input.
/// For a struct, `#[module(input = Rank2<8, 64>)]` beside `#[derive(Module)]` does the same. `loss = CrossEntropyLoss`, the loss that
/// the network is trained with, checks that it takes what the network computes: not the softmax of its scores, for instance.
///
/// A network with two inputs, which implements [`Forward2`](nn::Forward2), is checked with the shapes of both, `inputs = (S, R)`, here
/// and in `#[module(..)]`; then the elements are three, those of the network and of each input.
///
/// ```
/// use typegrad::prelude::*;
/// type Net = (Linear<64, 32>, Relu, Linear<32, 10>);
/// typegrad::check!(Net, Rank2<8, 64>, loss = CrossEntropyLoss);
/// typegrad::check!(Embedding<100, 16>, Rank1<7>, f32, i64);
/// typegrad::check!(MultiheadAttention<8, 2>, inputs = (Rank3<4, 5, 8>, Rank3<4, 7, 8>));
/// ```
///
/// A size that does not fit does not compile:
///
/// ```compile_fail
/// use typegrad::prelude::*;
/// type Net = (Conv2d<1, 8, 3>, Flatten, Linear<100, 10>);
/// typegrad::check!(Net, Rank4<2, 1, 8, 8>);
/// ```
#[macro_export]
macro_rules! check {
    ($net:ty, inputs = ($first:ty, $second:ty) $(,)?) => {
        const _: () = $crate::nn::check2::<$net, $first, $second, _, _, _>();
    };
    ($net:ty, inputs = ($first:ty, $second:ty), loss = $loss:ty $(,)?) => {
        const _: () = $crate::nn::check_loss2::<$net, $first, $second, _, _, _, $loss>();
    };
    ($net:ty, inputs = ($first:ty, $second:ty), $element:ty $(,)?) => {
        const _: () = $crate::nn::check2::<$net, $first, $second, $element, $element, $element>();
    };
    ($net:ty, inputs = ($first:ty, $second:ty), $element:ty, $of_first:ty, $of_second:ty $(,)?) => {
        const _: () = $crate::nn::check2::<$net, $first, $second, $element, $of_first, $of_second>();
    };
    ($net:ty, $shape:ty $(,)?) => {
        const _: () = $crate::nn::check::<$net, $shape, _, _>();
    };
    ($net:ty, $shape:ty, loss = $loss:ty $(,)?) => {
        const _: () = $crate::nn::check_loss::<$net, $shape, _, _, $loss>();
    };
    ($net:ty, $shape:ty, $element:ty $(,)?) => {
        const _: () = $crate::nn::check::<
            $net,
            $shape,
            <$element as $crate::nn::__CheckedElements>::Elements,
            <$element as $crate::nn::__CheckedElements>::Elements,
        >();
    };
    ($net:ty, $shape:ty, $element:ty, $input:ty $(,)?) => {
        const _: () = $crate::nn::check::<$net, $shape, $element, $input>();
    };
}

/// The program of the README runs as written.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// The programs of the tutorial run.
#[cfg(doctest)]
#[doc = include_str!("../docs/tutorial.md")]
struct Tutorial;

/// The answers of the page "How to" run.
#[cfg(doctest)]
#[doc = include_str!("../docs/how-to.md")]
struct HowTo;

/// The table of PyTorch's calls is true where it says numbers.
#[cfg(doctest)]
#[doc = include_str!("../docs/pytorch.md")]
struct Pytorch;

/// The program of the page about several machines runs.
#[cfg(all(doctest, feature = "mpi"))]
#[doc = include_str!("../docs/cluster.md")]
struct Cluster;

/// The names that most programs use.
pub mod prelude {
    #[doc(hidden)]
    pub use super::nn::TorchOptions as _;
    pub use crate::data::InferRows;
    pub use crate::element::{Element, Float, Numeric};
    pub use crate::graph::{Flow, Mode};
    pub use crate::loss::{
        BceLoss, BceWithLogitsLoss, CosineEmbeddingLoss, CrossEntropyLoss, CtcLoss, GaussianNllLoss,
        HingeEmbeddingLoss, HuberLoss, KlDivLoss, L1Loss, MarginRankingLoss, MseLoss, MultiMarginLoss,
        NllLoss, PoissonNllLoss, SmoothL1Loss, SoftMarginLoss, TripletMarginLoss,
    };
    #[doc(hidden)]
    pub use crate::module::NotCalled as _;
    pub use crate::nn::{
        AdaptiveAvgPool1d, AdaptiveAvgPool2d, AvgPool1d, AvgPool2d, AvgPool3d, BatchNorm1d, BatchNorm2d,
        BilinearMode, Buffer, Celu, Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, Dropout,
        Dropout2d, Elu, Embedding, EmbeddingBag, Flatten, Forward, Forward2, Frozen, Gelu, GeluTanh, Glu,
        GroupNorm, Gru, GruCell, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, Identity, Init,
        InstanceNorm1d, InstanceNorm2d, LayerNorm, LeakyRelu, Linear, LogSigmoid, LogSoftmax, Lstm, LstmCell,
        Mask, MaxPool1d, MaxPool2d, MaxPool3d, Mish, Module, ModuleExt, MultiheadAttention,
        MultiheadCrossAttention, NearestMode, NoAffine, NoBias, PRelu, Param, PixelShuffle, PixelUnshuffle,
        ProjectedLstm, RectAvgPool2d, RectAvgPool3d, RectConv2d, RectConv3d, RectConvTranspose2d,
        RectMaxPool2d, RectMaxPool3d, Recurrent, RecurrentCell, RecurrentLengths, Relu, Relu6, Residual,
        RmsNorm, Rnn, RnnCell, Selu, ShapedLayerNorm, Sigmoid, Silu, Softmax, Softplus, Softshrink, Softsign,
        StateDict, Strict, Tanh, TransformerDecoderLayer, TransformerEncoderLayer, Unflatten, Upsample,
    };
    pub use crate::ops::{BagMode, GridSample, QuantileMode, Tensors};
    pub use crate::optim::{
        Adadelta, Adagrad, Adam, AdamW, Adamax, ChainedScheduler, ConstantLr, CosineAnnealingLr,
        CosineAnnealingWarmRestarts, ExponentialLr, Group, LambdaLr, Lbfgs, LinearLr, LrPlan, LrScheduler,
        MultiStepLr, NAdam, OneCycleLr, Optimizer, RAdam, ReduceLrOnPlateau, RmsProp, SequentialLr, Sgd,
        StepLr,
    };
    pub use crate::rng::Rng;
    pub use crate::shape::{
        Axes1, Axes2, Axes3, Axes4, Axes5, Axes6, Const, Conv, ConvTranspose, Dim, Rank0, Rank1, Rank2,
        Rank3, Rank4, Rank5, Rank6, Shape, TransposedWindow, Window,
    };
    pub use crate::tensor::{Input, Loss, PaddedBatch, Shared, Tensor, Traced};
    #[doc(hidden)]
    pub use crate::tensor::{
        NumberOfLoss as _, ParamOfIntegers as _, VecOfTensors as _, WholeComparison as _,
    };
    pub use typegrad_derive::einsum;
}
