//! Which operation computed a tensor, as far as losses care: a softmax, a sigmoid, or anything else. It is part of the type of a
//! graph, so a loss that takes scores rejects their softmax when the program is built.

/// The kind of the elements of a tensor, a type.
pub trait Kind: 'static {
    /// The kind as a value.
    const IS: Meaning;
    /// The kind of the result of an operation of this kind, if its operand has the kind `K`.
    type After<K: Kind>: Kind;
}

/// The kind of the elements of a tensor, as a value: which loss accepts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Anything else.
    Whatever,
    /// The result of `softmax`: probabilities that add up to 1.
    IsSoftmax,
    /// The result of `log_softmax`.
    IsLogSoftmax,
    /// The result of `sigmoid`.
    IsSigmoid,
}

/// The result of any other operation.
#[derive(Debug)]
pub enum Anything {}
/// The elements of the operand in another shape or order: the kind of the operand is kept.
#[derive(Debug)]
pub enum AsBefore {}
/// The result of `softmax`.
#[derive(Debug)]
pub enum OfSoftmax {}
/// The result of `log_softmax`.
#[derive(Debug)]
pub enum OfLogSoftmax {}
/// The result of `sigmoid`.
#[derive(Debug)]
pub enum OfSigmoid {}

macro_rules! kinds {
    ($($kind:ident: $is:ident),*) => { $(
        impl Kind for $kind {
            const IS: Meaning = Meaning::$is;
            type After<K: Kind> = $kind;
        }
    )* };
}
kinds!(Anything: Whatever, OfSoftmax: IsSoftmax, OfLogSoftmax: IsLogSoftmax, OfSigmoid: IsSigmoid);

impl Kind for AsBefore {
    const IS: Meaning = Meaning::Whatever;
    type After<K: Kind> = K;
}
