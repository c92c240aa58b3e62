//! Early stopping.

use crate::nn::{Invalid, LoadError, Module, ModuleExt, StateData, StateDict, StateTensor, Strict, Taker};
use crate::options::Reported;
use std::fmt;

/// Stops training after `patience` epochs without improvement, and keeps the best weights. Keras' `EarlyStopping(patience,
/// min_delta, restore_best_weights=True)`, which PyTorch lacks.
///
/// ```
/// use typegrad::prelude::*;
/// use typegrad::train::EarlyStopping;
/// let rng = &mut Rng::seed(0);
/// let (x, y) = (Tensor::<Rank2<16, 3>>::randn(rng), Tensor::<Rank2<16, 1>>::ones());
/// let mut net = Linear::<3, 1>::new(rng);
/// let mut adam = Adam::new(0.1);
/// let mut stopping = EarlyStopping::new(5).min_delta(1e-4);
/// for epoch in 0..10_000 {
///     net.zero_grad();
///     let loss = net.train(x.clone()).mse_loss(&y).backward(); // here that of a validation set
///     if stopping.update(loss, &net) {
///         break;
///     }
///     adam.step(&mut net);
/// }
/// stopping.restore(&mut net);
/// assert!((f64::from(net.infer(x).mse_loss(&y).item()) - stopping.best()).abs() < 1e-6);
/// ```
#[derive(Clone)]
pub struct EarlyStopping {
    patience: usize,
    min_delta: f64,
    maximize: bool,
    best: f64,
    best_epoch: usize,
    epochs: usize,
    weights: Option<StateDict>,
}

impl EarlyStopping {
    /// Ends training when `patience` epochs in a row had no smaller loss than the best one.
    #[must_use]
    // rustc shows the next line where an option is an argument, as in PyTorch.
    #[rustfmt::skip]
    pub fn new(patience: usize) -> Self { // options: `EarlyStopping::new(5).min_delta(1e-4)`; `stopping.update(loss, &net)`
        EarlyStopping {
            patience,
            min_delta: 0.0,
            maximize: false,
            best: f64::NAN,
            best_epoch: 0,
            epochs: 0,
            weights: None,
        }
    }

    /// Sets by how much a loss must be smaller to count as an improvement, 0 by default.
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[must_use]
    #[track_caller]
    pub fn min_delta(mut self, min_delta: f64) -> Self {
        assert!(min_delta >= 0.0, "Invalid min_delta: {min_delta:?}");
        self.min_delta = min_delta;
        self
    }

    /// Larger is better, as for an accuracy. Keras' `mode="max"`.
    #[must_use]
    pub fn maximize(mut self) -> Self {
        self.maximize = true;
        self
    }

    /// Records the loss of an epoch, and saves the weights and buffers of the network if it is the best loss. Returns whether the
    /// training should end. A loss that is NaN is never the best.
    ///
    /// The memory of the weights is shared with the network until its next step.
    pub fn update(&mut self, loss: impl Reported, net: &impl Module) -> bool {
        let loss = loss.number();
        self.epochs += 1;
        let gain = if self.maximize { loss - self.best } else { self.best - loss };
        // The first one that is a number.
        if gain > self.min_delta || self.best.is_nan() && !loss.is_nan() {
            (self.best, self.best_epoch) = (loss, self.epochs);
            self.weights = Some(net.state_dict());
        }
        self.epochs - self.best_epoch >= self.patience.max(1)
    }

    /// The best loss; NaN before the first one.
    #[must_use]
    pub fn best(&self) -> f64 {
        self.best
    }

    /// The epoch of the best loss, counted from 1; 0 before the first one.
    #[must_use]
    pub fn best_epoch(&self) -> usize {
        self.best_epoch
    }

    /// The losses so far and the best weights, for a file.
    #[must_use]
    pub fn state_dict(&self) -> StateDict {
        let weights = self.weights.clone().unwrap_or_default();
        let mut dict = weights.add_prefix("weights.");
        for (name, data) in [
            ("best", StateData::from(vec![self.best])),
            ("best_epoch", vec![self.best_epoch as i64].into()),
            ("epochs", vec![self.epochs as i64].into()),
        ] {
            let number = StateTensor::new(vec![], data).expect("one number");
            dict.insert(name, number).expect("all other names begin with `weights.`");
        }
        dict
    }

