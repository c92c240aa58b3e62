// The corrected twins of laws of rows whose number is known at run time, of indices, and of what runs a network.
#![allow(dead_code, unused)]
use typegrad::data::{Batch, Dataset, TensorRows};
use typegrad::metrics::ConfusionMatrix;
use typegrad::nn::AveragedModel;
use typegrad::prelude::*;

fn main() {
    let rng = &mut Rng::seed(0);
    let net = Linear::<8, 2>::new(rng);

    // rows_have_the_width_of_the_network, rows_are_given_in_chunks
    let rows = TensorRows::from(Tensor::<Rank2<20, 8>>::ones());
    assert_eq!(net.infer_rows(rows.chunks::<8>()).argmax().len(), 20);
    // rows_are_not_indexed_by_brackets
    assert_eq!(rows.row(0), [1.0; 8]);

    // a_vec_becomes_rows_by_try_from, rows_have_the_elements_of_the_vec
    let v: Vec<f64> = vec![1.0, 2.0, 3.0, 4.0];
    let v = v.iter().map(|x| *x as f32).collect::<Vec<_>>();
    assert_eq!(TensorRows::<Rank1<2>>::try_from(&v[1..3]).expect("one row").row(0), [2.0, 3.0]);
    assert_eq!(TensorRows::<Rank1<2>>::try_from(v).expect("rows of two").len(), 2);

    // parameters_are_compared_by_their_values
    assert!(net.weight.value() == net.clone().weight.value() && net.weight.value().allclose(net.weight.value()));

    // numbers_become_a_tensor
    let x = Tensor::<Rank2<1, 8>>::try_from(vec![0.5_f32; 8]).expect("eight numbers");
    println!("{}", net.infer(x).argmax_axis::<-1>());

    // a_confusion_matrix_counts_classes, the_scores_of_a_loader_are_not_classes
    let mut confusion = ConfusionMatrix::<2>::new();
    let scores = net.infer(Tensor::<Rank2<4, 8>>::randn(rng));
    confusion.update(&scores.argmax_axis::<-1>(), &Tensor::from([0, 1, 1, 0]));
    for Batch { data: (x, y), .. } in vec![([0.5_f32; 8], 1_i64); 3].batches::<2>().in_order() {
        confusion.update(&net.infer(x).argmax_axis::<-1>(), &y);
    }

    // the_rows_of_a_weight_are_selected, a_mask_does_not_select
    let (words, ids) = (Embedding::<10, 4>::new(rng), Tensor::from([1_i64, 3, 5]));
    let _ = words.weight.track().index_select::<0, _>(&ids).mean().backward();
    let x = Tensor::<Rank2<10, 4>>::ones();
    println!("{}", x.clone().masked_fill(&x.le(0.0), 0.0).sum());

    // an_averaged_model_holds_the_network
    let mut ema = AveragedModel::ema(&net, 0.99);
    ema.update(&net);
    println!("{}", ema.module().infer(Tensor::<Rank2<4, 8>>::ones()).mean());

    // a_target_by_reference_has_no_graph
    let (w, v) = (Param::new(Tensor::from([1.0_f32, 2.0])), Param::new(Tensor::from([3.0_f32, 2.0])));
    let goal = v.track() * 0.9 + 1.0;
    w.track().smooth_l1_loss(goal.value()).backward();
}
