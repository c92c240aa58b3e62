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
    use typegrad::shape::{Axis, Dim, InsertAxis, Shape, Transpose};

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
    fn loss<S: Axis<I>, const I: isize>(x: Tensor<S>, labels: &Tensor<S::Removed, i64>) -> f32 {
        x.cross_entropy_axis::<I, _>(labels).item()
    }
    fn exchanged<S: Transpose<I, J>, const I: isize, const J: isize>(x: Tensor<S>) -> Tensor<S::Transposed> {
        x.transpose::<I, J>()
    }

    pub fn main() {
        let x = Tensor::<Rank2<4, 10>>::zeros();
        println!("{} {} {}", centered(x.clone()), along::<_, 1>(x.clone()), row(x.clone()));
        println!("{} {}", loss::<_, 1>(x.clone(), &Tensor::zeros()), exchanged::<_, 0, -1>(x));
    }
}

/// An empty batch into a network with a maximum over the batch.
mod a_checked_maximum_has_elements {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(input = Rank2<1, 4>)]
    struct Net {
        fc: Linear<4, 8>,
    }

    impl<const B: usize> Forward<Rank2<B, 4>> for Net {
        type Output = Rank1<8>;
        fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
            self.fc.call(x).max_axis::<0>()
        }
    }
}

/// where and lerp of maps of unequal sizes, and a field without a window.
mod a_checked_condition_fits {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(input = Rank4<2, 1, 8, 8>)]
    struct Net {
        small: RectConv2d<1, 2, Window<3>, Window<3>>,
        large: Conv2d<1, 2, 3>,
    }

    impl<const B: usize> Forward<Rank4<B, 1, 8, 8>> for Net {
        type Output = Rank4<B, 2, 6, 6>;
        fn forward<M: Mode>(&self, x: Input<Rank4<B, 1, 8, 8>, M>) -> impl Traced<Self::Output, M> {
            let small = self.small.call(x.clone());
            let mask = small.gt(0.0);
            self.large.call(x).lerp(small, 0.5).where_(mask, 0.0).with_shape()
        }
    }
}

/// lerp to the means of rows.
mod the_end_of_a_lerp_keeps_its_axis {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(input = Rank2<32, 64>)]
    struct Net {
        fc: Linear<64, 32>,
    }

    impl Forward<Rank2<32, 64>> for Net {
        type Output = Rank2<32, 32>;
        fn forward<M: Mode>(&self, x: Input<Rank2<32, 64>, M>) -> impl Traced<Self::Output, M> {
            let x = self.fc.call(x);
            x.shared(|x| x.clone().lerp(x.mean_keepdim::<-1>().expand(), 0.5))
        }
    }
}

/// A slice, a vector, a size, an axis, the transpose and the options of a convolution.
mod a_slice_has_no_shape {
    use typegrad::prelude::*;

    pub fn main() {
        let values = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let x = Tensor::<Rank2<2, 3>>::try_from(&values[..]).expect("six numbers");
        let y = Tensor::<Rank2<2, 3>>::try_from(values).expect("six numbers");
        let (eye, range) = (Tensor::<Rank2<3, 3>>::eye(), Tensor::<Rank1<10>, i64>::arange());
        println!("{} {eye} {range}", y.mean_axis::<-1>());
        let y: Tensor<Rank2<3, 2>> = x.clone().T();
        println!("{}", x.long());
        let (x, w) = (Tensor::<Rank4<2, 3, 8, 8>>::ones(), Tensor::<Rank4<4, 3, 3, 3>>::ones());
        println!("{y} {}", x.clone().conv2d::<Conv<1, 1>, _>(&w));
        for row in y.clone().unbind::<0>() {
            println!("{row} {}", y.clone().r#where(y.gt(0.0), 0.0));
        }
    }
}

/// A quotient by the norms of rows.
mod a_function_of_a_reduction_keeps_its_axis {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(input = Rank2<32, 64>)]
    struct Net {
        fc: Linear<64, 32>,
    }

    impl Forward<Rank2<32, 64>> for Net {
        type Output = Rank2<32, 32>;
        fn forward<M: Mode>(&self, x: Input<Rank2<32, 64>, M>) -> impl Traced<Self::Output, M> {
            let x = self.fc.call(x);
            x.shared(|x| x.clone() / (x.norm_keepdim::<-1>().sqrt() + 1e-6).expand())
        }
    }
}

/// A parameter of floats, and a state without its graph.
mod a_parameter_of_integers_is_reported_once {
    use typegrad::prelude::*;

    pub fn main() {
        let w = Param::new(Tensor::from([1.0, 2.0, 3.0]));
        w.track().sum().backward();
        println!("{:?}", w.grad());
        w.zero_grad();
        let rng = &mut Rng::seed(0);
        let cell = <(Linear<12, 8>, Tanh)>::new(rng);
        let mut h = Tensor::<Rank2<3, 8>>::zeros();
        for _ in 0..4 {
            let next = cell.train((Tensor::<Rank2<3, 4>>::randn(rng), h).cat::<1>());
            h = next.value();
        }
        println!("{h}");
    }
}

/// A transposed convolution that gives 28 x 28.
mod a_transposed_convolution_has_an_output_padding {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(input = Rank4<4, 1, 28, 28>)]
    struct Auto {
        down: Conv2d<1, 8, 3, 2>,
        up: ConvTranspose2d<8, 1, 3, 2, 0, 1>,
    }

    impl<const B: usize> Forward<Rank4<B, 1, 28, 28>> for Auto {
        type Output = Rank4<B, 1, 28, 28>;
        fn forward<M: Mode>(&self, x: Input<Rank4<B, 1, 28, 28>, M>) -> impl Traced<Self::Output, M> {
            self.up.call(self.down.call(x).relu()).with_shape()
        }
    }
}

fn main() {}
