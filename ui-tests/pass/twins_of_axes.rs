// The corrected twins of laws of axes.
#![allow(dead_code, unused)]

/// softmax, a sum, cat, stack and squeeze without an axis.
mod the_axis_is_named {
    use typegrad::prelude::*;

    pub fn main() {
        println!("{}", Tensor::<Rank2<4, 10>>::zeros().softmax::<-1>());
        let w = Param::new(Tensor::<Rank2<4, 10>>::zeros());
        w.track().sum_axis::<0>().exp().sum().backward();
        let (x, y) = (Tensor::<Rank2<4, 10>>::zeros(), Tensor::<Rank2<2, 10>>::ones());
        println!("{}", (x, y).cat::<0>());
        let (x, y) = (Tensor::<Rank1<4>>::zeros(), Tensor::<Rank1<4>>::ones());
        println!("{}", [x, y].stack::<0>());
        println!("{}", Tensor::<Rank3<1, 4, 1>>::zeros().squeeze::<0>());
    }
}

/// Shapes with an axis in a generic function.
mod an_axis_of_a_generic_shape {
    use typegrad::prelude::*;
    use typegrad::shape::{Axis, Dim, InsertAxis, Shape};

    fn centered<S: Shape + Axis<-1>>(x: Tensor<S>) -> Tensor<<S as Axis<-1>>::Removed> {
        assert_eq!(<S as Axis<-1>>::OUTER * <<S as Axis<-1>>::Dim as Dim>::SIZE, S::NUMEL);
        x.softmax::<-1>().mean_axis::<-1>()
    }
    fn along<S: Axis<I>, const I: isize>(x: Tensor<S>) -> Tensor<S::Kept> {
        x.cumsum::<I>().max_keepdim::<I>()
    }
    fn row<S: InsertAxis<0>>(x: Tensor<S>) -> Tensor<S::Inserted<typegrad::Const<1>>> {
        x.unsqueeze::<0>()
    }

    pub fn main() {
        let x = Tensor::<Rank2<4, 10>>::zeros();
        println!("{} {} {}", centered(x.clone()), along::<_, 1>(x.clone()), row(x));
    }
}

fn main() {}
