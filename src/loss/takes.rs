//! The input of each loss: scores, probabilities, or logarithms of probabilities. A tensor whose graph is of another kind, such
//! as a softmax where scores are expected, does not build.
//!
//! ```compile_fail,E0080
//! use typegrad::prelude::*;
//! let net: (Linear<64, 10>, Softmax<-1>) = Init::new(&mut Rng::seed(0));
//! net.train(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&Tensor::<Rank1<32>, i64>::full(3)).backward();
//! ```
//!
//! ```compile_fail,E0080
//! use typegrad::prelude::*;
//! let net: (Linear<64, 10>, LogSoftmax<-1>) = Init::new(&mut Rng::seed(0));
//! net.train(Tensor::<Rank2<32, 64>>::ones()).cross_entropy(&Tensor::<Rank1<32>, i64>::full(3)).backward();
//! ```
//!
//! ```compile_fail,E0080
//! use typegrad::prelude::*;
//! let net: (Linear<64, 10>, Softmax<-1>) = Init::new(&mut Rng::seed(0));
//! net.train(Tensor::<Rank2<32, 64>>::ones()).nll_loss(&Tensor::<Rank1<32>, i64>::full(3)).backward();
//! ```
//!
//! ```compile_fail,E0080
//! use typegrad::prelude::*;
//! let net: (Linear<64, 10>, Softmax<-1>) = Init::new(&mut Rng::seed(0));
//! let (x, teacher) = (Tensor::<Rank2<32, 64>>::ones(), Tensor::<Rank2<32, 10>>::full(0.1));
//! KlDivLoss::new().batchmean(net.train(x), teacher).backward();
//! ```
//!
//! ```compile_fail,E0080
//! use typegrad::prelude::*;
//! let net: (Linear<64, 1>, Sigmoid) = Init::new(&mut Rng::seed(0));
//! let (x, target) = (Tensor::<Rank2<32, 64>>::ones(), Tensor::<Rank2<32, 1>>::ones());
//! net.train(x).binary_cross_entropy_with_logits(target).backward();
//! ```

use super::{
    BceLoss, BceWithLogitsLoss, ClassesAt, CrossEntropyLoss, CtcLoss, KlDivLoss, LastAxisClasses, NllLoss,
};
use crate::graph::{ChecksInput, Flow, Kind, Meaning};
use crate::shape::{Broken, Dim, Law, Message, Shape};
use crate::tensor::MaybePadded;
use std::marker::PhantomData;

/// The kind of the elements of a tensor or a batch.
pub(super) type KindOf<X> =
    <<X as MaybePadded>::Flow as Flow<<X as MaybePadded>::Shape, <X as MaybePadded>::Element>>::Kind;

