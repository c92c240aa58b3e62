//! The states of the generators of a module, by name.

use super::load::{Invalid, LoadError, Mismatch};
use super::state_dict::StateDict;
use super::state_kind::Taker;
use super::state_tensor::StateTensor;
use super::walk::{NamedVisitor, Path, Walk};
use super::{Dtype, Generator, Module, Param, StateData};
use crate::element::Float;
use crate::rng::Rng;
use crate::shape::Shape;
use crate::tensor::generator::{from_words, words};
use std::collections::HashSet;

/// Lists the generators of a module, also those in frozen parts.
#[derive(Default)]
struct Find<'a> {
    found: Vec<(String, &'a Generator)>,
}

impl<'a> NamedVisitor<'a> for Find<'a> {
    fn param<S: Shape, E: Float>(&mut self, _: &Path, _: &'a Param<S, E>) {}
    fn generator(&mut self, at: &Path, generator: &'a Generator) {
        self.found.push((at.to_string(), generator));
    }
}

fn find<M: Module + ?Sized>(module: &M) -> Vec<(String, &Generator)> {
    let mut find = Walk::new(Find::default());
    module.visit(&mut find);
    find.visitor.found
}

pub(super) fn state<M: Module + ?Sized>(module: &M) -> StateDict {
    let mut dict = StateDict::new();
    for (name, generator) in find(module) {
        let words = generator.draw(|rng| words(rng)).to_vec();
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
        return Err(error.of(Taker::Generators, dict));
    }
    for ((_, generator), state) in found.into_iter().zip(states) {
        generator.draw(|rng| *rng = state);
    }
    Ok(())
}

pub(super) fn reseed<M: Module + ?Sized>(module: &M, seed: u64) {
    let mut rng = Rng::seed(seed);
    for (_, generator) in find(module) {
        generator.reseed(rng.bits());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Frozen, Init, Linear, ModuleExt, Strict};

    type Net = (Linear<2, 2>, Generator, Frozen<(Generator, Linear<2, 1>)>, [Generator; 2]);

    fn net(seed: u64) -> Net {
        Init::new(&mut Rng::seed(seed))
    }

    fn draws(net: &Net) -> [u64; 4] {
        [&net.1, &net.2.inner().0, &net.3[0], &net.3[1]].map(|generator| generator.draw(Rng::bits))
    }

    #[test]
    fn a_seed_determines_the_numbers_of_each_layer() {
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
    fn the_state_is_saved_by_name_and_resumes_bit_identically() {
        let (a, b) = (net(1), net(2));
        draws(&a);
        let dict = a.generator_state();
        assert_eq!(dict.names().collect::<Vec<_>>(), ["1", "2.0", "3.0", "3.1"]);
        b.load_generator_state(&dict).unwrap();
        assert_eq!(b.generator_state(), dict);
        assert_eq!(draws(&a), draws(&b));
    }

    #[test]
    fn a_generator_is_not_in_the_state_dict() {
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
    fn errors_name_every_difference_and_change_nothing() {
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
                "the state dict does not fit the generators of the module:",
                "  missing: `3.1` is in the generators of the module but not in the state dict",
                "  unexpected: `4` is in the state dict but not in the generators of the module",
                "  mismatched: `3.0` is int64 [4] in the generators of the module and int64 [3] in the state dict",
                "  invalid: `2.0` has only zeros, the state of no generator",
            ]
        );
        assert_eq!(net.generator_state(), before);
    }
}
