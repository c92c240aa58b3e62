//! Averages of the weights during training.

use super::snapshot::Buffers;
use super::{
    Invalid, LoadError, Module, ModuleExt, Param, StateDict, StateTensor, Strict, Taker, Visitor, VisitorMut,
};
use crate::element::Float;
use crate::shape::Shape;
use std::any::Any;
use std::fmt;

/// A copy of a network whose weights are the average of those of a network in training. PyTorch's `optim.swa_utils.AveragedModel`.
///
/// - [`ema`](Self::ema): w̄ ← d w̄ + (1 - d) w, an exponential moving average;
/// - [`swa`](Self::swa): the mean of all w so far (Izmailov et al. 2018).
///
/// The first update copies the weights. Buffers are those of the last update, as in PyTorch.
///
/// ```
/// use typegrad::nn::AveragedModel;
/// use typegrad::prelude::*;
/// let rng = &mut Rng::seed(0);
/// let mut net = Linear::<3, 1>::new(rng);
/// let mut sgd = Sgd::new(0.1);
/// let mut ema = AveragedModel::ema(&net, 0.99);
/// for _ in 0..100 {
///     net.zero_grad();
///     net.train(Tensor::<Rank2<8, 3>>::randn(rng)).powi(2).mean().backward();
///     sgd.step(&mut net);
///     ema.update(&net);
/// }
/// let y = ema.module().infer(Tensor::<Rank2<1, 3>>::ones());
/// ```
#[derive(Clone)]
pub struct AveragedModel<M> {
    module: M,
    /// `None` for the mean of all.
    decay: Option<f64>,
    updates: u64,
}

impl<M: Module + Clone> AveragedModel<M> {
    /// An exponential moving average with this decay, such as 0.999. PyTorch's `AveragedModel(net,
    /// multi_avg_fn=get_ema_multi_avg_fn(decay))`.
    ///
    /// # Panics
    /// If `decay` is not from 0 to 1.
    #[must_use]
    #[track_caller]
    pub fn ema(module: &M, decay: f64) -> Self {
        assert!(
            (0.0..=1.0).contains(&decay),
            "Invalid decay value {decay:?} provided. Please provide a value in [0,1] range."
        );
        AveragedModel::new(module, Some(decay))
    }

    /// The mean of all weights. PyTorch's `AveragedModel(net)`.
    #[must_use]
    pub fn swa(module: &M) -> Self {
        AveragedModel::new(module, None)
    }

    fn new(module: &M, decay: Option<f64>) -> Self {
        let module = module.clone();
        module.zero_grad();
        AveragedModel { module, decay, updates: 0 }
    }

    /// Takes the weights of a network into the average: after each step, or for `swa` after each epoch. PyTorch's
    /// `update_parameters`.
    pub fn update(&mut self, net: &M) {
        let weight = match self.decay {
            _ if self.updates == 0 => 1.0,
            Some(decay) => 1.0 - decay,
            None => 1.0 / (self.updates as f64 + 1.0),
        };
        let mut params = Params(Vec::new());
        net.visit(&mut params);
        self.module.visit_mut(&mut Mix { params: params.0.into_iter(), weight });
        Buffers::of(net).restore(&self.module);
        self.updates += 1;
    }

    /// The average and the number of updates, for a file, under PyTorch's names: `module.weight`, .., `n_averaged`.
    ///
    /// ```
    /// use typegrad::nn::AveragedModel;
    /// use typegrad::prelude::*;
    /// let net = Linear::<3, 1>::new(&mut Rng::seed(0));
    /// let mut ema = AveragedModel::ema(&net, 0.99);
    /// ema.update(&net);
    /// let mut resumed = AveragedModel::ema(&net, 0.99);
    /// resumed.load_state_dict(&ema.state_dict())?;
    /// assert_eq!(resumed.num_updates(), 1);
    /// # Ok::<(), typegrad::nn::LoadError>(())
    /// ```
    #[must_use]
    pub fn state_dict(&self) -> StateDict {
        let mut dict = self.module.state_dict().add_prefix("module.");
        let count = StateTensor::new(vec![], vec![self.updates as i64]).expect("one number");
        dict.insert("n_averaged", count).expect("all other names begin with `module.`");
        dict
    }

