//! Tuples of layers, in sequence.

use super::{Forward, Init, Module, Name, Visitor, VisitorMut, WithElements};
use crate::element::{Element, Float};
use crate::graph::{Field, InputOf, Mode, ModuleParts};
use crate::module::NotCalled;
use crate::module::follower::{LayerSequence, unrecorded};
use crate::module::total_parameters;
use crate::rng::Rng;
use crate::shape::{Known, Laws, Shape, TypeLaw};
use crate::tensor::{Input, Traced};

macro_rules! impl_sequential {
    ($($layer:ident $index:tt)+) => {
        #[diagnostic::do_not_recommend]
        impl<$($layer: Module),+> Module for ($($layer,)+) {
            const NUM_PARAMETERS: Option<usize> = total_parameters(&[$($layer::NUM_PARAMETERS),+]);
            const PARTS: ModuleParts =
                ModuleParts::in_order(&[$(Field::new(stringify!($index), $layer::PARTS, $layer::NUM_PARAMETERS, false)),+]);
            const TYPE_LAW: TypeLaw = TypeLaw::MET.with_parts(&[$($layer::TYPE_LAW),+]);

            fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
                $(self.$index.visit_part(Name::Index($index), visitor);)+
            }
            fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, visitor: &mut V) {
                $(self.$index.visit_part_mut(Name::Index($index), visitor);)+
            }
        }

        impl<$($layer: WithElements<E>,)+ E: Float> WithElements<E> for ($($layer,)+) {
            type Converted = ($($layer::Converted,)+);
            fn with_elements(&self) -> Self::Converted {
                ($(self.$index.with_elements(),)+)
            }
        }

        impl<$($layer: Init),+> Init for ($($layer,)+) {
            const TYPE_HOLDS: () = {
                $(let () = $layer::TYPE_HOLDS;)+
            };
            fn new(rng: &mut Rng) -> Self {
                let () = Self::TYPE_HOLDS;
                ($($layer::new(rng),)+)
            }
        }

        impl<$($layer),+> NotCalled for ($($layer,)+) {}

        impl_sequential!(@forward [S] [I] [] [] [] [] [$($layer $index)+] $($layer)+);
    };
    // Chains the shapes: each layer takes the output of the one before.
    (@forward [$($shape:tt)+] [$input:ident] [$($bound:tt)*] [$($known:tt)*] [$($end:tt)*] [$([$($before:tt)+])*] [$($all:tt)+]
        $layer:ident $next:ident $($rest:ident)*) => {
        impl_sequential!(@forward [<$layer as Forward<$($shape)+, E, $input>>::Output] [E]
            [$($bound)* $layer: Forward<$($shape)+, E, $input>,]
            [$($known)* <<$layer as Forward<$($shape)+, E, $input>>::Output as Known>::Then<] [$($end)* >]
            [$([$($before)+])* [$layer as Forward<$($shape)+, E, $input>]] [$($all)+] $next $($rest)*);
    };
    (@forward [$($shape:tt)+] [$input:ident] [$($bound:tt)*] [$($known:tt)*] [$($end:tt)*] [$([$($before:tt)+])*]
        [$first:ident $zero:tt $($layer:ident $index:tt)*] $last:ident) => {
        impl<S, E, I, $first, $($layer),*> Forward<S, E, I> for ($first, $($layer,)*)
        where
            S: Shape,
            E: Element + InputOf<E>,
            I: InputOf<E>,
            $($bound)*
            $last: Forward<$($shape)+, E, $input>,
        {
            // Unknown, so that nothing more is reported, where a layer does not fit.
            type Output = $($known)* <$last as Forward<$($shape)+, E, $input>>::Output $($end)*;
            const LAWS: Laws = Laws::MET.of_parts()
                $(.and(<$($before)+>::LAWS))* .and(<$last as Forward<$($shape)+, E, $input>>::LAWS);
            #[track_caller]
            fn forward<Mo: Mode>(&self, x: Input<S, Mo, I>) -> impl Traced<Self::Output, Mo, E> {
                let sequence = &mut LayerSequence::new(
                    const { &[$(<$($before)+>::FOLLOWER,)* <$last as Forward<$($shape)+, E, $input>>::FOLLOWER] },
                );
                let numbers = |layer| match layer {
                    $zero => self.$zero.channel_numbers(),
                    $($index => self.$index.channel_numbers(),)*
                    _ => None,
                };
                let x = match sequence.start::<Mo, _, _, _, _, _>($zero, &self.$zero, &x, &numbers) {
                    None => self.$zero.call_fitting(x),
                    Some(y) => unrecorded::<Mo, _, _, _>(y),
                };
                $(let x = if sequence.is_done() {
                    unrecorded::<Mo, _, _, _>(x.data)
                } else {
                    match sequence.start::<Mo, _, _, _, _, _>($index, &self.$index, &x, &numbers) {
                        None => self.$index.call_fitting(x),
                        Some(y) => unrecorded::<Mo, _, _, _>(y),
                    }
                };)*
                x
            }
        }
    };
}

