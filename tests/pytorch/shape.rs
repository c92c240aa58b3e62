//! Operations that move elements without changing them: axes are exchanged, split, concatenated, repeated, padded.

use crate::fixture::{Cases, check, layer};
use typegrad::prelude::*;

#[test]
fn shape() {
    let mut cases = Cases::of("shape");
    exchanged(&mut cases);
    joined(&mut cases);
    apart(&mut cases);
    axes(&mut cases);
    reshaped(&mut cases);
    moved(&mut cases);
    padded(&mut cases);
    triangles(&mut cases);
    stretched(&mut cases);
    integers(&mut cases);
    by_other_names(&mut cases);
    grids(&mut cases);
    cases.finish();
}

fn exchanged(cases: &mut Cases) {
    check!(cases, "transpose/matrix", |x: Rank2<2, 3>| x.transpose::<0, 1>());
    check!(cases, "transpose/outer", |x: Rank3<2, 3, 4>| x.transpose::<0, 2>());
    check!(cases, "transpose/last", |x: Rank3<2, 3, 4>| x.transpose::<-1, -2>());
    check!(cases, "transpose/same", |x: Rank2<2, 3>| x.transpose::<1, 1>());
    check!(cases, "transpose/deep", |x: Rank4<1, 2, 2, 3>| x.transpose::<1, -1>());
    check!(cases, "transpose/empty", |x: Rank2<0, 3>| x.transpose::<0, 1>());
    check!(cases, "t/matrix", |x: Rank2<3, 2>| x.t());
    check!(cases, "t/row", |x: Rank2<1, 3>| x.T());
}

fn joined(cases: &mut Cases) {
    check!(cases, "cat/first", |a: Rank2<1, 3>, b: Rank2<2, 3>| (a, b).cat::<0>());
    check!(cases, "cat/last", |a: Rank2<2, 1>, b: Rank2<2, 3>| (a, b).cat::<-1>());
    check!(cases, "cat/middle", |a: Rank3<2, 1, 2>, b: Rank3<2, 2, 2>| (a, b).cat::<1>());
    check!(cases, "cat/three", |a: Rank1<1>, b: Rank1<2>, c: Rank1<3>| (a, b, c).cat::<0>());
    check!(cases, "cat/empty", |a: Rank2<0, 2>, b: Rank2<2, 2>| (a, b).cat::<0>());
    check!(cases, "cat/array", |a: Rank2<2, 2>, b: Rank2<2, 2>| [a, b].cat::<1>());
    check!(cases, "stack/first", |a: Rank1<3>, b: Rank1<3>| (a, b).stack::<0>());
    check!(cases, "stack/last", |a: Rank2<2, 3>, b: Rank2<2, 3>| (a, b).stack::<-1>());
    check!(cases, "stack/middle", |a: Rank2<2, 3>, b: Rank2<2, 3>, c: Rank2<2, 3>| (a, b, c).stack::<1>());
    check!(cases, "stack/scalars", |a: Rank0, b: Rank0| (a, b).stack::<0>());
    check!(cases, "stack/array", |a: Rank2<2, 2>, b: Rank2<2, 2>| [a, b].stack::<1>());
}

fn apart(cases: &mut Cases) {
    check!(cases, "split/first", |x: Rank2<2, 3>| x.shared(|x| x.split::<1, Rank2<1, 2>>().0));
    check!(cases, "split/both", |x: Rank2<2, 3>| x.shared(|x| {
        let (a, b) = x.split::<1, Rank2<1, 2>>();
        a.expand() * b
    }));
    check!(cases, "split/three", |x: Rank2<4, 2>| x.shared(|x| x.split::<0, Rank3<1, 2, 1>>().1));
    check!(cases, "chunk/both", |x: Rank2<4, 2>| x.shared(|x| {
        let [a, b] = x.chunk::<0, 2>();
        a * b
    }));
    check!(cases, "chunk/last", |x: Rank2<2, 6>| x.shared(|x| {
        let [_, _, c] = x.chunk::<-1, 3>();
        c
    }));
    check!(cases, "unbind/first", |x: Rank2<2, 3>| x.shared(|x| {
        let [a, b] = x.unbind::<0>();
        a * b
    }));
    check!(cases, "unbind/last", |x: Rank2<2, 3>| x.shared(|x| {
        let [_, b, _] = x.unbind::<-1>();
        b
    }));
}

