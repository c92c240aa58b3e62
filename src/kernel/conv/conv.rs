//! Convolutions of images: the sizes, and the choice of the algorithm.
//!
//! A kernel of one element that moves by one is a matrix product, [`pointwise`](super::pointwise). Every other convolution
//! is summed up directly from the image, without a matrix of its windows (im2col), which would be as many times as
//! large as the kernel has elements: [`forward`](super::forward), [`input_gradient`](super::input_gradient) and
//! [`weight_gradient`](super::weight_gradient). A depthwise convolution is the same with tiles of one channel.
//!
//! Each pass has two forms, of which the sizes choose one: vectors lie along the rows ([`tile`](super::tile),
//! [`weight_gradient_along_rows`](super::weight_gradient_along_rows)), which suits few channels and wide images, or along
//! the channels ([`pixels`](super::pixels), [`weight_gradient_along_channels`](super::weight_gradient_along_channels)),
//! which suits many channels and narrow images.
//!
//! The terms of an element are cut into blocks and chains, [`terms`](super::terms).
//!
//! Threads split images, or the channels of a few images, or the rows of one; the weight gradient is summed in blocks of
//! images, which depend on the sizes only, or is split by its channels or its terms.

use super::{channels, forward, input_gradient, pointwise, weight_gradient, weight_gradient_along_channels};
use crate::kernel::simd::SimdFloat;
use crate::kernel::threads;
use crate::storage::Storage;
use std::ops::Range;

/// The sizes of a convolution. Those of images are height and width; a signal has height 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convolution {
    pub(crate) batch: usize,
    /// In and out, of all groups together.
    pub(crate) channels: [usize; 2],
    pub(crate) groups: usize,
    pub(crate) input: [usize; 2],
    pub(crate) output: [usize; 2],
    pub(crate) kernel: [usize; 2],
    pub(crate) stride: [usize; 2],
    pub(crate) padding: [usize; 2],
    pub(crate) dilation: [usize; 2],
}

/// The operations on the sums of a convolution before they are stored.
#[derive(Clone, Copy, Debug)]
pub struct Finish<'a, E> {
    /// Added to each output channel.
    pub(crate) bias: Option<&'a [E]>,
    /// The mean, the gain and the bias of each output channel, for (y - mean) gain + bias.
    pub(crate) normalization: Option<[&'a [E]; 3]>,
    /// min(max(y, 0), this number): ∞ for ReLU, 6 for ReLU6.
    pub(crate) relu: Option<E>,
    /// The largest of each 2 x 2 elements side by side, after ReLU.
    pub(crate) max_pool_2x2: bool,
}

impl<E> Default for Finish<'_, E> {
    fn default() -> Self {
        Finish { bias: None, normalization: None, relu: None, max_pool_2x2: false }
    }
}

impl<E: Copy> Finish<'_, E> {
    /// The same for some of the channels.
    pub(super) fn of(self, channels: Range<usize>) -> Self {
        let bias = self.bias.map(|bias| &bias[channels.clone()]);
        let normalization = self.normalization.map(|numbers| numbers.map(|of_all| &of_all[channels.clone()]));
        Finish { bias, normalization, ..self }
    }

    /// Whether elements change, before pooling.
    pub(super) fn changes(self) -> bool {
        self.bias.is_some() || self.relu.is_some() || self.normalization.is_some()
    }

    /// ReLU, where it is applied to the sums themselves: nothing is normalized before it.
    pub(super) fn relu_of_sums(self) -> Option<E> {
        self.relu.filter(|_| self.normalization.is_none())
    }

    /// The operations after the sums, which have their bias and [`relu_of_sums`](Self::relu_of_sums).
    pub(super) fn after_sums(self) -> Self {
        Finish { bias: None, relu: self.relu.filter(|_| self.normalization.is_some()), ..self }
    }

    /// The rows of the output before pooling that one row after it reads.
    pub(super) fn per_row(self) -> usize {
        if self.max_pool_2x2 { 2 } else { 1 }
    }
}

/// The algorithm of a convolution and of its gradients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plan {
    /// There is nothing to sum up.
    Empty,
    /// A matrix product for each image and group.
    Pointwise,
    /// Windows of a frame.
    Direct,
}

/// The multiply-adds that are worth a part of their own: about 20 us.
const PART: usize = 1 << 20;
/// The multiply-adds in whose time an element of the output is copied to and fro, measured with depthwise convolutions.
const COPIES: usize = 32;

/// The slices that suffice for the threads.
const SLICES: usize = 8;

