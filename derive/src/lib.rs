//! The macros of `typegrad`. Use them through `typegrad`, which re-exports them.
//!
//! The modules in the order of an expansion: `attr` turns the struct and its `#[module(...)]`
//! attributes into a plain description and collects every mistake, `generics` works out the bounds,
//! `expand`, `laws` and `elements` write the impls, and `fallback` replaces them after a mistake. `einsum` is independent of the others.

#![forbid(unsafe_code)]

mod attr;
mod einsum;
mod elements;
mod expand;
mod fallback;
mod generics;
mod laws;
mod shapes;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct a module: something with named parameters that can be visited, saved, loaded and
/// drawn at random.
///
/// ```text
/// #[derive(Module)]
/// struct Classifier {
///     fc1: Linear<784, 128>,
///     fc2: Linear<128, 10>,
///     #[module(skip, init = 0.1)]
///     dropout: f32,
/// }
///
/// // With the parameters fc1.weight, fc1.bias, fc2.weight and fc2.bias.
/// let model = Classifier::new(&mut rng);
/// ```
///
/// It is for structs with named fields, tuple structs and unit structs. The role of a field is its
/// type: a `Param`, a `Buffer`, or a module. A field of any other type does not compile without
/// `#[module(skip)]`; a `PhantomData` needs no attribute.
///
/// # What is implemented
///
/// - `Module`: visits the fields in the order they are declared. A field is named after itself,
///   `fc1` (a raw identifier without its `r#`), and in a tuple struct after its index, `0`.
/// - `Init`, the constructor `new(rng)`: draws the fields in the order they are declared from one
///   generator. A skipped field is `Default::default()`. `Init` is left out if a field is a `Param`
///   or a `Buffer` and has no `init`, because you choose their values: write your own `fn new`, with
///   any arguments.
/// - `WithElements`, which `net.to::<f64>()` calls: the conversion to the same struct with other elements, in every type
///   parameter that is an element type or a module. A skipped field is cloned. The impl has bounds, so a struct with a field
///   that cannot be converted compiles and lacks the method.
///
/// In a generic struct each field whose type mentions a type parameter becomes a bound, so
/// `struct Residual<M> { inner: M }` is a `Module` where `M: Module` and has `new` where `M: Init`.
///
/// # Attributes of a field
///
/// They may be combined, `#[module(skip, init = 3)]`.
///
/// | attribute | meaning |
/// |---|---|
/// | `skip` | not visited, and `Default::default()` in `new`, or `init`, without which an `f32` or `f64` is an error: a field that holds no parameters |
/// | `init = EXPR` | the value in `new`; `rng` inside it is the generator, of type `&mut Rng` |
/// | `rename = "name"` | the name in the state dict, where it is not the name of the field |
/// | `unused` | `forward` may leave the field out, see `input` and `inputs` |
///
/// ```text
/// #[derive(Module)]
/// struct Affine {
///     #[module(init = Param::ones())]
///     weight: Param<(C,)>,
///     #[module(rename = "bias", init = Param::zeros())]
///     shift: Param<(C,)>,
/// }
/// ```
///
/// # Attributes of the struct
///
/// | attribute | meaning |
/// |---|---|
/// | `no_init` | no impl of `Init`: you write the constructor |
/// | `input = SHAPE` | the network is checked for an input of this shape when it is compiled, see `nn::check`; it may be repeated. `net.forward(x)` is then an error that names `train` and `infer`, before any method `forward` of your own |
/// | `inputs = (SHAPE, SHAPE)` | a network with two inputs is checked for both shapes, see `nn::check2`; it may be repeated |
/// | `loss = LOSS` | beside `input` or `inputs`: that this loss takes what the network computes is checked, too, see `nn::check_loss` |
#[proc_macro_derive(Module, attributes(module, __gives_scores, __law))]
pub fn derive_module(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::derive(&input).into()
}

/// Sums of products over named axes. PyTorch's `torch.einsum`.
///
/// Each axis of each operand is a letter. A letter that is not in the result is summed; one that occurs twice in
/// an operand takes its diagonal. Without `->`, the result has the letters that occur once, in alphabetical order.
///
/// - In: an equation, and as many operands as it names: tensors, `&Param`, references to constants. Out: a tensor
///   whose shape follows from the letters.
/// - A letter that stands for two sizes, an operand with another number of axes than letters, and an empty
///   equation do not compile.
/// - Three and more operands are multiplied in pairs from the left. `...` is not supported.
#[proc_macro]
pub fn einsum(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as einsum::Input);
    einsum::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}
