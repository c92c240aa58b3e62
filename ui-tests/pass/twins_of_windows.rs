// The corrected twins of laws of windows that differ by axis.
#![allow(dead_code, unused)]

/// A clip of one channel into a convolution of three.
mod a_volume_has_the_channels_of_the_layer {
    use typegrad::prelude::*;

    pub fn main() {
        let conv = RectConv3d::<1, 16, Window<1>, Window<3, 1, 1>, Window<3, 1, 1>>::new(&mut Rng::seed(0));
        let _ = conv.train(Tensor::<Rank5<2, 1, 4, 8, 8>>::ones());
    }
}

/// Two windows for three axes.
mod a_layer_of_volumes_has_three_windows {
    use typegrad::prelude::*;

    fn infer(_: &RectConv3d<3, 16, Window<1>, Window<1>, Window<3, 1, 1>>) {}

    pub fn main() {
        let x = Tensor::<Rank5<2, 3, 4, 8, 8>>::ones();
        let w = Tensor::<Rank5<16, 3, 1, 3, 3>>::ones();
        let _ = x.conv3d_rect::<Window<1>, Window<3>, Window<3>, 1, _>(&w);
    }
}

/// A kernel that is deeper than the volume, and pooling of one plane.
mod a_checked_volume_fits_the_windows {
    use typegrad::prelude::*;

    type Cube = RectConv3d<1, 4, Window<3, 1, 1>, Window<3, 1, 1>, Window<3, 1, 1>>;
    typegrad::check!((Cube, Relu), Rank5<2, 1, 2, 8, 8>);
    type Halves = RectMaxPool3d<Window<1>, Window<2, 2>, Window<2, 2>>;
    typegrad::check!((Conv3d<3, 4, 1>, Halves), Rank5<2, 3, 1, 8, 8>);
}

/// Groups that do not divide the channels.
mod groups_divide_the_channels_of_volumes {
    use typegrad::prelude::*;

    pub fn main() {
        let conv = RectConv3d::<3, 15, Window<1>, Window<3>, Window<3>, 3>::new(&mut Rng::seed(0));
        let _ = conv.infer(Tensor::<Rank5<2, 3, 4, 8, 8>>::ones());
    }
}

/// Windows in another order than the axes of the weight.
mod windows_have_the_size_of_the_kernel_of_volumes {
    use typegrad::prelude::*;

    #[derive(Module)]
    #[module(input = Rank5<2, 3, 4, 8, 8>)]
    struct Net {
        #[module(init = Param::new(Tensor::randn(rng)))]
        weight: Param<Rank5<16, 3, 1, 3, 3>>,
    }

    impl<const B: usize> Forward<Rank5<B, 3, 4, 8, 8>> for Net {
        type Output = Rank5<B, 16, 4, 8, 8>;
        fn forward<M: Mode>(&self, x: Input<Rank5<B, 3, 4, 8, 8>, M>) -> impl Traced<Self::Output, M> {
            x.conv3d_rect::<Window<1>, Window<3, 1, 1>, Window<3, 1, 1>, 1, _>(&self.weight).with_shape()
        }
    }
}

/// One image without channels, and columns of other windows.
mod columns_are_those_of_windows_by_axis {
    use typegrad::prelude::*;

    pub fn main() {
        let image = Tensor::<Rank2<8, 9>>::ones().reshape::<Rank4<1, 1, 8, 9>>();
        let _ = image.unfold_rect::<Window<1>, Window<7, 1, 3>>();
        let columns = Tensor::<Rank3<1, 9, 8>>::ones();
        let _ = columns.fold_rect::<4, 4, Window<1>, Window<3>>();
    }
}

fn main() {}