impl_sequential!(L0 0);
impl_sequential!(L0 0 L1 1);
impl_sequential!(L0 0 L1 1 L2 2);
impl_sequential!(L0 0 L1 1 L2 2 L3 3);
impl_sequential!(L0 0 L1 1 L2 2 L3 3 L4 4);
impl_sequential!(L0 0 L1 1 L2 2 L3 3 L4 4 L5 5);
impl_sequential!(L0 0 L1 1 L2 2 L3 3 L4 4 L5 5 L6 6);
impl_sequential!(L0 0 L1 1 L2 2 L3 3 L4 4 L5 5 L6 6 L7 7);
impl_sequential!(L0 0 L1 1 L2 2 L3 3 L4 4 L5 5 L6 6 L7 7 L8 8);
impl_sequential!(L0 0 L1 1 L2 2 L3 3 L4 4 L5 5 L6 6 L7 7 L8 8 L9 9);
impl_sequential!(L0 0 L1 1 L2 2 L3 3 L4 4 L5 5 L6 6 L7 7 L8 8 L9 9 L10 10);
impl_sequential!(L0 0 L1 1 L2 2 L3 3 L4 4 L5 5 L6 6 L7 7 L8 8 L9 9 L10 10 L11 11);

#[cfg(test)]
mod tests {
    use crate::module::{Follower, Following};
    use crate::nn::{AvgPool2d, NoAffine, NoBias, Visitor, VisitorMut};
    use crate::prelude::*;
    use crate::storage::Storage;
    use std::fmt::Debug;

    /// Inference, where layers are done together, is bit-identical to training, where each is computed separately.
    fn inference_is_as_training<S: Shape, N: Init + Forward<S, Output: Shape> + Debug>() {
        let rng = &mut Rng::seed(1);
        let (net, x) = (N::new(rng), Tensor::<S>::randn(rng));
        let y = net.train(x.clone()).detach();
        assert!(y.as_slice().iter().any(|y| *y != 0.0), "{net:?}");
        assert_eq!(net.infer(x.clone()), y, "{net:?}");
        assert_eq!(net.sample(x), y, "{net:?}");
    }

    #[test]
    fn layers_after_a_convolution_are_done_with_it() {
        type Images = Rank4<3, 2, 11, 12>;
        inference_is_as_training::<Images, (Conv2d<2, 16, 3>, Relu)>();
        inference_is_as_training::<Images, (Conv2d<2, 16, 3>, Relu, MaxPool2d<2>)>();
        inference_is_as_training::<Images, (Conv2d<2, 16, 3>, MaxPool2d<2>, Relu, Flatten)>();
        inference_is_as_training::<Images, (Relu, Conv2d<2, 5, 3, 1, 1>, MaxPool2d<2>)>();
        inference_is_as_training::<Images, (NoBias<Conv2d<2, 5, 3, 2>>, Relu, Relu, MaxPool2d<2>)>();
        inference_is_as_training::<Images, (Conv2d<2, 4, 3, 1, 1, 1, 2>, Relu, MaxPool2d<3>, Relu)>();
        inference_is_as_training::<Images, (Conv2d<2, 40, 1>, Relu, MaxPool2d<2>)>();
        inference_is_as_training::<Images, (Conv2d<2, 4, 3, 1, 1, 1, 2>, Relu6, MaxPool2d<2>, Relu)>();
        inference_is_as_training::<
            Images,
            (Conv2d<2, 20, 5>, Relu, MaxPool2d<2>, MaxPool2d<2>, Conv2d<20, 3, 1>),
        >();
        inference_is_as_training::<Images, ((Conv2d<2, 20, 5>, Relu), MaxPool2d<2, 1>, AvgPool2d<2>)>();
        inference_is_as_training::<Rank3<3, 2, 50>, (Conv1d<2, 6, 3>, Relu, Tanh)>();
    }

