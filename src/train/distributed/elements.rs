//! Elements as the bytes of a message, little-endian, and the sum of the shards.

use crate::element::{Element, Float};
use crate::kernel::elementwise::pointwise::at_level;
use crate::nn::StateData;
use std::ops::Range;

/// An element as bytes.
trait Bytes: Element {
    type Array: AsRef<[u8]> + for<'a> TryFrom<&'a [u8]>;
    fn write(self) -> Self::Array;
    fn read(bytes: Self::Array) -> Self;
}

macro_rules! bytes {
    ($($t:ident $size:literal),*) => { $(
        impl Bytes for $t {
            type Array = [u8; $size];
            #[inline(always)]
            fn write(self) -> [u8; $size] {
                self.to_le_bytes()
            }
            #[inline(always)]
            fn read(bytes: [u8; $size]) -> Self {
                $t::from_le_bytes(bytes)
            }
        }
    )* };
}
bytes!(f32 4, f64 8, i64 8);

impl Bytes for bool {
    type Array = [u8; 1];
    fn write(self) -> [u8; 1] {
        [self.into()]
    }
    fn read([byte]: [u8; 1]) -> Self {
        byte != 0
    }
}

/// Evaluates an expression with the storage of whatever type the elements have.
macro_rules! with {
    ($data:expr, $elements:ident => $result:expr) => {
        match $data {
            StateData::F32($elements) => $result,
            StateData::F64($elements) => $result,
            StateData::I64($elements) => $result,
            StateData::Bool($elements) => $result,
        }
    };
}

/// Appends elements to a message.
pub(super) fn write(data: &StateData, range: Range<usize>, out: &mut Vec<u8>) {
    fn all<E: Bytes>(elements: &[E], out: &mut Vec<u8>) {
        let start = out.len();
        out.resize(start + size_of::<E::Array>() * elements.len(), 0);
        let places = out[start..].chunks_exact_mut(size_of::<E::Array>());
        elements.iter().zip(places).for_each(|(x, place)| place.copy_from_slice(x.write().as_ref()));
    }
    with!(data, elements => all(&elements[range], out));
}

/// Reads elements from the front of a message, which then starts after them.
pub(super) fn read(data: &mut StateData, range: Range<usize>, message: &mut &[u8]) {
    fn all<E: Bytes>(elements: &mut [E], message: &mut &[u8]) {
        let (bytes, rest) = message.split_at(size_of::<E::Array>() * elements.len());
        *message = rest;
        for (x, bytes) in elements.iter_mut().zip(bytes.chunks_exact(size_of::<E::Array>())) {
            if let Ok(bytes) = bytes.try_into() {
                *x = E::read(bytes);
            }
        }
    }
    with!(data, elements => all(&mut elements.make_mut()[range], message));
}

/// Continues a sum in the order of the shards: adds the gradient of each, multiplied by its weight. Without `started` the sum
/// has nothing yet, and is the first product.
pub(super) fn add<'a>(
    sum: &mut StateData,
    range: Range<usize>,
    mut started: bool,
    shards: impl Iterator<Item = (f64, &'a StateData)>,
) {
    for (weight, gradient) in shards {
        match (&mut *sum, gradient) {
            (StateData::F32(sum), StateData::F32(gradient)) => {
                add_product(&mut sum.make_mut()[range.clone()], &gradient[range.clone()], weight, started);
            }
            (StateData::F64(sum), StateData::F64(gradient)) => {
                add_product(&mut sum.make_mut()[range.clone()], &gradient[range.clone()], weight, started);
            }
            _ => unreachable!("a gradient has the type of its parameter, a float"),
        }
        started = true;
    }
}

fn add_product<E: Float>(sum: &mut [E], gradient: &[E], weight: f64, started: bool) {
    let weight = E::from_f64(weight);
    at_level(
        #[inline(always)]
        || {
            let pairs = sum.iter_mut().zip(gradient);
            if started {
                pairs.for_each(|(sum, g)| *sum += *g * weight);
            } else {
                pairs.for_each(|(sum, g)| *sum = *g * weight);
            }
        },
    );
}
