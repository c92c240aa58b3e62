//! From single examples to tensors of a batch.

use crate::element::Element;
use crate::shape::{Const, InsertAxis};
use crate::storage::Storage;
use crate::tensor::{PaddedBatch, Tensor};

/// An example that can be batched with others. PyTorch's `default_collate`.
///
/// | an example | a batch of `B` |
/// |---|---|
/// | `f32`, `f64`, `i64`, `bool` | `Tensor<Rank1<B>, _>` |
/// | `[f32; N]`, `[[f32; M]; N]`, and of other elements | `Tensor<Rank2<B, N>, _>`, `Tensor<Rank3<B, N, M>, _>` |
/// | `Tensor<S, E>` | `Tensor<_, E>` whose shape is an axis of `B`, then `S` |
/// | `(X, Y)`, an input and its target, or three or four | the batches of each |
/// | `String` | `[String; B]`; of a loader, a `Vec` of the real ones |
/// | `Result<T, E>` | the batch of all, or the first error |
///
/// A loader, whose last batch has rows of padding, yields each of these tensors as a [`PaddedBatch`].
///
/// A program implements it for a type of its own to get batches with names:
///
/// ```
/// use typegrad::data::{Collate, Dataset};
/// use typegrad::prelude::*;
///
/// #[derive(Clone)]
/// struct Digit { pixels: [f32; 64], label: i64 }
/// struct Digits<const B: usize> { images: Tensor<Rank2<B, 64>>, labels: Tensor<Rank1<B>, i64> }
///
/// /// The same with padding.
/// struct PaddedDigits<const B: usize> {
///     images: PaddedBatch<Tensor<Rank2<B, 64>>>,
///     labels: PaddedBatch<Tensor<Rank1<B>, i64>>,
/// }
///
/// impl Collate for Digit {
///     type Batch<const B: usize> = Digits<B>;
///     type Padded<const B: usize> = PaddedDigits<B>;
///     fn collate<const B: usize>(digits: Vec<Self>) -> Digits<B> {
///         let labels = i64::collate(digits.iter().map(|digit| digit.label).collect());
///         let images = Collate::collate(digits.into_iter().map(|digit| digit.pixels).collect());
///         Digits { images, labels }
///     }
///     fn pad<const B: usize>(batch: Digits<B>, real: usize) -> PaddedDigits<B> {
///         PaddedDigits {
///             images: PaddedBatch::new(batch.images, real),
///             labels: PaddedBatch::new(batch.labels, real),
///         }
///     }
/// }
///
/// let digits = vec![Digit { pixels: [0.5; 64], label: 3 }; 5].batches::<4>();
/// let labels: Vec<_> = digits.in_order().flat_map(|batch| batch.data.labels.real_elements().to_vec()).collect();
/// assert_eq!(labels, [3; 5]);
/// ```
#[diagnostic::on_unimplemented(
    message = "examples of type `{Self}` cannot be put into a batch",
    label = "neither a number, an array, a tensor nor a pair of them",
    note = "implement `typegrad::data::Collate` for it, or make it a pair `(input, target)` with `Dataset::map`"
)]
pub trait Collate: Sized {
    /// `B` of them.
    type Batch<const B: usize>;
    /// `B` of them, of which the last may be padding.
    type Padded<const B: usize>;

    /// Puts exactly `B` examples into a batch, in order.
    fn collate<const B: usize>(examples: Vec<Self>) -> Self::Batch<B>;

    /// The batch whose first `real` rows count.
    fn pad<const B: usize>(batch: Self::Batch<B>, real: usize) -> Self::Padded<B>;
}