    /// Restores the losses and weights that [`state_dict`](Self::state_dict) saved. The options stay those of the program.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// use typegrad::train::EarlyStopping;
    /// let net = Linear::<3, 1>::new(&mut Rng::seed(0));
    /// let mut stopping = EarlyStopping::new(5);
    /// stopping.update(0.5, &net);
    /// let mut resumed = EarlyStopping::new(5);
    /// resumed.load_state_dict(&stopping.state_dict())?;
    /// assert_eq!((resumed.best(), resumed.best_epoch()), (0.5, 1));
    /// # Ok::<(), typegrad::nn::LoadError>(())
    /// ```
    ///
    /// # Errors
    /// If an entry is missing or has another type; then nothing is changed.
    pub fn load_state_dict(&mut self, dict: &StateDict) -> Result<(), LoadError> {
        let (whole, mut dict) = (dict, dict.clone());
        let mut missing = Vec::new();
        let mut number = |name: &str| {
            let number = dict.remove(name);
            if number.is_none() {
                missing.push(name.to_owned());
            }
            number
        };
        let [best, best_epoch, epochs] = ["best", "best_epoch", "epochs"].map(&mut number);
        let count = |number: Option<StateTensor>| match number?.data().as_slice::<i64>()? {
            [count] => usize::try_from(*count).ok(),
            _ => None,
        };
        let best = best.and_then(|best| best.data().as_slice::<f64>()?.first().copied());
        let (Some(best), Some(best_epoch), Some(epochs)) = (best, count(best_epoch), count(epochs)) else {
            let invalid = match missing.is_empty() {
                true => vec![Invalid {
                    name: "best".to_owned(),
                    problem: "no state of an early stopping".to_owned(),
                }],
                false => vec![],
            };
            return Err(
                LoadError { missing, invalid, ..LoadError::default() }.of(Taker::EarlyStopping, whole)
            );
        };
        let weights = dict.clone().strip_prefix("weights.").unwrap_or(dict);
        self.weights = (!weights.is_empty()).then_some(weights);
        (self.best, self.best_epoch, self.epochs) = (best, best_epoch, epochs);
        Ok(())
    }

    /// Sets the weights and buffers of a network to the best ones. Does nothing if every loss was NaN.
    ///
    /// # Panics
    /// Before the first [`update`](Self::update), or if the network has other parameters than that of `update`.
    #[track_caller]
    pub fn restore(&self, net: &mut impl Module) {
        assert!(
            self.epochs > 0,
            "there are no weights to restore: `stopping.update(loss, &net)` was not called, which saves the best ones"
        );
        if let Some(weights) = &self.weights
            && let Err(error) = net.load_state_dict(weights, Strict::Yes)
        {
            panic!("the saved weights are those of another network: {error}");
        }
    }
}

impl fmt::Debug for EarlyStopping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let EarlyStopping { patience, min_delta, best, best_epoch, epochs, .. } = self;
        write!(
            f,
            "EarlyStopping(patience={patience}, min_delta={min_delta:?}, best={best:?} in epoch {best_epoch} of {epochs})"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;

    fn run(mut stopping: EarlyStopping, losses: &[f64]) -> (EarlyStopping, usize, f64) {
        let mut net = Param::new(Tensor::<Rank1<1>, f64>::zeros());
        let mut epochs = 0;
        for (epoch, loss) in losses.iter().enumerate() {
            net.set(Tensor::full(epoch as f64 + 1.0));
            epochs += 1;
            if stopping.update(*loss, &net) {
                break;
            }
        }
        stopping.restore(&mut net);
        let weight = net.value().as_slice()[0];
        (stopping, epochs, weight)
    }

    #[test]
    fn it_ends_after_its_patience_with_the_best_weights() {
        let losses = [5.0, 3.0, 4.0, 2.0, 2.5, 2.0, 2.1, 0.0];
        let (stopping, epochs, weight) = run(EarlyStopping::new(3), &losses);
        assert_eq!((epochs, weight, stopping.best(), stopping.best_epoch()), (7, 4.0, 2.0, 4));
        let (_, epochs, weight) = run(EarlyStopping::new(4), &losses);
        assert_eq!((epochs, weight), (8, 8.0));
        let (_, epochs, weight) = run(EarlyStopping::new(2).min_delta(1.5), &losses);
        assert_eq!((epochs, weight), (4, 2.0));
        let (_, epochs, weight) = run(EarlyStopping::new(2).maximize(), &[0.5, 0.7, 0.7, 0.6, 0.9]);
        assert_eq!((epochs, weight), (4, 2.0));
    }

    #[test]
    fn it_resumes_from_its_state() {
        let net = Param::new(Tensor::<Rank1<1>, f64>::full(7.0));
        let (mut stopping, mut other) = (EarlyStopping::new(3), EarlyStopping::new(3));
        other.load_state_dict(&stopping.state_dict()).unwrap();
        assert!(other.best().is_nan());
        assert!(!stopping.update(2.0, &net) && !stopping.update(3.0, &net));
        other.load_state_dict(&stopping.state_dict()).unwrap();
        assert!(!other.update(3.0, &net) && other.update(3.0, &net));
        let mut copy = Param::new(Tensor::<Rank1<1>, f64>::zeros());
        other.restore(&mut copy);
        assert_eq!(copy.value(), net.value());
        let error = other.load_state_dict(&net.state_dict()).unwrap_err().to_string();
        assert!(error.contains("`best_epoch`"), "{error}");
    }

    #[test]
    fn nan_is_never_the_best() {
        let (stopping, epochs, weight) =
            run(EarlyStopping::new(3), &[f64::NAN, 2.0, f64::NAN, 3.0, f64::NAN]);
        assert_eq!((stopping.best(), epochs, weight), (2.0, 5, 2.0));
        let (stopping, epochs, weight) = run(EarlyStopping::new(2), &[f64::NAN; 4]);
        assert!(stopping.best().is_nan() && epochs == 2 && weight == 2.0);
    }

    #[test]
    #[should_panic(expected = "the saved weights are those of another network")]
    fn weights_go_back_into_their_network() {
        let mut stopping = EarlyStopping::new(1);
        stopping.update(1.0, &Param::new(Tensor::<Rank1<1>, f64>::zeros()));
        stopping.restore(&mut Param::new(Tensor::<Rank1<2>, f64>::zeros()));
    }
}
