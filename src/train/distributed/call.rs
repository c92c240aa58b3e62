//! A call that all ranks make together.

use super::DistributedError;
use super::relay::Work;
use crate::data::Position;
use std::fmt;

/// The kinds of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Synchronize = 1,
    Backward,
    Map,
    Save,
    Load,
    Finish,
}

/// The state that all ranks must agree on, before anything is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) kind: Kind,
    /// The number of calls before.
    pub(super) number: u64,
    /// Of a step: its shards, its real rows, the position after it, and the bytes of buffers and gradients. Of `map`: the
    /// batches, their real rows, and the position before them.
    pub(super) shards: u64,
    pub(super) rows: u64,
    pub(super) position: Position,
    pub(super) bytes: u64,
    /// Of a step: a checksum of the state before it.
    pub(super) state: u32,
}

/// The bytes of a call.
const CALL: usize = 62;
/// The bytes of the first chunk, which has a number after the call, and of what comes back.
pub(super) const FIRST: (usize, usize) = (CALL + 8, 8);

impl Call {
    pub(super) fn new(kind: Kind, number: u64) -> Self {
        Call { kind, number, shards: 0, rows: 0, position: Position::from(0), bytes: 0, state: 0 }
    }

    fn to_bytes(self) -> [u8; CALL] {
        let mut bytes = [0; CALL];
        bytes[0] = self.kind as u8;
        for (i, number) in [self.number, self.shards, self.rows, self.bytes].into_iter().enumerate() {
            bytes[1 + 8 * i..9 + 8 * i].copy_from_slice(&number.to_le_bytes());
        }
        bytes[33..58].copy_from_slice(&self.position.to_bytes());
        bytes[58..].copy_from_slice(&self.state.to_le_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        use Kind::{Backward, Finish, Load, Map, Save, Synchronize};
        let kinds = [Synchronize, Backward, Map, Save, Load, Finish];
        let kind = kinds.into_iter().find(|kind| Some(&(*kind as u8)) == bytes.first())?;
        let number = |i: usize| Some(u64::from_le_bytes(bytes.get(1 + 8 * i..9 + 8 * i)?.try_into().ok()?));
        let position = Position::from_bytes(bytes.get(33..58)?)?;
        let state = u32::from_le_bytes(bytes.get(58..)?.try_into().ok()?);
        Some(Call {
            kind,
            number: number(0)?,
            shards: number(1)?,
            rows: number(2)?,
            bytes: number(3)?,
            position,
            state,
        })
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Call { kind, number, shards, rows, position, bytes, .. } = self;
        match kind {
            Kind::Synchronize => write!(f, "call {number}, `start` or `synchronize`"),
            Kind::Save => write!(f, "call {number}, `save`"),
            Kind::Load => write!(f, "call {number}, `load`"),
            Kind::Finish => write!(f, "call {number}, `finish`"),
            Kind::Map | Kind::Backward => {
                let seed = match position.seed() {
                    Some(seed) => format!("of the order {seed:016x}"),
                    None => "in order".to_owned(),
                };
                let end = position.examples();
                if *kind == Kind::Map {
                    return write!(
                        f,
                        "call {number}, `map` of {shards} batches with {rows} rows after example {end} {seed}"
                    );
                }
                write!(
                    f,
                    "call {number}, `backward` of {shards} shards with {rows} rows up to example {end} {seed}, and of \
                     {bytes} bytes of gradients"
                )
            }
        }
    }
}

/// The work of a call: its first chunk has the call and a number that every rank continues, such as a sum.
pub(super) struct Agreed<F, W> {
    call: Call,
    rank: usize,
    /// The number up to this rank, from that up to the rank before.
    next: F,
    pub(super) work: W,
    /// The number of the last rank.
    pub(super) total: u64,
}

impl<F: FnMut(Option<u64>) -> u64, W: Work> Agreed<F, W> {
    pub(super) fn new(call: Call, rank: usize, next: F, work: W) -> Self {
        Agreed { call, rank, next, work, total: 0 }
    }

    /// How the call of the rank before differs.
    fn difference(&self, other: &[u8]) -> String {
        let (rank, previous, other) = (self.rank, self.rank - 1, Call::from_bytes(other));
        if let Some(other) = other
            && other == (Call { state: other.state, ..self.call })
        {
            let part = "parameters, buffers or generators";
            return DistributedError::Diverged { rank, part }.to_string();
        }
        let other = other.map_or("something unknown".to_owned(), |call| call.to_string());
        format!("the ranks do different things. Rank {previous}: {other}. Rank {rank}: {}", self.call)
    }
}

impl<F: FnMut(Option<u64>) -> u64, W: Work> Work for Agreed<F, W> {
    fn up(&mut self, chunk: usize, came: Option<&[u8]>, out: &mut Vec<u8>) -> Result<(), String> {
        let Some(chunk) = chunk.checked_sub(1) else {
            let mut before = None;
            if let Some(came) = came {
                let (call, number) = came.split_at(CALL);
                if call != self.call.to_bytes() {
                    return Err(self.difference(call));
                }
                before = number.try_into().ok().map(u64::from_le_bytes);
            }
            self.total = (self.next)(before);
            out.extend(self.call.to_bytes());
            out.extend(self.total.to_le_bytes());
            return Ok(());
        };
        self.work.up(chunk, came, out)
    }

    fn turn(&mut self, chunk: usize, out: &mut Vec<u8>) {
        match chunk.checked_sub(1) {
            None => out.extend(self.total.to_le_bytes()),
            Some(chunk) => self.work.turn(chunk, out),
        }
    }

    fn down(&mut self, chunk: usize, came: &[u8]) {
        match chunk.checked_sub(1) {
            None => self.total = came.try_into().map_or(self.total, u64::from_le_bytes),
            Some(chunk) => self.work.down(chunk, came),
        }
    }
}

/// A call without more than its number.
impl Work for () {
    fn up(&mut self, _: usize, _: Option<&[u8]>, _: &mut Vec<u8>) -> Result<(), String> {
        Ok(())
    }
    fn turn(&mut self, _: usize, _: &mut Vec<u8>) {}
    fn down(&mut self, _: usize, _: &[u8]) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_goes_through_bytes() {
        let position = Position::from_bytes(&[1; 25]).unwrap();
        for kind in [Kind::Synchronize, Kind::Backward, Kind::Map, Kind::Save, Kind::Load, Kind::Finish] {
            let call =
                Call { shards: 4, rows: 100, position, bytes: 1 << 40, state: 9, ..Call::new(kind, 7) };
            assert_eq!(Call::from_bytes(&call.to_bytes()), Some(call));
        }
        assert_eq!(Call::from_bytes(&[0; CALL]), None);
        assert_eq!(Call::from_bytes(&[]), None);
    }
}
