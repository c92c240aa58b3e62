//! Parts of a dataset: random, with equal shares of classes, folds.

use super::{Dataset, Subset};
use crate::rng::Rng;
use std::sync::Arc;

/// The size of a part of a dataset: a number of examples, `usize`, or a share of them, `f64`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the size of a part of a dataset",
    label = "neither a number of examples (`usize`) nor a share of them (`f64`)"
)]
pub trait SplitSize: Sized {
    #[doc(hidden)]
    #[track_caller]
    fn lengths<const N: usize>(sizes: [Self; N], len: usize) -> [usize; N];
}

impl SplitSize for usize {
    #[track_caller]
    fn lengths<const N: usize>(sizes: [usize; N], len: usize) -> [usize; N] {
        let sum: usize = sizes.iter().sum();
        assert!(sum == len, "parts of {sizes:?} examples add up to {sum}, but the dataset has {len}");
        sizes
    }
}

impl SplitSize for f64 {
    /// PyTorch's rule: floors, and what is left in turn.
    #[track_caller]
    fn lengths<const N: usize>(shares: [f64; N], len: usize) -> [usize; N] {
        let valid = shares.iter().all(|share| (0.0..=1.0).contains(share));
        let sum: f64 = shares.iter().sum();
        assert!(
            valid && (sum - 1.0).abs() < 1e-6,
            "the shares {shares:?} must be between 0 and 1 and add up to 1"
        );
        let mut lengths = shares.map(|share| (len as f64 * share).floor() as usize);
        let left = len.saturating_sub(lengths.iter().sum());
        for i in 0..left {
            lengths[i % N] += 1;
        }
        lengths
    }
}

/// The classes of examples, numbered from 0 in the order of their labels.
#[track_caller]
pub(super) fn classes<K: Ord>(labels: &[K], len: usize) -> Vec<usize> {
    assert!(labels.len() == len, "{} labels, but the dataset has {len} examples", labels.len());
    let mut names: Vec<&K> = labels.iter().collect();
    names.sort();
    names.dedup();
    labels.iter().map(|label| names.partition_point(|name| *name < label)).collect()
}

/// The subsets of a dataset with these indices.
pub(super) fn subsets<D: Dataset, const N: usize>(dataset: D, parts: [Vec<usize>; N]) -> [Subset<Arc<D>>; N] {
    let dataset = Arc::new(dataset);
    parts.map(|indices| Subset::unchecked(Arc::clone(&dataset), indices))
}

fn shuffled(len: usize, rng: &mut Rng) -> Vec<usize> {
    let mut order: Vec<_> = (0..len).collect();
    rng.shuffle(&mut order);
    order
}

pub(super) fn random<const N: usize>(lengths: [usize; N], rng: &mut Rng) -> [Vec<usize>; N] {
    let mut order = shuffled(lengths.iter().sum(), rng).into_iter();
    lengths.map(|length| order.by_ref().take(length).collect())
}

/// The examples of each class, in a random order.
fn by_class(classes: &[usize], rng: &mut Rng) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); classes.iter().max().map_or(0, |last| last + 1)];
    for index in shuffled(classes.len(), rng) {
        members[classes[index]].push(index);
    }
    members
}

/// Part after part, each class gives what is its share of what is left: rounded down, and where that is too few in all, up
/// for the classes with the largest remainders.
pub(super) fn stratified<const N: usize>(
    lengths: [usize; N],
    classes: &[usize],
    rng: &mut Rng,
) -> [Vec<usize>; N] {
    let mut members = by_class(classes, rng);
    let mut left = classes.len();
    lengths.map(|length| {
        // In integers, so that a share is not rounded: the quotient is taken, the remainder decides.
        let share = |class: &Vec<usize>| class.len() as u128 * length as u128;
        let whole = left.max(1) as u128;
        let mut counts: Vec<_> = members.iter().map(|class| (share(class) / whole) as usize).collect();
        let mut order: Vec<_> = (0..members.len()).collect();
        order.sort_by_key(|&class| std::cmp::Reverse(share(&members[class]) % whole));
        let missing = length - counts.iter().sum::<usize>();
        order.iter().take(missing).for_each(|&class| counts[class] += 1);
        left -= length;
        let mut part = Vec::with_capacity(length);
        for (class, count) in members.iter_mut().zip(counts) {
            part.extend(class.drain(..count));
        }
        rng.shuffle(&mut part);
        part
    })
}

/// The fold of each example: the first `len % k` folds have one more, as in scikit-learn.
pub(super) fn random_folds(len: usize, k: usize, rng: &mut Rng) -> Vec<usize> {
    let mut folds = vec![0; len];
    let mut order = shuffled(len, rng).into_iter();
    for fold in 0..k {
        let size = len / k + usize::from(fold < len % k);
        order.by_ref().take(size).for_each(|index| folds[index] = fold);
    }
    folds
}

/// The fold of each example: sorted by class, they are given to the folds in turn, as in scikit-learn.
pub(super) fn stratified_folds(classes: &[usize], k: usize, rng: &mut Rng) -> Vec<usize> {
    let mut folds = vec![0; classes.len()];
    let sorted = by_class(classes, rng).into_iter().flatten();
    sorted.enumerate().for_each(|(place, index)| folds[index] = place % k.max(1));
    folds
}

