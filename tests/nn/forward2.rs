//! Modules with two inputs.

use typegrad::gradcheck;
use typegrad::prelude::*;

/// y = tanh(x W + t v) x, which uses both inputs and x twice.
#[derive(Module)]
struct Two<E: Float> {
    of_x: Linear<3, 3, E>,
    of_t: Linear<1, 3, E>,
    drop: Dropout,
}

impl<const B: usize, E: Float> Forward2<Rank2<B, 3>, Rank2<B, 1>, E> for Two<E> {
    type Output = Rank2<B, 3>;
    fn forward2<M: Mode>(
        &self,
        x: Shared<Rank2<B, 3>, M, E>,
        t: Shared<Rank2<B, 1>, M, E>,
    ) -> impl Traced<Self::Output, M, E> {
        (self.of_x.call(x.clone()) + self.of_t.call(t)).tanh() * x
    }
}

/// One module in another, with the same tensor as both inputs.
#[derive(Module)]
struct Outer2 {
    first: Linear<3, 3, f64>,
    two: Two<f64>,
}

impl Forward<Rank2<4, 3>, f64> for Outer2 {
    type Output = Rank2<4, 3>;
    fn forward<M: Mode>(&self, x: Input<Rank2<4, 3>, M, f64>) -> impl Traced<Rank2<4, 3>, M, f64> {
        let x = self.first.call(x);
        x.shared(|x| self.two.call2(x.clone(), x.narrow::<1, 0, 1>()))
    }
}

#[test]
fn both_inputs_and_the_parameters_have_gradients() {
    let rng = &mut Rng::seed(0);
    let two = Two::<f64>::new(rng);
    let (x, t) = (Tensor::<Rank2<4, 3>, f64>::randn(rng), Tensor::<Rank2<4, 1>, f64>::randn(rng));
    gradcheck((x.clone(), t), |(x, t)| two.eval2(x, t).powi(2).sum()).unwrap();
    let outer = Outer2::new(rng);
    gradcheck(x, |x| outer.eval(x).powi(2).sum()).unwrap();
}

#[test]
fn parameters_train_where_the_inputs_are_constants() {
    let rng = &mut Rng::seed(0);
    let two = Two::<f32>::new(rng);
    let (x, t) = (Tensor::<Rank2<4, 3>>::randn(rng), Tensor::<Rank2<4, 1>>::randn(rng));
    let by_hand = (two.of_x.infer(x.clone()) + two.of_t.infer(t.clone())).tanh() * x.clone();
    assert_eq!(two.infer2(x.clone(), t.clone()), by_hand);
    assert_eq!(two.sample2(x.clone(), t.clone()), by_hand);
    two.train2(x, t).sum().backward();
    assert!(two.of_x.weight.grad().is_some() && two.of_t.weight.grad().is_some());
}

/// The second input is a constant that is made in `forward`, as it is or brought in.
#[derive(Module)]
struct AtOne {
    two: Two<f64>,
    attn: MultiheadAttention<4, 2, f64>,
    gru: Gru<4, 4, 1, false, f64>,
    #[module(skip)]
    bring: bool,
}

impl Forward<Rank2<4, 3>, f64> for AtOne {
    type Output = Rank3<1, 3, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank2<4, 3>, M, f64>) -> impl Traced<Self::Output, M, f64> {
        let t = Tensor::<Rank2<4, 1>, f64>::ones();
        let memory = Tensor::<Rank3<1, 2, 4>, f64>::ones();
        let state = Tensor::<Rank3<1, 1, 4>, f64>::ones();
        if self.bring {
            let y = self.two.call2(x, t.within::<M>()).reshape::<Rank3<1, 3, 4>>();
            let y = self.attn.call_with(y, memory.within::<M>(), Mask::none());
            self.gru.call_from(y, state.within::<M>()).0.boxed()
        } else {
            let y = self.two.call2(x, t).reshape::<Rank3<1, 3, 4>>();
            let y = self.attn.call_with(y, memory, Mask::none());
            self.gru.call_from(y, state).0.boxed()
        }
    }
}

#[test]
fn a_constant_second_input_need_not_be_brought_in() {
    let rng = &mut Rng::seed(0);
    let mut net = AtOne::new(rng);
    let x = Tensor::<Rank2<4, 3>, f64>::randn(rng);
    let mut runs = Vec::new();
    for bring in [false, true] {
        net.bring = bring;
        net.zero_grad();
        let y = net.eval(x.clone());
        let value = y.value();
        y.powi(2).sum().backward();
        let grads = (net.two.of_t.weight.grad(), net.attn.in_proj_weight.grad(), net.two.of_x.weight.grad());
        runs.push((value, grads));
    }
    assert_eq!(runs[0], runs[1]);
    assert!(runs[0].1.0.is_some() && runs[0].1.1.is_some() && runs[0].1.2.is_some());
    gradcheck(x, |x| net.eval(x).powi(2).sum()).unwrap();
}

#[test]
fn padded_batches_keep_their_rows() {
    let rng = &mut Rng::seed(0);
    let two = Two::<f32>::new(rng);
    let (x, t) = (Tensor::<Rank2<4, 3>>::randn(rng), Tensor::<Rank2<4, 1>>::randn(rng));
    let (px, pt) = (PaddedBatch::new(x.clone(), 2), PaddedBatch::new(t.clone(), 2));
    let y = two.infer2(px.clone(), pt.clone());
    assert_eq!((y.num_real_rows(), y.with_padding()), (2, two.infer2(x, t)));
    two.train2(px, pt).mean().backward();
}