    /// Inference of a network with normalizations, after a step of training, is bit-identical to evaluation, where each layer is
    /// computed separately.
    fn inference_is_as_evaluation<S: Shape, N: Init + Forward<S, Output: Shape> + Debug>() {
        let rng = &mut Rng::seed(5);
        let (net, x) = (N::new(rng), Tensor::<S>::randn(rng));
        let trained = net.train(x.clone()).detach();
        let sampled = net.sample(x.clone());
        let y = net.eval(x.clone()).detach();
        assert!(y != trained && y.as_slice().iter().any(|y| *y != 0.0), "{net:?}");
        assert_eq!(sampled, trained, "{net:?}");
        assert_eq!(net.infer(x), y, "{net:?}");
    }

    #[test]
    fn a_normalization_after_a_convolution_is_done_with_it() {
        type Images = Rank4<3, 2, 11, 12>;
        inference_is_as_evaluation::<Images, (Conv2d<2, 16, 3>, BatchNorm2d<16>, Relu)>();
        inference_is_as_evaluation::<Images, (NoBias<Conv2d<2, 40, 3>>, BatchNorm2d<40>, Relu, MaxPool2d<2>)>(
        );
        inference_is_as_evaluation::<Images, (Conv2d<2, 40, 3, 1, 1>, NoAffine<BatchNorm2d<40>>, MaxPool2d<2>)>(
        );
        inference_is_as_evaluation::<Images, (Conv2d<2, 4, 3, 1, 1, 1, 2>, NoBias<BatchNorm2d<4>>, Tanh)>();
        inference_is_as_evaluation::<Images, (Conv2d<2, 6, 1>, BatchNorm2d<6>, Relu, Relu, BatchNorm2d<6>)>();
        inference_is_as_evaluation::<Images, (Conv2d<2, 6, 1>, Relu, BatchNorm2d<6>, BatchNorm2d<6>)>();
        inference_is_as_evaluation::<Images, (Conv2d<2, 6, 3>, Frozen<BatchNorm2d<6>>, BatchNorm2d<6>)>();
        inference_is_as_evaluation::<
            Images,
            (Frozen<Conv2d<2, 6, 3>>, Frozen<BatchNorm2d<6>>, Relu, BatchNorm2d<6>),
        >();
        inference_is_as_evaluation::<Images, (Conv2d<2, 2, 3, 1, 1, 1, 2>, BatchNorm2d<2>, Relu6)>();
        inference_is_as_evaluation::<Images, (Residual<(Conv2d<2, 2, 3, 1, 1>, BatchNorm2d<2>)>, Relu)>();
        inference_is_as_evaluation::<Rank3<3, 2, 50>, (Conv1d<2, 6, 3>, BatchNorm1d<6>, Relu)>();
        inference_is_as_evaluation::<Rank2<5, 7>, (Linear<7, 9>, BatchNorm1d<9>, Relu)>();

        let rng = &mut Rng::seed(6);
        let mut net = <(Conv2d<2, 3, 3>, BatchNorm2d<3>, MaxPool2d<2>)>::new(rng);
        net.1 = net.1.eps(0.5);
        net.1.weight = Param::new(Tensor::from([-1.5, 0.5, 2.0]));
        net.1.bias = Param::new(Tensor::from([0.3, -1.0, 0.1]));
        let x = Tensor::<Rank4<3, 2, 8, 8>>::randn(rng);
        let _ = net.train(x.clone());
        let y = net.2.infer(net.1.infer(net.0.infer(x.clone())));
        assert_eq!(net.infer(x), y);
    }

