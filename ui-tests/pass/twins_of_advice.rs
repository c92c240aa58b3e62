// As twins.rs: the corrected twins of laws whose message is the advice of a type or of a method.
#![allow(dead_code, unused)]

/// A cell in a loop inside `forward`.
mod a_state_in_forward_is_boxed {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(input = Rank3<2, 5, 4>)]
    struct Net {
        cell: GruCell<4, 8>,
    }

    impl<const B: usize> Forward<Rank3<B, 5, 4>> for Net {
        type Output = Rank2<B, 8>;
        fn forward<M: Mode>(&self, x: Input<Rank3<B, 5, 4>, M>) -> impl Traced<Self::Output, M> {
            let mut h = Tensor::<Rank2<B, 8>>::zeros().within::<M>().boxed();
            for t in 0..5 {
                h = self.cell.step(x.clone().select::<1>(t), h).boxed();
            }
            h
        }
    }
}

/// Two losses of one batch of a loader.
mod two_losses_share_their_batch {
    use typegrad::data::{Batch, Dataset};
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<4, 1>::new(&mut Rng::seed(0));
        let examples = vec![([1.0_f32; 4], [1.0_f32]); 10];
        for Batch { data: (x, y), .. } in examples.batches::<4>().in_order() {
            net.train(x).shared(|p| p.clone().mse_loss(&y) + p.l1_loss(&y)).backward();
        }
    }
}

/// A schedule takes the number of a loss.
mod a_schedule_takes_the_number_of_a_loss {
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<4, 1>::new(&mut Rng::seed(0));
        let mut adam = Adam::new(0.1);
        let mut schedule = ReduceLrOnPlateau::new();
        schedule.step(&mut adam, net.infer(Tensor::<Rank2<8, 4>>::ones()).mean().item());
    }
}

/// A vec of tensors is stacked as an array.
mod a_vec_of_tensors_is_stacked_as_an_array {
    use typegrad::prelude::*;

    pub fn main() {
        let rows: Vec<Tensor<Rank1<4>>> = vec![Tensor::ones(), Tensor::zeros()];
        let rows = <[_; 2]>::try_from(rows).expect("2 rows");
        println!("{}", rows.stack::<0>());
    }
}

/// A mask is converted before it is multiplied.
mod a_mask_is_converted_before_it_is_multiplied {
    use typegrad::prelude::*;

    pub fn main() {
        let x = Tensor::<Rank1<4>>::ones();
        let y = x.gt(0.5).to::<f32>() * x;
        println!("{y}");
    }
}

/// A buffer is an operand as its value.
mod a_buffer_is_an_operand_as_its_value {
    use typegrad::prelude::*;

    pub fn main() {
        let mean = Buffer::new(Tensor::<Rank1<8>>::ones());
        let x = Tensor::<Rank2<4, 8>>::ones();
        println!("{}", x - mean.value());
    }
}

/// A buffer has operators and rows as its value.
mod the_value_of_a_buffer_has_operators {
    use typegrad::prelude::*;

    pub fn main() {
        let mean = Buffer::new(Tensor::<Rank1<8>>::zeros());
        let x = Tensor::<Rank1<8>>::ones();
        mean.set(mean.value() * 0.9 + x * 0.1);
        println!("{} {}", mean.value(), mean.value() == Tensor::ones());
        // a_row_of_a_buffer_is_one_of_its_value
        let table = Buffer::new(Tensor::<Rank2<2, 3>>::ones());
        for (i, row) in table.value().unbind::<0>().into_iter().enumerate() {
            println!("{i} {row} {}", table.value().select::<0>(i));
        }
    }
}

/// The tensor comes first, and then the mask.
mod the_mask_of_where_comes_second {
    use typegrad::prelude::*;

    pub fn main() {
        let a = Tensor::<Rank2<2, 3>>::ones();
        let b = Tensor::<Rank2<2, 3>>::zeros();
        let mask = a.gt(0.5);
        let y: Tensor<Rank2<2, 3>> = a.where_(&mask, b);
        // the_mask_of_masked_fill_comes_first, the_selected_elements_have_no_shape
        println!("{} {}", y.masked_fill(&mask, 0.0), mask.count_nonzero());
    }
}