    /// Resumes where the average was that gave this state dict.
    ///
    /// # Errors
    /// Everything that does not fit, at once; the average is unchanged then.
    pub fn load_state_dict(&mut self, dict: &StateDict) -> Result<(), LoadError> {
        self.load(dict.clone()).map_err(|error| error.of(Taker::AveragedModel, dict))
    }

    fn load(&mut self, mut dict: StateDict) -> Result<(), LoadError> {
        let count = dict.remove("n_averaged").and_then(|count| match count.data().as_slice::<i64>() {
            Some([count]) => u64::try_from(*count).ok(),
            _ => None,
        });
        let Some(count) = count else {
            let problem = "no number of updates".to_owned();
            let invalid = vec![Invalid { name: "n_averaged".to_owned(), problem }];
            return Err(LoadError { invalid, ..LoadError::default() });
        };
        // Names that are not in the module are found when it is loaded.
        let dict = dict.clone().strip_prefix("module.").unwrap_or(dict);
        self.module.load_state_dict(&dict, Strict::Yes)?;
        self.updates = count;
        Ok(())
    }
}

/// A network, which runs on an input. An [`AveragedModel`] is none.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "an `AveragedModel` holds the network that runs, which is `module()`",
    label = "not a network",
    note = "write `average.module().infer(x)`, `average.module().infer2(x, y)`"
)]
pub trait IsANetwork {}

// One line each: rustc shows them in errors. The type of a result is not known, so that nothing is reported where it is used.
#[rustfmt::skip]
#[doc(hidden)]
impl<M> AveragedModel<M> {
    pub fn infer<X, R>(&mut self, _: X) -> R where Self: IsANetwork { unreachable!() }
    pub fn infer2<X, Y, R>(&mut self, _: X, _: Y) -> R where Self: IsANetwork { unreachable!() }
    pub fn eval<X, R>(&mut self, _: X) -> R where Self: IsANetwork { unreachable!() }
}

impl<M> AveragedModel<M> {
    /// The network with the average weights.
    ///
    /// Running statistics of a batch norm are those of the last update; a pass of
    /// [`sample`](super::Forward::sample) over the training set gives it its own. PyTorch's `update_bn`.
    #[must_use]
    pub fn module(&self) -> &M {
        &self.module
    }

    /// The network with the average weights, for its own.
    #[must_use]
    pub fn into_module(self) -> M {
        self.module
    }

    /// The number of updates. PyTorch's `n_averaged`.
    #[must_use]
    pub fn num_updates(&self) -> u64 {
        self.updates
    }
}

impl<M: fmt::Debug> fmt::Debug for AveragedModel<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.decay {
            Some(decay) => write!(f, "AveragedModel(ema, decay={decay:?}, {:?})", self.module),
            None => write!(f, "AveragedModel(swa, {:?})", self.module),
        }
    }
}

/// The parameters of a module, also frozen ones.
struct Params<'a>(Vec<&'a dyn Any>);

impl<'a> Visitor<'a> for Params<'a> {
    fn param<S: Shape, E: Float>(&mut self, param: &'a Param<S, E>) {
        self.0.push(param);
    }
    fn frozen<N: Module>(&mut self, module: &'a N) {
        module.visit(self);
    }
}

struct Mix<'p> {
    params: std::vec::IntoIter<&'p dyn Any>,
    weight: f64,
}

impl<'a> VisitorMut<'a> for Mix<'_> {
    fn param<S: Shape, E: Float>(&mut self, average: &'a mut Param<S, E>) {
        let param = self.params.next().and_then(|param| param.downcast_ref::<Param<S, E>>());
        let param = param.expect("a module of one type has the same parameters");
        if self.weight == 1.0 {
            average.set(param.value().clone());
            return;
        }
        let weight = E::from_f64(self.weight);
        let keep = E::from_f64(1.0 - self.weight);
        for (mean, x) in average.as_mut_slice().iter_mut().zip(param.value().as_slice()) {
            // As `torch.lerp`, which goes from the nearer end.
            *mean = if self.weight < 0.5 { *mean + weight * (*x - *mean) } else { *x - (*x - *mean) * keep };
        }
    }
    fn frozen<N: Module>(&mut self, module: &'a mut N) {
        module.visit_mut(self);
    }
}
