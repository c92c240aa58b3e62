//! Tensors whose shapes are types, with an autograd that is checked by the compiler.

#![warn(missing_docs)]

// The derive macro names this crate, also inside of it.
extern crate self as typegrad;

#[forbid(unsafe_code)]
mod element;
#[forbid(unsafe_code)]
mod gradcheck;
#[forbid(unsafe_code)]
pub mod graph;
mod kernel;
#[forbid(unsafe_code)]
pub mod nn;
#[forbid(unsafe_code)]
pub mod ops;
#[forbid(unsafe_code)]
pub mod optim;
#[forbid(unsafe_code)]
mod rng;
#[forbid(unsafe_code)]
pub mod shape;
#[forbid(unsafe_code)]
mod storage;
#[forbid(unsafe_code)]
pub mod tensor;

pub use element::{Element, Float, InputOf, Numeric};
pub use gradcheck::{Checked, GradcheckError, Inputs, gradcheck};
pub use nn::Param;
pub use rng::Rng;
pub use shape::{Const, Rank0, Rank1, Rank2, Rank3, Rank4, Rank5, Rank6};
pub use tensor::Tensor;

/// Einstein summation: letters name the axes, and a letter that is not in the output is summed over. PyTorch's
/// `torch.einsum`, with the letters read when the program is compiled.
///
/// ```
/// use typegrad::einsum;
/// use typegrad::prelude::*;
/// let a = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
/// let x = Tensor::from([1.0, -1.0]);
/// assert_eq!(einsum!("ij,j->i", &a, &x), Tensor::from([-1.0, -1.0]));
/// assert_eq!(einsum!("ij->ji", &a), Tensor::from([[1.0, 3.0], [2.0, 4.0]]));
/// assert_eq!(einsum!("ii", &a).item(), 5.0);
/// assert_eq!(einsum!("i,ij,j", &x, &a, &x).item(), 0.0);
/// ```
pub use typegrad_derive::einsum;

/// What most programs use.
pub mod prelude {
    pub use crate::element::{Element, Float, Numeric};
    pub use crate::graph::Mode;
    pub use crate::nn::{Buffer, Forward, Init, Linear, Module, Param, Relu};
    pub use crate::ops::Join;
    pub use crate::optim::{Adam, Sgd};
    pub use crate::rng::Rng;
    pub use crate::shape::{Axes1, Axes2, Axes3, Axes4, Axes5, Axes6};
    pub use crate::shape::{Const, Dim, Rank0, Rank1, Rank2, Rank3, Rank4, Rank5, Rank6, Shape};
    pub use crate::tensor::{Input, Shared, Tensor, Traced};
}
