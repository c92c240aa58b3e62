//! The values and gradients of `lookup`.

use proptest::prelude::{ProptestConfig, proptest};
use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn ids_of_each_rank_are_looked_up() {
    let table = Tensor::<Rank1<6>>::arange().reshape::<Rank2<3, 2>>();
    assert_eq!(table.clone().lookup(&Tensor::from(1)), Tensor::from([2.0, 3.0]));
    let ids = Tensor::from([[[[2, 0]]]]);
    let y: Tensor<Rank5<1, 1, 1, 2, 2>> = table.lookup(&ids);
    assert_eq!(y.to_vec(), [4.0, 5.0, 0.0, 1.0]);
}

#[derive(Module)]
struct Embed {
    weight: Param<Rank2<4, 2>>,
}

impl<const B: usize> Forward<Rank1<B>, f32, i64> for Embed {
    type Output = Rank2<B, 2>;
    fn forward<M: Mode>(&self, ids: Input<Rank1<B>, M, i64>) -> impl Traced<Self::Output, M> {
        self.weight.traced::<M>().lookup(&ids)
    }
}

#[test]
fn ids_are_the_input_of_a_module() {
    let net = Embed { weight: Param::new(Tensor::ones()) };
    let ids = Tensor::from([3, 0, 3]);
    assert_eq!(net.infer(ids.clone()), Tensor::ones());
    net.train(ids).sum().backward();
    assert_eq!(net.weight.grad().unwrap().sum_axis::<1>(), Tensor::from([2.0, 0.0, 0.0, 4.0]));
}

#[test]
#[should_panic(expected = "lookup: index -1 at position [0, 0] is out of range for axis 0, which has size 4")]
fn a_negative_id_is_named() {
    let _ = Tensor::<Rank2<4, 2>>::ones().lookup(&Tensor::from([[-1]]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_gradient_agrees_with_differences(seed: u64, i in proptest::array::uniform5(0..3_i64)) {
        let table = Tensor::<Rank2<3, 2>, f64>::randn(&mut Rng::seed(seed));
        let ids = Tensor::<Rank2<5, 1>, i64>::from_fn(|k| i[k]);
        gradcheck(table, |t| t.lookup(&ids).powi(2).sum()).unwrap();
    }
}