fn axes(cases: &mut Cases) {
    check!(cases, "flatten/all", |x: Rank3<2, 3, 2>| x.flatten());
    check!(cases, "flatten/scalar", |x: Rank0| x.flatten());
    check!(cases, "flatten/axes", |x: Rank3<2, 3, 2>| x.flatten_axes::<1, -1>());
    check!(cases, "flatten/front", |x: Rank3<2, 3, 2>| x.flatten_axes::<0, 1>());
    check!(cases, "squeeze/last", |x: Rank2<2, 1>| x.squeeze::<-1>());
    check!(cases, "squeeze/first", |x: Rank2<1, 2>| x.squeeze::<0>());
    check!(cases, "unsqueeze/first", |x: Rank1<2>| x.unsqueeze::<0>());
    check!(cases, "unsqueeze/last", |x: Rank2<2, 3>| x.unsqueeze::<-1>());
}

fn reshaped(cases: &mut Cases) {
    check!(cases, "reshape/flat", |x: Rank2<2, 3>| x.reshape::<Rank1<6>>());
    check!(cases, "view/deep", |x: Rank2<2, 6>| x.view::<Rank3<3, 1, 4>>());
    check!(cases, "reshape/deep", |x: Rank2<2, 6>| x.reshape::<Rank3<3, 1, 4>>());
    layer!(cases, "flatten/layer", train, Flatten, Rank4<2, 2, 4, 6>);
    layer!(cases, "unflatten/layer", train, Unflatten<Rank2<2, 3>>, Rank2<2, 6>);
}

fn moved(cases: &mut Cases) {
    check!(cases, "permute/three", |x: Rank3<2, 3, 4>| x.permute::<Axes3<2, 0, 1>>());
    check!(cases, "permute/four", |x: Rank4<2, 2, 1, 3>| x.permute::<Axes4<0, -1, 1, 2>>());
    check!(cases, "movedim/back", |x: Rank3<2, 3, 4>| x.movedim::<0, -1>());
    check!(cases, "movedim/front", |x: Rank3<2, 3, 4>| x.movedim::<2, 0>());
    check!(cases, "flip/first", |x: Rank2<3, 2>| x.flip::<0>());
    check!(cases, "flip/last", |x: Rank2<2, 3>| x.flip::<-1>());
    check!(cases, "repeat/vector", |x: Rank1<2>| x.repeat::<Rank2<2, 2>>());
    check!(cases, "repeat/matrix", |x: Rank2<2, 2>| x.repeat::<Rank2<1, 3>>());
    check!(cases, "repeat/deep", |x: Rank2<2, 2>| x.repeat::<Rank3<2, 1, 2>>());
    check!(cases, "roll/forward", |x: Rank2<3, 2>| x.roll::<0>(1));
    check!(cases, "roll/backward", |x: Rank2<2, 3>| x.roll::<-1>(-2));
    check!(cases, "roll/around", |x: Rank1<3>| x.roll::<0>(7));
}

fn padded(cases: &mut Cases) {
    check!(cases, "pad/value", |x: Rank2<2, 3>| x.pad::<1, 2>(-7.0));
    check!(cases, "pad/none", |x: Rank2<2, 3>| x.pad::<0, 0>(0.0));
    check!(cases, "pad/reflect", |x: Rank2<2, 3>| x.reflect_pad::<2, 1>());
    check!(cases, "pad/replicate", |x: Rank2<2, 3>| x.replicate_pad::<2, 1>());
    check!(cases, "pad2d/value", |x: Rank2<2, 2>| x.pad2d::<1, 0, 2, 1>(0.5));
    check!(cases, "pad2d/reflect", |x: Rank3<1, 2, 3>| x.reflect_pad2d::<1, 2, 1, 0>());
    check!(cases, "pad2d/replicate", |x: Rank3<1, 2, 3>| x.replicate_pad2d::<1, 2, 1, 0>());
    check!(cases, "pad/circular", |x: Rank2<2, 3>| x.circular_pad::<2, 1>());
    check!(cases, "pad/circular_around", |x: Rank2<2, 3>| x.circular_pad::<3, 3>());
    check!(cases, "pad/circular_none", |x: Rank2<2, 3>| x.circular_pad::<0, 0>());
    check!(cases, "pad2d/circular", |x: Rank3<1, 2, 3>| x.circular_pad2d::<1, 2, 1, 0>());
    check!(cases, "pad2d/circular_around", |x: Rank3<2, 2, 3>| x.circular_pad2d::<3, 3, 2, 2>());
    check!(cases, "pad3d/circular", |x: Rank4<1, 2, 2, 3>| x.circular_pad3d::<1, 2, 1, 0, 0, 1>());
    check!(cases, "pad3d/circular_around", |x: Rank5<1, 2, 3, 1, 2>| x.circular_pad3d::<2, 2, 1, 1, 3, 0>());
}

