//! `einsum!("bij,bjk->bik", a, b)`: the letters are read here, the sizes are compared by the type checker.
//!
//! The expansion of `"ij,jk->ik"`, shortened:
//!
//! ```text
//! match (a, b) { (o0, o1) => {
//!     // `j` stands for two sizes: this trait is not implemented, and its message says so.
//!     trait same_j<D> {}
//!     impl<D> same_j<D> for D {}
//!     // The shapes: one dimension for each axis, and the result from them.
//!     trait Step<R> { type Output; }
//!     impl<I, J, J2: same_j<J>, K> Step<(J2, K)> for (I, J) { type Output = (I, K); }
//!     fn step<S: Step<R::Shape>, R: Operand>(b: R, a: Tensor<S>) -> Tensor<S::Output> {
//!         einsum_pair(a, b, ["ij", "jk", "ik"])
//!     }
//!     let context = einsum_context().and(&o0).and(&o1);
//!     step(o1, einsum_first(context, o0))
//! } }
//! ```

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, LitStr, Result, Token};

/// The largest rank of a tensor.
const AXES: usize = 6;

/// The equation and the operands, as they are written.
pub(crate) struct Input {
    equation: LitStr,
    operands: Vec<Expr>,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.is_empty() {
            return Err(input.error("write the equation and the operands: `einsum!(\"ij,jk->ik\", a, b)`"));
        }
        let equation: LitStr = input.parse().map_err(|error| {
            Error::new(error.span(), "the equation comes first, as a string: `einsum!(\"ij,jk->ik\", a, b)`")
        })?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        let operands = Punctuated::<Expr, Token![,]>::parse_terminated(input)?;
        Ok(Input { equation, operands: operands.into_iter().collect() })
    }
}

/// The equation: the letters of each operand, and of the result.
#[derive(Debug, PartialEq)]
struct Equation {
    operands: Vec<String>,
    output: String,
}

impl Equation {
    /// The letters of an equation, or what is wrong with it.
    fn parse(text: &str) -> std::result::Result<Self, String> {
        let text: String = text.chars().filter(|c| *c != ' ').collect();
        if text.is_empty() {
            return Err("the equation is empty: write a letter for each axis, such as \"ij,jk->ik\"".into());
        }
        if text.contains("...") {
            return Err("`...` is not supported: write a letter for each axis".into());
        }
        let (inputs, output) = match text.split_once("->") {
            Some((inputs, output)) => (inputs, Some(output)),
            None => (&*text, None),
        };
        let named = inputs.chars().filter(|c| *c != ',').chain(output.unwrap_or_default().chars());
        if let Some(wrong) = named.into_iter().find(|c| !c.is_ascii_alphabetic()) {
            return Err(format!("`{wrong}` is not a letter: axes are named by one letter each, a-z and A-Z"));
        }
        let operands: Vec<String> = inputs.split(',').map(String::from).collect();
        let output = match output {
            Some(output) => output.to_string(),
            None => implicit(inputs),
        };
        for (at, letter) in output.char_indices() {
            if !inputs.contains(letter) {
                return Err(format!("the letter `{letter}` of the result is in no operand"));
            }
            if output.find(letter) != Some(at) {
                return Err(format!("the letter `{letter}` is in the result twice"));
            }
        }
        for letters in operands.iter().chain([&output]) {
            if letters.len() > AXES {
                return Err(format!("`{letters}` has {} axes, a tensor has at most {AXES}", letters.len()));
            }
        }
        Ok(Equation { operands, output })
    }

    /// The letters of the product of the operands up to `last`: those that are still needed.
    fn product(&self, so_far: &str, last: usize) -> std::result::Result<String, String> {
        if last + 1 == self.operands.len() {
            return Ok(self.output.clone());
        }
        let needed = |letter| {
            self.output.contains(letter) || self.operands[last + 1..].iter().any(|o| o.contains(letter))
        };
        let mut letters = String::new();
        for letter in so_far.chars().chain(self.operands[last].chars()) {
            if needed(letter) && !letters.contains(letter) {
                letters.push(letter);
            }
        }
        if letters.len() > AXES {
            let of = self.operands[..=last].join(",");
            return Err(format!(
                "the product of the operands `{of}` has the {} axes `{letters}`, a tensor has at most {AXES}; \
                 operands are taken from the left: write them in another order",
                letters.len()
            ));
        }
        Ok(letters)
    }
}

/// The result where none is written: the letters that occur once, in alphabetical order, capitals first.
fn implicit(inputs: &str) -> String {
    let letters: BTreeSet<char> = inputs.chars().filter(|c| *c != ',').collect();
    letters.into_iter().filter(|letter| inputs.matches(*letter).count() == 1).collect()
}

