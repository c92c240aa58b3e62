use crate::harness::Bench;
use typegrad::prelude::*;

type Many = Rank2<1001, 333>;
type Cube = Rank3<7, 33, 333>;

pub fn rows(b: &Bench) {
    row!(b, "shape/t/7x333", 0, f32, [x: randn Rank2<7, 333>], x.t());
    row!(b, "shape/t/1001x333", 0, f32, [x: randn Many], x.t());
    row!(b, "shape/t/1001x333/f64", 0, f64, [x: randn Many], x.t());
    row!(b, "shape/transpose_axes01/7x33x333", 0, f32, [x: randn Cube], x.transpose::<0, 1>());
    row!(b, "shape/permute_axes201/7x33x333", 0, f32, [x: randn Cube], x.permute::<Axes3<2, 0, 1>>());
    row!(b, "shape/movedim_axes02/7x33x333", 0, f32, [x: randn Cube], x.movedim::<0, 2>());
    row!(b, "shape/cat_axis0/7x33x333", 0, f32, [x: randn Cube, y: randn Cube], (x, y).cat::<0>());
    row!(b, "shape/cat_axis1/7x33x333", 0, f32, [x: randn Cube, y: randn Cube], (x, y).cat::<1>());
    row!(b, "shape/cat_axis2/7x33x333", 0, f32, [x: randn Cube, y: randn Cube], (x, y).cat::<2>());
    row!(b, "shape/cat_axis1/1001x333/f64", 0, f64, [x: randn Many, y: randn Rank2<1001, 5>], (x, y).cat::<1>());
    row!(b, "shape/stack_axis0/1001x333", 0, f32, [x: randn Many, y: randn Many], (x, y).stack::<0>());
    row!(b, "shape/stack_axis2/1001x333", 0, f32, [x: randn Many, y: randn Many], (x, y).stack::<2>());
    row!(b, "shape/flip_axis2/7x33x333", 0, f32, [x: randn Cube], x.flip::<2>());
    row!(b, "shape/roll_axis1/7x33x333", 0, f32, [x: randn Cube], x.roll::<1>(5));
    row!(b, "shape/repeat/7x333", 0, f32, [x: randn Rank2<7, 333>], x.repeat::<Rank2<11, 3>>());
    row!(b, "shape/broadcast_to/7x1x333", 0, f32, [x: randn Rank3<7, 1, 333>], x.broadcast_to::<Rank3<7, 33, 333>>());
    row!(b, "shape/pad/7x33x333", 0, f32, [x: randn Cube], x.pad::<3, 2>(0.0));
    row!(b, "shape/pad2d/7x5x33x31", 0, f32, [x: randn Rank4<7, 5, 33, 31>], x.pad2d::<1, 2, 3, 1>(0.0));
    row!(b, "shape/pad3d/3x5x9x13x11", 0, f32, [x: randn Rank5<3, 5, 9, 13, 11>], x.pad3d::<1, 2, 3, 1, 2, 1>(0.0));
    row!(b, "shape/reflect_pad2d/7x5x33x31", 0, f32, [x: randn Rank4<7, 5, 33, 31>], x.reflect_pad2d::<1, 2, 3, 1>());
    row!(b, "shape/replicate_pad2d/7x5x33x31", 0, f32, [x: randn Rank4<7, 5, 33, 31>], x.replicate_pad2d::<1, 2, 3, 1>());
    row!(b, "shape/circular_pad2d/7x5x33x31", 0, f32, [x: randn Rank4<7, 5, 33, 31>], x.circular_pad2d::<1, 2, 3, 1>());
    row!(b, "shape/repeat_interleave_axis1/7x33x333", 0, f32, [x: randn Cube], x.repeat_interleave::<1, 3>());
    row!(b, "shape/repeat_interleave_axis2/7x33x333", 0, f32, [x: randn Cube], x.repeat_interleave::<2, 3>());
    row!(b, picks "shape/tril/333x335", 0, f32, [x: randn Rank2<333, 335>], x.tril(1));
    row!(b, picks "shape/diag/333x333", 0, f32, [x: randn Rank2<333, 333>], x.diag::<0>());
    row!(b, "shape/chunk_axis1/7x33x333", 0, f32, [x: randn Cube], x.shared(|x| {
        let [p, q, r] = x.chunk::<1, 3>();
        p * q + r
    }));
    row!(b, "shape/unbind_axis0/7x333", 0, f32, [x: randn Rank2<7, 333>], x.shared(|x| {
        let [first, .., last] = x.unbind::<0>();
        first * last
    }));
    row!(b, "shape/meshgrid/1001", 1001 * 333, f32, [x: randn Rank1<1001>, y: randn Rank1<333>], {
        let (rows, columns) = (x, y).meshgrid();
        rows * columns
    });
}
