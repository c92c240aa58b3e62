//! Reads a state dict entry by entry, and collects everything that is wrong with it.

use crate::nn::{Dtype, Invalid, LoadError, Mismatch, StateData, StateDict, StateTensor, Taker};
use std::collections::HashSet;

/// A state dict of single numbers.
pub(super) fn dict<const N: usize>(entries: [(&str, StateData); N]) -> StateDict {
    let mut dict = StateDict::new();
    for (name, data) in entries {
        let tensor = StateTensor::new(vec![], data).expect("one number");
        dict.insert(name, tensor).expect("each name is there once");
    }
    dict
}

/// A state dict that is being read.
pub(super) struct Reader<'d> {
    pub(super) dict: &'d StateDict,
    /// The names that were asked for.
    known: HashSet<String>,
    error: LoadError,
}

impl<'d> Reader<'d> {
    pub(super) fn new(dict: &'d StateDict) -> Self {
        Reader { dict, known: HashSet::new(), error: LoadError::default() }
    }

    /// The tensor of this name, if there is one.
    pub(super) fn get(&mut self, name: &str) -> Option<&'d StateTensor> {
        self.known.insert(name.to_owned());
        self.dict.get(name)
    }

    fn scalar(&mut self, name: &str, dtype: Dtype) -> Option<&'d StateData> {
        let Some(tensor) = self.get(name) else {
            self.missing(name);
            return None;
        };
        if tensor.shape().is_empty() && tensor.dtype() == dtype {
            return Some(tensor.data());
        }
        self.mismatch(name, vec![], dtype, tensor);
        None
    }

    /// A number of any kind; 0 if there is an error.
    pub(super) fn number(&mut self, name: &str) -> f64 {
        self.scalar(name, Dtype::F64).and_then(|data| data.as_slice()).map_or(0.0, |number: &[f64]| number[0])
    }

    /// A learning rate; 0 if there is an error.
    pub(super) fn rate(&mut self, name: &str) -> f64 {
        let lr = self.number(name);
        if lr.is_nan() || lr < 0.0 {
            self.invalid(name, format!("a learning rate of {lr:?}"));
        }
        lr
    }

    /// A count; 0 if there is an error.
    pub(super) fn count(&mut self, name: &str, what: &str) -> usize {
        let count = self.scalar(name, Dtype::I64).and_then(|data| data.as_slice());
        let count = count.map_or(0, |count: &[i64]| count[0]);
        // More steps than any training makes, and few enough to continue counting.
        match usize::try_from(count) {
            Ok(count) if count <= usize::MAX / 4 => count,
            _ => {
                self.invalid(name, format!("a count of {count} {what}"));
                0
            }
        }
    }

    pub(super) fn missing(&mut self, name: &str) {
        self.error.missing.push(name.to_owned());
    }

    pub(super) fn mismatch(
        &mut self,
        name: &str,
        expected_shape: Vec<usize>,
        expected_dtype: Dtype,
        found: &StateTensor,
    ) {
        let (found_shape, found_dtype) = (found.shape().to_vec(), found.dtype());
        let name = name.to_owned();
        self.error.mismatched.push(Mismatch {
            name,
            expected_shape,
            expected_dtype,
            found_shape,
            found_dtype,
        });
    }

    pub(super) fn invalid(&mut self, name: &str, problem: String) {
        self.error.invalid.push(Invalid { name: name.to_owned(), problem });
    }

    /// Whether the names so far are all there are.
    pub(super) fn is_at_end(&self) -> bool {
        self.dict.names().all(|name| self.known.contains(name))
    }

    /// All errors, and every unexpected name.
    pub(super) fn finish(mut self, taker: Taker) -> Result<(), LoadError> {
        let unexpected = self.dict.names().filter(|name| !self.known.contains(*name));
        self.error.unexpected.extend(unexpected.map(str::to_owned));
        if self.error == LoadError::default() { Ok(()) } else { Err(self.error.of(taker, self.dict)) }
    }
}
