use crate::harness::Bench;
use typegrad::prelude::*;

type Many = Rank2<1001, 333>;
const MANY: usize = 1001 * 333;

pub fn rows(b: &Bench) {
    let y = &Tensor::<Many>::rand(&mut Rng::seed(4));
    let doubles = &Tensor::<Many, f64>::rand(&mut Rng::seed(4));
    let one = &Tensor::<Rank1<7>>::rand(&mut Rng::seed(4));
    row!(b, "loss/mse_loss/7", 3 * 7, f32, [x: randn Rank1<7>], x.mse_loss(one));
    row!(b, "loss/mse_loss/1001x333", 3 * MANY, f32, [x: randn Many], x.mse_loss(y));
    row!(b, "loss/mse_loss/1001x333/f64", 3 * MANY, f64, [x: randn Many], x.mse_loss(doubles));
    row!(b, "loss/l1_loss/1001x333", 3 * MANY, f32, [x: randn Many], x.l1_loss(y));
    row!(b, "loss/huber_loss/1001x333", 5 * MANY, f32, [x: randn Many], x.huber_loss(y));
    row!(b, "loss/binary_cross_entropy_with_logits/1001x333", 36 * MANY, f32,
        [x: randn Many], x.binary_cross_entropy_with_logits(y));
    row!(b, "loss/kl_div/1001x333", 18 * MANY, f32, [x: randn Many], x.kl_div(y));
    row!(b, "loss/smooth_l1_loss/1001x333", 5 * MANY, f32, [x: randn Many], x.smooth_l1_loss(y));
    row!(b, "loss/binary_cross_entropy/1001x333", 36 * MANY, f32, [x: rand Many], x.binary_cross_entropy(y));
    row!(b, "loss/binary_cross_entropy_with_logits/1001x333/f64", 36 * MANY, f64,
        [x: randn Many], x.binary_cross_entropy_with_logits(doubles));
    row!(b, "loss/poisson_nll_loss/1001x333", 18 * MANY, f32, [x: randn Many], x.poisson_nll_loss(y));
    let signs = &(Tensor::<Many, i64>::randint(0, 2, &mut Rng::seed(5)) * 2 - 1);
    row!(b, "loss/soft_margin_loss/1001x333", 36 * MANY, f32, [x: randn Many], x.soft_margin_loss(signs));
    row!(b, "loss/hinge_embedding_loss/1001x333", 3 * MANY, f32, [x: randn Many], x.hinge_embedding_loss(signs));
    row!(b, "loss/margin_ranking_loss/1001x333", 4 * MANY, f32,
        [x: randn Many, z: randn Many], x.margin_ranking_loss(z, signs));
    let sides = &(Tensor::<Rank1<1001>, i64>::randint(0, 2, &mut Rng::seed(5)) * 2 - 1);
    row!(b, "loss/cosine_embedding_loss/1001x333", 6 * MANY, f32,
        [x: randn Many, z: randn Many], x.cosine_embedding_loss(z, sides));
    row!(b, "loss/gaussian_nll_loss/1001x333", 20 * MANY, f32,
        [x: rand Many, v: rand Many], x.gaussian_nll_loss(y, v));
    let other = &Tensor::<Many>::randn(&mut Rng::seed(6));
    row!(b, "loss/triplet_margin_loss/1001x333", 9 * MANY, f32,
        [x: randn Many, p: randn Many], x.triplet_margin_loss(p, other));
    row!(b, "loss/cosine_similarity/1001x333", 6 * MANY, f32, [x: randn Many], x.cosine_similarity::<-1, _>(other));
    let words = &Tensor::<Rank2<7, 11>, i64>::randint(1, 13, &mut Rng::seed(7));
    row!(b, "loss/ctc_loss/65x7x13", 65 * 7 * 23 * 48, f32, [x: randn Rank3<65, 7, 13>],
        CtcLoss::new().mean(x.log_softmax::<-1>(), words, &[65; 7], &[11; 7]));
    classes(b);
}

fn classes(b: &Bench) {
    let labels = &Tensor::<Rank1<1001>, i64>::randint(0, 333, &mut Rng::seed(5));
    row!(b, "loss/cross_entropy/1001x333", 19 * MANY, f32, [x: randn Many], x.cross_entropy(labels));
    row!(b, "loss/cross_entropy/1001x333/f64", 19 * MANY, f64, [x: randn Many], x.cross_entropy(labels));
    row!(b, "loss/multi_margin_loss/1001x333", 4 * MANY, f32, [x: randn Many], x.multi_margin_loss(labels));
    row!(b, "loss/nll_loss/1001x333", 0, f32, [x: randn Many], x.nll_loss(labels));
    let few = &Tensor::<Rank1<7>, i64>::randint(0, 3, &mut Rng::seed(5));
    row!(b, "loss/cross_entropy/7x3", 19 * 21, f32, [x: randn Rank2<7, 3>], x.cross_entropy(few));
    let pixels = &Tensor::<Rank3<7, 33, 31>, i64>::randint(0, 13, &mut Rng::seed(5));
    row!(b, "loss/cross_entropy_axis1/7x13x33x31", 19 * 7 * 13 * 33 * 31, f32,
        [x: randn Rank4<7, 13, 33, 31>], x.cross_entropy_axis::<1, _>(pixels));
}