    #[test]
    fn relu_is_done_with_a_linear_layer() {
        inference_is_as_training::<Rank2<5, 7>, (Linear<7, 9>, Relu, Linear<9, 3>)>();
        inference_is_as_training::<Rank1<70>, (Linear<70, 90>, Relu, Relu, Linear<90, 3>, Tanh)>();
        inference_is_as_training::<Rank3<3, 7, 300>, (Linear<300, 129>, Relu, Linear<129, 65>, Relu)>();
        inference_is_as_training::<Rank2<5, 7>, (NoBias<Linear<7, 9>>, Relu)>();
        let (fc, x) = (Linear::<4, 3>::new(&mut Rng::seed(2)), [1.0; 8]);
        let done = |next: &[Option<Follower>]| {
            let next = Following::of(next, &|_| None);
            Forward::<Rank2<2, 4>>::infer_with(&fc, &x, next).map(|(y, done)| (y.len(), done))
        };
        assert_eq!(done(&[Some(Follower::Relu), Some(Follower::Relu)]), Some((6, 1)));
        assert_eq!(done(&[Some(Follower::Halve)]), None);
        assert_eq!(done(&[]), None);
    }

    #[test]
    fn a_convolution_says_how_many_layers_are_done_with_it() {
        let rng = &mut Rng::seed(2);
        let (conv, x) = (Conv2d::<1, 3, 3>::new(rng), Tensor::<Rank4<1, 1, 6, 6>>::randn(rng));
        let done = |next: &[Option<Follower>]| {
            let numbers = |_| Some([(); 3].map(|()| Storage::filled(3, 1.0)));
            let next = Following::of(next, &numbers);
            Forward::<Rank4<1, 1, 6, 6>>::infer_with(&conv, x.as_slice(), next).map(|(_, done)| done)
        };
        let [relu, halve, normalize] = [Follower::Relu, Follower::Halve, Follower::Normalize].map(Some);
        assert_eq!(done(&[relu, halve, None]), Some(2));
        assert_eq!(done(&[halve, relu, halve]), Some(2));
        assert_eq!(done(&[relu, None, halve]), Some(1));
        assert_eq!(done(&[None, relu]), None);
        assert_eq!(done(&[normalize, relu, halve]), Some(3));
        assert_eq!(done(&[relu, normalize]), Some(1));
        assert_eq!(done(&[normalize, normalize]), Some(1));
        assert_eq!(done(&[normalize, Some(Follower::Relu6), relu, halve]), Some(4));
    }

    /// A ReLU that in inference is done with the layer before it.
    struct Done;

    impl Module for Done {
        fn visit<'a, V: Visitor<'a>>(&'a self, _: &mut V) {}
        fn visit_mut<'a, V: VisitorMut<'a>>(&'a mut self, _: &mut V) {}
    }

    impl<S: Shape> Forward<S> for Done {
        type Output = S;
        const FOLLOWER: Option<Follower> = <Relu as Forward<S>>::FOLLOWER;
        fn forward<M: Mode>(&self, x: Input<S, M>) -> impl Traced<S, M> {
            assert!(M::TRAINING, "it is computed twice");
            x.relu()
        }
    }

    #[test]
    fn a_layer_that_is_done_is_not_computed() {
        let rng = &mut Rng::seed(3);
        let net = (Conv2d::<2, 5, 3>::new(rng), Done, MaxPool2d::<2>::new(rng));
        let x = Tensor::<Rank4<3, 2, 11, 12>>::randn(rng);
        assert_eq!(net.infer(x.clone()), net.train(x).detach());
        let net = (Linear::<7, 9>::new(rng), Done, Linear::<9, 3>::new(rng));
        let x = Tensor::<Rank2<5, 7>>::randn(rng);
        assert_eq!(net.infer(x.clone()), net.train(x).detach());
        type Images = Rank4<3, 2, 8, 8>;
        assert_eq!(<BatchNorm2d<2> as Forward<Images>>::FOLLOWER, Some(Follower::Normalize));
        assert_eq!(<BatchNorm1d<2> as Forward<Rank3<3, 2, 8>>>::FOLLOWER, Some(Follower::Normalize));
        assert_eq!(<BatchNorm1d<2> as Forward<Rank2<3, 2>>>::FOLLOWER, None);
        assert_eq!(<Frozen<BatchNorm2d<2>> as Forward<Images>>::FOLLOWER, Some(Follower::Normalize));
        assert_eq!(<MaxPool2d<2> as Forward<Images>>::FOLLOWER, Some(Follower::Halve));
        assert_eq!(<MaxPool2d<2, 1> as Forward<Images>>::FOLLOWER, None);
        assert_eq!(<Tanh as Forward<Images>>::FOLLOWER, None);
    }
}
