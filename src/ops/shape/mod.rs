//! Operations that move elements without changing them.

pub(crate) mod cat;
pub(crate) mod chunk;
pub(crate) mod circular_pad;
pub(crate) mod diag;
pub(crate) mod expand;
pub(crate) mod flatten;
pub(crate) mod flip;
pub(crate) mod meshgrid;
pub(crate) mod movedim;
pub(crate) mod pad;
pub(crate) mod permute;
pub(crate) mod reflect_pad;
pub(crate) mod repeat;
pub(crate) mod repeat_interleave;
pub(crate) mod replicate_pad;
pub(crate) mod reshape;
pub(crate) mod roll;
pub(crate) mod split;
pub(crate) mod squeeze;
pub(crate) mod stack;
pub(crate) mod tensors;
pub(crate) mod transpose;
pub(crate) mod tril;
pub(crate) mod unbind;
pub(crate) mod unsqueeze;
