//! The requirements on the parameters of types, such as that heads divide a width.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Type};

use crate::attr::{Field, Input, ends_in};
use crate::generics::{Params, is_free};

/// The requirement of a layer of this library itself, `#[__law(L)]` beside its struct.
fn own(input: &DeriveInput) -> Option<Type> {
    let mut laws = input.attrs.iter().filter(|attr| attr.path().is_ident("__law"));
    laws.find_map(|attr| attr.parse_args().ok())
}

/// The fields that may violate one.
fn fields<'a>(input: &'a Input) -> impl Iterator<Item = &'a Field<'a>> {
    let is_layer =
        |field: &&Field| !field.is_skipped() && !ends_in(field.ty, &["Param", "Buffer", "Generator"]);
    input.fields.iter().filter(is_layer)
}

/// The constant of `Module`: that of the struct, and those of its fields.
pub(crate) fn of_type(input: &Input) -> Option<TokenStream> {
    let params = Params::of(input.original);
    let own = own(input.original);
    if fields(input).any(|field| params.recursive(field.ty))
        || own.is_none() && fields(input).next().is_none()
    {
        return None;
    }
    let own = match own {
        Some(law) => quote!(::typegrad::nn::__TypeLaw::own(<#law as ::typegrad::Law>::BROKEN)),
        None => quote!(::typegrad::nn::__TypeLaw::MET),
    };
    let parts = fields(input).map(|field| {
        let ty = field.ty;
        let at_field = is_free(ty, input.original).then(|| quote!(.at_field()));
        quote_spanned!(ty.span()=> <#ty as ::typegrad::nn::Module>::TYPE_LAW #at_field)
    });
    Some(quote!(const TYPE_LAW: ::typegrad::nn::__TypeLaw = #own.with_parts(&[#(#parts),*]);))
}

/// The constant of `Init` and its assertion in `new`.
pub(crate) fn of_constructor(input: &DeriveInput) -> (Option<TokenStream>, Option<TokenStream>) {
    let own = own(input);
    let holds = own.as_ref().map(|law| quote!(const TYPE_HOLDS: () = <#law as ::typegrad::Law>::HOLDS;));
    (holds, own.map(|_| quote!(let () = <Self as ::typegrad::nn::Init>::TYPE_HOLDS;)))
}

/// A constant that asserts the requirements of each field whose type has no parameters, at this type. `cargo check` evaluates it.
pub(crate) fn at_fields(input: &Input) -> Option<TokenStream> {
    let free = fields(input).filter(|field| is_free(field.ty, input.original));
    let assertions: Vec<_> = free
        .map(|field| {
            let ty = field.ty;
            quote_spanned!(ty.span()=> <#ty as ::typegrad::nn::Module>::TYPE_LAW.assert();)
        })
        .collect();
    (!assertions.is_empty()).then(|| quote!(const _: () = { #(#assertions)* };))
}