impl<S: InsertAxis<0>, E: Element> Collate for Tensor<S, E> {
    type Batch<const B: usize> = Tensor<S::Inserted<Const<B>>, E>;
    type Padded<const B: usize> = PaddedBatch<Tensor<S::Inserted<Const<B>>, E>>;
    fn collate<const B: usize>(examples: Vec<Self>) -> Self::Batch<B> {
        let mut elements = Vec::with_capacity(B * S::NUMEL);
        examples.iter().for_each(|example| elements.extend_from_slice(example.as_slice()));
        Tensor::constant(Storage::from_slice(&elements))
    }
    fn pad<const B: usize>(batch: Self::Batch<B>, real: usize) -> Self::Padded<B> {
        PaddedBatch::first(batch, real, B)
    }
}

impl Collate for String {
    type Batch<const B: usize> = [String; B];
    type Padded<const B: usize> = Vec<String>;
    fn collate<const B: usize>(examples: Vec<Self>) -> [String; B] {
        examples.try_into().unwrap_or_else(|texts: Vec<Self>| unreachable!("{} texts of {B}", texts.len()))
    }
    fn pad<const B: usize>(batch: [String; B], real: usize) -> Vec<String> {
        let mut texts = Vec::from(batch);
        texts.truncate(real);
        texts
    }
}

macro_rules! impl_collate {
    ($($t:ty),*) => { $(
        impl Collate for $t {
            type Batch<const B: usize> = Tensor<(Const<B>,), $t>;
            type Padded<const B: usize> = PaddedBatch<Tensor<(Const<B>,), $t>>;
            fn collate<const B: usize>(examples: Vec<Self>) -> Self::Batch<B> {
                Tensor::constant(Storage::from_slice(&examples))
            }
            fn pad<const B: usize>(batch: Self::Batch<B>, real: usize) -> Self::Padded<B> {
                PaddedBatch::first(batch, real, B)
            }
        }

        impl<const N: usize> Collate for [$t; N] {
            type Batch<const B: usize> = Tensor<(Const<B>, Const<N>), $t>;
            type Padded<const B: usize> = PaddedBatch<Tensor<(Const<B>, Const<N>), $t>>;
            fn collate<const B: usize>(examples: Vec<Self>) -> Self::Batch<B> {
                Tensor::constant(Storage::from_slice(examples.as_flattened()))
            }
            fn pad<const B: usize>(batch: Self::Batch<B>, real: usize) -> Self::Padded<B> {
                PaddedBatch::first(batch, real, B)
            }
        }

        impl<const M: usize, const N: usize> Collate for [[$t; M]; N] {
            type Batch<const B: usize> = Tensor<(Const<B>, Const<N>, Const<M>), $t>;
            type Padded<const B: usize> = PaddedBatch<Tensor<(Const<B>, Const<N>, Const<M>), $t>>;
            fn collate<const B: usize>(examples: Vec<Self>) -> Self::Batch<B> {
                Tensor::constant(Storage::from_slice(examples.as_flattened().as_flattened()))
            }
            fn pad<const B: usize>(batch: Self::Batch<B>, real: usize) -> Self::Padded<B> {
                PaddedBatch::first(batch, real, B)
            }
        }
    )* };
}
impl_collate!(f32, f64, i64, bool);

macro_rules! impl_tuple {
    ($($t:ident $examples:ident),+) => {
        impl<$($t: Collate),+> Collate for ($($t,)+) {
            type Batch<const B: usize> = ($($t::Batch<B>,)+);
            type Padded<const B: usize> = ($($t::Padded<B>,)+);
            fn collate<const B: usize>(examples: Vec<Self>) -> Self::Batch<B> {
                $(let mut $examples = Vec::with_capacity(B);)+
                for example in examples {
                    impl_tuple!(@push example, $($examples),+);
                }
                ($($t::collate($examples),)+)
            }
            fn pad<const B: usize>(($($examples,)+): Self::Batch<B>, real: usize) -> Self::Padded<B> {
                ($($t::pad($examples, real),)+)
            }
        }
    };
    (@push $example:ident, $a:ident, $b:ident) => {{
        let (x, y) = $example;
        ($a.push(x), $b.push(y));
    }};
    (@push $example:ident, $a:ident, $b:ident, $c:ident) => {{
        let (x, y, z) = $example;
        ($a.push(x), $b.push(y), $c.push(z));
    }};
    (@push $example:ident, $a:ident, $b:ident, $c:ident, $d:ident) => {{
        let (x, y, z, w) = $example;
        ($a.push(x), $b.push(y), $c.push(z), $d.push(w));
    }};
}
impl_tuple!(X x, Y y);
impl_tuple!(X x, Y y, Z z);
impl_tuple!(X x, Y y, Z z, W w);