fn triangles(cases: &mut Cases) {
    macro_rules! diagonals {
        ($($name:literal = $k:expr,)+) => { $(
            check!(cases, concat!("tril/", $name), |x: Rank2<3, 4>| x.tril($k));
            check!(cases, concat!("triu/", $name), |x: Rank2<3, 4>| x.triu($k));
        )+ };
    }
    diagonals!("0" = 0, "1" = 1, "-1" = -1, "5" = 5,);
    check!(cases, "tril/batch", |x: Rank3<2, 2, 3>| x.tril(0));
    check!(cases, "diag/matrix_0", |x: Rank2<3, 4>| x.diag::<0>());
    check!(cases, "diag/matrix_1", |x: Rank2<3, 4>| x.diag::<1>());
    check!(cases, "diag/matrix_-1", |x: Rank2<3, 4>| x.diag::<-1>());
    check!(cases, "diag/vector_0", |x: Rank1<2>| x.diag::<0>());
    check!(cases, "diag/vector_1", |x: Rank1<2>| x.diag::<1>());
    check!(cases, "diag/vector_-1", |x: Rank1<2>| x.diag::<-1>());
}

fn stretched(cases: &mut Cases) {
    check!(cases, "expand/add_row", |a: Rank2<2, 3>, b: Rank2<1, 3>| a + b.expand());
    check!(cases, "expand/sub_row", |a: Rank2<2, 3>, b: Rank2<1, 3>| a - b.expand());
    check!(cases, "expand/mul_row", |a: Rank2<2, 3>, b: Rank2<1, 3>| a * b.expand());
    check!(cases, "expand/div_row", |a: Rank2<2, 3>, b: Rank2<1, 3>| a / b.expand());
    check!(cases, "expand/add_column", |a: Rank2<2, 3>, b: Rank2<2, 1>| a + b.expand());
    check!(cases, "expand/sub_column", |a: Rank2<2, 3>, b: Rank2<2, 1>| a - b.expand());
    check!(cases, "expand/mul_column", |a: Rank2<2, 3>, b: Rank2<2, 1>| a * b.expand());
    check!(cases, "expand/div_column", |a: Rank2<2, 3>, b: Rank2<2, 1>| a / b.expand());
    check!(cases, "expand/add_on_the_left", |a: Rank2<2, 1>, b: Rank2<2, 3>| a.expand() + b);
    check!(cases, "expand/sub_on_the_left", |a: Rank2<2, 1>, b: Rank2<2, 3>| a.expand() - b);
    check!(cases, "expand/mul_on_the_left", |a: Rank2<2, 1>, b: Rank2<2, 3>| a.expand() * b);
    check!(cases, "expand/div_on_the_left", |a: Rank2<2, 1>, b: Rank2<2, 3>| a.expand() / b);
    check!(cases, "expand/two_axes", |a: Rank3<2, 3, 2>, b: Rank3<1, 3, 1>| a * b.expand());
    check!(cases, "expand/nothing", |a: Rank2<2, 3>, b: Rank2<2, 3>| a * b.expand());
    check!(cases, "expand/to_no_elements", |a: Rank2<2, 0>, b: Rank2<2, 1>| a * b.expand());
    check!(cases, "broadcast_to/axis", |x: Rank2<2, 1>| x.broadcast_to::<Rank2<2, 3>>());
    check!(cases, "broadcast_to/front", |x: Rank1<3>| x.broadcast_to::<Rank2<2, 3>>());
    check!(cases, "broadcast_to/both", |x: Rank2<3, 1>| x.broadcast_to::<Rank3<2, 3, 2>>());
    check!(cases, "broadcast_to/scalar", |x: Rank0| x.broadcast_to::<Rank2<2, 2>>());
}

