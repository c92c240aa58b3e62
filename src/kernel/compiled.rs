//! Kernels that are generic over the element type only, compiled in this crate.
//!
//! A generic function is compiled in each program that calls it, again after each change of the program, and without
//! optimization in a debug build. These are large enough for that to be a third of the build of a small network, or many
//! times slower then, so they are methods of the element types.

use super::attention::attention::{self, Attended, Gradients};
use super::attention::heads::Heads;
use super::attention::masks::{Kept, Masks};
use super::axis::axis::AxisLayout;
use super::conv::affine_grid::{self, Pixels};
use super::conv::interpolate::{self, Resampling};
use super::elementwise::{prelu, progression};
use super::index::embedding_bag::{self, Bags};
use super::index::{gather, scatter, select};
use super::loss::cross_entropy::{self, CrossEntropy};
use super::loss::{Reduce, multi_margin};
use super::matmul::{cross, kron};
use super::norm::layer_norm::{self, Moments, RowLayout};
use super::random::dropout;
use super::reduce::{histc, nansum, product, softmax};
use crate::storage::Storage;

macro_rules! compiled {
    (@for $trait:ident $t:ty, $E:ident: $($name:ident is $path:path, ($($arg:ident: $type:ty),*) -> $result:ty;)*) => {
        const _: () = {
            type $E = $t;
            impl $trait<$E> for $E {
                $(fn $name($($arg: $type),*) -> $result {
                    $path($($arg),*)
                })*
            }
        };
    };
    (@all $trait:ident [$($t:ident)*] $E:ident $list:tt) => {
        $(compiled!(@one $trait $t $E $list);)*
    };
    (@one $trait:ident $t:ident $E:ident [$($list:tt)*]) => {
        compiled!(@for $trait $t, $E: $($list)*);
    };
    ($(#[$doc:meta])* trait $trait:ident for $types:tt,
     $E:ident: $($name:ident is $path:path, ($($arg:ident: $type:ty),*) -> $result:ty;)*) => {
        $(#[$doc])*
        pub trait $trait<$E>: Sized {
            $(
                #[doc(hidden)]
                fn $name($($arg: $type),*) -> $result;
            )*
        }
        compiled!(@all $trait $types $E [$($name is $path, ($($arg: $type),*) -> $result;)*]);
    };
}

compiled! {
    /// Kernels for elements of any type, each with the documentation of the function that it is.
    trait CompiledElement for [f32 f64 i64 bool], E:
    taken is gather::gather, (x: &[E], along: AxisLayout, indices: &[i64]) -> Storage<E>;
    put is scatter::scatter, (x: Storage<E>, along: AxisLayout, indices: &[i64], src: &[E]) -> Storage<E>;
    put_back is scatter::scatter_back,
        (grad: Storage<E>, along: AxisLayout, indices: &[i64]) -> (Storage<E>, Storage<E>);
    rows_at is select::select, (x: &[E], along: AxisLayout, indices: &[i64]) -> Storage<E>;
}

compiled! {
    /// Kernels for elements that are numbers, each with the documentation of the function that it is.
    trait CompiledNumber for [f32 f64 i64], E:
    product_along is product::product, (x: &[E], along: AxisLayout) -> Storage<E>;
    product_along_back is product::product_backward, (x: Storage<E>, grad: &[E], along: AxisLayout) -> Storage<E>;
    cross_products is cross::cross, (a: &[E], b: &[E], inner: usize) -> Storage<E>;
    kron_of is kron::kron, (x: (&[E], &[usize]), y: (&[E], &[usize])) -> Storage<E>;
    kron_back is kron::kron_backward,
        (g: &[E], x: (&[E], &[usize]), y: (&[E], &[usize]), needs_grad: (bool, bool))
        -> (Option<Storage<E>>, Option<Storage<E>>);
}

compiled! {
    /// Kernels for elements that are floats, each with the documentation of the function that it is.
    trait Compiled for [f32 f64], E:
    softmax_along is softmax::softmax, (x: Storage<E>, along: AxisLayout) -> Storage<E>;
    softmax_along_back is softmax::softmax_backward,
        (grad: Storage<E>, y: &[E], along: AxisLayout) -> Storage<E>;
    log_softmax_along is softmax::log_softmax, (x: Storage<E>, along: AxisLayout) -> Storage<E>;
    log_softmax_along_back is softmax::log_softmax_backward,
        (grad: Storage<E>, y: &[E], along: AxisLayout) -> Storage<E>;
    cross_entropy_of_labels is cross_entropy::cross_entropy,
        (x: Storage<E>, labels: &[i64], along: AxisLayout, options: CrossEntropy<'_, E>, needs_grad: bool, reduce: Reduce)
        -> (Storage<E>, Option<Storage<E>>);
    lanes_without_nan is nansum::of_lanes, (x: &[E], size: usize, out: &mut [E]) -> ();
    multi_margin_of is multi_margin::multi_margin,
        (lane: &mut [E], label: usize, factors: [E; 2], square: bool, needs_grad: bool) -> E;
    layer_norm_of is layer_norm::layer_norm,
        (x: Storage<E>, weight: Option<&[E]>, bias: Option<&[E]>, rows: RowLayout, eps: f64)
        -> (Storage<E>, Moments);
    layer_norm_back is layer_norm::layer_norm_backward,
        (grad: Storage<E>, x: &[E], moments: &Moments, weight: Option<&[E]>, rows: RowLayout, needs_grad: (bool, bool))
        -> (Option<Storage<E>>, Option<Storage<E>>);
    attend is attention::forward,
        (sizes: Heads, operands: [&[E]; 3], masks: &Masks<E>, kept: Option<Kept<E>>, save: bool)
        -> (Storage<E>, Attended<E>);
    attend_back is attention::backward,
        (sizes: Heads, causal: bool, grad: &[E], operands: [&[E]; 3], attended: &Attended<E>, into: Gradients<'_, E>)
        -> ();
    prelu_of is prelu::prelu, (x: &Storage<E>, weight: &[E], inner: usize) -> Storage<E>;
    prelu_input_gradient is prelu::input_gradient,
        (grad: Storage<E>, x: &[E], weight: &[E], inner: usize) -> Storage<E>;
    prelu_weight_gradients is prelu::weight_gradients,
        (grad: Storage<E>, x: &[E], weight: &[E], inner: usize) -> Storage<E>;
    histogram_of is histc::histogram, (x: &[E], ends: [E; 2], bins: usize) -> Storage<E>;
    affine_grid_of is affine_grid::affine_grid, (maps: &[E], pixels: Pixels, len: usize) -> Storage<E>;
    affine_grid_back is affine_grid::affine_grid_backward, (grad: &[E], pixels: Pixels, len: usize) -> Storage<E>;
    resampled is interpolate::resample, (x: &[E], sizes: &Resampling) -> Storage<E>;
    resampled_back is interpolate::resample_gradient, (grad: &[E], sizes: &Resampling) -> Storage<E>;
    bags_of is embedding_bag::embedding_bag,
        (x: &[E], ids: &[i64], sizes: [usize; 3], mean_max: [bool; 2], padding_idx: Option<usize>)
        -> (Storage<E>, Bags<E>);
    bags_back is embedding_bag::embedding_bag_backward,
        (grad: &[E], bags: &Bags<E>, table: [usize; 2]) -> Storage<E>;
    equal_steps is progression::equal_steps, (start: E, end: E, to: &mut [E]) -> ();
    drop_out is dropout::apply, (x: Storage<E>, mask: &[u64], scale: E, inner: usize) -> Storage<E>;
    rows_back is select::select_back, (grad: &[E], along: AxisLayout, indices: &[i64]) -> Storage<E>;
}