impl Convolution {
    fn plan(&self) -> Plan {
        let empty = self.batch * self.channels[0] * self.channels[1] * self.taps() * self.groups == 0;
        if empty || self.planes().contains(&0) {
            Plan::Empty
        } else if self.kernel == [1, 1]
            && self.stride == [1, 1]
            && self.padding == [0, 0]
            && self.part().iter().all(|channels| *channels >= 4)
        {
            Plan::Pointwise
        } else {
            Plan::Direct
        }
    }

    /// The channels of one group, in and out.
    pub(super) fn part(&self) -> [usize; 2] {
        self.channels.map(|channels| channels / self.groups)
    }

    /// The number of elements of an input channel, and of an output channel.
    pub(super) fn planes(&self) -> [usize; 2] {
        [self.input, self.output].map(|[h, w]| h * w)
    }

    /// The number of elements of the kernel.
    pub(super) fn taps(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }

    /// Whether the image of a group is its own frame: nothing is before it, and no window leaves its last row or column
    /// out, as the output padding of a transposed convolution does.
    pub(super) fn is_frame(&self) -> bool {
        let fits = |i: usize| self.output[i] + (self.kernel[i] - 1) * self.dilation[i] == self.input[i];
        self.padding == [0, 0] && self.stride == [1, 1] && fits(0) && fits(1)
    }

    /// The number of elements of the weight of one output channel.
    pub(super) fn inner(&self) -> usize {
        self.part()[0] * self.taps()
    }

    /// The size of the output after `finish`.
    pub(super) fn finished<E>(&self, finish: Finish<'_, E>) -> [usize; 2] {
        if finish.max_pool_2x2 { self.output.map(|size| size / 2) } else { self.output }
    }

    /// Whether 2 x 2 pooling after this can be done with it.
    pub(crate) fn can_max_pool_2x2(&self) -> bool {
        self.plan() == Plan::Direct && self.output.iter().all(|size| *size >= 2)
    }

    /// The multiply-adds of so many channels of the output of an image, copies included.
    fn work(&self, channels: usize) -> usize {
        channels * (self.inner() + COPIES) * self.planes()[1]
    }

    /// How the output is cut into slices, each of which has a few channels of a group of an image: the number of channels,
    /// which `unit` divides where a group is cut, and the number of slices of a part of the work.
    pub(super) fn slices(&self, unit: usize) -> [usize; 2] {
        let (out, of_channel, least) = (self.part()[1], self.work(1), self.least_part());
        let image = self.part()[0] * self.planes()[0];
        let channels = out / self.cuts(out, unit, image, (self.output[0], least));
        [channels, least.div_ceil((channels * of_channel).max(1))]
    }

    /// The channels of a slice of the gradient of the input, of which there is one for each group of an image, or where
    /// images are few several, whose channels `unit` divides.
    pub(super) fn input_slice(&self, unit: usize) -> usize {
        let part = self.part()[0];
        let rows = if self.stride == [1, 1] { self.input[0] } else { 1 };
        part / self.cuts(part, unit, self.part()[1] * self.planes()[1], (rows, self.least_part()))
    }

    /// Into how many slices, which `unit` divides, the `channels` channels of a group are cut, for several threads where images
    /// are few. Each slice reads all `image` elements of an image; if they are more than the weights, it is better cut by rows,
    /// of which `rows` can be computed apart. A part has the work `least` or more.
    fn cuts(&self, channels: usize, unit: usize, image: usize, (rows, least): (usize, usize)) -> usize {
        let parts = if threads::are_several() { SLICES.min(2 * threads::num_threads()) } else { 1 };
        let (out, groups) = (self.part()[1], self.batch * self.groups);
        let is_large = image > out * self.inner();
        let most = if groups == 1 && is_large && rows >= parts { 1 } else { parts.div_ceil(groups) };
        let most = most.min(out * self.inner() * self.planes()[1] / least);
        (2..=most).rev().find(|n| channels.is_multiple_of(n * unit)).unwrap_or(1)
    }

    /// The parts of a pass over a single image for several threads, of `most` that there can be.
    fn parts_of_one(&self, most: usize) -> usize {
        let work = self.channels[1] * self.inner() * self.planes()[1];
        if self.batch > 1 || most == 1 || !threads::are_several() {
            return 1;
        }
        (work / self.least_part()).min(SLICES).min(most).max(1)
    }

    /// The bands of `rows` rows of a single image for several threads, if a slice has all of its channels, `out`.
    pub(super) fn bands(&self, out: usize, rows: usize) -> usize {
        self.parts_of_one(if out == self.channels[1] { rows } else { 1 })
    }

    /// As [`bands`](Self::bands), of the gradient of the input.
    pub(super) fn input_bands(&self, slice: usize) -> usize {
        let is_whole = slice == self.channels[0] && self.stride == [1, 1];
        self.parts_of_one(if is_whole { self.input[0] } else { 1 })
    }

