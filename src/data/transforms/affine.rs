//! Rotation, translation, scale and shear of an image.
//!
//! Pixel (x, y) of the result, from the middle of the image, is that of M⁻¹ (x, y) of the image, where M scales, shears, rotates and
//! translates, in this order.

use crate::element::Float;
use crate::options;
use crate::rng::Rng;
use crate::shape::Rank3;
use crate::storage::Storage;
use crate::tensor::Tensor;

/// An affine map of an image, about its middle. PyTorch's `transforms.functional.affine(img, angle, translate, scale, shear)`.
///
/// Outside of the image are zeros. The nearest pixel is taken by default, and [`bilinear`](Self::bilinear) interpolates.
///
/// ```
/// use typegrad::data::transforms::Affine;
/// use typegrad::prelude::*;
/// let image = Tensor::from([[[1.0, 2.0], [3.0, 4.0]]]);
/// let quarter = Affine::new().angle(90.0).apply(image.clone()); // clockwise
/// assert_eq!(quarter, Tensor::from([[[3.0, 1.0], [4.0, 2.0]]]));
/// let right = Affine::new().translate(1.0, 0.0).apply(image);
/// assert_eq!(right, Tensor::from([[[0.0, 1.0], [0.0, 3.0]]]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine {
    angle: f64,
    translate: (f64, f64),
    scale: f64,
    shear: (f64, f64),
    bilinear: bool,
}

impl Default for Affine {
    fn default() -> Self {
        Affine::new()
    }
}

impl Affine {
    /// The identity.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // `Affine::new().angle(10.0).scale(1.5)`
        Affine { angle: 0.0, translate: (0.0, 0.0), scale: 1.0, shear: (0.0, 0.0), bilinear: false }
    }

    /// Rotates clockwise, in degrees.
    ///
    /// # Panics
    /// If it is infinite or NaN.
    #[must_use]
    #[track_caller]
    pub fn angle(mut self, degrees: f64) -> Self {
        self.angle = options::finite("the angle", degrees);
        self
    }

    /// Moves to the right and down, in pixels.
    ///
    /// # Panics
    /// If one is infinite or NaN.
    #[must_use]
    #[track_caller]
    pub fn translate(mut self, x: f64, y: f64) -> Self {
        self.translate = (options::finite("x", x), options::finite("y", y));
        self
    }

    /// Enlarges by a factor.
    ///
    /// # Panics
    /// If it is not positive.
    #[must_use]
    #[track_caller]
    pub fn scale(mut self, factor: f64) -> Self {
        assert!(factor > 0.0, "Scale should be positive: {factor:?}");
        self.scale = factor;
        self
    }

    /// Shears along x and along y, in degrees.
    ///
    /// # Panics
    /// If one is infinite or NaN.
    #[must_use]
    #[track_caller]
    pub fn shear(mut self, x: f64, y: f64) -> Self {
        self.shear = (options::finite("x", x), options::finite("y", y));
        self
    }

    /// Interpolates between the four nearest pixels. PyTorch's `InterpolationMode.BILINEAR`.
    #[must_use]
    pub fn bilinear(mut self) -> Self {
        self.bilinear = true;
        self
    }

    /// The map from the result to the image, as rows of a matrix [2, 3].
    fn inverse(&self) -> [f64; 6] {
        let radians = |degrees: f64| degrees * std::f64::consts::PI / 180.0;
        let (rot, sx, sy) = (radians(self.angle), radians(self.shear.0), radians(self.shear.1));
        // libm, so that the bits are the same on every machine.
        let (cos, sin) = (libm::cos(rot - sy) / libm::cos(sy), libm::sin(rot - sy) / libm::cos(sy));
        let tan = libm::tan(sx);
        let (a, b) = (cos, -cos * tan - libm::sin(rot));
        let (c, d) = (sin, -sin * tan + libm::cos(rot));
        let [a, b, c, d] = [d, -b, -c, a].map(|x| x / self.scale);
        let (x, y) = self.translate;
        [a, b, -a * x - b * y, c, d, -c * x - d * y]
    }

    /// The changed image. In and out: `[C, H, W]`.
    pub fn apply<const C: usize, const H: usize, const W: usize, E: Float>(
        &self,
        image: Tensor<Rank3<C, H, W>, E>,
    ) -> Tensor<Rank3<C, H, W>, E> {
        if *self == Affine::new() {
            return image;
        }
        let m = self.inverse();
        let image = image.as_slice();
        let mut out = Storage::filled(C * H * W, E::zero());
        let pixels = out.make_mut();
        let at = |channel: usize, y: f64, x: f64| {
            let inside = 0.0 <= y && y < H as f64 && 0.0 <= x && x < W as f64;
            if inside { image[(channel * H + y as usize) * W + x as usize].as_f64() } else { 0.0 }
        };
        for row in 0..H {
            for column in 0..W {
                let x = column as f64 + 0.5 - W as f64 / 2.0;
                let y = row as f64 + 0.5 - H as f64 / 2.0;
                let from_x = m[0] * x + m[1] * y + m[2] + W as f64 / 2.0 - 0.5;
                let from_y = m[3] * x + m[4] * y + m[5] + H as f64 / 2.0 - 0.5;
                for channel in 0..C {
                    let pixel = if self.bilinear {
                        let (left, top) = (from_x.floor(), from_y.floor());
                        let (u, v) = (from_x - left, from_y - top);
                        let above = at(channel, top, left) * (1.0 - u) + at(channel, top, left + 1.0) * u;
                        let below =
                            at(channel, top + 1.0, left) * (1.0 - u) + at(channel, top + 1.0, left + 1.0) * u;
                        above * (1.0 - v) + below * v
                    } else {
                        at(channel, from_y.round_ties_even(), from_x.round_ties_even())
                    };
                    pixels[(channel * H + row) * W + column] = E::from_f64(pixel);
                }
            }
        }
        Tensor::constant(out)
    }
}

