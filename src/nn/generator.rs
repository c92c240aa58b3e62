//! Generators: what a layer draws its random numbers from while it is used.

use super::load::{Invalid, LoadError, Mismatch};
use super::module::{Init, Module, Name, Path, Visitor, VisitorMut};
use super::state::{Dtype, StateData, StateDict, StateTensor};
use super::{Buffer, Param};
use crate::element::{Element, Float};
use crate::rng::Rng;
use crate::shape::Shape;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::HashSet;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// An [`Rng`] that belongs to a module and is drawn from through a shared reference: what [`Dropout`](super::Dropout)
/// has.
///
/// PyTorch's layers draw from one generator of the whole process. Here each random layer has its own, made from the
/// `rng` that the network is made from, so that a seed says everything. It is a part of its module, with a name:
/// [`Module::generator_state`] saves it and [`Module::reseed`] begins anew, while the state dict, which is PyTorch's,
/// does not have it. A clone continues with the same numbers.
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
    /// A generator that starts from `seed`. A layer makes its own by [`Init::new`].
    #[must_use]
    pub fn seed(seed: u64) -> Self {
        Generator(Mutex::new(Rng::seed(seed)))
    }

    /// Starts again from `seed`. PyTorch's `manual_seed`.
    pub fn reseed(&self, seed: u64) {
        *self.lock() = Rng::seed(seed);
    }

    /// What `f` draws. Nobody else draws meanwhile, so that what is drawn together is the same however many threads
    /// there are.
    pub fn draw<T>(&self, f: impl FnOnce(&mut Rng) -> T) -> T {
        f(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Rng> {
        // After any number of draws it is a generator, whatever panicked meanwhile.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Init for Generator {
    /// A generator that starts from a number drawn from `rng`.
    fn new(rng: &mut Rng) -> Self {
        Generator::seed(rng.bits())
    }
}

#[diagnostic::do_not_recommend]
impl Module for Generator {
    const NUM_PARAMETERS: Option<usize> = Some(0);

    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
        visitor.generator(self);
    }
    // It is written through a shared reference.
    fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, _: &mut V) {}
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

fn words(rng: &Rng) -> [i64; 4] {
    let bytes = rng.to_bytes();
    std::array::from_fn(|i| i64::from_le_bytes(bytes.as_chunks().0[i]))
}

fn from_words(words: [i64; 4]) -> Option<Rng> {
    let mut bytes = [0; 32];
    bytes.as_chunks_mut().0.iter_mut().zip(words).for_each(|(bytes, word)| *bytes = word.to_le_bytes());
    Rng::from_bytes(bytes)
}

/// Lists the generators of a module, also those in frozen parts.
#[derive(Default)]
struct Find<'a> {
    found: Vec<(String, &'a Generator)>,
    path: Path,
}

impl<'a> Visitor<'a> for Find<'a> {
    fn enter(&mut self, name: Name) {
        self.path.enter(name);
    }
    fn leave(&mut self) {
        self.path.leave();
    }
    fn param<S: Shape, E: Float>(&mut self, _: &'a Param<S, E>) {}
    fn buffer<S: Shape, E: Element>(&mut self, _: &'a Buffer<S, E>) {}
    fn generator(&mut self, generator: &'a Generator) {
        self.found.push((self.path.to_string(), generator));
    }
    fn frozen<M: Module>(&mut self, module: &'a M) {
        module.visit(self);
    }
}

fn find<M: Module + ?Sized>(module: &M) -> Vec<(String, &Generator)> {
    let mut find = Find::default();
    module.visit(&mut find);
    find.found
}

pub(super) fn state<M: Module + ?Sized>(module: &M) -> StateDict {
    let mut dict = StateDict::new();
    for (name, generator) in find(module) {
        let words = words(&generator.lock()).to_vec();
        let entry = StateTensor::new(vec![words.len()], StateData::from(words));
        if let Err(error) = entry.and_then(|entry| dict.insert(name, entry)) {
            panic!("{error}: two generators of this module have it");
        }
    }
    dict
}

/// Loads all states or none.
pub(super) fn load<M: Module + ?Sized>(module: &M, dict: &StateDict) -> Result<(), LoadError> {
    let found = find(module);
    let mut error = LoadError::default();
    let mut states = Vec::with_capacity(found.len());
    for (name, _) in &found {
        let Some(entry) = dict.get(name) else {
            error.missing.push(name.clone());
            continue;
        };
        match entry.data().as_slice::<i64>().map(<[i64; 4]>::try_from) {
            Some(Ok(words)) if entry.shape() == [4] => match from_words(words) {
                Some(rng) => states.push(rng),
                None => error.invalid.push(Invalid {
                    name: name.clone(),
                    problem: "only zeros, the state of no generator".into(),
                }),
            },
            _ => error.mismatched.push(Mismatch {
                name: name.clone(),
                expected_shape: vec![4],
                expected_dtype: Dtype::I64,
                found_shape: entry.shape().to_vec(),
                found_dtype: entry.dtype(),
            }),
        }
    }
    let known: HashSet<_> = found.iter().map(|(name, _)| name.as_str()).collect();
    error.unexpected.extend(dict.names().filter(|name| !known.contains(name)).map(str::to_owned));
    if error != LoadError::default() {
        return Err(error);
    }
    for ((_, generator), state) in found.into_iter().zip(states) {
        *generator.lock() = state;
    }
    Ok(())
}

pub(super) fn reseed<M: Module + ?Sized>(module: &M, seed: u64) {
    let mut rng = Rng::seed(seed);
    for (_, generator) in find(module) {
        *generator.lock() = Rng::seed(rng.bits());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Frozen, Linear, Strict};

    type Net = (Linear<2, 2>, Generator, Frozen<(Generator, Linear<2, 1>)>, [Generator; 2]);

    fn net(seed: u64) -> Net {
        Init::new(&mut Rng::seed(seed))
    }

    fn draws(net: &Net) -> [u64; 4] {
        [&net.1, &net.2.inner().0, &net.3[0], &net.3[1]].map(|generator| generator.draw(Rng::bits))
    }

    #[test]
    fn each_layer_has_its_own_numbers_and_a_seed_says_them_all() {
        let first = draws(&net(1));
        assert_eq!(first, draws(&net(1)));
        assert_ne!(first, draws(&net(2)));
        assert_eq!(first.into_iter().collect::<HashSet<_>>().len(), 4);
    }

    #[test]
    fn a_clone_continues_with_the_same_numbers() {
        let net = net(1);
        draws(&net);
        let clone = net.clone();
        assert_eq!(draws(&net), draws(&clone));
        assert_ne!(draws(&net), draws(&net));
    }

    #[test]
    fn the_state_is_saved_by_name_and_goes_on_to_the_bit() {
        let (a, b) = (net(1), net(2));
        draws(&a);
        let dict = a.generator_state();
        assert_eq!(dict.names().collect::<Vec<_>>(), ["1", "2.0", "3.0", "3.1"]);
        b.load_generator_state(&dict).unwrap();
        assert_eq!(b.generator_state(), dict);
        assert_eq!(draws(&a), draws(&b));
    }

    #[test]
    fn a_generator_is_in_no_state_dict_and_is_no_module_of_its_own() {
        let mut a = net(1);
        assert_eq!(
            a.state_dict().names().collect::<Vec<_>>(),
            ["0.weight", "0.bias", "2.1.weight", "2.1.bias"]
        );
        let before = a.generator_state();
        a.load_state_dict(&net(2).state_dict(), Strict::Yes).unwrap();
        assert_eq!(a.generator_state(), before);
        let names: Vec<_> = a.named_modules().map(|module| module.name).collect();
        assert_eq!(names, ["", "0", "2", "2.1", "3"]);
        assert_eq!(Net::NUM_PARAMETERS, Some(9));
    }

    #[test]
    fn reseeding_gives_each_generator_numbers_of_its_own() {
        let (a, b) = (net(1), net(2));
        draws(&a);
        a.reseed(7);
        b.reseed(7);
        let first = draws(&a);
        assert_eq!(first, draws(&b));
        assert_eq!(first.into_iter().collect::<HashSet<_>>().len(), 4);
        a.reseed(8);
        assert_ne!(first, draws(&a));
    }

    #[test]
    fn every_difference_is_named_and_nothing_is_changed() {
        let net = net(1);
        let entry = |words: Vec<i64>| StateTensor::new(vec![words.len()], StateData::from(words)).unwrap();
        let mut dict = StateDict::new();
        dict.insert("1", entry(vec![1, 2, 3, 4])).unwrap();
        dict.insert("2.0", entry(vec![0; 4])).unwrap();
        dict.insert("3.0", entry(vec![1; 3])).unwrap();
        dict.insert("4", entry(vec![1; 4])).unwrap();
        let before = net.generator_state();
        let error = net.load_generator_state(&dict).unwrap_err().to_string();
        assert_eq!(
            error.lines().collect::<Vec<_>>(),
            [
                "the state dict does not fit the module:",
                "  missing: `3.1` is in the module but not in the state dict",
                "  unexpected: `4` is in the state dict but not in the module",
                "  mismatched: `3.0` is int64 [4] in the module and int64 [3] in the state dict",
                "  invalid: `2.0` has only zeros, the state of no generator",
            ]
        );
        assert_eq!(net.generator_state(), before);
    }

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