/// The pairs of the fold of each example that `assign` gives.
#[track_caller]
pub(super) fn folds<D: Dataset>(
    dataset: D,
    k: usize,
    assign: impl FnOnce(usize) -> Vec<usize>,
) -> Vec<(Subset<Arc<D>>, Subset<Arc<D>>)> {
    let len = dataset.len();
    assert!(
        2 <= k && k <= len,
        "the number of folds must be between 2 and the number of examples, {len}, got {k}"
    );
    let (dataset, folds) = (Arc::new(dataset), assign(len));
    let subset = |indices| Subset::unchecked(Arc::clone(&dataset), indices);
    let pair = |fold| {
        let (test, train) = (0..len).partition(|index| folds[*index] == fold);
        (subset(train), subset(test))
    };
    (0..k).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    // Not the trait of the prelude of proptest.
    use crate::rng::Rng;
    use proptest::prelude::*;

    fn sorted(parts: &[Vec<usize>]) -> Vec<usize> {
        let mut all = parts.concat();
        all.sort_unstable();
        all
    }

    #[test]
    fn shares_are_rounded_as_pytorch_rounds_them() {
        // [len(p) for p in torch.utils.data.random_split(range(n), shares)]
        assert_eq!(f64::lengths([0.8, 0.2], 103), [83, 20]);
        assert_eq!(f64::lengths([0.7, 0.2, 0.1], 11), [8, 2, 1]);
        assert_eq!(f64::lengths([0.5, 0.3, 0.2], 9), [5, 3, 1]);
        assert_eq!(f64::lengths([0.25; 4], 10), [3, 3, 2, 2]);
        assert_eq!(f64::lengths([1.0], 0), [0]);
    }

    #[test]
    fn a_split_is_random_and_follows_from_the_generator() {
        let split = |seed| random([7, 3], &mut Rng::seed(seed));
        assert_eq!(sorted(&split(0)), (0..10).collect::<Vec<_>>());
        assert_eq!(split(0), split(0));
        assert_ne!(split(0), split(1));
        let [a, b] = (0..10_i64).collect::<Vec<_>>().random_split([7, 3], &mut Rng::seed(0));
        assert_eq!([a.indices(), b.indices()], [&split(0)[0][..], &split(0)[1][..]]);
        assert_eq!((b.len(), b.get(1)), (3, b.indices()[1] as i64));
    }

    #[test]
    fn folds_have_the_sizes_of_scikit_learn() {
        // [len(test) for _, test in KFold(4, shuffle=True).split(range(10))]
        let folds = (0..10_i64).collect::<Vec<_>>().k_folds(4, &mut Rng::seed(0));
        assert_eq!(folds.iter().map(|(_, test)| test.len()).collect::<Vec<_>>(), [3, 3, 2, 2]);
        let tests: Vec<_> = folds.iter().map(|(_, test)| test.indices().to_vec()).collect();
        assert_eq!(sorted(&tests), (0..10).collect::<Vec<_>>());
        for (train, test) in &folds {
            assert_eq!(
                sorted(&[train.indices().to_vec(), test.indices().to_vec()]),
                (0..10).collect::<Vec<_>>()
            );
        }
        // y = [0] * 5 + [1] * 4 + [2] * 3; [np.bincount(y[test]) for .. in StratifiedKFold(3, shuffle=True)]
        let classes = [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2];
        let folds = stratified_folds(&classes, 3, &mut Rng::seed(0));
        let mut counts = [[0; 3]; 3];
        classes.iter().zip(folds).for_each(|(class, fold)| counts[fold][*class] += 1);
        assert_eq!(counts, [[2, 1, 1], [2, 1, 1], [1, 2, 1]]);
    }

    #[test]
    #[should_panic(expected = "parts of [7, 4] examples add up to 11, but the dataset has 10")]
    fn lengths_add_up() {
        let _ = vec![0_i64; 10].random_split([7, 4], &mut Rng::seed(0));
    }

    #[test]
    #[should_panic(expected = "the shares [0.7, 0.4] must be between 0 and 1 and add up to 1")]
    fn shares_add_up() {
        let _ = vec![0_i64; 10].random_split([0.7, 0.4], &mut Rng::seed(0));
    }

    #[test]
    #[should_panic(expected = "3 labels, but the dataset has 4 examples")]
    fn each_example_has_a_label() {
        let _ = vec![0_i64; 4].stratified_k_folds(2, &["a", "b", "a"], &mut Rng::seed(0));
    }

    proptest! {
        #[test]
        fn each_part_has_the_share_of_each_class(
            labels in prop::collection::vec(0_usize..5, 1..200),
            share in 0.0..1.0_f64,
            seed: u64,
        ) {
            let lengths = f64::lengths([share, 1.0 - share], labels.len());
            let of = classes(&labels, labels.len());
            let parts = stratified(lengths, &of, &mut Rng::seed(seed));
            prop_assert_eq!(sorted(&parts), (0..labels.len()).collect::<Vec<_>>());
            for (part, length) in parts.iter().zip(lengths) {
                prop_assert_eq!(part.len(), length);
                for class in 0..5 {
                    let all = labels.iter().filter(|label| **label == class).count() as f64;
                    let own = part.iter().filter(|index| labels[**index] == class).count() as f64;
                    let exact = all * length as f64 / labels.len() as f64;
                    prop_assert!((own - exact).abs() < 1.0, "{own} of class {class}, and not {exact}");
                }
            }
        }
    }
}
