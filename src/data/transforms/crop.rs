//! A part of an image.

use crate::element::Element;
use crate::rng::Rng;
use crate::shape::{Law, Message, Rank3};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// A part of `H` times `W` pixels of an image, anywhere in it with equal probability, after it is padded with `PADDING` zeros on each side. PyTorch's
/// `transforms.RandomCrop((H, W), padding=PADDING)`.
///
/// That the part is not larger than the padded image is checked when the program is built.
///
/// ```
/// use typegrad::data::transforms::RandomCrop;
/// use typegrad::prelude::*;
/// let image = Tensor::<Rank3<1, 28, 28>>::ones();
/// let part = RandomCrop::<24, 24>::new().apply(image, &mut Rng::seed(0));
/// assert_eq!(part, Tensor::<Rank3<1, 24, 24>>::ones());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RandomCrop<const H: usize, const W: usize, const PADDING: usize = 0>;

/// A crop of `H` times `W` pixels of an image of `I` times `J`.
struct Crop<const I: usize, const J: usize, const H: usize, const W: usize, const PADDING: usize>;

impl<const I: usize, const J: usize, const H: usize, const W: usize, const PADDING: usize> Law
    for Crop<I, J, H, W, PADDING>
{
    const WRONG: Option<Message> = if H <= I + 2 * PADDING && W <= J + 2 * PADDING {
        None
    } else {
        let message = Message::new()
            .text("a crop of ")
            .number(H)
            .text(" x ")
            .number(W)
            .text(" pixels is larger than the image, which has ")
            .number(I + 2 * PADDING)
            .text(" x ")
            .number(J + 2 * PADDING)
            .text(" with its padding");
        Some(message)
    };
}

impl<const H: usize, const W: usize, const PADDING: usize> RandomCrop<H, W, PADDING> {
    /// The transform.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new() -> Self { // sizes are parameters of the type: `RandomCrop::<28, 28, 4>::new()`
        RandomCrop
    }

    /// A part of the image. In: `[C, I, J]`. Out: `[C, H, W]`.
    pub fn apply<const C: usize, const I: usize, const J: usize, E: Element>(
        &self,
        image: Tensor<Rank3<C, I, J>, E>,
        rng: &mut Rng,
    ) -> Tensor<Rank3<C, H, W>, E> {
        let () = Crop::<I, J, H, W, PADDING>::HOLDS;
        let (top, left) = (rng.below(I + 2 * PADDING - H + 1), rng.below(J + 2 * PADDING - W + 1));
        // The columns of the part that are in the image, and where these are in the image.
        let (start, end) = (PADDING.saturating_sub(left).min(W), (J + PADDING).saturating_sub(left).min(W));
        let image = image.as_slice();
        let mut out = Storage::filled(C * H * W, E::default());
        let rows = out.make_mut();
        for channel in 0..C {
            for row in 0..H {
                let Some(from) = (row + top).checked_sub(PADDING).filter(|from| *from < I) else { continue };
                if start < end {
                    let from = (channel * I + from) * J + start + left - PADDING;
                    let to = (channel * H + row) * W;
                    rows[to + start..to + end].copy_from_slice(&image[from..from + end - start]);
                }
            }
        }
        Tensor::constant(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_part_of_the_padded_image_is_drawn() {
        let image = Tensor::<Rank3<2, 3, 4>, i64>::from_fn(|i| i as i64 + 1);
        // A naive oracle: the padded image, and its parts.
        let pixel = |c: usize, y: usize, x: usize| match (y.checked_sub(2), x.checked_sub(2)) {
            (Some(y), Some(x)) if y < 3 && x < 4 => (c * 12 + y * 4 + x) as i64 + 1,
            _ => 0,
        };
        let mut parts = BTreeSet::new();
        for top in 0..=7 - 4 {
            for left in 0..=8 - 3 {
                let part =
                    (0..2 * 4 * 3).map(|i| pixel(i / 12, top + i / 3 % 4, left + i % 3)).collect::<Vec<_>>();
                parts.insert(part);
            }
        }
        let mut rng = Rng::seed(0);
        let crop = RandomCrop::<4, 3, 2>::new();
        let drawn: BTreeSet<_> = (0..1000).map(|_| crop.apply(image.clone(), &mut rng).to_vec()).collect();
        assert_eq!(drawn, parts);
        let whole = RandomCrop::<3, 4>::new().apply(image.clone(), &mut rng);
        assert_eq!(whole, image);
        // Padding alone.
        let far = RandomCrop::<1, 1, 3>::new();
        assert!((0..1000).any(|_| far.apply(image.clone(), &mut rng).to_vec() == [0, 0]));
    }
}
