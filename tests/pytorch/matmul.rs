//! Products of matrices, `einsum!` and the linear layer.

use crate::fixture::{Cases, check, layer};
use typegrad::einsum;
use typegrad::prelude::*;

#[test]
fn matmul() {
    let mut cases = Cases::of("matmul");
    products(&mut cases);
    by_rank(&mut cases);
    equations(&mut cases);
    linear(&mut cases);
    layers(&mut cases);
    pairs_of_rows(&mut cases);
    cases.finish();
}

fn products(cases: &mut Cases) {
    check!(cases, "matmul/matrices", |a: Rank2<2, 3>, b: Rank2<3, 4>| a.matmul(b));
    check!(cases, "matmul/dot", |a: Rank1<3>, b: Rank1<3>| a.matmul(b));
    check!(cases, "matmul/vector_matrix", |a: Rank1<3>, b: Rank2<3, 2>| a.matmul(b));
    check!(cases, "matmul/matrix_vector", |a: Rank2<2, 3>, b: Rank1<3>| a.matmul(b));
    check!(cases, "matmul/vector_batch", |a: Rank1<3>, b: Rank3<2, 3, 2>| a.matmul(b));
    check!(cases, "matmul/batch_vector", |a: Rank3<2, 2, 3>, b: Rank1<3>| a.matmul(b));
    check!(cases, "matmul/batches", |a: Rank3<2, 2, 3>, b: Rank3<2, 3, 2>| a.matmul(b));
    check!(cases, "matmul/two_batches", |a: Rank4<2, 1, 2, 3>, b: Rank4<2, 1, 3, 2>| a.matmul(b));
    check!(cases, "matmul/shared_right", |a: Rank3<2, 2, 3>, b: Rank2<3, 2>| a.matmul(b));
    check!(cases, "matmul/shared_left", |a: Rank2<2, 3>, b: Rank3<2, 3, 2>| a.matmul(b));
    check!(cases, "matmul/shared_right_batch", |a: Rank4<2, 2, 2, 3>, b: Rank3<2, 3, 2>| a.matmul(b));
    check!(cases, "matmul/one_by_one", |a: Rank2<1, 1>, b: Rank2<1, 1>| a.matmul(b));
    check!(cases, "matmul/column_row", |a: Rank2<3, 1>, b: Rank2<1, 2>| a.matmul(b));
    check!(cases, "matmul/no_rows", |a: Rank2<0, 3>, b: Rank2<3, 2>| a.matmul(b));
    check!(cases, "matmul/no_inner", |a: Rank2<2, 0>, b: Rank2<0, 3>| a.matmul(b));
    check!(cases, "matmul/no_batch", |a: Rank3<0, 2, 3>, b: Rank3<0, 3, 2>| a.matmul(b));
    check!(cases, "matmul/large", |a: Rank2<9, 17>, b: Rank2<17, 10>| a.matmul(b));
    check!(cases, "matmul/corners", |a: Rank2<3, 2>, b: Rank2<2, 2>| a.matmul(b));
}

fn by_rank(cases: &mut Cases) {
    check!(cases, "mm/matrices", |a: Rank2<2, 3>, b: Rank2<3, 4>| a.mm(b));
    check!(cases, "mm/added", |a: Rank2<2, 3>, b: Rank2<3, 4>, c: Rank2<2, 4>| a.mm(b) + c);
    check!(cases, "bmm/batches", |a: Rank3<2, 2, 3>, b: Rank3<2, 3, 2>| a.bmm(b));
    check!(cases, "mv/matrix", |a: Rank2<2, 3>, b: Rank1<3>| a.mv(b));
    check!(cases, "dot/vectors", |a: Rank1<4>, b: Rank1<4>| a.dot(b));
    check!(cases, "dot/empty", |a: Rank1<0>, b: Rank1<0>| a.dot(b));
    check!(cases, "outer/vectors", |a: Rank1<2>, b: Rank1<3>| a.outer(b));
}

/// Equations and the shapes of their operands.
macro_rules! equations {
    ($cases:ident: $($equation:literal($($x:ident: $s:ty),+))+) => { $(
        check!($cases, concat!("einsum/", $equation), |$($x: $s),+| einsum!($equation, $($x),+));
    )+ };
}

