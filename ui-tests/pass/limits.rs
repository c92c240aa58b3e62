// What docs/limits.md promises to build: 200 modules in a row, 100 operations in one expression, modules 16 deep.
use typegrad::prelude::*;

macro_rules! ten {
    ($layer:expr, $x:ident) => {
        let $x = $layer.call($x);
        let $x = $layer.call($x);
        let $x = $layer.call($x);
        let $x = $layer.call($x);
        let $x = $layer.call($x);
        let $x = $layer.call($x);
        let $x = $layer.call($x);
        let $x = $layer.call($x);
        let $x = $layer.call($x);
        let $x = $layer.call($x);
    };
}

#[derive(Module)]
struct Row {
    fc: Linear<2, 2>,
}

impl<const B: usize> Forward<Rank2<B, 2>> for Row {
    type Output = Rank2<B, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 2>, M>) -> impl Traced<Self::Output, M> {
        ten!(self.fc, x);
        ten!(self.fc, x);
        ten!(self.fc, x);
        ten!(self.fc, x);
        ten!(self.fc, x);
        ten!(self.fc, x);
        ten!(self.fc, x);
        ten!(self.fc, x);
        ten!(self.fc, x);
        ten!(self.fc, x);
        ten!(self.fc, x);
        ten!(self.fc, x);
        ten!(self.fc, x);
        ten!(self.fc, x);
        ten!(self.fc, x);
        ten!(self.fc, x);
        ten!(self.fc, x);
        ten!(self.fc, x);
        ten!(self.fc, x);
        ten!(self.fc, x);
        x
    }
}

macro_rules! ten_operations {
    ($x:expr) => {
        $x.relu().powi(1).relu().powi(1).relu().powi(1).relu().powi(1).relu().powi(1)
    };
}

#[derive(Module)]
struct Expression;

impl<const B: usize> Forward<Rank2<B, 2>> for Expression {
    type Output = Rank2<B, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 2>, M>) -> impl Traced<Self::Output, M> {
        let x = ten_operations!(ten_operations!(ten_operations!(ten_operations!(ten_operations!(x)))));
        ten_operations!(ten_operations!(ten_operations!(ten_operations!(ten_operations!(x)))))
    }
}

#[derive(Module)]
struct Wrap<L> {
    inner: L,
}

impl<S: Shape, L: Forward<S, Output = S>> Forward<S> for Wrap<L> {
    type Output = S;
    fn forward<M: Mode>(&self, x: Input<S, M>) -> impl Traced<S, M> {
        self.inner.call(x)
    }
}

type Four<L> = Wrap<Wrap<Wrap<Wrap<L>>>>;

fn main() {
    let rng = &mut Rng::seed(0);
    let net: (Row, Expression, Four<Four<Four<Linear<2, 2>>>>) = Init::new(rng);
    let loss = net.train(Tensor::<Rank2<3, 2>>::ones()).sum().backward();
    assert!(loss.is_finite() && net.0.fc.weight.grad().is_some());
    let deep: Four<Four<Four<Wrap<Wrap<Wrap<Linear<2, 2>>>>>>> = Init::new(rng);
    deep.train(Tensor::<Rank2<3, 2>>::ones()).sum().backward();
}
