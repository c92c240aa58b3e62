//! Tests of operations that need only the public interface.

mod adaptive_avg_pool;
mod add_channels;
mod affine_grid;
mod bincount;
mod conv_transpose;
mod gather;
mod index_select;
mod interpolate;
mod kthvalue;
mod lookup;
mod narrow;
mod norm;
mod one_hot;
mod pad;
mod pixel_shuffle;
mod scatter;
mod searchsorted;
mod slice;
mod sort;
mod take;
mod take_along;
mod topk;
mod unfold;