/// A parameter is tracked before it is an input.
mod a_parameter_is_tracked_before_it_is_an_input {
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<4, 1>::new(&mut Rng::seed(0));
        let x = Param::new(Tensor::<Rank2<8, 4>>::ones());
        net.train(x.track()).mean().backward();
    }
}

/// The closure of a shard returns its loss.
mod the_closure_of_a_shard_returns_its_loss {
    use typegrad::data::{Batch, Dataset};
    use typegrad::prelude::*;
    use typegrad::train::DataParallel;

    pub fn main() {
        let mut net = Linear::<4, 1>::new(&mut Rng::seed(0));
        let examples = vec![([1.0_f32; 4], [1.0_f32]); 16];
        for shards in examples.batches::<4>().shards::<2>().epoch(&mut Rng::seed(1)) {
            DataParallel::new(2).backward(&mut net, shards, |net, Batch { data: (x, y), .. }| {
                net.train(x).mse_loss(&y).backward()
            });
        }
    }
}

/// A parameter is tracked before a method.
mod a_parameter_is_tracked_before_a_method {
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<4, 1>::new(&mut Rng::seed(0));
        let penalty = net.weight.track().square().sum();
        penalty.backward();
    }
}

/// No method changes a parameter.
mod no_method_changes_a_parameter {
    use typegrad::prelude::*;

    pub fn main() {
        let mut net = Linear::<4, 1>::new(&mut Rng::seed(0));
        net.weight.set(net.weight.value().clone().clamp(-0.1, 0.1));
    }
}

/// The bias of a layer is part of its type.
mod the_bias_of_a_layer_is_part_of_its_type {
    use typegrad::prelude::*;

    pub fn main() {
        let net = NoBias::<Linear<4, 1>>::new(&mut Rng::seed(0));
        println!("{}", net.num_parameters());
    }
}

/// The padding of a layer is part of its type.
mod the_padding_of_a_layer_is_part_of_its_type {
    use typegrad::prelude::*;

    pub fn main() {
        let conv = Conv2d::<3, 8, 3, 1, 1>::new(&mut Rng::seed(0));
        println!("{}", conv.num_parameters());
    }
}

/// The number of layers is part of the type.
mod the_number_of_layers_is_part_of_the_type {
    use typegrad::prelude::*;

    pub fn main() {
        let lstm = Lstm::<3, 8, 2>::new(&mut Rng::seed(0));
        println!("{}", lstm.num_parameters());
    }
}

/// The batch is always first.
mod the_batch_is_always_first {
    use typegrad::prelude::*;

    pub fn main() {
        let lstm = Lstm::<3, 8>::new(&mut Rng::seed(0));
        println!("{}", lstm.num_parameters());
    }
}

/// Whether there is a weight is part of the type.
mod whether_there_is_a_weight_is_part_of_the_type {
    use typegrad::prelude::*;

    pub fn main() {
        let norm = NoAffine::<BatchNorm2d<3>>::new(&mut Rng::seed(0));
        println!("{}", norm.num_parameters());
    }
}

/// The order of examples is that of an epoch.
mod the_order_of_examples_is_that_of_an_epoch {
    use typegrad::data::{Batch, Dataset};
    use typegrad::prelude::*;

    pub fn main() {
        let loader = vec![([1.0_f32; 4], [1.0_f32]); 10].batches::<4>();
        for Batch { data: (x, _), .. } in loader.epoch(&mut Rng::seed(0)) {
            println!("{}", x.num_real_rows());
        }
    }
}

/// A smaller last batch is left out by full.
mod a_smaller_last_batch_is_left_out_by_full {
    use typegrad::data::Dataset;
    use typegrad::prelude::*;

    pub fn main() {
        let loader = vec![([1.0_f32; 4], [1.0_f32]); 10].batches::<4>();
        for batch in loader.in_order().full() {
            println!("{:?}", batch.rows);
        }
    }
}

/// A maximum with a number is a clamp.
mod a_maximum_with_a_number_is_a_clamp {
    use typegrad::prelude::*;

