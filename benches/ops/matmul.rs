use crate::harness::Bench;
use typegrad::prelude::*;

pub fn rows(b: &Bench) {
    row!(b, "matmul/matmul/7x333x65", 2 * 7 * 333 * 65, f32, [x: randn Rank2<7, 333>, y: randn Rank2<333, 65>], x.matmul(y));
    row!(b, "matmul/matmul/333x7x333", 2 * 333 * 7 * 333, f32,
        [x: randn Rank2<333, 7>, y: randn Rank2<7, 333>], x.matmul(y));
    row!(b, "matmul/matmul/333x333x7", 2 * 333 * 333 * 7, f32,
        [x: randn Rank2<333, 333>, y: randn Rank2<333, 7>], x.matmul(y));
    row!(b, "matmul/matmul/5x5x5", 2 * 5 * 5 * 5, f32, [x: randn Rank2<5, 5>, y: randn Rank2<5, 5>], x.matmul(y));
    row!(b, "matmul/matmul/33x17x9", 2 * 33 * 17 * 9, f32, [x: randn Rank2<33, 17>, y: randn Rank2<17, 9>], x.matmul(y));
    row!(b, "matmul/matmul/129x131x127", 2 * 129 * 131 * 127, f32,
        [x: randn Rank2<129, 131>, y: randn Rank2<131, 127>], x.matmul(y));
    row!(b, "matmul/matmul/129x131x127/f64", 2 * 129 * 131 * 127, f64,
        [x: randn Rank2<129, 131>, y: randn Rank2<131, 127>], x.matmul(y));
    row!(b, "matmul/matmul/401x399x403", 2 * 401 * 399 * 403, f32,
        [x: randn Rank2<401, 399>, y: randn Rank2<399, 403>], x.matmul(y));
    row!(b, "matmul/matmul/1x333x1001", 2 * 333 * 1001, f32,
        [x: randn Rank2<1, 333>, y: randn Rank2<333, 1001>], x.matmul(y));
    row!(b, "matmul/matmul_transposed/129x131x127", 2 * 129 * 131 * 127, f32,
        [x: randn Rank2<129, 131>, y: randn Rank2<127, 131>], x.matmul(y.t()));
    row!(b, "matmul/mv/1001x333", 2 * 1001 * 333, f32, [x: randn Rank2<1001, 333>, y: randn Rank1<333>], x.mv(y));
    row!(b, "matmul/mv/1001x333/f64", 2 * 1001 * 333, f64, [x: randn Rank2<1001, 333>, y: randn Rank1<333>], x.mv(y));
    row!(b, "matmul/cdist/101x33", 3 * 101 * 65 * 33, f32,
        [x: randn Rank2<101, 33>, y: randn Rank2<65, 33>], x.cdist(y));
    row!(b, "matmul/cross_axis1/1001x3x33", 9 * 1001 * 33, f32,
        [x: randn Rank3<1001, 3, 33>, y: randn Rank3<1001, 3, 33>], x.cross::<1, _>(y));
    row!(b, "matmul/cross_axis1/33333x3", 9 * 33333, f32,
        [x: randn Rank2<33333, 3>, y: randn Rank2<33333, 3>], x.cross::<1, _>(y));
    row!(b, "matmul/kron/17x33", 17 * 33 * 21 * 13, f32, [x: randn Rank2<17, 33>, y: randn Rank2<21, 13>], x.kron(y));
    row!(b, "matmul/dot/333333", 2 * 333_333, f32, [x: randn Rank1<333333>, y: randn Rank1<333333>], x.dot(y));
    row!(b, "matmul/outer/1001", 1001 * 333, f32, [x: randn Rank1<1001>, y: randn Rank1<333>], x.outer(y));
    row!(b, "matmul/bmm/7x33x65x31", 2 * 7 * 33 * 65 * 31, f32,
        [x: randn Rank3<7, 33, 65>, y: randn Rank3<7, 65, 31>], x.bmm(y));
    row!(b, "matmul/bmm/65x5x7x3", 2 * 65 * 5 * 7 * 3, f32,
        [x: randn Rank3<65, 5, 7>, y: randn Rank3<65, 7, 3>], x.bmm(y));
    row!(b, "matmul/bmm/7x33x65x31/f64", 2 * 7 * 33 * 65 * 31, f64,
        [x: randn Rank3<7, 33, 65>, y: randn Rank3<7, 65, 31>], x.bmm(y));
    row!(b, "matmul/matmul_broadcast/7x33x65x31", 2 * 7 * 33 * 65 * 31, f32,
        [x: randn Rank3<7, 33, 65>, y: randn Rank2<65, 31>], x.matmul(y));
    row!(b, "matmul/einsum_bij_bkj/7x33x65x31", 2 * 7 * 33 * 65 * 31, f32,
        [x: randn Rank3<7, 33, 65>, y: randn Rank3<7, 31, 65>], einsum!("bij,bkj->bik", x, y));
    layer!(b, "matmul/linear/7x333x65", 2 * 7 * 333 * 65, f32, Linear<333, 65>, Rank2<7, 333>);
    layer!(b, "matmul/linear/1x333x65", 2 * 333 * 65, f32, Linear<333, 65>, Rank2<1, 333>);
    layer!(b, "matmul/linear/333x65x129", 2 * 333 * 65 * 129, f32, Linear<65, 129>, Rank2<333, 65>);
    layer!(b, "matmul/linear/333x65x129/f64", 2 * 333 * 65 * 129, f64, Linear<65, 129, f64>, Rank2<333, 65>);
    layer!(b, "matmul/linear_relu/333x65x129", 2 * 333 * 65 * 129, f32, (Linear<65, 129>, Relu), Rank2<333, 65>);
}
