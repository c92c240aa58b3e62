//! The bounds of the impls: one for each field whose type mentions a type parameter.

use crate::attr::ends_in;
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{DeriveInput, Ident, Type, WhereClause, WherePredicate, parse_quote};

/// The names that decide whether the type of a field needs a bound.
pub(crate) struct Params<'a> {
    params: Vec<&'a Ident>,
    this: &'a Ident,
}

impl<'a> Params<'a> {
    pub(crate) fn of(input: &'a DeriveInput) -> Self {
        let params = input.generics.type_params().map(|param| &param.ident).collect();
        Params { params, this: &input.ident }
    }

    /// Whether a bound `ty: Trait` must be written. For a type without type parameters it is left
    /// to the body of the impl, where rustc checks it at the definition of the struct and not at
    /// each use. A type that mentions the struct itself would be its own condition.
    pub(crate) fn bound(&self, ty: &Type) -> bool {
        let is_param = |ident: &Ident| self.params.contains(&ident);
        mentions(ty.to_token_stream(), &is_param) && !self.recursive(ty)
    }

    /// Whether the type says by itself what it is: its impls do not depend on the bounds of ours.
    pub(crate) fn concrete(&self, ty: &Type) -> bool {
        !self.bound(ty) && !self.recursive(ty)
    }

    /// Whether the type mentions the struct itself.
    pub(crate) fn recursive(&self, ty: &Type) -> bool {
        mentions(ty.to_token_stream(), &|ident| ident == self.this || ident == "Self")
    }
}

/// Whether the type mentions neither a parameter of the struct nor the struct. A macro may write either.
pub(crate) fn is_free(ty: &Type, input: &DeriveInput) -> bool {
    if ty.to_token_stream().to_string().contains('!') {
        return false;
    }
    let lifetimes = input.generics.lifetimes().map(|param| &param.lifetime.ident);
    let types = input.generics.type_params().map(|param| &param.ident);
    let params: Vec<_> =
        types.chain(input.generics.const_params().map(|param| &param.ident)).chain(lifetimes).collect();
    !mentions(ty.to_token_stream(), &|ident| {
        params.contains(&ident) || *ident == input.ident || ident == "Self"
    })
}

/// Whether an identifier occurs anywhere in the tokens. A parameter can stand in a path, a tuple, an
/// `fn` pointer or the arguments of a macro; taking one name too many costs a bound that holds.
pub(crate) fn mentions(tokens: TokenStream, wanted: &dyn Fn(&Ident) -> bool) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => wanted(&ident),
        TokenTree::Group(group) => mentions(group.stream(), wanted),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// Why a field cannot be visited, for the types that are known not to be modules. In a struct without type parameters rustc
/// says it at the field; with them, each field is a bound, and rustc would report it where the struct is used.
pub(crate) fn without_a_role(ty: &Type, input: &DeriveInput) -> Option<&'static str> {
    if !Params::of(input).bound(ty) {
        None
    } else if ends_in(ty, &["Tensor"]) {
        Some(
            "a `Tensor` has no role in a module: write `Param<S, E>` (trained), `Buffer<S, E>` (saved, not trained) or \
             `#[module(skip)]`",
        )
    } else if ends_in(ty, &["Vec", "Option"]) {
        Some(
            "a `Vec` and an `Option` have no role in a module: write `[L; N]`, or the layer itself, or `#[module(skip)]`",
        )
    } else {
        None
    }
}

pub(crate) fn is_float(ty: &Type) -> bool {
    ends_in(ty, &["f32", "f64"])
}

/// Why a skipped number must have an `init`.
pub(crate) const NO_DEFAULT: &str = "a skipped number has no default: write its value, `#[module(skip, init = 0.1)]`, or mark \
                                     a struct that has a constructor of its own with `#[module(no_init)]`";

/// The where clause of the struct, extended by bounds in the order of the fields.
pub(crate) struct Bounds {
    predicates: Vec<WherePredicate>,
}

impl Bounds {
    pub(crate) fn of(input: &DeriveInput) -> Self {
        let own = input.generics.where_clause.iter();
        Bounds { predicates: own.flat_map(|clause| clause.predicates.iter().cloned()).collect() }
    }

    /// Adds `ty: bound` unless it is there: fields often share their type.
    pub(crate) fn push(&mut self, ty: &Type, bound: &TokenStream) {
        let predicate: WherePredicate = parse_quote!(#ty: #bound);
        let text = predicate.to_token_stream().to_string();
        if !self.predicates.iter().any(|known| quote!(#known).to_string() == text) {
            self.predicates.push(predicate);
        }
    }

    pub(crate) fn into_where_clause(self) -> Option<WhereClause> {
        let predicates = self.predicates;
        (!predicates.is_empty()).then(|| parse_quote!(where #(#predicates),*))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_type_that_mentions_a_type_parameter_gets_a_bound() {
        let input: DeriveInput = parse_quote! { struct S<'a, const N: usize, A: Tr, B>; };
        let params = Params::of(&input);
        let bound = |ty: Type| params.bound(&ty);
        assert!(bound(parse_quote!(A)));
        assert!(bound(parse_quote!([(u8, B); N])));
        assert!(bound(parse_quote!(Linear<N, A::Out>)));
        assert!(bound(parse_quote!(fn(&'a A) -> u8)));
        assert!(!bound(parse_quote!(Linear<N, N>)));
        assert!(!bound(parse_quote!(&'a f32)));
        assert!(!bound(parse_quote!(Option<Box<S<'a, N, A, B>>>)));
        assert!(params.concrete(&parse_quote!(Linear<N, N>)));
        assert!(!params.concrete(&parse_quote!(A)));
        assert!(!params.concrete(&parse_quote!(Option<Box<Self>>)));
    }
    #[test]
    fn a_tensor_of_a_type_parameter_has_no_role() {
        let input: DeriveInput = parse_quote! { struct S<E, L>; };
        let text = |ty: Type| without_a_role(&ty, &input).unwrap_or_default();
        assert!(text(parse_quote!(Tensor<(C,), E>)).starts_with("a `Tensor` has no role in a module"));
        assert!(text(parse_quote!(Vec<L>)).starts_with("a `Vec` and an `Option` have no role in a module"));
        assert!(text(parse_quote!(std::option::Option<L>)).starts_with("a `Vec` and an `Option`"));
        // These are for the compiler, which knows what `Tensor` is, and points at the field.
        assert_eq!(text(parse_quote!(Tensor<(C,)>)), "");
        assert_eq!(text(parse_quote!(Param<(C,), E>)), "");
    }
}