fn equations(cases: &mut Cases) {
    equations! { cases:
        "ij,jk->ik"(a: Rank2<2, 3>, b: Rank2<3, 2>)
        "ij,kj->ik"(a: Rank2<2, 3>, b: Rank2<4, 3>)
        "ij,j->i"(a: Rank2<2, 3>, b: Rank1<3>)
        "i,j->ij"(a: Rank1<2>, b: Rank1<3>)
        "i,i->"(a: Rank1<3>, b: Rank1<3>)
        "ij,ij->"(a: Rank2<2, 3>, b: Rank2<2, 3>)
        "ij,ij->i"(a: Rank2<2, 3>, b: Rank2<2, 3>)
        "bij,bjk->bik"(a: Rank3<2, 2, 3>, b: Rank3<2, 3, 2>)
        "bij,bkj->bik"(a: Rank3<2, 2, 3>, b: Rank3<2, 4, 3>)
        "bhid,bhjd->bhij"(a: Rank4<2, 1, 2, 3>, b: Rank4<2, 1, 2, 3>)
        "bij,jk->bki"(a: Rank3<2, 2, 3>, b: Rank2<3, 2>)
        "ij,jk"(a: Rank2<2, 3>, b: Rank2<3, 2>)
        "ba,ac"(a: Rank2<2, 3>, b: Rank2<3, 2>)
        "ij->ji"(a: Rank2<2, 3>)
        "ij->"(a: Rank2<2, 3>)
        "ij->j"(a: Rank2<2, 3>)
        "ii"(a: Rank2<3, 3>)
        "ii->i"(a: Rank2<3, 3>)
        "ijk->kij"(a: Rank3<2, 3, 2>)
        "i,ij,j"(a: Rank1<2>, b: Rank2<2, 3>, c: Rank1<3>)
        "ij,jk,kl->il"(a: Rank2<2, 3>, b: Rank2<3, 2>, c: Rank2<2, 2>)
    }
}

fn linear(cases: &mut Cases) {
    check!(cases, "linear/matrix", |x: Rank2<2, 3>, w: Rank2<4, 3>| x.linear(w));
    check!(cases, "linear/vector", |x: Rank1<3>, w: Rank2<2, 3>| x.linear(w));
    check!(cases, "linear/deep", |x: Rank3<2, 2, 3>, w: Rank2<4, 3>| x.linear(w));
    check!(cases, "linear/bias", |x: Rank2<2, 3>, w: Rank2<4, 3>, b: Rank1<4>| x.linear(w) + b);
    check!(cases, "linear/no_rows", |x: Rank2<0, 3>, w: Rank2<4, 3>| x.linear(w));
}

fn layers(cases: &mut Cases) {
    layer!(cases, "linear/layer_matrix", train, Linear<3, 2, E>, Rank2<4, 3>);
    layer!(cases, "linear/layer_batches", train, Linear<3, 2, E>, Rank3<2, 4, 3>);
    layer!(cases, "linear/layer_eval", eval, Linear<3, 2, E>, Rank2<4, 3>);
    layer!(cases, "linear/layer_in_a_row", train, (Linear<3, 5, E>, Relu, Linear<5, 2, E>), Rank2<4, 3>);
    layer!(cases, "linear/layer_no_bias", train, NoBias<Linear<3, 2, E>>, Rank2<4, 3>);
    layer!(cases, "linear/layer_vector", train, Linear<3, 2, E>, Rank1<3>);
}

fn pairs_of_rows(cases: &mut Cases) {
    check!(cases, "kron/vectors", |a: Rank1<3>, b: Rank1<2>| a.kron(b));
    check!(cases, "kron/matrices", |a: Rank2<2, 3>, b: Rank2<3, 2>| a.kron(b));
    check!(cases, "kron/three_axes", |a: Rank3<2, 1, 3>, b: Rank3<1, 2, 2>| a.kron(b));
    check!(cases, "cross/first", |a: Rank2<3, 2>, b: Rank2<3, 2>| a.cross::<0, _>(b));
    check!(cases, "cross/middle", |a: Rank3<2, 3, 2>, b: Rank3<2, 3, 2>| a.cross::<1, _>(b));
    check!(cases, "cross/last", |a: Rank2<4, 3>, b: Rank2<4, 3>| a.cross::<-1, _>(b));
    check!(cases, "cdist_with/0.0", |a: Rank2<4, 5>, b: Rank2<3, 5>| a.cdist_with(b, 0.0));
    check!(cases, "cdist_with/0.5", |a: Rank2<4, 5>, b: Rank2<3, 5>| a.cdist_with(b, 0.5));
    check!(cases, "cdist_with/1.0", |a: Rank2<4, 5>, b: Rank2<3, 5>| a.cdist_with(b, 1.0));
    check!(cases, "cdist_with/2.0", |a: Rank2<4, 5>, b: Rank2<3, 5>| a.cdist_with(b, 2.0));
    check!(cases, "cdist_with/3.0", |a: Rank2<4, 5>, b: Rank2<3, 5>| a.cdist_with(b, 3.0));
    check!(cases, "cdist_with/inf", |a: Rank2<4, 5>, b: Rank2<3, 5>| a.cdist_with(b, f64::INFINITY));
    check!(cases, "cdist_nan/0.0", |a: Rank2<3, 2>, b: Rank2<5, 2>| a.cdist_with(b, 0.0));
    check!(cases, "cdist_nan/1.0", |a: Rank2<3, 2>, b: Rank2<5, 2>| a.cdist_with(b, 1.0));
    check!(cases, "cdist_nan/2.0", |a: Rank2<3, 2>, b: Rank2<5, 2>| a.cdist(b));
    check!(cases, "cdist_nan/3.0", |a: Rank2<3, 2>, b: Rank2<5, 2>| a.cdist_with(b, 3.0));
    check!(cases, "cdist/batch", |a: Rank3<2, 3, 20>, b: Rank3<2, 4, 20>| a.cdist(b));
    check!(cases, "cdist/equal_rows", |a: Rank2<2, 2>, b: Rank2<1, 2>| a.cdist(b));
}