fn integers(cases: &mut Cases) {
    check!(cases, "transpose/of_integers", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.t()));
    check!(cases, "cat/of_integers", |x: Rank1<1>; k: Rank2<2, 3> as i64, j: Rank2<2, 3> as i64| (x, (k, j).cat::<0>()));
    check!(cases, "tril/of_integers", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.tril(0)));
    check!(cases, "pad/of_integers", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.pad::<1, 1>(-1)));
}

fn by_other_names(cases: &mut Cases) {
    check!(cases, "pad/negative", |x: Rank2<2, 3>| x.pad::<-1, 2>(3.0));
    check!(cases, "pad/all_taken", |x: Rank2<2, 2>| x.pad::<-2, 3>(1.0));
    check!(cases, "pad/reflect_negative", |x: Rank2<2, 4>| x.reflect_pad::<-1, 2>());
    check!(cases, "pad/reflect_what_is_taken", |x: Rank2<2, 4>| x.reflect_pad::<-3, 3>());
    check!(cases, "pad/replicate_negative", |x: Rank2<2, 4>| x.replicate_pad::<2, -3>());
    check!(cases, "pad2d/negative", |x: Rank3<2, 3, 3>| x.pad2d::<-1, 0, 2, -1>(0.0));
    check!(cases, "pad2d/reflect_negative", |x: Rank3<2, 3, 4>| x.reflect_pad2d::<-1, 2, 1, -1>());
    check!(cases, "pad3d/value", |x: Rank4<2, 2, 1, 2>| x.pad3d::<1, 0, 2, 1, 0, 3>(0.5));
    check!(cases, "pad3d/negative", |x: Rank3<3, 2, 3>| x.pad3d::<-1, 1, 0, -1, 1, -2>(0.0));
    check!(cases, "pad3d/reflect", |x: Rank4<1, 2, 2, 3>| x.reflect_pad3d::<1, 2, 1, 0, 0, 1>());
    check!(cases, "pad3d/replicate", |x: Rank4<1, 2, 2, 3>| x.replicate_pad3d::<1, 2, 1, 0, 0, 1>());
    check!(cases, "roll/all", |x: Rank2<2, 3>| x.flatten().roll::<0>(2).reshape::<Rank2<2, 3>>());
    check!(cases, "roll/two_axes", |x: Rank2<2, 3>| x.roll::<0>(1).roll::<1>(-1));
    check!(cases, "flip/two_axes", |x: Rank2<2, 3>| x.flip::<0>().flip::<1>());
    check!(cases, "movedim/swap", |x: Rank3<2, 3, 4>| x.permute::<Axes3<1, 0, 2>>());
    check!(cases, "movedim/two", |x: Rank3<2, 3, 4>| x.permute::<Axes3<1, 2, 0>>());
    check!(cases, "squeeze/all", |x: Rank3<1, 2, 1>| x.reshape::<Rank1<2>>());
    check!(cases, "squeeze/two", |x: Rank3<1, 2, 1>| x.squeeze::<2>().squeeze::<0>());
}

fn grids(cases: &mut Cases) {
    check!(cases, "repeat_interleave/first", |x: Rank2<2, 3>| x.repeat_interleave::<0, 3>());
    check!(cases, "repeat_interleave/middle", |x: Rank3<2, 3, 2>| x.repeat_interleave::<1, 3>());
    check!(cases, "repeat_interleave/last", |x: Rank2<3, 2>| x.repeat_interleave::<-1, 3>());
    check!(cases, "meshgrid/x", |x: Rank1<3>, y: Rank1<2>| (x, y).meshgrid().0);
    check!(cases, "meshgrid/product", |x: Rank1<3>, y: Rank1<2>, z: Rank1<4>| {
        let (x, y, z) = (x, y, z).meshgrid();
        x * y * z
    });
}