/// Examples that may be missing, such as files that cannot be read: a batch is complete or an error.
impl<T: Collate, E> Collate for Result<T, E> {
    type Batch<const B: usize> = Result<T::Batch<B>, E>;
    type Padded<const B: usize> = Result<T::Padded<B>, E>;
    fn collate<const B: usize>(examples: Vec<Self>) -> Self::Batch<B> {
        let examples: Vec<T> = examples.into_iter().collect::<Result<_, E>>()?;
        Ok(T::collate(examples))
    }
    fn pad<const B: usize>(batch: Self::Batch<B>, real: usize) -> Self::Padded<B> {
        batch.map(|batch| T::pad(batch, real))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Dataset;
    use crate::prelude::*;

    #[test]
    fn every_kind_of_example_gets_an_axis_in_front() {
        assert_eq!(i64::collate::<2>(vec![3, 4]), Tensor::from([3, 4]));
        assert_eq!(
            <[f64; 2]>::collate::<2>(vec![[1.0, 2.0], [3.0, 4.0]]),
            Tensor::from([[1.0, 2.0], [3.0, 4.0]])
        );
        let x: Tensor<Rank3<2, 1, 2>, bool> = Collate::collate(vec![[[true, false]], [[false, true]]]);
        assert_eq!(x, Tensor::from([[[true, false]], [[false, true]]]));
        let rows =
            vec![(Tensor::from([1.0, 2.0]), Tensor::from(7)), (Tensor::from([3.0, 4.0]), Tensor::from(8))];
        let (x, y): (Tensor<Rank2<2, 2>>, Tensor<Rank1<2>, i64>) = Collate::collate(rows);
        assert_eq!((x.to_vec(), y.to_vec()), (vec![1.0, 2.0, 3.0, 4.0], vec![7, 8]));
    }

    #[test]
    fn texts_are_examples() {
        let texts = ["a", "b", "c"].map(|text| (text.to_owned(), 1.5_f32)).to_vec();
        let batches: Vec<_> = texts.batches::<2>().in_order().collect();
        assert_eq!(batches[0].data.0, ["a", "b"]);
        assert_eq!(
            (&batches[1].data.0[..], batches[1].data.1.real_elements()),
            (&["c".to_owned()][..], &[1.5][..])
        );
    }

    #[test]
    fn padding_marks_no_element() {
        let batch = <(i64, [i64; 2], f32)>::collate::<2>(vec![(1, [2, 3], 0.5), (4, [5, 6], 1.5)]);
        let (x, y, z) = <(i64, [i64; 2], f32)>::pad(batch, 1);
        assert_eq!(
            (x.real_elements(), y.real_elements(), z.real_elements()),
            (&[1][..], &[2, 3][..], &[0.5][..])
        );
        assert_eq!(x.with_padding(), Tensor::from([1, 4]));
        assert_eq!(y.with_padding(), Tensor::from([[2, 3], [5, 6]]));
    }

    #[test]
    fn a_batch_with_an_error_is_the_first_error() {
        let batch = Result::<f32, _>::collate::<3>(vec![Ok(1.0), Err("no second"), Err("no third")]);
        assert_eq!(batch.unwrap_err(), "no second");
        assert_eq!(Result::<f64, ()>::collate::<1>(vec![Ok(1.0)]).unwrap(), Tensor::from([1.0]));
    }
}