    pub fn main() {
        let x = Tensor::<Rank2<4, 3>>::ones();
        println!("{}", x.clamp_min(0.0));
    }
}

/// Several axes of a mean are one type.
mod several_axes_of_a_mean_are_one_type {
    use typegrad::prelude::*;

    pub fn main() {
        let x = Tensor::<Rank4<2, 3, 8, 8>>::ones();
        println!("{}", x.mean_axes::<Axes2<2, 3>>());
    }
}

/// Losses are not summed by an iterator.
mod losses_are_not_summed_by_an_iterator {
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<4, 1>::new(&mut Rng::seed(0));
        let mut total = net.train(Tensor::<Rank2<8, 4>>::ones()).mean().boxed();
        for _ in 1..4 {
            total = (total + net.train(Tensor::<Rank2<8, 4>>::ones()).mean()).boxed();
        }
        println!("{}", total.backward());
    }
}

/// An iterator is not collected into a tensor.
mod an_iterator_is_not_collected_into_a_tensor {
    use typegrad::prelude::*;

    pub fn main() {
        let x = Tensor::<Rank1<4>>::try_from((0..4_u8).map(f32::from).collect::<Vec<_>>()).expect("4 elements");
        println!("{x}");
    }
}

/// The share of equal labels is the accuracy.
mod the_share_of_equal_labels_is_the_accuracy {
    use typegrad::data::{Batch, Dataset};
    use typegrad::prelude::*;

    pub fn main() {
        let net = Linear::<2, 2>::new(&mut Rng::seed(0));
        for Batch { data: (x, y), .. } in vec![([1.0_f32, 2.0], 1_i64); 5].batches::<2>().in_order() {
            println!("{}", net.infer(x).argmax_axis::<-1>().accuracy(&y));
        }
    }
}

/// A vec of other elements.
mod a_vec_of_other_elements_is_converted {
    use typegrad::prelude::*;

    pub fn main() {
        let v: Vec<f64> = vec![1.0, 2.0];
        let v: Vec<f32> = v.iter().map(|x| *x as f32).collect();
        let x: Tensor<Rank1<2>> = v.try_into().expect("two elements");
        println!("{x}");
    }
}

/// A function that returns a loss.
mod a_function_returns_a_loss_with_its_graph {
    use typegrad::prelude::*;

    fn loss(net: &Linear<4, 1>, x: Tensor<Rank2<8, 4>>) -> Loss<impl Flow> {
        net.train(x).powi(2).mean()
    }

    fn step(loss: Loss<impl Flow>) -> f32 {
        loss.backward()
    }

    pub fn main() {
        println!("{}", step(loss(&Linear::new(&mut Rng::seed(0)), Tensor::ones())));
    }
}

/// The elements of inputs follow from forward.
mod the_elements_of_inputs_follow_from_forward {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(inputs = (Rank1<16>, Rank1<16>))]
    struct Ratings {
        user: Embedding<30, 8>,
        item: Embedding<20, 8>,
    }

    impl<const B: usize> Forward2<Rank1<B>, Rank1<B>, f32, i64, i64> for Ratings {
        type Output = Rank1<B>;
        fn forward2<M: Mode>(
            &self,
            user: Shared<Rank1<B>, M, i64>,
            item: Shared<Rank1<B>, M, i64>,
        ) -> impl Traced<Self::Output, M> {
            (self.user.call(user) * self.item.call(item)).sum_axis::<-1>()
        }
    }
}

/// A memory is an input of call with.
mod a_memory_is_an_input_of_call_with {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(input = Rank3<4, 2, 12>)]
    struct Net {
        attention: MultiheadAttention<12, 2>,
    }

    impl<const B: usize> Forward<Rank3<B, 2, 12>> for Net {
        type Output = Rank3<B, 2, 12>;
        fn forward<M: Mode>(&self, x: Input<Rank3<B, 2, 12>, M>) -> impl Traced<Self::Output, M> {
            let memory = Tensor::<Rank3<B, 5, 12>>::ones();
            self.attention.call_with(x, memory, Mask::none())
        }
    }
}

fn main() {}