    /// The slices of the gradient of the weight of a single image for several threads.
    pub(super) fn weight_slices(&self) -> usize {
        self.parts_of_one(SLICES)
    }

    /// The number of images that one part of the work takes, which follows from the sizes.
    pub(super) fn images_per_part(&self) -> usize {
        self.images_of(PART)
    }

    /// The same where the bits do not depend on it: fewer images if workers are awake.
    pub(super) fn images_per_thread(&self) -> usize {
        self.images_of(self.least_part())
    }

    fn images_of(&self, part: usize) -> usize {
        part.div_ceil(self.work(self.channels[1]).max(1)).min(self.batch)
    }

    /// The work that is worth a part of its own. It may change from call to call.
    fn least_part(&self) -> usize {
        threads::part_size(self.batch * self.work(self.channels[1]), PART)
    }
}

/// The passes of a convolution, for each element type that has one.
pub trait Convolve: Sized {
    #[doc(hidden)]
    fn convolve(x: &[Self], w: &[Self], sizes: &Convolution, finish: Finish<'_, Self>) -> Storage<Self>;
    #[doc(hidden)]
    fn add_channels(x: Storage<Self>, b: &[Self], inner: usize) -> Storage<Self>;
    #[doc(hidden)]
    fn input_gradient(grad: &[Self], w: &[Self], sizes: &Convolution) -> Storage<Self>;
    #[doc(hidden)]
    fn weight_gradient(x: &[Self], grad: &[Self], sizes: &Convolution) -> Storage<Self>;
}

macro_rules! impl_convolve {
    ($($element:ty),*) => { $(
        impl Convolve for $element {
            fn convolve(
                x: &[Self],
                w: &[Self],
                sizes: &Convolution,
                finish: Finish<'_, Self>,
            ) -> Storage<Self> {
                convolve(x, w, sizes, finish)
            }
            fn add_channels(x: Storage<Self>, b: &[Self], inner: usize) -> Storage<Self> {
                channels::add_channels(x, b, inner)
            }
            fn input_gradient(grad: &[Self], w: &[Self], sizes: &Convolution) -> Storage<Self> {
                input_gradient(grad, w, sizes)
            }
            fn weight_gradient(x: &[Self], grad: &[Self], sizes: &Convolution) -> Storage<Self> {
                weight_gradient(x, grad, sizes)
            }
        }
    )* };
}
impl_convolve!(f32, f64);

/// The convolution of `x` with `w`, finished.
fn convolve<E: SimdFloat>(x: &[E], w: &[E], sizes: &Convolution, finish: Finish<'_, E>) -> Storage<E> {
    let [rows, columns] = sizes.finished(finish);
    let mut y = Storage::unspecified(sizes.batch * sizes.channels[1] * rows * columns);
    let out = y.make_mut();
    match sizes.plan() {
        Plan::Direct => forward::convolve(x, w, finish, sizes, out),
        plan => {
            assert!(!finish.max_pool_2x2, "`can_max_pool_2x2` is asked first");
            if plan == Plan::Pointwise {
                pointwise::convolve(x, w, finish, sizes, out);
            } else {
                out.fill(E::ZERO);
                channels::finish(out, sizes.planes()[1], finish);
            }
        }
    }
    y
}

/// The gradient of the input of [`convolve`]; the transposed convolution.
fn input_gradient<E: SimdFloat>(grad: &[E], w: &[E], sizes: &Convolution) -> Storage<E> {
    let mut x = Storage::unspecified(sizes.batch * sizes.channels[0] * sizes.planes()[0]);
    match sizes.plan() {
        Plan::Empty => x.make_mut().fill(E::ZERO),
        Plan::Pointwise => pointwise::input_gradient(grad, w, sizes, x.make_mut()),
        Plan::Direct => input_gradient::input_gradient(grad, w, sizes, x.make_mut()),
    }
    x
}

/// The gradient of the weight of [`convolve`].
fn weight_gradient<E: SimdFloat>(x: &[E], grad: &[E], sizes: &Convolution) -> Storage<E> {
    let inner = sizes.channels[0].checked_div(sizes.groups).unwrap_or(0) * sizes.taps();
    let mut w = Storage::filled(sizes.channels[1] * inner, E::ZERO);
    match sizes.plan() {
        Plan::Empty => {}
        Plan::Pointwise => pointwise::weight_gradient(x, grad, sizes, w.make_mut()),
        Plan::Direct if weight_gradient_along_channels::is_better::<E>(sizes) => {
            weight_gradient_along_channels::weight_gradient(x, grad, sizes, w.make_mut());
        }
        Plan::Direct => weight_gradient::weight_gradient(x, grad, sizes, w.make_mut()),
    }
    w
}
