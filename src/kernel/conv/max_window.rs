//! Max-pooling with windows of any stride, padding and dilation.
//!
//! A window is a list of offsets into a [`Frame`](super::frame::Frame) with -∞ around the planes, and a lane is a
//! window. The gradient keeps for each window the number of the element that was the largest, and goes through the
//! elements of the kernel in order: where it is the number, the gradient is added. So the order of sums does not depend
//! on the level.

use super::conv::Convolution;
use super::frame::{Frame, copy_rows};
use crate::kernel::axis::long_sums::{FEW, LongSums};
use crate::kernel::memory::List;
use crate::kernel::simd::{Kernel, Mask, Simd, SimdFloat, Vector, dispatch};

/// The elements of the frames of a block of planes, so that they stay in the cache.
const BLOCK: usize = 4096;

/// The windows of a block are rounded up to a multiple of this: several vectors at every level.
const PAD: usize = 64;

/// The most vectors that a step takes.
const STEP: usize = 4;

/// For each window the largest element, and its number in `taps` if that is needed.
struct Largest<'a, E> {
    frame: &'a [E],
    offsets: &'a [usize],
    y: &'a mut [E],
    taps: Option<&'a mut [E]>,
}

impl<E: SimdFloat> Kernel for Largest<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let Largest { frame, offsets, y, taps } = self;
        let lanes = E::V::<S>::LANES;
        let least = E::V::<S>::splat(E::NEG_INFINITY);
        let steps = y.chunks_exact_mut(STEP * lanes).enumerate();
        match taps {
            None => {
                for (step, y) in steps {
                    let mut largest = [least; STEP];
                    for offset in offsets {
                        let x = &frame[offset + step * STEP * lanes..][..STEP * lanes];
                        for v in 0..STEP {
                            largest[v] = E::V::<S>::load(&x[v * lanes..]).max_nan(largest[v]);
                        }
                    }
                    for v in 0..STEP {
                        largest[v].store(&mut y[v * lanes..]);
                    }
                }
            }
            Some(taps) => {
                for ((step, _), taps) in steps.zip(taps.chunks_exact_mut(STEP * lanes)) {
                    let mut largest = [least; STEP];
                    let mut tap = [E::V::<S>::splat(E::from_f64(-1.0)); STEP];
                    for (k, offset) in offsets.iter().enumerate() {
                        let x = &frame[offset + step * STEP * lanes..][..STEP * lanes];
                        let k = E::V::<S>::splat(E::from_f64(k as f64));
                        for v in 0..STEP {
                            let x = E::V::<S>::load(&x[v * lanes..]);
                            let beats = x.gt(largest[v]).or(x.ne(x));
                            largest[v] = E::V::<S>::select(beats, x, largest[v]);
                            tap[v] = E::V::<S>::select(beats, k, tap[v]);
                        }
                    }
                    for v in 0..STEP {
                        tap[v].store(&mut taps[v * lanes..]);
                    }
                }
            }
        }
    }
}

/// Adds the gradient of each window to the element with its number, for the numbers from `first` on.
struct Scatter<'a, E> {
    grad: &'a [E],
    taps: &'a [E],
    first: usize,
    offsets: &'a [usize],
    frame: &'a mut [E],
}

impl<E: SimdFloat> Kernel for Scatter<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        let lanes = E::V::<S>::LANES;
        for (k, offset) in self.offsets.iter().enumerate() {
            let k = E::V::<S>::splat(E::from_f64((self.first + k) as f64));
            let windows = self.taps.chunks_exact(lanes).zip(self.grad.chunks_exact(lanes));
            for ((taps, grad), frame) in windows.zip(self.frame[*offset..].chunks_exact_mut(lanes)) {
                let here = E::V::<S>::load(taps).eq(k);
                let grad = E::V::<S>::select(here, E::V::<S>::load(grad), E::V::<S>::zero());
                (E::V::<S>::load(frame) + grad).store(frame);
            }
        }
    }
}

