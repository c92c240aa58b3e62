//! The kind of result of the last operation, as far as losses are concerned: a part of the type of a graph, so that a loss of
//! scores does not accept their softmax.

/// The kind of the elements of a tensor.
pub trait Kind: 'static {
    /// The kind as a value.
    const IS: Meaning;
    /// The kind of result of an operation of this kind on a result of the kind `K`.
    type After<K: Kind>: Kind;
}

/// The elements of a tensor, as far as losses are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Whatever.
    Whatever,
    /// A softmax.
    IsSoftmax,
    /// The logarithm of a softmax.
    IsLogSoftmax,
    /// A sigmoid.
    IsSigmoid,
}

/// Numbers of which nothing is known.
#[derive(Debug)]
pub enum Anything {}
/// The elements of the input, in another shape or order.
#[derive(Debug)]
pub enum AsBefore {}
/// Probabilities that add up to 1.
#[derive(Debug)]
pub enum OfSoftmax {}
/// Their logarithms.
#[derive(Debug)]
pub enum OfLogSoftmax {}
/// Probabilities of a yes.
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