/// An affine map that is drawn for each image. PyTorch's `transforms.RandomAffine(degrees, translate, scale, shear)`.
///
/// ```
/// use typegrad::data::transforms::RandomAffine;
/// use typegrad::prelude::*;
/// let jitter = RandomAffine::new(15.0).translate(0.1, 0.1).scale(0.9, 1.1).shear(5.0).bilinear();
/// let image = Tensor::<Rank3<1, 28, 28>>::rand(&mut Rng::seed(0));
/// let (a, b) = (jitter.apply(image.clone(), &mut Rng::seed(1)), jitter.apply(image, &mut Rng::seed(2)));
/// assert_ne!(a, b);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RandomAffine {
    degrees: f64,
    translate: (f64, f64),
    scale: (f64, f64),
    shear: f64,
    bilinear: bool,
}

impl RandomAffine {
    /// Rotates by an angle from -`degrees` to `degrees`.
    ///
    /// # Panics
    /// If it is negative.
    #[must_use]
    #[track_caller]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new(degrees: f64) -> Self { // options: `RandomAffine::new(10.0).scale(0.8, 1.2)`
        assert!(degrees >= 0.0, "degrees must be positive: {degrees:?}");
        RandomAffine { degrees, translate: (0.0, 0.0), scale: (1.0, 1.0), shear: 0.0, bilinear: false }
    }

    /// Moves by at most these fractions of the width and the height, to either side, in whole pixels.
    ///
    /// # Panics
    /// If one is not from 0 to 1.
    #[must_use]
    #[track_caller]
    pub fn translate(mut self, x: f64, y: f64) -> Self {
        let valid = (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y);
        assert!(valid, "translation values should be between 0 and 1: {x:?}, {y:?}");
        self.translate = (x, y);
        self
    }

    /// Enlarges by a factor between these.
    ///
    /// # Panics
    /// If `from` is not positive, or `to` is less.
    #[must_use]
    #[track_caller]
    pub fn scale(mut self, from: f64, to: f64) -> Self {
        assert!(
            0.0 < from && from <= to,
            "scale values should be positive, the smaller one first: {from:?}, {to:?}"
        );
        self.scale = (from, to);
        self
    }

    /// Shears along x by an angle from -`degrees` to `degrees`.
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[must_use]
    #[track_caller]
    pub fn shear(mut self, degrees: f64) -> Self {
        self.shear = options::not_negative("degrees", degrees);
        self
    }

    /// Interpolates between the four nearest pixels.
    #[must_use]
    pub fn bilinear(mut self) -> Self {
        self.bilinear = true;
        self
    }

    /// The map of one image of `width` times `height` pixels.
    #[must_use]
    pub fn draw(&self, width: usize, height: usize, rng: &mut Rng) -> Affine {
        let mut between = |from: f64, to: f64| from + (to - from) * rng.uniform();
        let angle = between(-self.degrees, self.degrees);
        let (x, y) = (self.translate.0 * width as f64, self.translate.1 * height as f64);
        let translate = (between(-x, x).round_ties_even(), between(-y, y).round_ties_even());
        let scale = between(self.scale.0, self.scale.1);
        let shear = (between(-self.shear, self.shear), 0.0);
        Affine { angle, translate, scale, shear, bilinear: self.bilinear }
    }

    /// The changed image. In and out: `[C, H, W]`.
    pub fn apply<const C: usize, const H: usize, const W: usize, E: Float>(
        &self,
        image: Tensor<Rank3<C, H, W>, E>,
        rng: &mut Rng,
    ) -> Tensor<Rank3<C, H, W>, E> {
        self.draw(W, H, rng).apply(image)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawn_amounts_are_in_their_range() {
        let jitter = RandomAffine::new(30.0).translate(0.25, 0.5).scale(0.5, 2.0).shear(10.0);
        let mut rng = Rng::seed(0);
        let drawn: Vec<_> = (0..1000).map(|_| jitter.draw(20, 8, &mut rng)).collect();
        let range = |of: &dyn Fn(&Affine) -> f64| {
            let values = drawn.iter().map(of);
            (values.clone().fold(f64::INFINITY, f64::min), values.fold(f64::NEG_INFINITY, f64::max))
        };
        assert_eq!(range(&|a| a.translate.0), (-5.0, 5.0));
        assert_eq!(range(&|a| a.translate.1), (-4.0, 4.0));
        assert_eq!(range(&|a| a.shear.1), (0.0, 0.0));
        for (of, low, high) in [
            (&(|a: &Affine| a.angle) as &dyn Fn(&Affine) -> f64, -30.0, 30.0),
            (&|a: &Affine| a.scale, 0.5, 2.0),
            (&|a: &Affine| a.shear.0, -10.0, 10.0),
        ] {
            let (from, to) = range(of);
            let near = 0.02 * (high - low);
            assert!(low <= from && from < low + near && high - near < to && to <= high, "{from} {to}");
        }
        let still = RandomAffine::new(0.0);
        let image = Tensor::<Rank3<2, 3, 5>>::rand(&mut rng);
        assert_eq!(still.apply(image.clone(), &mut rng), image);
    }
}
