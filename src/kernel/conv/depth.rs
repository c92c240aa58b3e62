//! The third axis of a convolution: windows along the depth of volumes laid out as channels of images, so that the rest is a
//! convolution of images, and the adjoint.

use super::conv::Convolution;
use crate::element::Float;
use crate::kernel::axis::lanes::for_each_part;
use crate::kernel::axis::long_sums::LongSums;
use crate::storage::Storage;

/// Volumes `[N, C, D, plane]`, and a window that moves along their depth.
#[derive(Clone, Copy, Debug)]
pub struct Depth {
    pub(crate) batch: usize,
    pub(crate) channels: usize,
    pub(crate) depth: usize,
    pub(crate) plane: usize,
    pub(crate) places: usize,
    pub(crate) kernel: usize,
    pub(crate) stride: usize,
    pub(crate) padding: usize,
    pub(crate) dilation: usize,
}

/// A convolution of volumes.
#[derive(Clone, Copy, Debug)]
pub struct Convolution3d {
    /// The windows along the depth.
    pub(crate) depth: Depth,
    /// The convolution of images whose channels are these windows.
    pub(crate) images: Convolution,
}

impl Depth {
    /// The plane of a volume that the element `tap` of the window has at a position, if it lies inside.
    fn plane_at(&self, place: usize, tap: usize) -> Option<usize> {
        let at = (place * self.stride + tap * self.dilation).checked_sub(self.padding)?;
        (at < self.depth).then_some(at)
    }
}

/// `[N, C, D, plane]` as `[N, places, C, kernel, plane]`, with zeros in the padding.
#[inline(never)]
pub(crate) fn unfold_depth<E: Float>(x: &[E], sizes: &Depth) -> Storage<E> {
    let Depth { batch, channels, depth, plane, places, kernel, .. } = *sizes;
    Storage::written(batch * places * channels * kernel * plane, |out| {
        for_each_part(out, plane.max(1), 1, |first, out| {
            for (i, out) in out.chunks_exact_mut(plane.max(1)).enumerate() {
                let row = first / plane + i;
                let (tap, channel) = (row % kernel, row / kernel % channels);
                let (place, n) = (row / kernel / channels % places, row / kernel / channels / places);
                match sizes.plane_at(place, tap) {
                    Some(at) => {
                        out.copy_from_slice(&x[((n * channels + channel) * depth + at) * plane..][..plane]);
                    }
                    None => out.fill(E::zero()),
                }
            }
        });
    })
}

/// The sum of the windows at each plane of the volumes: the adjoint of [`unfold_depth`].
#[inline(never)]
pub(crate) fn fold_depth<E: Float>(x: &[E], sizes: &Depth) -> Storage<E> {
    let Depth { batch, channels, depth, plane, places, kernel, .. } = *sizes;
    Storage::written(batch * channels * depth * plane, |out| {
        out.fill(E::zero());
        for_each_part(out, (depth * plane).max(1), kernel, |first, out| {
            for (i, out) in out.chunks_exact_mut((depth * plane).max(1)).enumerate() {
                let volume = first / (depth * plane) + i;
                let (n, channel) = (volume / channels, volume % channels);
                let mut sums = LongSums::new(out);
                for tap in 0..kernel {
                    let out = sums.more(1);
                    for place in 0..places {
                        if let Some(at) = sizes.plane_at(place, tap) {
                            let row = ((n * places + place) * channels + channel) * kernel + tap;
                            let (out, x) = (&mut out[at * plane..][..plane], &x[row * plane..][..plane]);
                            out.iter_mut().zip(x).for_each(|(out, x)| *out += *x);
                        }
                    }
                }
                sums.finish();
            }
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In sequence, so many equal terms lose 4e-6.
    #[test]
    fn the_sum_of_many_windows_keeps_its_digits() {
        let sizes = Depth {
            batch: 1,
            channels: 1,
            depth: 2047,
            plane: 1,
            places: 1024,
            kernel: 1024,
            stride: 1,
            padding: 0,
            dilation: 1,
        };
        let sums = fold_depth(&vec![0.1_f32; 1024 * 1024], &sizes);
        for (at, sum) in sums.as_slice().iter().enumerate() {
            let want = f64::from(0.1_f32) * (at + 1).min(2047 - at) as f64;
            assert!((f64::from(*sum) / want - 1.0).abs() < 1e-6, "{at}: {sum} {want}");
        }
    }
}
