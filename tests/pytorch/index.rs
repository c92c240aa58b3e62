//! Elements by indices: rows, slices, sorting, and the embedding.

use crate::fixture::{Cases, check, layer};
use typegrad::nn::BagMode;
use typegrad::prelude::*;

#[test]
fn index() {
    let mut cases = Cases::of("index");
    rows(&mut cases);
    elements(&mut cases);
    slices(&mut cases);
    sorted(&mut cases);
    integers(&mut cases);
    embeddings(&mut cases);
    without_an_axis(&mut cases);
    counted(&mut cases);
    bags(&mut cases);
    cases.finish();
}

fn rows(cases: &mut Cases) {
    check!(cases, "index_select/first", |x: Rank2<4, 2>; index: Rank1<3> as i64| x.index_select::<0, _>(&index));
    check!(cases, "index_select/middle", |x: Rank3<2, 3, 2>; index: Rank1<2> as i64| x.index_select::<1, _>(&index));
    check!(cases, "index_select/last", |x: Rank2<2, 3>; index: Rank1<4> as i64| x.index_select::<-1, _>(&index));
    check!(cases, "index_select/none", |x: Rank2<3, 2>; index: Rank1<0> as i64| x.index_select::<0, _>(&index));
    check!(cases, "lookup/vector", |x: Rank2<4, 3>; ids: Rank1<3> as i64| x.lookup(&ids));
    check!(cases, "lookup/matrix", |x: Rank2<4, 2>; ids: Rank2<2, 2> as i64| x.lookup(&ids));
    check!(cases, "lookup/scalar", |x: Rank2<4, 2>; ids: Rank0 as i64| x.lookup(&ids));
}

fn elements(cases: &mut Cases) {
    check!(cases, "gather/first", |x: Rank2<3, 2>; index: Rank2<1, 2> as i64| x.gather::<0, _>(&index));
    check!(cases, "gather/middle", |x: Rank3<2, 3, 2>; index: Rank3<2, 2, 2> as i64| x.gather::<1, _>(&index));
    check!(cases, "gather/last", |x: Rank2<2, 3>; index: Rank2<2, 4> as i64| x.gather::<-1, _>(&index));
    check!(cases, "gather/none", |x: Rank2<2, 3>; index: Rank2<2, 0> as i64| x.gather::<-1, _>(&index));
    check!(cases, "take_along/last", |x: Rank2<2, 3>; index: Rank2<2, 2> as i64| x.take_along::<-1, _>(&index));
    check!(cases, "take/matrix", |x: Rank2<2, 3>; index: Rank2<2, 2> as i64| x.take(&index));
    check!(cases, "scatter/last", |x: Rank2<2, 4>, s: Rank2<2, 2>; index: Rank2<2, 2> as i64| {
        x.scatter::<-1, _>(&index, s)
    });
    check!(cases, "scatter/first", |x: Rank2<3, 2>, s: Rank2<2, 2>; index: Rank2<2, 2> as i64| {
        x.scatter::<0, _>(&index, s)
    });
    check!(cases, "scatter_add/last", |x: Rank2<2, 3>, s: Rank2<2, 4>; index: Rank2<2, 4> as i64| {
        x.scatter_add::<-1, _>(&index, s)
    });
    check!(cases, "scatter_add/first", |x: Rank2<3, 2>, s: Rank2<2, 2>; index: Rank2<2, 2> as i64| {
        x.scatter_add::<0, _>(&index, s)
    });
    check!(cases, "one_hot/vector", |x: Rank1<1>; labels: Rank1<3> as i64| (x, labels.one_hot::<4>()));
    check!(cases, "one_hot/matrix", |x: Rank1<1>; labels: Rank2<2, 2> as i64| (x, labels.one_hot::<3>()));
}

fn slices(cases: &mut Cases) {
    check!(cases, "narrow/first", |x: Rank2<4, 3>| x.narrow::<0, 1, 2>());
    check!(cases, "narrow/middle", |x: Rank3<2, 3, 2>| x.narrow::<1, 0, 1>());
    check!(cases, "narrow/last", |x: Rank2<2, 3>| x.narrow_from::<-1, 2>(1));
    check!(cases, "narrow/first", |x: Rank2<4, 3>| x.slice::<0, 1, 3>());
    check!(cases, "narrow/middle", |x: Rank3<2, 3, 2>| x.slice::<1, 0, 1>());
    check!(cases, "narrow/all", |x: Rank1<3>| x.narrow::<0, 0, 3>());
    check!(cases, "narrow/none", |x: Rank1<3>| x.narrow::<0, 3, 0>());
    check!(cases, "slice/first", |x: Rank2<4, 3>| x.slice::<0, 1, 3>());
    check!(cases, "slice/middle", |x: Rank3<2, 3, 2>| x.slice::<1, 0, 2>());
    check!(cases, "slice/last", |x: Rank2<2, 3>| x.slice::<-1, 2, 3>());
    check!(cases, "slice/none", |x: Rank1<3>| x.slice::<0, 2, 2>());
    check!(cases, "select/first", |x: Rank2<3, 2>| x.select::<0>(1));
    check!(cases, "select/middle", |x: Rank3<2, 3, 2>| x.select_at::<1, 2>());
    check!(cases, "select/last", |x: Rank2<2, 3>| x.select::<-1>(0));
    check!(cases, "select/negative", |x: Rank2<2, 3>| x.select_at::<1, -1>());
    check!(cases, "select/vector", |x: Rank1<3>| x.select::<0>(1));
}

