// The programs that docs/limits.md promises to build: 200 modules in a row, 100 operations in one expression, modules 20 deep,
// generic wrappers 10 deep.
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

/// Each module runs the one before it.
macro_rules! nest {
    ($inner:ident) => {};
    ($inner:ident $outer:ident $($rest:ident)*) => {
        #[derive(Module)]
        struct $outer($inner);
        impl<const B: usize> Forward<Rank2<B, 2>> for $outer {
            type Output = Rank2<B, 2>;
            fn forward<M: Mode>(&self, x: Input<Rank2<B, 2>, M>) -> impl Traced<Self::Output, M> {
                self.0.call(x)
            }
        }
        nest!($outer $($rest)*);
    };
}
nest!(Row N1 N2 N3 N4 N5 N6 N7 N8 N9 N10 N11 N12 N13 N14 N15 N16 N17 N18 N19 N20);

#[derive(Module)]
struct Wrap<L>(L);

impl<S: Shape, L: Forward<S, Output = S>> Forward<S> for Wrap<L> {
    type Output = S;
    fn forward<M: Mode>(&self, x: Input<S, M>) -> impl Traced<S, M> {
        self.0.call(x)
    }
}

type Five<L> = Wrap<Wrap<Wrap<Wrap<Wrap<L>>>>>;

fn main() {
    let rng = &mut Rng::seed(0);
    let net: (N20, Expression) = Init::new(rng);
    let loss = net.train(Tensor::<Rank2<3, 2>>::ones()).sum().backward();
    assert!(loss.is_finite());
    let deep: Five<Five<Linear<2, 2>>> = Init::new(rng);
    deep.train(Tensor::<Rank2<3, 2>>::ones()).sum().backward();
}