/// The whole expansion.
pub(crate) fn expand(input: &Input) -> Result<TokenStream> {
    let wrong = |message: String| Error::new(input.equation.span(), message);
    let equation = Equation::parse(&input.equation.value()).map_err(wrong)?;
    let (named, given) = (equation.operands.len(), input.operands.len());
    if named != given {
        let s = |n: usize| if n == 1 { "" } else { "s" };
        return Err(wrong(format!(
            "the equation names {named} operand{}, but {given} {} given",
            s(named),
            if given == 1 { "is" } else { "are" }
        )));
    }

    let text = input.equation.value();
    let operands = &input.operands;
    let names: Vec<Ident> = (0..given).map(|i| format_ident!("__operand{i}")).collect();
    let same = same_traits(&equation, &text);
    // One place for all calls: rustc then finds a mistake in an argument and in the result at the same place, and
    // prints it once.
    let place = Span::call_site().located_at(input.equation.span());
    let first = Ident::new("__operand0", place);
    let known = Ident::new("__context", place);
    let context = names.iter().map(|name| Ident::new(&name.to_string(), place));
    let context = quote_spanned!(place=> ::typegrad::ops::einsum_context()#(.and(&#context))*);
    let mut steps = Vec::new();
    let mut so_far = equation.operands[0].clone();
    let mut value = quote_spanned!(place=> ::typegrad::ops::einsum_first(#known, #first));
    if given == 1 {
        let step = Step { at: 0, text: &text, left: &so_far, right: None, output: &equation.output };
        steps.push(step.items());
        value = step.call(&value, None, place);
    }
    for at in 1..given {
        let output = equation.product(&so_far, at).map_err(wrong)?;
        let step =
            Step { at, text: &text, left: &so_far, right: Some(&equation.operands[at]), output: &output };
        steps.push(step.items());
        value = step.call(&value, Some(at), place);
        so_far = output;
    }

    // The operands are evaluated outside of the block, where the items below cannot hide what they name.
    Ok(quote! {
        match (#(#operands,)*) {
            (#(#names,)*) => {
                #same
                #(#steps)*
                let #known = #context;
                #value
            }
        }
    })
}

/// For each letter that occurs more than once, a trait that says that two dimensions are one.
fn same_traits(equation: &Equation, text: &str) -> TokenStream {
    let all = equation.operands.concat();
    let letters: BTreeSet<char> = all.chars().filter(|letter| all.matches(*letter).count() > 1).collect();
    let one = |letter: char| {
        let name = same(letter);
        let message =
            format!("the letter `{letter}` of einsum \"{text}\" stands for `{{D}}` and for `{{Self}}`");
        quote! {
            #[diagnostic::on_unimplemented(message = #message, label = "in another operand or axis, this letter has another size; of computed sizes `x.with_shape()`")]
            #[allow(non_camel_case_types, reason = "it is named by the letter")]
            trait #name<D> {}
            impl<D> #name<D> for D {}
        }
    };
    letters.into_iter().map(one).collect()
}

fn same(letter: char) -> Ident {
    format_ident!("same_{letter}")
}

/// The product of what was computed so far and one more operand; or the sum of the one operand that there is.
struct Step<'a> {
    at: usize,
    text: &'a str,
    left: &'a str,
    right: Option<&'a str>,
    output: &'a str,
}

impl Step<'_> {
    /// The trait of the shapes, its only implementation, and the function.
    fn items(&self) -> TokenStream {
        let Step { at, text, left, right, output } = *self;
        let (shape, function) = (format_ident!("__Step{at}"), format_ident!("__step{at}"));

        let all: Vec<(char, Ident)> = left
            .chars()
            .chain(right.unwrap_or_default().chars())
            .enumerate()
            .map(|(i, letter)| (letter, format_ident!("D{i}")))
            .collect();
        let dim_of = |letter| all.iter().find(|(other, _)| *other == letter).map(|(_, dim)| dim);
        let dims: Vec<_> = all.iter().map(|(_, dim)| dim).collect();
        let (left_dims, right_dims) = dims.split_at(left.len());
        let output_dims: Vec<_> = output.chars().filter_map(dim_of).collect();
        let equal = all.iter().filter_map(|(letter, dim)| {
            let first = dim_of(*letter)?;
            let same = same(*letter);
            (first != dim).then(|| quote!(#dim: #same<#first>))
        });
        let equal: Vec<_> = equal.collect();
        let letters: BTreeSet<char> = all.iter().map(|(letter, _)| *letter).collect();
        let one = quote!(::typegrad::Const<1>);
        let products = letters.into_iter().filter_map(dim_of).fold(
            quote!(::typegrad::shape::Product<#one, #one>),
            |so_far, dim| quote!(::typegrad::shape::Product<#dim, ::typegrad::shape::Expr<#so_far>>),
        );
        let (products_type, products) = match right {
            Some(_) => (
                quote!(
                    type Products: ::typegrad::shape::DimExpr;
                ),
                quote!(type Products = #products;),
            ),
            None => Default::default(),
        };

        let axes = |letters: &str| match letters.len() {
            1 => format!("`{letters}` (1 axis)"),
            n => format!("`{letters}` ({n} axes)"),
        };
        let message = match right {
            Some(right) => format!(
                "the operands of einsum \"{text}\" are written {} and {}, but have the shapes `{{Self}}` and `{{R}}`",
                axes(left),
                axes(right)
            ),
            None => format!(
                "the operand of einsum \"{text}\" is written {}, but has the shape `{{Self}}`",
                axes(left)
            ),
        };
        let items = quote! {
            #[diagnostic::on_unimplemented(message = #message, label = "another number of axes than letters")]
            trait #shape<R>: ::typegrad::shape::Shape {
                type Output: ::typegrad::shape::Shape;
                #products_type
            }
            impl<#(#dims: ::typegrad::shape::Dim,)*> #shape<(#(#right_dims,)*)> for (#(#left_dims,)*)
            where
                #(#equal,)*
            {
                type Output = (#(#output_dims,)*);
                #products
            }
        };
        let function = match right {
            Some(right) => quote! {
                #[allow(clippy::type_complexity, reason = "the graph is a type")]
                fn #function<S, E, C, F, R>(
                    right: R,
                    left: ::typegrad::Tensor<S, E, ::typegrad::graph::Graph<C, F>>,
                ) -> ::typegrad::Tensor<
                    S::Output,
                    E,
                    ::typegrad::graph::Graph<
                        C::Or<R::Context>,
                        F::Join<S::Output, R::Shape, R::Flow, ::typegrad::ops::EinsumPairBackward<E, S::Products>>,
                    >,
                >
                where
                    S: #shape<R::Shape>,
                    E: ::typegrad::Float,
                    C: ::typegrad::graph::Context,
                    F: ::typegrad::graph::Flow<S, E>,
                    R: ::typegrad::ops::Operand<C, E>,
                {
                    ::typegrad::ops::einsum_pair(left, right, [#left, #right, #output])
                }
            },
            None => quote! {
                fn #function<S, E, C, F>(
                    x: ::typegrad::Tensor<S, E, ::typegrad::graph::Graph<C, F>>,
                ) -> ::typegrad::Tensor<
                    S::Output,
                    E,
                    ::typegrad::graph::Graph<C, F::Then<S::Output, ::typegrad::ops::EinsumBackward, ::typegrad::graph::Anything>>,
                >
                where
                    S: #shape<()>,
                    E: ::typegrad::Float,
                    C: ::typegrad::graph::Context,
                    F: ::typegrad::graph::Flow<S, E>,
                {
                    ::typegrad::ops::einsum_one(x, [#left, #output])
                }
            },
        };
        quote!(#items #function)
    }

    /// The right operand comes first: its shape is known before the trait is asked for it.
    fn call(&self, value: &TokenStream, operand: Option<usize>, place: Span) -> TokenStream {
        let function = Ident::new(&format!("__step{}", self.at), place);
        let operand = operand.map(|at| Ident::new(&format!("__operand{at}"), place));
        let operand = operand.map(|operand| quote_spanned!(place=> #operand,));
        quote_spanned!(place=> #function(#operand #value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(text: &str) -> String {
        Equation::parse(text).unwrap().output
    }

    /// Expected values: the axes of `torch.einsum`.
    #[test]
    fn the_result_that_is_not_written_is_alphabetical_with_capitals_first() {
        assert_eq!(output("ba"), "ab");
        assert_eq!(output("bi j , jk"), "bik");
        assert_eq!(output("aB,Bc,d"), "acd");
        assert_eq!(output("zA"), "Az");
        assert_eq!(output("ii"), "");
        assert_eq!(output("ij->"), "");
    }

    #[test]
    fn a_wrong_equation_is_explained() {
        let wrong = |text| Equation::parse(text).unwrap_err();
        assert!(wrong("").contains("empty"));
        assert!(wrong("ij->ik").contains("`k`"));
        assert!(wrong("ij->ii").contains("twice"));
        assert!(wrong("i1->i").contains("`1`"));
        assert!(wrong("i->j->k").contains("not a letter"));
        assert!(wrong("...i->i").contains("..."));
        assert!(wrong("abcdefg").contains("7 axes"));
    }

    #[test]
    fn an_intermediate_product_keeps_what_is_needed_later() {
        let equation = Equation::parse("ij,jk,kl->il").unwrap();
        assert_eq!(equation.product("ij", 1).unwrap(), "ik");
        assert_eq!(equation.product("ik", 2).unwrap(), "il");
        let wide = Equation::parse("abcd,efgh,abcdefgh->").unwrap_err();
        assert!(wide.contains("8 axes"));
        let wide = Equation::parse("abcd,efg,abcdef,g->a").unwrap();
        assert!(wide.product("abcd", 1).unwrap_err().contains("another order"));
    }
}
