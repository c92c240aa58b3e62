//! Positions in an epoch, for a file.

/// A position in an epoch: its order and the number of examples consumed, for [`resume`](super::DataLoader::resume).
///
/// It is a field of a [`Checkpoint`](crate::io::Checkpoint). A program without a loader counts its examples itself:
/// `Position::from(count)`.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
pub struct Position {
    /// The seed of the order; `None` if the examples come in their own.
    pub(super) seed: Option<u64>,
    /// The number of examples consumed.
    pub(super) next: u64,
    /// The number of examples of the epoch, if it is known: files of older versions do not have it.
    #[serde(default)]
    pub(super) of: Option<u64>,
}

/// The number of examples of an epoch that is not known, as bytes.
const UNKNOWN: u64 = u64::MAX;

impl Position {
    /// The number of examples consumed.
    #[must_use]
    pub fn examples(&self) -> u64 {
        self.next
    }

    /// The seed of the order; `None` if the examples come in their own.
    #[cfg(any(test, feature = "mpi"))]
    pub(crate) fn seed(&self) -> Option<u64> {
        self.seed
    }

    /// The position as bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 25] {
        let mut bytes = [0; 25];
        bytes[0] = self.seed.is_some().into();
        bytes[1..9].copy_from_slice(&self.seed.unwrap_or(0).to_le_bytes());
        bytes[9..17].copy_from_slice(&self.next.to_le_bytes());
        bytes[17..].copy_from_slice(&self.of.unwrap_or(UNKNOWN).to_le_bytes());
        bytes
    }

    /// The position from its bytes; `None` if they are malformed. The 17 bytes of older versions are those without the number
    /// of examples of the epoch.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (&[shuffled], bytes) = bytes.split_first_chunk()?;
        let (&seed, bytes) = bytes.split_first_chunk()?;
        let (&next, of) = bytes.split_first_chunk()?;
        let (seed, next) = (u64::from_le_bytes(seed), u64::from_le_bytes(next));
        let of = if of.is_empty() { UNKNOWN } else { u64::from_le_bytes(of.try_into().ok()?) };
        let of = (of != UNKNOWN).then_some(of);
        match shuffled {
            0 if seed == 0 => Some(Position { seed: None, next, of }),
            1 => Some(Position { seed: Some(seed), next, of }),
            _ => None,
        }
    }
}

/// The same example of the same order; whether the number of examples is known makes no difference.
impl PartialEq for Position {
    fn eq(&self, other: &Self) -> bool {
        (self.seed, self.next) == (other.seed, other.next)
    }
}

impl Eq for Position {}

impl From<u64> for Position {
    /// This many examples of an epoch in order.
    fn from(next: u64) -> Self {
        Position { seed: None, next, of: None }
    }
}
