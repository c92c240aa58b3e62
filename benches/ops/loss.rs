use crate::harness::Bench;
use typegrad::prelude::*;

type Many = Rank2<1001, 333>;
const MANY: usize = 1001 * 333;

pub fn rows(b: &Bench) {
    let y = &Tensor::<Many>::rand(&mut Rng::seed(4));
    let doubles = &Tensor::<Many, f64>::rand(&mut Rng::seed(4));
    let one = &Tensor::<Rank1<7>>::rand(&mut Rng::seed(4));
    row!(b, "loss/mse/7", 3 * 7, f32, [x: randn Rank1<7>], x.mse_loss(one));
    row!(b, "loss/mse/1001x333", 3 * MANY, f32, [x: randn Many], x.mse_loss(y));
    row!(b, "loss/mse/1001x333/f64", 3 * MANY, f64, [x: randn Many], x.mse_loss(doubles));
    row!(b, "loss/l1/1001x333", 3 * MANY, f32, [x: randn Many], x.l1_loss(y));
    row!(b, "loss/huber/1001x333", 5 * MANY, f32, [x: randn Many], x.huber_loss(y));
    row!(b, "loss/bce_with_logits/1001x333", 36 * MANY, f32, [x: randn Many], x.binary_cross_entropy_with_logits(y));
    row!(b, "loss/kl_div/1001x333", 18 * MANY, f32, [x: randn Many], x.kl_div(y));
    classes(b);
}

fn classes(b: &Bench) {
    let labels = &Tensor::<Rank1<1001>, i64>::randint(0, 333, &mut Rng::seed(5));
    row!(b, "loss/cross_entropy/1001x333", 19 * MANY, f32, [x: randn Many], x.cross_entropy(labels));
    row!(b, "loss/cross_entropy/1001x333/f64", 19 * MANY, f64, [x: randn Many], x.cross_entropy(labels));
    row!(b, "loss/nll/1001x333", 0, f32, [x: randn Many], x.nll_loss(labels));
    let few = &Tensor::<Rank1<7>, i64>::randint(0, 3, &mut Rng::seed(5));
    row!(b, "loss/cross_entropy/7x3", 19 * 21, f32, [x: randn Rank2<7, 3>], x.cross_entropy(few));
    let pixels = &Tensor::<Rank3<7, 33, 31>, i64>::randint(0, 13, &mut Rng::seed(5));
    row!(b, "loss/cross_entropy_axis1/7x13x33x31", 19 * 7 * 13 * 33 * 31, f32,
        [x: randn Rank4<7, 13, 33, 31>], x.cross_entropy_axis::<1, _>(pixels));
}
