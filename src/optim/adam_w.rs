//! AdamW: θ ← θ - lr λ θ, then the step of Adam without a weight decay.

use super::adam::Formula;
use super::rule::{Core, optimizer, option};
use std::fmt;

/// Adam with a decoupled weight decay (Loshchilov, Hutter 2019). PyTorch's `torch.optim.AdamW`.
///
/// Before the step of [`Adam`](super::Adam), θ ← (1 - `lr` · `weight_decay`) · θ. In `Adam` the decay is part of the
/// gradient, and divided by its size like everything else.
///
/// Invalid options panic in the method that sets them, with the text of PyTorch's `ValueError`.
///
/// ```
/// use typegrad::prelude::*;
/// let mut w = Param::new(Tensor::<Rank1<1>, f64>::full(2.0));
/// let mut adam = AdamW::new(0.1).weight_decay(0.5);
/// (w.track() * 0.0).sum().backward();
/// adam.step(&mut w);
/// assert_eq!(w.value().as_slice(), [1.9]); // 2.0 * (1.0 - 0.1 * 0.5)
/// ```
#[derive(Clone)]
pub struct AdamW {
    core: Core<Formula<true>>,
}
optimizer!(AdamW);

impl AdamW {
    /// AdamW with PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8, weight decay 0.01.
    ///
    /// # Panics
    /// If `lr` is negative or NaN.
    // rustc shows the next line where the parameters are an argument.
    #[rustfmt::skip]
    #[must_use]
    #[track_caller]
    pub fn new(lr: f64) -> Self { // options: `AdamW::new(1e-3).weight_decay(0.1)`; the network: `adam.step(&mut net)`
        AdamW { core: Core::new(lr, Formula::DEFAULT) }.weight_decay(1e-2)
    }

    option!(betas);
    option!(eps);

    /// Sets the decoupled weight decay, 0.01 by default: each step subtracts `lr` · `weight_decay` of a parameter.
    ///
    /// # Panics
    /// If it is negative or NaN.
    #[must_use]
    #[track_caller]
    pub fn weight_decay(mut self, weight_decay: f64) -> Self {
        self.core.set_weight_decay(weight_decay);
        self
    }

    option!(amsgrad);
}

impl Default for AdamW {
    /// PyTorch's default learning rate, 0.001.
    fn default() -> Self {
        AdamW::new(1e-3)
    }
}

impl fmt::Debug for AdamW {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.core.fmt_adam(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_debug_text_shows_the_options() {
        assert_eq!(
            format!("{:?}", AdamW::default().maximize()),
            "AdamW(lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01, amsgrad=false, maximize=true)"
        );
    }
}