/// Adds the gradient of each window to the element with its number. The last windows first: those that have an element have
/// it at numbers in order.
///
/// Where windows are a stride apart along rows, there are few of them for each element, and the elements of a frame would
/// be copied one by one.
fn add_to_planes<E: SimdFloat>(grad: &[E], taps: &[E], (sizes, frame): (&Convolution, &Frame), dx: &mut [E]) {
    let [plane, places] = sizes.planes();
    let ([height, width], columns) = (sizes.output, sizes.input[1]);
    let at = |place: [usize; 2]| place[0] * columns + place[1];
    let [stride, padding] = [at([sizes.stride[0], 0]), at(sizes.padding)];
    let of_tap: List<_> = (0..sizes.taps())
        .map(|tap| [tap / sizes.kernel[1] * sizes.dilation[0], tap % sizes.kernel[1] * sizes.dilation[1]])
        .map(at)
        .collect();
    let taps_of_planes = taps.chunks(frame.plane());
    for ((dx, grad), taps) in dx.chunks_exact_mut(plane).zip(grad.chunks_exact(places)).zip(taps_of_planes) {
        for row in (0..height).rev() {
            let windows = grad[row * width..][..width].iter().zip(&taps[row * frame.axes[1].len..][..width]);
            for (column, (grad, tap)) in windows.enumerate().rev() {
                // None of a window in the padding.
                let Some(tap) = tap.to_usize() else { continue };
                dx[row * stride + column * sizes.stride[1] + of_tap[tap] - padding] += *grad;
            }
        }
    }
}

/// A block of planes in a frame, which both passes visit block after block.
struct FramedPlanes<E> {
    frame: Frame,
    offsets: List<usize>,
    memory: List<E>,
    /// The number of windows of a block with those between the rows of the output, a multiple of [`PAD`].
    len: usize,
}

impl<E: SimdFloat> FramedPlanes<E> {
    fn new(sizes: &Convolution, planes: usize) -> Self {
        let images = (BLOCK / sizes.frame(1).len().max(1)).clamp(1, planes);
        let frame = sizes.frame(images);
        let len = (images * frame.plane()).next_multiple_of(PAD);
        let memory = List::filled(frame.len() + frame.plane() + PAD, E::NEG_INFINITY);
        FramedPlanes { offsets: sizes.offsets(&frame), memory, len, frame }
    }
}

/// The largest element of each window. `sizes` has one channel.
pub(super) fn largest<E: SimdFloat>(x: &[E], sizes: &Convolution, y: &mut [E]) {
    let [plane, places] = sizes.planes();
    let mut framed = FramedPlanes::new(sizes, x.len() / plane);
    let images = framed.frame.images;
    let mut run = List::filled(framed.len, E::ZERO);
    for (x, y) in x.chunks(images * plane).zip(y.chunks_mut(images * places)) {
        framed.frame.enter_all(x, &mut framed.memory);
        dispatch(Largest { frame: &framed.memory, offsets: &framed.offsets, y: &mut run, taps: None });
        let (apart, width) = (framed.frame.plane(), framed.frame.axes[1].len);
        for (y, run) in y.chunks_exact_mut(places).zip(run.chunks(apart)) {
            copy_rows(sizes.output, (run, width), (y, sizes.output[1]));
        }
    }
}

/// The gradient of [`largest`] for planes without -∞.
pub(super) fn gradient<E: SimdFloat>(x: &[E], grad: &[E], sizes: &Convolution, dx: &mut [E]) {
    let [plane, places] = sizes.planes();
    let mut framed = FramedPlanes::new(sizes, x.len() / plane);
    let images = framed.frame.images;
    let (mut run, mut taps) = (List::filled(framed.len, E::ZERO), List::filled(framed.len, E::ZERO));
    let mut sums = List::filled(framed.memory.len(), E::ZERO);
    dx.fill(E::ZERO);
    let all = x.chunks(images * plane).zip(dx.chunks_mut(images * plane)).zip(grad.chunks(images * places));
    for ((x, dx), grad) in all {
        framed.frame.enter_all(x, &mut framed.memory);
        let (frame, offsets) = (&framed.memory, &framed.offsets);
        dispatch(Largest { frame, offsets, y: &mut run, taps: Some(&mut taps) });
        if sizes.stride[1] > 1 && offsets.len() <= FEW {
            add_to_planes(grad, &taps, (sizes, &framed.frame), dx);
            continue;
        }
        run.fill(E::ZERO);
        let (apart, width) = (framed.frame.plane(), framed.frame.axes[1].len);
        for (grad, run) in grad.chunks_exact(places).zip(run.chunks_mut(apart)) {
            copy_rows(sizes.output, (grad, sizes.output[1]), (run, width));
        }
        sums.fill(E::ZERO);
        // An element may be the largest of as many windows as the kernel has elements.
        let mut long = LongSums::new(&mut sums);
        for (i, offsets) in offsets.chunks(FEW).enumerate() {
            let frame = long.more(offsets.len());
            dispatch(Scatter { grad: &run, taps: &taps, first: i * FEW, offsets, frame });
        }
        long.finish();
        framed.frame.leave_all(&sums, dx);
    }
}
