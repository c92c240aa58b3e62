//! Random number generators of layers.

use crate::rng::Rng;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// An [`Rng`] that belongs to a module and is drawn from through a shared reference: what
/// [`Dropout`](crate::nn::Dropout) has.
///
/// PyTorch's layers draw from one generator of the whole process. Here each random layer has its own, seeded from the `rng`
/// that the network is created with, so one seed determines everything. It belongs to its module, under a name:
/// [`generator_state`](crate::nn::ModuleExt::generator_state) saves it and [`reseed`](crate::nn::ModuleExt::reseed)
/// restarts it. The state dict, which is PyTorch's, does not contain it. A clone continues with the same numbers.
///
/// ```
/// use typegrad::nn::Generator;
/// use typegrad::prelude::*;
///
/// /// Adds noise in training.
/// #[derive(Module)]
/// struct Noise {
///     generator: Generator,
/// }
///
/// impl<S: Shape> Forward<S> for Noise {
///     type Output = S;
///     fn forward<M: Mode>(&self, x: Input<S, M>) -> impl Traced<S, M> {
///         let noise = if M::TRAINING { self.generator.draw(Tensor::randn) } else { Tensor::zeros() };
///         x + noise
///     }
/// }
///
/// let (net, x) = (Noise::new(&mut Rng::seed(0)), Tensor::<Rank1<4>>::ones());
/// assert_eq!(net.infer(x.clone()), x);
/// assert_ne!(net.sample(x.clone()), net.sample(x));
/// ```
pub struct Generator(Mutex<Rng>);

impl Generator {
    /// A generator that starts from `seed`. A layer makes its own by [`Init::new`](crate::nn::Init::new).
    #[must_use]
    pub fn seed(seed: u64) -> Self {
        Generator(Mutex::new(Rng::seed(seed)))
    }

    /// Starts again from `seed`. PyTorch's `manual_seed`.
    pub fn reseed(&self, seed: u64) {
        *self.lock() = Rng::seed(seed);
    }

    /// Runs `f` with the generator locked, so that draws that belong together do not depend on the number of threads.
    pub fn draw<T>(&self, f: impl FnOnce(&mut Rng) -> T) -> T {
        f(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Rng> {
        // A generator is valid after any number of draws, even if a panic occurred meanwhile.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clone for Generator {
    fn clone(&self) -> Self {
        Generator(Mutex::new(self.lock().clone()))
    }
}

impl fmt::Debug for Generator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Generator")
    }
}

/// The four words of the state.
impl Serialize for Generator {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        words(&self.lock()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Generator {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rng = from_words(<[i64; 4]>::deserialize(deserializer)?);
        rng.map(|rng| Generator(Mutex::new(rng)))
            .ok_or_else(|| serde::de::Error::custom("no generator has the state 0"))
    }
}

/// The four words of the state.
pub(crate) fn words(rng: &Rng) -> [i64; 4] {
    let bytes = rng.to_bytes();
    std::array::from_fn(|i| i64::from_le_bytes(bytes.as_chunks().0[i]))
}

/// The generator of this state, if it is one.
pub(crate) fn from_words(words: [i64; 4]) -> Option<Rng> {
    let mut bytes = [0; 32];
    bytes.as_chunks_mut().0.iter_mut().zip(words).for_each(|(bytes, word)| *bytes = word.to_le_bytes());
    Rng::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn it_goes_through_serde() {
        let generator = Generator::seed(3);
        let text = serde_json::to_string(&generator).unwrap();
        let other: Generator = serde_json::from_str(&text).unwrap();
        assert_eq!(other.draw(Rng::bits), generator.draw(Rng::bits));
        assert!(serde_json::from_str::<Generator>("[0,0,0,0]").is_err());
    }

    #[test]
    fn threads_draw_whole_tensors() {
        let generator = Generator::seed(3);
        let draw = || generator.draw(|rng| [(); 100].map(|()| rng.bits()));
        let drawn: HashSet<_> = std::thread::scope(|scope| {
            let threads = [(); 4].map(|()| scope.spawn(draw));
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let other = Generator::seed(3);
        let in_order = [(); 4].map(|()| other.draw(|rng| [(); 100].map(|()| rng.bits())));
        assert_eq!(drawn, in_order.into_iter().collect());
    }
}
