use crate::create::create;
use crate::harness::Bench;
use typegrad::prelude::*;

type Many = Rank2<1001, 333>;

pub fn rows(b: &Bench) {
    create(b, "random/rand/7x333", Tensor::<Rank2<7, 333>>::rand);
    create(b, "random/rand/1001x333", Tensor::<Many>::rand);
    create(b, "random/rand/1001x333/f64", Tensor::<Many, f64>::rand);
    create(b, "random/randn/7x333", Tensor::<Rank2<7, 333>>::randn);
    create(b, "random/randn/1001x333", Tensor::<Many>::randn);
    create(b, "random/randn/1001x333/f64", Tensor::<Many, f64>::randn);
    create(b, "random/normal/1001x333", |rng| Tensor::<Many>::normal(1.0, 2.0, rng));
    create(b, "random/randint/1001x333", |rng| Tensor::<Many, i64>::randint(0, 1000, rng));
    create(b, "random/bernoulli/1001x333", |rng| Tensor::<Many>::bernoulli_with(0.3, rng));
    create(b, "random/randperm/10001", Tensor::<Rank1<10001>, i64>::randperm);
    forward_row!(b, "random/multinomial/33x333", 33 * 333, f32,
        [p: rand Rank2<33, 333>], p.multinomial(&mut Rng::seed(1)));
    layer!(b, "random/dropout/1001x333", 1001 * 333, f32, Dropout, Many);
    layer!(b, "random/dropout2d/7x13x33x31", 7 * 13 * 33 * 31, f32, Dropout2d, Rank4<7, 13, 33, 31>);
}
