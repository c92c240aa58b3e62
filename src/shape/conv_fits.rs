//! The requirements on the sizes of a convolution.

use super::{
    Conv1dShape, Conv2dShape, Conv3dShape, ConvTranspose1dShape, ConvTranspose2dShape, Law, Message,
    RectConv2dShape, RectConv3dShape, RectConvTranspose2dShape,
};
use std::marker::PhantomData;

/// Writes a law: a weight of shape `W` fits an input of shape `S`, as the trait of its shape says.
macro_rules! fits {
    ($($name:ident: $shape:ident [$($types:ident),*] [$($number:ident),*];)*) => { $(
        /// A weight of shape `W` fits an input of shape `S`.
        pub struct $name<W, S, $($types,)* $(const $number: usize),*>(PhantomData<fn() -> (W, S, $($types),*)>);

        impl<W, S, $($types,)* $(const $number: usize),*> Law for $name<W, S, $($types,)* $($number),*>
        where
            W: $shape<S, $($types,)* $($number),*>,
        {
            const WRONG: Option<Message> = W::WRONG;
        }
    )* };
}
fits! {
    Conv1dFits: Conv1dShape [O] [];
    Conv2dFits: Conv2dShape [O] [];
    RectConv2dFits: RectConv2dShape [WH, WW] [GROUPS];
    Conv3dFits: Conv3dShape [O] [];
    RectConv3dFits: RectConv3dShape [WD, WH, WW] [GROUPS];
    ConvTranspose1dFits: ConvTranspose1dShape [O] [];
    ConvTranspose2dFits: ConvTranspose2dShape [O] [];
    RectConvTranspose2dFits: RectConvTranspose2dShape [WH, WW] [GROUPS];
}
