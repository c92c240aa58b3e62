use crate::harness::{Bench, Work};
use typegrad::nn::BagMode;
use typegrad::prelude::*;

type Many = Rank2<1001, 333>;
type Cube = Rank3<7, 33, 333>;
const MANY_VALUES: usize = 1001 * 333;

fn ids<S: Shape>(below: i64) -> Tensor<S, i64> {
    Tensor::randint(0, below, &mut Rng::seed(3))
}

pub fn rows(b: &Bench) {
    let rows = &ids::<Rank1<333>>(1001);
    row!(b, picks "index/index_select_axis0/1001x333", 0, f32, [x: randn Many], x.index_select::<0, _>(rows));
    row!(b, picks "index/index_select_axis0/1001x333/f64", 0, f64, [x: randn Many], x.index_select::<0, _>(rows));
    let columns = &ids::<Rank1<65>>(333);
    row!(b, picks "index/index_select_axis1/1001x333", 0, f32, [x: randn Many], x.index_select::<1, _>(columns));
    let words = &ids::<Rank2<7, 33>>(1001);
    row!(b, picks "index/lookup/1001x333", 0, f32, [x: randn Many], x.lookup(words));
    row!(b, picks "index/narrow_axis1/7x33x333", 0, f32, [x: randn Cube], x.narrow::<1, 3, 21>());
    row!(b, picks "index/narrow_axis2/7x33x333", 0, f32, [x: randn Cube], x.narrow::<2, 3, 301>());
    let along0 = &ids::<Rank2<7, 333>>(1001);
    row!(b, picks "index/gather_axis0/1001x333", 0, f32, [x: randn Many], x.gather::<0, _>(along0));
    let along1 = &ids::<Rank2<1001, 65>>(333);
    row!(b, picks "index/gather_axis1/1001x333", 0, f32, [x: randn Many], x.gather::<1, _>(along1));
    row!(b, "index/scatter_add_axis1/1001x333", 0, f32,
        [x: randn Many, y: randn Rank2<1001, 65>], x.scatter_add::<1, _>(along1, y));
    let ranks = &Tensor::<Rank2<1001, 65>>::randn(&mut Rng::seed(3)).argsort::<1>();
    row!(b, "index/scatter_axis1/1001x333", 0, f32,
        [x: randn Many, y: randn Rank2<1001, 65>], x.scatter::<1, _>(ranks, y));
    row!(b, picks "index/take_along_axis1/1001x333", 0, f32, [x: randn Many], x.take_along::<1, _>(along1));
    let anywhere = &ids::<Rank2<7, 333>>(1001 * 333);
    row!(b, picks "index/take/1001x333", 0, f32, [x: randn Many], x.take(anywhere));
    row!(b, picks "index/select_axis1/7x33x333", 0, f32, [x: randn Cube], x.select::<1>(5));
    let everywhere = &ids::<Many>(7);
    row!(b, "index/scatter_add_axis0/7x333", 0, f32,
        [x: randn Rank2<7, 333>, y: randn Many], x.scatter_add::<0, _>(everywhere, y));
    row!(b, "index/sort_axis1/1001x333", 0, f32, [x: randn Many], x.sort::<1>().0);
    row!(b, "index/sort_axis0/1001x333", 0, f32, [x: randn Many], x.sort::<0>().0);
    row!(b, "index/sort_axis1/1001x333/f64", 0, f64, [x: randn Many], x.sort::<1>().0);
    forward_row!(b, "index/argsort_axis1/1001x333", 0, f32, [x: randn Many], x.argsort::<1>());
    let bags = &ids::<Rank2<65, 7>>(1001);
    row!(b, picks "index/embedding_bag/1001x333", 7 * 65 * 333, f32,
        [x: randn Many], x.embedding_bag(bags, BagMode::Mean, None));
    row!(b, "index/kthvalue_axis1/1001x333", 0, f32, [x: randn Many], x.kthvalue::<1, 7>().0);
    row!(b, "index/topk_axis1/1001x333", 0, f32, [x: randn Many], x.topk::<1, 5>().0);
    forward_row!(b, "index/searchsorted/333", 10 * MANY_VALUES, f32,
        [x: rand Rank1<333>, y: rand Many], x.sort::<0>().0.searchsorted(&y));
    let labels = ids::<Rank1<333333>>(333);
    let work = Work { operations: 333333, bytes: 8 * 333333, size: 8 };
    b.forward("index/bincount/333333", &[333333], work, || labels.bincount::<333>());
    let labels = ids::<Rank1<1001>>(333);
    let work = Work { operations: 0, bytes: 8 * 1001 * 334, size: 8 };
    b.forward("index/one_hot/1001", &[1001], work, || labels.one_hot::<333>());
}
