use crate::harness::{Bench, Work};
use typegrad::prelude::*;

type Many = Rank2<1001, 333>;

/// A row of what makes a tensor.
pub fn create<S: Shape, E: Element>(b: &Bench, name: &str, mut make: impl FnMut(&mut Rng) -> Tensor<S, E>) {
    let (rng, size) = (&mut Rng::seed(0), size_of::<E>());
    b.forward(name, S::SIZES, Work { operations: 0, bytes: size * S::NUMEL, size }, || make(rng));
}

pub fn rows(b: &Bench) {
    create(b, "create/zeros/1001x333", |_| Tensor::<Many>::zeros());
    create(b, "create/from_fn/333333", |_| Tensor::<Rank1<333333>>::from_fn(|i| i as f32 * 0.5));
    create(b, "create/full/1001x333/f64", |_| Tensor::<Many, f64>::full(0.5));
    create(b, "create/eye/333x333", |_| Tensor::<Rank2<333, 333>>::eye());
    create(b, "create/arange/333333", |_| Tensor::<Rank1<333333>>::arange());
    create(b, "create/linspace/333333", |_| Tensor::<Rank1<333333>>::linspace(-1.0, 1.0));
}
