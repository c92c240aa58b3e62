//! The impl of `WithElements`: the same struct with elements of another type.
//!
//! Each type parameter `P` of the struct becomes `<P as WithElements<F>>::Converted`: `f64` for an element type, a layer of `f64`
//! for a layer. Each field must then be convertible to its type in that struct. All conditions are bounds that mention `F`, so a
//! struct that violates one compiles and does not implement the trait.

use std::collections::HashSet;

use proc_macro2::{Ident, Punct, Spacing, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{GenericParam, TypeParamBound};

use crate::attr::{Input, Role};
use crate::generics::Params;

pub(crate) fn derive(input: &Input) -> Option<TokenStream> {
    let ident = &input.original.ident;
    let generics = &input.original.generics;
    let params = Params::of(input.original);
    if input.fields.iter().any(|field| params.recursive(field.ty)) {
        return None;
    }
    let types: Vec<&Ident> = generics.type_params().map(|param| &param.ident).collect();
    let converted = |tokens: TokenStream| substitute(tokens, &types);

    let mut declared = Vec::new();
    let mut arguments = Vec::new();
    let mut bounds = Vec::new();
    for param in &generics.params {
        match param {
            GenericParam::Lifetime(param) => {
                declared.push(quote!(#param));
                arguments.push(param.lifetime.to_token_stream());
            }
            GenericParam::Const(param) => {
                let (name, ty) = (&param.ident, &param.ty);
                declared.push(quote!(const #name: #ty));
                arguments.push(name.to_token_stream());
            }
            GenericParam::Type(param) => {
                let (name, own) = (&param.ident, &param.bounds);
                declared.push(quote!(#name: #own));
                let output = output(name);
                arguments.push(output.clone());
                bounds.push(quote!(#name: ::typegrad::nn::WithElements<__F>));
                // `?Sized` stands only at the parameter itself; what it becomes has a size.
                let is_bound = |tokens: &TokenStream| !tokens.to_string().starts_with('?');
                let traits = own.iter().filter(|bound| matches!(bound, TypeParamBound::Trait(_)));
                let traits = traits.map(ToTokens::to_token_stream).filter(is_bound);
                let traits = traits.map(&converted).collect::<Option<Vec<_>>>()?;
                if !traits.is_empty() {
                    bounds.push(quote!(#output: #(#traits)+*));
                }
            }
        }
    }
    for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
        let tokens = predicate.to_token_stream();
        bounds.push(tokens.clone());
        bounds.push(converted(tokens)?);
    }
    let mut values = Vec::new();
    for field in &input.fields {
        let (ty, member) = (field.ty, &field.member);
        if matches!(field.role, Role::Skipped) && !params.bound(ty) {
            bounds.push(quote!(#ty: ::typegrad::nn::__Kept<__F>));
            values.push(quote!(#member: ::typegrad::nn::__Kept::<__F>::keep(&self.#member)));
        } else {
            let to = converted(ty.to_token_stream())?;
            // A bare type parameter has its bound already, and no condition on its converted type.
            if !types.iter().any(|param| quote!(#ty).to_string() == param.to_string()) {
                bounds.push(quote!(#ty: ::typegrad::nn::WithElements<__F, Converted = #to>));
            }
            values.push(quote!(#member: ::typegrad::nn::WithElements::<__F>::with_elements(&self.#member)));
        }
    }
    // Fields of one type have one bound, which rustc looks up for each use of the trait.
    let mut seen = HashSet::new();
    bounds.retain(|bound| seen.insert(bound.to_string()));
    let (_, ty_generics, _) = generics.split_for_impl();
    Some(quote! {
        #[automatically_derived]
        impl<#(#declared,)* __F: ::typegrad::Float> ::typegrad::nn::WithElements<__F> for #ident #ty_generics
        where
            #(#bounds,)*
        {
            type Converted = #ident<#(#arguments),*>;

            fn with_elements(&self) -> Self::Converted {
                #ident { #(#values),* }
            }
        }
    })
}

/// The converted type of a type parameter.
fn output(param: &Ident) -> TokenStream {
    quote!(<#param as ::typegrad::nn::WithElements<__F>>::Converted)
}

/// The tokens with each type parameter replaced by its converted type. None if one is followed by `::`, since its associated
/// types may be others after the conversion.
fn substitute(tokens: TokenStream, params: &[&Ident]) -> Option<TokenStream> {
    let mut out = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    let mut before = None::<char>;
    while let Some(token) = tokens.next() {
        let after = before.take();
        match token {
            // The name of a lifetime, and a name after `::`, are not type parameters.
            TokenTree::Ident(ident)
                if params.contains(&&ident) && after != Some('\'') && after != Some(':') =>
            {
                if matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if is_path(punct)) {
                    return None;
                }
                out.extend(output(&ident));
            }
            TokenTree::Group(group) => {
                let inner = substitute(group.stream(), params)?;
                out.extend([TokenTree::Group(proc_macro2::Group::new(group.delimiter(), inner))]);
            }
            TokenTree::Punct(punct) => {
                // The second mark of `::`; that of a bound, `T: Trait`, is single.
                let joint = after == Some('j') && punct.as_char() == ':';
                before = match punct.as_char() {
                    '\'' => Some('\''),
                    ':' if joint => Some(':'),
                    ':' if punct.spacing() == Spacing::Joint => Some('j'),
                    _ => None,
                };
                out.extend([TokenTree::Punct(punct)]);
            }
            other => out.extend([other]),
        }
    }
    Some(out)
}

/// Whether the tokens start with `::`.
fn is_path(punct: &Punct) -> bool {
    punct.as_char() == ':' && punct.spacing() == Spacing::Joint
}

#[cfg(test)]
mod tests {
    use super::*;
    use proc_macro2::Span;

    fn of(tokens: TokenStream) -> Option<String> {
        let ident = Ident::new("E", Span::call_site());
        substitute(tokens, &[&ident]).map(|tokens| tokens.to_string())
    }

    #[test]
    fn parameters_are_replaced_wherever_they_stand_for_a_type() {
        let output = output(&Ident::new("E", Span::call_site())).to_string();
        assert_eq!(
            of(quote!(Linear<2, 3, E>)).unwrap(),
            quote!(Linear<2, 3, X>).to_string().replace('X', &output)
        );
        assert_eq!(of(quote!((E, [E; 2]))).unwrap(), quote!((X, [X; 2])).to_string().replace('X', &output));
        assert_eq!(of(quote!(E: Float)).unwrap(), quote!(X: Float).to_string().replace('X', &output));
        assert_eq!(of(quote!(kind::E)).unwrap(), quote!(kind::E).to_string());
        assert_eq!(of(quote!(&'E u8)).unwrap(), quote!(&'E u8).to_string());
        assert_eq!(of(quote!(Vec<E::Item>)), None);
    }
}