/// The requirement of a loss on the kind of its input.
macro_rules! takes {
    ($($(#[$doc:meta])* $law:ident { $($kind:ident => $text:literal,)+ })+) => { $(
        $(#[$doc])*
        pub struct $law<K>(PhantomData<K>);

        impl<K: Kind> Law for $law<K> {
            const WRONG: Option<Message> = None;
            const BROKEN: Broken = match K::IS {
                $(Meaning::$kind => Some($text),)+
                _ => None,
            };
        }
    )+ };
}
takes! {
    /// Scores of classes, before the softmax.
    Scores {
        IsSoftmax => "cross_entropy takes scores, and this is their softmax: remove the softmax, cross_entropy contains it",
        IsLogSoftmax => "cross_entropy takes scores, and this is their log_softmax: remove the log_softmax, or write nll_loss",
        IsSigmoid => "cross_entropy takes scores, and this is their sigmoid: remove the sigmoid",
    }
    /// Scores of binary labels, before the sigmoid.
    Logits {
        IsSoftmax => "binary_cross_entropy_with_logits takes scores, and this is their softmax: remove the softmax",
        IsLogSoftmax => "binary_cross_entropy_with_logits takes scores, and this is their log_softmax: leave it out",
        IsSigmoid => "binary_cross_entropy_with_logits takes scores, and this is their sigmoid: remove the sigmoid, or write \
                    binary_cross_entropy",
    }
    /// Probabilities of binary labels.
    Probabilities {
        IsLogSoftmax => "binary_cross_entropy takes probabilities, and this is a log_softmax: write softmax",
        IsScores => "binary_cross_entropy takes probabilities, and these are scores, the result of a layer: write sigmoid before it, or \
                    binary_cross_entropy_with_logits",
    }
    /// Logarithms of the probabilities of classes.
    LogProbabilities {
        IsSoftmax => "nll_loss takes logarithms of probabilities, and this is a softmax: write log_softmax instead",
        IsSigmoid => "nll_loss takes logarithms of probabilities, and this is a sigmoid: write log_sigmoid instead",
        IsScores => "nll_loss takes logarithms of probabilities, and these are scores, the result of a layer: write log_softmax before \
                    it, or cross_entropy",
    }
    /// Logarithms of a distribution.
    LogDistribution {
        IsSoftmax => "kl_div takes logarithms of probabilities, and this is a softmax: write log_softmax instead",
        IsSigmoid => "kl_div takes logarithms of probabilities, and this is a sigmoid: write log_sigmoid instead",
        IsScores => "kl_div takes logarithms of probabilities, and these are scores, the result of a layer: write log_softmax before it",
    }
    /// Logarithms of the probabilities of labels, for CTC.
    LogLabels {
        IsSoftmax => "ctc_loss takes logarithms of probabilities, and this is a softmax: write log_softmax instead",
        IsSigmoid => "ctc_loss takes logarithms of probabilities, and this is a sigmoid: write log_sigmoid instead",
        IsScores => "ctc_loss takes logarithms of probabilities, and these are scores, the result of a layer: write log_softmax before it",
    }
}

/// The result of a network, of kind `K`, has at least two classes. The name is short because rustc prints it.
pub struct Two<K, D>(PhantomData<(K, D)>);

impl<K: Kind, D: Dim> Law for Two<K, D> {
    const WRONG: Option<Message> = None;
    const BROKEN: Broken = match K::IS {
        Meaning::IsScores | Meaning::IsLogSoftmax if D::SIZE == 1 && !D::LOST => Some(ONE_CLASS),
        _ => None,
    };
}

const ONE_CLASS: &str =
    "the loss of one class is always 0: for binary labels write binary_cross_entropy_with_logits";

/// Scores of shape `S` have more classes than one at the axis `A`.
pub struct SeveralClasses<S, A>(PhantomData<(S, A)>);

/// The index of the axis of the classes, from the back if it is negative.
pub trait ClassIndex {
    const INDEX: isize;
    /// The number of axes from which on the loss must say another one.
    const OTHER_FROM: usize = usize::MAX;
}

impl ClassIndex for LastAxisClasses {
    const INDEX: isize = -1;
    const OTHER_FROM: usize = 3;
}

/// A log_softmax of shape `S` and kind `K` is along the axis `A` of the classes.
pub struct AlongClasses<K, S, A>(PhantomData<(K, S, A)>);

impl<K: Kind, S: Shape, A: ClassIndex> Law for AlongClasses<K, S, A> {
    const WRONG: Option<Message> = match K::ALONG {
        Some(along) if S::RANK < A::OTHER_FROM && along as isize != at::<S, A>() => {
            let message = Message::new()
                .text("nll_loss takes a log_softmax along axis ")
                .signed(at::<S, A>())
                .text(", that of the classes, and this is one along axis ")
                .number(along)
                .text(": write `LogSoftmax<")
                .signed(A::INDEX)
                .text(">` or `log_softmax::<")
                .signed(A::INDEX)
                .text(">()`");
            Some(message)
        }
        _ => None,
    };
}

/// The position of the axis of the classes.
const fn at<S: Shape, A: ClassIndex>() -> isize {
    if A::INDEX < 0 { A::INDEX + S::RANK as isize } else { A::INDEX }
}

impl<const I: isize> ClassIndex for ClassesAt<I> {
    const INDEX: isize = I;
}

impl<S: Shape, A: ClassIndex> Law for SeveralClasses<S, A> {
    const WRONG: Option<Message> = None;
    const BROKEN: Broken = {
        let index = at::<S, A>();
        if !S::LOST && 0 <= index && index < S::RANK as isize && S::SIZES[index as usize] == 1 {
            Some(ONE_CLASS)
        } else {
            None
        }
    };
}

macro_rules! checks_input {
    ($($loss:ident [$($weights:ident)*] $law:ident),+) => { $(
        impl<$($weights),*> ChecksInput for $loss<$($weights),*> {
            type Takes<K: Kind, S: Shape> = $law<K>;
        }
    )+ };
    ($loss:ident of classes $law:ident) => {
        impl<W, A: ClassIndex> ChecksInput for $loss<W, A> {
            type Takes<K: Kind, S: Shape> = ($law<K>, SeveralClasses<S, A>);
        }
    };
}
checks_input! {
    KlDivLoss [] LogDistribution, BceLoss [W] Probabilities, BceWithLogitsLoss [W P] Logits, CtcLoss [] LogLabels
}
checks_input! { CrossEntropyLoss of classes Scores }

impl<W, A: ClassIndex> ChecksInput for NllLoss<W, A> {
    type Takes<K: Kind, S: Shape> = (LogProbabilities<K>, (AlongClasses<K, S, A>, SeveralClasses<S, A>));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Context, Graph};
    use crate::prelude::*;

    fn kind<S: Shape, E: Element, C: Context, F: Flow<S, E>>(_: Tensor<S, E, Graph<C, F>>) -> Meaning {
        F::Kind::IS
    }

    type X = Rank2<4, 3>;

    #[test]
    fn a_change_of_the_shape_keeps_the_kind_and_arithmetic_does_not() {
        let w = Param::new(Tensor::<X, f64>::ones());
        let softmax = || w.track().softmax::<-1>();
        assert_eq!(kind(softmax()), Meaning::IsSoftmax);
        assert_eq!(kind(softmax().reshape::<Rank1<12>>()), Meaning::IsSoftmax);
        assert_eq!(kind(softmax().unsqueeze::<0>().permute::<Axes3<2, 0, 1>>()), Meaning::IsSoftmax);
        assert_eq!(kind(softmax().to::<f32>()), Meaning::IsSoftmax);
        assert_eq!(kind(softmax().shared(|x| x)), Meaning::IsSoftmax);
        assert_eq!(kind(softmax().shared(|x| x.clone() + x)), Meaning::Whatever);
        assert_eq!(kind(softmax().ln()), Meaning::Whatever);
        assert_eq!(kind(softmax() * 1.0), Meaning::Whatever);
        assert_eq!(kind(softmax().relu()), Meaning::Whatever);
        assert_eq!(kind(softmax().boxed()), Meaning::Whatever);
        assert_eq!(kind(softmax().detach()), Meaning::Whatever);
        assert_eq!(kind(w.track().exp().sin().sigmoid().flatten()), Meaning::IsSigmoid);
        assert_eq!(kind(w.track().exp().log_softmax::<0>()), Meaning::IsLogSoftmax);
        assert_eq!(kind(w.track().sigmoid().exp().flatten()), Meaning::Whatever);
        assert_eq!(kind(w.track().flatten()), Meaning::Whatever);
    }

    #[test]
    fn modules_hand_on_the_kind_of_their_result() {
        let rng = &mut Rng::seed(0);
        let x = || Tensor::<Rank2<5, 4>>::ones();
        let net: (Linear<4, 3>, Softmax<-1>) = Init::new(rng);
        assert_eq!(kind(net.train(x())), Meaning::IsSoftmax);
        assert_eq!(kind(net.infer(x())), Meaning::Whatever);
        let net: (Linear<4, 3>, Softmax<-1>, Identity, Flatten) = Init::new(rng);
        assert_eq!(kind(net.train(x())), Meaning::IsSoftmax);
        let net: (Linear<4, 3>, Sigmoid, Linear<3, 2>) = Init::new(rng);
        assert_eq!(kind(net.train(x())), Meaning::IsScores);
        assert_eq!(kind(net.train(x()).reshape::<Rank1<10>>()), Meaning::IsScores);
        assert_eq!(kind(net.train(x()) * 1.0), Meaning::Whatever);
        assert_eq!(kind(net.train(x()).log_softmax::<-1>()), Meaning::IsLogSoftmax);
        let net: (Linear<4, 3>, (NoBias<Linear<3, 2>>, Flatten)) = Init::new(rng);
        assert_eq!(kind(net.train(x())), Meaning::IsScores);
        let net: (Linear<4, 3>, LayerNorm<3>) = Init::new(rng);
        assert_eq!(kind(net.train(x())), Meaning::Whatever);
        let net: (Linear<4, 4>, Residual<Softmax<-1>>) = Init::new(rng);
        assert_eq!(kind(net.train(x())), Meaning::Whatever);
        let net: ((Linear<4, 3>, Relu), (Linear<3, 2>, (LogSoftmax<-1>,))) = Init::new(rng);
        assert_eq!(kind(net.eval(x())), Meaning::IsLogSoftmax);
    }

    // PyTorch 2.15: x = arange(12.).view(4, 3).sin(), y = tensor([0, 2, 1, 1]); F.cross_entropy(x, y), of softmax(x), and
    // -softmax(x)[arange(4), y].mean().
    #[test]
    fn deliberate_uses_have_the_values_of_pytorch() {
        let x = Param::new(Tensor::<X, f64>::from_fn(|i| (i as f64).sin()));
        let y = &Tensor::from([0, 2, 1, 1]);
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-14, "{a} {b}");
        close(x.track().cross_entropy(y).backward(), 1.470139955164496);
        close(x.track().softmax::<-1>().ln().nll_loss(y).backward(), 1.470139955164496);
        close(x.track().log_softmax::<-1>().nll_loss(y).backward(), 1.470139955164496);
        close(x.track().softmax::<-1>().boxed().cross_entropy(y).backward(), 1.2056513339360337);
        close(x.track().softmax::<-1>().boxed().nll_loss(y).backward(), -0.23965255681347697);
    }
}
