//! From single examples to tensors of a batch.

use crate::element::Element;
use crate::shape::{Const, InsertAxis};
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::any::Any;

/// The label that no loss counts: PyTorch's default `ignore_index`.
pub const IGNORED: i64 = -100;

/// An example that can be put into a batch with others. PyTorch's `default_collate`.
///
/// | an example | a batch of `B` |
/// |---|---|
/// | `f32`, `f64`, `i64`, `bool` | `Tensor<Rank1<B>, _>` |
/// | `[f32; N]`, `[[f32; M]; N]`, and of other elements | `Tensor<Rank2<B, N>, _>`, `Tensor<Rank3<B, N, M>, _>` |
/// | `Tensor<S, E>` | `Tensor<_, E>` whose shape is `S` behind an axis of `B` |
/// | `(X, Y)`, an input and its target | the batches of both |
/// | `Result<T, E>` | the batch of all, or the first error |
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
/// impl Collate for Digit {
///     type Batch<const B: usize> = Digits<B>;
///     fn collate<const B: usize>(digits: Vec<Self>) -> Digits<B> {
///         let labels = i64::collate(digits.iter().map(|digit| digit.label).collect());
///         let images = Collate::collate(digits.into_iter().map(|digit| digit.pixels).collect());
///         Digits { images, labels }
///     }
///     fn ignore<const B: usize>(batch: &mut Digits<B>, from: usize) {
///         i64::ignore(&mut batch.labels, from);
///     }
/// }
///
/// let digits = vec![Digit { pixels: [0.5; 64], label: 3 }; 5].batches::<4>();
/// let labels: Vec<_> = digits.in_order().map(|batch| batch.data.labels.to_vec()).collect();
/// assert_eq!(labels, [[3, 3, 3, 3], [3, -100, -100, -100]]);
/// ```
#[diagnostic::on_unimplemented(
    message = "examples of type `{Self}` cannot be put into a batch",
    label = "neither a number, an array, a tensor nor a pair of them",
    note = "implement `typegrad::data::Collate` for it, or make it a pair `(input, target)` with `Dataset::map`"
)]
pub trait Collate: Sized {
    /// `B` of them.
    type Batch<const B: usize>;

    /// Puts `B` examples, which are as many, into a batch, in order.
    fn collate<const B: usize>(examples: Vec<Self>) -> Self::Batch<B>;

    /// Where the batch is what a loss compares with, marks the rows from `from` on as not to be counted: they only
    /// fill the batch up. Whole numbers become [`IGNORED`]; what has no such mark stays as it is.
    fn ignore<const B: usize>(_batch: &mut Self::Batch<B>, _from: usize) {}
}

fn ignore_rows<E: Element, S>(batch: &mut Tensor<S, E>, rows: usize, from: usize) {
    // `IGNORED` as an element, if the elements are whole numbers.
    if let Some(mark) = (&IGNORED as &dyn Any).downcast_ref::<E>() {
        let elements = batch.data.make_mut();
        let row = elements.len() / rows.max(1);
        elements[from * row..].fill(*mark);
    }
}

impl<S: InsertAxis<0>, E: Element> Collate for Tensor<S, E> {
    type Batch<const B: usize> = Tensor<S::Inserted<Const<B>>, E>;
    fn collate<const B: usize>(examples: Vec<Self>) -> Self::Batch<B> {
        let mut elements = Vec::with_capacity(B * S::NUMEL);
        examples.iter().for_each(|example| elements.extend_from_slice(example.as_slice()));
        Tensor::constant(Storage::from_slice(&elements))
    }
    fn ignore<const B: usize>(batch: &mut Self::Batch<B>, from: usize) {
        ignore_rows(batch, B, from);
    }
}

macro_rules! impl_collate {
    ($($t:ty),*) => { $(
        impl Collate for $t {
            type Batch<const B: usize> = Tensor<(Const<B>,), $t>;
            fn collate<const B: usize>(examples: Vec<Self>) -> Self::Batch<B> {
                Tensor::constant(Storage::from_slice(&examples))
            }
            fn ignore<const B: usize>(batch: &mut Self::Batch<B>, from: usize) {
                ignore_rows(batch, B, from);
            }
        }

        impl<const N: usize> Collate for [$t; N] {
            type Batch<const B: usize> = Tensor<(Const<B>, Const<N>), $t>;
            fn collate<const B: usize>(examples: Vec<Self>) -> Self::Batch<B> {
                Tensor::constant(Storage::from_slice(examples.as_flattened()))
            }
            fn ignore<const B: usize>(batch: &mut Self::Batch<B>, from: usize) {
                ignore_rows(batch, B, from);
            }
        }

        impl<const M: usize, const N: usize> Collate for [[$t; M]; N] {
            type Batch<const B: usize> = Tensor<(Const<B>, Const<N>, Const<M>), $t>;
            fn collate<const B: usize>(examples: Vec<Self>) -> Self::Batch<B> {
                Tensor::constant(Storage::from_slice(examples.as_flattened().as_flattened()))
            }
            fn ignore<const B: usize>(batch: &mut Self::Batch<B>, from: usize) {
                ignore_rows(batch, B, from);
            }
        }
    )* };
}
impl_collate!(f32, f64, i64, bool);

/// An input and its target.
impl<X: Collate, Y: Collate> Collate for (X, Y) {
    type Batch<const B: usize> = (X::Batch<B>, Y::Batch<B>);
    fn collate<const B: usize>(examples: Vec<Self>) -> Self::Batch<B> {
        let (x, y) = examples.into_iter().unzip();
        (X::collate(x), Y::collate(y))
    }
    fn ignore<const B: usize>((_, y): &mut Self::Batch<B>, from: usize) {
        Y::ignore(y, from);
    }
}

/// Examples that may be missing, such as files that cannot be read: a batch is whole or an error.
impl<T: Collate, E> Collate for Result<T, E> {
    type Batch<const B: usize> = Result<T::Batch<B>, E>;
    fn collate<const B: usize>(examples: Vec<Self>) -> Self::Batch<B> {
        let examples: Vec<T> = examples.into_iter().collect::<Result<_, E>>()?;
        Ok(T::collate(examples))
    }
    fn ignore<const B: usize>(batch: &mut Self::Batch<B>, from: usize) {
        if let Ok(batch) = batch {
            T::ignore(batch, from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn only_whole_numbers_that_are_targets_are_marked() {
        let mut batch = <(i64, [i64; 2])>::collate::<2>(vec![(1, [2, 3]), (4, [5, 6])]);
        <(i64, [i64; 2])>::ignore(&mut batch, 1);
        assert_eq!(batch, (Tensor::from([1, 4]), Tensor::from([[2, 3], [IGNORED, IGNORED]])));
        let mut batch = <(i64, f32)>::collate::<2>(vec![(1, 2.0), (3, 4.0)]);
        <(i64, f32)>::ignore(&mut batch, 0);
        assert_eq!(batch, (Tensor::from([1, 3]), Tensor::from([2.0, 4.0])));
    }

    #[test]
    fn a_batch_with_an_error_is_the_first_error() {
        let batch = Result::<f32, _>::collate::<3>(vec![Ok(1.0), Err("no second"), Err("no third")]);
        assert_eq!(batch.unwrap_err(), "no second");
        assert_eq!(Result::<f64, ()>::collate::<1>(vec![Ok(1.0)]).unwrap(), Tensor::from([1.0]));
    }
}
