// The corrected twins of laws of elements, of loops and of comparisons.
#![allow(dead_code, unused)]
use typegrad::data::{Batch, Dataset, TensorRows};
use typegrad::prelude::*;

// a_layer_in_an_array_has_new
#[derive(Module)]
struct Scale {
    #[module(init = Tensor::zeros().into())]
    gain: Param<Rank1<8>>,
}

#[derive(Module)]
struct Net {
    scales: [Scale; 3],
}

// a_parameter_on_the_left_is_borrowed
impl<const B: usize> Forward<Rank2<B, 8>> for Scale {
    type Output = Rank2<B, 8>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 8>, M>) -> impl Traced<Self::Output, M> {
        &self.gain * x
    }
}

// a_network_that_is_only_read_is_not_stepped
fn train(net: &mut Linear<3, 2>, x: Tensor<Rank2<4, 3>>, adam: &mut Adam) {
    net.train(x).mean().backward();
    adam.step(net);
}

/// A trait of the program with names that tensors have for an error.
trait Named: Sized {
    fn map(&self) -> f32;
    fn zip(self, other: f32) -> f32;
    fn count(&self) -> f32;
    fn into_iter(self) -> f32;
}

impl Named for Tensor<Rank1<2>> {
    fn map(&self) -> f32 {
        1.0
    }
    fn zip(self, other: f32) -> f32 {
        other
    }
    fn count(&self) -> f32 {
        2.0
    }
    fn into_iter(self) -> f32 {
        3.0
    }
}

/// A type of the program that becomes a tensor.
struct Image;

impl TryFrom<Image> for Tensor<Rank1<2>> {
    type Error = String;
    fn try_from(_: Image) -> Result<Self, String> {
        Ok(Tensor::zeros())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rng = &mut Rng::seed(0);

    // try_from_takes_the_elements_of_the_tensor
    let v: Vec<f64> = vec![1.0, 2.0];
    let x = Tensor::<Rank1<2>>::try_from(v.iter().map(|x| *x as f32).collect::<Vec<_>>())?;
    // a_vec_of_labels_has_integers_of_64_bits
    let labels: Vec<usize> = vec![0, 2];
    let labels: Tensor<Rank1<2>, i64> = Tensor::try_from(labels.iter().map(|x| *x as i64).collect::<Vec<_>>())?;
    println!("{}", Tensor::<Rank2<2, 3>>::ones().cross_entropy(&labels));
    // a_vec_is_borrowed_as_a_slice
    let v = Tensor::<Rank1<2>, f64>::try_from(&v[..])?;
    // The trait, types of the program, and what is inferred.
    let ours: [Tensor<Rank1<2>>; 2] = [Tensor::try_from(Image)?, Tensor::<Rank1<2>>::try_from(Image).unwrap()];
    let many: Result<Vec<Tensor<Rank1<2>>>, _> = [vec![1.0, 2.0]].into_iter().map(Tensor::try_from).collect();
    let x: Tensor<Rank1<2>> = vec![1.0, 2.0].try_into()?;
    let y = Tensor::<Rank1<2>, _>::try_from(vec![1_i64, 2])?;
    let z: Tensor<Rank2<1, 2>, i64> = Tensor::try_from([[1, 2]])?;

    // tensors_of_two_element_types_are_not_compared, tensors_of_two_shapes_are_not_compared_as_wholes
    assert_eq!(Tensor::<Rank2<2, 3>>::ones().argmax_axis::<-1>(), Tensor::<Rank1<2>>::zeros().long());
    assert!(x == Tensor::from([1.0, 2.0]) && Tensor::ones() != x);
    // floats_are_not_compared_with_an_integer
    assert!(Tensor::<Rank1<3>>::ones().mean() > 0.0 && Tensor::from([1, 2]).sum() == 3);
    // a_parameter_is_compared_by_its_value
    assert_eq!(Param::new(Tensor::<Rank1<3>>::ones()).value(), &Tensor::<Rank1<3>>::ones());

    // The tensor comes first, and then the mask.
    let mask = x.gt(1.5);
    assert_eq!(x.clone().where_(&mask, 0.0), Tensor::from([0.0, 2.0]));
    // A mask chooses among masks.
    assert_eq!(mask.clone().where_(&mask, true), Tensor::from([true, true]));
    assert_eq!(mask.r#where(Tensor::from([true, false]), Tensor::from([true, true])).to_vec(), [false, true]);

    // a_loop_is_over_parts_along_an_axis
    for row in Tensor::<Rank2<2, 3>>::ones().unbind::<0>() {
        println!("{row}");
    }
    // a_row_is_taken_along_an_axis
    for (i, row) in Tensor::<Rank2<2, 3>>::ones().unbind::<0>().into_iter().enumerate() {
        println!("{i} {row}");
    }
    // a_loop_over_a_weight_is_over_its_value
    for row in Linear::<4, 2>::new(rng).weight.value().as_slice().chunks(4) {
        println!("{row:?}");
    }
    // a_loop_over_a_batch_is_over_its_real_rows
    for Batch { data: (x, _), .. } in vec![([1.0_f32, 2.0], 1_i64); 50].batches::<8>().in_order() {
        for row in x.real_rows() {
            println!("{row:?}");
        }
    }
    // a_loop_over_rows_is_by_index
    let rows = TensorRows::from(Tensor::<Rank2<20, 8>>::ones());
    for i in 0..rows.len() {
        println!("{:?}", rows.row(i));
    }

    // a_tensor_has_no_closure_for_each_element
    println!("{}", x.clone() * 2.0);
    println!("{}", Tensor::<Rank1<2>>::from_fn(|i| x.as_slice()[i] * 2.0));
    println!("{} {} {} {}", x.map(), x.count(), x.clone().zip(2.0), x.clone().into_iter());
    // a_tensor_is_not_its_own_index
    println!("{}", x.clone().index_select::<0, _>(&Tensor::from([1, 0])));
    // elements_are_not_assigned_in_brackets
    let mut v = Tensor::<Rank2<2, 3>>::ones().to_vec();
    v[1] = 5.0;
    println!("{}", Tensor::<Rank2<2, 3>>::try_from(v)?);

    train(&mut Linear::new(rng), Tensor::ones(), &mut Adam::new(1e-3));
    println!("{}", Net::new(rng).num_parameters());
    Ok(())
}