fn sorted(cases: &mut Cases) {
    check!(cases, "sort/random", |x: Rank2<3, 4>| x.sort::<-1>());
    check!(cases, "sort/ties", |x: Rank2<2, 4>| x.sort::<-1>());
    check!(cases, "sort/corners", |x: Rank2<2, 4>| x.sort::<-1>());
    check!(cases, "sort/first", |x: Rank2<4, 2>| x.sort::<0>());
    check!(cases, "sort/middle", |x: Rank3<2, 3, 2>| x.sort::<1>());
    check!(cases, "sort_descending/random", |x: Rank2<3, 4>| x.sort_descending::<-1>());
    check!(cases, "sort_descending/ties", |x: Rank2<2, 4>| x.sort_descending::<-1>());
    check!(cases, "sort_descending/corners", |x: Rank2<2, 4>| x.sort_descending::<-1>());
    check!(cases, "argsort/random", |x: Rank2<3, 4>| x.argsort::<-1>());
    check!(cases, "argsort/ties", |x: Rank2<2, 4>| x.argsort::<-1>());
    check!(cases, "argsort/corners", |x: Rank2<2, 4>| x.argsort::<-1>());
    check!(cases, "argsort_descending/random", |x: Rank2<3, 4>| x.argsort_descending::<-1>());
    check!(cases, "argsort_descending/ties", |x: Rank2<2, 4>| x.argsort_descending::<-1>());
    check!(cases, "argsort_descending/corners", |x: Rank2<2, 4>| x.argsort_descending::<-1>());
    check!(cases, "topk/last", |x: Rank2<3, 4>| x.topk::<-1, 2>());
    check!(cases, "topk/first", |x: Rank2<4, 2>| x.topk::<0, 2>());
    check!(cases, "topk/all", |x: Rank2<2, 4>| x.topk::<-1, 4>());
    check!(cases, "topk/nan", |x: Rank2<2, 4>| x.topk::<-1, 3>());
    check!(cases, "topk_smallest/last", |x: Rank2<3, 4>| x.topk_smallest::<-1, 2>());
    check!(cases, "topk_smallest/nan", |x: Rank2<2, 4>| x.topk_smallest::<-1, 4>());
}

fn integers(cases: &mut Cases) {
    check!(cases, "sort/of_integers", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.sort::<-1>().0));
    check!(cases, "gather/of_integers", |x: Rank1<1>; k: Rank2<2, 3> as i64, index: Rank2<2, 2> as i64| {
        (x, k.gather::<1, _>(&index))
    });
}

fn embeddings(cases: &mut Cases) {
    layer!(cases, "embedding/row", train, Embedding<5, 3, E>, Rank1<3> as i64);
    layer!(cases, "embedding/matrix", train, Embedding<5, 3, E>, Rank2<2, 3> as i64);
    layer!(cases, "embedding/scalar", train, Embedding<5, 3, E>, Rank0 as i64);
    layer!(cases, "embedding/padding", train, Embedding<5, 3, E>, Rank2<2, 3> as i64, |layer| layer.padding_idx(1));
}

fn without_an_axis(cases: &mut Cases) {
    check!(cases, "take_along_dim/flat", |x: Rank2<2, 3>; i: Rank2<2, 2> as i64| x.take(&i).flatten());
}

fn counted(cases: &mut Cases) {
    check!(cases, "kthvalue/first", |x: Rank2<4, 3>| x.kthvalue::<0, 2>());
    check!(cases, "kthvalue/middle", |x: Rank3<2, 5, 3>| x.kthvalue::<1, 2>());
    check!(cases, "kthvalue/last", |x: Rank2<3, 7>| x.kthvalue::<-1, 2>());
    check!(cases, "kthvalue_keepdim/last", |x: Rank2<3, 4>| x.kthvalue_keepdim::<-1, 3>());
    check!(cases, "bincount/of_integers", |x: Rank1<1>; k: Rank1<6> as i64| (x, k.bincount::<6>()));
    check!(cases, "searchsorted/of_integers", |x: Rank1<1>; row: Rank1<4> as i64, k: Rank2<2, 2> as i64| {
        (x, row.searchsorted(&k))
    });
    check!(cases, "searchsorted_right/of_integers", |x: Rank1<1>; row: Rank1<4> as i64, k: Rank2<2, 2> as i64| {
        (x, row.searchsorted_with(&k, true))
    });
    check!(cases, "bincount_with/weights", |w: Rank1<5>; k: Rank1<5> as i64| {
        let sums = k.bincount_with::<4, _>(&w);
        (w, sums)
    });
    check!(cases, "searchsorted/floats", |row: Rank1<3>, x: Rank1<5>| {
        let places = row.searchsorted(&x);
        (row + x.select::<0>(0), places)
    });
    check!(cases, "searchsorted_with/right", |row: Rank1<3>, x: Rank1<5>| {
        let places = row.searchsorted_with(&x, true);
        (row + x.select::<0>(0), places)
    });
}

fn bags(cases: &mut Cases) {
    for (name, mode) in [("sum", BagMode::Sum), ("mean", BagMode::Mean), ("max", BagMode::Max)] {
        for (name, padding) in
            [(format!("embedding_bag/{name}"), None), (format!("embedding_bag/{name}_padded"), Some(1))]
        {
            check!(cases, &name, |x: Rank2<5, 3>; ids: Rank2<3, 3> as i64| x.embedding_bag(&ids, mode, padding));
        }
    }
    layer!(cases, "embedding_bag/layer", train, EmbeddingBag<5, 3, E>, Rank2<3, 3> as i64, |layer| {
        layer.mode(BagMode::Sum).padding_idx(1)
    });
    layer!(cases, "embedding_bag/layer_by_default", train, EmbeddingBag<5, 3, E>, Rank2<3, 3> as i64);
}
