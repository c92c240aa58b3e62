//! Mirror images.

use crate::element::Element;
use crate::options;
use crate::rng::Rng;
use crate::shape::Axis;
use crate::tensor::Tensor;

macro_rules! flip {
    ($(#[$doc:meta])* $name:ident $axis:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $name {
            p: f64,
        }

        impl $name {
            /// With the probability 1/2.
            #[must_use]
            // rustc shows the next line where an option is an argument, as in PyTorch.
            #[rustfmt::skip]
            pub fn new() -> Self { // an option is a method: `.p(0.3)`
                $name { p: 0.5 }
            }

            /// Sets the probability, 0.5 by default.
            ///
            /// # Panics
            /// If `p` is not from 0 to 1.
            #[must_use]
            #[track_caller]
            pub fn p(mut self, p: f64) -> Self {
                self.p = options::share("a probability", p);
                self
            }

            /// The image or its mirror image. In and out: `[.., H, W]`.
            pub fn apply<S, E>(&self, image: Tensor<S, E>, rng: &mut Rng) -> Tensor<S, E>
            where
                S: Axis<$axis>,
                E: Element,
            {
                if rng.uniform() < self.p { image.flip::<$axis>() } else { image }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                $name::new()
            }
        }
    };
}

flip! {
    /// Exchanges left and right. PyTorch's `transforms.RandomHorizontalFlip(p)`.
    ///
    /// ```
    /// use typegrad::data::transforms::RandomHorizontalFlip;
    /// use typegrad::prelude::*;
    /// let image = Tensor::from([[[1.0, 2.0], [3.0, 4.0]]]);
    /// let flipped = RandomHorizontalFlip::new().p(1.0).apply(image, &mut Rng::seed(0));
    /// assert_eq!(flipped, Tensor::from([[[2.0, 1.0], [4.0, 3.0]]]));
    /// ```
    RandomHorizontalFlip -1
}

flip! {
    /// Exchanges above and below. PyTorch's `transforms.RandomVerticalFlip(p)`.
    RandomVerticalFlip -2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_flipped_with_its_probability() {
        let image = Tensor::from([[[1.0_f64, 2.0, 3.0], [4.0, 5.0, 6.0]]]);
        let mut rng = Rng::seed(2);
        let mut count = |p| {
            let flip = RandomHorizontalFlip::new().p(p);
            (0..10_000).filter(|_| flip.apply(image.clone(), &mut rng) != image).count()
        };
        assert_eq!((count(0.0), count(1.0)), (0, 10_000));
        // Five deviations of √(n p (1 - p)).
        assert!(count(0.3).abs_diff(3000) < 230);
        let down = RandomVerticalFlip::new().p(1.0).apply(image, &mut rng);
        assert_eq!(down, Tensor::from([[[4.0, 5.0, 6.0], [1.0, 2.0, 3.0]]]));
    }
}
