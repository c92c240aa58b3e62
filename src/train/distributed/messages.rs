//! Calls that all ranks make together, and values that they exchange.

use super::call::{Agreed, Call, FIRST, Kind};
use super::relay::{AllGather, Work, relay};
use super::{Distributed, DistributedError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

impl Distributed {
    /// The next call.
    pub(super) fn call(&self, kind: Kind) -> Call {
        let number = self.calls.get();
        self.calls.set(number + 1);
        Call::new(kind, number)
    }

    pub(super) fn relay(&self, sizes: &[(usize, usize)], work: &mut impl Work) {
        match relay(&*self.transport, sizes, work) {
            Ok(sent) => self.sent.set(self.sent.get() + sent),
            Err(problem) => self.abort(&problem),
        }
    }

    /// The bytes of all ranks, in their order.
    pub(super) fn gather_bytes(&self, kind: Kind, own: &[u8]) -> Vec<u8> {
        self.gather_bytes_in(self.call(kind), own)
    }

    fn gather_bytes_in(&self, call: Call, own: &[u8]) -> Vec<u8> {
        let mut offset = 0;
        let next = |before: Option<u64>| {
            offset = before.unwrap_or(0);
            offset + own.len() as u64
        };
        let mut lengths = Agreed::new(call, self.rank(), next, ());
        self.relay(&[FIRST], &mut lengths);
        let total = lengths.total as usize;
        let (sizes, mut all) = AllGather::new(own, offset as usize, total, self.num_ranks());
        self.relay(&sizes, &mut all);
        all.whole
    }

    /// The values of all ranks.
    pub(super) fn gather<R: Serialize + DeserializeOwned>(&self, kind: Kind, own: &R) -> Vec<R> {
        self.gather_in(self.call(kind), own)
    }

    /// The values of all ranks, in a call that has begun.
    pub(super) fn gather_in<R: Serialize + DeserializeOwned>(&self, call: Call, own: &R) -> Vec<R> {
        let config = bincode::config::standard();
        let own = bincode::serde::encode_to_vec(own, config).unwrap_or_else(|error| {
            panic!("a result cannot be serialized: {error}");
        });
        let all = self.gather_bytes_in(call, &own);
        let mut rest = all.as_slice();
        let mut values = Vec::with_capacity(self.num_ranks());
        for rank in 0..self.num_ranks() {
            match bincode::serde::decode_from_slice(rest, config) {
                Ok((value, len)) => {
                    values.push(value);
                    rest = &rest[len..];
                }
                Err(error) => panic!("the result of rank {rank} cannot be deserialized: {error}"),
            }
        }
        values
    }

    /// The problem of a rank is an error of all.
    pub(super) fn agree(&self, kind: Kind, problem: Option<String>) -> Result<(), DistributedError> {
        match self.gather(kind, &problem).into_iter().flatten().next() {
            Some(problem) => Err(DistributedError::Checkpoint(problem)),
            None => Ok(()),
        }
    }

    /// Ends the job with a message.
    pub(super) fn abort(&self, problem: &str) -> ! {
        // One write, and time for `mpirun` to read it: that of MPICH drops what it has not read when the job is aborted.
        let text = format!("rank {} of {} ends the job: {problem}\n", self.rank(), self.num_ranks());
        eprint!("{text}");
        std::thread::sleep(Duration::from_millis(100));
        self.transport.abort()
    }
}
